#pragma once

#include "daemon/config.hpp"

#include <string>
#include <vector>

namespace gazetted {

/// What SIGHUP does with a new configuration: what can change while the daemon runs does, the rest waits for a restart.
struct Reload {
    Config running;                          ///< from now on
    std::vector<std::string> changed;        ///< keys that took effect
    std::vector<std::string> needs_restart;  ///< keys whose new values did not
};
Reload plan_reload(const Config& running, const Config& wanted);

}  // namespace gazetted
