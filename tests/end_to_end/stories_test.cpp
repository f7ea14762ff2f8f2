// One story from several sources, and a source that brings too much, as readers see them.

#include "tests/support/daemon_process.hpp"
#include "tests/support/test_database.hpp"

#include <gtest/gtest.h>
#include <cstddef>
#include <set>
#include <string>
#include <string_view>

namespace gazetted {
namespace {

std::size_t times(std::string_view text, std::string_view what) {
    std::size_t found = 0;
    for (auto at = text.find(what); at != std::string_view::npos; at = text.find(what, at + what.size())) ++found;
    return found;
}

/// Two sources tell one story in category news; one more category has the second of them alone.
class ToldTwice : public ::testing::Test {
protected:
    void SetUp() override {
        database.run(R"(
            INSERT INTO sources (slug, title) VALUES ('agency', 'The Agency'), ('bulletin', 'Bulletin & Co');
            INSERT INTO categories (slug) VALUES ('news'), ('other');
            INSERT INTO articles (id, source_id, url, title, content, published)
            SELECT 'urn:' || slug, id, 'https://story.example/1?utm_source=' || slug, 'Told by ' || slug, '<p>Text</p>',
                   timestamptz '2024-05-01Z' + id * interval '1 hour' FROM sources;
            INSERT INTO article_categories (article_id, category_id)
            SELECT a.id, k.id FROM articles a JOIN categories k ON k.slug = 'news' OR a.id = 'urn:bulletin')");
    }
    TestDatabase database;
};

TEST_F(ToldTwice, IsShownOnceWithBothSourcesInEveryFormat) {
    DaemonProcess daemon({"--database", database.url()});
    for (const char* feed : {"/category/news.", "/all."})
        for (const char* format : {"atom", "rss", "json", "html"}) {
            const auto body = daemon.get(std::string(feed) + format).body;
            EXPECT_EQ(times(body, "Told by agency"), 1U) << feed << format << '\n' << body;
            EXPECT_EQ(times(body, "Told by bulletin"), 0U) << feed << format << '\n' << body;
        }
    const std::string link =
        R"(rel="via" type="text/html" href="https://story.example/1?utm_source=bulletin" title="Bulletin &amp; Co")";
    EXPECT_EQ(times(daemon.get("/category/news.atom").body, "<link " + link), 1U);
    EXPECT_EQ(times(daemon.get("/category/news.rss").body, "<atom:link " + link), 1U);
    EXPECT_EQ(times(daemon.get("/category/news.json").body,
                    R"("retellings":[{"url":"https://story.example/1?utm_source=bulletin","title":"Bulletin & Co"}])"),
              1U);
    EXPECT_EQ(times(daemon.get("/category/other.atom").body, "Told by bulletin"), 1U);
    const auto page = daemon.get("/article/" + database.value("SELECT number FROM articles WHERE id = 'urn:agency'")).body;
    EXPECT_EQ(times(page, "Also told by: <a href=\"https://story.example/1?utm_source=bulletin\">Bulletin &amp; Co</a>"), 1U)
        << page;
    EXPECT_EQ(times(daemon.get("/category/other.atom").body, R"(title="The Agency")"), 1U);
}

TEST_F(ToldTwice, IsHandedOverAndPartedInWhateverIsServed) {
    DaemonProcess daemon({"--database", database.url()});
    EXPECT_EQ(times(daemon.get("/category/news.atom").body, "Told by bulletin"), 0U);
    database.run("UPDATE articles SET withdrawn = now() WHERE id = 'urn:agency'");
    const auto handed_over = daemon.get_until("/category/news.atom", 200, "Told by bulletin").body;
    EXPECT_EQ(times(handed_over, "Told by agency"), 0U);
    EXPECT_EQ(times(handed_over, "The Agency"), 0U);
    database.run("UPDATE articles SET withdrawn = NULL, apart = true WHERE id = 'urn:agency'");
    EXPECT_EQ(times(daemon.get_until("/category/news.atom", 200, "Told by agency").body, "Told by bulletin"), 1U);
}

/// The address of the link with that relation; empty: there is none.
std::string linked(const std::string& body, const std::string& relation) {
    const auto at = body.find("rel=\"" + relation + "\"");
    if (at == std::string::npos) return {};
    const auto begin = body.find("href=\"", at) + 6;
    return body.substr(begin, body.find('"', begin) - begin);
}

TEST(ABurst, ReachesSubscribersAsFarAsItMayAndTheHistoryWhole) {
    TestDatabase database;
    database.run(R"(
        INSERT INTO categories (slug) VALUES ('news');
        INSERT INTO sources (slug) VALUES ('flood');
        INSERT INTO articles (id, title, published) SELECT 'urn:old:' || n, 'Old', '2024-05-01Z'::timestamptz + n * interval '1 day' FROM generate_series(1, 10) AS n;
        INSERT INTO articles (id, title, source_id) SELECT 'urn:flood:' || n, 'Flood', s.id FROM sources s CROSS JOIN generate_series(1, 500) AS n;
        INSERT INTO article_categories (article_id, category_id) SELECT a.id, k.id FROM articles a CROSS JOIN categories k)");
    DaemonProcess daemon({"--database", database.url()});
    for (const char* format : {"atom", "rss", "json"}) {
        const auto body = daemon.get("/category/news." + std::string(format)).body;
        EXPECT_EQ(times(body, "\"urn:flood:") + times(body, ">urn:flood:"), 20U) << format;
        EXPECT_EQ(times(body, "\"urn:old:") + times(body, ">urn:old:"), 10U) << format;
    }
    std::set<std::string> met;
    std::size_t entries = 0;
    std::string target = "/category/news.atom";
    for (int documents = 0; documents < 200 && !target.empty(); ++documents) {
        const auto body = daemon.get(target).body;
        for (auto at = body.find("<id>urn:"); at != std::string::npos; at = body.find("<id>urn:", at + 1)) {
            const auto id = body.substr(at + 4, body.find('<', at + 4) - at - 4);
            if (id.starts_with("urn:uuid:")) continue;
            met.insert(id);
            ++entries;
        }
        const auto link = linked(body, "prev-archive");
        target = link.empty() ? "" : link.substr(link.find("/category"));
    }
    EXPECT_EQ(met.size(), 510U);
    EXPECT_EQ(entries, 510U);
}

}  // namespace
}  // namespace gazetted
