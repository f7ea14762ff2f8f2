#pragma once

#include <coroutine>

namespace gazetted {

/// A coroutine that nobody waits for. It runs at once, up to its first wait, and its frame ends with it; whoever holds the
/// handle that it waits with may destroy it there. One allocation in all, the frame, and nothing between a wait and its end:
/// this is what a conversation needs of a coroutine. An exception that leaves it ends it, with a line in the log.
struct Task {
    struct promise_type {
        Task get_return_object() const noexcept { return {}; }
        std::suspend_never initial_suspend() const noexcept { return {}; }
        std::suspend_never final_suspend() const noexcept { return {}; }
        void return_void() const noexcept {}
        void unhandled_exception() const noexcept;
    };
};

}  // namespace gazetted
