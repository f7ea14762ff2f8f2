#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>

namespace gazetted {

/// A program that writes one article after another into the category `news`, each in a transaction of its own, and repeats what
/// was not acknowledged, as docs/sql.md tells it to. A connection an article, so that it finds whatever server there is.
class SteadyWriter {
public:
    explicit SteadyWriter(std::string database_url, std::chrono::milliseconds pause = std::chrono::milliseconds(5));
    ~SteadyWriter();
    SteadyWriter(const SteadyWriter&) = delete;
    SteadyWriter& operator=(const SteadyWriter&) = delete;

    /// Articles are numbered from 1; all up to this one are written.
    std::uint64_t acknowledged() const { return acknowledged_; }
    static std::string title(std::uint64_t number);
    /// Whether another one is acknowledged that was begun from now on.
    bool goes_on_within(std::chrono::milliseconds time_max) const;
    std::string trouble() const;  ///< why the last attempt failed
    /// Between two articles, until it is resumed or stopped.
    void pause();
    void resume() { paused_ = false; }
    void stop();
    /// How many of the acknowledged articles are not there exactly once, or not in their category.
    std::string lost_query() const;

private:
    void write();
    const std::string database_url_;
    const std::chrono::milliseconds pause_;
    std::atomic<bool> over_ = false, paused_ = false, rests_ = false;
    std::atomic<std::uint64_t> acknowledged_ = 0;
    mutable std::mutex mutex_;
    std::string trouble_;
    std::thread thread_;
};

}  // namespace gazetted
