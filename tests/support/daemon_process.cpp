#include "tests/support/daemon_process.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

extern char** environ;

namespace gazetted {

namespace {

using namespace std::chrono_literals;

/// A file of this process alone, removed by nobody: it lies in the build folder and tells what a failed test saw.
std::string scratch_path(const std::string& name) {
    static std::atomic<int> serial{0};
    const auto folder = std::filesystem::path(GAZETTED_BUILD_DIR) / "test-output";
    std::filesystem::create_directories(folder);
    return folder / (name + "-" + std::to_string(getpid()) + "-" + std::to_string(serial++));
}

std::string read_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

constexpr int first_passed = 3;  // SD_LISTEN_FDS_START

pid_t spawn(const std::vector<std::string>& arguments, const std::string& in, const std::string& out, const std::string& err,
            int passed_socket = -1) {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    if (passed_socket >= 0) posix_spawn_file_actions_adddup2(&actions, passed_socket, first_passed);
    posix_spawn_file_actions_addopen(&actions, 0, in.c_str(), O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
    posix_spawn_file_actions_addopen(&actions, 2, err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
    std::vector<char*> argv;
    for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    pid_t pid = -1;
    const int failed = posix_spawnp(&pid, argv[0], &actions, nullptr, argv.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (failed != 0) throw std::runtime_error("cannot start " + arguments[0]);
    return pid;
}

int exit_status_of(int wait_status) { return WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : 128 + WTERMSIG(wait_status); }

/// The port in the last `event … address=HOST:PORT` line of a log; 0 where there is none yet.
/// From a line of either format of the log.
unsigned short logged_port(const std::string& log, const std::string& event) {
    static const std::string text_end = " address=", json_end = "\",\"address\":\"";
    const auto begins = [&](const std::string& line, const std::string& before, const std::string& after) {
        return line.find(before + event + after) != std::string::npos;
    };
    std::istringstream lines(log);
    for (std::string line; std::getline(lines, line) && !lines.eof();)
        if (begins(line, " ", text_end) || begins(line, "\"event\":\"", json_end))
            return static_cast<unsigned short>(std::stoi(line.substr(line.rfind(':') + 1)));
    return 0;
}

std::string read_to_end(int socket) {
    std::string bytes;
    char buffer[65536];
    for (;;) {
        pollfd waiting{socket, POLLIN, 0};
        if (poll(&waiting, 1, 30'000) <= 0) return bytes;
        const auto got = recv(socket, buffer, sizeof buffer, 0);
        if (got <= 0) return bytes;
        bytes.append(buffer, static_cast<std::size_t>(got));
    }
}

HttpAnswer parse_answer(const std::string& bytes) {
    HttpAnswer answer;
    const auto head_end = bytes.find("\r\n\r\n");
    if (head_end == std::string::npos || !bytes.starts_with("HTTP/1.1 ")) return answer;
    std::istringstream head(bytes.substr(0, head_end));
    std::string line;
    std::getline(head, line);
    while (std::getline(head, line)) {
        if (line.ends_with('\r')) line.pop_back();
        const auto colon = line.find(": ");
        if (colon == std::string::npos) continue;
        std::string name = line.substr(0, colon);
        std::transform(name.begin(), name.end(), name.begin(),
                       [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        answer.fields[name] = line.substr(colon + 2);
    }
    answer.body = bytes.substr(head_end + 4);
    const auto length = answer.fields.find("content-length");
    // A body that was cut off is no answer: a load test must see it.
    if (length != answer.fields.end() && !answer.body.empty() && answer.body.size() != std::stoul(length->second)) return {};
    answer.status = std::stoi(bytes.substr(9, 3));
    return answer;
}

}  // namespace

HttpAnswer http_get(unsigned short port, const std::string& target, const std::vector<std::string>& field_lines,
                    const std::string& method, const std::string& body) {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    HttpAnswer answer;
    if (connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
        std::string request = method + " " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n";
        for (const std::string& line : field_lines) request += line + "\r\n";
        if (!body.empty()) request += "Content-Length: " + std::to_string(body.size()) + "\r\n";
        request += "\r\n" + body;
        if (send(socket, request.data(), request.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(request.size()))
            answer = parse_answer(read_to_end(socket));
    }
    close(socket);
    return answer;
}

Descriptor kept_socket() {
    Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in name{};
    name.sin_family = AF_INET;
    name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::bind(socket.number(), reinterpret_cast<sockaddr*>(&name), sizeof name) != 0 || ::listen(socket.number(), 4096) != 0)
        throw std::runtime_error("cannot listen on loopback");
    return socket;
}

CommandResult run_command(const std::vector<std::string>& arguments, const std::string& standard_input) {
    const std::string path = scratch_path("command");
    std::ofstream(path + ".in", std::ios::binary) << standard_input;
    const pid_t pid = spawn(arguments, path + ".in", path + ".out", path + ".err");
    int status = 0;
    rusage used{};
    wait4(pid, &status, 0, &used);
    CommandResult result{.exit_status = exit_status_of(status),
                         .out = read_file(path + ".out"),
                         .err = read_file(path + ".err"),
                         .cpu_s = static_cast<double>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
                                  static_cast<double>(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6,
                         .peak_mb = used.ru_maxrss / 1'024};
    for (const char* end : {".in", ".out", ".err"}) std::filesystem::remove(path + end);
    return result;
}

double resident_mb(pid_t pid) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/statm");
    double size = 0;
    double resident = 0;
    file >> size >> resident;
    return resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / 1'048'576;
}

DaemonProcess::DaemonProcess(std::vector<std::string> arguments, std::vector<std::string> launcher)
    : log_path_(scratch_path("daemon") + ".log") {
    launcher.insert(launcher.end(), {GAZETTED_BINARY, "serve", "--listen", "127.0.0.1:0", "--status-listen", "127.0.0.1:0"});
    arguments.insert(arguments.begin(), launcher.begin(), launcher.end());
    pid_ = spawn(arguments, "/dev/null", "/dev/null", log_path_);
    wait_until_listening();
}

// The shell becomes the daemon, so its number is the one that LISTEN_PID must name.
DaemonProcess::DaemonProcess(std::vector<std::string> arguments, const Descriptor& passed_socket)
    : log_path_(scratch_path("daemon") + ".log") {
    arguments.insert(arguments.begin(), {"sh", "-c", "LISTEN_PID=$$ LISTEN_FDS=1 LISTEN_FDNAMES=web exec \"$@\"", "sh",
                                         GAZETTED_BINARY, "serve", "--listen", "systemd", "--status-listen", "127.0.0.1:0"});
    pid_ = spawn(arguments, "/dev/null", "/dev/null", log_path_, passed_socket.number());
    wait_until_listening();
}

void DaemonProcess::wait_until_listening() {
    for (const auto end = std::chrono::steady_clock::now() + 60s; std::chrono::steady_clock::now() < end;) {
        port_ = logged_port(log(), "listening");
        status_port_ = logged_port(log(), "status_listening");
        if (port_ != 0 && status_port_ != 0) return;
        if (waitpid(pid_, nullptr, WNOHANG) == pid_) break;
        std::this_thread::sleep_for(5ms);
    }
    throw std::runtime_error("gazetted serve does not listen:\n" + log());
}

DaemonProcess::~DaemonProcess() { stop(); }

HttpAnswer DaemonProcess::get_until(const std::string& target, int status, const std::string& body_part,
                                    std::chrono::milliseconds time_max) const {
    HttpAnswer answer;
    for (const auto end = std::chrono::steady_clock::now() + time_max; std::chrono::steady_clock::now() < end;) {
        answer = get(target);
        if (answer.status == status && answer.body.find(body_part) != std::string::npos) return answer;
        std::this_thread::sleep_for(2ms);
    }
    return answer;
}

int DaemonProcess::stop() {
    if (pid_ < 0) return -1;
    int status = 0;
    kill(pid_, SIGTERM);
    waitpid(pid_, &status, 0);
    pid_ = -1;
    return exit_status_of(status);
}

void DaemonProcess::kill_9() {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    pid_ = -1;
}

std::string DaemonProcess::log() const { return read_file(log_path_); }

}  // namespace gazetted
