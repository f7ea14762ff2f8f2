#pragma once

#include <atomic>
#include <cstdint>

namespace gazetted {

/// What a cache still says of a document that it gave out, so that whoever keeps the document need not ask the cache again.
/// From any thread, without a lock.
class Standing {
public:
    /// The cache would give this document again: it was neither replaced nor dropped nor marked stale.
    bool is_current() const noexcept { return current_.load(std::memory_order_acquire); }
    /// Counts for the cache as if it had been asked. Two at the same instant may count as one.
    void note_use() noexcept {
        const auto uses = uses_.load(std::memory_order_relaxed);
        if (uses < uses_max) uses_.store(static_cast<std::uint8_t>(uses + 1), std::memory_order_relaxed);
    }

private:
    friend class FeedCache;
    static constexpr std::uint8_t uses_max = 3;
    std::atomic<bool> current_ = true;
    std::atomic<std::uint8_t> uses_ = 0;
};

}  // namespace gazetted
