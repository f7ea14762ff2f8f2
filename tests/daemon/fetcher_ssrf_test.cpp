#include "daemon/fetcher.hpp"
#include "tests/support/recording_upstream.hpp"
#include "tests/support/shared_folder.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <regex>
#include <set>
#include <sstream>

namespace gazetted {
namespace {

using namespace std::chrono_literals;

// The cases speak of public addresses, which no test may contact: this one stands for them, and alone is open.
constexpr const char* public_address = "127.0.0.99";

struct Case {
    std::string id, url, verdict;
    std::vector<std::string> redirects;
    std::map<std::string, std::vector<std::vector<std::string>>> names;  ///< what each look-up gives; the last for ever
    std::set<std::string> silent_names;
};

std::vector<std::string> split(const std::string& text, char separator) {
    std::vector<std::string> parts;
    std::istringstream list(text);
    for (std::string part; std::getline(list, part, separator);) parts.push_back(part);
    return parts;
}

std::string shell_output(const std::string& command) {
    std::FILE* pipe = ::popen(command.c_str(), "r");
    std::string output;
    std::array<char, 65'536> bytes;
    while (const auto size = std::fread(bytes.data(), 1, bytes.size(), pipe)) output.append(bytes.data(), size);
    ::pclose(pipe);
    return output;
}

/// A line for each case, its parts behind a control character each: what URLs of the cases never hold.
constexpr const char* as_lines = R"jq(.cases[] | [.id, .verdict, .url,
    ((.redirects // []) | join("\u0002")),
    ((((.resolve // {}) | map_values([.])) + (.resolve_sequence // {})) | to_entries
        | map(.key + "\u0003" + (.value | map(join(",")) | join("\u0004"))) | join("\u0002")),
    ((.resolve_timeout // []) | join("\u0002"))] | join("\u0001") + "\u0005")jq";

std::vector<Case> read_cases(const std::filesystem::path& file) {
    std::vector<Case> cases;
    for (auto line : split(shell_output("jq -r '" + std::string(as_lines) + "' '" + file.string() + "'"), '\x05')) {
        if (line.starts_with('\n')) line.erase(0, 1);
        if (line.empty()) continue;
        auto parts = split(line, '\x01');
        parts.resize(6);
        Case one{.id = parts[0],
                 .url = parts[2],
                 .verdict = parts[1],
                 .redirects = split(parts[3], '\x02'),
                 .names = {},
                 .silent_names = {}};
        for (const auto& name : split(parts[4], '\x02')) {
            const auto bar = name.find('\x03');
            auto& lists = one.names[name.substr(0, bar)];
            for (const auto& list : split(name.substr(bar + 1), '\x04')) lists.push_back(split(list, ','));
            if (lists.empty()) lists.emplace_back();
        }
        for (const auto& name : split(parts[5], '\x02')) one.silent_names.insert(name);
        cases.push_back(std::move(one));
    }
    return cases;
}

bool is_open(const IpAddress& address) { return why_not_connect(address, 80, Reach::internet, {}).empty(); }

/// The names of one case, as they are looked up. A look-up that hangs outlives the case, so it shares this.
class Names {
public:
    Names(Case one, std::shared_future<void> end) : case_(std::move(one)), end_(std::move(end)) {}
    Result<std::vector<IpAddress>> look_up(const std::string& name) {
        if (case_.silent_names.contains(name)) end_.wait();
        std::vector<IpAddress> addresses;
        for (const auto& text : next(name)) {
            // This very machine: an address of its own, whatever that is.
            const auto address = parse_ip_address(text == "THIS_HOST" ? "127.0.1.1" : text).value();
            addresses.push_back(is_open(address) ? parse_ip_address(public_address).value() : address);
        }
        if (addresses.empty()) return Error{.message = "nobody knows it"};
        return addresses;
    }

private:
    std::vector<std::string> next(const std::string& name) {
        const std::lock_guard lock(mutex_);
        const auto found = std::find_if(case_.names.begin(), case_.names.end(), [&](const auto& entry) {
            return entry.first == name || (entry.first == "LOCALHOST" && name == "localhost");
        });
        if (found == case_.names.end()) return {};
        return found->second[std::min(asked_[name]++, found->second.size() - 1)];
    }
    const Case case_;
    const std::shared_future<void> end_;
    std::mutex mutex_;
    std::map<std::string, std::size_t> asked_;
};

/// How the case ends with everything in place but the Internet. The upstream stands for all of it, on a port of its own.
FetchResult fetch_case(const Case& one) {
    RecordingUpstream upstream(RecordingUpstream::Speech::plain, public_address);
    const auto with_port = [&](std::string url) {
        for (const char* host : {"http://ok.example/", "http://pub2.example/", "http://loop.example/"})
            if (url.starts_with(host)) url.insert(std::string_view(host).size() - 1, ":" + std::to_string(upstream.port()));
        return url;
    };
    upstream.answer_all([&](const UpstreamRequest& request) {
        if (request.number > one.redirects.size()) return UpstreamAnswer{.body = "feed"};
        return UpstreamAnswer{.status = 302, .fields = {{"Location", with_port(one.redirects[request.number - 1])}}};
    });
    std::promise<void> end;
    const auto names = std::make_shared<Names>(one, end.get_future().share());
    FetchResult result;
    {
        Fetcher fetcher({.limits = {.connect_timeout = 1s},
                         .outgoing = {.networks_allowed = {parse_network(public_address).value()}},
                         .look_up = [names](const std::string& name) { return names->look_up(name); }});
        std::size_t look_ups = 1;
        for (const auto& [name, lists] : one.names) look_ups = std::max(look_ups, lists.size());
        for (std::size_t i = 0; i < look_ups; ++i) {
            std::promise<FetchResult> promise;
            fetcher.start({.url = with_port(one.url)}, [&](FetchResult last) { promise.set_value(std::move(last)); });
            result = promise.get_future().get();
        }
    }
    end.set_value();
    return result;
}

/// Nothing is contacted: the decisions alone.
bool is_let_pass(const Case& one) {
    const auto address = parse_web_address(one.url);
    if (!address || !why_not_port(address->port, {}).empty()) return false;
    if (const auto literal = parse_ip_address(address->host)) return is_open(*literal);
    const auto& addresses = one.names.at(address->host).front();
    return std::all_of(addresses.begin(), addresses.end(), [](const auto& text) { return is_open(*parse_ip_address(text)); });
}

std::filesystem::path cases_file() { return shared_folder() / "ssrf/urls.json"; }

TEST(FetcherAndStrangers, RefusesAndLetsPassWhatEachSharedCaseSays) {
    if (!std::filesystem::exists(cases_file())) GTEST_SKIP() << cases_file() << " is missing";
    const auto cases = read_cases(cases_file());
    ASSERT_GE(cases.size(), 100U);
    for (const auto& one : cases) {
        if (one.verdict == "allow") {
            EXPECT_TRUE(is_let_pass(one)) << one.id << " " << one.url;
            continue;
        }
        ASSERT_EQ(one.verdict, "refuse") << one.id;
        const auto result = fetch_case(one);
        const std::set<FetchOutcome> refusals = {FetchOutcome::refused_url,    FetchOutcome::refused_address,
                                                 FetchOutcome::name_not_found, FetchOutcome::bad_redirect,
                                                 FetchOutcome::too_large,      FetchOutcome::timed_out};
        EXPECT_TRUE(refusals.contains(result.outcome))
            << one.id << " " << one.url << ": " << to_string(result.outcome) << " " << result.reason;
        EXPECT_FALSE(result.reason.empty()) << one.id;
    }
}

TEST(FetcherAndStrangers, NeverConnectsToAClosedAddress) {
    if (!std::filesystem::exists(cases_file())) GTEST_SKIP() << cases_file() << " is missing";
    const std::string trace = testing::TempDir() + "gazetted-connects-" + std::to_string(::getpid());
    if (::system(("strace -f --seccomp-bpf -o '" + trace + "' true 2>/dev/null").c_str()) != 0)
        GTEST_SKIP() << "strace is missing or may not trace";
    const std::string self = std::filesystem::read_symlink("/proc/self/exe");
    // LeakSanitizer cannot look at a traced process; the same tests are looked at untraced.
    const int status = ::system(("ASAN_OPTIONS=\"$ASAN_OPTIONS:detect_leaks=0\" strace -f --seccomp-bpf -e trace=connect -o '" +
                                 trace + "' '" + self + "' --gtest_filter=FetcherAndStrangers.Refuses* >/dev/null 2>&1")
                                    .c_str());
    EXPECT_EQ(status, 0);
    std::ifstream lines(trace);
    const std::regex target(R"re((?:inet_addr\(|inet_pton\(AF_INET6, )"([^"]+)")re");
    std::size_t connects = 0;
    for (std::string line; std::getline(lines, line);) {
        std::smatch found;
        if (!std::regex_search(line, found, target)) continue;
        EXPECT_EQ(found[1], public_address) << line;
        ++connects;
    }
    EXPECT_GE(connects, 10U) << "the redirects begin at the address that stands for the Internet";
    std::filesystem::remove(trace);
}

}  // namespace
}  // namespace gazetted
