#include "daemon/postgres_cluster.hpp"

#include "daemon/postgres_programs.hpp"

#include <fcntl.h>
#include <grp.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
#include <algorithm>
#include <chrono>
#include <csignal>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <system_error>
#include <thread>

namespace gazetted {

using std::chrono::steady_clock;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

/// In the server: its data directory. A path of /proc/self/fd works below directories that the system user cannot enter,
/// such as a checkout in /root.
constexpr int directory_in_child = 3;
constexpr std::chrono::seconds silence_max{30};
constexpr const char* data_in_child = "/proc/self/fd/3";

struct Descriptor {
    int number = -1;
    explicit Descriptor(int opened) : number(opened) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (number >= 0) close(number);
    }
};

/// A server that hangs takes the connection and says nothing.
PGPing ping(const std::string& url) { return PQping((url + " connect_timeout=2").c_str()); }

[[noreturn]] void fail(const std::string& what) { throw std::runtime_error(what); }
[[noreturn]] void fail_with_errno(const std::string& what) { fail(what + ": " + std::generic_category().message(errno)); }

int open_or_fail(const fs::path& path, int flags) {
    const int opened = open(path.c_str(), flags | O_CLOEXEC, 0640);
    if (opened < 0) fail_with_errno("cannot open " + path.string());
    return opened;
}

std::string quoted(const std::string& value) {
    std::string result = "'";
    for (const char c : value) {
        if (c == '\'' || c == '\\') result += '\\';
        result += c;
    }
    return result + '\'';
}

void write_file(const fs::path& path, const std::string& text) {
    std::ofstream file(path, std::ios::trunc);
    file << text;
    file.close();
    if (!file) fail("cannot write " + path.string());
}

/// Whatever the parent had: no descriptors, no signal settings, no terminal.
[[noreturn]] void become(const char* program, char* const* arguments, char* const* environment, int directory, int log,
                         uid_t user, gid_t group, pid_t parent) {
    setsid();
    const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    // Through high numbers, so that no dup2 overwrites what a later one needs.
    const int log_high = fcntl(log, F_DUPFD_CLOEXEC, 10);
    const int directory_high = fcntl(directory, F_DUPFD_CLOEXEC, 10);
    dup2(nothing, STDIN_FILENO);
    dup2(log_high, STDOUT_FILENO);
    dup2(log_high, STDERR_FILENO);
    dup2(directory_high, directory_in_child);
    close_range(directory_in_child + 1, ~0U, 0);
    if (geteuid() == 0 && (setgroups(1, &group) != 0 || setgid(group) != 0 || setuid(user) != 0)) _exit(126);
    umask(077);
    if (chdir("/") != 0) _exit(126);
    for (const int signal_number : {SIGPIPE, SIGINT, SIGTERM, SIGHUP, SIGCHLD, SIGUSR1, SIGUSR2})
        signal(signal_number, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    // After setuid, which clears it. Tied to the parent's thread.
    prctl(PR_SET_PDEATHSIG, SIGINT);
    if (getppid() != parent) _exit(126);
    execve(program, arguments, environment);
    _exit(127);
}

}  // namespace

PostgresCluster::PostgresCluster(fs::path data_directory, fs::path log)
    : data_(fs::absolute(std::move(data_directory))), log_(std::move(log)), socket_directory_(data_) {
    if (fs::exists(data_)) shorten_socket_directory();
}

PostgresCluster::~PostgresCluster() {
    if (directory_for_clients_ >= 0) close(directory_for_clients_);
}

void PostgresCluster::shorten_socket_directory() {
    const std::string longest = socket_directory_ + "/.s.PGSQL.5432";
    // libpq would take a comma for the end of the first of several hosts.
    const bool fits = longest.size() < sizeof(sockaddr_un::sun_path) && longest.find(',') == std::string::npos;
    if (fits) return;
    // Without O_CLOEXEC: `gazetted psql` becomes psql, which connects to the same path.
    directory_for_clients_ = open(data_.c_str(), O_PATH | O_DIRECTORY);
    if (directory_for_clients_ < 0) fail_with_errno("cannot open " + data_.string());
    socket_directory_ = "/proc/self/fd/" + std::to_string(directory_for_clients_);
}

