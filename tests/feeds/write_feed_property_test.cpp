#include "feeds/write_feed.hpp"

#include "tests/support/facts.hpp"
#include "tests/support/random_article.hpp"
#include "tests/support/round_trip.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace gazetted {
namespace {

constexpr FeedFormat formats[] = {FeedFormat::rss, FeedFormat::atom, FeedFormat::json};
constexpr std::uint32_t articles = 500;

FeedHead head() {
    FeedHead made;
    made.id = "urn:example:feed";
    made.title = "Feed";
    made.self_link = "https://feeds.example/all.x";
    made.home_link = "https://feeds.example/all.html";
    return made;
}

std::string document_of(const std::vector<Entry>& entries, FeedFormat format) {
    std::vector<Fragment> fragments;
    for (const Entry& entry : entries) fragments.push_back(write_entry(entry, format));
    return write_feed(head(), std::vector<std::string_view>(fragments.begin(), fragments.end()), format);
}

std::vector<Entry> random_entries(EntryLink link) {
    std::vector<Entry> entries;
    for (std::uint32_t seed = 1; seed <= articles; ++seed)
        entries.push_back(entry_of(random_article(seed), "https://feeds.example", link));
    return entries;
}

class AnyArticle : public testing::TestWithParam<FeedFormat> {};

TEST_P(AnyArticle, GivesADocumentWithoutFaultThatSaysAllOfIt) {
    for (const EntryLink link : {EntryLink::source, EntryLink::page}) {
        const std::vector<Entry> entries = random_entries(link);
        const std::string document = document_of(entries, GetParam());
        EXPECT_EQ(fault_in(document, GetParam()), std::nullopt);
        const std::vector<Facts> read = facts_in(document, GetParam());
        ASSERT_EQ(read.size(), entries.size());
        for (std::size_t i = 0; i < entries.size(); ++i) ASSERT_EQ(read[i], facts_of(entries[i])) << "seed " << i + 1;
    }
}

TEST_P(AnyArticle, MayBeEmptyButForItsId) {
    Article empty;
    empty.id = "a";
    const std::vector<Entry> entries = {entry_of(empty, "https://feeds.example")};
    const std::string document = document_of(entries, GetParam());
    EXPECT_EQ(fault_in(document, GetParam()), std::nullopt);
    EXPECT_EQ(facts_in(document, GetParam()).at(0), facts_of(entries[0]));
}

TEST_P(AnyArticle, MayHaveTenMegabytesOfText) {
    Article large;
    large.id = "a";
    while (large.content.size() < 10'000'000) large.content += "<p>]]> word &amp; \xF0\x9F\x98\x80 שלום</p>";
    large.summary = "<p>Its own</p>" + large.content.substr(0, 900'000);
    const std::vector<Entry> entries = {entry_of(large, "https://feeds.example")};
    const std::string document = document_of(entries, GetParam());
    EXPECT_EQ(fault_in(document, GetParam()), std::nullopt);
    EXPECT_TRUE(facts_in(document, GetParam()).at(0) == facts_of(entries[0])) << "too much to print";
}

/// Two heads: one that says as little as can be, one that says all.
std::vector<FeedHead> heads() {
    FeedHead full = head();
    full.title = "Feed <of> all & \xE4\xB8\xAD\xE6\x96\x87";
    full.subtitle = "What it <b>is</b>";
    full.language = "zh-CN";
    full.author = "Its editor";
    full.updated = Instant{std::chrono::seconds{1'700'000'000}};
    full.rights = "CC0";
    full.icon = "https://feeds.example/icon.png";
    full.logo = "https://feeds.example/logo.png";
    full.hubs = {"https://hub.example/a", "https://hub.example/b"};
    full.ttl = std::chrono::minutes{15};
    full.podcast = Podcast{.category = "News & <Politics>", .is_explicit = true};
    full.history = {{"prev-archive", "https://feeds.example/all/archive/7.x"}, {"current", "https://feeds.example/all.x"}};
    FeedHead podcast = head();
    podcast.podcast = Podcast{.category = "Arts", .is_explicit = false};
    return {head(), full, podcast};
}

TEST_P(AnyArticle, IsReadBackAsItWasWritten) {
    for (const EntryLink link : {EntryLink::source, EntryLink::page}) {
        const std::vector<Entry> entries = random_entries(link);
        for (const FeedHead& about : heads()) EXPECT_EQ(lost_on_the_way(about, entries, GetParam()), std::nullopt);
    }
}

/// What the fuzzer found: every reader took the id for another one.
TEST_P(AnyArticle, KeepsACarriageReturnInItsId) {
    Article article;
    article.id = "a\rb\r\nc";
    const Entry entry = entry_of(article, "https://feeds.example");
    EXPECT_EQ(lost_on_the_way(head(), {&entry, 1}, GetParam()), std::nullopt);
}

TEST_P(AnyArticle, OfTenMegabytesIsReadBackAsItWasWritten) {
    Article large;
    large.id = "a";
    while (large.content.size() < 10'000'000) large.content += "<p>]]> word &amp; \xF0\x9F\x98\x80 שלום</p>";
    const Entry entry = entry_of(large, "https://feeds.example");
    EXPECT_FALSE(lost_on_the_way(head(), {&entry, 1}, GetParam()).has_value()) << "too much to print";
}

INSTANTIATE_TEST_SUITE_P(In, AnyArticle, testing::ValuesIn(formats), [](const auto& format) {
    return std::string(format.param == FeedFormat::rss ? "Rss" : format.param == FeedFormat::atom ? "Atom" : "Json");
});

/// What our documents say of an article is what an article can say: written again, it says the same.
TEST(AnyEntry, IsTheSameWhenItsHtmlIsCleanedAgain) {
    for (std::uint32_t seed = 1; seed <= articles; ++seed) {
        Article article = random_article(seed);
        const Entry once = entry_of(article, "https://feeds.example");
        article.summary = once.summary.str();
        article.content = once.content.str();
        const Entry twice = entry_of(article, "https://feeds.example");
        ASSERT_EQ(facts_of(twice), facts_of(once)) << "seed " << seed;
    }
}

}  // namespace
}  // namespace gazetted
