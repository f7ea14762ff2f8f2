// What an operator does on the command line.

#include "tests/support/operator_commands.hpp"

namespace gazetted {
namespace {

class Operator : public OperatorCommands {
protected:
    void SetUp() override {
        database.run(R"(
            INSERT INTO sources (slug, title, burst_max) VALUES ('wire', 'The wire', 0);
            INSERT INTO categories (slug, title) VALUES ('news', 'News'), ('sport', ''), ('weather', E'Wet \x1b[31mand red');
            INSERT INTO articles (id, url, title, published, source_id)
            SELECT 'urn:a:' || n, 'https://a.example/' || n, 'Title ' || n, timestamptz '2024-05-01 10:00Z' + n * interval '1 day', (SELECT id FROM sources)
              FROM generate_series(1, 120) AS n;
            INSERT INTO articles (id, title, published) VALUES ('urn:held', 'Held', '2999-01-01Z');
            INSERT INTO article_categories (article_id, category_id) SELECT a.id, k.id FROM articles a CROSS JOIN categories k WHERE k.slug = 'news';
            INSERT INTO article_categories (article_id, category_id) SELECT 'urn:a:1', id FROM categories WHERE slug = 'sport';
            INSERT INTO article_tags (article_id, tag) VALUES ('urn:a:1', 'iron'), ('urn:a:2', 'steel'))");
    }
    std::string why(const std::string& article, const std::string& address) const {
        return out({"article", "explain", article, address});
    }
};

TEST_F(Operator, SeesCategoriesAPageAtATime) {
    const std::string first = out({"category", "list", "--limit", "2"});
    EXPECT_TRUE(first.starts_with(
        "slug   title  articles  newest                removed\nnews   News   120       2024-08-29T10:00:00Z  -\n"))
        << first;
    EXPECT_TRUE(has(first, "The last one here is sport\n")) << first;
    const std::string last = out({"category", "list", "--after", "sport"});
    EXPECT_TRUE(has(last, "weather  Wet \uFFFD[31mand red  0") && !has(last, "The last")) << last;
    EXPECT_EQ(
        out({"category", "list", "--limit", "1", "--json"}),
        R"({"categories":[{"slug":"news","title":"News","articles":120,"newest":"2024-08-29T10:00:00Z","removed":null}],"after":"news"})"
        "\n");
    EXPECT_TRUE(has(out({"category", "list", "--after", "z", "--json"}), R"({"categories":[],"after":null})"));
}

TEST_F(Operator, MakesAndChangesCategories) {
    EXPECT_EQ(out({"category", "add", "new one", "--title", "The new one"}), "category new one: added\n");
    EXPECT_EQ(error({"category", "add", "news"}),
              "gazetted: there is a category news already: gazetted category set changes it\n");
    EXPECT_TRUE(has(error({"category", "add", "a/b"}), "no address can have the slug a/b: give one that is UTF-8, without /"));
    EXPECT_EQ(error({"category", "add", ""}), "gazetted: a category needs a slug: give one\n");
    EXPECT_TRUE(has(error({"category", "add", "."}), "a browser takes it for a step on the way"));
    EXPECT_EQ(error({"category", "add", std::string(6'000, 'x')}),
              "gazetted: the slug is longer than 512 bytes: give a shorter one\n");
    EXPECT_EQ(error({"category", "set", "news", "--language", "not a lang!!"}),
              "gazetted: not a lang!! is no language: give a tag such as de or zh-CN\n");
    EXPECT_TRUE(has(error({"category", "add", "other", "--language", "not a lang!!"}), "is no language"));
    EXPECT_EQ(out({"category", "set", "news", "--language", "zh_CN"}), "category news: set\n");
    EXPECT_EQ(error({"category", "set", "news", "--icon", "javascript:x"}),
              "gazetted: an icon is an http or https address without white space, of at most 4096 bytes\n");
    EXPECT_TRUE(has(out({"category", "set", "new one", "--entry-link", "page", "--json"}), R"("title":"The new one")"));
    EXPECT_EQ(database.value("SELECT entry_link FROM categories WHERE slug = 'new one'"), "page");
    EXPECT_TRUE(has(error({"category", "set", "new one", "--entry-link", "nowhere"}, 2),
                    "--entry-link: nowhere not in {source,page,}"));
}

TEST_F(Operator, RenamesMergesRemovesAndRestoresCategories) {
    EXPECT_EQ(out({"category", "rename", "news", "latest"}), "category news is called latest now\n");
    EXPECT_TRUE(has(out({"category", "show", "news"}), "former_slugs      news\n"));
    EXPECT_TRUE(
        has(error({"category", "rename", "latest", "sport"}), "there is a category sport already: gazetted category merge"));
    EXPECT_EQ(error({"category", "show", "nothing"}),
              "gazetted: there is no category nothing: gazetted category list names those that there are\n");
    EXPECT_EQ(out({"category", "merge", "sport", "news"}), "category sport is part of latest now\n");
    EXPECT_TRUE(has(out({"category", "show", "latest", "--json"}), R"("former_slugs":["news","sport"]})"));
    EXPECT_TRUE(has(error({"category", "merge", "latest", "news"}), "cannot be merged into itself"));
    EXPECT_EQ(out({"category", "remove", "latest"}), "category latest is removed: its addresses answer 410\n");
    EXPECT_EQ(error({"render", "/category/news.atom"}), "gazetted: /category/news.atom: the feed was removed\n");
    EXPECT_EQ(out({"category", "restore", "latest"}), "category latest is there again\n");
    EXPECT_TRUE(has(error({"render", "/category/news.rss"}), "gazetted render /category/latest.rss"));
    EXPECT_TRUE(
        has(out({"category", "remove", "latest", "--at", "2999-01-31", "--json"}), R"("removed":"2999-01-31T00:00:00Z")"));
    EXPECT_EQ(error({"category", "remove", "latest", "--at", "soon"}),
              "gazetted: \"soon\" is no time: write it as 2027-01-31 or 2027-01-31T12:00:00Z\n");
    EXPECT_EQ(out({"category", "remove", "latest", "--at", "2999-01-31"}),
              "category latest ends at 2999-01-31T00:00:00Z: its answers say so\n");
    EXPECT_EQ(out({"category", "remove", "latest", "--at", "2020-01-01"}),
              "category latest is removed: its addresses answer 410\n");
}

TEST_F(Operator, RenamesAndMergesTags) {
    EXPECT_EQ(out({"tag", "rename", "iron", "Fe"}), "tag iron is called Fe now\n");
    EXPECT_TRUE(has(error({"tag", "rename", "Fe", "steel"}), "there is a tag steel already: gazetted tag merge"));
    EXPECT_TRUE(has(error({"tag", "merge", "Fe", "copper"}), "there is no tag copper"));
    EXPECT_EQ(out({"tag", "merge", "iron", "steel"}), "tag Fe is part of steel now\n");
    EXPECT_EQ(
        out({"tag", "list", "--json"}),
        R"({"tags":[{"name":"steel","articles":2,"newest":"2024-05-03T10:00:00Z","former_names":["Fe","iron"]}],"after":null})"
        "\n");
    EXPECT_TRUE(has(out({"source", "list"}), "wire  The wire"));
    EXPECT_TRUE(has(out({"source", "show", "wire", "--json"}), R"("articles":120)"));
}

TEST_F(Operator, IsShownNoTagThatHasNoAddress) {
    database.run("INSERT INTO article_tags (article_id, tag) VALUES ('urn:a:1', '.'), ('urn:a:1', '..')");
    const std::string list = out({"tag", "list", "--json"});
    EXPECT_TRUE(has(list, R"("name":"iron")") && !has(list, R"("name":".)")) << list;
}

TEST_F(Operator, SaysWhereEntriesOfASourcePointThatIsNotPolled) {
    EXPECT_EQ(out({"source", "set", "wire", "--entry-link", "page"}), "source wire: set\n");
    EXPECT_EQ(database.value("SELECT entry_link FROM sources"), "page");
    EXPECT_TRUE(has(error({"source", "set", "wire", "--entry-link", "page", "--interval-max", "6h"}), "is no subscription"));
    EXPECT_TRUE(has(out({"source", "show", "wire", "--json"}), R"("articles_a_day":0.0,)"));
}

TEST_F(Operator, IsRefusedWhatASubscriptionCannotHave) {
    database.run("INSERT INTO subscriptions (source_id, feed_url) SELECT id, 'https://wire.example/feed' FROM sources");
    EXPECT_EQ(error({"source", "set", "wire", "--conditional-min", "1s"}),
              "gazetted: the time between two requests is from 1 minute to 30 days, such as 30m\n");
    EXPECT_EQ(error({"source", "set", "wire", "--whole-min", "often"}),
              "gazetted: \"often\" is no length of time: write it as 30m, 6h or 2 days\n");
    EXPECT_EQ(error({"source", "set", "wire", "--credentials", "x"}),
              "gazetted: these are no credentials: give USER:PASSWORD or 'Bearer TOKEN'; empty: none\n");
    EXPECT_TRUE(has(error({"source", "set", "wire", "--language", "!"}), "! is no language"));
    for (const char* credentials : {"ann:secret", "Bearer token", ""})
        EXPECT_EQ(out({"source", "set", "wire", "--credentials", credentials}), "source wire is polled as you say\n");
}

TEST_F(Operator, WithdrawsRestoresAndPublishesArticles) {
    const std::string number = database.value("SELECT number FROM articles WHERE id = 'urn:a:7'");
    EXPECT_EQ(out({"article", "withdraw", "https://a.example/7"}), "article " + number + " is withdrawn\n");
    EXPECT_EQ(out({"article", "withdraw", "urn:a:7"}), "article " + number + " was withdrawn before\n");
    EXPECT_TRUE(has(why("urn:a:7", "/all.atom"), "not shown: the article urn:a:7 was withdrawn at 20"));
    EXPECT_EQ(out({"article", "restore", "/article/" + number}), "article " + number + " is there again\n");
    EXPECT_TRUE(has(why("urn:held", "/all.atom"), "not shown: the article urn:held is held back until 2999-01-01T00:00:00Z"));
    EXPECT_TRUE(has(out({"article", "publish", "urn:held", "--json"}), R"("state":"shown")"));
    EXPECT_TRUE(has(error({"article", "show", "urn:none"}), "there is no article urn:none: give its id"));
    const std::string page = out({"article", "list", "--category", "news", "--limit", "1", "--json"});
    EXPECT_TRUE(has(page, R"("id":"urn:held")")) << page;
    const std::string newest = database.value("SELECT number FROM articles WHERE id = 'urn:held'");
    EXPECT_TRUE(has(out({"article", "list", "--limit", "1", "--after", newest, "--json"}), R"("id":"urn:a:120")"));
}

TEST_F(Operator, IsToldWhyAnArticleIsInAFeedOrNot) {
    EXPECT_EQ(why("urn:a:120", "/category/news.atom"), "shown: the article urn:a:120 is entry 1 of the feed\n");
    EXPECT_EQ(why("urn:a:119", "https://x.example/category/news?n=2#x"),
              "shown: the article urn:a:119 is entry 2 of the feed\n");
    EXPECT_EQ(why("urn:a:120", "/category/sport.rss"),
              "not shown: the article urn:a:120 does not belong to the category sport\n");
    EXPECT_EQ(why("urn:a:1", "/feed/news-sport.rss"),
              "not shown: the article urn:a:1 belongs to the category sport, which the address leaves out\n");
    EXPECT_EQ(why("urn:a:1", "/tag/steel.json"), "not shown: the article urn:a:1 does not belong to the tag steel\n");
    EXPECT_EQ(why("urn:a:1", "/category/nothing"), "not shown: there is nothing at this address: it answers 404\n");
    EXPECT_EQ(why("urn:a:119", "/category/news.html"), "shown: the article urn:a:119 is article 2 of the page\n");
    EXPECT_EQ(why("urn:a:7", "/search.html?q=7"), "shown: the article urn:a:7 is entry 1 of the feed\n");
    EXPECT_TRUE(has(why("urn:a:7", "/search.json?q=8"), "or the beginning of its text has not all of the words"));
    EXPECT_EQ(why("urn:a:7", "/search.html?q=7&before=999"), "not shown: there is nothing at this address: it answers 404\n");
    EXPECT_EQ(why("urn:a:1", "/feeds.opml"), "not shown: the address lists feeds and no articles\n");
    EXPECT_TRUE(has(error({"article", "explain", "urn:a:1", "/nowhere"}), "names nothing that we publish"));
    database.run("UPDATE categories SET slug = 'latest' WHERE slug = 'news'");
    EXPECT_TRUE(has(why("urn:a:1", "/category/news.atom"), "the address leads to /category/latest.atom since"));
    EXPECT_TRUE(has(out({"article", "explain", "urn:a:1", "/category/news.atom", "--json"}), R"("reason":"moved")"));
}

TEST_F(Operator, IsToldWhoTellsTheStoryAndWhatCameWithTooManyOthers) {
    database.run(R"(
        INSERT INTO sources (slug, burst_max) VALUES ('agency', 1);
        INSERT INTO articles (id, url, title, published, source_id)
        SELECT 'urn:b:' || n, 'https://a.example/' || n || '?utm_source=b', 'Retold', '2025-01-01Z', id
          FROM sources CROSS JOIN (VALUES (119), (120)) AS told (n) WHERE slug = 'agency';
        INSERT INTO article_categories (article_id, category_id) SELECT a.id, k.id FROM articles a JOIN categories k ON k.slug = 'sport' WHERE a.id LIKE 'urn:b:%')");
    EXPECT_EQ(why("urn:b:120", "/all.atom"),
              "not shown: the article urn:b:120 tells the story of urn:a:120, which is shown for it: "
              "both have the same address; set articles.apart to part them\n");
    EXPECT_TRUE(has(why("urn:b:120", "/feed/news+sport.atom"), "tells the story of urn:a:120"));
    EXPECT_EQ(why("urn:b:120", "/category/sport.atom"), "shown: the article urn:b:120 is entry 1 of the feed\n");
    EXPECT_TRUE(
        has(why("urn:b:119", "/category/sport.atom"),
            "not shown: the article urn:b:119 came with too many others of its source to rise to the top of a feed: it is in "
            "/category/sport/archive/"));
}

TEST_F(Operator, IsToldWhichPartOfTheHistoryHasAnArticle) {
    for (const std::string n : {"1", "35", "69", "70"}) {
        const CommandResult told = run({"article", "explain", "urn:a:" + n, "/category/news.atom", "--json"});
        EXPECT_TRUE(has(told.out, R"("reason":"beyond_the_window")")) << told.out << told.err;
        const auto at = told.out.find("/category/news/archive/");
        ASSERT_NE(at, std::string::npos) << told.out;
        const std::string archive = told.out.substr(at, told.out.find(".atom", at) + 5 - at);
        EXPECT_TRUE(has(out({"render", archive}), "<id>urn:a:" + n + "</id>")) << archive;
        EXPECT_EQ(why("urn:a:" + n, archive), "shown: the article urn:a:" + n + " is in this part of the history\n");
    }
}

TEST_F(Operator, IsToldWhatWasSetAsideAndWhatWasTooLarge) {
    database.run(
        "UPDATE articles SET content = '<p>' || repeat('word ', 80000) || '</p>' WHERE id IN ('urn:a:120', 'urn:a:119', "
        "'urn:a:118')");
    EXPECT_TRUE(has(why("urn:a:118", "/category/news.atom"), "to stay under site.feed_bytes_max"));
    database.run("INSERT INTO articles (id, title, published) VALUES (E'urn:\uFFFF', 'Broken', '2024-12-01Z')");
    EXPECT_TRUE(has(why("urn:\uFFFF", "/all.atom"), "is set aside until it changes"));
}

TEST_F(Operator, IsToldWhereStdoutTakesNotAllOfIt) {
    const std::string feed = GAZETTED_SOURCE_DIR "/tests/cases/write_feed/everything.atom";
    const std::vector<std::vector<std::string>> commands = {{"category", "list"},
                                                            {"article", "list", "--json"},
                                                            {"source", "show", "wire"},
                                                            {"render", "/all.atom"},
                                                            {"stats", "--json"},
                                                            {"migrate", "--status"},
                                                            {"check"},
                                                            {"read", feed},
                                                            {"sanitize"},
                                                            {"version"},
                                                            {"category", "set", "--help"}};
    for (const auto& command : commands) {
        const CommandResult lost = run_into("/dev/full", command);
        EXPECT_EQ(lost.exit_status, 1) << command.front();
        EXPECT_TRUE(has(lost.err, "gazetted: stdout took not all of what there was to say")) << command.front() << lost.err;
    }
}

TEST_F(Operator, IsHelpedWithExamples) {
    for (const std::string family : {"category", "tag", "author", "source", "article"}) {
        const CommandResult help = run_command({GAZETTED_BINARY, family, "list", "--help"});
        EXPECT_EQ(help.exit_status, 0);
        EXPECT_TRUE(has(help.out, "Example:\n  gazetted " + family + " list")) << help.out;
        EXPECT_EQ(run_command({GAZETTED_BINARY, family}).exit_status, 2) << family;
        EXPECT_EQ(run_command({GAZETTED_BINARY, family, "lsit"}).exit_status, 2) << family;
    }
    EXPECT_EQ(run_command({GAZETTED_BINARY, "category", "list", "--limit", "0"}).exit_status, 2);
    EXPECT_EQ(run_command({GAZETTED_BINARY, "category", "rename", "one"}).exit_status, 2);
}

}  // namespace
}  // namespace gazetted
