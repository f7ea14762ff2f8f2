#include "daemon/poller.hpp"

#include "daemon/clock.hpp"
#include "daemon/host_spacing.hpp"
#include "daemon/ingest.hpp"
#include "daemon/log.hpp"
#include "daemon/store.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <random>
#include <thread>
#include <utility>
#include <vector>

namespace gazetted {

using Clock = std::chrono::steady_clock;

namespace {

using namespace std::chrono_literals;

/// What is due is looked for as often as this, at least.
constexpr auto look_interval = 5s;
/// And no more often, where what is due is just being claimed by another node.
constexpr auto look_pause = 20ms;
/// Readers and how subscriptions stand are looked up no more often.
constexpr auto readers_interval = 1h;
constexpr auto clock_interval = 1min;
constexpr auto back_off_first = 1s;
constexpr auto back_off_last = 30s;
/// Of one outcome that takes the database too long, or where writers are in each other's way.
constexpr int tries_max = 2;

void log_poll(const Subscription& subscription, const IngestSummary& summary) {
    const auto count = [](std::size_t number) { return std::to_string(number); };
    if (!summary.was_written) {
        log(LogLevel::debug, "poll_overtaken", {{"source", subscription.slug}});
    } else if (!summary.error.empty()) {
        // Said when it begins, not at each poll.
        const auto level = summary.error == subscription.error ? LogLevel::debug : LogLevel::warning;
        log(level, "poll_failed", {{"source", subscription.slug}, {"url", subscription.feed_url}, {"reason", summary.error}});
    } else {
        const bool has_news = summary.added + summary.changed + summary.withdrawn + summary.dropped + summary.refused > 0;
        log(has_news ? LogLevel::info : LogLevel::debug, "polled",
            {{"source", subscription.slug},
             {"status", std::to_string(summary.status)},
             {"added", count(summary.added)},
             {"changed", count(summary.changed)},
             {"withdrawn", count(summary.withdrawn)},
             {"dropped", count(summary.dropped)},
             {"refused", count(summary.refused)},
             {"next", to_rfc3339(summary.next_poll)}});
    }
    for (const std::string& fault : summary.rules_set_aside)
        log(LogLevel::warning, "rule_set_aside", {{"source", subscription.slug}, {"reason", fault}});
    if (summary.has_ended && summary.was_written)
        log(LogLevel::warning, "upstream_gone",
            {{"source", subscription.slug},
             {"url", subscription.feed_url},
             {"reason", "410 for 72 hours: it is asked no more"}});
    if (!summary.moved_to.empty())
        log(LogLevel::info, "upstream_moved", {{"source", subscription.slug}, {"url", summary.moved_to}});
}

}  // namespace

class Poller::Loop {
public:
    Loop(std::string database_url, PollerConfig config, PollingLedger& ledger)
        : database_url_(std::move(database_url)),
          config_(std::move(config)),
          ledger_(ledger),
          hosts_(config_.host_spacing),
          fetcher_(std::make_unique<Fetcher>(config_.fetcher)),
          thread_([this] { run(); }) {}

    ~Loop() {
        {
            const std::lock_guard lock(mutex_);
            stopping_ = true;
        }
        wake_.notify_all();
        thread_.join();
    }

private:
    struct Finished {
        Subscription subscription;
        FetchResult result;
        Instant moment;
        int tries = 0;                          // that the database gave up
        std::optional<std::string> fault = {};  // why it is not tried again
    };

    void run() {
        auto back_off = std::chrono::seconds(back_off_first);
        std::string trouble;
        while (!is_stopping()) {
            try {
                Store store(database_url_);
                while (!is_stopping()) {
                    settle_finished(store);
                    look_around(store);
                    start_due(store);
                    back_off = back_off_first;
                    trouble.clear();
                    wait(until_next(store));
                }
            } catch (const std::exception& error) {
                // Said once: a role that may only read, or an outage, lasts.
                if (std::exchange(trouble, error.what()) != error.what())
                    log(LogLevel::warning, "polling_paused", {{"reason", trouble}});
                wait_out(back_off);
                back_off = std::min<std::chrono::seconds>(back_off * 2, back_off_last);
            }
        }
        fetcher_.reset();  // calls `done` for what is under way
    }

