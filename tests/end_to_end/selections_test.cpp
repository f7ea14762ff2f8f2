// Tags, authors and sources are feeds as categories are.

#include "tests/support/daemon_process.hpp"
#include "tests/support/test_database.hpp"

#include <chrono>
#include <map>

namespace gazetted {
namespace {

class Selections : public ::testing::Test {
protected:
    void SetUp() override {
        database.run(R"(
            INSERT INTO sources (slug, title) VALUES ('wire', 'The wire'), ('quiet', 'A quiet source');
            INSERT INTO articles (id, url, title, content, published, authors, source_id)
            SELECT 'urn:a:' || n, 'https://a.example/' || n, 'Title ' || n, '<p>Text ' || n || '</p>', timestamptz '2024-05-01 10:00Z' + n * interval '1 day',
                   jsonb_build_array(jsonb_build_object('name', CASE WHEN n = 3 THEN '王小明' ELSE 'Ann' END)),
                   CASE WHEN n < 3 THEN (SELECT id FROM sources WHERE slug = 'wire') END
              FROM generate_series(1, 3) AS n;
            INSERT INTO article_tags VALUES ('urn:a:1', '新 闻'), ('urn:a:2', '新 闻'), ('urn:a:2', 'AC/DC'), ('urn:a:3', 'steel'))");
    }
    static constexpr const char* feeds[] = {
        "/tag/%E6%96%B0%20%E9%97%BB",          "/tag/AC%2FDC", "/tag/steel",   "/author/Ann",
        "/author/%E7%8E%8B%E5%B0%8F%E6%98%8E", "/source/wire", "/source/quiet"};
    static std::map<std::string, std::string> etags(const DaemonProcess& daemon) {
        std::map<std::string, std::string> found;
        for (const std::string feed : feeds)
            for (const char* format : {".atom", ".rss", ".json", ".html"}) {
                const auto answer = daemon.get(feed + format);
                EXPECT_EQ(answer.status, 200) << feed << format << "\n" << answer.body;
                found[feed + format] = answer.fields.contains("etag") ? answer.fields.at("etag") : "none";
            }
        return found;
    }

