#include "daemon/store.hpp"
#include "tests/support/test_database.hpp"

#include <gtest/gtest.h>
#include <libpq-fe.h>
#include <memory>
#include <set>
#include <thread>

namespace gazetted {
namespace {

using Strings = std::set<std::string>;

/// Categories a, b and c; article 1 in a and b, article 2 in c.
struct Triggers : testing::Test {
    Triggers() {
        database.run(R"(
            INSERT INTO categories (slug) VALUES ('a'), ('b'), ('c');
            INSERT INTO articles (id, title) VALUES ('1', 'One'), ('2', 'Two');
            INSERT INTO article_categories (article_id, category_id)
            SELECT '1', id FROM categories WHERE slug IN ('a', 'b') UNION ALL SELECT '2', id FROM categories WHERE slug = 'c')");
    }

    std::set<std::string> snapshot(const std::string& query) {
        Strings lines;
        for (const auto& row : database.run(query)) lines.insert(row[0] + "=" + row[1]);
        return lines;
    }

    /// Slugs of categories (and `site`) whose revision grew by exactly one; `!` before one that moved otherwise.
    Strings raised_by(const std::string& statements) {
        const std::string query =
            "SELECT slug, revision, changed FROM categories UNION ALL SELECT 'site', revision, changed FROM site "
            "UNION ALL SELECT kind || ' ' || name, revision, changed FROM selections";
        std::map<std::string, std::int64_t> before;
        for (const auto& row : database.run(query)) before[row[0]] = std::stoll(row[1]);
        database.run(statements);
        Strings raised;
        for (const auto& row : database.run(query)) {
            if (!before.contains(row[0])) continue;
            const std::int64_t growth = std::stoll(row[1]) - before[row[0]];
            if (growth != 0) raised.insert((growth == 1 ? "" : "!") + row[0]);
        }
        return raised;
    }

    std::string article_revision(const std::string& id) {
        return database.value("SELECT revision FROM articles WHERE id = '" + id + "'");
    }

    /// Whether the copied columns of article_categories equal the articles'.
    bool order_is_right() {
        return database.value(
                   "SELECT count(*) FROM (SELECT article_id, published, shown FROM article_categories "
                   "UNION ALL SELECT article_id, published, shown FROM article_selections) c JOIN articles a ON a.id = "
                   "c.article_id "
                   "WHERE (c.published, c.shown) IS DISTINCT FROM (a.published, a.withdrawn IS NULL)") == "0";
    }