PostgresCluster::Account PostgresCluster::account() const {
    struct stat status {};
    const bool exists = stat(data_.c_str(), &status) == 0;
    const uid_t self = geteuid();
    if (self != 0) {
        if (exists && status.st_uid != self)
            fail(data_.string() + " belongs to another user: run gazetted as that user or as root");
        const passwd* const entry = getpwuid(self);
        if (entry == nullptr) fail("user " + std::to_string(self) + " has no name: add it to /etc/passwd, initdb needs one");
        return {self, getegid(), entry->pw_name};
    }
    if (exists && status.st_uid == 0) fail(data_.string() + " belongs to root, whom PostgreSQL refuses: chown -R postgres it");
    const passwd* entry = exists ? getpwuid(status.st_uid) : getpwnam("gazetted");
    if (entry == nullptr && !exists) entry = getpwnam("postgres");
    if (entry == nullptr)
        fail("PostgreSQL refuses to run as root, and there is no user gazetted or postgres: add one with useradd --system");
    return {entry->pw_uid, entry->pw_gid, entry->pw_name};
}

fs::path PostgresCluster::binary(const std::string& name) const {
    const int version = cluster_version(data_);
    const auto found = postgres_programs(version);
    if (found) return *found / name;
    if (version == 0) fail("no PostgreSQL server is installed: apt install postgresql");
    fail(data_.string() + " holds PostgreSQL " + std::to_string(version) +
         " data, and no such server is installed: apt install postgresql-" + std::to_string(version));
}

pid_t PostgresCluster::spawn(const fs::path& program, const std::vector<std::string>& arguments,
                             const fs::path& working_directory) const {
    const Account who = account();
    const Descriptor directory(open_or_fail(working_directory, O_PATH | O_DIRECTORY));
    const Descriptor log(open_or_fail(log_, O_WRONLY | O_CREAT | O_APPEND));
    std::vector<std::string> words = {program};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<std::string> variables = {"LC_ALL=C.UTF-8", "PATH=" + program.parent_path().string() + ":/usr/bin:/bin"};
    std::vector<char*> argv;
    std::vector<char*> envp;
    for (std::string& word : words) argv.push_back(word.data());
    for (std::string& variable : variables) envp.push_back(variable.data());
    argv.push_back(nullptr);
    envp.push_back(nullptr);

    const pid_t self = getpid();
    const pid_t child = fork();
    if (child < 0) fail_with_errno("cannot start " + program.string());
    if (child == 0) become(program.c_str(), argv.data(), envp.data(), directory.number, log.number, who.user, who.group, self);
    return child;
}

std::string PostgresCluster::complaint_since(std::uintmax_t log_position) const {
    std::ifstream log(log_);
    log.seekg(static_cast<std::streamoff>(log_position));
    std::string line;
    std::string last;
    while (std::getline(log, line)) {
        const std::size_t found = std::min({line.find("FATAL:"), line.find("PANIC:"), line.find("error:")});
        if (found != std::string::npos) last = line.substr(found);
    }
    return last.empty() ? "see " + log_.string() : last + " (see " + log_.string() + ")";
}

void PostgresCluster::make() {
    if (fs::exists(data_ / "PG_VERSION")) return shorten_socket_directory();
    if (fs::exists(data_)) fail(data_.string() + " exists and is no PostgreSQL data: move it away or choose another directory");
    const Account who = account();
    const fs::path unfinished = data_.string() + ".new";
    fs::remove_all(unfinished);
    if (mkdir(unfinished.c_str(), 0700) != 0) fail_with_errno("cannot make " + unfinished.string());
    if (geteuid() == 0 && chown(unfinished.c_str(), who.user, who.group) != 0)
        fail_with_errno("cannot chown " + unfinished.string());

    const auto log_position = fs::exists(log_) ? fs::file_size(log_) : 0;
    const pid_t child = spawn(
        binary("initdb"), {"-D", data_in_child, "-U", "gazetted", "-E", "UTF8", "--locale=C.UTF-8", "--auth=peer", "--no-sync"},
        unfinished);
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (status != 0) fail("initdb failed: " + complaint_since(log_position));

    // By the kernel's word for who is at the other end of the socket.
    write_file(unfinished / "pg_hba.conf", "local all all peer map=gazetted\n");
    write_file(unfinished / "pg_ident.conf", "gazetted root gazetted\ngazetted " + who.name + " gazetted\n");
    // Once for the file system instead of initdb's thousand times; complete before it gets its name, and the name too.
    const Descriptor parent(open_or_fail(data_.parent_path(), O_RDONLY | O_DIRECTORY));
    syncfs(parent.number);
    fs::rename(unfinished, data_);
    fsync(parent.number);
    shorten_socket_directory();
}

pid_t PostgresCluster::running() const {
    std::ifstream file(data_ / "postmaster.pid");
    pid_t process = 0;
    if (!(file >> process) || process <= 0) return 0;
    // Its working directory is the data directory: other programs that got the same number fail here.
    std::error_code ignored;
    return fs::equivalent("/proc/" + std::to_string(process) + "/cwd", data_, ignored) ? process : 0;
}

