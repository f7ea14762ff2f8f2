#include "tests/support/test_database.hpp"

#include "daemon/embedded.hpp"
#include "daemon/migrate.hpp"
#include "daemon/postgres_cluster.hpp"

#include <fcntl.h>
#include <libpq-fe.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <memory>
#include <stdexcept>
#include <thread>

namespace gazetted {

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

const fs::path folder = fs::path(GAZETTED_BUILD_DIR) / "test-postgres";

/// flock(2) on a file of the folder, held for as long as the object lives.
class Lock {
public:
    Lock(const std::string& name, int mode) : file_(open((folder / name).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666)) {
        while (flock(file_, mode) != 0 && errno == EINTR) {
        }
    }
    ~Lock() { close(file_); }
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;

private:
    int file_;
};

/// The life of the process that owns the server: starts it, and stops it when no test has held the lock `users` for ten
/// seconds.
[[noreturn]] void keep_server() {
    setsid();
    const int nothing = open("/dev/null", O_RDWR);
    for (const int standard : {0, 1, 2}) dup2(nothing, standard);
    close_range(3, ~0U, 0);
    try {
        PostgresCluster cluster(folder / "data", folder / "log");
        const pid_t server =
            cluster.start({"fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_connections=200",
                           "shared_buffers=64MB", "max_wal_size=4GB", "autovacuum=off", "log_min_messages=fatal"});
        const int users = open((folder / "users").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
        for (int idle_seconds = 0; !PostgresCluster::has_ended(server);) {
            std::this_thread::sleep_for(1s);
            // With the lock a test begins only before this check or after the server is gone.
            const Lock starting("starting", LOCK_EX);
            const bool is_idle = flock(users, LOCK_EX | LOCK_NB) == 0;
            idle_seconds = is_idle ? idle_seconds + 1 : 0;
            if (idle_seconds == 10) {
                cluster.stop(server);
                break;
            }
            if (is_idle) flock(users, LOCK_UN);
        }
    } catch (...) {
        _exit(1);
    }
    _exit(0);
}

void start_server(PostgresCluster& cluster) {
    cluster.make();
    const pid_t child = fork();
    if (child == 0) {
        if (fork() == 0) keep_server();
        _exit(0);
    }
    waitpid(child, nullptr, 0);
    const auto give_up = std::chrono::steady_clock::now() + 60s;
    while (cluster.running() == 0 || PQping(cluster.url("postgres").c_str()) != PQPING_OK) {
        if (std::chrono::steady_clock::now() > give_up)
            throw std::runtime_error("the tests' PostgreSQL does not start: see " + (folder / "log").string());
        std::this_thread::sleep_for(10ms);
    }
}

/// Named after the migrations' text, so that changed ones get another template.
std::string template_name() {
    std::size_t hash = 0;
    for (const EmbeddedFile& file : embedded_migrations()) hash = hash * 31 + std::hash<std::string_view>()(file.bytes);
    char name[64];
    std::snprintf(name, sizeof name, "template_%016zx", hash);
    return name;
}

/// The shared server, running, with a migrated template.
class Server {
public:
    static Server& instance() {
        static Server server;
        return server;
    }
    std::string url(const std::string& database) const { return cluster_.url(database); }
    const std::string& template_database() const { return template_; }
    void run(const std::string& statement) const { run_sql(url("postgres"), statement); }

private:
    Server() : users_((fs::create_directories(folder), "users"), LOCK_SH), cluster_(folder / "data", folder / "log") {
        const Lock starting("starting", LOCK_EX);
        if (cluster_.running() == 0) start_server(cluster_);
        const auto found = run_sql(url("postgres"), "SELECT FROM pg_database WHERE datname = '" + template_ + "'");
        if (!found.empty()) return;
        // Migrated under another name: a template that exists is complete.
        const std::string unfinished = template_ + "_new";
        run("DROP DATABASE IF EXISTS " + unfinished);
        run("CREATE DATABASE " + unfinished);
        run("ALTER DATABASE " + unfinished + " SET search_path = gazetted");
        migrate(url(unfinished));
        run("ALTER DATABASE " + unfinished + " RENAME TO " + template_);
    }

    Lock users_;
    PostgresCluster cluster_;
    std::string template_ = template_name();
};

std::string next_name() {
    static std::atomic<int> last = 0;
    return "test_" + std::to_string(getpid()) + "_" + std::to_string(++last);
}

}  // namespace

std::vector<TestDatabase::Row> run_sql(const std::string& url, const std::string& statements) {
    const std::unique_ptr<PGconn, decltype(&PQfinish)> connection(PQconnectdb(url.c_str()), &PQfinish);
    if (PQstatus(connection.get()) != CONNECTION_OK) throw std::runtime_error(PQerrorMessage(connection.get()));
    PQsetNoticeProcessor(
        connection.get(), [](void*, const char*) {}, nullptr);
    const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQexec(connection.get(), statements.c_str()), &PQclear);
    const auto status = PQresultStatus(result.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) throw std::runtime_error(PQerrorMessage(connection.get()));
    std::vector<TestDatabase::Row> rows;
    for (int row = 0; row < PQntuples(result.get()); ++row) {
        rows.emplace_back();
        for (int column = 0; column < PQnfields(result.get()); ++column) {
            rows.back().emplace_back(PQgetisnull(result.get(), row, column) ? "(null)" : PQgetvalue(result.get(), row, column));
        }
    }
    return rows;
}

std::string make_private_directory() {
    const fs::path memory = "/dev/shm";
    std::string pattern =
        ((access(memory.c_str(), W_OK) == 0 ? memory : fs::temp_directory_path()) / "gazetted-test-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("cannot make a directory like " + pattern);
    return pattern;
}

TestDatabase::TestDatabase() : name_(next_name()), url_(Server::instance().url(name_)) {
    const Server& server = Server::instance();
    server.run("DROP DATABASE IF EXISTS " + name_ + " WITH (FORCE)");
    server.run("CREATE DATABASE " + name_ + " TEMPLATE " + server.template_database());
    server.run("ALTER DATABASE " + name_ + " SET search_path = gazetted");
}

TestDatabase::~TestDatabase() { Server::instance().run("DROP DATABASE IF EXISTS " + name_ + " WITH (FORCE)"); }

std::vector<TestDatabase::Row> TestDatabase::run(const std::string& statements) const { return run_sql(url_, statements); }

std::string TestDatabase::value(const std::string& query) const {
    const std::vector<Row> rows = run(query);
    if (rows.size() != 1 || rows.front().empty()) throw std::runtime_error("not one row: " + query);
    return rows.front().front();
}

EmptyDatabase::EmptyDatabase(const std::string& create_options) : name_(next_name()), url_(Server::instance().url(name_)) {
    Server::instance().run("DROP DATABASE IF EXISTS " + name_ + " WITH (FORCE)");
    Server::instance().run("CREATE DATABASE " + name_ + " TEMPLATE template0 " + create_options);
}

EmptyDatabase::~EmptyDatabase() { Server::instance().run("DROP DATABASE IF EXISTS " + name_ + " WITH (FORCE)"); }

}  // namespace gazetted
