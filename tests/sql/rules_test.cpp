#include "daemon/ingest.hpp"
#include "daemon/poller.hpp"
#include "daemon/rejudge.hpp"
#include "tests/support/test_database.hpp"

#include <gtest/gtest.h>

namespace gazetted {
namespace {

using namespace std::chrono_literals;

/// A subscription with rules, polled with answers that nobody fetched.
struct RulesInSql : ::testing::Test {
    RulesInSql() {
        database.run("INSERT INTO categories (slug) VALUES ('news'), ('sport')");
        source_id = store.source("blog", "", "");
        EXPECT_TRUE(store.subscribe(source_id, "https://blog.example/feed", false, {"news"}));
    }
    void rule(const std::string& action, const std::string& value, const std::string& pattern,
              const std::string& field = "title") {
        database.run(
            "INSERT INTO rules (source_id, position, action, value, field, pattern) SELECT source_id, (SELECT count(*) + 1 "
            "FROM rules), '" +
            action + "', '" + value + "', '" + field + "', '" + pattern + "' FROM subscriptions");
    }
    static std::string entry(int number, const std::string& title) {
        const std::string id = std::to_string(number);
        return "<entry><id>urn:blog:" + id + "</id><title>" + title + "</title><link href='https://blog.example/" + id +
               "?utm_source=feed'/><updated>2026-03-0" + id + "T00:00:00Z</updated><content type='html'>Text " + id +
               "</content></entry>";
    }
    IngestSummary poll(const std::string& entries) {
        FetchResult result;
        result.status = 200;
        result.effective_url = "https://blog.example/feed";
        result.body = "<feed xmlns='http://www.w3.org/2005/Atom'><title>A blog</title><id>urn:blog</id>" + entries + "</feed>";
        result.bytes_received = result.body.size();
        return ingest(store, store.claim_subscription(source_id, random_uuid(), {}).value(), result, {}, now, 0);
    }
    /// As `gazetted rule apply`.
    RejudgeCounts apply() {
        const Rules rules(store.subscriptions("blog").at(0).rules);
        RejudgeCounts counts;
        store.rule_past_articles(source_id, "", 100, true, [&](const std::vector<PastArticle>& past) {
            std::vector<RuledArticle> ruled;
            for (const PastArticle& it : past)
                if (auto now_ruled = rejudge(it, rules)) ruled.push_back(*now_ruled), counts.add(*now_ruled);
            return ruled;
        });
        return counts;
    }
    std::string titles(const std::string& where = "withdrawn IS NULL") const {
        return database.value("SELECT coalesce(string_agg(title, '|' ORDER BY id), '') FROM articles WHERE " + where);
    }
    std::string categories(int number) const {
        return database.value(
            "SELECT coalesce(string_agg(c.slug, ',' ORDER BY c.slug), '') FROM article_categories m JOIN categories c ON c.id "
            "= m.category_id "
            "WHERE m.shown AND m.article_id = 'urn:blog:" +
            std::to_string(number) + "'");
    }
    std::string tags(int number) const {
        return database.value(
            "SELECT coalesce(string_agg(tag, ',' ORDER BY tag), '') FROM article_tags WHERE article_id = 'urn:blog:" +
            std::to_string(number) + "'");
    }

