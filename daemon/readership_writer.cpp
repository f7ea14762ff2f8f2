#include "daemon/readership_writer.hpp"

#include "daemon/ending.hpp"
#include "daemon/log.hpp"
#include "daemon/store.hpp"

#include <optional>
#include <thread>
#include <utility>

namespace gazetted {

using std::chrono::days;
using std::chrono::milliseconds;

namespace {

std::chrono::sys_days today_utc() { return std::chrono::floor<days>(std::chrono::system_clock::now()); }

}  // namespace

struct ReadershipWriter::State {
    std::string database_url;
    ReadershipInbox& inbox;
    Times times;
    Ending ending;
    Readership pending;
    std::optional<std::chrono::sys_days> agreed;  // keys up to this day
    bool was_told = false;
    std::thread thread;

    void run() {
        write();
        while (!ending.comes_within(times.interval)) {
            inbox.call_in();
            if (ending.comes_within(times.hand_over)) break;
            write();
        }
        write();
    }

    // A connection a minute costs less than one that is kept.
    void write() {
        pending.merge(inbox.take());
        const auto today = today_utc();
        const bool has_keys = agreed && *agreed > today;
        if (pending.is_empty() && has_keys) return;
        try {
            Store store(database_url, times.deadline);
            agree_on_keys(store, today);
            if (!pending.is_empty()) store.merge_readership(pending, today);
            pending = {};
            if (std::exchange(was_told, false)) log(LogLevel::info, "readers_written");
        } catch (const StoreUnavailable& error) {
            // A daemon whose role only reads is right too: said once.
            if (!std::exchange(was_told, true)) log(LogLevel::warning, "readers_not_written", {{"reason", error.what()}});
        } catch (const std::exception& error) {
            log(LogLevel::error, "readers_lost", {{"reason", error.what()}});
            pending = {};
        }
    }

    // Under another key they would count twice (ReaderTally::take() does the same).
    void forget_pollers(std::chrono::sys_days day) {
        for (auto& [key, feed] : pending.feeds)
            if (key.day == day) feed.pollers = {};
    }

    // Tomorrow's as well: midnight may find the database away.
    void agree_on_keys(Store& store, std::chrono::sys_days today) {
        for (const auto day : {today, today + days(1)}) {
            const auto own = inbox.key_of(day), key = store.poller_key(day, own);
            inbox.agree(day, key);
            if (key != own) forget_pollers(day);
        }
        if (agreed != today + days(1)) inbox.call_in();
        agreed = today + days(1);
    }
};

ReadershipWriter::ReadershipWriter(std::string database_url, ReadershipInbox& inbox, Database database)
    : ReadershipWriter(std::move(database_url), inbox, database, Times{}) {}

ReadershipWriter::ReadershipWriter(std::string database_url, ReadershipInbox& inbox, Database database, const Times& times)
    : state_(new State{.database_url = std::move(database_url),
                       .inbox = inbox,
                       .times = times,
                       .ending = {},
                       .pending = {},
                       .agreed = {},
                       .was_told = false,
                       .thread = {}}) {
    // Before the first poller is counted: what is counted under a key of our own is lost when there is another.
    if (database == Database::here) state_->write();
    state_->thread = std::thread([state = state_.get()] { state->run(); });
}

ReadershipWriter::~ReadershipWriter() {
    state_->ending.begin();
    state_->thread.join();
}

}  // namespace gazetted
