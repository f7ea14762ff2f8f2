// Complete history, combinations, and what was withdrawn, as a reader meets them.

#include "tests/support/daemon_process.hpp"
#include "tests/support/test_database.hpp"

#include <atomic>
#include <chrono>
#include <map>
#include <set>
#include <thread>

namespace gazetted {
namespace {

using namespace std::chrono_literals;

class HistoryOfFeeds : public ::testing::Test {
protected:
    void SetUp() override {
        database.run(R"(
            INSERT INTO categories (slug, title) VALUES ('a', 'A'), ('b', 'B'), ('c-c', 'C');
            INSERT INTO articles (id, title, content, published)
            SELECT 'urn:' || n, 'Title ' || n, 'Text', timestamptz '2024-01-01Z' + n * interval '1 minute' FROM generate_series(1, 300) AS n;
            INSERT INTO article_categories (article_id, category_id)
            SELECT 'urn:' || n, k.id FROM generate_series(1, 300) AS n JOIN categories k ON k.slug = CASE WHEN n % 3 = 0 THEN 'b' ELSE 'a' END;
            INSERT INTO article_categories (article_id, category_id)
            SELECT 'urn:' || n, k.id FROM generate_series(290, 300) AS n JOIN categories k ON k.slug = 'c-c';
            INSERT INTO article_tags VALUES ('urn:300', 'x y'), ('urn:299', 'x y'))");
    }
    static std::vector<std::string> between(const std::string& text, const std::string& open, const std::string& close) {
        std::vector<std::string> found;
        for (auto at = text.find(open); at != std::string::npos; at = text.find(open, at)) {
            at += open.size();
            found.push_back(text.substr(at, text.find(close, at) - at));
        }
        return found;
    }
    static std::string path_of(const std::string& url) { return url.substr(url.find('/', url.find("://") + 3)); }
    static std::string linked(const std::string& body, const std::string& relation) {
        const auto links = between(body, "rel=\"" + relation + "\"", ">");
        return links.empty() ? "" : path_of(between(links.front(), "href=\"", "\"").front());
    }
    /// Ids in the order of the walk, and the archives' bodies by path.
    struct Walk {
        std::vector<std::string> ids;
        std::map<std::string, std::string> archives;
    };
    static Walk walk(const DaemonProcess& daemon, const std::string& feed) {
        Walk done;
        const bool is_rss = feed.ends_with(".rss");
        for (std::string path = feed; !path.empty();) {
            const auto answer = daemon.get(path);
            EXPECT_EQ(answer.status, 200) << path;
            for (const auto& id :
                 is_rss ? between(answer.body, "<guid isPermaLink=\"false\">", "<") : between(answer.body, "<entry><id>", "<"))
                done.ids.push_back(id);
            if (path != feed) done.archives[path] = answer.body;
            path = linked(answer.body, "prev-archive");
        }
        return done;
    }

