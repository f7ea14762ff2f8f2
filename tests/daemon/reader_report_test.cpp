#include "daemon/reader_report.hpp"

#include <gtest/gtest.h>

namespace gazetted {
namespace {

constexpr std::chrono::sys_days first{std::chrono::days{19'000}};
constexpr std::chrono::sys_days second = first + std::chrono::days{1};

Readership two_days() {
    Readership seen;
    for (std::uint64_t who = 0; who < 5; ++who) seen.feeds[{first, "/category/news.atom"}].pollers.add(who << 56U);
    for (std::uint64_t who = 0; who < 2; ++who) seen.feeds[{first, "/category/news.rss"}].pollers.add((who + 4) << 56U);
    seen.feeds[{second, "/category/news.atom"}].pollers.add(1);
    seen.feeds[{second, "/category/news.atom"}].seen = second;
    seen.feeds[{first, "/all.json"}].seen = first;
    seen.subscribers[{"Feedly", "/category/news.atom", ""}] = {.count = 100, .seen = first};
    seen.subscribers[{"Feedly", "/category/news.rss", ""}] = {.count = 20, .seen = first};
    seen.subscribers[{"Inoreader", "/category/news.rss", ""}] = {.count = 3, .seen = first};
    seen.habits[{first, "curl"}] = {.requests = 20, .body_bytes = 20'000, .repeated = 19, .repeated_bytes = 19'000};
    seen.habits[{first, "FreshRSS"}] = {.requests = 30, .conditional = 29, .not_modified = 28, .body_bytes = 2'000};
    seen.habits[{second, "curl"}] = {.requests = 20, .body_bytes = 20'000, .repeated = 19, .repeated_bytes = 19'000};
    return seen;
}

TEST(ReaderReport, SumsServicesOverFormatsAndTakesTheBusiestDayOfPollers) {
    const auto report = report_of(two_days());
    ASSERT_EQ(report.feeds.size(), 2U);
    const auto& news = report.feeds.front();
    EXPECT_EQ(news.address, "/category/news");
    EXPECT_EQ(news.formats, (std::vector<std::string>{"atom", "rss"}));
    EXPECT_EQ(news.subscribers, 123U);
    EXPECT_EQ(news.services.at("Feedly"), 120U);
    EXPECT_EQ(news.pollers, 6U) << "one of them reads both formats";
    EXPECT_EQ(news.seen, second);
    EXPECT_EQ(report.feeds.back().address, "/all");
}

TEST(ReaderReport, CountsAFeedWithItsVariants) {
    Readership seen;
    for (const char* path : {"/category/news.atom", "/category/news.atom?n=3", "/category/news.rss?content=summary&n=5",
                             "/tag/package.json.json", "/search.atom?q=a", "/search.atom?q=b"})
        seen.feeds[{first, path}].pollers.add(1);
    const auto report = report_of(seen);
    std::map<std::string, std::vector<std::string>> formats;
    for (const auto& feed : report.feeds) formats[feed.address] = feed.formats;
    ASSERT_EQ(formats.size(), 4U);
    EXPECT_EQ(formats["/category/news"], (std::vector<std::string>{"atom", "rss"}));
    EXPECT_EQ(formats["/tag/package.json.atom"], (std::vector<std::string>{"json"}));
    EXPECT_TRUE(formats.contains("/search.atom?q=a") && formats.contains("/search.atom?q=b"));
}

TEST(ReaderReport, SumsHabitsOverDays) {
    const auto report = report_of(two_days());
    ASSERT_EQ(report.readers.size(), 2U);
    EXPECT_EQ(report.readers.front().name, "curl");
    EXPECT_EQ(report.readers.front().habits.requests, 40U);
    EXPECT_EQ(report.readers.front().habits.repeated_bytes, 38'000U);
}

TEST(ReaderReport, SaysWhichReadersIgnoreValidators) {
    EXPECT_STREQ(uses_validators({.requests = 40, .repeated = 38}), "no");
    EXPECT_STREQ(uses_validators({.requests = 40, .conditional = 3, .repeated = 1}), "no");
    EXPECT_STREQ(uses_validators({.requests = 40, .conditional = 4, .repeated = 30}), "at times");
    EXPECT_STREQ(uses_validators({.requests = 40, .conditional = 20}), "yes");
    EXPECT_STREQ(uses_validators({.requests = 40}), "-") << "it may have met new bytes each time";
    EXPECT_STREQ(uses_validators({}), "-");
}

TEST(ReaderReport, IsATableForPeople) {
    EXPECT_EQ(text_of(report_of(two_days())),
              "\n"
              "feed            subscribers  pollers  last seen             formats        services\n"
              "/category/news          123        6  2022-01-09T00:00:00Z  atom rss       Feedly 120, Inoreader 3\n"
              "/all                      0        0  2022-01-08T00:00:00Z  json\n"
              "\n"
              "reader    requests  conditional   304  validators  repeated  bytes repeated\n"
              "curl            40           0%    0%  no                38           38000\n"
              "FreshRSS        30          96%   93%  yes                0               0\n");
}

TEST(ReaderReport, SaysSoWhereNobodyHasAsked) {
    EXPECT_EQ(text_of(report_of({})), "\nNobody has asked for a feed in these days.\n");
    EXPECT_EQ(json_of(report_of({})), "\"feeds\":[],\"readers\":[]");
}

TEST(ReaderReport, IsJsonForPrograms) {
    Readership seen;
    seen.feeds[{first, "/all.json"}].seen = first;
    seen.subscribers[{"Feedly \"2\"", "/all.json", ""}] = {.count = 7, .seen = first};
    seen.habits[{first, "curl"}] = {.requests = 2, .body_bytes = 2'000, .repeated = 1, .repeated_bytes = 1'000};
    EXPECT_EQ(json_of(report_of(seen)),
              "\"feeds\":[{\"feed\":\"/all\",\"subscribers\":7,\"services\":{\"Feedly \\\"2\\\"\":7},\"pollers\":0,"
              "\"formats\":[\"json\"],\"seen\":\"2022-01-08T00:00:00Z\"}],"
              "\"readers\":[{\"reader\":\"curl\",\"requests\":2,\"conditional\":0,\"not_modified\":0,\"validators\":\"no\","
              "\"body_bytes\":2000,\"repeated\":1,\"repeated_bytes\":1000}]");
}

}  // namespace
}  // namespace gazetted
