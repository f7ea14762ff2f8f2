#pragma once

#include "daemon/descriptor.hpp"

#include <sys/types.h>

#include <chrono>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace gazetted {

struct HttpAnswer {
    int status = 0;                             ///< 0: no answer (connection refused or lost)
    std::map<std::string, std::string> fields;  ///< names in lower case
    std::string body;
};

/// One request on a connection of its own, `Connection: close`; loopback only.
HttpAnswer http_get(unsigned short port, const std::string& target, const std::vector<std::string>& field_lines = {},
                    const std::string& method = "GET", const std::string& body = {});

/// A listening socket of the test's own, as systemd holds one while daemons come and go, on a port that the kernel chose.
Descriptor kept_socket();

/// What a finished command printed.
struct CommandResult {
    int exit_status = -1;  ///< 128 + signal where one ended it
    std::string out;
    std::string err;
    double cpu_s = 0;  ///< user and system time
    long peak_mb = 0;  ///< largest resident set
};

/// Runs a program with arguments (no shell); the first is looked up in PATH. Throws where it cannot be started.
CommandResult run_command(const std::vector<std::string>& arguments, const std::string& standard_input = {});

/// Memory that a process has in use, in MB.
double resident_mb(pid_t pid);

/// `gazetted serve` as an operator runs it, on ports that the kernel chose. Stopped by SIGTERM at the end.
class DaemonProcess {
public:
    /// `arguments` after `gazetted serve --listen 127.0.0.1:0 --status-listen 127.0.0.1:0`. Returns when it listens.
    explicit DaemonProcess(std::vector<std::string> arguments)
        : DaemonProcess(std::move(arguments), std::vector<std::string>{}) {}
    /// The same by another program, which becomes the daemon, such as `env NAME=VALUE` or `prlimit --nofile=N`.
    DaemonProcess(std::vector<std::string> arguments, std::vector<std::string> launcher);
    /// As a service manager starts it: with `--listen systemd` and this socket, which it passes as sd_listen_fds(3) says.
    DaemonProcess(std::vector<std::string> arguments, const Descriptor& passed_socket);
    ~DaemonProcess();
    DaemonProcess(const DaemonProcess&) = delete;
    DaemonProcess& operator=(const DaemonProcess&) = delete;

    unsigned short port() const { return port_; }
    unsigned short status_port() const { return status_port_; }
    pid_t pid() const { return pid_; }
    HttpAnswer get(const std::string& target, const std::vector<std::string>& field_lines = {}) const {
        return http_get(port_, target, field_lines);
    }
    /// Asks until the answer has this status or body part, or the time is over; the last answer either way.
    HttpAnswer get_until(const std::string& target, int status, const std::string& body_part,
                         std::chrono::milliseconds time_max = std::chrono::seconds(10)) const;
    /// Sends SIGTERM and waits; the exit status.
    int stop();
    void kill_9();
    std::string log() const;

private:
    void wait_until_listening();
    pid_t pid_ = -1;
    std::string log_path_;
    unsigned short port_ = 0;
    unsigned short status_port_ = 0;
};

}  // namespace gazetted
