#include "daemon/administer.hpp"
#include "daemon/clock.hpp"
#include "daemon/command_parts.hpp"
#include "daemon/host_turns.hpp"
#include "daemon/import_report.hpp"
#include "daemon/ingest.hpp"
#include "daemon/poller.hpp"
#include "feeds/read_feed.hpp"
#include "feeds/read_feed/page.hpp"

#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <iostream>
#include <iterator>
#include <mutex>
#include <sstream>

namespace gazetted {

namespace {

// --- asking upstreams from the command line ----------------------------------------------------------------------------------

/// Fetches side by side and takes results in on this thread, one after the other.
class Errand {
public:
    using Clock = std::chrono::steady_clock;
    Errand(const Config& config, Store& store)
        : config_(poller_config(config.polling, config.site.base_url)),
          readers_(source_readers(store)),
          fetcher_(config_.fetcher) {}

    FetchResult fetch(const Subscription& subscription) {
        start(subscription);
        return next(Clock::time_point::max())->second;
    }
    void start(const Subscription& subscription) {
        fetcher_.start(request_of(subscription, user_agent_for(subscription, config_, readers_)),
                       [this, subscription](FetchResult result) {
                           const std::lock_guard lock(mutex_);
                           done_.emplace_back(subscription, std::move(result));
                           came_.notify_one();
                       });
    }
    /// None: nothing came until then.
    std::optional<std::pair<Subscription, FetchResult>> next(Clock::time_point until) {
        std::unique_lock lock(mutex_);
        const auto has_come = [&] { return !done_.empty(); };
        if (until == Clock::time_point::max())
            came_.wait(lock, has_come);
        else if (!came_.wait_until(lock, until, has_come))
            return std::nullopt;
        auto result = std::move(done_.front());
        done_.pop_front();
        return result;
    }
    const PollManners& manners() const { return config_.manners; }
    std::chrono::milliseconds host_spacing() const { return config_.host_spacing; }
    std::size_t transfers_max() const { return config_.fetcher.limits.transfers_max; }

private:
    const PollerConfig config_;
    const SourceReaders readers_;
    std::mutex mutex_;
    std::condition_variable came_;
    std::deque<std::pair<Subscription, FetchResult>> done_;
    Fetcher fetcher_;
};

/// What the tables do not take fails this source alone.
IngestSummary take_in(Store& store, const Errand& errand, const Subscription& subscription, const FetchResult& result) {
    try {
        return ingest_or_give_up(store, subscription, result, errand.manners(), now_utc(), random_jitter());
    } catch (const StoreBusy& error) {
        return give_up(store, subscription, result, errand.manners(), now_utc(), random_jitter(), error.what());
    }
}

// --- source add --------------------------------------------------------------------------------------------------------------

std::vector<std::string> words_of(const std::string& text) {
    std::istringstream words(text);
    return {std::istream_iterator<std::string>(words), {}};
}

/// What the address answered, if it is a feed; else the feed that the page names, where it names one.
struct Found {
    std::string feed_url;
    FetchResult result;
    std::string fault;  ///< why there is none, with what to do
};

bool is_feed(const FetchResult& result) {
    const std::string* type = result.field("Content-Type");
    return read_feed(result.body, type == nullptr ? "" : *type, result.effective_url).has_value();
}

/// The feeds that a page names, each on a line.
std::string listed(const std::vector<std::string>& candidates) {
    std::string lines;
    for (const std::string& candidate : candidates) lines += "\n  " + candidate;
    return lines;
}

Found look_at(Errand& errand, Subscription probe) {
    Found found{.feed_url = probe.feed_url, .result = errand.fetch(probe), .fault = {}};
    const auto is_answered = [&] { return found.result.outcome == FetchOutcome::answered && found.result.status == 200; };
    if (found.result.outcome != FetchOutcome::answered) {
        found.fault = found.result.reason;
    } else if (found.result.status != 200) {
        found.fault = probe.feed_url + " answers with status " + std::to_string(found.result.status);
    } else if (!is_feed(found.result)) {
        const auto candidates = words_of(advertised_feeds(found.result.body, found.result.effective_url));
        if (candidates.empty()) {
            found.fault = probe.feed_url + " is no feed, and names none: give the address of a feed";
        } else if (candidates.size() > 1) {
            found.fault = "this page names " + std::to_string(candidates.size()) + " feeds: add the one that you want" +
                          listed(candidates);
        } else if (!may_be_asked_at(probe, candidates.front())) {
            found.fault = "the credentials are for " + probe.feed_url + ", and the page names a feed elsewhere: add that" +
                          listed(candidates);
        } else {
            probe.feed_url = found.feed_url = candidates.front();
            found.result = errand.fetch(probe);
            if (!is_answered() || !is_feed(found.result))
                found.fault = "the page names " + probe.feed_url + ", and that is no feed";
        }
    }
    return found;
}

int print_poll(const std::string& slug, const IngestSummary& summary, bool json) {
    const Listing done{
        .columns = {"slug", "status", "added", "changed", "unchanged", "withdrawn", "dropped", "refused", "next_poll", "error"},
        .rows = {{slug, std::int64_t{summary.status}, static_cast<std::int64_t>(summary.added),
                  static_cast<std::int64_t>(summary.changed), static_cast<std::int64_t>(summary.unchanged),
                  static_cast<std::int64_t>(summary.withdrawn), static_cast<std::int64_t>(summary.dropped),
                  static_cast<std::int64_t>(summary.refused), to_rfc3339(summary.next_poll), summary.error}}};
    if (!summary.error.empty() && !json) return failed(slug + ": " + summary.error);
    const std::string what = "source " + slug + ": " + std::to_string(summary.added) + " new, " +
                             std::to_string(summary.changed) + " changed, " + std::to_string(summary.unchanged) +
                             " unchanged articles, " + std::to_string(summary.dropped) +
                             " dropped by rules; next poll not before " + to_rfc3339(summary.next_poll);
    print_done(done, what, json);
    return summary.error.empty() ? 0 : 1;
}

int add(const Config& config, Store& store, const SourceCommand& command) {
    auto asked = wanted_subscription(store, command);
    if (const auto* wrong = std::get_if<Outcome>(&asked)) return print_outcome(*wrong, command.json);
    auto& wanted = std::get<Subscription>(asked);
    Errand errand(config, store);
    const Found found = look_at(errand, wanted);
    if (!found.fault.empty()) return failed(found.fault);

    wanted.feed_url = found.feed_url;
    const Outcome made = subscribe(store, command, wanted);
    if (made.kind != Outcome::Kind::done) return print_outcome(made, command.json);
    const auto slug = std::get<std::string>(made.row.at(0, "slug"));
    const auto claimed = store.claim_subscription(store.subscriptions(slug).front().source_id, random_uuid(), errand.manners());
    if (!claimed) return failed("the source " + slug + " is being polled by somebody else: look again in a minute");
    return print_poll(slug, take_in(store, errand, *claimed, found.result), command.json);
}

// --- what is done with a subscription ----------------------------------------------------------------------------------------

/// An operator may ask sooner than the schedule would, and no sooner than manners and Retry-After allow.
Instant earliest_refresh(const Errand& errand, const Subscription& subscription) {
    return earliest_poll(subscription.poll, manners_of(subscription, errand.manners()));
}

std::optional<Subscription> claim(Store& store, const Errand& errand, const Subscription& subscription) {
    return store.claim_subscription(subscription.source_id, random_uuid(), errand.manners(),
                                    [&](const Subscription& now) { return earliest_refresh(errand, now) <= now_utc(); });
}

struct Round {
    std::int64_t polled = 0, failed = 0, too_soon = 0, added = 0, changed = 0;

