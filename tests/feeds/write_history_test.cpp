#include "feeds/write_feed.hpp"

#include <gtest/gtest.h>

namespace gazetted {
namespace {

FeedHead head() {
    FeedHead made;
    made.id = "urn:x";
    made.title = "Title";
    made.self_link = "https://e/all/archive/7.atom";
    made.home_link = "https://e/all.html";
    return made;
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

TEST(WriteHistory, LinksTheDocumentsOfAFeedToEachOther) {
    FeedHead archive = head();
    archive.history = {{"current", "https://e/all"}, {"prev-archive", "https://e/all/archive/6"}};
    archive.is_archive = true;
    const std::string atom = write_feed(archive, {}, FeedFormat::atom);
    EXPECT_TRUE(has(atom, R"(xmlns:fh="http://purl.org/syndication/history/1.0")")) << atom;
    EXPECT_TRUE(has(atom, R"(<fh:archive/>)") || has(atom, R"(<fh:archive />)")) << atom;
    EXPECT_TRUE(has(atom, R"(<link rel="prev-archive" type="application/atom+xml" href="https://e/all/archive/6")")) << atom;
    const std::string rss = write_feed(archive, {}, FeedFormat::rss);
    EXPECT_TRUE(has(rss, R"(xmlns:fh="http://purl.org/syndication/history/1.0")")) << rss;
    EXPECT_TRUE(has(rss, R"(<fh:archive/>)") || has(rss, R"(<fh:archive />)")) << rss;
    EXPECT_TRUE(has(rss, R"(<atom:link rel="current" type="application/rss+xml" href="https://e/all")")) << rss;
}

TEST(WriteHistory, SaysInAtomWhatWasWithdrawn) {
    FeedHead shortened = head();
    shortened.withdrawn = {{"tag:e,2021:<1>", Instant(std::chrono::seconds(1'638'958'711))}};
    const std::string atom = write_feed(shortened, {}, FeedFormat::atom);
    EXPECT_TRUE(has(atom, R"(xmlns:at="http://purl.org/atompub/tombstones/1.0")")) << atom;
    EXPECT_TRUE(has(atom, R"(<at:deleted-entry ref="tag:e,2021:&lt;1>" when="2021-12-08T10:18:31Z")")) << atom;
}

TEST(WriteHistory, DeclaresNothingThatAFeedDoesNotSay) {
    for (const auto format : {FeedFormat::atom, FeedFormat::rss}) {
        EXPECT_FALSE(has(write_feed(head(), {}, format), "history"));
        EXPECT_FALSE(has(write_feed(head(), {}, format), "tombstones"));
    }
}

}  // namespace
}  // namespace gazetted
