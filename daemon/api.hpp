#pragma once

#include "daemon/api_route.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

namespace gazetted {

/// Answers calls, one after the other, on a thread of its own: SQL blocks, and an event loop never does. Thread-safe.
class Api {
public:
    /// Runs on that thread; throws StoreUnavailable while the database is away.
    using Perform = std::function<Response(const ApiCall&)>;
    struct Limits {
        std::size_t waiting_max = 32;                          ///< calls; 429 beyond
        std::size_t bodies_bytes_max = std::size_t{64} << 20;  ///< of all that are here or coming; 429 beyond
        std::chrono::milliseconds back_off{1'000};             ///< after the database was away: meanwhile 503 at once
        std::chrono::seconds answer_timeout{60};               ///< what a conversation waits for an answer
    };
    Api(const Limits&, Perform perform);
    ~Api();  ///< waits for the running call; the others are answered 503

    /// Calls `done` once, from that thread or at once; it must not block or throw. What has waited for longer than anybody
    /// waits for an answer is not performed any more. `room` is the body's.
    void answer(ApiCall, std::shared_ptr<const void> room, std::function<void(Response)> done);

    /// Room for a body, as long as it lives; null where there is none now.
    std::shared_ptr<const void> room_for(std::size_t bytes);
    std::chrono::seconds answer_timeout() const noexcept { return limits_.answer_timeout; }

private:
    struct Waiting {
        ApiCall call;
        std::shared_ptr<const void> room;
        std::function<void(Response)> done;
        std::chrono::steady_clock::time_point since;
    };
    void run();
    Response answer_to(const ApiCall&);

    const Limits limits_;
    const Perform perform_;
    const std::shared_ptr<std::atomic<std::size_t>> bodies_bytes_ = std::make_shared<std::atomic<std::size_t>>(0);
    std::chrono::steady_clock::time_point away_until_{};  // of the thread
    std::mutex mutex_;
    std::condition_variable work_;
    bool stopping_ = false;  // guarded, as is what follows
    std::deque<Waiting> waiting_;
    std::thread thread_;
};

/// Of a call that could not be performed: ask again.
Response api_unavailable();
Response api_busy();

}  // namespace gazetted
