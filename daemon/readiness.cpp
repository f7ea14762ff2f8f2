#include "daemon/readiness.hpp"

#include <cassert>
#include <cerrno>
#include <system_error>

namespace gazetted {

Readiness::Readiness() : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
    if (!epoll_) throw std::system_error(errno, std::generic_category(), "epoll_create1");
}

bool Readiness::wait(std::chrono::milliseconds at_most) noexcept {
    ready_ = ::epoll_wait(epoll_.number(), events_.data(), batch, static_cast<int>(at_most.count()));
    return ready_ > 0;
}

// Who has asked is long out of the processor's cache where there are many: a coroutine is fetched while others run.
void Readiness::prefetch(int i) const noexcept {
    constexpr int line_bytes = 64;
    constexpr int bytes_before = 64, bytes_behind = 256;  // of its frame around the watch
    const auto* watch = reinterpret_cast<const char*>(found(i));
    for (int offset = -bytes_before; offset <= bytes_behind; offset += line_bytes) __builtin_prefetch(watch + offset);
}

void Readiness::resume_ready() {
    constexpr int ahead = 2;
    for (int i = 0; i < ready_; ++i) {
        if (i + ahead < ready_) prefetch(i + ahead);
        auto* watch = found(i);
        if (!watch) continue;
        // Errors and hang-ups are reported to whoever waits in either direction, and always: out with it until somebody does.
        if (watch->awaited_ == 0)
            take_out(*watch);
        else
            watch->wake();
    }
}

void Readiness::watch_for(Watch& watch, std::uint32_t events) {
    const auto place = static_cast<std::size_t>(watch.descriptor_);
    if (watches_.size() <= place) watches_.resize(place + 1);
    epoll_event event{};
    event.events = events;
    event.data.fd = watch.descriptor_;
    const int change = watch.registered_ == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
    if (::epoll_ctl(epoll_.number(), change, watch.descriptor_, &event) != 0)
        throw std::system_error(errno, std::generic_category(), "epoll_ctl");
    watch.registered_ = events;
    watches_[place] = &watch;
}

void Readiness::take_out(Watch& watch) noexcept {
    ::epoll_ctl(epoll_.number(), EPOLL_CTL_DEL, watch.descriptor_, nullptr);
    watch.registered_ = 0;
}

// Closing the descriptor takes it out of epoll.
void Readiness::forget(const Watch& watch) noexcept {
    const auto place = static_cast<std::size_t>(watch.descriptor_);
    if (place < watches_.size() && watches_[place] == &watch) watches_[place] = nullptr;
}

void Watch::wake() {
    awaited_ = 0;
    if (waiting_) std::exchange(waiting_, {}).resume();
}

void Watch::stop() noexcept {
    assert(!waiting_);
    if (registered_ != 0) readiness_.take_out(*this);
}

void Watch::abandon() {
    if (waiting_) std::exchange(waiting_, {}).destroy();
}

void Watch::suspend(std::coroutine_handle<> coroutine, std::uint32_t events) {
    assert(!waiting_);
    if (events != 0 && events != registered_) readiness_.watch_for(*this, events);
    awaited_ = events;
    waiting_ = coroutine;
}

}  // namespace gazetted
