#pragma once

#include "daemon/listening_socket.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace gazetted {

// The service manager's side of the daemon, sd_notify(3). All of it does nothing where nobody supervises us (no NOTIFY_SOCKET).

/// From now on requests are answered; `status` is what `systemctl status` shows.
void notify_ready(std::string_view status);
void notify_status(std::string_view status);
/// Before notify_ready(): the start takes longer, and is not to be given up for so long from now.
void notify_still_starting(std::chrono::seconds, std::string_view status);
/// Draining has begun.
void notify_stopping();

/// The sockets of our .socket units (sd_listen_fds_with_names(3)), once: their environment is cleared, so that no program of
/// ours takes them for its own.
std::vector<PassedSocket> take_passed_sockets();

/// How often the service manager wants a sign of life, by WATCHDOG_USEC and WATCHDOG_PID; none: not at all.
std::optional<std::chrono::microseconds> watchdog_timeout();

/// Sends a sign of life at half the watchdog's time-out, from a thread of its own, for as long as `alive` says so: a daemon
/// whose loops hang is replaced. `alive` must be thread-safe and quick.
class WatchdogPinger {
public:
    explicit WatchdogPinger(std::function<bool()> alive);
    ~WatchdogPinger();
    WatchdogPinger(const WatchdogPinger&) = delete;
    WatchdogPinger& operator=(const WatchdogPinger&) = delete;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace gazetted
