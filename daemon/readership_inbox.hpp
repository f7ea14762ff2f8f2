#pragma once

#include "daemon/reader_tally.hpp"
#include "daemon/readership.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>

namespace gazetted {

/// Where the loops leave what they saw of readers and the writer finds it. Thread-safe. Loops look at one number a tick and
/// take the lock only when they are called.
class ReadershipInbox {
public:
    /// Which call a loop is to answer next: it has answered where it has this number already.
    unsigned call() const noexcept { return call_.load(std::memory_order_relaxed); }
    void put(const Readership&);

    /// Asks all loops to put in what they have; they do so within a tick.
    void call_in() noexcept { call_.fetch_add(1, std::memory_order_relaxed); }
    Readership take();
    /// Rows that found no room since the start.
    std::uint64_t left_out() const noexcept { return left_out_.load(std::memory_order_relaxed); }

    /// The day's key: the one agreed upon with other nodes, until then one of our own.
    std::uint64_t key_of(std::chrono::sys_days);
    void agree(std::chrono::sys_days, std::uint64_t key);

    SentBefore& sent_before() noexcept { return sent_before_; }

private:
    std::atomic<unsigned> call_ = 0;
    std::atomic<std::uint64_t> left_out_ = 0;
    std::mutex mutex_;  // guards the two below
    Readership seen_;
    std::map<std::chrono::sys_days, std::uint64_t> keys_;
    SentBefore sent_before_;
};

}  // namespace gazetted