    TestDatabase database;
};

TEST_F(Selections, ShowWhatTheirNamesSay) {
    DaemonProcess daemon({"--database", database.url()});
    etags(daemon);
    const auto tag = daemon.get("/tag/%E6%96%B0%20%E9%97%BB.atom");
    EXPECT_NE(tag.body.find("Title 1"), std::string::npos);
    EXPECT_NE(tag.body.find("Title 2"), std::string::npos);
    EXPECT_EQ(tag.body.find("Title 3"), std::string::npos);
    EXPECT_NE(tag.fields.at("link").find("/tag/%E6%96%B0%20%E9%97%BB.rss>; rel=\"alternate\""), std::string::npos);
    EXPECT_NE(daemon.get("/author/Ann.html").body.find("href=\"/author/Ann.atom\""), std::string::npos);
    EXPECT_NE(daemon.get("/source/wire.rss").body.find("<title>The wire</title>"), std::string::npos);
    EXPECT_EQ(daemon.get("/tag/steel").fields.at("content-location"), "/tag/steel.atom");
}

TEST_F(Selections, AreNotThereWhereTheyNameNothing) {
    DaemonProcess daemon({"--database", database.url()});
    for (const std::string feed :
         {"/tag/Steel", "/tag/nothing", "/author/nobody", "/source/nowhere", "/tag/Ann", "/author/steel"})
        for (const char* format : {"", ".atom", ".rss", ".json", ".html"})
            EXPECT_EQ(daemon.get(feed + format).status, 404) << feed;
    EXPECT_EQ(daemon.get("/tag/AC/DC.atom").status, 404);
    EXPECT_EQ(daemon.get("/tag/AC%2fDC.atom").fields.at("location"), "/tag/AC%2FDC.atom");
}

TEST_F(Selections, ChangeWithTheirArticlesAndWithNoOthers) {
    DaemonProcess daemon({"--database", database.url()});
    const auto before = etags(daemon);
    database.run("UPDATE articles SET title = 'Better steel' WHERE id = 'urn:a:3'");
    const std::string changed[] = {"/tag/steel", "/author/%E7%8E%8B%E5%B0%8F%E6%98%8E"};
    for (const auto& feed : changed)
        for (const char* format : {".atom", ".rss", ".json", ".html"})
            EXPECT_EQ(daemon.get_until(feed + format, 200, "Better steel").status, 200) << feed << format;
    for (const auto& [target, etag] : etags(daemon)) {
        const bool is_changed = target.starts_with(changed[0]) || target.starts_with(changed[1]);
        EXPECT_EQ(etag != before.at(target), is_changed) << target;
    }
}

TEST_F(Selections, GainAndLoseArticlesWithTheTag) {
    DaemonProcess daemon({"--database", database.url()});
    EXPECT_EQ(daemon.get("/tag/copper.atom").status, 404);
    EXPECT_EQ(daemon.get("/tag/steel.atom").body.find("Title 1"), std::string::npos);
    database.run("INSERT INTO article_tags VALUES ('urn:a:1', 'steel'), ('urn:a:1', 'copper')");
    EXPECT_EQ(daemon.get_until("/tag/steel.atom", 200, "Title 1").status, 200);
    EXPECT_EQ(daemon.get_until("/tag/copper.atom", 200, "Title 1").status, 200);
    database.run("DELETE FROM article_tags WHERE tag = 'copper'");
    EXPECT_EQ(daemon.get_until("/tag/copper.atom", 404, "").status, 404);
}

TEST_F(Selections, HaveVariantsWithOneAddressEach) {
    DaemonProcess daemon({"--database", database.url()});
    const auto one = daemon.get("/all.atom?x=1&n=1");
    EXPECT_NE(one.body.find("Title 3"), std::string::npos);
    EXPECT_EQ(one.body.find("Title 2"), std::string::npos);
    EXPECT_NE(one.body.find("/all.atom?n=1\""), std::string::npos) << one.body;
    EXPECT_NE(one.fields.at("link").find("/all.atom?n=1>; rel=\"canonical\""), std::string::npos) << one.fields.at("link");
    EXPECT_EQ(daemon.get("/all.atom?n=50").fields.at("etag"), daemon.get("/all.atom").fields.at("etag"));
    EXPECT_EQ(daemon.get("/all.atom?n=600").fields.at("etag"), daemon.get("/all.atom?n=500").fields.at("etag"));
    EXPECT_EQ(daemon.get("/all.atom?n=0").status, 400);

    const auto summary = daemon.get("/all.atom?content=summary");
    EXPECT_EQ(summary.body.find("<content"), std::string::npos) << summary.body;
    EXPECT_NE(summary.body.find("<summary"), std::string::npos) << summary.body;
    EXPECT_NE(summary.body.find("Text 1"), std::string::npos) << summary.body;
    database.run("UPDATE articles SET content = '<p>Another text</p>' WHERE id = 'urn:a:3'");
    EXPECT_EQ(daemon.get_until("/all.atom?content=summary", 200, "Another text").status, 200);
    EXPECT_EQ(daemon.get_until("/all.atom?n=1", 200, "Another text").status, 200);
}

TEST_F(Selections, ShowTheSummaryOfAnArticleThatWouldTakeThePlaceOfAllOthers) {
    database.run(
        "UPDATE articles SET content = '<p>' || repeat('word ', 600000) || '</p>' WHERE id = 'urn:a:3';"
        "UPDATE articles SET summary = '<p>' || repeat('word ', 150000) || '</p>', content = '' WHERE id = 'urn:a:2'");
    DaemonProcess daemon({"--database", database.url()});
    for (const char* format : {".atom", ".rss", ".json"}) {
        const auto answer = daemon.get(std::string("/all") + format);
        EXPECT_LE(answer.body.size(), 20'000U) << format;
        for (const char* part : {"Title 3", "https://a.example/3", "word word", "Title 2", "Text 1"})
            EXPECT_NE(answer.body.find(part), std::string::npos) << format << ' ' << part;
    }
    EXPECT_NE(daemon.log().find("entry_shortened path=/all.atom id=urn:a:3"), std::string::npos) << daemon.log();
    EXPECT_EQ(daemon.log().find("feed_shortened"), std::string::npos) << daemon.log();
    EXPECT_GT(daemon.get("/article/" + database.value("SELECT number FROM articles WHERE id = 'urn:a:3'")).body.size(),
              1'000'000U);
    database.run("UPDATE articles SET content = '<p>short</p>' WHERE id = 'urn:a:3'");
    EXPECT_NE(daemon.get_until("/all.atom", 200, "short").body.find("Title 1"), std::string::npos);
}

TEST_F(Selections, NameAuthorsAsTheyAreCalledNow) {
    DaemonProcess daemon({"--database", database.url()});
    daemon.get("/author/Ann.atom");
    database.run("SELECT rename_selection('author', 'Ann', 'Ann Li')");
    const auto feed = daemon.get_until("/author/Ann%20Li.atom", 200, "Title 2");
    EXPECT_NE(feed.body.find("<name>Ann Li</name>"), std::string::npos) << feed.body;
    EXPECT_EQ(feed.body.find("<name>Ann</name>"), std::string::npos) << feed.body;
    const auto page = daemon.get_until("/article/1", 200, "/author/Ann%20Li.html");
    EXPECT_EQ(page.body.find("/author/Ann.html"), std::string::npos) << page.body;
}

TEST_F(Selections, StayUnderAMegabyteAndSaySo) {
    database.run("UPDATE articles SET content = '<p>' || repeat('word ', 80000) || '</p>'");
    DaemonProcess daemon({"--database", database.url()});
    for (const char* format : {".atom", ".rss", ".json"}) {
        const auto answer = daemon.get(std::string("/all") + format);
        EXPECT_LE(answer.body.size(), 1'000'000U) << format;
        EXPECT_NE(answer.body.find("Title 3"), std::string::npos) << format;
        EXPECT_EQ(answer.body.find("Title 1"), std::string::npos) << format;
    }
    EXPECT_NE(daemon.log().find("feed_shortened path=/all.atom dropped="), std::string::npos) << daemon.log();
}

}  // namespace
}  // namespace gazetted
