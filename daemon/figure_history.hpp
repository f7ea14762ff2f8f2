#pragma once

#include "daemon/metrics.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

namespace gazetted {

/// What of the figures is looked back at; all of it counts since the start of the process.
struct FigureSample {
    std::chrono::steady_clock::time_point time;
    std::uint64_t responses = 0, body_bytes = 0, refused_connections = 0;
    std::uint64_t renderings = 0, failed_renderings = 0, evictions = 0;
    std::uint64_t polls = 0, failed_polls = 0;
    std::uint64_t lost_access_lines = 0;
};
FigureSample sample_of(const Figures&, std::chrono::steady_clock::time_point);

/// The figures of the last hour, in bounded memory. A value.
class FigureHistory {
public:
    static constexpr std::chrono::seconds interval{10};  ///< in which a sample is to be added
    static constexpr std::chrono::seconds span{3'600};   ///< what is looked back at
    static constexpr std::size_t samples_max = 361;      ///< of both the ends of an hour's intervals

    /// In the order of their times.
    void add(const FigureSample&);

    using Counter = std::uint64_t FigureSample::*;
    struct Rate {
        std::chrono::duration<double> age;  ///< of the end of the time that it is the mean of
        double per_second = 0;
    };
    /// The oldest first, `rates_max` at most: of many samples each rate is the mean over several intervals.
    std::vector<Rate> rates(Counter, std::size_t rates_max = 120) const;
    /// By how much the counter has grown within what is remembered.
    std::uint64_t growth(Counter) const;
    /// How long ago the oldest sample was taken when the newest was.
    std::chrono::duration<double> remembered() const;

private:
    std::deque<FigureSample> samples_;
};

}  // namespace gazetted
