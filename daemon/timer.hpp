#pragma once

#include "daemon/descriptor.hpp"
#include "daemon/readiness.hpp"

#include <chrono>

namespace gazetted {

/// Where one coroutine waits for a time: `co_await timer.expired()`. One thread, its loop's.
class Timer {
public:
    explicit Timer(Readiness&);  ///< stands still; throws std::system_error where the system refuses

    /// From now on, whatever it was set to before.
    void expire_after(std::chrono::milliseconds) noexcept;
    /// Until it is set again.
    void stop() noexcept;
    /// When it expires or has expired.
    std::chrono::steady_clock::time_point expiry() const noexcept { return expiry_; }
    /// It stays expired until it is set again or stopped.
    Watch::Wait expired() noexcept { return watch_.readable(); }
    /// Destroys the coroutine that waits here.
    void abandon() { watch_.abandon(); }

private:
    Descriptor descriptor_;
    Watch watch_;
    std::chrono::steady_clock::time_point expiry_ = std::chrono::steady_clock::time_point::max();
};

}  // namespace gazetted
