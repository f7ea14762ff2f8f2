#pragma once

#include "daemon/ending.hpp"
#include "daemon/interruption.hpp"

#include <functional>
#include <future>
#include <string>
#include <thread>

namespace gazetted {

/// Brings the schema up to date on a thread of its own: at once, and each second again while the database is away, so that
/// neither a server that says nothing nor a migration of many minutes keeps the daemon from hearing signals.
class SchemaUpkeep {
public:
    /// Called on its thread.
    struct Events {
        std::function<void(const std::string& reason)> on_away;        ///< after each attempt that found no database
        std::function<void(const std::string& reason)> on_impossible;  ///< waiting cannot help: there is no other attempt
    };
    SchemaUpkeep(std::string database_url, Events);
    ~SchemaUpkeep();  ///< a migration under way is given up; the server rolls it back
    SchemaUpkeep(const SchemaUpkeep&) = delete;
    SchemaUpkeep& operator=(const SchemaUpkeep&) = delete;

    /// What the first attempt comes to, once: true where the schema is current, false where the database is away; throws
    /// std::runtime_error where waiting cannot help.
    std::future<bool> first_attempt() { return first_attempt_.get_future(); }

private:
    bool attempt();
    void run();

    const std::string database_url_;
    const Events events_;
    Ending ending_;
    Interruption interruption_;
    std::promise<bool> first_attempt_;
    std::thread thread_;
};

}  // namespace gazetted
