#include "daemon/ingest.hpp"

#include "daemon/feed_instance.hpp"
#include "daemon/outgoing_address.hpp"
#include "daemon/upstream_entries.hpp"
#include "feeds/article_of_entry.hpp"
#include "feeds/ascii.hpp"
#include "feeds/lawful.hpp"
#include "feeds/read_feed.hpp"
#include "feeds/text.hpp"

#include <algorithm>
#include <charconv>
#include <sstream>
#include <string_view>
#include <utility>
#include <vector>

namespace gazetted {

namespace {

using std::chrono::seconds;

constexpr const char* accepted_types =
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, application/xml;q=0.8, "
    "text/xml;q=0.8, application/json;q=0.7, text/html;q=0.5, */*;q=0.1";
/// Of a document that is kept for looking at.
constexpr std::size_t kept_bytes_max = std::size_t{1} << 20;
constexpr std::size_t error_characters_max = 1'000;
constexpr std::size_t validator_bytes_max = 512;
/// Of a new address: no index takes a row of more than 2,704 bytes.
constexpr std::size_t address_bytes_max = 2'048;

/// As a URL has them (RFC 3986 section 3.2.1); the fetcher makes a field of them.
std::string with_credentials(const std::string& url, const std::string& credentials) {
    const auto authority = url.find("://") + 3;
    const auto colon = credentials.find(':');
    const std::string user = percent_encode(credentials.substr(0, colon));
    const std::string password = colon == std::string::npos ? std::string() : percent_encode(credentials.substr(colon + 1));
    return url.substr(0, authority) + user + ':' + password + '@' + url.substr(authority);
}

std::string field_of(const FetchResult& result, std::string_view name) {
    const std::string* value = result.field(name);
    return value == nullptr ? std::string() : *value;
}

/// As it came; one that is longer than honest ones is none, or the next request would be.
std::string validator_of(const FetchResult& result, std::string_view name) {
    std::string value = field_of(result, name);
    return value.size() <= validator_bytes_max && is_utf8(value) ? value : std::string();
}

/// Where permanent redirects lead, as far as they come before any other; empty where that is longer than an address may be.
std::string permanent_target(const std::vector<FetchHop>& hops) {
    std::string target;
    for (const FetchHop& hop : hops) {
        if (hop.status != 301 && hop.status != 308) break;
        target = hop.to_url;
    }
    return target.size() <= address_bytes_max ? target : std::string();
}

PollOutcome outcome_of(const FetchResult& result) {
    if (result.outcome != FetchOutcome::answered) return PollOutcome::failed;
    if (result.status == 200) return PollOutcome::whole;
    if (result.status == 304) return PollOutcome::unchanged;
    if (result.status == 410) return PollOutcome::gone;
    return result.status == 429 || result.status == 503 ? PollOutcome::wait : PollOutcome::failed;
}

PollReport report_of(const FetchResult& result) {
    return {.outcome = outcome_of(result),
            .etag = validator_of(result, "ETag"),
            .last_modified = validator_of(result, "Last-Modified"),
            .cache_control = field_of(result, "Cache-Control"),
            .expires = field_of(result, "Expires"),
            .date = field_of(result, "Date"),
            .retry_after = field_of(result, "Retry-After"),
            .was_whole = outcome_of(result) == PollOutcome::whole || result.outcome == FetchOutcome::too_large,
            .moved_to = permanent_target(result.hops)};
}

/// What an operator can do about a status that is no feed.
std::string advice_for(int status) {
    if (status == 401 || status == 403)
        return "the upstream wants credentials or refuses us: gazetted source set --credentials, or ask its owner";
    if (status == 404) return "there is no feed at this address any more: look for its new one and add that";
    if (status == 410)
        return "the upstream says that the feed is gone for ever; if it says so for three days, it is asked no more: look for "
               "another one";
    if (status == 429) return "the upstream wants to be asked less often; we wait as it says";
    if (status >= 500) return "the upstream has a fault of its own; we ask again later";
    return "no answer that a feed reader can use";
}

std::string error_of(const FetchResult& result) {
    if (result.outcome != FetchOutcome::answered) return result.reason;
    return "status " + std::to_string(result.status) + ": " + advice_for(result.status);
}

seconds whole_number_of(std::string_view text, seconds unit) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && value > 0 && value < 1'000'000 ? unit * value : seconds{0};
}

/// `ttl` in minutes, or a `sy:` period divided by its frequency.
seconds interval_of(const ParsedHead& head) {
    const seconds ttl = whole_number_of(head.ttl, std::chrono::minutes{1});
    constexpr std::pair<std::string_view, seconds> periods[] = {{"hourly", std::chrono::hours{1}},
                                                                {"daily", std::chrono::hours{24}},
                                                                {"weekly", std::chrono::hours{24 * 7}},
                                                                {"monthly", std::chrono::hours{24 * 30}},
                                                                {"yearly", std::chrono::hours{24 * 365}}};
    for (const auto& [word, period] : periods) {
        if (!equal_ignoring_case(head.update_period, word)) continue;
        const auto frequency = whole_number_of(head.update_frequency, seconds{1});
        return std::max(ttl, period / std::max<std::int64_t>(1, frequency.count()));
    }
    return ttl;
}

/// As RSS 2.0 has them: hours 0 to 23, or to 24 in 0.91, and days by their names.
SkippedTimes skipped_times(const ParsedHead& head) {
    constexpr std::string_view days[] = {"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"};
    SkippedTimes skipped;
    std::istringstream hours(head.skip_hours);
    for (unsigned hour = 0; hours >> hour;)
        if (hour <= 24) skipped.hours.set(hour % 24);
    std::istringstream names(head.skip_days);
    for (std::string name; names >> name;)
        for (std::size_t day = 0; day < std::size(days); ++day)
            if (equal_ignoring_case(name, days[day])) skipped.days.set(day);
    return skipped;
}

std::vector<Instant> dates_of(const Feed& feed) {
    std::vector<Instant> dates;
    for (const ParsedEntry& entry : feed.entries)
        if (const auto& date = entry.published ? entry.published : entry.updated) dates.push_back(*date);
    return dates;
}

Settlement::Kept kept_document(const FetchResult& result, bool is_good) {
    return {.is_good = is_good,
            .url = result.effective_url,
            .content_type = to_utf8(field_of(result, "Content-Type")),
            .bytes = result.body.substr(0, kept_bytes_max)};
}

/// One poll: what it knows, and what it comes to.
struct Poll {
    Store& store;
    const Subscription& subscription;
    const FetchResult& result;
    Instant now;
    PollReport report = report_of(result);
    Settlement settlement = {};
    IngestSummary summary = {};
};

/// A document's entries, told from those that we have, and the articles of those that it deletes.
ToldApart tell_entries(Poll& poll, const Feed& feed) {
    const std::int64_t source_id = poll.subscription.source_id;
    auto entries = entries_of(feed, poll.subscription, poll.now);
    std::vector<std::string> ids;
    std::vector<std::string> links;
    for (const UpstreamEntry& entry : entries) ids.push_back(entry.key), links.push_back(entry.link);
    std::vector<std::string> keys = keys_to_look_up(entries);
    const std::set<std::string> deleted = deleted_keys(feed);
    for (const std::string& key : deleted)
        for (std::string& same : keys_of(key)) keys.push_back(std::move(same));
    const auto known = poll.store.known_entries(source_id, keys, links);
    const auto others = poll.store.ids_of_others(source_id, ids);
    poll.settlement.deleted_ids = articles_of(deleted, known);
    auto told = tell_apart(std::move(entries), known, others, poll.subscription.feed_url, poll.now);
    told.knows_any = told.knows_any || !poll.settlement.deleted_ids.empty();
    return told;
}

/// The rows of what is new or has changed.
void take_entries(Poll& poll, ToldApart told) {
    poll.report.is_same_feed = told.knows_any;
    poll.summary.unchanged = told.unchanged;
    if (told.to_write.empty()) return;
    const Rules rules(poll.subscription.rules);
    poll.summary.rules_set_aside = rules.set_aside();
    for (UpstreamEntry& entry : told.to_write) {
        entry.ruling = rules.apply(entry.article);
        if (refusal(entry.article)) {
            ++poll.summary.refused;
            continue;
        }
        ++(entry.ruling.is_dropped ? poll.summary.dropped : entry.is_new ? poll.summary.added : poll.summary.changed);
        poll.settlement.entries.push_back(std::move(entry));
    }
}

/// Whether somebody else's feed has taken the address: nothing in it is what we know, where we know something.
bool is_another_feed(Poll& poll, const FeedIdentity& identity, const ToldApart& told) {
    return !told.knows_any && is_called_otherwise(poll.subscription.identity, identity) &&
           poll.store.has_entries(poll.subscription.source_id);
}

/// Its entries are not taken until an operator says so.
void hold_another_feed(Poll& poll, const FeedIdentity& identity) {
    const auto name = [](const FeedIdentity& it) {
        const std::string& word = !it.title.empty() ? it.title : !it.home.empty() ? it.home : it.id;
        return word.empty() ? std::string("one without a name") : '"' + first_words(word, 100) + '"';
    };
    poll.report.outcome = PollOutcome::failed;
    poll.settlement.document->is_good = false;
    poll.settlement.deleted_ids.clear();
    poll.settlement.error = "another feed answers at this address, " + name(identity) + " in place of " +
                            name(poll.subscription.identity) +
                            ", with no entry of before: where that is right, gazetted source accept " + poll.subscription.slug +
                            "; else look for the new address of the feed and add that";
}

/// The document of a 200, where it is a feed; else the poll has failed.
void take_document(Poll& poll) {
    std::string hash = hash_of(poll.result.body);
    if (hash == poll.subscription.document_hash) {
        poll.report.is_same_feed = true;
        poll.report.document_interval = poll.subscription.poll.wanted_interval;
        poll.report.skipped = poll.subscription.poll.skipped;
        poll.report.silent_after = poll.subscription.poll.silent_after;
        return;
    }
    const Result<Feed> feed = read_feed(poll.result.body, field_of(poll.result, "Content-Type"), poll.result.effective_url);
    poll.settlement.document = kept_document(poll.result, feed.has_value());
    if (!feed) {
        poll.report.outcome = PollOutcome::failed;
        poll.settlement.error =
            "the answer is no feed (" + feed.error().message + "): look at it with gazetted source show --document bad";
        return;
    }
    auto told = tell_entries(poll, *feed);
    FeedIdentity identity = identity_of(*feed, poll.result.effective_url);
    if (is_another_feed(poll, identity, told)) {
        hold_another_feed(poll, identity);
        return;
    }
    poll.settlement.document_hash = std::move(hash);
    poll.settlement.source_title = identity.title;
    poll.settlement.source_home = home_of(*feed);
    if (!identity.empty()) poll.settlement.identity = std::move(identity);
    poll.report.document_interval = interval_of(feed->head);
    poll.report.skipped = skipped_times(feed->head);
    poll.report.published = dates_of(*feed);
    poll.report.silent_after = silence_begins(poll.report.published, poll.now);
    take_entries(poll, std::move(told));
}

void move(Poll& poll) {
    Settlement& settlement = poll.settlement;
    const std::string& url = settlement.poll.moved_to;
    if (may_be_asked_at(poll.subscription, url)) {
        settlement.feed_url = std::exchange(settlement.poll.moved_to, {});
        settlement.poll.moved = {};
    } else if (settlement.error.empty()) {
        settlement.error = "the feed has moved for good to " + url +
                           ", where its credentials do not belong: gazetted source add that address, with credentials where it "
                           "wants any, or gazetted source set " +
                           poll.subscription.slug + " --credentials ''";
    }
}

/// Writes what the poll came to, and what it means for the next one.
IngestSummary settle(Poll poll, const PollManners& everywhere, double jitter) {
    const Subscription& subscription = poll.subscription;
    Settlement& settlement = poll.settlement;
    settlement.status = poll.result.status;
    settlement.bytes_received = poll.result.bytes_received;
    settlement.poll = polled(subscription.poll, poll.report, manners_of(subscription, everywhere), poll.now, jitter);
    if (takes_new_address(settlement.poll, poll.now)) move(poll);
    settlement.error = first_words(one_line(settlement.error), error_characters_max);

    IngestSummary& summary = poll.summary;
    const auto settled = poll.store.settle(subscription, settlement);
    summary.was_written = settled.has_value();
    if (settled && settled->feed_url != subscription.feed_url) summary.moved_to = settled->feed_url;
    if (settled) summary.withdrawn = settled->withdrawn, summary.bytes_saved = settled->bytes_saved;
    summary.outcome = poll.report.outcome;
    summary.bytes_received = poll.result.bytes_received;
    summary.status = settlement.status;
    summary.error = settlement.error;
    summary.has_ended = settlement.poll.has_ended;
    summary.next_poll = settlement.poll.next_poll;
    return std::move(summary);
}

}  // namespace

