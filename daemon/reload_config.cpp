#include "daemon/reload_config.hpp"

namespace gazetted {
namespace {

/// The server's limits and times, which each loop has a copy of; not where it listens and how many loops there are.
void take_limits(ServerConfig& running, const ServerConfig& wanted) {
    running.connections_max = wanted.connections_max;
    running.connections_per_address_max = wanted.connections_per_address_max;
    running.trusted_proxies = wanted.trusted_proxies;
    running.idle_timeout = wanted.idle_timeout;
    running.request_timeout = wanted.request_timeout;
    running.write_timeout = wanted.write_timeout;
    running.drain_timeout = wanted.drain_timeout;
}

}  // namespace

Reload plan_reload(const Config& running, const Config& wanted) {
    Reload plan{.running = running, .changed = {}, .needs_restart = {}};
    take_limits(plan.running.server, wanted.server);
    plan.running.polling = wanted.polling;
    plan.running.log.level = wanted.log.level;
    plan.changed = differing_keys(running, plan.running);
    plan.needs_restart = differing_keys(plan.running, wanted);
    return plan;
}

}  // namespace gazetted