    // An outcome leaves the queue once it is written: a database that goes away meanwhile loses none. One that takes too long
    // lets the others go first.
    void settle_finished(Store& store) {
        for (;;) {
            Finished* next = nullptr;
            {
                const std::lock_guard lock(mutex_);
                if (stopping_ || finished_.empty()) return;
                next = &finished_.front();  // a deque's elements stay where they are while others come
            }
            try {
                settle(store, *next);
            } catch (const StoreUnavailable&) {
                const std::lock_guard lock(mutex_);
                finished_.push_back(std::move(finished_.front()));
                finished_.pop_front();
                throw;
            }
            const std::lock_guard lock(mutex_);
            finished_.pop_front();
            --claimed_;
        }
    }

    void settle(Store& store, Finished& it) {
        try {
            const IngestSummary summary = settled(store, it);
            log_poll(it.subscription, summary);
            if (summary.was_written) ledger_.note(summary);
        } catch (const StatementFailed& error) {
            log_failure(it, error);
        } catch (const StoreUnavailable&) {
            throw;
        } catch (const std::exception& error) {
            log_failure(it, error);
        }
    }

    IngestSummary settled(Store& store, Finished& it) {
        const auto& [subscription, result, moment, tries, fault] = it;
        try {
            if (!fault) return ingest_or_give_up(store, subscription, result, config_.manners, moment, random_jitter());
        } catch (const StoreBusy& error) {
            if (++it.tries == tries_max) it.fault = error.what();
            // The connection may have gone with it; another one writes that.
            throw;
        }
        return give_up(store, subscription, result, config_.manners, moment, random_jitter(), *fault);
    }

    // Where not even the fault can be written: the claim holds until its next poll.
    void log_failure(const Finished& it, const std::exception& error) {
        log(LogLevel::error, "ingest_failed", {{"source", it.subscription.slug}, {"reason", error.what()}});
    }

    // What changes slowly, and costs the database more than a claim. Due anew before it is asked: where it fails, polls go on.
    void look_around(Store& store) {
        const auto time = Clock::now();
        if (time >= clock_due_) {
            clock_due_ = time + clock_interval;
            if (const auto hastened = store.hasten_subscriptions(); hastened > 0)
                log(LogLevel::warning, "clock_set_back", {{"subscriptions", std::to_string(hastened)}});
        }
        if (time >= readers_due_ && config_.tells_readers) {
            readers_due_ = time + readers_interval;
            readers_ = source_readers(store);
        }
    }

    // A place among the transfers is for a request that runs: what waits for its host's turn is not claimed.
    void start_due(Store& store) {
        end_turns();
        for (;;) {
            const std::size_t free =
                config_.fetcher.limits.transfers_max - std::min(config_.fetcher.limits.transfers_max, claimed());
            if (free == 0) return;
            auto due = store.claim_subscriptions(free, random_uuid(), config_.manners, hosts_.held(Clock::now()));
            if (due.empty()) return;
            for (Subscription& subscription : due) start(std::move(subscription));
        }
    }

    void start(Subscription subscription) {
        hosts_.begin(subscription.host);
        {
            const std::lock_guard lock(mutex_);
            ++claimed_;
        }
        FetchRequest request = request_of(subscription, user_agent_for(subscription, config_, readers_));
        fetcher_->start(std::move(request), [this, subscription = std::move(subscription)](FetchResult result) {
            // Nothing is known of a request that we ended; the claim holds.
            if (result.outcome == FetchOutcome::stopped) return;
            {
                const std::lock_guard lock(mutex_);
                freed_.push_back(subscription.host);
                finished_.push_back({.subscription = subscription, .result = std::move(result), .moment = now_utc()});
            }
            wake_.notify_all();
        });
    }

