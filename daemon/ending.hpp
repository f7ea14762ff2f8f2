#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace gazetted {

/// The end of a thread that does something now and then: it waits here in between, until whoever ends it says so. Thread-safe.
class Ending {
public:
    void begin() {
        const std::lock_guard lock(mutex_);
        has_begun_ = true;
        begun_.notify_all();
    }
    /// Waits so long, or until the end has begun; true: it has.
    bool comes_within(std::chrono::steady_clock::duration time) {
        std::unique_lock lock(mutex_);
        return begun_.wait_for(lock, time, [&] { return has_begun_; });
    }

private:
    std::mutex mutex_;
    std::condition_variable begun_;
    bool has_begun_ = false;
};

}  // namespace gazetted
