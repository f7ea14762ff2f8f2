#include "daemon/systemd.hpp"

#include <systemd/sd-daemon.h>

#include <algorithm>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <stop_token>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

namespace gazetted {
namespace {

/// A line end would start another assignment.
std::string one_line(std::string_view text) {
    std::string line(text);
    std::replace(line.begin(), line.end(), '\n', ' ');
    return line;
}

}  // namespace

void notify_ready(std::string_view status) { sd_notify(0, ("READY=1\nSTATUS=" + one_line(status)).c_str()); }

void notify_status(std::string_view status) { sd_notify(0, ("STATUS=" + one_line(status)).c_str()); }

void notify_still_starting(std::chrono::seconds time, std::string_view status) {
    const auto us = std::chrono::microseconds(time).count();
    sd_notify(0, ("EXTEND_TIMEOUT_USEC=" + std::to_string(us) + "\nSTATUS=" + one_line(status)).c_str());
}

void notify_stopping() { sd_notify(0, "STOPPING=1"); }

std::vector<PassedSocket> take_passed_sockets() {
    char** names = nullptr;
    const int count = sd_listen_fds_with_names(1, &names);
    if (count < 0) throw std::system_error(-count, std::generic_category(), "LISTEN_FDS");
    std::vector<PassedSocket> sockets;
    for (int i = 0; i < count; ++i) {
        sockets.push_back({Descriptor(SD_LISTEN_FDS_START + i), names[i]});
        std::free(names[i]);
    }
    std::free(names);
    return sockets;
}

std::optional<std::chrono::microseconds> watchdog_timeout() {
    std::uint64_t microseconds = 0;
    if (sd_watchdog_enabled(0, &microseconds) <= 0) return std::nullopt;
    return std::chrono::microseconds(static_cast<std::chrono::microseconds::rep>(microseconds));
}

struct WatchdogPinger::State {
    std::mutex mutex;
    std::condition_variable_any stopped;
    std::jthread thread;
};

WatchdogPinger::WatchdogPinger(std::function<bool()> alive) : state_(std::make_unique<State>()) {
    const auto timeout = watchdog_timeout();
    if (!timeout) return;
    state_->thread =
        std::jthread([state = state_.get(), period = *timeout / 2, alive = std::move(alive)](std::stop_token stop) {
            std::unique_lock lock(state->mutex);
            while (!stop.stop_requested()) {
                if (alive()) sd_notify(0, "WATCHDOG=1");
                state->stopped.wait_for(lock, stop, period, [] { return false; });
            }
        });
}

WatchdogPinger::~WatchdogPinger() = default;

}  // namespace gazetted
