#pragma once

#include "daemon/subscription.hpp"

#include <cstdint>
#include <map>
#include <mutex>
#include <string_view>
#include <utility>

namespace gazetted {

struct IngestSummary;

/// How this node's polls went since its start, and how all subscriptions stand; docs/metrics.md says what each figure means.
struct PollingFigures {
    std::map<std::string_view, std::uint64_t> polls;     ///< by outcome
    std::map<std::string_view, std::uint64_t> articles;  ///< by what became of them
    std::uint64_t received_bytes = 0, saved_bytes = 0;
    SubscriptionsStanding standing;
};

/// What the poller writes down and the status listener reads. Thread-safe.
class PollingLedger {
public:
    void note(const IngestSummary&);
    void note(SubscriptionsStanding standing) {
        const std::lock_guard lock(mutex_);
        figures_.standing = std::move(standing);
    }
    PollingFigures figures() const {
        const std::lock_guard lock(mutex_);
        return figures_;
    }

private:
    mutable std::mutex mutex_;
    PollingFigures figures_;
};

}  // namespace gazetted
