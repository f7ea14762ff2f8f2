#include "daemon/poll_schedule.hpp"

#include "feeds/ascii.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <utility>

namespace gazetted {

namespace {

using std::chrono::duration_cast;
using std::chrono::hours;
using std::chrono::seconds;

/// Entries that say how often a source publishes.
constexpr std::size_t recent_entries_max = 20;
/// Fewer say nothing of what is usual.
constexpr std::size_t telling_entries_min = 5;
constexpr hours silence_min{24};
/// Of an interval, that a poll comes later than it might.
constexpr double jitter_share = 0.1;

/// Delta-seconds (RFC 9111 section 1.2.2): what does not fit is very long.
std::optional<seconds> parse_delta_seconds(std::string_view text) {
    if (text.size() >= 2 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
    if (text.empty() || !std::ranges::all_of(text, is_digit)) return std::nullopt;
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} ? seconds(value) : seconds(hours{24} * 365);
}

/// The value of max-age; no-store and no-cache say nothing of how often to ask.
std::optional<seconds> max_age(std::string_view cache_control) {
    while (!cache_control.empty()) {
        const auto comma = cache_control.find(',');
        const std::string_view directive = without_blanks(cache_control.substr(0, comma));
        cache_control = comma == std::string_view::npos ? std::string_view() : cache_control.substr(comma + 1);
        const auto equals = directive.find('=');
        if (equals == std::string_view::npos || !equal_ignoring_case(without_blanks(directive.substr(0, equals)), "max-age"))
            continue;
        if (const auto age = parse_delta_seconds(without_blanks(directive.substr(equals + 1)))) return age;
    }
    return std::nullopt;
}

seconds part_of(seconds whole, double share) {
    return seconds(static_cast<std::int64_t>(static_cast<double>(whole.count()) * share));
}

/// `moment`, or one in the first hour after it that is not skipped, nor is its day: all channels that skip the same hours would
/// else be asked when these end. Where all are skipped, nobody can mean it.
Instant outside(const SkippedTimes& skipped, Instant moment, double jitter) {
    if (skipped.hours.all() || skipped.days.all()) return moment;
    Instant found = moment;
    for (int i = 0; i < 24 * 8; ++i) {
        const auto day = std::chrono::floor<std::chrono::days>(found);
        const auto hour = static_cast<std::size_t>(duration_cast<hours>(found - day).count());
        if (!skipped.hours[hour] && !skipped.days[std::chrono::weekday(day).c_encoding()]) break;
        found = std::chrono::floor<hours>(found) + hours{1};
    }
    return found == moment ? found : found + part_of(hours{1}, jitter);
}

/// The newest that are not to come, newest first.
void keep_recent(std::vector<Instant>& published, Instant now) {
    std::erase_if(published, [&](Instant moment) { return moment > now; });
    std::ranges::sort(published, std::greater<>());
    if (published.size() > recent_entries_max) published.resize(recent_entries_max);
}

seconds back_off(int failures) {
    return std::min<seconds>(back_off_max, back_off_min * (1 << std::clamp(failures - 1, 0, 10)));
}

void sight(Sightings& sightings, bool seen, Instant now) {
    if (!seen) {
        sightings = {};
        return;
    }
    if (sightings.count++ == 0) sightings.first = now;
}

void count_from(PollState& state, Instant now) {
    for (auto* moment : {&state.last_success, &state.last_whole})
        if (*moment && **moment > now) *moment = now;
    for (Sightings* sightings : {&state.moved, &state.gone}) sightings->first = std::min(sightings->first, now);
}

/// What an answer that was the feed leaves: its validators as they came, and none that the server no longer sends.
void keep_validators(PollState& state, const PollReport& report) {
    const bool whole = report.outcome == PollOutcome::whole;
    if (whole || !report.etag.empty()) state.etag = report.etag;
    if (whole || !report.last_modified.empty()) state.last_modified = report.last_modified;
}

seconds interval_wanted(const PollReport& report, const PollState& state, Instant now) {
    seconds wanted = report.outcome == PollOutcome::whole ? seconds{0} : state.wanted_interval;
    wanted = std::max(wanted, report.document_interval);
    if (const auto fresh = freshness(report, now)) wanted = std::max(wanted, *fresh);
    if (const auto adapted = adapted_interval(report.published, now)) wanted = std::max(wanted, *adapted);
    return wanted;
}

}  // namespace

std::string_view to_string(PollOutcome outcome) {
    constexpr std::string_view names[] = {"whole", "unchanged", "gone", "wait", "failed"};
    return names[static_cast<std::size_t>(outcome)];
}

bool is_conditional(const PollState& state) noexcept { return !state.etag.empty() || !state.last_modified.empty(); }

Instant earliest_poll(const PollState& state, const PollManners& manners) {
    Instant earliest{};
    if (state.last_poll) earliest = *state.last_poll + manners.conditional_min;
    if (!is_conditional(state) && state.last_whole) earliest = std::max(earliest, *state.last_whole + manners.whole_min);
    return std::max(earliest, state.not_before.value_or(Instant{}));
}

PollState polled(PollState state, const PollReport& report, const PollManners& manners, Instant now, double jitter) {
    count_from(state, now);
    state.last_poll = now;
    if (report.outcome == PollOutcome::whole || report.was_whole) state.last_whole = now;
    state.not_before.reset();
    const bool succeeded = report.outcome == PollOutcome::whole || report.outcome == PollOutcome::unchanged;
    // A failure in between says nothing of whether the address has changed, or is gone.
    if (succeeded) {
        const bool moved = report.is_same_feed && !report.moved_to.empty();
        if (moved && report.moved_to != state.moved_to) state.moved = {};
        state.moved_to = moved ? report.moved_to : std::string();
        sight(state.moved, moved, now);
    }
    if (succeeded || report.outcome == PollOutcome::gone) sight(state.gone, report.outcome == PollOutcome::gone, now);
    state.has_ended = state.gone.count >= gone_sightings_min && now - state.gone.first >= gone_duration_min;

    seconds interval{0};
    if (succeeded) {
        state.failures = 0;
        state.last_success = now;
        keep_validators(state, report);
        if (report.outcome == PollOutcome::whole) {
            state.skipped = report.skipped;
            state.silent_after = report.silent_after;
        }
        state.wanted_interval = interval_wanted(report, state, now);
        interval =
            std::clamp(state.wanted_interval, manners.conditional_min, std::max(manners.conditional_min, manners.interval_max));
    } else {
        ++state.failures;
        if (report.outcome != PollOutcome::gone)
            if (const auto wait = parse_retry_after(report.retry_after, now)) state.not_before = now + *wait;
        interval = report.outcome == PollOutcome::gone ? seconds(back_off_max) : back_off(state.failures);
    }
    interval += part_of(interval, jitter_share * jitter);
    state.next_poll = outside(state.skipped, std::max(now + interval, earliest_poll(state, manners)), jitter);
    return state;
}

bool takes_new_address(const PollState& state, Instant now) {
    return state.moved.count >= moved_sightings_min && now - state.moved.first >= moved_duration_min;
}

std::optional<seconds> parse_retry_after(std::string_view text, Instant now) {
    text = without_blanks(text);
    if (const auto delta = parse_delta_seconds(text)) return std::min<seconds>(*delta, retry_after_max);
    const auto date = parse_http_date(text, std::chrono::floor<seconds>(now));
    if (!date) return std::nullopt;
    return std::clamp<seconds>(std::chrono::ceil<seconds>(*date - now), seconds{0}, retry_after_max);
}

std::optional<seconds> freshness(const PollReport& report, Instant now) {
    if (const auto age = max_age(report.cache_control)) return age;
    const auto floor_of_now = std::chrono::floor<seconds>(now);
    const auto expires = parse_http_date(without_blanks(report.expires), floor_of_now);
    if (!expires) return std::nullopt;
    const auto date = parse_http_date(without_blanks(report.date), floor_of_now);
    return std::max(seconds{0}, *expires - date.value_or(floor_of_now));
}

std::optional<seconds> adapted_interval(std::vector<Instant> published, Instant now) {
    keep_recent(published, now);
    if (published.size() < 2) return std::nullopt;
    const auto span = now - published.back();
    return duration_cast<seconds>(span / static_cast<std::int64_t>(published.size()) / 4);
}

std::optional<Instant> silence_begins(std::vector<Instant> published, Instant now) {
    keep_recent(published, now);
    if (published.size() < telling_entries_min) return std::nullopt;
    auto longest = Instant::duration::zero();
    for (std::size_t i = 1; i < published.size(); ++i) longest = std::max(longest, published[i - 1] - published[i]);
    return published.front() + std::max<Instant::duration>(2 * longest, silence_min);
}

}  // namespace gazetted
