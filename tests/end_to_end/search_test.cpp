// A search is a feed as a category is.

#include "tests/support/daemon_process.hpp"
#include "tests/support/test_database.hpp"

#include <set>

namespace gazetted {
namespace {

class SearchFeeds : public ::testing::Test {
protected:
    void SetUp() override {
        database.run(R"(
            INSERT INTO articles (id, url, title, content, published)
            SELECT 'urn:a:' || n, 'https://a.example/' || n, 'Title ' || n, CASE WHEN n % 2 = 0 THEN '<p>新能源汽车 and 5G</p>' ELSE '<p>Text</p>' END,
                   timestamptz '2024-05-01 10:00Z' + n * interval '1 day'
              FROM generate_series(1, 25) AS n)");
    }
    TestDatabase database;
};

std::string target_of_link(const std::string& feed, const std::string& relation) {
    const auto link = feed.find("<link rel=\"" + relation + "\"");
    if (link == std::string::npos) return {};
    const auto begin = feed.find("/search", link);
    std::string target = feed.substr(begin, feed.find('"', begin) - begin);
    for (auto at = target.find("&amp;"); at != std::string::npos; at = target.find("&amp;")) target.replace(at, 5, "&");
    return target;
}

TEST_F(SearchFeeds, AreFoundInEveryFormat) {
    DaemonProcess daemon({"--database", database.url()});
    for (const std::string format : {".atom", ".rss", ".json", ".html"}) {
        const auto answer = daemon.get("/search" + format + "?q=%E8%83%BD%E6%BA%90%205g");
        EXPECT_EQ(answer.status, 200) << format;
        EXPECT_NE(answer.body.find("Title 24"), std::string::npos) << answer.body;
        EXPECT_EQ(answer.body.find("Title 25"), std::string::npos) << answer.body;
        EXPECT_TRUE(answer.fields.contains("etag")) << format;
        EXPECT_NE(answer.fields.at("link").find("/search.json?q=%E8%83%BD%E6%BA%90%205g>"), std::string::npos);
    }
    EXPECT_EQ(daemon.get("/search?q=text").fields.at("content-location"), "/search.atom?q=text");
    EXPECT_NE(daemon.get("/search.html?q=text").body.find("href=\"/search.rss?q=text\""), std::string::npos);
    EXPECT_EQ(daemon.get("/search.html").status, 200);
    EXPECT_EQ(daemon.get("/search.html?q=text&before=999").status, 404);
}

TEST_F(SearchFeeds, MayFindNothingYet) {
    DaemonProcess daemon({"--database", database.url()});
    const auto nothing = daemon.get("/search.atom?q=tomorrow");
    EXPECT_EQ(nothing.status, 200);
    EXPECT_EQ(nothing.body.find("<entry>"), std::string::npos);
}

TEST_F(SearchFeeds, ArePagedToTheirEndAndBack) {
    DaemonProcess daemon({"--database", database.url()});
    std::multiset<std::string> seen;
    std::vector<std::string> pages = {"/search.atom?q=%E6%B1%BD&n=5"};
    for (;;) {
        const auto page = daemon.get(pages.back());
        ASSERT_EQ(page.status, 200) << pages.back();
        for (auto at = page.body.find("<id>urn:a:"); at != std::string::npos; at = page.body.find("<id>urn:a:", at + 1))
            seen.insert(page.body.substr(at + 4, page.body.find("</id>", at) - at - 4));
        EXPECT_EQ(target_of_link(page.body, "previous"), pages.size() == 1 ? "" : pages[pages.size() - 2]);
        EXPECT_EQ(target_of_link(page.body, "first"), pages.size() == 1 ? "" : pages.front());
        const auto next = target_of_link(page.body, "next");
        if (next.empty()) break;
        pages.push_back(next);
    }
    EXPECT_EQ(pages.size(), 3U);
    EXPECT_EQ(seen.size(), 12U);
    EXPECT_EQ(std::set<std::string>(seen.begin(), seen.end()).size(), 12U);
    EXPECT_NE(daemon.get("/search.json?q=%E6%B1%BD&n=5").body.find("\"next_url\":"), std::string::npos);
    EXPECT_NE(daemon.get("/search.rss?q=%E6%B1%BD&n=5").body.find("rel=\"next\""), std::string::npos);
}

TEST_F(SearchFeeds, KeepTheirValidatorsWhereOtherArticlesChange) {
    DaemonProcess daemon({"--database", database.url()});
    const auto before = daemon.get("/search.rss?q=5g").fields.at("etag");
    database.run("UPDATE articles SET title = 'Another' WHERE id = 'urn:a:3'");
    EXPECT_EQ(daemon.get_until("/search.rss?q=another", 200, "Another").status, 200);
    EXPECT_EQ(daemon.get("/search.rss?q=5g").fields.at("etag"), before);
}

}  // namespace
}  // namespace gazetted