PollManners manners_of(const Subscription& subscription, const PollManners& everywhere) {
    return {.conditional_min = subscription.conditional_min.value_or(everywhere.conditional_min),
            .whole_min = subscription.whole_min.value_or(everywhere.whole_min),
            .interval_max = subscription.interval_max.value_or(everywhere.interval_max)};
}

bool may_be_asked_at(const Subscription& subscription, const std::string& url) {
    if (subscription.credentials.empty()) return true;
    const auto from = parse_web_address(subscription.feed_url), to = parse_web_address(url);
    return from && to && from->same_origin(*to);
}

FetchRequest request_of(const Subscription& subscription, const std::string& user_agent) {
    FetchRequest request{.url = subscription.feed_url,
                         .fields = {{"User-Agent", subscription.user_agent.empty() ? user_agent : subscription.user_agent},
                                    {"Accept", accepted_types}},
                         .reach = subscription.allows_private ? Reach::local_networks : Reach::internet};
    if (!subscription.poll.etag.empty()) request.fields.emplace_back("If-None-Match", subscription.poll.etag);
    if (!subscription.poll.last_modified.empty())
        request.fields.emplace_back("If-Modified-Since", subscription.poll.last_modified);
    if (subscription.credentials.starts_with("Bearer "))
        request.fields.emplace_back("Authorization", subscription.credentials);
    else if (!subscription.credentials.empty())
        request.url = with_credentials(subscription.feed_url, subscription.credentials);
    return request;
}