    TestDatabase database;
};

TEST_F(HistoryOfFeeds, IsWholeAndNothingIsTwiceInIt) {
    DaemonProcess daemon({"--database", database.url()});
    for (const std::string feed : {"/all.atom", "/all.rss", "/all.atom?n=7", "/category/a.atom", "/category/b.rss",
                                   "/feed/a+b.atom", "/feed/a+b-c~-c.rss"}) {
        const auto done = walk(daemon, feed);
        const std::set<std::string> distinct(done.ids.begin(), done.ids.end());
        EXPECT_EQ(distinct.size(), done.ids.size()) << feed;
        const std::map<std::string, std::size_t> sizes = {
            {"/category/a.atom", 200}, {"/category/b.rss", 100}, {"/feed/a+b-c~-c.rss", 289}};
        EXPECT_EQ(distinct.size(), sizes.contains(feed) ? sizes.at(feed) : 300U) << feed;
    }
}

TEST_F(HistoryOfFeeds, KeepsItsArchivesByteForByteWhileArticlesCome) {
    const std::vector<std::string> arguments{"--database", database.url(), "--base-url", "https://feeds.example"};
    DaemonProcess daemon(arguments);
    const auto before = walk(daemon, "/category/a.atom");
    ASSERT_GE(before.archives.size(), 3U);
    for (int n = 0; n < 90; ++n)
        database.run("INSERT INTO articles (id, title, published) VALUES ('new:" + std::to_string(n) +
                     "', 'New', now() - interval '1 hour' + " + std::to_string(n) +
                     " * interval '1 second');"
                     "INSERT INTO article_categories (article_id, category_id) SELECT 'new:" +
                     std::to_string(n) + "', id FROM categories WHERE slug = 'a'");
    DaemonProcess other(arguments);
    for (const auto& [path, body] : before.archives) {
        EXPECT_EQ(daemon.get(path).body, body) << path;
        EXPECT_EQ(other.get(path).body, body) << path;
        EXPECT_NE(body.find("fh:archive"), std::string::npos);
        EXPECT_EQ(linked(body, "current"), "/category/a.atom");
        EXPECT_EQ(daemon.get(path).fields.at("cache-control"), "public, max-age=86400");
    }
    const auto after = walk(daemon, "/category/a.atom");
    EXPECT_EQ(std::set<std::string>(after.ids.begin(), after.ids.end()).size(), 290U);
    EXPECT_EQ(after.ids.size(), 290U);
}

TEST_F(HistoryOfFeeds, IsWalkedExactlyOnceInAStormOfPublishing) {
    DaemonProcess daemon({"--database", database.url()});
    std::atomic<bool> done = false;
    std::jthread writer([&] {
        for (int n = 0; !done; ++n)
            database.run("INSERT INTO articles (id, title, published) VALUES ('storm:" + std::to_string(n) +
                         "', 'x', now());"
                         "INSERT INTO article_categories (article_id, category_id) SELECT 'storm:" +
                         std::to_string(n) + "', id FROM categories WHERE slug = 'a'");
    });
    for (int round = 0; round < 5; ++round) {
        const auto seen = walk(daemon, "/category/a.atom");
        const std::set<std::string> distinct(seen.ids.begin(), seen.ids.end());
        EXPECT_EQ(distinct.size(), seen.ids.size());
        EXPECT_EQ(std::count_if(seen.ids.begin(), seen.ids.end(), [](const auto& id) { return id.starts_with("urn:"); }), 200);
    }
    done = true;
}

TEST_F(HistoryOfFeeds, ChangesWithItsOwnArticles) {
    DaemonProcess daemon({"--database", database.url()});
    const auto before = walk(daemon, "/all.atom");
    database.run(
        "UPDATE articles SET title = 'Corrected' WHERE id = 'urn:20'; UPDATE articles SET withdrawn = now() WHERE id = "
        "'urn:30'");
    daemon.get_until("/all/archive/20.atom", 200, "Corrected");
    int changed = 0;
    for (const auto& [path, body] : before.archives) {
        const auto answer = daemon.get(path).body;
        const bool showed = body.find("<id>urn:20<") != std::string::npos || body.find("<id>urn:30<") != std::string::npos;
        if (answer != body) ++changed;
        EXPECT_TRUE(!showed || answer != body) << path;
        EXPECT_EQ(answer.find("<id>urn:30<"), std::string::npos) << path;
    }
    EXPECT_LE(changed, 3);
    EXPECT_EQ(walk(daemon, "/all.atom").ids.size(), 299U);
}

TEST_F(HistoryOfFeeds, LinksTheNewestArchiveToTheNextOneOnceThatBegins) {
    DaemonProcess daemon({"--database", database.url()});
    const auto path = "/all/archive/" +
                      database.value("SELECT number FROM articles WHERE begins_archive(id) ORDER BY published DESC LIMIT 1") +
                      ".atom";
    const auto newest = daemon.get(path);
    ASSERT_EQ(newest.status, 200);
    EXPECT_EQ(linked(newest.body, "next-archive"), "");
    EXPECT_EQ(newest.fields.at("cache-control"), daemon.get("/all.atom").fields.at("cache-control"));
    database.run(
        "INSERT INTO articles (id, title, published) SELECT id, 'Held', now() + interval '1 second' "
        "FROM (SELECT 'held:' || n AS id FROM generate_series(1, 1000) AS n) AS named WHERE begins_archive(id) LIMIT 1");
    const auto next = daemon.get_until(path, 200, "next-archive");
    EXPECT_NE(linked(next.body, "next-archive"), "");
    EXPECT_EQ(next.fields.at("cache-control"), "public, max-age=86400");
}

TEST_F(HistoryOfFeeds, IsNotThereWhereNothingIs) {
    DaemonProcess daemon({"--database", database.url()});
    for (const char* path :
         {"/category/nothing/archive/7.atom", "/all/archive/100000.atom", "/all/archive/x.atom", "/all/archive/0.rss",
          "/all/archive/7.json", "/all/archive/7.html", "/feed/a+nothing/archive/7.atom", "/search/archive/7.atom?q=a"})
        EXPECT_EQ(daemon.get(path).status, 404) << path;
    EXPECT_EQ(daemon.get("/all/archive/007.atom").status, 308);
    EXPECT_EQ(daemon.get("/feed/b+a/archive/7.atom").status, 308);
}

TEST_F(HistoryOfFeeds, SaysWhatWasWithdrawnWhileItWouldBeShown) {
    DaemonProcess daemon({"--database", database.url()});
    daemon.get("/category/b.atom");
    database.run("UPDATE articles SET withdrawn = '2024-03-01Z' WHERE id IN ('urn:300', 'urn:3')");
    const auto atom = daemon.get_until("/category/b.atom", 200, "at:deleted-entry").body;
    EXPECT_NE(atom.find(R"(<at:deleted-entry ref="urn:300" when="2024-03-01T00:00:00Z")"), std::string::npos);
    EXPECT_EQ(atom.find("<id>urn:300<"), std::string::npos);
    EXPECT_EQ(atom.find("urn:3\""), std::string::npos);
    EXPECT_NE(daemon.get_until("/all.atom", 200, "at:deleted-entry").body.find("ref=\"urn:300\""), std::string::npos);
    database.run(
        "INSERT INTO articles (id, title, withdrawn) VALUES (U&'urn:299\\FFFE', 'Never published', now());"
        "INSERT INTO article_categories (article_id, category_id) SELECT U&'urn:299\\FFFE', id FROM categories WHERE slug = "
        "'b'");
    database.run("UPDATE articles SET title = 'Later' WHERE id = 'urn:297'");
    EXPECT_EQ(daemon.get_until("/category/b.atom", 200, "Later").body.find("ref=\"urn:299"), std::string::npos);
    database.run("UPDATE articles SET withdrawn = NULL WHERE id = 'urn:300'");
    EXPECT_EQ(daemon.get_until("/category/b.atom", 200, "<id>urn:300<").body.find("at:deleted-entry"), std::string::npos);
}

TEST_F(HistoryOfFeeds, OfACombinationSaysWhatWasWithdrawnToo) {
    DaemonProcess daemon({"--database", database.url()});
    daemon.get("/feed/a+b-tag:x%20y.atom");
    database.run("UPDATE articles SET withdrawn = '2024-03-01Z' WHERE id IN ('urn:300', 'urn:298')");
    const auto atom = daemon.get_until("/feed/a+b-tag:x%20y.atom", 200, "at:deleted-entry").body;
    EXPECT_NE(atom.find(R"(<at:deleted-entry ref="urn:298" when="2024-03-01T00:00:00Z")"), std::string::npos);
    EXPECT_EQ(atom.find("urn:300\""), std::string::npos) << "it has the tag that is left out";
}

TEST_F(HistoryOfFeeds, GoesOnWhereACombinationIsNotLookedThroughToItsEnd) {
    database.run(R"(
        SET session_replication_role = replica;
        INSERT INTO selections (id, kind, name) VALUES (10000, 'tag', 'noise');
        INSERT INTO articles (id, title, published, revision, changed)
        SELECT 'noise:' || n, 'Title', timestamptz '2024-01-01 01:30:30Z' + n * interval '1 millisecond', n, '2024-01-02Z' FROM generate_series(1, 41000) AS n;
        INSERT INTO article_categories (article_id, category_id, published, shown)
        SELECT a.id, k.id, a.published, true FROM articles a JOIN categories k ON k.slug = 'b' WHERE a.id LIKE 'noise:%';
        INSERT INTO article_selections (article_id, selection_id, published, shown)
        SELECT id, 10000, published, true FROM articles WHERE id LIKE 'noise:%'; ANALYZE)");
    const std::vector<std::string> arguments{"--database", database.url()};
    DaemonProcess daemon(arguments);
    const auto done = walk(daemon, "/feed/b-tag:noise.atom?n=500");
    EXPECT_EQ(std::set<std::string>(done.ids.begin(), done.ids.end()).size(), 100U);
    EXPECT_EQ(done.ids.size(), 100U);
    EXPECT_NE(daemon.log().find("combination_unread path=\"/feed/b-tag:noise.atom?n=500\""), std::string::npos) << daemon.log();
    const auto told = run_command({GAZETTED_BINARY, "article", "explain", "urn:3", "/feed/b-tag:noise.atom?n=500", "--database",
                                   database.url(), "--log-level", "error"});
    EXPECT_NE(
        told.out.find("not shown: what the address leaves out takes away so many articles in a row that the article urn:3 "
                      "is not looked for: it is in /feed/b-tag:noise/archive/"),
        std::string::npos)
        << told.out << told.err;
}

TEST_F(HistoryOfFeeds, CombinesAndRenewsWhenAnyMemberChanges) {
    DaemonProcess daemon({"--database", database.url()});
    const std::string feed = "/feed/a+b-c~-c.atom";
    const auto first = daemon.get(feed);
    ASSERT_EQ(first.status, 200) << first.body;
    EXPECT_EQ(between(first.body, "<entry><id>", "<").front(), "urn:289");
    EXPECT_NE(first.body.find("<title type=\"text\">A + B − C</title>"), std::string::npos) << first.body.substr(0, 800);
    EXPECT_NE(first.fields.at("link").find("/feed/a+b-c~-c.rss>; rel=\"alternate\""), std::string::npos);
    EXPECT_EQ(daemon.get("/feed/b+a-c~-c.html").fields.at("location"), "/feed/a+b-c~-c.html");
    EXPECT_EQ(daemon.get("/feed/a%2Bb.rss?n=5").fields.at("location"), "/feed/a+b.rss?n=5");
    EXPECT_EQ(daemon.get("/feed/tag:x%20y").fields.at("location"), "/tag/x%20y");
    EXPECT_EQ(daemon.get("/feed/a+nothing.atom").status, 404);
    EXPECT_EQ(daemon.get("/feed/-a.atom").status, 404);

    database.run("UPDATE articles SET title = 'Corrected' WHERE id = 'urn:288'");
    EXPECT_EQ(daemon.get_until(feed, 200, "Corrected").status, 200);
    database.run(
        "DELETE FROM article_categories WHERE article_id = 'urn:300' AND category_id = (SELECT id FROM categories WHERE slug = "
        "'c-c')");
    EXPECT_EQ(daemon.get_until(feed, 200, "<id>urn:300<").status, 200);
    const auto etag = daemon.get("/feed/b+tag:x%20y.json").fields.at("etag");
    database.run("INSERT INTO article_tags VALUES ('urn:298', 'x y')");
    for (int tries = 0; tries < 1000 && daemon.get("/feed/b+tag:x%20y.json").fields.at("etag") == etag; ++tries)
        std::this_thread::sleep_for(5ms);
    EXPECT_NE(daemon.get("/feed/b+tag:x%20y.json").fields.at("etag"), etag);
}

}  // namespace
}  // namespace gazetted
