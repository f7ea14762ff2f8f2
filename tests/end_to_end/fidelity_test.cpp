// All that rows hold reaches readers that other people wrote, and what would break a feed does not.

#include "tests/support/daemon_process.hpp"
#include "tests/support/test_database.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

namespace gazetted {
namespace {

constexpr const char* rows = R"(
    SET search_path = gazetted;
    INSERT INTO categories (slug, title) VALUES ('harbour', 'The harbour');
    INSERT INTO articles (id, url, title, content, authors, published, updated, rights, comments_url, latitude, longitude, place,
                          season, episode, episode_kind, explicit, origin)
    VALUES ('urn:example:1', 'https://origin.example/1', 'Ships & <boats>', '<p>Three &amp; more</p>',
            '[{"name": "Ann", "email": "ann@origin.example", "uri": "https://origin.example/ann"}, {"name": "王"}]',
            '2024-05-01 10:00:01Z', '2024-05-02 10:00:02Z', 'CC BY 4.0', 'https://origin.example/1#talk', 53.5435, 9.9665,
            'Elbe & port', 2, 7, 'full', true,
            '{"feed_id": "urn:example:origin", "feed_url": "https://origin.example/feed?a&b", "url": "https://origin.example/",
              "title": "Origin & sons", "rights": "© Origin", "entry_url": "https://origin.example/first"}');
    INSERT INTO article_categories (article_id, category_id) SELECT 'urn:example:1', id FROM categories;
    INSERT INTO article_tags (article_id, tag, scheme, label)
    VALUES ('urn:example:1', 'ship', 'https://origin.example/tags', 'Ships'), ('urn:example:1', 'tide', '', '');
    INSERT INTO enclosures (article_id, position, role, url, media_type, length_bytes, duration_seconds, width, height)
    VALUES ('urn:example:1', 0, 'enclosure', 'https://origin.example/1.mp3', 'audio/mpeg', 12345, 61, NULL, NULL),
           ('urn:example:1', 1, 'enclosure', 'https://origin.example/1.pdf', 'application/pdf', 678, NULL, NULL, NULL),
           ('urn:example:1', 2, 'media', 'https://origin.example/1.mp4', 'video/mp4', NULL, 30, 640, 480),
           ('urn:example:1', 3, 'thumbnail', 'https://origin.example/1.png', 'image/png', NULL, NULL, 64, 48);)";

/// What the tables say, in the words of facts_with_feedparser.py.
constexpr const char* facts_in_tables = R"(
    SET search_path = gazetted;
    SELECT unnest(ARRAY['id=' || id, 'title=' || title, 'link=' || url, 'rights=' || rights, 'comments=' || comments_url,
                        'published=' || extract(epoch FROM published)::bigint, 'updated=' || extract(epoch FROM updated)::bigint,
                        'point=' || longitude || '|' || latitude, 'georss_featurename=' || place, 'itunes_season=' || season,
                        'itunes_episode=' || episode, 'content=' || content, 'via=' || (origin ->> 'entry_url'),
                        'source=' || concat_ws('|', origin ->> 'feed_id', origin ->> 'title', origin ->> 'rights'),
                        'source_self=' || (origin ->> 'feed_url'), 'source_alternate=' || (origin ->> 'url'),
                        'person=' || concat_ws('|', authors -> 0 ->> 'name', authors -> 0 ->> 'email', authors -> 0 ->> 'uri')])
      FROM articles
    UNION ALL SELECT 'author=' || (author ->> 'name') FROM articles, jsonb_array_elements(authors) AS author
    UNION ALL SELECT 'tag=' || tag || '|' || scheme || '|' || label FROM article_tags
    UNION ALL SELECT 'tag=' || slug || '|http://feeds.example/category/|' || title FROM categories
    UNION ALL SELECT 'enclosure=' || url || '|' || media_type || '|' || length_bytes FROM enclosures WHERE role = 'enclosure'
    UNION ALL SELECT 'itunes_duration=' || duration_seconds FROM enclosures WHERE role = 'enclosure' AND duration_seconds > 0
    UNION ALL SELECT concat('media=', url, '|', media_type, '|', width, '|', height, '|', duration_seconds) FROM enclosures
               WHERE role = 'media' OR duration_seconds > 0
    UNION ALL SELECT concat('thumbnail=', url, '|', width, '|', height) FROM enclosures WHERE role = 'thumbnail')";

