#include "daemon/figure_history.hpp"

#include <algorithm>

namespace gazetted {

namespace {

std::uint64_t growth_between(const FigureSample& before, const FigureSample& after, FigureHistory::Counter counter) {
    return after.*counter - std::min(after.*counter, before.*counter);
}

std::uint64_t polls_of(const PollingFigures& polling) {
    std::uint64_t sum = 0;
    for (const auto& [outcome, count] : polling.polls) sum += count;
    return sum;
}

}  // namespace

FigureSample sample_of(const Figures& figures, std::chrono::steady_clock::time_point time) {
    FigureSample sample{.time = time};
    for (const auto& [status, count] : figures.responses) sample.responses += count;
    sample.body_bytes = figures.body_bytes;
    sample.refused_connections = figures.refused + figures.refused_by_address;
    for (const auto& [format, snapshot] : figures.renderings)
        for (const auto count : snapshot.counts) sample.renderings += count;
    sample.failed_renderings = figures.rendering_failures;
    sample.evictions = figures.cache_evictions;
    sample.polls = polls_of(figures.polling);
    const auto failed = figures.polling.polls.find("failed");
    sample.failed_polls = failed == figures.polling.polls.end() ? 0 : failed->second;
    sample.lost_access_lines = figures.access_lines_lost;
    return sample;
}

void FigureHistory::add(const FigureSample& sample) {
    samples_.push_back(sample);
    while (samples_.size() > samples_max || sample.time - samples_.front().time > span) samples_.pop_front();
}

// From the newest backwards, so that the last rate is of whole intervals.
std::vector<FigureHistory::Rate> FigureHistory::rates(Counter counter, std::size_t rates_max) const {
    std::vector<Rate> rates;
    if (samples_.size() < 2) return rates;
    const std::size_t intervals = samples_.size() - 1, step = (intervals + rates_max - 1) / rates_max;
    for (std::size_t end = intervals; end > 0; end -= std::min(end, step)) {
        const auto& after = samples_[end];
        const auto& before = samples_[end - std::min(end, step)];
        const std::chrono::duration<double> time = after.time - before.time;
        if (time.count() <= 0) continue;
        rates.push_back({.age = samples_.back().time - after.time,
                         .per_second = static_cast<double>(growth_between(before, after, counter)) / time.count()});
    }
    std::reverse(rates.begin(), rates.end());
    return rates;
}

std::uint64_t FigureHistory::growth(Counter counter) const {
    return samples_.empty() ? 0 : growth_between(samples_.front(), samples_.back(), counter);
}

std::chrono::duration<double> FigureHistory::remembered() const {
    if (samples_.empty()) return {};
    return samples_.back().time - samples_.front().time;
}

}  // namespace gazetted
