#include "daemon/histogram.hpp"

#include <algorithm>

namespace gazetted {

void Histogram::add(Duration duration) noexcept {
    duration = std::max(duration, Duration{});
    const auto seconds = std::chrono::duration<double>(duration).count();
    const auto place = static_cast<std::size_t>(std::ranges::lower_bound(bounds_s, seconds) - bounds_s.begin());
    counts_[place].fetch_add(1, std::memory_order_relaxed);
    sum_ns_.fetch_add(duration.count(), std::memory_order_relaxed);
}

void Histogram::Snapshot::add(const Snapshot& other) noexcept {
    for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += other.counts[i];
    sum_s += other.sum_s;
}

Histogram::Snapshot Histogram::snapshot() const noexcept {
    Snapshot now;
    for (std::size_t i = 0; i < counts_.size(); ++i) now.counts[i] = counts_[i].load(std::memory_order_relaxed);
    now.sum_s = static_cast<double>(sum_ns_.load(std::memory_order_relaxed)) / 1e9;
    return now;
}

}  // namespace gazetted
