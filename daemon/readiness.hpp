#pragma once

#include "daemon/descriptor.hpp"

#include <sys/epoll.h>

#include <array>
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

    /// Can be read while anything watched is ready: for the loop around this one.
    int descriptor() const noexcept { return epoll_.number(); }
    /// Resumes who waits for what is ready now, at most `batch` of them. Never blocks.
    void resume_ready();

    static constexpr int batch = 256;

private:
    friend class Watch;
    void watch_for(Watch&, std::uint32_t events);
    void take_out(Watch&) noexcept;
    void forget(const Watch&) noexcept;

    Descriptor epoll_;
    // By descriptor. What epoll reports of a connection that ended a moment ago finds nobody here, or a newcomer, whom a
    // needless wake-up does not hurt; a pointer inside epoll would dangle.
    std::vector<Watch*> watches_;
    std::array<epoll_event, batch> events_;
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
