#pragma once

#include "daemon/ip_address.hpp"
#include "daemon/readership.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace gazetted {

/// Which bytes which poller was last sent, for all loops: one word a pair of poller and feed. Thread-safe and lock-free; where
/// two pairs want one word the later has it, and what the earlier asks for again is not noticed.
class SentBefore {
public:
    /// Notes that `bytes_hash` is sent to `poller`; true where these were the last that it was sent. Both are uniform hashes.
    bool exchange(std::uint64_t poller, std::uint64_t bytes_hash) noexcept;
    static constexpr std::size_t words = std::size_t{1} << 16;

private:
    std::vector<std::atomic<std::uint64_t>> words_ = std::vector<std::atomic<std::uint64_t>>(words);
};

/// Counts who reads on one loop's thread. note() allocates only where it meets a feed, a reader or a service for the first
/// time in a day, and never more than the limits below. Addresses go into a keyed hash and are not kept.
class ReaderTally {
public:
    /// An answer with a feed to GET.
    struct Sighting {
        std::string_view path;        ///< canonical_path() of the feed
        std::uint64_t path_hash = 0;  ///< short_hash_of() it
        std::string_view user_agent;
        std::optional<IpAddress> address;  ///< none: not known
        unsigned status = 200;
        bool conditional = false;  ///< the request had If-None-Match or If-Modified-Since
        std::size_t body_bytes = 0;
        std::string_view etag;  ///< of the feed's bytes, whatever their coding
    };
    /// A day's key, random and the same on all nodes: what hashes of pollers are made with. Called once a day.
    using KeyOf = std::function<std::uint64_t(std::chrono::sys_days)>;

    static constexpr std::size_t feeds_max = 16'384;
    static constexpr std::size_t services_max = 65'536;  ///< pairs of service and feed
    static constexpr std::size_t readers_max = 512;      ///< names; the rest is counted under `others`
    static constexpr std::string_view others = "others";

    ReaderTally(SentBefore& sent_before, KeyOf key_of);
    ~ReaderTally();
    ReaderTally(ReaderTally&&) noexcept;
    ReaderTally& operator=(ReaderTally&&) noexcept;

    void note(const Sighting&, std::chrono::sys_seconds now);
    /// What was seen since the last time. Asks again for the day's key, which another node may have chosen meanwhile.
    Readership take();

private:
    struct Agent;
    struct Day;
    void begin_day(std::chrono::sys_days);
    const Agent& agent_of(std::string_view user_agent);
    void note_reader(const Sighting&, const Agent&, std::uint64_t poller) noexcept;

    SentBefore* sent_before_;
    KeyOf key_of_;
    std::uint64_t seed_;  // nobody outside can aim at one bucket of a table
    std::vector<Agent> agents_;
    std::unique_ptr<Day> day_;
    Readership finished_;  // of days that are over
};

}  // namespace gazetted
