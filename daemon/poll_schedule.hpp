#pragma once

#include "feeds/date_time.hpp"

#include <bitset>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gazetted {

// When an upstream is asked, and what of its answers is remembered until then. Pure: the time is an argument, and what is
// remembered lies in the database, so that no restart and no other node begins anew.

/// What an upstream may expect of us; an operator may bound each subscription otherwise.
struct PollManners {
    std::chrono::seconds conditional_min = std::chrono::hours{1};  ///< between two requests with a validator
    std::chrono::seconds whole_min = std::chrono::hours{24};       ///< between two answers in full without one
    std::chrono::seconds interval_max = std::chrono::hours{24};    ///< whatever the upstream publishes or asks for
};
/// Beyond these nothing that an upstream says holds us off.
constexpr std::chrono::hours retry_after_max{24 * 7};
constexpr std::chrono::hours back_off_min{1};
constexpr std::chrono::hours back_off_max{24};
/// An address is given up, and a new one taken, when so many answers said so over so long.
constexpr int gone_sightings_min = 3;
constexpr std::chrono::hours gone_duration_min{72};
constexpr int moved_sightings_min = 3;
constexpr std::chrono::hours moved_duration_min{24 * 7};

/// What was said several times before it is believed.
struct Sightings {
    int count = 0;
    Instant first{};
    friend bool operator==(const Sightings&, const Sightings&) = default;
};

/// Times at which a channel does not want to be asked (RSS 2.0, in GMT).
struct SkippedTimes {
    std::bitset<24> hours;
    std::bitset<7> days;  ///< Sunday first
    friend bool operator==(const SkippedTimes&, const SkippedTimes&) = default;
};

/// What one poll leaves for the next.
struct PollState {
    std::string etag;           ///< byte for byte as it came; empty: none
    std::string last_modified;  ///< the same
    std::optional<Instant> last_poll;
    std::optional<Instant> last_success;  ///< an answer 200 or 304 that was the feed
    std::optional<Instant> last_whole;    ///< an answer 200, whatever it was
    std::optional<Instant> not_before;    ///< as Retry-After of the last answer says
    Instant next_poll{};
    int failures = 0;      ///< in a row
    std::string moved_to;  ///< where permanent redirects lead; empty: nowhere
    Sightings moved;
    Sightings gone;
    bool has_ended = false;                   ///< nobody asks any more: it is gone
    std::chrono::seconds wanted_interval{0};  ///< what the last document and its fields ask for
    SkippedTimes skipped = {};                ///< what the last document asks for
    std::optional<Instant> silent_after;      ///< silence_begins() of the last document
    friend bool operator==(const PollState&, const PollState&) = default;
};

enum class PollOutcome {
    whole,      ///< 200, and it was a feed
    unchanged,  ///< 304
    gone,       ///< 410
    wait,       ///< 429 or 503
    failed,     ///< anything else, no feed included
};
std::string_view to_string(PollOutcome);  ///< the enumerator's own name: metric label

/// What a poll came to, as far as the next one depends on it.
struct PollReport {
    PollOutcome outcome = PollOutcome::failed;
    std::string etag = {};
    std::string last_modified = {};
    std::string cache_control = {};
    std::string expires = {};
    std::string date = {};
    std::string retry_after = {};
    bool was_whole = false;  ///< 200, feed or not, or more than we take: it has cost as much
    /// Where redirects led that were all permanent; empty: there was none, or one was temporary.
    std::string moved_to = {};
    bool is_same_feed = false;  ///< what was read there is what we knew
    // Of a whole document.
    std::chrono::seconds document_interval{0};  ///< ttl or sy:, 0: not said
    SkippedTimes skipped = {};
    std::optional<Instant> silent_after = {};
    std::vector<Instant> published = {};  ///< of its entries, in any order
};

/// The validators to send, whether the request is conditional with them.
bool is_conditional(const PollState&) noexcept;

/// The first moment at which the manners and Retry-After allow another request, whoever wants it; in the past: now.
Instant earliest_poll(const PollState&, const PollManners&);

/// After a request. `jitter`, of [0, 1), spreads polls that would fall together. What happened later than `now` did so while
/// the clock ran ahead, and counts from now on.
PollState polled(PollState, const PollReport&, const PollManners&, Instant now, double jitter);

/// Whether the subscription's address becomes `moved_to`; the state then begins to count anew.
bool takes_new_address(const PollState&, Instant now);

/// Seconds or a date (RFC 9110 section 10.2.3), from `now`, within retry_after_max; none where it is neither.
std::optional<std::chrono::seconds> parse_retry_after(std::string_view, Instant now);

/// How long the fields say that the answer stays fresh (RFC 9111 section 4.2.1); none where they do not say.
std::optional<std::chrono::seconds> freshness(const PollReport&, Instant now);

/// A quarter of the usual gap between entries, which grows while none comes; none where too few are dated.
std::optional<std::chrono::seconds> adapted_interval(std::vector<Instant> published, Instant now);

/// When a source that then has published nothing more is silent beyond its usual: twice the longest of its recent gaps after
/// its newest entry, a day at least. None where fewer than five entries are dated.
std::optional<Instant> silence_begins(std::vector<Instant> published, Instant now);

}  // namespace gazetted
