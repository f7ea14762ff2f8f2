#pragma once

#include "daemon/poller_sketch.hpp"

#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

namespace gazetted {

/// Who read which feeds: what a loop saw since it was last asked, what waits to be written, what the database keeps. Days are
/// UTC's. Paths are canonical_path() of feeds. A value.
struct Readership {
    struct FeedKey {
        std::chrono::sys_days day;
        std::string path;
        auto operator<=>(const FeedKey&) const = default;
    };
    struct FeedDay {
        PollerSketch pollers;  ///< those who read for themselves
        std::chrono::sys_seconds seen;
    };
    /// A service reads for many, and says for how many; for one feed perhaps under several numbers of its own.
    struct ServiceKey {
        std::string service, path, feed;
        auto operator<=>(const ServiceKey&) const = default;
    };
    struct Subscribers {
        std::uint32_t count = 0;
        std::chrono::sys_seconds seen;  ///< the latest counts
    };
    struct ReaderKey {
        std::chrono::sys_days day;
        std::string reader;
        auto operator<=>(const ReaderKey&) const = default;
    };
    /// Whether a reader asks as it should. All but the last two are plain counts of its requests for feeds.
    struct Habits {
        std::uint64_t requests = 0;
        std::uint64_t conditional = 0;   ///< with If-None-Match or If-Modified-Since
        std::uint64_t not_modified = 0;  ///< answered 304
        std::uint64_t body_bytes = 0;
        std::uint64_t repeated = 0;  ///< asked without either for the very bytes that it had been sent before
        std::uint64_t repeated_bytes = 0;
    };

    std::map<FeedKey, FeedDay> feeds;
    std::map<ServiceKey, Subscribers> subscribers;
    std::map<ReaderKey, Habits> habits;
    std::uint64_t left_out = 0;  ///< rows that found no room

    /// Rows in each of the three maps, however long the database is away; what comes then is counted in `left_out`.
    static constexpr std::size_t rows_max = 65'536;
    /// Counts add up, sketches merge, later counts of subscribers replace earlier ones.
    void merge(const Readership&);
    bool is_empty() const noexcept { return feeds.empty() && subscribers.empty() && habits.empty(); }
};

/// How long the database keeps days.
constexpr std::chrono::days readership_days_max{31};

}  // namespace gazetted