bool PostgresCluster::has_ended(pid_t child) {
    const pid_t ended = waitpid(child, nullptr, WNOHANG);
    return ended == child || (ended < 0 && errno == ECHILD);
}

pid_t PostgresCluster::start(const std::vector<std::string>& settings) {
    std::vector<std::string> arguments = {"-D", data_in_child};
    for (const std::string& setting : settings) arguments.insert(arguments.end(), {"-c", setting});
    for (const char* setting :
         {"listen_addresses=", "unix_socket_directories=.", "unix_socket_permissions=0700", "port=5432"}) {
        arguments.insert(arguments.end(), {"-c", setting});
    }
    // Backends of a postmaster that was killed live on for a moment, and the next one refuses to start meanwhile.
    const auto give_up = steady_clock::now() + 10s;
    for (;;) {
        if (running() == 0) fs::remove(data_ / "postmaster.pid");
        const auto log_position = fs::exists(log_) ? fs::file_size(log_) : 0;
        const pid_t child = spawn(binary("postgres"), arguments, data_);
        if (answers_before_it_ends(child)) return child;
        const std::string complaint = complaint_since(log_position);
        if (complaint.find("shared memory block") == std::string::npos || steady_clock::now() > give_up) {
            fail("PostgreSQL did not start: " + complaint);
        }
        std::this_thread::sleep_for(100ms);
    }
}

bool PostgresCluster::answers_before_it_ends(pid_t child) {
    // Recovery after a crash may take its time, and says so; silence does not.
    auto give_up = steady_clock::now() + silence_max;
    while (!has_ended(child)) {
        const PGPing answer = ping(url("postgres"));
        if (answer == PQPING_OK) return true;
        if (answer == PQPING_REJECT) give_up = steady_clock::now() + silence_max;
        if (steady_clock::now() > give_up) {
            stop(child);
            fail("PostgreSQL runs but does not answer at " + socket_directory_ + ": see " + log_.string());
        }
        std::this_thread::sleep_for(10ms);
    }
    return false;
}

bool PostgresCluster::wait_until_it_answers() {
    auto give_up = steady_clock::now() + silence_max;
    while (const pid_t process = running()) {
        const PGPing answer = ping(url("postgres"));
        if (answer == PQPING_OK) return true;
        if (answer == PQPING_REJECT) give_up = steady_clock::now() + silence_max;
        if (steady_clock::now() > give_up) {
            fail("PostgreSQL runs in " + data_.string() + " as process " + std::to_string(process) +
                 " and does not answer: end that process");
        }
        std::this_thread::sleep_for(10ms);
    }
    return false;
}

void PostgresCluster::stop(pid_t child) {
    kill(child, SIGINT);
    const auto patience = steady_clock::now() + 10s;
    while (!has_ended(child)) {
        if (steady_clock::now() > patience) {
            kill(child, SIGQUIT);
            while (waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
            }
            return;
        }
        std::this_thread::sleep_for(10ms);
    }
}

std::string PostgresCluster::url(const std::string& database) const {
    return "host=" + quoted(socket_directory_) + " port=5432 user=gazetted dbname=" + quoted(database);
}

void PostgresCluster::make_database(const std::string& name) {
    using Connection = std::unique_ptr<PGconn, decltype(&PQfinish)>;
    using Answer = std::unique_ptr<PGresult, decltype(&PQclear)>;
    const Connection connection(PQconnectdb((url("postgres") + " connect_timeout=10").c_str()), &PQfinish);
    if (PQstatus(connection.get()) != CONNECTION_OK)
        fail(std::string("no connection to our own PostgreSQL: ") + PQerrorMessage(connection.get()));
    const char* const values[] = {name.c_str()};
    const Answer found(
        PQexecParams(connection.get(), "SELECT FROM pg_database WHERE datname = $1", 1, nullptr, values, nullptr, nullptr, 0),
        &PQclear);
    if (PQntuples(found.get()) > 0) return;
    const Answer made(PQexec(connection.get(), ("CREATE DATABASE \"" + name + '"').c_str()), &PQclear);
    const char* const state = PQresultErrorField(made.get(), PG_DIAG_SQLSTATE);
    constexpr std::string_view duplicate_database = "42P04";
    if (PQresultStatus(made.get()) != PGRES_COMMAND_OK && (state == nullptr || state != duplicate_database)) {
        fail("cannot make the database " + name + ": " + PQresultErrorMessage(made.get()));
    }
}

}  // namespace gazetted
