#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace gazetted {

/// How long something took, how often. Any thread adds, any thread reads.
class Histogram {
public:
    using Duration = std::chrono::nanoseconds;
    /// In seconds: from half a millisecond, since less is rarely seen, to ten seconds, when a database has long been given up.
    static constexpr std::array<double, 14> bounds_s = {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                                        0.1,    0.25,  0.5,    1,     2.5,  5,     10};

    /// Less than nothing counts as nothing: clocks of two machines differ.
    void add(Duration) noexcept;

    struct Snapshot {
        std::array<std::uint64_t, bounds_s.size() + 1> counts{};  ///< each bound's own; the last is beyond all of them
        double sum_s = 0;
        void add(const Snapshot&) noexcept;
    };
    Snapshot snapshot() const noexcept;

private:
    std::array<std::atomic<std::uint64_t>, bounds_s.size() + 1> counts_{};
    std::atomic<std::int64_t> sum_ns_ = 0;
};

}  // namespace gazetted
