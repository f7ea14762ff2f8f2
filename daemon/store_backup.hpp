#pragma once

#include <string>

namespace gazetted {

/// What a command that copies the whole database has to know first.
struct DatabaseFacts {
    int server_version = 0;   ///< the major one
    bool has_tables = false;  ///< of ours, all or some
};
/// Throws StoreUnavailable.
DatabaseFacts database_facts(const std::string& database_url);

/// After rows came in as a whole, without their triggers: statistics for the planner, and word to daemons that listen.
void announce_restored(const std::string& database_url);

}  // namespace gazetted