    void end_turns() {
        std::vector<std::string> freed;
        {
            const std::lock_guard lock(mutex_);
            freed.swap(freed_);
        }
        for (const std::string& host : freed) hosts_.end(host, Clock::now());
    }

    std::chrono::milliseconds until_next(Store& store) {
        std::chrono::milliseconds until = look_interval;
        if (claimed() < config_.fetcher.limits.transfers_max) {
            const auto now = Clock::now();
            if (const auto due = store.next_poll(hosts_.held(now))) until = std::min(until, *due);
            if (const auto turn = hosts_.next_free())
                until = std::min(until, std::chrono::ceil<std::chrono::milliseconds>(*turn - now));
        }
        return std::max<std::chrono::milliseconds>(until, look_pause);
    }

    void wait(std::chrono::milliseconds most) {
        std::unique_lock lock(mutex_);
        wake_.wait_for(lock, most, [&] { return stopping_ || !finished_.empty(); });
    }
    void wait_out(std::chrono::seconds time) {
        std::unique_lock lock(mutex_);
        wake_.wait_for(lock, time, [&] { return stopping_; });
    }
    bool is_stopping() {
        const std::lock_guard lock(mutex_);
        return stopping_;
    }
    std::size_t claimed() {
        const std::lock_guard lock(mutex_);
        return claimed_;
    }

    const std::string database_url_;
    const PollerConfig config_;
    PollingLedger& ledger_;

    std::mutex mutex_;
    std::condition_variable wake_;
    bool stopping_ = false;
    std::size_t claimed_ = 0;  // until their outcome is written
    std::deque<Finished> finished_;
    std::vector<std::string> freed_;  // hosts whose request has ended

    // The thread's alone.
    SourceReaders readers_;
    Clock::time_point readers_due_{}, clock_due_{};
    HostSpacing hosts_;

    std::unique_ptr<Fetcher> fetcher_;
    std::thread thread_;
};

Poller::Poller(std::string database_url, PollerConfig config, PollingLedger& ledger)
    : loop_(std::make_unique<Loop>(std::move(database_url), std::move(config), ledger)) {}
Poller::~Poller() = default;

std::string user_agent_for(const Subscription& subscription, const PollerConfig& config, const SourceReaders& readers) {
    return config.tells_readers ? telling_readers(config.user_agent, readers.of(subscription)) : config.user_agent;
}

SourceReaders source_readers(Store& store) {
    const auto today = std::chrono::floor<std::chrono::days>(now_utc());
    return SourceReaders(report_of(store.readership(today - std::chrono::days{1}, {})));
}

std::string random_uuid() {
    std::random_device device;
    constexpr std::string_view digits = "0123456789abcdef";
    std::string uuid;
    for (int i = 0; i < 32; ++i) {
        if (i == 8 || i == 12 || i == 16 || i == 20) uuid += '-';
        unsigned digit = device() & 15U;
        if (i == 12) digit = 4;
        if (i == 16) digit = 8U | (digit & 3U);
        uuid += digits[digit];
    }
    return uuid;
}

double random_jitter() {
    thread_local std::mt19937 generator{std::random_device{}()};
    return std::uniform_real_distribution<double>(0, 1)(generator);
}

PollerConfig poller_config(const PollingConfig& polling, const std::string& base_url) {
    PollerConfig config;
    config.manners = {
        .conditional_min = polling.conditional_min, .whole_min = polling.whole_min, .interval_max = polling.interval_max};
    config.fetcher.limits.transfers_max = polling.transfers_max;
    config.fetcher.outgoing.networks_allowed = polling.networks_allowed;
    config.fetcher.proxy = polling.proxy;
    config.user_agent = polling.user_agent.empty() ? "Gazetted/" GAZETTED_VERSION " (+" + base_url + "/)" : polling.user_agent;
    config.tells_readers = polling.user_agent.empty();
    config.host_spacing = polling.host_spacing;
    return config;
}

}  // namespace gazetted
