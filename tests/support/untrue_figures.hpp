#pragma once

#include "tests/support/daemon_process.hpp"

#include <string>
#include <vector>

namespace gazetted {

/// What the tables say of themselves and is not so (what belongs where, in which order, counts, revisions), a line each; empty:
/// all of it is true.
std::string untrue_rows(const std::string& database_url);

/// The same of what a daemon at rest serves and counts: each target's bytes are those that its rows make now, the database is
/// there, and nobody waits. The daemon and `gazetted render` need the same base URL (GAZETTED_SITE_BASE_URL). Waits ten
/// seconds for it to become true.
std::string untrue_figures(const DaemonProcess&, const std::string& database_url, const std::vector<std::string>& targets);

/// Of `/metrics`; -1 where it is not there.
double metric(const DaemonProcess&, const std::string& name);

}  // namespace gazetted
