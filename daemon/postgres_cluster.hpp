#pragma once

#include <sys/types.h>
#include <filesystem>
#include <string>
#include <vector>

namespace gazetted {

/// A PostgreSQL cluster in one directory: initdb, start, stop. Socket only; the socket lies in the data directory, which only
/// its owner and root can enter. As root the server runs as the directory's owner, for a new directory the system user
/// `gazetted`, else `postgres`. Errors are std::runtime_error with one line that says what to do.
class PostgresCluster {
public:
    /// `data_directory` is made by make(); its parent must exist. `log` is what the server and initdb write to.
    PostgresCluster(std::filesystem::path data_directory, std::filesystem::path log);
    ~PostgresCluster();
    PostgresCluster(const PostgresCluster&) = delete;
    PostgresCluster& operator=(const PostgresCluster&) = delete;

    /// initdb where there is no cluster yet. Under another name until it is complete: one that was killed half-way is made
    /// anew.
    void make();
    /// The process that serves the directory now, 0 for none. A stale postmaster.pid, or one whose number another program got,
    /// counts as none.
    pid_t running() const;
    /// Starts the server with `settings` (`name=value`) and waits until it answers. The server stops when the calling thread
    /// ends, however it ends. Returns the process, a child of ours.
    pid_t start(const std::vector<std::string>& settings);
    /// Waits until the server, whoever started it, answers; false when it ended instead.
    bool wait_until_it_answers();
    /// Stops a child of ours: open transactions are rolled back; after ten seconds without mercy.
    void stop(pid_t child);
    /// Whether a child of ours has ended; takes its exit status then.
    static bool has_ended(pid_t child);

    /// For libpq, for as long as this object lives: the superuser is `gazetted`, whatever the system user is called.
    std::string url(const std::string& database) const;
    /// CREATE DATABASE unless it exists.
    void make_database(const std::string& name);

private:
    struct Account {
        uid_t user = 0;
        gid_t group = 0;
        std::string name;
    };
    Account account() const;
    std::filesystem::path binary(const std::string& name) const;
    pid_t spawn(const std::filesystem::path& program, const std::vector<std::string>& arguments,
                const std::filesystem::path& working_directory) const;
    bool answers_before_it_ends(pid_t child);
    /// A socket's path holds 107 bytes; a longer one goes through a descriptor of ours.
    void shorten_socket_directory();
    std::string complaint_since(std::uintmax_t log_position) const;

    std::filesystem::path data_;
    std::filesystem::path log_;
    std::string socket_directory_;
    int directory_for_clients_ = -1;
};

}  // namespace gazetted
