// Rules on the command line.

#include "tests/support/operator_commands.hpp"
#include "tests/support/recording_upstream.hpp"

namespace gazetted {
namespace {

struct RulesByCommand : OperatorCommands {
    void subscribe(const std::vector<std::string>& titles) {
        std::string items;
        for (std::size_t n = 1; n <= titles.size(); ++n)
            items += "<item><guid isPermaLink='false'>urn:a:" + std::to_string(n) + "</guid><link>https://a.example/" +
                     std::to_string(n) + "?utm_source=x</link><title>" + titles[n - 1] + "</title><pubDate>Mon, 0" +
                     std::to_string(n) + " Jun 2026 08:00:00 GMT</pubDate></item>";
        upstream.answer("/feed", {.body = "<rss version='2.0'><channel><title>Up</title>" + items + "</channel></rss>"});
        for (const char* category : {"news", "sport"}) out({"category", "add", category});
        out({"source", "add", upstream.url(), "--slug", "blog", "--category", "news", "--allow-private"});
    }
    RecordingUpstream upstream;
};

TEST_F(RulesByCommand, AreTriedAddedFollowedExplainedAndTakenBack) {
    subscribe({"Sponsored: a lamp", "The derby", "Three"});
    const std::string tried = out({"rule", "test", "drop", "--source", "blog", "--title", "^Sponsored"});
    EXPECT_TRUE(tried.starts_with("3 articles looked at, 1 would change: 1 dropped, 0 back,")) << tried;
    EXPECT_TRUE(has(tried, "Sponsored: a lamp")) << tried;
    EXPECT_TRUE(has(tried, "the rule to be of its source dropped it")) << tried;
    EXPECT_EQ(database.value("SELECT count(*) FROM articles WHERE withdrawn IS NULL"), "3") << "nothing is written";

    EXPECT_EQ(out({"rule", "add", "drop", "--source", "blog", "--title", "^Sponsored"}),
              "rule 1 is followed from the next poll on; gazetted rule apply follows it over the past\n");
    out({"rule", "add", "category", "sport", "--source", "blog", "--title", "derby"});
    out({"rule", "add", "strip", "--category", "news", "--at", "1"});
    EXPECT_TRUE(has(out({"rule", "show", "1", "--json"}), R"("field":"title","pattern":"^Sponsored")"));
    EXPECT_TRUE(has(out({"rule", "show", "3", "--json"}), R"("field":null,"pattern":"")")) << "it has no pattern";
    EXPECT_TRUE(out({"rule", "apply"})
                    .starts_with("3 articles looked at, 3 changed: 1 dropped, 0 back, 2 with another link, "
                                 "1 in other categories, 0 with other tags, 0 in another language\n"));
    EXPECT_TRUE(has(out({"rule", "apply", "--json"}), R"("looked_at":3,"changed":0,)"));
    EXPECT_TRUE(has(out({"article", "show", "urn:a:1"}), "dropped"));
    EXPECT_TRUE(has(out({"article", "explain", "urn:a:1", "/category/news.atom"}),
                    "not shown: the article urn:a:1 is not published: rule 1 of its source dropped it"));
    EXPECT_TRUE(has(out({"article", "explain", "urn:a:2", "/category/sport.atom"}),
                    "is entry 1 of the feed: rule 2 of its source filed it under sport, since its title matches derby"));
    EXPECT_TRUE(
        has(out({"article", "show", "urn:a:3", "--json"}), "stripped its link, which was https://a.example/3?utm_source=x"));

    for (const char* rule : {"1", "2", "3"}) out({"rule", "remove", rule});
    EXPECT_TRUE(has(out({"rule", "apply"}), "3 changed: 0 dropped, 1 back, 2 with another link"));
    EXPECT_EQ(database.value("SELECT string_agg(url, ' ' ORDER BY id) FROM articles WHERE withdrawn IS NULL"),
              "https://a.example/1?utm_source=x https://a.example/2?utm_source=x https://a.example/3?utm_source=x");
}

TEST_F(RulesByCommand, NameTheOneThatLeftAnArticleOutOfACategory) {
    subscribe({"The derby"});
    out({"rule", "add", "drop", "--category", "news", "--title", "derby"});
    out({"rule", "apply", "--category", "news"});
    EXPECT_TRUE(
        has(out({"article", "explain", "urn:a:1", "/category/news.atom"}),
            "does not belong to the category news: rule 1 of the category news left it out, since its title matches derby"));
}

TEST_F(RulesByCommand, NameTheOneThatDroppedWhatWasNeverStored) {
    database.run(R"(INSERT INTO sources (slug) VALUES ('wire');
        INSERT INTO upstream_entries (source_id, key, hash, first_seen) SELECT id, 'urn:x', '', now() FROM sources;
        INSERT INTO dropped_articles (source_id, key, article_id, article, reason)
        SELECT id, 'urn:x', 'urn:x', '{}', 'rule 7 of its source dropped it' FROM sources)");
    EXPECT_TRUE(
        has(error({"article", "explain", "urn:x", "/all.atom"}), "never stored: rule 7 of its source dropped it (wire)"));
}

TEST_F(RulesByCommand, AreListedInTheirOrderAndMoved) {
    subscribe({"One"});
    for (const char* tag : {"a", "b", "c"}) out({"rule", "add", "tag", tag, "--source", "blog"});
    EXPECT_EQ(out({"rule", "move", "3", "1"}), "rule 3 is at place 1\n");
    const std::string list = out({"rule", "list", "--source", "blog", "--limit", "2", "--json"});
    EXPECT_TRUE(
        list.starts_with(R"({"rules":[{"id":3,"source":"blog","category":null,"position":1,"action":"tag","value":"c")"))
        << list;
    EXPECT_TRUE(has(list, R"("after":1})")) << list;
    EXPECT_TRUE(has(out({"rule", "list", "--after", "1"}), "2   blog"));
    EXPECT_TRUE(has(out({"rule", "show", "2"}), "value"));
    EXPECT_EQ(error({"rule", "show", "9"}), "gazetted: there is no rule 9: gazetted rule list names those that there are\n");
}

TEST_F(RulesByCommand, AreRefusedWithWhatIsWrongAndWhere) {
    subscribe({"One"});
    EXPECT_EQ(error({"rule", "add", "drop", "--source", "blog", "--title", "(?!x)"}),
              "gazetted: the pattern (?!x) is none: invalid perl operator at character 1; RE2 looks neither ahead nor behind: "
              "let a keep "
              "rule stand before a drop rule\n");
    EXPECT_TRUE(has(error({"rule", "add", "category", "nowhere", "--source", "blog"}), "there is no category nowhere"));
    EXPECT_TRUE(has(error({"rule", "add", "drop", "--source", "nobody"}), "there is no subscription nobody"));
    EXPECT_TRUE(has(error({"rule", "add", "drop"}, 2), "--source or --category"));
    EXPECT_TRUE(has(error({"rule", "add", "burn", "--source", "blog"}, 2), "nothing that a rule does"));
    EXPECT_TRUE(has(error({"rule", "add", "drop", "--source", "blog", "--title", "x", "--link", "y"}, 2), "one pattern"));
    database.run(
        "INSERT INTO rules (source_id, position, action, pattern) SELECT source_id, 1, 'drop', '(' FROM subscriptions");
    EXPECT_TRUE(has(out({"rule", "list"}), "missing ) at character 1"));
    EXPECT_TRUE(has(out({"rule", "test"}), "is set aside: the pattern ( is none"));
}

TEST_F(RulesByCommand, OfASourceAreNotNeededToLeaveACategory) {
    subscribe({"One"});
    out({"source", "set", "blog", "--category", "sport", "--no-category", "news"});
    EXPECT_EQ(
        database.value("SELECT string_agg(slug, ',') FROM subscription_categories m JOIN categories c ON c.id = m.category_id"),
        "sport");
    EXPECT_TRUE(has(error({"source", "set", "blog", "--language", "fr", "--no-category", "news"}), "is not filed under news"));
    EXPECT_EQ(database.value("SELECT language FROM subscriptions"), "") << "all or nothing";
}

}  // namespace
}  // namespace gazetted