IngestSummary ingest(Store& store, const Subscription& subscription, const FetchResult& result, const PollManners& everywhere,
                     Instant now, double jitter) {
    Poll poll{.store = store, .subscription = subscription, .result = result, .now = now};
    Settlement& settlement = poll.settlement;
    settlement.document_hash = subscription.document_hash;
    settlement.is_unchanged = poll.report.outcome == PollOutcome::unchanged;
    if (poll.report.outcome == PollOutcome::whole) {
        settlement.whole_bytes = result.bytes_received;
        take_document(poll);
    } else if (poll.report.outcome == PollOutcome::unchanged) {
        poll.report.is_same_feed = true;
    } else {
        settlement.error = error_of(result);
    }
    return settle(std::move(poll), everywhere, jitter);
}

IngestSummary give_up(Store& store, const Subscription& subscription, const FetchResult& result, const PollManners& everywhere,
                      Instant now, double jitter, const std::string& reason) {
    Poll poll{.store = store, .subscription = subscription, .result = result, .now = now};
    poll.report.outcome = PollOutcome::failed;
    poll.settlement.document_hash = subscription.document_hash;
    if (outcome_of(result) == PollOutcome::whole) poll.settlement.document = kept_document(result, false);
    poll.settlement.error = "what it sent cannot be stored (" + reason +
                            "); its articles of before stay: look at it with gazetted source show --document bad, and tell its "
                            "owner what is wrong with it";
    return settle(std::move(poll), everywhere, jitter);
}

IngestSummary ingest_or_give_up(Store& store, const Subscription& subscription, const FetchResult& result,
                                const PollManners& everywhere, Instant now, double jitter) {
    std::string reason;
    try {
        return ingest(store, subscription, result, everywhere, now, jitter);
    } catch (const StatementFailed& error) {
        reason = error.what();
    } catch (const StoreUnavailable&) {
        throw;
    } catch (const std::exception& error) {
        reason = error.what();
    }
    return give_up(store, subscription, result, everywhere, now, jitter, reason);
}

}  // namespace gazetted
