#include "feeds/article_of_entry.hpp"

#include "feeds/entry.hpp"
#include "feeds/read_feed.hpp"
#include "feeds/write_feed.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace gazetted {
namespace {

using namespace std::chrono_literals;

const std::string feed_url = "https://ours.example/all.atom";
const Instant noon = std::chrono::sys_days(std::chrono::year(2026) / 3 / 2) + 12h;

/// An article with all that one can have.
Article full_article() {
    Article article;
    article.id = "tag:ours.example,2026:1";
    article.number = 1;
    article.url = "https://ours.example/1.html";
    article.title = "Iron & steel";
    article.authors = {{.name = "Ann", .email = "ann@ours.example", .uri = "https://ours.example/ann"}};
    article.summary = "<p>In short</p>";
    article.content = "<p>At <b>length</b></p>";
    article.language = "de";
    article.published = noon;
    article.updated = noon + 1h;
    article.tags = {{.name = "iron", .scheme = "https://ours.example/tags/", .label = "Iron"}, {.name = "steel"}};
    article.enclosures = {
        {.url = "https://ours.example/1.mp3", .media_type = "audio/mpeg", .length_bytes = 123, .duration = 90s},
        {.url = "https://ours.example/1.jpeg",
         .media_type = "image/jpeg",
         .length_bytes = 45,
         .role = EnclosureRole::media,
         .title = "A mill",
         .width = 640,
         .height = 480},
        {.url = "https://ours.example/1.vtt",
         .media_type = "text/vtt",
         .length_bytes = {},
         .role = EnclosureRole::transcript,
         .language = "de"}};
    article.rights = "CC BY 4.0";
    article.comments_link = "https://ours.example/1.html#comments";
    article.location = {.point = Point{.latitude = 52.5, .longitude = 13.25}, .name = "Berlin"};
    article.episode = {.season = 2, .number = 7, .kind = "bonus", .is_explicit = false};
    return article;
}

/// As another Gazetted would take it in.
Article told_by(const Article& article, FeedFormat format) {
    FeedHead head;
    head.id = "urn:uuid:0";
    head.title = "All";
    head.self_link = feed_url;
    head.home_link = "https://ours.example/";
    head.updated = noon;
    const Fragment fragment = write_entry(entry_of(article, "https://ours.example"), format);
    const auto feed = read_feed(write_feed(head, std::vector<std::string_view>{fragment}, format), "", feed_url).value();
    return article_of(feed.entries.at(0), feed, feed_url, noon + 24h);
}

std::vector<std::string> urls(const Article& article) {
    std::vector<std::string> out;
    for (const Enclosure& enclosure : article.enclosures) out.push_back(enclosure.url);
    std::ranges::sort(out);
    return out;
}

TEST(ArticleOfEntry, IsWhatOurOwnFeedsTell) {
    const Article article = full_article();
    for (const FeedFormat format : {FeedFormat::atom, FeedFormat::rss}) {
        SCOPED_TRACE(format == FeedFormat::atom ? "Atom" : "RSS");
        const Article told = told_by(article, format);
        EXPECT_EQ(told.url, article.url);
        EXPECT_EQ(told.title, article.title);
        EXPECT_EQ(told.authors, article.authors);
        EXPECT_EQ(told.summary, article.summary);
        EXPECT_EQ(told.content, article.content);
        EXPECT_EQ(told.language, article.language);
        EXPECT_EQ(told.published, article.published);
        EXPECT_EQ(told.updated, article.updated);
        EXPECT_EQ(urls(told), urls(article));
        for (const Enclosure& enclosure : told.enclosures)
            EXPECT_NE(std::ranges::find(article.enclosures, enclosure), article.enclosures.end()) << enclosure.url;
        for (const Tag& tag : article.tags) EXPECT_NE(std::ranges::find(told.tags, tag), told.tags.end()) << tag.name;
        EXPECT_EQ(told.rights, article.rights);
        EXPECT_EQ(told.comments_link, article.comments_link);
        EXPECT_EQ(told.location, article.location);
        EXPECT_EQ(told.episode, article.episode);
    }
}

TEST(ArticleOfEntry, SaysWhereItCameFrom) {
    const Article told = told_by(full_article(), FeedFormat::atom);
    EXPECT_EQ(told.origin.value().feed_link, feed_url);
    EXPECT_EQ(told.origin.value().title, "All");
}

TEST(ArticleOfEntry, HasNoPageOfAFeedThatNamesNone) {
    const std::string entry = "<entry><title>A</title></entry></feed>", root = "<feed xmlns='http://www.w3.org/2005/Atom'>";
    const std::string self = "<link rel='self' href='https://elsewhere.example/all.atom'/>";
    const std::string page = "<link href='https://ours.example/'/>";
    const auto home_of = [&](const std::string& head) {
        const auto feed = read_feed(root + head + entry, "", feed_url).value();
        return article_of(feed.entries.at(0), feed, feed_url, noon).origin.value().home_link;
    };
    EXPECT_EQ(home_of("<title>T</title>"), "") << "its address is none";
    EXPECT_EQ(home_of("<title>T</title>" + self), "");
    EXPECT_EQ(home_of("<title>T</title>" + self + page), "https://ours.example/");
}

TEST(ArticleOfEntry, LeavesAnAggregatorsEntryItsFirstOrigin) {
    Article article = full_article();
    article.origin = Origin{.entry_id = "urn:first:1",
                            .entry_link = "https://first.example/1",
                            .feed_id = "urn:first",
                            .feed_link = "https://first.example/feed",
                            .home_link = "https://first.example/",
                            .title = "The first",
                            .subtitle = "",
                            .icon = "",
                            .logo = "",
                            .rights = "",
                            .language = "",
                            .authors = {}};
    const Origin origin = told_by(article, FeedFormat::atom).origin.value();
    EXPECT_EQ(origin.feed_link, "https://first.example/feed");
    EXPECT_EQ(origin.title, "The first");
    EXPECT_EQ(origin.entry_id, "urn:first:1");
    EXPECT_EQ(origin.entry_link, "https://first.example/1");
}

TEST(ArticleOfEntry, IsOfTheTimeFirstSeenWhereItIsUndated) {
    const auto feed = read_feed("<rss><channel><item><title>A</title></item></channel></rss>", "", feed_url).value();
    EXPECT_EQ(article_of(feed.entries.at(0), feed, feed_url, noon).published, noon);
}

TEST(ArticleOfEntry, KeepsTextAsTextInHtml) {
    const auto feed = read_feed(
                          "<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>A</title><content type='text'>1 &lt; 2 "
                          "&amp; \"so\"</content></entry></feed>",
                          "", feed_url)
                          .value();
    EXPECT_EQ(article_of(feed.entries.at(0), feed, feed_url, noon).content, "1 &lt; 2 &amp; &quot;so&quot;");
}

}  // namespace
}  // namespace gazetted
