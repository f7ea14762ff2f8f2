#include "daemon/reader_tally.hpp"

#include "daemon/feed_instance.hpp"

#include <gtest/gtest.h>

namespace gazetted {
namespace {

using std::chrono::days;
using std::chrono::seconds;
using std::chrono::sys_days;
using std::chrono::sys_seconds;

constexpr sys_days today{days{19'000}};
constexpr sys_seconds noon = today + std::chrono::hours{12};
const std::string news = "/category/news.atom";

IpAddress address(unsigned number) {
    return parse_ip_address("10.0." + std::to_string(number / 256) + "." + std::to_string(number % 256)).value();
}

struct ReaderTallyTest : testing::Test {
    ReaderTally::Sighting sighting(std::string_view user_agent, unsigned number = 1) {
        return {.path = news,
                .path_hash = short_hash_of(news),
                .user_agent = user_agent,
                .address = address(number),
                .status = 200,
                .conditional = false,
                .body_bytes = 1'000,
                .etag = "\"a\""};
    }
    SentBefore sent_before;
    std::uint64_t key = 42;
    ReaderTally tally{sent_before, [this](sys_days) { return key; }};
};
using TheReaderTally = ReaderTallyTest;

TEST_F(TheReaderTally, CountsWhoReadsForItselfOnceADay) {
    for (int i = 0; i < 5; ++i)
        for (unsigned who = 0; who < 20; ++who) tally.note(sighting("newsboat/2.21.0 (Linux x86_64)", who), noon);
    const auto seen = tally.take();
    ASSERT_EQ(seen.feeds.size(), 1U);
    const auto& [feed, readers] = *seen.feeds.begin();
    EXPECT_EQ(feed, (Readership::FeedKey{today, news}));
    EXPECT_NEAR(static_cast<double>(readers.pollers.estimate()), 20, 2);
    EXPECT_EQ(readers.seen, noon);
    EXPECT_EQ(seen.habits.at({today, "newsboat"}).requests, 100U);
}

TEST_F(TheReaderTally, TakesTwoReadersBehindOneAddressForTwo) {
    tally.note(sighting("newsboat/2.21.0"), noon);
    tally.note(sighting("newsboat/2.22.0"), noon);
    tally.note(sighting("FreshRSS/1.2"), noon);
    EXPECT_EQ(tally.take().feeds.begin()->second.pollers.estimate(), 2U);
}

TEST_F(TheReaderTally, TakesANetworkOfIPv6ForOneSubscriber) {
    for (const char* text : {"2001:db8::1", "2001:db8::2", "2001:db8:0:1::1"}) {
        auto one = sighting("newsboat/2.21.0");
        one.address = parse_ip_address(text).value();
        tally.note(one, noon);
    }
    EXPECT_EQ(tally.take().feeds.begin()->second.pollers.estimate(), 2U);
}

TEST_F(TheReaderTally, KeepsWhatAServiceSaidLastForEachOfItsFeeds) {
    tally.note(sighting("Feedbin feed-id:1 - 8 subscribers"), noon);
    tally.note(sighting("Feedbin feed-id:2 - 3 subscribers"), noon);
    tally.note(sighting("Feedbin feed-id:1 - 9 subscribers", 2), noon + seconds{1});
    const auto seen = tally.take();
    EXPECT_EQ(seen.subscribers.size(), 2U);
    EXPECT_EQ(seen.subscribers.at({"Feedbin", news, "1"}).count, 9U);
    EXPECT_EQ(seen.subscribers.at({"Feedbin", news, "2"}).count, 3U);
    EXPECT_EQ(seen.feeds.begin()->second.pollers.estimate(), 0U) << "it reads for others";
}

TEST_F(TheReaderTally, SeesWhoFetchesAgainWhatItHas) {
    for (int i = 0; i < 3; ++i) tally.note(sighting("curl/7.88.1"), noon + seconds{i});
    tally.note(sighting("curl/7.88.1", 2), noon);
    auto other_bytes = sighting("curl/7.88.1");
    other_bytes.etag = "\"b\"";
    tally.note(other_bytes, noon);
    const auto habits = tally.take().habits.at({today, "curl"});
    EXPECT_EQ(habits.requests, 5U);
    EXPECT_EQ(habits.repeated, 2U);
    EXPECT_EQ(habits.repeated_bytes, 2'000U);
    EXPECT_EQ(habits.body_bytes, 5'000U);
}

TEST_F(TheReaderTally, BlamesNobodyWhoSentValidators) {
    auto first = sighting("FreshRSS/1.2");
    tally.note(first, noon);
    auto again = first;
    again.conditional = true;  // of another coding, say: the bytes come once more
    tally.note(again, noon);
    again.status = 304;
    again.body_bytes = 0;
    tally.note(again, noon);
    const auto habits = tally.take().habits.at({today, "FreshRSS"});
    EXPECT_EQ(habits.repeated, 0U);
    EXPECT_EQ(habits.conditional, 2U);
    EXPECT_EQ(habits.not_modified, 1U);
}

TEST_F(TheReaderTally, SeesOnOneLoopWhatAnotherHasSent) {
    ReaderTally other(sent_before, [this](sys_days) { return key; });
    tally.note(sighting("curl/7.88.1"), noon);
    other.note(sighting("curl/7.88.1"), noon);
    EXPECT_EQ(other.take().habits.at({today, "curl"}).repeated, 1U);
}

TEST_F(TheReaderTally, TellsEachThingOnce) {
    tally.note(sighting("newsboat/2.21.0"), noon);
    tally.note(sighting("Feedly/1.0 (5 subscribers)"), noon);
    EXPECT_FALSE(tally.take().is_empty());
    EXPECT_TRUE(tally.take().is_empty());
    tally.note(sighting("newsboat/2.21.0"), noon);
    EXPECT_EQ(tally.take().habits.at({today, "newsboat"}).requests, 1U);
}

TEST_F(TheReaderTally, ForgetsPollersWhenTheDayIsOver) {
    tally.note(sighting("newsboat/2.21.0"), noon);
    key = 43;
    tally.note(sighting("newsboat/2.21.0"), noon + days{1});
    const auto seen = tally.take();
    ASSERT_EQ(seen.feeds.size(), 2U);
    const auto& first = seen.feeds.at({today, news}).pollers;
    const auto& second = seen.feeds.at({today + days{1}, news}).pollers;
    EXPECT_EQ(first.estimate(), 1U);
    EXPECT_EQ(second.estimate(), 1U);
    EXPECT_NE(first, second) << "another key, another register";
    EXPECT_EQ(seen.habits.size(), 2U);
}

TEST_F(TheReaderTally, ForgetsPollersThatItCountedUnderAKeyOfItsOwn) {
    tally.note(sighting("newsboat/2.21.0"), noon);
    key = 43;  // another node's
    EXPECT_EQ(tally.take().feeds.at({today, news}).pollers.estimate(), 0U);
    tally.note(sighting("newsboat/2.21.0"), noon);
    EXPECT_EQ(tally.take().feeds.at({today, news}).pollers.estimate(), 1U);
}

TEST_F(TheReaderTally, CountsNobodyWhoseAddressIsNotKnown) {
    auto unknown = sighting("newsboat/2.21.0");
    unknown.address.reset();
    tally.note(unknown, noon);
    tally.note(unknown, noon);
    const auto seen = tally.take();
    EXPECT_EQ(seen.feeds.begin()->second.pollers.estimate(), 0U);
    EXPECT_EQ(seen.habits.begin()->second.requests, 2U);
    EXPECT_EQ(seen.habits.begin()->second.repeated, 0U);
}

TEST_F(TheReaderTally, HasRoomForSoManyReadersAndCountsTheOthersTogether) {
    // Letters alone: a digit would be taken for a version.
    const auto name = [](std::size_t i) {
        return std::string{'x', static_cast<char>('a' + i / 26 % 26), static_cast<char>('a' + i % 26), '/', '1'};
    };
    for (std::size_t i = 0; i < ReaderTally::readers_max; ++i) tally.note(sighting(name(i)), noon);
    EXPECT_EQ(tally.take().habits.size(), ReaderTally::readers_max);
    tally.note(sighting(name(ReaderTally::readers_max)), noon);
    tally.note(sighting(name(0)), noon);
    const auto seen = tally.take();
    EXPECT_EQ(seen.habits.at({today, std::string(ReaderTally::others)}).requests, 1U);
    EXPECT_EQ(seen.habits.at({today, "xaa"}).requests, 1U);
}

TEST_F(TheReaderTally, HasRoomForSoManyFeedsAndCountsWhatFindsNone) {
    for (std::size_t i = 0; i <= ReaderTally::feeds_max; ++i) {
        const auto path = "/category/" + std::to_string(i) + ".atom";
        auto one = sighting("newsboat/2.21.0");
        one.path = path;
        one.path_hash = short_hash_of(path);
        tally.note(one, noon);
    }
    const auto seen = tally.take();
    EXPECT_EQ(seen.feeds.size(), ReaderTally::feeds_max);
    EXPECT_EQ(seen.left_out, 1U);
}

TEST(Readership, HasRoomForSoManyRowsAndCountsTheRest) {
    Readership all, more;
    for (std::size_t i = 0; i < Readership::rows_max; ++i) all.feeds[{today, std::to_string(i)}] = {};
    more.feeds[{today, "0"}].seen = noon;
    more.feeds[{today, "one more"}] = {};
    all.merge(more);
    EXPECT_EQ(all.feeds.size(), Readership::rows_max);
    EXPECT_EQ(all.left_out, 1U);
    EXPECT_EQ(all.feeds.at({today, "0"}).seen, noon);
}

}  // namespace
}  // namespace gazetted
