#include "daemon/descriptor_limit.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <thread>

namespace gazetted {
namespace {

// Standard streams, signals, the journal, what libraries open, and a private PostgreSQL's control file.
constexpr std::size_t for_the_process = 48;
// epoll, two timers, the mailbox and one to spare.
constexpr std::size_t for_a_loop = 5;
// The connection, and the one that replaces it while it still closes.
constexpr std::size_t for_a_worker = 2;
// Beside a connection for each transfer, in use or kept: the poller's to the database, a wake-up's two ends, look-ups of names.
constexpr std::size_t for_polling = 20;

}  // namespace

std::size_t raise_descriptor_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) throw std::system_error(errno, std::generic_category(), "RLIMIT_NOFILE");
    const auto before = limit.rlim_cur;
    limit.rlim_cur = limit.rlim_max;
    // Some systems name a hard limit that they do not grant.
    if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) limit.rlim_cur = before;
    return limit.rlim_cur;
}

std::size_t descriptors_reserved(const Config& config) {
    const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
    const std::size_t loops = config.server.loops > 0 ? config.server.loops : cores;
    return for_the_process + loops * (for_a_loop + config.server.listen.size()) + config.database.workers * for_a_worker +
           for_polling + config.polling.transfers_max;
}

std::size_t connections_possible(const Config& config, std::size_t descriptors_max) {
    const auto reserved = descriptors_reserved(config);
    const auto left = descriptors_max > reserved ? descriptors_max - reserved : 1;
    return std::min(config.server.connections_max, left);
}

std::optional<std::string> descriptor_shortage(const Config& config, std::size_t descriptors_max) {
    const auto possible = connections_possible(config, descriptors_max);
    if (possible == config.server.connections_max) return std::nullopt;
    const auto wanted = config.server.connections_max + descriptors_reserved(config);
    return "server.connections_max = " + std::to_string(config.server.connections_max) + " wants " + std::to_string(wanted) +
           " descriptors and there are " + std::to_string(descriptors_max) + ", so it is " + std::to_string(possible) +
           ": raise LimitNOFILE= of the unit, or ulimit -Hn";
}

}  // namespace gazetted
