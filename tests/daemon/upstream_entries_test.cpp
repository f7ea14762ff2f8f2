#include "daemon/upstream_entries.hpp"

#include "feeds/read_feed.hpp"

#include <gtest/gtest.h>

namespace gazetted {
namespace {

using namespace std::chrono_literals;

const Instant now = std::chrono::sys_days(std::chrono::year(2026) / 3 / 2) + 9h;
const std::string feed_url = "https://upstream.example/feed";

Subscription subscription() {
    Subscription it;
    it.source_id = 1;
    it.slug = "upstream";
    it.feed_url = feed_url;
    it.categories = {"news"};
    return it;
}

std::vector<UpstreamEntry> arrivals(const std::string& items, const Subscription& from = subscription()) {
    const auto feed = read_feed(
        "<rss version='2.0'><channel><title>Up</title><link>https://upstream.example/</link>" + items + "</channel></rss>",
        "application/rss+xml", feed_url);
    return entries_of(feed.value(), from, now);
}

std::string item(const std::string& id, const std::string& link, const std::string& title, const std::string& more = {}) {
    return "<item>" + (id.empty() ? std::string() : "<guid isPermaLink='false'>" + id + "</guid>") +
           (link.empty() ? std::string() : "<link>" + link + "</link>") + "<title>" + title + "</title>" + more + "</item>";
}

/// What the database would know after these were written.
std::vector<KnownEntry> known(const std::vector<UpstreamEntry>& written) {
    std::vector<KnownEntry> entries;
    for (const UpstreamEntry& it : written)
        entries.push_back({.key = it.key,
                           .link = it.link,
                           .hash = it.hash,
                           .article_id = it.article.id,
                           .title = it.article.title,
                           .published = it.article.published});
    return entries;
}

ToldApart told(std::vector<UpstreamEntry> arrivals, const std::vector<KnownEntry>& before = {},
               const std::set<std::string>& others = {}) {
    return tell_apart(std::move(arrivals), before, others, feed_url, now);
}

TEST(UpstreamEntries, KeepTheirIdWhereItIsAUri) {
    const auto first = told(arrivals(item("tag:upstream.example,2026:1", "https://upstream.example/1", "One")));
    ASSERT_EQ(first.to_write.size(), 1U);
    EXPECT_EQ(first.to_write[0].article.id, "tag:upstream.example,2026:1");
    EXPECT_EQ(first.to_write[0].article.origin.value().entry_id, "");
    EXPECT_EQ(first.to_write[0].article.origin.value().feed_link, feed_url);
}

TEST(UpstreamEntries, GetAnIdOfOursWhereTheirsIsNone) {
    const auto first = told(arrivals(item("17", "https://upstream.example/1", "One")));
    const auto again = told(arrivals(item("17", "https://upstream.example/1", "One")));
    ASSERT_EQ(first.to_write.size(), 1U);
    EXPECT_EQ(first.to_write[0].article.id.substr(0, 9), "urn:uuid:");
    EXPECT_EQ(first.to_write[0].article.id.size(), 45U);
    EXPECT_EQ(first.to_write[0].article.origin.value().entry_id, "17");
    EXPECT_EQ(again.to_write[0].article.id, first.to_write[0].article.id);
}

TEST(UpstreamEntries, CannotTakeAnotherSourcesArticle) {
    const std::string forged = "tag:victim.example,2026:1";
    const auto first = told(arrivals(item(forged, "https://upstream.example/1", "One")), {}, {forged});
    ASSERT_EQ(first.to_write.size(), 1U);
    EXPECT_NE(first.to_write[0].article.id, forged);
    EXPECT_EQ(first.to_write[0].article.origin.value().entry_id, forged);
}

TEST(UpstreamEntries, AreUnchangedWhileWhatMattersIs) {
    const auto first =
        told(arrivals(item("urn:x:1", "https://upstream.example/1", "One", "<description>&lt;p&gt;A&lt;/p&gt;</description>")));
    const auto again = told(arrivals(item("urn:x:1", "https://upstream.example/1", "One",
                                          "<description>&lt;p&gt;A&lt;/p&gt;&lt;script&gt;7&lt;/script&gt;</description>")),
                            known(first.to_write));
    EXPECT_EQ(again.unchanged, 1U);
    EXPECT_TRUE(again.to_write.empty());
    EXPECT_TRUE(again.knows_any);
}

TEST(UpstreamEntries, KeepTheirPlaceWhenTheyAreEdited) {
    const std::string date = "<pubDate>Sun, 01 Mar 2026 08:00:00 GMT</pubDate>";
    const auto first = told(arrivals(item("urn:x:1", "https://upstream.example/1", "One", date)));
    const auto edited = told(arrivals(item("urn:x:1", "https://upstream.example/1", "One, mended",
                                           "<pubDate>Mon, 02 Mar 2026 08:00:00 GMT</pubDate>")),
                             known(first.to_write));
    ASSERT_EQ(edited.to_write.size(), 1U);
    EXPECT_EQ(edited.changed, 1U);
    EXPECT_EQ(edited.to_write[0].article.published, first.to_write[0].article.published);
    EXPECT_EQ(edited.to_write[0].article.updated, now);
    EXPECT_EQ(edited.to_write[0].article.id, "urn:x:1");
}

TEST(UpstreamEntries, GetTheTimeFirstSeenWhereTheyAreUndatedInTheirOrder) {
    const auto first = arrivals(item("urn:x:1", "", "One") + item("urn:x:2", "", "Two"));
    EXPECT_EQ(first.at(0).article.published, now);
    EXPECT_LT(first.at(1).article.published, now);
}

TEST(UpstreamEntries, DoNotComeBackOnceTheirArticleIsDeleted) {
    auto before = known(told(arrivals(item("urn:x:1", "", "One"))).to_write);
    before[0].article_id.clear();
    const auto again = told(arrivals(item("urn:x:1", "", "One, mended")), before);
    EXPECT_TRUE(again.to_write.empty());
    EXPECT_EQ(again.unchanged, 1U);
}

TEST(UpstreamEntries, AreTheSameWithHttpAndHttps) {
    const auto first = told(arrivals(item("http://upstream.example/1", "http://upstream.example/1", "One")));
    const auto secure =
        told(arrivals(item("https://upstream.example/1", "https://upstream.example/1", "One")), known(first.to_write));
    EXPECT_EQ(secure.added, 0U);
    ASSERT_EQ(secure.to_write.size(), 1U) << "its link has changed";
    for (const UpstreamEntry& arrival : secure.to_write) EXPECT_EQ(arrival.article.id, "http://upstream.example/1");
}

TEST(UpstreamEntries, AreKnownByTheirLinkWhenTheIdChanges) {
    const auto first = told(arrivals(item("urn:x:1", "https://upstream.example/1", "One")));
    const auto renamed = told(arrivals(item("urn:y:1", "https://upstream.example/1", "One")), known(first.to_write));
    EXPECT_EQ(renamed.added, 0U);
    EXPECT_EQ(renamed.unchanged, 1U);
}

TEST(UpstreamEntries, AreNotKnownByALinkThatManyHave) {
    const std::string home = "https://upstream.example/";
    const auto first = told(arrivals(item("urn:x:1", home, "One") + item("urn:x:2", home, "Two")));
    EXPECT_EQ(first.added, 2U);
    const auto next = told(arrivals(item("urn:x:3", home, "Three")), known(first.to_write));
    EXPECT_EQ(next.added, 1U);
}

TEST(UpstreamEntries, WithOneIdAreToldApartByTheirLinks) {
    const std::string both =
        item("same", "https://upstream.example/1", "One") + item("same", "https://upstream.example/2", "Two");
    const auto first = told(arrivals(both));
    ASSERT_EQ(first.to_write.size(), 2U);
    EXPECT_NE(first.to_write[0].article.id, first.to_write[1].article.id);
    const auto again = told(arrivals(both), known(first.to_write));
    EXPECT_EQ(again.unchanged, 2U);
    const auto second_alone = told(arrivals(item("same", "https://upstream.example/2", "Two")), known(first.to_write));
    EXPECT_EQ(second_alone.unchanged, 1U);
}

TEST(UpstreamEntries, StandOnceWhereADocumentRepeatsThem) {
    EXPECT_EQ(
        arrivals(item("urn:x:1", "https://u.example/1", "One") + item("urn:x:1", "https://u.example/1", "One again")).size(),
        1U);
}

TEST(UpstreamEntries, AreSomethingElseWhenAnIdIsGivenAnew) {
    const auto first =
        told(arrivals(item("1", "https://u.example/a", "A", "<pubDate>Sun, 01 Mar 2026 08:00:00 GMT</pubDate>")));
    const auto next = told(arrivals(item("1", "https://u.example/b", "B", "<pubDate>Mon, 02 Mar 2026 08:00:00 GMT</pubDate>")),
                           known(first.to_write));
    EXPECT_EQ(next.added, 1U);
    EXPECT_NE(next.to_write.at(0).article.id, first.to_write[0].article.id);
}

/// A feed that its upstream writes anew at each poll, and all that became of it.
struct Polled {
    ToldApart poll(const std::string& items) {
        ToldApart now_told = told(arrivals(items), before);
        for (const KnownEntry& it : known(now_told.to_write)) {
            std::erase_if(before, [&](const KnownEntry& old) { return old.key == it.key; });
            before.push_back(it);
        }
        return now_told;
    }
    std::set<std::string> articles() const {
        std::set<std::string> ids;
        for (const KnownEntry& it : before) ids.insert(it.article_id + " " + it.title);
        return ids;
    }
    std::vector<KnownEntry> before;
};

std::string dated(const std::string& id, const std::string& name, int day, bool has_link = true) {
    return item(
        id, has_link ? "https://u.example/" + name : "", name,
        "<pubDate>0" + std::to_string(day) + " Feb 2026 08:00:00 GMT</pubDate><description>Of " + name + "</description>");
}

TEST(UpstreamEntries, AreKnownAgainThoughAllHaveOneId) {
    Polled feed;
    EXPECT_EQ(feed.poll(dated("k", "mon", 1)).added, 1U);
    EXPECT_EQ(feed.poll(dated("k", "tue", 2) + dated("k", "mon", 1)).added, 1U);
    EXPECT_EQ(feed.poll(dated("k", "wed", 3) + dated("k", "tue", 2) + dated("k", "mon", 1)).added, 1U);
    EXPECT_EQ(feed.poll(dated("k", "wed", 3) + dated("k", "tue", 2)).unchanged, 2U);
    EXPECT_EQ(feed.articles().size(), 3U);
}

TEST(UpstreamEntries, AreKnownAgainThoughIdsAreTheirPlaces) {
    Polled feed;
    EXPECT_EQ(feed.poll(dated("1", "mon", 1)).added, 1U);
    EXPECT_EQ(feed.poll(dated("1", "tue", 2) + dated("2", "mon", 1)).added, 1U);
    const auto third = feed.poll(dated("1", "wed", 3) + dated("2", "tue", 2) + dated("3", "mon", 1));
    EXPECT_EQ(third.added, 1U);
    EXPECT_EQ(third.unchanged, 2U);
    EXPECT_EQ(feed.articles().size(), 3U);
}

TEST(UpstreamEntries, WithOneIdAndNoLinkAreToldApartByTitleAndDate) {
    Polled feed;
    const std::string three =
        dated("same", "One", 3, false) + dated("same", "Two", 2, false) + dated("same", "Three", 1, false);
    EXPECT_EQ(feed.poll(three).added, 3U);
    EXPECT_EQ(feed.poll(three).unchanged, 3U);
    const auto next = feed.poll(dated("same", "Four", 4, false) + three);
    EXPECT_EQ(next.added, 1U) << "it is none of those";
    EXPECT_EQ(next.unchanged, 3U);
    EXPECT_EQ(feed.articles().size(), 4U);
    EXPECT_EQ(feed.poll(dated("same", "Four, mended", 4, false) + three).added, 0U);
}

TEST(UpstreamEntries, WithOneLinkAndNoIdAreToldApartByTitleAndDate) {
    const std::string link = "https://u.example/";
    const auto of = [&](const std::string& name, int day) {
        return item("", link, name, "<pubDate>0" + std::to_string(day) + " Feb 2026 08:00:00 GMT</pubDate>");
    };
    Polled feed;
    EXPECT_EQ(feed.poll(of("One", 2) + of("Two", 1)).added, 2U);
    EXPECT_EQ(feed.poll(of("Three", 3) + of("One", 2) + of("Two", 1)).added, 1U);
    EXPECT_EQ(feed.poll(of("Three", 3) + of("One", 2) + of("Two", 1)).unchanged, 3U);
}

TEST(UpstreamEntries, MayHaveATimeToComeCorrected) {
    Polled feed;
    const std::string mistaken = "<pubDate>Mon, 27 Nov 2062 08:00:00 GMT</pubDate>";
    feed.poll(item("urn:x:1", "https://u.example/1", "One", mistaken));
    EXPECT_EQ(feed.poll(item("urn:x:1", "https://u.example/1", "One", mistaken)).unchanged, 1U);
    const auto corrected = feed.poll(dated("urn:x:1", "One", 1));
    EXPECT_EQ(corrected.changed, 1U);
    EXPECT_LT(corrected.to_write.at(0).article.published, now);
    EXPECT_EQ(feed.poll(dated("urn:x:1", "One", 2)).unchanged, 1U) << "its place is for life now";
}

TEST(UpstreamEntries, GetNoIdThatIsOnlyOurKey) {
    const auto first = told(arrivals(item("", "", "A title alone")));
    EXPECT_TRUE(first.to_write.at(0).article.id.starts_with("urn:uuid:")) << first.to_write[0].article.id;
}

TEST(UpstreamEntries, AreFiledUnderTheSubscriptionsCategories) {
    const auto all = arrivals(item("urn:x:1", "", "One"));
    EXPECT_EQ(all.at(0).article.categories, (std::vector<CategoryTerm>{{.slug = "news", .title = ""}}));
}

TEST(UpstreamEntries, SpeakTheLanguageThatTheOperatorSays) {
    Subscription from = subscription();
    from.language = "de";
    EXPECT_EQ(arrivals(item("urn:x:1", "", "Eins"), from).at(0).article.language, "de");
}

TEST(UpstreamEntries, HaveTheirTitleAsPlainText) {
    EXPECT_EQ(arrivals(item("urn:x:1", "", "A &lt;b&gt;bold&lt;/b&gt; one")).at(0).article.title, "A bold one");
}

TEST(UpstreamEntries, ThatSayNothingAreNone) { EXPECT_TRUE(arrivals("<item><guid>urn:x:1</guid></item>").empty()); }

}  // namespace
}  // namespace gazetted
