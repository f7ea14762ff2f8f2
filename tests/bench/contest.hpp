#pragma once

#include "tests/bench/peers.hpp"
#include "tests/bench/served_feed.hpp"

#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gazetted {

enum class WantedAnswer { not_modified, gzip, identity };
enum class Connecting { once, for_each_request };

/// The least that others' CPU time must be of ours; 0: none is set.
struct Targets {
    double limit;
    double nginx;
    double lighttpd;
};

/// One line of the table: many readers who ask the same.
struct ContestCase {
    std::string_view name;
    std::string_view title;
    WantedAnswer answer;
    std::size_t connections;
    Connecting connecting;
    Targets targets;
};
std::span<const ContestCase> contest_cases();

/// A server in the comparison.
struct Contestant {
    std::string name;
    unsigned short port;
    int pid;
    unsigned short etag_port = port;  ///< of the server that gives out the ETags it knows: the limit has those of ours
};

/// The least that is possible in one case: what ours answers, byte by byte, without a look at the request.
class Limit {
public:
    /// Writes the answer under `folder`; throws std::runtime_error where it does not start.
    Limit(const ContestCase&, const Contestant& ours, const std::filesystem::path& folder);
    Contestant contestant() const { return {"limit", port_, process_.pid(), ours_port_}; }

private:
    ChildProcess process_;
    unsigned short port_ = 0;
    unsigned short ours_port_;
};

/// Throws std::runtime_error unless the server sends these very bytes: the rounds look at status and length only.
void check_bytes(const Contestant&, const ServedFile&);

/// Microseconds of the server's CPU time for a request, by server, one value a round.
using Costs = std::map<std::string, std::vector<double>>;

/// A B C … C B A: what drifts on the machine meets all alike. Throws std::runtime_error at the first wrong answer.
Costs measure_contest(const ContestCase&, std::vector<Contestant> servers, const ServedFile&, int rounds, double seconds);

/// What wrk finds, which costs more for a small answer than a server does: so the server is not always busy.
struct WrkFinding {
    double requests_per_second;
    double cost_us;
};
/// One round with wrk in place of our load; throws std::runtime_error where it fails.
WrkFinding measure_with_wrk(const ContestCase&, const Contestant&, double seconds);

}  // namespace gazetted
