#pragma once

#include <filesystem>
#include <memory>
#include <string>

namespace gazetted {

/// A PostgreSQL of our own in one directory (`--data DIR`): made once with initdb, socket only, sized for a small machine,
/// crash-safe. As root it runs as a system user (PostgreSQL refuses root). Whoever started the server stops it; one that is
/// already running there is used as it is. Dies with the process that started it, also by kill -9.
class PrivatePostgres {
public:
    /// A command that uses the server keeps whoever started it from stopping it; the daemon does not, as it starts the server
    /// again by keep_running().
    enum class Purpose { command, daemon };

    /// Blocks until the server answers. The server dies with the thread that started it: call this and keep_running() on
    /// threads that live as long as the process. Throws std::runtime_error with one line that says what to do: no PostgreSQL
    /// installed, another major version's directory, not our directory, a full disk, no way for the system user to get there.
    explicit PrivatePostgres(std::filesystem::path directory, Purpose = Purpose::command);
    /// Stops the server if this object started it, after other commands that use it have ended; a daemon waits three seconds
    /// for them and no longer.
    ~PrivatePostgres();
    PrivatePostgres(const PrivatePostgres&) = delete;
    PrivatePostgres& operator=(const PrivatePostgres&) = delete;

    /// For libpq, for as long as this object lives.
    const std::string& database_url() const noexcept;
    /// Starts the server again where it died; called by the daemon's supervision, about once a second. Cheap while it runs.
    /// Throws as the constructor does; the next call tries again.
    void keep_running();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace gazetted
