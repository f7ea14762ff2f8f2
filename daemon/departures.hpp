#pragma once

#include "daemon/waiting_callers.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>

namespace gazetted {

/// Where feeds went that are at their address no more, by path: moved or removed, as last known. So many at most; the oldest is
/// forgotten first, and then looked up again. One thread at a time.
class Departures {
public:
    static constexpr std::size_t departures_max = 10'000;

    struct Departure {
        Answer answer;
        std::uint64_t changes_seen = 0;  ///< RenderingQueue::changes() when it was looked up: true while there were no more
    };
    /// Null: nothing is known.
    const Departure* find(const std::string& path) const {
        const auto found = by_path_.find(path);
        return found == by_path_.end() ? nullptr : &found->second;
    }
    /// What a rendering found; forgets the path where that is no departure.
    void note(const std::string& path, const Answer& answer, std::uint64_t changes_seen) {
        if (!std::holds_alternative<MovedDocument>(answer) && !std::holds_alternative<RemovedSelection>(answer)) {
            by_path_.erase(path);
            return;
        }
        if (by_path_.insert_or_assign(path, Departure{answer, changes_seen}).second) oldest_first_.push_back(path);
        // Paths forgotten meanwhile are still in the row, and count until they come to its front.
        while (oldest_first_.size() > departures_max) {
            by_path_.erase(oldest_first_.front());
            oldest_first_.pop_front();
        }
    }
    std::size_t size() const noexcept { return by_path_.size(); }

private:
    std::unordered_map<std::string, Departure> by_path_;
    std::deque<std::string> oldest_first_;
};

}  // namespace gazetted
