#include "daemon/schema_upkeep.hpp"

#include "daemon/log.hpp"
#include "daemon/migrate.hpp"
#include "daemon/store.hpp"

#include <exception>
#include <utility>

namespace gazetted {

using namespace std::chrono_literals;

SchemaUpkeep::SchemaUpkeep(std::string database_url, Events events)
    : database_url_(std::move(database_url)), events_(std::move(events)), thread_([this] { run(); }) {}

SchemaUpkeep::~SchemaUpkeep() {
    ending_.begin();
    interruption_.begin();
    thread_.join();
}

// False where the database is away.
bool SchemaUpkeep::attempt() {
    try {
        const MigrationReport report = migrate(database_url_, {}, &interruption_);
        for (const std::string& name : report.applied) log(LogLevel::info, "migrated", {{"migration", name}});
        return true;
    } catch (const StoreUnavailable& error) {
        if (!ending_.comes_within(0s)) events_.on_away(error.what());
        return false;
    }
}

void SchemaUpkeep::run() {
    bool is_current = false;
    try {
        is_current = attempt();
        first_attempt_.set_value(is_current);
    } catch (const std::exception&) {
        return first_attempt_.set_exception(std::current_exception());
    }
    try {
        while (!is_current && !ending_.comes_within(1s)) is_current = attempt();
    } catch (const std::exception& error) {
        events_.on_impossible(error.what());
    }
}

}  // namespace gazetted
