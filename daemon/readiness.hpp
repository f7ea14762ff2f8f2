#pragma once

#include "daemon/descriptor.hpp"

#include <sys/epoll.h>

#include <array>
#include <chrono>
#include <coroutine>
#include <cstdint>
#include <utility>
#include <vector>

namespace gazetted {

class Watch;

/// Which of a loop's descriptors can be read or written: a level-triggered epoll. A descriptor is registered when somebody
/// first waits for it and not touched again while it is waited for in the same direction, so that a conversation which reads,
/// answers and reads again costs no system call for its waiting. One thread.
class Readiness {
public:
    Readiness();  ///< throws std::system_error where the system refuses
    Readiness(const Readiness&) = delete;
    Readiness& operator=(const Readiness&) = delete;

    /// Until something watched is ready, a signal comes or `at_most` is over; negative: however long that takes.
    /// Whether anything is ready.
    bool wait(std::chrono::milliseconds at_most) noexcept;
    /// Resumes who waits for what the last wait() found ready.
    void resume_ready();

    static constexpr int batch = 256;  ///< wait() finds at most so many at once, and the others next time

private:
    friend class Watch;
    void watch_for(Watch&, std::uint32_t events);
    void take_out(Watch&) noexcept;
    void forget(const Watch&) noexcept;
    // Who waits for the i-th of what is ready, if anybody does.
    Watch* found(int i) const noexcept {
        return watches_[static_cast<std::size_t>(events_[static_cast<std::size_t>(i)].data.fd)];
    }
    void prefetch(int i) const noexcept;

    Descriptor epoll_;
    // By descriptor. What epoll reports of a connection that ended a moment ago finds nobody here, or a newcomer, whom a
    // needless wake-up does not hurt; a pointer inside epoll would dangle.
    std::vector<Watch*> watches_;
    std::array<epoll_event, batch> events_;
    int ready_ = 0;  // of events_
};

/// Where one coroutine waits for a descriptor: `co_await watch.readable()`. A wait may end without cause, so whoever waited
/// tries and waits again. Must be gone before its descriptor is closed and reused on this thread; stays where it was made.
class Watch {
public:
    Watch(Readiness& readiness, int descriptor) noexcept : readiness_(readiness), descriptor_(descriptor) {}
    ~Watch() { readiness_.forget(*this); }
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;

    class Wait {
    public:
        Wait(Watch& watch, std::uint32_t events, bool is_over = false) noexcept
            : watch_(watch), events_(events), is_over_(is_over) {}
        bool await_ready() const noexcept { return is_over_; }
        void await_suspend(std::coroutine_handle<> coroutine) { watch_.suspend(coroutine, events_); }
        void await_resume() const noexcept {}

    private:
        Watch& watch_;
        std::uint32_t events_;
        bool is_over_;
    };
    Wait readable() noexcept { return {*this, EPOLLIN}; }
    Wait writable() noexcept { return {*this, EPOLLOUT}; }
    Wait woken() noexcept { return {*this, 0}; }  ///< by wake() alone

    /// Ends a wait early; nothing where nobody waits.
    void wake();
    /// Nothing more is seen here, also where the descriptor lives on in other hands. Nobody waits.
    void stop() noexcept;
    /// Destroys the coroutine that waits here, this with it.
    void abandon();

private:
    friend class Readiness;
    void suspend(std::coroutine_handle<> coroutine, std::uint32_t events);

    Readiness& readiness_;
    std::coroutine_handle<> waiting_;
    const int descriptor_;
    std::uint32_t awaited_ = 0;     // of the coroutine that waits
    std::uint32_t registered_ = 0;  // with epoll
};

}  // namespace gazetted
