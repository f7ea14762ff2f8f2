#include "daemon/private_postgres.hpp"

#include "daemon/postgres_cluster.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>
#include <cerrno>
#include <chrono>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <utility>

namespace gazetted {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

namespace {

/// Small enough to stand beside other programs; `jit` costs more than any statement of ours.
const std::vector<std::string> settings = {
    "cluster_name=gazetted",
    "max_connections=50",
    "shared_buffers=64MB",
    "max_wal_size=512MB",
    "wal_level=minimal",
    "max_wal_senders=0",
    "jit=off",
    "log_timezone=UTC",
    "timezone=UTC",
    "log_line_prefix=%m [%p] %a ",
};
constexpr std::uintmax_t log_bytes_max = 10 << 20;

/// flock(2) on a file; gone with the object or the process.
class FileLock {
public:
    explicit FileLock(const fs::path& path) : file_(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640)) {
        if (file_ < 0) throw std::runtime_error("cannot open " + path.string() + ": " + std::generic_category().message(errno));
    }
    ~FileLock() { close(file_); }
    FileLock(const FileLock&) = delete;
    FileLock& operator=(const FileLock&) = delete;

    void share() { wait(LOCK_SH); }
    void own() { wait(LOCK_EX); }
    bool own_within(std::chrono::milliseconds patience) {
        const auto give_up = std::chrono::steady_clock::now() + patience;
        while (flock(file_, LOCK_EX | LOCK_NB) != 0) {
            if (std::chrono::steady_clock::now() > give_up) return false;
            std::this_thread::sleep_for(20ms);
        }
        return true;
    }

private:
    void wait(int mode) {
        while (flock(file_, mode) != 0 && errno == EINTR) {
        }
    }
    int file_;
};

fs::path made(fs::path directory) {
    directory = fs::absolute(directory);
    std::error_code error;
    fs::create_directories(directory, error);
    if (error || !fs::is_directory(directory)) {
        throw std::runtime_error("cannot make the directory " + directory.string() + ": " +
                                 (error ? error.message() : "a file is in the way"));
    }
    return directory;
}

void keep_log_short(const fs::path& log) {
    std::error_code missing;
    if (const auto bytes = fs::file_size(log, missing); !missing && bytes > log_bytes_max)
        fs::rename(log, log.string() + ".1", missing);
}

}  // namespace

struct PrivatePostgres::State {
    State(fs::path given, Purpose given_purpose)
        : directory(made(std::move(given))),
          purpose(given_purpose),
          commands(directory / "commands.lock"),
          cluster(directory / "postgres", directory / "postgres.log"),
          log(directory / "postgres.log") {}

    /// One process at a time looks and starts.
    void ensure_running() {
        FileLock starting(directory / "start.lock");
        starting.own();
        cluster.make();
        if (cluster.running() == 0 || !cluster.wait_until_it_answers()) {
            keep_log_short(log);
            child = cluster.start(settings);
        }
        cluster.make_database("gazetted");
        url = cluster.url("gazetted");
    }

    void stop() {
        if (child == 0 || PostgresCluster::has_ended(child)) return;
        if (purpose == Purpose::daemon) {
            commands.own_within(3s);
        } else {
            commands.own();
        }
        FileLock starting(directory / "start.lock");
        starting.own();
        cluster.stop(child);
    }

    fs::path directory;
    Purpose purpose;
    FileLock commands;
    PostgresCluster cluster;
    fs::path log;
    pid_t child = 0;  ///< 0: the server is another process's
    std::string url;
};

PrivatePostgres::PrivatePostgres(fs::path directory, Purpose purpose)
    : state_(std::make_unique<State>(std::move(directory), purpose)) {
    if (purpose == Purpose::command) state_->commands.share();
    state_->ensure_running();
}

PrivatePostgres::~PrivatePostgres() {
    try {
        state_->stop();
    } catch (const std::exception&) {
        // The server dies with this process all the same.
    }
}

const std::string& PrivatePostgres::database_url() const noexcept { return state_->url; }

void PrivatePostgres::keep_running() {
    if (state_->child != 0 && PostgresCluster::has_ended(state_->child)) state_->child = 0;
    if (state_->child == 0 && state_->cluster.running() == 0) state_->ensure_running();
}

}  // namespace gazetted