    TestDatabase database;
};

TEST_F(Triggers, RaiseTheCategoriesOfAnUpdatedArticle) {
    EXPECT_EQ(raised_by("UPDATE articles SET title = 'Another' WHERE id = '1'"), (Strings{"a", "b", "site"}));
}

TEST_F(Triggers, RaiseNothingWhereNothingChanges) {
    const std::string revision = article_revision("1");
    EXPECT_EQ(
        raised_by("UPDATE articles SET title = title; UPDATE categories SET title = title; UPDATE site SET title = title;"
                  "DELETE FROM articles WHERE false; INSERT INTO articles (id, title) SELECT '3', 'x' WHERE false;"
                  "DELETE FROM article_categories WHERE false; DELETE FROM article_tags; DELETE FROM categories WHERE false"),
        Strings{});
    EXPECT_EQ(article_revision("1"), revision);
}

TEST_F(Triggers, RaiseOnceForManyStatementsOfATransaction) {
    EXPECT_EQ(raised_by("UPDATE articles SET title = 'x' WHERE id = '1'; UPDATE articles SET title = 'y' WHERE id = '1';"
                        "DELETE FROM article_categories WHERE article_id = '1'"),
              (Strings{"a", "b", "site"}));
}

TEST_F(Triggers, RaiseOnlyTheSiteForAnArticleInNoCategory) {
    EXPECT_EQ(raised_by("INSERT INTO articles (title, url) VALUES ('Three', 'https://example.org/3')"), (Strings{"site"}));
    EXPECT_EQ(raised_by("UPDATE articles SET title = 'x' WHERE url = 'https://example.org/3'"), (Strings{"site"}));
}

TEST_F(Triggers, RaiseTheCategoryThatAnArticleEnters) {
    const std::string revision = article_revision("2");
    EXPECT_EQ(
        raised_by("INSERT INTO articles (id, title) VALUES ('3', 'Three');"
                  "INSERT INTO article_categories (article_id, category_id) SELECT '3', id FROM categories WHERE slug = 'b'"),
        (Strings{"b", "site"}));
    EXPECT_EQ(article_revision("2"), revision);
}

TEST_F(Triggers, RaiseBothCategoriesOfAMove) {
    // c as well: the article's entry there names its categories.
    database.run("INSERT INTO article_categories (article_id, category_id) SELECT '2', id FROM categories WHERE slug = 'a'");
    EXPECT_EQ(raised_by("UPDATE article_categories SET category_id = (SELECT id FROM categories WHERE slug = 'b') "
                        "WHERE article_id = '2' AND category_id = (SELECT id FROM categories WHERE slug = 'a')"),
              (Strings{"a", "b", "c", "site"}));
}

TEST_F(Triggers, RaiseForWithdrawalAndHideTheArticle) {
    EXPECT_EQ(raised_by("UPDATE articles SET withdrawn = now() WHERE id = '1'"), (Strings{"a", "b", "site"}));
    EXPECT_TRUE(order_is_right());
    EXPECT_EQ(database.value("SELECT bool_or(shown) FROM article_categories WHERE article_id = '1'"), "f");
}

TEST_F(Triggers, RaiseForADeletedArticle) {
    EXPECT_EQ(raised_by("DELETE FROM articles WHERE id = '1'"), (Strings{"a", "b", "site"}));
}

TEST_F(Triggers, RaiseForADeletedCategoryWhateverShowsItsArticles) {
    const std::string revision = article_revision("1");
    EXPECT_EQ(raised_by("DELETE FROM categories WHERE slug = 'a'"), (Strings{"b", "site"}));
    EXPECT_NE(article_revision("1"), revision);
}

TEST_F(Triggers, RaiseForARenamedCategoryWhateverShowsItsArticles) {
    const std::string revision = article_revision("1");
    EXPECT_EQ(raised_by("UPDATE categories SET title = 'A' WHERE slug = 'a'"), (Strings{"a", "b", "site"}));
    EXPECT_NE(article_revision("1"), revision);
    EXPECT_EQ(raised_by("UPDATE categories SET description = 'About' WHERE slug = 'a'"), (Strings{"a", "site"}));
}

TEST_F(Triggers, RaiseForTagsAndEnclosures) {
    std::string revision = article_revision("1");
    for (const char* statement :
         {"INSERT INTO article_tags VALUES ('1', 'x')", "UPDATE article_tags SET tag = 'y'", "DELETE FROM article_tags",
          "INSERT INTO enclosures VALUES ('1', 0, 'https://e/a', 'audio/mpeg', 1)", "UPDATE enclosures SET length_bytes = 2",
          "DELETE FROM enclosures"}) {
        const Strings raised = raised_by(statement);
        EXPECT_TRUE(raised.contains("a") && raised.contains("b") && raised.contains("site") && !raised.contains("c"))
            << statement;
        const std::string now = article_revision("1");
        EXPECT_GT(std::stoll(now), std::stoll(revision)) << statement;
        revision = now;
    }
}

/// Article 1 with tags x and y by Ann, article 2 with tag y by Ann and Bo, both from source s.
struct SelectionTriggers : Triggers {
    SelectionTriggers() {
        database.run(R"(
            INSERT INTO sources (slug) VALUES ('s'), ('t');
            INSERT INTO article_tags VALUES ('1', 'x'), ('1', 'y'), ('2', 'y'), ('2', 'z');
            DELETE FROM article_tags WHERE tag = 'z';
            UPDATE articles SET source_id = (SELECT id FROM sources WHERE slug = 's'),
                   authors = CASE id WHEN '1' THEN '[{"name": "Ann"}]' ELSE '[{"name": " Ann"}, {"name": "Bo"}, {"name": ""}]' END::jsonb)");
    }
    /// Whether article_selections says what the articles say, no more and no less.
    bool members_are_right() {
        return database.value(
                   "SELECT count(*) FROM (SELECT m.article_id, s.kind, s.name FROM article_selections m JOIN selections s ON "
                   "s.id = "
                   "m.selection_id) AS kept FULL JOIN (SELECT * FROM named_selections) AS named USING (article_id, kind, name) "
                   "WHERE kept IS NULL OR named IS NULL") == "0" &&
               order_is_right();
    }
};

TEST_F(SelectionTriggers, RaiseWhateverShowsAChangedArticle) {
    EXPECT_EQ(raised_by("UPDATE articles SET title = 'x' WHERE id = '1'"),
              (Strings{"a", "b", "site", "tag x", "tag y", "author Ann", "source s"}));
    EXPECT_EQ(raised_by("UPDATE articles SET withdrawn = now() WHERE id = '2'"),
              (Strings{"c", "site", "tag y", "author Ann", "author Bo", "source s"}));
    EXPECT_TRUE(members_are_right());
}

TEST_F(SelectionTriggers, RaiseATagThatAnArticleGetsOrLoses) {
    const Strings with_one{"a", "b", "site", "tag x", "tag y", "author Ann", "source s"};
    EXPECT_EQ(raised_by("DELETE FROM article_tags WHERE article_id = '1' AND tag = 'x'"), with_one);
    EXPECT_EQ(raised_by("INSERT INTO article_tags VALUES ('1', 'x')"), with_one);
    EXPECT_EQ(raised_by("UPDATE article_tags SET label = 'X' WHERE tag = 'x'"), with_one);
    EXPECT_EQ(raised_by("UPDATE article_tags SET tag = 'z' WHERE tag = 'x'"),
              (Strings{"a", "b", "site", "tag x", "tag y", "tag z", "author Ann", "source s"}));
    EXPECT_TRUE(members_are_right());
}

TEST_F(SelectionTriggers, RaiseAllWhereTheSitesProfileChanges) {
    EXPECT_EQ(raised_by("UPDATE site SET icon_url = 'https://e/i', entry_link = 'page'"),
              raised_by("UPDATE site SET title = 'Another'"));
    EXPECT_EQ(raised_by("UPDATE site SET icon_url = 'https://e/i'"), Strings{});
}

TEST_F(SelectionTriggers, RaiseOnlyWhatANewArticleBelongsTo) {
    EXPECT_EQ(raised_by("INSERT INTO articles (id, title, authors) VALUES ('3', 'Three', '[{\"name\": \"Bo\"}]');"
                        "INSERT INTO article_tags VALUES ('3', 'x')"),
              (Strings{"site", "tag x", "author Bo"}));
    EXPECT_TRUE(members_are_right());
}

TEST_F(SelectionTriggers, RaiseTheOldAndTheNewAuthorAndSource) {
    EXPECT_EQ(raised_by("UPDATE articles SET authors = '[{\"name\": \"Bo\"}]', source_id = (SELECT id FROM sources WHERE slug "
                        "= 't') WHERE id = '1'"),
              (Strings{"a", "b", "site", "tag x", "tag y", "author Ann", "author Bo", "source s", "source t"}));
    EXPECT_TRUE(members_are_right());
}

TEST_F(SelectionTriggers, RaiseWhatADeletedArticleBelongedTo) {
    EXPECT_EQ(raised_by("DELETE FROM articles WHERE id = '2'"),
              (Strings{"c", "site", "tag y", "author Ann", "author Bo", "source s"}));
    EXPECT_TRUE(members_are_right());
}

TEST_F(SelectionTriggers, RaiseASourceThatIsCalledOtherwise) {
    EXPECT_EQ(raised_by("UPDATE sources SET title = 'The source' WHERE slug = 's'"), (Strings{"site", "source s"}));
    database.run("UPDATE sources SET slug = 'u' WHERE slug = 's'");
    EXPECT_TRUE(members_are_right());
}

TEST_F(SelectionTriggers, KeepTheFeedIdOfATagThatComesBack) {
    const std::string id = database.value("SELECT feed_id FROM selections WHERE kind = 'tag' AND name = 'x'");
    database.run("DELETE FROM article_tags WHERE tag = 'x'");
    database.run("INSERT INTO article_tags VALUES ('2', 'x')");
    EXPECT_EQ(database.value("SELECT feed_id FROM selections WHERE kind = 'tag' AND name = 'x'"), id);
}

TEST_F(SelectionTriggers, NameNoAuthorThatNoAddressCanName) {
    database.run(
        "INSERT INTO articles (id, title, authors) VALUES ('4', 'Four', jsonb_build_array(jsonb_build_object('name', "
        "repeat('x', 513)), jsonb_build_object('name', E'a\\x01b'), jsonb_build_object('name', E'e\u0301')))");
    EXPECT_EQ(snapshot("SELECT kind, name FROM named_selections WHERE article_id = '4'"), (Strings{"author=\xC3\xA9"}));
    EXPECT_TRUE(members_are_right());
}

TEST_F(SelectionTriggers, FollowTruncatedTags) {
    database.run("TRUNCATE article_tags");
    EXPECT_TRUE(members_are_right());
}

TEST_F(SelectionTriggers, TakeNoIdThatACategoryHas) {
    database.run("INSERT INTO categories (slug) VALUES ('later'); INSERT INTO article_tags VALUES ('1', 'later')");
    EXPECT_EQ(database.value("SELECT count(*) FROM selections JOIN categories USING (id)"), "0");
}

TEST_F(Triggers, RaiseEverythingForTruncate) {
    EXPECT_EQ(raised_by("TRUNCATE articles CASCADE"), (Strings{"a", "b", "c", "site"}));
}

TEST_F(Triggers, KeepTheCopiedOrderRightWhateverAWriterSays) {
    database.run("UPDATE article_categories SET published = 'epoch', shown = false");
    EXPECT_TRUE(order_is_right());
    database.run("UPDATE articles SET published = published - interval '1 day' WHERE id = '1'");
    EXPECT_TRUE(order_is_right());
}

TEST_F(Triggers, RefuseAnotherIdForAnArticle) {
    EXPECT_THROW(database.run("UPDATE articles SET id = '9' WHERE id = '1'"), std::runtime_error);
}

TEST_F(Triggers, MintTheSameIdForTheSameUrl) {
    const std::string insert =
        "INSERT INTO articles (title, url) VALUES ('x', 'https://example.org/x') ON CONFLICT DO NOTHING RETURNING id";
    const auto first = database.run(insert);
    EXPECT_TRUE(database.run(insert).empty());
    EXPECT_EQ(first[0][0].substr(0, 9), "urn:uuid:");
    EXPECT_EQ(first[0][0][23], '8');
    EXPECT_THROW(database.run("INSERT INTO articles (title) VALUES ('x')"), std::runtime_error);
}

TEST_F(Triggers, NeverLetChangedGoBack) {
    database.run(
        "ALTER TABLE categories DISABLE TRIGGER USER; UPDATE categories SET changed = now() + interval '1 hour';"
        "ALTER TABLE categories ENABLE TRIGGER USER");
    database.run("UPDATE articles SET title = 'x' WHERE id = '1'");
    EXPECT_EQ(database.value("SELECT bool_and(changed > now() AND changed_before <= changed) FROM categories WHERE slug = 'a'"),
              "t");
}

TEST_F(Triggers, RefuseATimeOfWithdrawalThatNoFeedCanTell) {
    for (const char* time : {"infinity", "-infinity", "10000-01-01 UTC", "0001-01-01 UTC BC"})
        EXPECT_THROW(database.run("UPDATE articles SET withdrawn = '" + std::string(time) + "' WHERE id = '1'"),
                     std::runtime_error)
            << time;
    database.run("UPDATE articles SET withdrawn = '9999-12-31 23:59:59 UTC' WHERE id = '1'");
}

TEST_F(Triggers, FileThousandsOfTagsAtOnceWhateverThePlannerBelieves) {
    database.run("ANALYZE selections, article_selections");
    database.run(
        "INSERT INTO articles (id, title, authors) SELECT 'bulk ' || n, 'Bulk', '[{\"name\": \"A\"}]' FROM generate_series(1, "
        "4000) AS n");
    database.run(
        "SET statement_timeout = '20s'; INSERT INTO article_tags SELECT 'bulk ' || n, 'tag ' || n FROM generate_series(1, "
        "4000) AS n");
    EXPECT_EQ(database.value("SELECT count(*) FROM article_selections WHERE article_id LIKE 'bulk %'"), "8000");
    database.run("SET statement_timeout = '20s'; DELETE FROM article_tags WHERE article_id LIKE 'bulk %'");
    EXPECT_EQ(database.value("SELECT count(*) FROM article_selections WHERE article_id LIKE 'bulk %'"), "4000");
}

TEST_F(Triggers, SendAHandfulOfNotificationsForTenThousandArticles) {
    const std::unique_ptr<PGconn, decltype(&PQfinish)> listener(PQconnectdb(database.url().c_str()), &PQfinish);
    PQclear(PQexec(listener.get(), "LISTEN gazetted"));
    database.run(R"(
        INSERT INTO categories (slug) SELECT 'k' || n FROM generate_series(1, 100) AS n;
        INSERT INTO articles (id, title) SELECT 'bulk ' || n, 'Bulk' FROM generate_series(1, 10000) AS n;
        INSERT INTO article_categories (article_id, category_id)
        SELECT 'bulk ' || n, (SELECT id FROM categories WHERE slug = 'k' || (n % 100 + 1)) FROM generate_series(1, 10000) AS n)");
    PQclear(PQexec(listener.get(), "SELECT 1"));
    int notifications = 0;
    while (const auto notification = std::unique_ptr<PGnotify, decltype(&PQfreemem)>(PQnotifies(listener.get()), &PQfreemem))
        ++notifications;
    EXPECT_GE(notifications, 1);
    EXPECT_LE(notifications, 3);
}

TEST_F(Triggers, LetWritersOfTheSameCategoriesInOppositeOrderPass) {
    const auto write = [&](const std::string& writer, const std::string& first, const std::string& second) {
        const std::unique_ptr<PGconn, decltype(&PQfinish)> connection(PQconnectdb(database.url().c_str()), &PQfinish);
        int failures = 0;
        for (int round = 0; round < 60; ++round) {
            const std::string id = writer + std::to_string(round);
            const auto place = [&](const std::string& slug) {
                return "INSERT INTO article_categories (article_id, category_id) SELECT '" + id +
                       "', id FROM categories WHERE slug = '" + slug + "'";
            };
            for (const std::string& statement :
                 {std::string("BEGIN"), "INSERT INTO articles (id, title) VALUES ('" + id + "', 'x')", place(first),
                  place(second), std::string("COMMIT")}) {
                const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQexec(connection.get(), statement.c_str()),
                                                                           &PQclear);
                if (PQresultStatus(result.get()) != PGRES_COMMAND_OK ||
                    std::string_view(PQcmdStatus(result.get())) == "ROLLBACK")
                    ++failures;
            }
        }
        return failures;
    };
    const std::string before = database.value("SELECT revision FROM categories WHERE slug = 'a'");
    int failures[2] = {};
    {
        const std::jthread one([&] { failures[0] = write("one ", "a", "b"); });
        const std::jthread two([&] { failures[1] = write("two ", "b", "a"); });
    }
    EXPECT_EQ(failures[0] + failures[1], 0);
    EXPECT_EQ(database.value("SELECT revision - " + before + " FROM categories WHERE slug = 'a'"), "120");
    EXPECT_EQ(database.value("SELECT count(*) FROM touched"), "0");
}

}  // namespace
}  // namespace gazetted
