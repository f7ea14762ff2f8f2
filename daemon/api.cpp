#include "daemon/api.hpp"

#include "daemon/log.hpp"
#include "daemon/store.hpp"

#include <utility>

namespace gazetted {

namespace {

constexpr unsigned away_retry_after_s = 5;
constexpr unsigned busy_retry_after_s = 1;

}  // namespace

Api::Api(const Limits& limits, Perform perform) : limits_(limits), perform_(std::move(perform)), thread_([this] { run(); }) {}

Api::~Api() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        work_.notify_all();
    }
    thread_.join();
    for (const Waiting& one : waiting_) one.done(api_unavailable());
}

void Api::answer(ApiCall call, std::shared_ptr<const void> room, std::function<void(Response)> done) {
    {
        const std::lock_guard lock(mutex_);
        if (!stopping_ && waiting_.size() < limits_.waiting_max) {
            waiting_.push_back({std::move(call), std::move(room), std::move(done), std::chrono::steady_clock::now()});
            work_.notify_all();
            return;
        }
    }
    done(api_busy());
}

std::shared_ptr<const void> Api::room_for(std::size_t bytes) {
    const auto give_back = [taken = bodies_bytes_, bytes](const void*) { *taken -= bytes; };
    std::shared_ptr<const void> room(bodies_bytes_.get(), give_back);
    *bodies_bytes_ += bytes;
    return *bodies_bytes_ <= limits_.bodies_bytes_max ? room : nullptr;
}

void Api::run() {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        if (waiting_.empty()) {
            work_.wait(lock);
            continue;
        }
        const Waiting next = std::move(waiting_.front());
        waiting_.pop_front();
        lock.unlock();
        const bool is_too_late = std::chrono::steady_clock::now() - next.since > limits_.answer_timeout;
        next.done(is_too_late ? api_busy() : answer_to(next.call));
        lock.lock();
    }
}

Response Api::answer_to(const ApiCall& call) {
    if (std::chrono::steady_clock::now() < away_until_) return api_unavailable();
    try {
        return perform_(call);
    } catch (const StoreUnavailable& error) {
        log(LogLevel::warning, "api_unavailable", {{"act", call.route->operation}, {"reason", error.what()}});
        away_until_ = std::chrono::steady_clock::now() + limits_.back_off;
        return api_unavailable();
    } catch (const std::exception& error) {
        log(LogLevel::error, "api_failed", {{"act", call.route->operation}, {"reason", error.what()}});
        return api_problem(500, "this failed; the log says why");
    }
}

Response api_unavailable() {
    return api_problem(503, "the database is away, and what became of this call is not known: ask again", {},
                       away_retry_after_s);
}

Response api_busy() { return api_problem(429, "too much is under way: ask again", {}, busy_retry_after_s); }

}  // namespace gazetted