class Fidelity : public ::testing::Test {
protected:
    std::string psql(const std::string& sql) {
        const auto result = run_command({"psql", database.url(), "-qXAt", "-v", "ON_ERROR_STOP=1", "-c", sql});
        EXPECT_EQ(result.exit_status, 0) << result.err;
        return result.out;
    }
    static std::vector<std::string> lines(const std::string& text) {
        std::vector<std::string> found;
        std::istringstream stream(text);
        for (std::string line; std::getline(stream, line);) found.push_back(line);
        return found;
    }
    std::vector<std::string> serving() const { return {"--database", database.url(), "--base-url", "http://feeds.example"}; }
    TestDatabase database;
};

TEST_F(Fidelity, FeedparserReadsAllThatTheTablesHold) {
    const std::string python = "/usr/bin/python3";
    if (run_command({python, "-c", "import feedparser"}).exit_status != 0)
        GTEST_SKIP() << "python3-feedparser is not installed";
    psql(rows);
    const auto wanted = lines(psql(facts_in_tables));
    ASSERT_GT(wanted.size(), 20U);
    DaemonProcess daemon(serving());
    for (const char* target : {"/category/harbour.atom", "/category/harbour.rss"}) {
        const auto read = run_command({python, GAZETTED_SOURCE_DIR "/tests/end_to_end/facts_with_feedparser.py",
                                       "http://127.0.0.1:" + std::to_string(daemon.port()) + target});
        ASSERT_EQ(read.exit_status, 0) << read.err;
        const auto found = lines(read.out);
        for (const std::string& fact : wanted)
            EXPECT_NE(std::find(found.begin(), found.end(), fact), found.end()) << target << " " << fact << "\n" << read.out;
    }
}

TEST_F(Fidelity, EntriesPointWhereTheirCategoryWantsThem) {
    psql(rows);
    psql(
        "SET search_path = gazetted; INSERT INTO categories (slug) VALUES ('other');"
        "INSERT INTO article_categories (article_id, category_id) SELECT 'urn:example:1', id FROM categories WHERE slug = "
        "'other'");
    DaemonProcess daemon(serving());
    const std::string to_source = "<link>https://origin.example/1</link>";
    const std::string to_page = "<link>http://feeds.example/article/1</link>";
    EXPECT_NE(daemon.get("/category/harbour.rss").body.find(to_source), std::string::npos);
    const auto other = daemon.get("/category/other.rss");
    psql("UPDATE gazetted.categories SET entry_link = 'page' WHERE slug = 'harbour'");
    EXPECT_NE(daemon.get_until("/category/harbour.rss", 200, to_page).body.find(to_page), std::string::npos);
    EXPECT_EQ(daemon.get("/category/other.rss").fields.at("etag"), other.fields.at("etag"));
    psql("UPDATE gazetted.categories SET entry_link = '' WHERE slug = 'harbour'");
    EXPECT_NE(daemon.get_until("/category/harbour.rss", 200, to_source).body.find(to_source), std::string::npos);
}

TEST_F(Fidelity, AFeedGoesOnWithoutAnArticleThatWouldBreakIt) {
    psql(rows);
    // U+FFFF is no character of XML: without it, the id would be another article's.
    psql("INSERT INTO gazetted.articles (id, title) VALUES (E'urn:example:1\\uFFFF', 'Broken')");
    const std::vector<std::string> check = {GAZETTED_BINARY, "check", "--database", database.url()};
    EXPECT_EQ(run_command(check).err, "");
    DaemonProcess daemon(serving());
    for (const char* target : {"/all.atom", "/all.rss", "/all.json"}) {
        const auto answer = daemon.get(target);
        EXPECT_EQ(answer.status, 200);
        EXPECT_NE(answer.body.find("urn:example:1"), std::string::npos);
        EXPECT_EQ(answer.body.find("Broken"), std::string::npos);
    }
    const auto metrics = [&] { return http_get(daemon.status_port(), "/metrics").body; };
    EXPECT_NE(metrics().find("\ngazetted_articles_set_aside 1\n"), std::string::npos);
    EXPECT_NE(daemon.log().find("article_set_aside"), std::string::npos);
    const auto checked = run_command(check);
    EXPECT_EQ(checked.exit_status, 0);
    EXPECT_NE(checked.err.find("/all.atom goes on without the article urn:example:1\xEF\xBF\xBF: its id"), std::string::npos)
        << checked.err;

    psql("DELETE FROM gazetted.articles WHERE title = 'Broken'; UPDATE gazetted.articles SET title = 'Mended'");
    for (const char* target : {"/all.atom", "/all.rss", "/all.json"}) daemon.get_until(target, 200, "Mended");
    EXPECT_NE(metrics().find("\ngazetted_articles_set_aside 0\n"), std::string::npos);
    EXPECT_EQ(run_command(check).err, "");
}

}  // namespace
}  // namespace gazetted
