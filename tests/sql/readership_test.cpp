#include "daemon/readership_writer.hpp"
#include "daemon/store.hpp"
#include "tests/support/test_database.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <thread>

namespace gazetted {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::sys_days;

const sys_days today = std::chrono::floor<days>(std::chrono::system_clock::now());
const std::string news = "/category/news.atom";

Readership seen_by_a_node(std::uint64_t first_poller) {
    Readership seen;
    for (auto who = first_poller; who < first_poller + 3; ++who) seen.feeds[{today, news}].pollers.add(who << 56U);
    seen.feeds[{today, news}].seen = today + 10s;
    seen.subscribers[{"Feedly", news, ""}] = {.count = 16, .seen = today + 10s};
    seen.habits[{today, "curl"}] = {
        .requests = 6, .conditional = 5, .not_modified = 4, .body_bytes = 3, .repeated = 2, .repeated_bytes = 1};
    return seen;
}

struct StoredReadership : testing::Test {
    TestDatabase database;
    Store store{database.url()};
};

TEST_F(StoredReadership, AddsUpOverNodes) {
    store.merge_readership(seen_by_a_node(0), today);
    Store(database.url()).merge_readership(seen_by_a_node(1), today);
    const auto all = store.readership(today);
    EXPECT_EQ(all.feeds.at({today, news}).pollers.estimate(), 4U) << "two of three came to both";
    EXPECT_EQ(all.feeds.at({today, news}).seen, today + 10s);
    const auto& curl = all.habits.at({today, "curl"});
    EXPECT_EQ(curl.requests, 12U);
    EXPECT_EQ(curl.conditional, 10U);
    EXPECT_EQ(curl.not_modified, 8U);
    EXPECT_EQ(curl.body_bytes, 6U);
    EXPECT_EQ(curl.repeated, 4U);
    EXPECT_EQ(curl.repeated_bytes, 2U);
    EXPECT_EQ(all.subscribers.at({"Feedly", news, ""}).count, 16U);
}

TEST_F(StoredReadership, KeepsTheLatestThatAServiceSaid) {
    auto later = seen_by_a_node(0), earlier = later;
    later.subscribers.begin()->second = {.count = 20, .seen = today + 20s};
    earlier.subscribers.begin()->second = {.count = 5, .seen = today + 15s};
    for (const auto& seen : {seen_by_a_node(0), later, earlier}) store.merge_readership(seen, today);
    EXPECT_EQ(store.readership(today).subscribers.at({"Feedly", news, ""}).count, 20U);
}

TEST_F(StoredReadership, IsFoundByFeedAndDay) {
    store.merge_readership(seen_by_a_node(0), today);
    EXPECT_EQ(store.readership(today, {news, "/category/news.rss"}).feeds.size(), 1U);
    const auto other = store.readership(today, {"/all.atom"});
    EXPECT_TRUE(other.feeds.empty() && other.subscribers.empty());
    EXPECT_TRUE(store.readership(today + days{1}).is_empty());
}

TEST_F(StoredReadership, ForgetsKeysOfDaysThatAreOverAndDaysThatAreOld) {
    store.poller_key(today, 1);
    store.poller_key(today + days{1}, 2);
    store.merge_readership(seen_by_a_node(0), today);
    store.merge_readership({}, today + days{1});
    EXPECT_EQ(database.value("SELECT key FROM poller_keys"), "2");
    store.merge_readership({}, today + readership_days_max);
    EXPECT_FALSE(store.readership(today).is_empty());
    store.merge_readership({}, today + readership_days_max + days{1});
    EXPECT_TRUE(store.readership(today).is_empty());
}

TEST_F(StoredReadership, GivesAllNodesTheKeyThatOneChose) {
    const auto large = ~std::uint64_t{0} - 7;
    EXPECT_EQ(store.poller_key(today, large), large);
    EXPECT_EQ(Store(database.url()).poller_key(today, 8), large);
    EXPECT_NE(store.poller_key(today + days{1}, 9), large);
}

TEST_F(StoredReadership, MergesEveryRegister) {
    Readership one, other;
    PollerSketch expected;
    for (std::uint64_t i = 0; i < 512; ++i) {
        const auto hash = (i << 56U) | (std::uint64_t{1} << (i % 50));
        (i % 2 == 0 ? one : other).feeds[{today, news}].pollers.add(hash);
        expected.add(hash);
    }
    store.merge_readership(one, today);
    store.merge_readership(other, today);
    EXPECT_EQ(store.readership(today).feeds.at({today, news}).pollers, expected);
}

// ---- the writer

constexpr ReadershipWriter::Times quick{.interval = 20ms, .hand_over = 1ms, .deadline = 5s};

constexpr auto away = ReadershipWriter::Database::perhaps_away;

bool holds_within_five_seconds(const std::function<bool()>& claim) {
    for (int i = 0; i < 500 && !claim(); ++i) std::this_thread::sleep_for(10ms);
    return claim();
}

TEST_F(StoredReadership, IsWrittenWhileTheDaemonRuns) {
    ReadershipInbox inbox;
    const ReadershipWriter writer(database.url(), inbox, away, quick);
    inbox.put(seen_by_a_node(0));
    EXPECT_TRUE(holds_within_five_seconds([&] { return !store.readership(today).is_empty(); }));
}

TEST_F(StoredReadership, IsWrittenAtTheEndAtTheLatest) {
    ReadershipInbox inbox;
    {
        const ReadershipWriter writer(database.url(), inbox, away);
        inbox.put(seen_by_a_node(0));
    }
    EXPECT_EQ(store.readership(today).habits.at({today, "curl"}).requests, 6U);
}

TEST_F(StoredReadership, LosesNothingWhileTheDatabaseRefusesIt) {
    ReadershipInbox inbox;
    const ReadershipWriter writer(database.url(), inbox, away, quick);
    ASSERT_TRUE(holds_within_five_seconds([&] { return database.value("SELECT count(*) FROM poller_keys") == "2"; }));
    database.run("ALTER TABLE reader_habits RENAME TO elsewhere");
    for (const std::uint64_t first_poller : {0U, 1U}) {
        inbox.put(seen_by_a_node(first_poller));
        // Loops are called in before each attempt: after the second call one attempt has failed.
        ASSERT_TRUE(holds_within_five_seconds([&, before = inbox.call()] { return inbox.call() >= before + 2; }));
    }
    database.run("ALTER TABLE elsewhere RENAME TO reader_habits");
    EXPECT_TRUE(holds_within_five_seconds([&] {
        const auto all = store.readership(today);
        return !all.habits.empty() && all.habits.begin()->second.requests == 12U;
    }));
}

TEST_F(StoredReadership, LeavesOutPollersThatWereCountedUnderAKeyOfItsOwn) {
    store.poller_key(today, 7);
    ReadershipInbox inbox;
    inbox.put(seen_by_a_node(0));  // before it has heard of that key
    { const ReadershipWriter writer(database.url(), inbox, away); }
    const auto all = store.readership(today);
    EXPECT_EQ(all.feeds.at({today, news}).pollers.estimate(), 0U);
    EXPECT_EQ(all.subscribers.begin()->second.count, 16U);
}

TEST_F(StoredReadership, AgreesOnTheKeysOfTodayAndTomorrow) {
    ReadershipInbox here, there;
    const ReadershipWriter one(database.url(), here, away, quick), other(database.url(), there, away, quick);
    const auto agree = [&] {
        return here.key_of(today) == there.key_of(today) && here.key_of(today + days{1}) == there.key_of(today + days{1});
    };
    EXPECT_TRUE(holds_within_five_seconds(agree));
}

TEST_F(StoredReadership, HasItsKeyBeforeTheFirstPollerWhereTheDatabaseAnswers) {
    store.poller_key(today, 7);
    ReadershipInbox inbox;
    const ReadershipWriter writer(database.url(), inbox, ReadershipWriter::Database::here);
    EXPECT_EQ(inbox.key_of(today), 7U);
}

}  // namespace
}  // namespace gazetted
