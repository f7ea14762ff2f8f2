#include "tests/bench/contest.hpp"

#include "tests/bench/measure.hpp"
#include "tests/support/daemon_process.hpp"
#include "tests/support/fake_site.hpp"
#include "tests/support/http_load.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <stdexcept>
#include <thread>

namespace gazetted {
namespace {

using namespace std::chrono_literals;
using enum WantedAnswer;

constexpr auto warm_up = 300ms;
constexpr Targets of_connecting = {1 / 1.05, 0, 0};

constexpr std::array<ContestCase, 7> cases = {{
    {"304", "304 to If-None-Match", not_modified, 64, Connecting::once, {0.90, 1.35, 1.20}},
    {"gzip", "20 KB gzip body", gzip, 64, Connecting::once, {0.92, 1.40, 1.35}},
    {"identity", "60 KB identity body", identity, 64, Connecting::once, {0.90, 1.30, 1.15}},
    {"1000-304", "1,000 connections, 304", not_modified, 1'000, Connecting::once, {0.95, 1.30, 0}},
    {"1000-gzip", "1,000 connections, gzip", gzip, 1'000, Connecting::once, {0.95, 1.30, 0}},
    {"new-304", "a new connection each, 304", not_modified, 64, Connecting::for_each_request, of_connecting},
    {"new-gzip", "a new connection each, gzip", gzip, 64, Connecting::for_each_request, of_connecting},
}};

std::string coding_line(WantedAnswer answer) {
    return answer == identity ? "Accept-Encoding: identity" : "Accept-Encoding: gzip, deflate";
}

/// The lines that a feed reader sends, beside Host and Connection.
std::vector<std::string> field_lines(const ContestCase& test, const Contestant& server) {
    std::vector<std::string> lines = {
        "User-Agent: SampleReader/2.4.1 (+https://reader.example/fetcher; 12 subscribers)",
        "Accept: application/atom+xml, application/rss+xml;q=0.9, application/xml;q=0.8, text/xml;q=0.7, */*;q=0.1",
        "Accept-Language: zh-CN,zh;q=0.9,en;q=0.5", coding_line(test.answer)};
    if (test.answer == not_modified)
        lines.push_back("If-None-Match: " +
                        http_get(server.etag_port, served_path, {coding_line(test.answer)}).fields.at("etag"));
    return lines;
}

/// About 360 bytes.
std::string request_for(const ContestCase& test, const Contestant& server) {
    std::string request = "GET " + served_path + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(server.port) + "\r\n";
    for (const std::string& line : field_lines(test, server)) request += line + "\r\n";
    return request + "Connection: " + (test.connecting == Connecting::once ? "keep-alive" : "close") + "\r\n\r\n";
}

std::size_t body_bytes(WantedAnswer answer, const ServedFile& file) {
    if (answer == not_modified) return 0;
    return answer == gzip ? file.gzip.size() : file.identity.size();
}

double cost_us(const ContestCase& test, const Contestant& server, const std::string& request, const ServedFile& file,
               double seconds) {
    HttpLoad load({.port = server.port,
                   .request = request,
                   .status = test.answer == not_modified ? 304 : 200,
                   .body_bytes = body_bytes(test.answer, file),
                   .connections = test.connections,
                   .is_new_each = test.connecting == Connecting::for_each_request});
    load.run(warm_up);
    const double before = tree_cpu_us(server.pid);
    const auto result = load.run(std::chrono::milliseconds(std::lround(seconds * 1e3)));
    const double spent = tree_cpu_us(server.pid) - before;
    if (result.wrong > 0 || result.answers == 0)
        throw std::runtime_error(server.name + ", " + std::string(test.title) + ": " + std::to_string(result.wrong) +
                                 " wrong answers, the first: " + result.first_wrong);
    return spent / static_cast<double>(result.answers);
}

std::vector<std::string> limit_command(const ContestCase& test, const std::filesystem::path& answer) {
    const bool keeps = test.connecting == Connecting::once;
    return {GAZETTED_BUILD_DIR "/limit_server", test.answer == not_modified ? "send" : "sendfile", keeps ? "keep" : "close",
            answer};
}

std::filesystem::path write_answer(const ContestCase& test, const Contestant& ours, const std::filesystem::path& path) {
    RawConnection connection(ours.port);
    connection.send(request_for(test, ours));
    std::ofstream(path, std::ios::binary) << connection.receive();
    return path;
}

}  // namespace

std::span<const ContestCase> contest_cases() { return cases; }

Limit::Limit(const ContestCase& test, const Contestant& ours, const std::filesystem::path& folder)
    : process_(limit_command(test, write_answer(test, ours, folder / ("limit-" + std::string(test.name)))),
               folder / ("limit-" + std::string(test.name) + ".log")),
      ours_port_(ours.port) {
    const auto log = folder / ("limit-" + std::string(test.name) + ".log");
    for (int tries = 0; tries < 100 && port_ == 0; ++tries) {
        std::this_thread::sleep_for(10ms);
        std::ifstream(log) >> port_;
    }
    if (port_ == 0) throw std::runtime_error("the limit does not listen");
}

void check_bytes(const Contestant& server, const ServedFile& file) {
    const auto packed = http_get(server.port, served_path, {coding_line(gzip)});
    const auto plain = http_get(server.port, served_path, {coding_line(identity)});
    const bool is_chunked = packed.fields.contains("transfer-encoding");  // http_get() leaves them as they are
    const auto coding = packed.fields.find("content-encoding");
    const bool is_gzip = coding != packed.fields.end() && coding->second == "gzip";
    if (packed.status != 200 || !is_gzip || (!is_chunked && packed.body != file.gzip))
        throw std::runtime_error(server.name + " does not send our gzip: " + std::to_string(packed.body.size()) + " bytes");
    if (plain.status != 200 || plain.body != file.identity)
        throw std::runtime_error(server.name + " does not send our bytes: " + std::to_string(plain.body.size()));
}

Costs measure_contest(const ContestCase& test, std::vector<Contestant> servers, const ServedFile& file, int rounds,
                      double seconds) {
    std::map<std::string, std::string> requests;
    for (const Contestant& server : servers) requests[server.name] = request_for(test, server);
    Costs costs;
    for (int round = 0; round < rounds; ++round) {
        for (const Contestant& server : servers)
            costs[server.name].push_back(cost_us(test, server, requests[server.name], file, seconds));
        std::reverse(servers.begin(), servers.end());
    }
    return costs;
}

WrkFinding measure_with_wrk(const ContestCase& test, const Contestant& server, double seconds) {
    std::vector<std::string> command = {"wrk", "-t1", "-c" + std::to_string(test.connections),
                                        "-d" + std::to_string(std::max(1L, std::lround(seconds))) + "s"};
    for (const std::string& line : field_lines(test, server)) command.insert(command.end(), {"-H", line});
    command.push_back("http://127.0.0.1:" + std::to_string(server.port) + served_path);
    const double before = tree_cpu_us(server.pid);
    const auto result = run_command(command);
    const double spent = tree_cpu_us(server.pid) - before;
    const auto requests = result.out.find(" requests in ");
    const auto rate = result.out.find("Requests/sec:");
    if (result.exit_status != 0 || requests == std::string::npos || rate == std::string::npos)
        throw std::runtime_error("wrk against " + server.name + " failed: " + result.out + result.err);
    const auto line = result.out.rfind('\n', requests);
    return {.requests_per_second = std::stod(result.out.substr(rate + 13)),
            .cost_us = spent / std::stod(result.out.substr(line))};
}

}  // namespace gazetted