    TestDatabase database;
    Store store{database.url()};
    std::int64_t source_id = 0;
    Instant now = std::chrono::sys_days(std::chrono::year(2026) / 3 / 10);
};

TEST_F(RulesInSql, AreFollowedAsArticlesCome) {
    rule("drop", "", "^Ad:");
    rule("strip", "", "");
    rule("category", "sport", "derby");
    rule("tag", "x", "derby");
    rule("language", "en", "");
    const auto summary = poll(entry(1, "Ad: a lamp") + entry(2, "The derby") + entry(3, "Three"));
    EXPECT_EQ(summary.added, 2U);
    EXPECT_EQ(summary.dropped, 1U);
    EXPECT_EQ(titles("true"), "The derby|Three");
    EXPECT_EQ(categories(2), "news,sport");
    EXPECT_EQ(categories(3), "news");
    EXPECT_EQ(tags(2), "x");
    EXPECT_EQ(database.value("SELECT string_agg(url || language, ' ' ORDER BY id) FROM articles"),
              "https://blog.example/2en https://blog.example/3en");
    EXPECT_EQ(database.value("SELECT jsonb_array_length(reasons) FROM rulings WHERE article_id = 'urn:blog:2'"), "4");
}

TEST_F(RulesInSql, MoveNoFeedForWhatTheyDropUnseen) {
    rule("drop", "", "^Ad:");
    poll(entry(2, "Two"));
    const std::string revisions =
        "SELECT revision::text || ' ' || (SELECT string_agg(revision::text, ' ' ORDER BY id) FROM categories) FROM site";
    const std::string before = database.value(revisions);
    EXPECT_EQ(poll(entry(1, "Ad: a lamp") + entry(2, "Two")).dropped, 1U);
    EXPECT_EQ(database.value(revisions), before);
}

TEST_F(RulesInSql, JudgeAnEntryAnewWhenItIsEdited) {
    rule("drop", "", "^Ad:");
    poll(entry(1, "Ad: a lamp") + entry(2, "Two"));
    EXPECT_EQ(poll(entry(1, "Ad: a lamp") + entry(2, "Two") + " ").unchanged, 2U);
    const auto summary = poll(entry(1, "A lamp") + entry(2, "Ad: two"));
    EXPECT_EQ(summary.added, 1U);
    EXPECT_EQ(summary.dropped, 1U);
    EXPECT_EQ(titles(), "A lamp");
    EXPECT_EQ(database.value("SELECT count(*) FROM dropped_articles"), "0");
    EXPECT_EQ(database.value("SELECT article_id FROM upstream_entries WHERE key = 'urn:blog:1'"), "urn:blog:1");
    poll(entry(1, "A lamp") + entry(2, "Two again"));
    EXPECT_EQ(titles(), "A lamp|Two again");
}

TEST_F(RulesInSql, LetAnEditedEntryInOnceTheyAreGone) {
    rule("drop", "", "^Ad:");
    poll(entry(1, "Ad: a lamp"));
    database.run("DELETE FROM rules");
    EXPECT_EQ(poll(entry(1, "Ad: two lamps")).added, 1U);
    EXPECT_EQ(apply().changed, 0U);
    EXPECT_EQ(titles(), "Ad: two lamps");
}

TEST_F(RulesInSql, AreFollowedOverThePastAndTakenBack) {
    poll(entry(1, "Ad: a lamp") + entry(2, "The derby") + entry(3, "Three"));
    const std::string content =
        "SELECT md5(string_agg(title || content || url || coalesce(withdrawn::text, ''), '' ORDER BY id)) FROM articles";
    const std::string before = database.value(content);
    rule("drop", "", "^Ad:");
    rule("strip", "", "");
    rule("category", "sport", "derby");
    rule("tag", "x", "derby");
    const auto counts = apply();
    EXPECT_EQ(counts.changed, 3U);
    EXPECT_EQ(counts.dropped, 1U);
    EXPECT_EQ(counts.link, 2U);
    EXPECT_EQ(titles(), "The derby|Three");
    EXPECT_EQ(categories(2), "news,sport");
    EXPECT_EQ(apply().changed, 0U);
    EXPECT_EQ(poll(entry(1, "Ad: a lamp") + entry(2, "The derby") + entry(3, "Three") + " ").unchanged, 3U);

    database.run("INSERT INTO article_tags (article_id, tag) VALUES ('urn:blog:2', 'mine'); DELETE FROM rules");
    const auto back = apply();
    EXPECT_EQ(back.back, 1U);
    EXPECT_EQ(database.value(content), before);
    EXPECT_EQ(categories(2), "news");
    EXPECT_EQ(tags(2), "mine") << "what somebody else did stays";
    EXPECT_EQ(database.value("SELECT count(*) FROM rulings"), "0");
}

TEST_F(RulesInSql, GiveBackWhatTheyDroppedUnseenWithAllThatItHad) {
    rule("drop", "", "^Ad:");
    poll(entry(1, "Ad: a lamp"));
    EXPECT_EQ(titles("true"), "");
    database.run("UPDATE categories SET slug = 'latest' WHERE slug = 'news'; DELETE FROM rules");
    EXPECT_EQ(apply().back, 1U);
    EXPECT_EQ(titles(), "Ad: a lamp");
    EXPECT_EQ(categories(1), "latest");
    EXPECT_EQ(database.value("SELECT content || ' ' || url || ' ' || published FROM articles"),
              "Text 1 https://blog.example/1?utm_source=feed 2026-03-01 00:00:00+00");
    EXPECT_EQ(poll(entry(1, "Ad: a lamp") + " ").unchanged, 1U);
    EXPECT_EQ(database.value("SELECT count(*) FROM articles"), "1");
}

TEST_F(RulesInSql, ComeBackIntoCategoriesThatAnotherRuleGivesAtOnce) {
    rule("drop", "", "derby");
    poll(entry(1, "One"));
    poll(entry(1, "The derby"));
    EXPECT_EQ(titles(), "");
    database.run("DELETE FROM rules");
    rule("category", "sport", "derby");
    EXPECT_EQ(apply().back, 1U);
    EXPECT_EQ(categories(1), "news,sport");
}

TEST_F(RulesInSql, LeaveAloneWhatAnOperatorRestoredOrWithdrew) {
    poll(entry(1, "Ad: a lamp") + entry(2, "Ad: two"));
    database.run("UPDATE articles SET withdrawn = now() WHERE id = 'urn:blog:2'");
    rule("drop", "", "^Ad:");
    EXPECT_EQ(apply().dropped, 1U);
    database.run("UPDATE articles SET withdrawn = NULL WHERE id = 'urn:blog:1'");
    EXPECT_EQ(apply().changed, 0U);
    EXPECT_EQ(titles(), "Ad: a lamp");
    database.run("DELETE FROM rules");
    apply();
    EXPECT_EQ(titles(), "Ad: a lamp") << "the other was withdrawn by an operator";
}

TEST_F(RulesInSql, GiveNothingBackThatUpstreamDeletedMeanwhile) {
    const auto deleted = [](int number) {
        return "<at:deleted-entry xmlns:at='http://purl.org/atompub/tombstones/1.0' ref='urn:blog:" + std::to_string(number) +
               "' when='2026-03-09T00:00:00Z'/>";
    };
    poll(entry(2, "Ad: two"));
    rule("drop", "", "^Ad:");
    EXPECT_EQ(apply().dropped, 1U);
    poll(entry(1, "Ad: a lamp") + entry(2, "Ad: two"));
    poll(deleted(1) + deleted(2));
    database.run("DELETE FROM rules");
    EXPECT_EQ(apply().back, 0U);
    EXPECT_EQ(titles(), "");
}

TEST_F(RulesInSql, TouchNoArticleOfAnotherSourceWhoseIdWasTakenMeanwhile) {
    rule("drop", "", "^Ad:");
    poll(entry(1, "Ad: a lamp"));
    database.run(
        "INSERT INTO sources (slug) VALUES ('victim');"
        "INSERT INTO articles (id, title, source_id) SELECT 'urn:blog:1', 'Theirs', id FROM sources WHERE slug = 'victim';"
        "UPDATE articles SET withdrawn = '2026-03-09T00:00:00Z';"
        "INSERT INTO rulings (article_id, undo, reasons, withdrew) VALUES ('urn:blog:1', '{}', '[\"theirs\"]', "
        "'2026-03-09T00:00:00Z')");
    const std::string theirs =
        "SELECT a.title || coalesce(a.withdrawn::text, '') || coalesce(r.reasons::text, '') FROM articles a "
        "LEFT JOIN rulings r ON r.article_id = a.id WHERE a.id = 'urn:blog:1'";
    const std::string before = database.value(theirs);
    poll(entry(1, "A lamp"));
    EXPECT_EQ(database.value(theirs), before);
    database.run("UPDATE rulings SET withdrew = NULL");
    poll(entry(1, "Two lamps"));
    EXPECT_EQ(database.value(theirs), before);
}

TEST_F(RulesInSql, LoseNothingThatTheyDroppedWhereAnotherSourceHasTheIdNow) {
    rule("drop", "", "^Ad:");
    poll(entry(1, "Ad: a lamp") + entry(2, "Ad: two"));
    database.run(
        "INSERT INTO sources (slug) VALUES ('other');"
        "INSERT INTO articles (id, title, source_id) SELECT 'urn:blog:1', 'Theirs', id FROM sources WHERE slug = 'other';"
        "DELETE FROM rules");
    apply();
    EXPECT_EQ(titles(), "Theirs|Ad: two");
    EXPECT_EQ(database.value("SELECT string_agg(key, '|') FROM dropped_articles"), "urn:blog:1");
    database.run("DELETE FROM articles WHERE title = 'Theirs'");
    apply();
    EXPECT_EQ(titles(), "Ad: a lamp|Ad: two");
}

TEST_F(RulesInSql, OfACategoryLeaveArticlesOutOfIt) {
    database.run(
        "INSERT INTO rules (category_id, position, action, pattern) SELECT id, 1, 'drop', 'derby' FROM categories WHERE slug = "
        "'news'");
    poll(entry(1, "The derby") + entry(2, "Two"));
    EXPECT_EQ(titles(), "The derby|Two");
    EXPECT_EQ(categories(1), "");
    EXPECT_EQ(categories(2), "news");
    database.run("DELETE FROM rules");
    EXPECT_EQ(apply().category, 1U);
    EXPECT_EQ(categories(1), "news");
}

TEST_F(RulesInSql, OfACategoryConcernWhatARuleOfASourceFilesThere) {
    rule("category", "sport", "derby");
    database.run(
        "INSERT INTO rules (category_id, position, action, value) SELECT id, 1, 'tag', 'ball' FROM categories WHERE slug = "
        "'sport'");
    poll(entry(1, "The derby") + entry(2, "Two"));
    EXPECT_EQ(tags(1), "ball");
    EXPECT_EQ(tags(2), "");
}

TEST_F(RulesInSql, ThatCannotBeFollowedStopNoPoll) {
    rule("drop", "", "(?=x)");
    rule("category", "nowhere", "");
    const auto summary = poll(entry(1, "One"));
    EXPECT_EQ(summary.error, "");
    EXPECT_EQ(titles(), "One");
    ASSERT_EQ(summary.rules_set_aside.size(), 2U);
    EXPECT_NE(summary.rules_set_aside[0].find("invalid perl operator"), std::string::npos);
    EXPECT_NE(summary.rules_set_aside[1].find("there is no category nowhere"), std::string::npos);
}

TEST_F(RulesInSql, FollowACategoryThatIsMerged) {
    database.run("INSERT INTO rules (category_id, position, action, value) SELECT id, 1, 'tag', 'ball' FROM categories");
    database.run("SELECT merge_category('news', 'sport')");
    poll(entry(1, "One"));
    EXPECT_EQ(categories(1), "sport");
    EXPECT_EQ(tags(1), "ball");
    EXPECT_EQ(database.value("SELECT string_agg(position::text, ',' ORDER BY position) FROM rules"), "1,2");
}

TEST_F(RulesInSql, AreAtMostAHundredOfASourceAndKeepTheirOrder) {
    const auto add = [&] {
        return !store.listing("add_rule", {std::to_string(source_id), {}, "tag", "x", "title", ""}).rows.empty();
    };
    for (int n = 1; n <= 100; ++n) EXPECT_TRUE(add()) << n;
    EXPECT_FALSE(add());
    const auto order = "SELECT string_agg(id::text, ',' ORDER BY position) FROM rules WHERE position <= 4";
    EXPECT_EQ(database.value(order), "1,2,3,4");
    store.act("move_rule", {"3", "1"});
    EXPECT_EQ(database.value(order), "3,1,2,4");
    store.act("move_rule", {"3", "3"});
    EXPECT_EQ(database.value(order), "1,2,3,4");
    store.act("move_rule", {"1", "1000"});
    EXPECT_EQ(database.value(order), "2,3,4,5");
    EXPECT_EQ(store.act("remove_rule", {"3"}), 1U);
    EXPECT_EQ(database.value(order), "2,4,5,6");
    EXPECT_TRUE(add());
}

TEST_F(RulesInSql, CostNothingWhereThereAreNone) {
    poll(entry(1, "One"));
    EXPECT_TRUE(store.subscriptions("blog").at(0).rules.empty());
    EXPECT_EQ(database.value("SELECT count(*) FROM rulings"), "0");
}

TEST_F(RulesInSql, KeepTheNewestThousandThatTheyDroppedUnseen) {
    rule("drop", "", "");
    std::string entries;
    for (int n = 0; n < 1'010; ++n)
        entries +=
            "<entry><id>urn:many:" + std::to_string(n) + "</id><title>T</title><updated>2026-03-01T00:00:00Z</updated></entry>";
    EXPECT_EQ(poll(entries).dropped, 1'010U);
    poll(entry(1, "One"));
    EXPECT_EQ(database.value("SELECT count(*) FROM dropped_articles"), "1000");
    EXPECT_EQ(database.value("SELECT count(*) FROM dropped_articles WHERE key = 'urn:blog:1'"), "1");
}

}  // namespace
}  // namespace gazetted