    void note(const IngestSummary& summary) {
        ++polled;
        failed += summary.error.empty() ? 0 : 1;
        added += static_cast<std::int64_t>(summary.added);
        changed += static_cast<std::int64_t>(summary.changed);
    }
};

/// Hosts take turns, each with its pauses; one that nobody may ask now is passed over.
void ask(Errand& errand, Store& store, HostTurns<Subscription>& turns, std::int64_t total, Round& round) {
    ProgressBar bar(STDERR_FILENO);
    std::deque<std::pair<Errand::Clock::time_point, std::string>> pausing;
    std::size_t under_way = 0;
    for (std::int64_t done = 0; done < total;) {
        for (; !pausing.empty() && pausing.front().first <= Errand::Clock::now(); pausing.pop_front())
            turns.release(pausing.front().second);
        while (turns.has_next() && under_way < errand.transfers_max()) {
            const Subscription next = turns.next();
            auto claimed = claim(store, errand, next);
            if (!claimed) {
                ++round.too_soon;
                bar.show(++done, total);
                turns.release(next.host);
                continue;
            }
            claimed->host = next.host;  // whose turn it is, whatever its address is by now
            errand.start(*claimed);
            ++under_way;
        }
        if (done == total) return;
        const auto came = errand.next(pausing.empty() ? Errand::Clock::time_point::max() : pausing.front().first);
        if (!came) continue;
        --under_way;
        pausing.emplace_back(Errand::Clock::now() + errand.host_spacing(), came->first.host);
        round.note(take_in(store, errand, came->first, came->second));
        bar.show(++done, total);
    }
}

int refresh_all(const Config& config, Store& store, const SourceCommand& command) {
    Errand errand(config, store);
    HostTurns<Subscription> turns;
    std::int64_t total = 0;
    Round round;
    for (Subscription& subscription : store.subscriptions()) {
        if (subscription.state != "active") continue;
        if (earliest_refresh(errand, subscription) > now_utc()) {
            ++round.too_soon;
            continue;
        }
        const std::string host = subscription.host;
        turns.wait(host, std::move(subscription));
        ++total;
    }
    ask(errand, store, turns, total, round);
    const Listing summary{.columns = {"polled", "failed", "too_soon", "added", "changed"},
                          .rows = {{round.polled, round.failed, round.too_soon, round.added, round.changed}}};
    print_done(summary,
               std::to_string(round.polled) + " polled, " + std::to_string(round.failed) + " failed, " +
                   std::to_string(round.added) + " new and " + std::to_string(round.changed) + " changed articles; " +
                   std::to_string(round.too_soon) + " were asked a short while ago, or want to be left alone, and are",
               command.json);
    return round.failed == 0 ? 0 : 1;
}

int refresh(const Config& config, Store& store, const SourceCommand& command, const Subscription& subscription) {
    if (subscription.state != "active")
        return failed("the source " + command.source + " is " + subscription.state + " and not asked: gazetted source resume " +
                      command.source + " first");
    Errand errand(config, store);
    const Instant earliest = earliest_refresh(errand, subscription);
    if (earliest > now_utc())
        return failed("the source " + command.source +
                      " was asked a short while ago, or wants to be left alone: it may be asked again at " +
                      to_rfc3339(earliest));
    const auto claimed = claim(store, errand, subscription);
    if (!claimed) return failed("the source " + command.source + " is being polled by somebody else: look again in a minute");
    const FetchResult result = errand.fetch(*claimed);
    return print_poll(command.source, take_in(store, errand, *claimed, result), command.json);
}

int print_document(Store& store, const SourceCommand& command, const Subscription& subscription) {
    const auto document = store.upstream_document(subscription.source_id, command.document == "good");
    if (!document) return failed("the source " + command.source + " never sent a " + command.document + " document");
    std::cout << *document;
    return 0;
}

}  // namespace

int run(const Config& config, const SourceCommand& command) {
    OpenStore open(config);
    Store& store = open.store;
    if (command.action == "list") return print_page(page_of(store, command), command.json);
    if (command.action == "add") return add(config, store, command);
    if (command.action == "refresh" && command.all) return refresh_all(config, store, command);
    const bool asks_for_document = !command.document.empty();
    if (command.action != "refresh" && !asks_for_document) return print_outcome(administer(store, command), command.json);

    SourceCommand look = command;
    look.action = "show";
    const Outcome source = administer(store, look);
    if (source.kind != Outcome::Kind::done) return print_outcome(source, command.json);
    const auto found = store.subscriptions(name_of(SelectionKind::source, command.source));
    if (found.empty()) return print_outcome(no_subscription(command.source), command.json);
    if (asks_for_document) return print_document(store, command, found.front());
    return refresh(config, store, command, found.front());
}

}  // namespace gazetted
