#include "daemon/descriptor_limit.hpp"
#include "tests/bench/contest.hpp"
#include "tests/bench/measure.hpp"
#include "tests/support/daemon_process.hpp"
#include "tests/support/http_load.hpp"
#include "tests/support/test_database.hpp"

#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <memory>
#include <thread>

namespace gazetted {
namespace {

namespace fs = std::filesystem;

/// Under which everything is written, gone at the end.
class Folder {
public:
    Folder() : path_(make_private_directory()) {
        fs::permissions(path_, fs::perms(0755));  // peers may give up root's rights
    }
    ~Folder() { fs::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    const fs::path& path() const { return path_; }

private:
    const fs::path path_;
};

bool is_chosen(const std::vector<std::string>& chosen, std::string_view name) {
    return chosen.empty() || std::find(chosen.begin(), chosen.end(), name) != chosen.end();
}

std::string fixed(double value, int digits) {
    char text[32];
    std::snprintf(text, sizeof text, "%.*f", digits, value);
    return text;
}

double median(const std::vector<double>& values) { return percentile(values, 0.5); }

/// The share of all cores' time in which none was idle since boot, and all of it; in ticks.
struct MachineTime {
    double busy = 0;
    double all = 0;
};
MachineTime machine_time() {
    MachineTime time;
    std::string cpu;
    std::ifstream stat("/proc/stat");
    stat >> cpu;
    double ticks = 0;
    for (int column = 0; column < 8 && stat >> ticks; ++column) {
        constexpr int idle = 3, io_wait = 4;
        time.all += ticks;
        if (column != idle && column != io_wait) time.busy += ticks;
    }
    return time;
}

/// What other programs took of the machine meanwhile: figures of a busy machine are not worth quoting.
class OtherPrograms {
public:
    double share() const {
        const auto now = machine_time();
        const double per_tick = 1e6 / static_cast<double>(sysconf(_SC_CLK_TCK));
        const double ours = (tree_cpu_us(getpid()) - ours_) / per_tick;
        return std::max(0.0, (now.busy - begun_.busy - ours) / (now.all - begun_.all));
    }

private:
    const MachineTime begun_ = machine_time();
    const double ours_ = tree_cpu_us(getpid());
};

void print_head(const ServedFile& file, const SideBySide& how) {
    utsname machine{};
    uname(&machine);
    std::string line;
    std::string model = "unknown CPU";
    for (std::ifstream cpus("/proc/cpuinfo"); std::getline(cpus, line);)
        if (line.starts_with("model name")) model = line.substr(line.find(':') + 2);
    char date[32];
    const auto now = std::time(nullptr);
    std::strftime(date, sizeof date, "%Y-%m-%d %H:%M UTC", std::gmtime(&now));
    std::printf("Serving side by side, %s: %s, %ld cores, %s %s\n", date, model.c_str(), sysconf(_SC_NPROCESSORS_ONLN),
                machine.sysname, machine.release);
    std::printf(
        "One feed, %zu bytes and %zu in gzip; server and load on a core each; %d rounds of %.1f s a server, interleaved\n",
        file.identity.size(), file.gzip.size(), how.rounds, how.seconds);
}

void print_names(const char* title, const std::vector<Contestant>& servers) {
    std::printf("\n%s\n  %-28s %9s", title, "", "limit");
    for (const Contestant& server : servers) std::printf(" %9s", server.name.c_str());
    std::printf("\n");
}

/// `ratio` beside what it should be; 0 for none.
bool print_ratio(double ratio, double target) {
    const bool met = target == 0 || ratio >= target;
    if (target == 0)
        std::printf("  %5.2f %15s", ratio, "");
    else
        std::printf("  %5.2f >= %.2f %-6s", ratio, target, met ? "met" : "MISSED");
    return met;
}

bool print_ratios(const ContestCase& test, const Costs& costs) {
    const double ours = median(costs.at("gazetted"));
    std::printf("  %-28s", std::string(test.title).c_str());
    bool met = print_ratio(median(costs.at("limit")) / ours, test.targets.limit);
    for (const auto& [peer, target] : {std::pair("nginx", test.targets.nginx), std::pair("lighttpd", test.targets.lighttpd)}) {
        if (costs.contains(peer))
            met = print_ratio(median(costs.at(peer)) / ours, target) && met;
        else
            std::printf("  %21s", target > 0 ? "not here" : "");
    }
    std::printf("\n");
    return met;
}

/// How far the rounds of ours and of the limit lie apart, the largest share of all cases.
double spread(const Costs& costs) {
    double widest = 0;
    for (const char* name : {"gazetted", "limit"}) {
        const auto& values = costs.at(name);
        const auto [least, most] = std::minmax_element(values.begin(), values.end());
        widest = std::max(widest, (*most - *least) / median(values));
    }
    return widest;
}

struct Measured {
    ContestCase test;
    Costs costs;
};

/// The servers of one case: the limit, which answers nothing else, and all others.
class Field {
public:
    Field(const ContestCase& test, const std::vector<Contestant>& others, const fs::path& folder)
        : limit_(test, others.front(), folder) {
        servers.push_back(limit_.contestant());
        servers.insert(servers.end(), others.begin(), others.end());
    }
    std::vector<Contestant> servers;

private:
    Limit limit_;
};

void print_line(const ContestCase& test, const std::vector<std::string>& cells) {
    std::printf("  %-28s", std::string(test.title).c_str());
    for (const std::string& cell : cells) std::printf(" %9s", cell.c_str());
    std::printf("\n");
}

Measured measure_line(const ContestCase& test, const Field& field, const ServedFile& file, const SideBySide& how) {
    Measured line{test, measure_contest(test, field.servers, file, how.rounds, how.seconds)};
    std::vector<std::string> cells;
    for (const Contestant& server : field.servers) cells.push_back(fixed(median(line.costs.at(server.name)), 2));
    print_line(test, cells);
    return line;
}

/// wrk opens no connection for each request, and the first three cases tell enough.
bool is_asked_by_wrk(const ContestCase& test) { return test.connecting == Connecting::once && test.connections == 64; }

void print_line_by_wrk(const ContestCase& test, const Field& field, double seconds) {
    std::vector<std::string> cells;
    for (const Contestant& server : field.servers) {
        const auto found = measure_with_wrk(test, server, seconds);
        cells.push_back(fixed(found.cost_us, 1) + "/" + fixed(found.requests_per_second / 1e3, 0));
    }
    print_line(test, cells);
}

bool print_against_targets(const std::vector<Measured>& lines) {
    std::printf("\nTheir cost by ours, and at least\n  %-28s  %-21s  %-21s  %-21s\n", "", "limit", "nginx", "lighttpd");
    bool met = true;
    double widest = 0;
    for (const Measured& line : lines) {
        met = print_ratios(line.test, line.costs) && met;
        widest = std::max(widest, spread(line.costs));
    }
    std::printf("The rounds of one server, ours or the limit, lie apart by up to %.0f %%\n", 100 * widest);
    return met;
}

std::vector<RunningPeer> start_peers(const SideBySide& how, const ServedFile& file, unsigned short origin,
                                     const fs::path& folder) {
    write_document_root(file, folder);
    std::vector<RunningPeer> peers;
    for (const KnownPeer& peer : known_peers()) {
        if (!is_chosen(how.servers, peer.name)) continue;
        if (peer.is_installed)
            peers.push_back(start_peer(peer.name, file, origin, folder));
        else
            std::printf("%s is not installed and left out\n", peer.name.c_str());
    }
    return peers;
}

}  // namespace

std::vector<std::string> side_by_side_cases() {
    std::vector<std::string> names;
    for (const ContestCase& test : contest_cases()) names.emplace_back(test.name);
    return names;
}

bool measure_side_by_side(const SideBySide& how) {
    raise_descriptor_limit();
    const auto [server_core, load_core] = two_cores();
    const Folder folder;
    const TestDatabase database;
    fill_served_feed(database);
    const fs::path config = folder.path() / "gazetted.toml";
    std::ofstream(config) << "server.loops = 1\nserver.idle_timeout = \"1h\"\n";

    const OnCore server_side(server_core);
    const DaemonProcess daemon({"--config", config, "--database", database.url()});
    const ServedFile file = settled_file(daemon);
    const auto peers = start_peers(how, file, daemon.port(), folder.path());
    std::vector<Contestant> servers = {{"gazetted", daemon.port(), daemon.pid()}};
    for (const RunningPeer& peer : peers) servers.push_back({peer.name, peer.port, peer.process.pid()});
    for (const Contestant& server : servers) check_bytes(server, file);

    print_head(file, how);
    print_names("CPU time of the server for a request in us, medians", servers);
    const OtherPrograms others;
    std::vector<Measured> lines;
    for (const ContestCase& test : contest_cases()) {
        if (!is_chosen(how.only, test.name)) continue;
        const Field field(test, servers, folder.path());
        const OnCore load_side(load_core);
        lines.push_back(measure_line(test, field, file, how));
    }
    const bool met = print_against_targets(lines);
    std::printf("Other programs took %.1f %% of the machine meanwhile\n", 100 * others.share());

    if (!is_installed("wrk")) return met;
    print_names("With wrk as the load, often the slower side: the server's CPU in us, thousands of answers a second", servers);
    for (const Measured& line : lines) {
        if (!is_asked_by_wrk(line.test)) continue;
        const Field field(line.test, servers, folder.path());
        const OnCore load_side(load_core);
        print_line_by_wrk(line.test, field, how.seconds);
    }
    return met;
}

}  // namespace gazetted
