// Addresses are for life: what was renamed or merged answers 308, what was removed 410.

#include "tests/support/daemon_process.hpp"
#include "tests/support/test_database.hpp"

#include <chrono>
#include <regex>

namespace gazetted {
namespace {

class NamesServed : public ::testing::Test {
protected:
    void SetUp() override {
        database.run(R"(
            INSERT INTO categories (slug, title) VALUES ('old', 'News'), ('other', 'Other');
            INSERT INTO articles (id, url, title, published)
            SELECT 'urn:a:' || n, 'https://a.example/' || n, 'Title ' || n, timestamptz '2024-05-01 10:00Z' + n * interval '1 day' FROM generate_series(1, 80) AS n;
            INSERT INTO article_categories (article_id, category_id)
            SELECT a.id, k.id FROM articles a JOIN categories k ON k.slug = CASE WHEN a.id = 'urn:a:1' THEN 'other' ELSE 'old' END;
            INSERT INTO article_tags (article_id, tag) VALUES ('urn:a:1', 'iron'), ('urn:a:2', 'steel'))");
    }
    static std::vector<std::string> ids(const std::string& atom) {
        const std::regex id("<id>([^<]*)</id>");
        std::vector<std::string> found;
        for (std::sregex_iterator at(atom.begin(), atom.end(), id), end; at != end; ++at) found.push_back((*at)[1]);
        return found;
    }
    static std::string archive_of(const HttpAnswer& feed) {
        std::smatch found;
        std::regex_search(feed.body, found, std::regex("(/archive/[0-9]+\\.atom)\""));
        return found.empty() ? std::string() : found[1].str();
    }
    /// Where the address leads, once the daemon has heard of the change.
    static std::string location(const DaemonProcess& daemon, const std::string& target, const std::string& expected) {
        std::string found;
        for (const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
             found != expected && std::chrono::steady_clock::now() < end;) {
            const auto answer = daemon.get(target);
            found = answer.status == 308 ? answer.fields.at("location") : std::to_string(answer.status);
        }
        return found;
    }
    static std::string comes_to_say(const DaemonProcess& daemon, const std::string& target) {
        for (const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
             std::chrono::steady_clock::now() < end;)
            if (const auto answer = daemon.get(target); answer.fields.contains("sunset")) return answer.fields.at("sunset");
        return "nothing";
    }
    static void expect_redirects(const DaemonProcess& daemon, const std::string& archive) {
        const std::pair<std::string, std::string> addresses[] = {
            {"/category/old.atom", "/category/new%201.atom"},
            {"/category/old.json?n=3", "/category/new%201.json?n=3"},
            {"/category/old", "/category/new%201"},
            {"/category/old.html", "/category/new%201.html"},
            {"/category/old" + archive, "/category/new%201" + archive},
            {"/feed/old+tag:iron.rss", "/feed/new%201+tag:iron.rss"},
            {"/feed/old-other.rss?content=summary", "/feed/new%201-other.rss?content=summary"},
            {"/category/old/", "/category/new%201"},
            {"/category/%6Fld.atom", "/category/new%201.atom"},
            {"/feed/tag:iron+old.rss", "/feed/new%201+tag:iron.rss"},
        };
        for (const auto& [from, to] : addresses) {
            EXPECT_EQ(location(daemon, from, to), to);
            EXPECT_EQ(daemon.get(to).status, 200) << to;
        }
        for (const char* nothing : {"/feed/old+unknown.atom", "/feed/unknown+old.atom", "/category/unknown/", "/article/0999"})
            EXPECT_EQ(daemon.get(nothing).status, 404) << nothing;
    }
    TestDatabase database;
};

TEST_F(NamesServed, ARenamedCategoryKeepsItsIdsAndLeadsThere) {
    std::string etag, archive;
    {
        DaemonProcess daemon({"--database", database.url(), "--base-url", "https://feeds.example"});
        const auto before = daemon.get("/category/old.atom");
        archive = archive_of(before);
        ASSERT_NE(archive, "") << before.body;
        database.run("UPDATE categories SET slug = 'between' WHERE slug = 'old'");
        database.run("UPDATE categories SET slug = 'new 1' WHERE slug = 'between'");
        expect_redirects(daemon, archive);
        EXPECT_EQ(location(daemon, "/category/between.rss", "/category/new%201.rss"), "/category/new%201.rss");
        const auto after = daemon.get("/category/new%201.atom");
        EXPECT_EQ(ids(after.body), ids(before.body));
        EXPECT_EQ(ids(after.body).size(), 51U) << "the feed's and fifty entries'";
        etag = after.fields.at("etag");
    }
    DaemonProcess daemon({"--database", database.url(), "--base-url", "https://feeds.example"});
    expect_redirects(daemon, archive);
    EXPECT_EQ(daemon.get("/category/new%201.atom", {"If-None-Match: " + etag}).status, 304);
    database.run("INSERT INTO categories (slug) VALUES ('old')");
    EXPECT_EQ(daemon.get_until("/category/old.atom", 200, "").status, 200);
}

TEST_F(NamesServed, ANameThatEndsLikeAFormatIsLedToItsFeed) {
    DaemonProcess daemon({"--database", database.url(), "--base-url", "https://feeds.example"});
    const std::string archive = archive_of(daemon.get("/category/old.atom"));
    database.run(
        "UPDATE categories SET slug = 'y.atom' WHERE slug = 'old';"
        "INSERT INTO article_tags (article_id, tag) VALUES ('urn:a:3', 'package'), ('urn:a:4', 'package.json')");
    EXPECT_EQ(location(daemon, "/category/old", "/category/y.atom.atom"), "/category/y.atom.atom");
    EXPECT_EQ(location(daemon, "/category/old.html", "/category/y.atom.html"), "/category/y.atom.html");
    EXPECT_EQ(location(daemon, "/category/y%2Eatom%2Eatom?n=3", "/category/y.atom.atom?n=3"), "/category/y.atom.atom?n=3");
    const auto feed = daemon.get("/category/y.atom.atom");
    EXPECT_EQ(feed.status, 200);
    EXPECT_EQ(archive_of(feed), archive);
    EXPECT_NE(feed.body.find("https://feeds.example/category/y.atom/archive/"), std::string::npos) << feed.body;
    EXPECT_EQ(daemon.get("/category/y.atom" + archive).status, 200);
    EXPECT_NE(daemon.get_until("/tag/package.json", 200, "Title 3").body.find("urn:a:3"), std::string::npos);
    EXPECT_NE(daemon.get_until("/tag/package.json.json", 200, "Title 4").body.find("urn:a:4"), std::string::npos);
}

TEST_F(NamesServed, AMergedCategoryLeadsToTheSurvivor) {
    DaemonProcess daemon({"--database", database.url(), "--base-url", "https://feeds.example"});
    const auto before = daemon.get("/category/other.atom");
    EXPECT_EQ(before.status, 200);
    EXPECT_EQ(daemon.get("/feed/old+other.atom").status, 200);
    database.run("SELECT merge_category('other', 'old')");
    EXPECT_EQ(location(daemon, "/category/other.atom", "/category/old.atom"), "/category/old.atom");
    EXPECT_EQ(location(daemon, "/feed/old+other.atom", "/category/old.atom"), "/category/old.atom") << "one term is left";
    EXPECT_EQ(daemon.get_until("/category/old.atom?n=500", 200, "Title 1<").status, 200);
}

TEST_F(NamesServed, ARemovedCategoryIsAnnouncedAndThenGone) {
    DaemonProcess daemon({"--database", database.url(), "--base-url", "https://feeds.example"});
    EXPECT_NE(daemon.get("/feeds.opml").body.find("/category/old."), std::string::npos);
    const auto before = daemon.get("/category/old.atom");
    const auto archive = archive_of(before);
    database.run(
        "UPDATE categories SET removed = '2999-01-31 10:00:00Z', sunset_url = 'https://a.example/end' WHERE slug = 'old'");
    for (const char* form : {".html", ".atom"})
        EXPECT_EQ(comes_to_say(daemon, std::string("/category/old") + form), "Thu, 31 Jan 2999 10:00:00 GMT");
    const auto announced = daemon.get("/category/old.atom");
    EXPECT_EQ(announced.fields.at("sunset"), "Thu, 31 Jan 2999 10:00:00 GMT");
    EXPECT_NE(announced.fields.at("link").find("<https://a.example/end>; rel=\"sunset\""), std::string::npos);
    EXPECT_EQ(daemon.get("/category/old" + archive).fields.at("sunset"), "Thu, 31 Jan 2999 10:00:00 GMT");
    EXPECT_EQ(daemon.get("/feed/old+other.atom").fields.at("sunset"), "Thu, 31 Jan 2999 10:00:00 GMT");
    EXPECT_EQ(ids(announced.body), ids(before.body));

    database.run("UPDATE categories SET removed = now() + interval '1 second' WHERE slug = 'old'");
    for (const std::string form : {".atom", "", ".rss", ".json", ".html", ".atom?n=5", archive.c_str()})
        EXPECT_EQ(daemon.get_until("/category/old" + form, 410, "").status, 410) << form;
    for (const char* form : {"/feed/old+other.atom", "/category/old/", "/category/%6Fld.rss", "/feed/tag:iron+old.atom"})
        EXPECT_EQ(daemon.get_until(form, 410, "").status, 410) << form;
    EXPECT_EQ(daemon.get("/feed/other-old.atom").status, 200) << "it is left out as before";
    EXPECT_EQ(daemon.get_until("/feeds.opml", 200, "").body.find("/category/old."), std::string::npos);
    database.run("UPDATE categories SET removed = NULL WHERE slug = 'old'");
    EXPECT_EQ(daemon.get_until("/category/old.atom", 200, "").status, 200);
    EXPECT_FALSE(daemon.get("/category/old.atom").fields.contains("sunset"));
}

TEST_F(NamesServed, ATagIsFiledUnderItsNewNameForGood) {
    DaemonProcess daemon({"--database", database.url(), "--base-url", "https://feeds.example"});
    const auto before = daemon.get("/tag/iron.atom");
    database.run("SELECT rename_selection('tag', 'iron', 'Fe')");
    EXPECT_EQ(location(daemon, "/tag/iron.rss", "/tag/Fe.rss"), "/tag/Fe.rss");
    const auto after = daemon.get("/tag/Fe.atom");
    EXPECT_EQ(ids(after.body), ids(before.body));
    EXPECT_NE(after.body.find("term=\"Fe\""), std::string::npos) << after.body;
    EXPECT_EQ(after.body.find("iron"), std::string::npos) << after.body;
    database.run("INSERT INTO article_tags (article_id, tag) VALUES ('urn:a:3', 'iron')");
    EXPECT_EQ(daemon.get_until("/tag/Fe.atom", 200, "Title 3<").status, 200);
    database.run("SELECT rename_selection('tag', 'Fe', 'steel')");
    EXPECT_EQ(location(daemon, "/tag/iron.atom", "/tag/steel.atom"), "/tag/steel.atom");
    EXPECT_EQ(location(daemon, "/tag/Fe.atom", "/tag/steel.atom"), "/tag/steel.atom");
}

}  // namespace
}  // namespace gazetted
