#include "daemon/timer.hpp"

#include <sys/timerfd.h>

#include <cerrno>
#include <system_error>

namespace gazetted {

namespace {

Descriptor make_timer() {
    Descriptor timer(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK));
    if (!timer) throw std::system_error(errno, std::generic_category(), "timerfd_create");
    return timer;
}

// A time of nothing stops it.
void set(const Descriptor& timer, std::chrono::nanoseconds after) noexcept {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(after);
    itimerspec times{};
    times.it_value = {.tv_sec = seconds.count(), .tv_nsec = (after - seconds).count()};
    ::timerfd_settime(timer.number(), 0, &times, nullptr);
}

}  // namespace

Timer::Timer(Readiness& readiness) : descriptor_(make_timer()), watch_(readiness, descriptor_.number()) {}

void Timer::expire_after(std::chrono::milliseconds after) noexcept {
    expiry_ = std::chrono::steady_clock::now() + after;
    set(descriptor_, after);
}

void Timer::stop() noexcept {
    expiry_ = std::chrono::steady_clock::time_point::max();
    set(descriptor_, {});
}

}  // namespace gazetted
