// The catalogue of all feeds, for feed readers to import.

#include "tests/support/daemon_process.hpp"
#include "tests/support/test_database.hpp"

#include <pugixml.hpp>

namespace gazetted {
namespace {

class CatalogueOfFeeds : public ::testing::Test {
protected:
    void SetUp() override {
        database.run(R"(
            UPDATE site SET title = 'Site';
            INSERT INTO categories (slug, title, language) VALUES ('cn', '新闻', 'zh'), ('empty', '', ''), ('news', 'News', 'en');
            INSERT INTO sources (slug, title) VALUES ('wire', 'The wire');
            INSERT INTO articles (id, title, published, withdrawn, authors, source_id)
            SELECT 'urn:' || n, 'T', timestamptz '2024-05-01Z' + n * interval '1 day', CASE WHEN n = 9 THEN now() END, '[{"name": "Ann"}]',
                   (SELECT id FROM sources) FROM generate_series(1, 9) AS n;
            INSERT INTO article_categories (article_id, category_id) SELECT a.id, c.id FROM articles a JOIN categories c ON c.slug = 'cn' WHERE a.id > 'urn:5';
            INSERT INTO article_tags (article_id, tag) VALUES ('urn:1', 'steel'), ('urn:2', 'steel'), ('urn:9', 'gone'))");
    }
    static std::string told(const pugi::xml_node& outline) {
        std::string text = outline.attribute("text").value();
        if (outline.attribute("xmlUrl")) text.append(" ").append(outline.attribute("gazetted:articles").value());
        std::string members;
        for (const auto& member : outline.children("outline")) members += (members.empty() ? "" : ", ") + told(member);
        return members.empty() ? text : text + " (" + members + ")";
    }
    static std::string told(const std::string& opml) {
        pugi::xml_document document;
        EXPECT_TRUE(document.load_string(opml.c_str())) << opml;
        std::string text;
        for (const auto& outline : document.child("opml").child("body").children("outline")) text += told(outline) + "\n";
        return text;
    }
    TestDatabase database;
};

TEST_F(CatalogueOfFeeds, CountsWhatEachShows) {
    DaemonProcess daemon({"--database", database.url()});
    const auto answer = daemon.get("/feeds.opml");
    EXPECT_EQ(told(answer.body), "Site 8\nNews 0\nempty 0\n新闻 3\n");
    EXPECT_NE(answer.body.find("gazetted:newest=\"2024-05-09T00:00:00Z\""), std::string::npos) << answer.body;
    EXPECT_EQ(daemon.get("/feeds.opml?group=x").status, 400);
}

TEST_F(CatalogueOfFeeds, IsNestedAndHasMoreOnRequest) {
    DaemonProcess daemon({"--database", database.url()});
    EXPECT_EQ(told(daemon.get("/feeds.opml?group=language").body), "Site 8\nempty 0\nen (News 0)\nzh (新闻 3)\n");
    EXPECT_EQ(told(daemon.get("/feeds.opml?with=tags,authors,sources&group=kind").body),
              "Site 8\nAuthors (Ann 8)\nCategories (News 0, empty 0, 新闻 3)\nSources (The wire 8)\nTags (steel 2)\n");
    EXPECT_EQ(told(daemon.get("/feeds.opml?with=tags").body), "Site 8\nNews 0\nempty 0\n新闻 3\nsteel 2\n");
}

}  // namespace
}  // namespace gazetted
