#include "daemon/combination.hpp"
#include "daemon/store.hpp"
#include "tests/support/test_database.hpp"

#include <gtest/gtest.h>
#include <algorithm>
#include <random>
#include <set>

namespace gazetted {
namespace {

using Strings = std::vector<std::string>;

/// 400 articles in category news, each second one with the tag even, each third one with the tag third.
struct History : testing::Test {
    History() {
        database.run(R"(
            INSERT INTO categories (slug) VALUES ('news'), ('other');
            INSERT INTO articles (id, title, published)
            SELECT 'urn:' || n, 'Title ' || n, timestamptz '2024-01-01Z' + n / 3 * interval '1 minute' FROM generate_series(1, 400) AS n;
            INSERT INTO article_categories (article_id, category_id)
            SELECT a.id, k.id FROM articles a JOIN categories k ON k.slug = 'news';
            INSERT INTO article_categories (article_id, category_id)
            SELECT 'urn:' || 5 * n, k.id FROM generate_series(1, 80) AS n JOIN categories k ON k.slug = 'other';
            INSERT INTO article_tags SELECT 'urn:' || 2 * n, 'even' FROM generate_series(1, 200) AS n;
            INSERT INTO article_tags SELECT 'urn:' || 3 * n, 'third' FROM generate_series(1, 133) AS n)");
    }
    static Strings ids(const std::vector<Article>& articles) {
        Strings found;
        for (const Article& article : articles) found.push_back(article.id);
        return found;
    }
    Strings column(const std::string& query) const {
        Strings found;
        for (const auto& row : database.run(query)) found.push_back(row[0]);
        return found;
    }
    std::int64_t number(const std::string& id) { return store.article_number(id).value(); }
    std::int64_t id_of(const Selection& selection) { return store.newest(selection, 1)->head.category_id; }

    /// Every article from the newest on, document by document.
    Strings walk(const Selection& selection, std::size_t articles_max = 100) {
        Strings found;
        std::optional<std::int64_t> next = number(store.newest(selection, 1)->articles.front().id);
        while (next) {
            const auto archive = store.archive(selection, id_of(selection), *next, articles_max);
            if (!archive) return {"a document is missing"};
            const auto more = ids(archive->articles);
            found.insert(found.end(), more.begin(), more.end());
            next = archive->older_number;
        }
        return found;
    }

    TestDatabase database;
    Store store{database.url()};
};

const Selection news{.name = "news"};
const Selection even{.name = "even", .kind = SelectionKind::tag};

TEST_F(History, IsWalkedArticleByArticleInOrder) {
    const Strings all = column("SELECT id FROM articles ORDER BY published DESC, id DESC");
    EXPECT_EQ(walk(news), all);
    EXPECT_EQ(walk(Selection{}), all);
    EXPECT_EQ(walk(news, 1), all);
    EXPECT_EQ(walk(news, 7), all);
    EXPECT_EQ(
        walk(Selection{.name = "news-tag:even", .kind = SelectionKind::combination}, 7),
        column("SELECT id FROM articles a WHERE NOT EXISTS (SELECT FROM article_tags WHERE article_id = a.id AND tag = 'even')"
               " ORDER BY published DESC, id DESC"));
    EXPECT_EQ(walk(even), column("SELECT a.id FROM articles a JOIN article_tags t ON t.article_id = a.id AND t.tag = 'even' "
                                 "ORDER BY published DESC, id DESC"));
}

TEST_F(History, DividesItselfByItsArticlesAlone) {
    const auto archive = store.archive(news, id_of(news), number("urn:200"), 100);
    ASSERT_TRUE(archive && archive->older_number);
    const auto aligned = store.archive(news, id_of(news), *archive->older_number, 100);
    ASSERT_TRUE(aligned && aligned->older_number && aligned->newer_number);

    // Younger articles, one that comes late elsewhere and one that goes elsewhere leave the document as it is.
    database.run(R"(
        INSERT INTO articles (id, title, published) SELECT 'later:' || n, 'x', timestamptz '2024-02-01Z' FROM generate_series(1, 99) AS n;
        INSERT INTO articles (id, title, published) VALUES ('late', 'x', '2023-01-01Z');
        INSERT INTO article_categories (article_id, category_id) SELECT a.id, k.id FROM articles a JOIN categories k ON k.slug = 'news'
            ON CONFLICT DO NOTHING;
        UPDATE articles SET withdrawn = now() WHERE id = 'urn:399')");
    const auto again = store.archive(news, id_of(news), *archive->older_number, 100);
    EXPECT_EQ(ids(again->articles), ids(aligned->articles));
    EXPECT_EQ(again->older_number, aligned->older_number);
    EXPECT_EQ(again->newer_number, aligned->newer_number);
    EXPECT_EQ(ids(store.archive(news, id_of(news), number("urn:200"), 100)->articles), ids(archive->articles));
}

TEST_F(History, LeadsForwardsFromDocumentToDocument) {
    auto older = store.archive(news, id_of(news), number("urn:350"), 400)->older_number;
    for (int documents = 0; documents < 5; ++documents) {
        const auto archive = store.archive(news, id_of(news), older.value(), 400);
        const auto newer = store.archive(news, id_of(news), archive->newer_number.value(), 400);
        EXPECT_EQ(newer->older_number, older);
        older = archive->older_number;
    }
}

TEST_F(History, BeginsBehindAnArticleThatIsGone) {
    const auto before = ids(store.archive(news, id_of(news), number("urn:100"), 100)->articles);
    database.run("UPDATE articles SET withdrawn = now() WHERE id = 'urn:100'");
    const auto after = ids(store.archive(news, id_of(news), number("urn:100"), 100)->articles);
    EXPECT_EQ(Strings(before.begin() + 1, before.end()), after);
    EXPECT_FALSE(store.archive(news, id_of(news), 1'000'000, 100));
}

TEST_F(History, NamesWhatWasWithdrawnFromTheWindow) {
    const auto window = store.newest(news, 50);
    const Article* oldest = &window->articles.back();
    EXPECT_TRUE(store.tombstones(window->head.category_id, oldest, 10).empty());
    database.run("UPDATE articles SET withdrawn = '2024-03-01Z' WHERE id IN ('urn:399', 'urn:398', 'urn:7')");
    const std::vector<Tombstone> lately = {{"urn:399", Instant(std::chrono::sys_days(std::chrono::year(2024) / 3 / 1))},
                                           {"urn:398", Instant(std::chrono::sys_days(std::chrono::year(2024) / 3 / 1))}};
    for (const Selection& selection : {news, Selection{}}) EXPECT_EQ(store.tombstones(id_of(selection), oldest, 10), lately);
    EXPECT_EQ(store.tombstones(id_of(even), oldest, 10).size(), 1U);
    EXPECT_EQ(store.tombstones(window->head.category_id, nullptr, 10).size(), 3U);
    EXPECT_EQ(store.tombstones(window->head.category_id, nullptr, 2), lately);
}

TEST_F(History, NamesWhatWasWithdrawnFromACombination) {
    const Selection combined{"news+other-tag:even", SelectionKind::combination};
    EXPECT_FALSE(store.newest(combined, 50)->has_withdrawn);
    database.run("UPDATE articles SET withdrawn = '2024-03-01Z' WHERE id IN ('urn:400', 'urn:399', 'urn:395', 'urn:7')");
    const auto window = store.newest(combined, 50);
    EXPECT_TRUE(window->has_withdrawn);
    const Article* oldest = &window->articles.back();
    const auto told = store.combined_tombstones(combined.name, oldest, 10);
    ASSERT_EQ(told.size(), 2U) << "once each, without the even one and the old one";
    EXPECT_EQ(told.front().id, "urn:399");
    EXPECT_EQ(told.back().id, "urn:395");
    EXPECT_EQ(store.combined_tombstones(combined.name, nullptr, 10).size(), 3U);
    EXPECT_EQ(store.combined_tombstones(combined.name, nullptr, 1).size(), 1U);
}

/// What a person would write who has all the time in the world.
std::string oracle(const Combination& combination) {
    const auto names = [](const std::vector<Selection>& terms) {
        std::string list;
        for (const Selection& term : terms)
            list += (list.empty() ? "('" : ", ('") + std::string(term.kind == SelectionKind::tag ? "tag" : "category") +
                    "', '" + term.name + "')";
        return list.empty() ? std::string("('', '')") : list;
    };
    const std::string belongs =
        "(SELECT article_id, 'tag' AS kind, tag AS name FROM article_tags UNION ALL SELECT article_id, 'category', slug FROM "
        "article_categories JOIN categories ON id = category_id) AS belongs WHERE article_id = a.id AND (kind, name) IN (";
    return "SELECT id FROM articles a WHERE EXISTS (SELECT FROM " + belongs + names(combination.wanted) +
           ")) AND NOT EXISTS (SELECT FROM " + belongs + names(combination.unwanted) +
           ")) ORDER BY published DESC, id DESC LIMIT 50";
}

TEST_F(History, CombinesAsTheOracleDoes) {
    const std::vector<Selection> terms = {news, {.name = "other"}, even, {.name = "third", .kind = SelectionKind::tag}};
    for (unsigned wanted = 1; wanted < 16; ++wanted)
        for (unsigned unwanted = 0; unwanted < 16; ++unwanted) {
            Combination combination;
            for (unsigned term = 0; term < 4; ++term) {
                if ((wanted & ~unwanted) >> term & 1U) combination.wanted.push_back(terms[term]);
                if (unwanted >> term & 1U) combination.unwanted.push_back(terms[term]);
            }
            if (combination.wanted.size() + combination.unwanted.size() < 2 || combination.wanted.empty()) continue;
            const Selection selection{combination_name(combination), SelectionKind::combination};
            const auto window = store.newest(selection, 50);
            ASSERT_TRUE(window) << selection.name;
            EXPECT_EQ(ids(window->articles), column(oracle(combination))) << selection.name;
        }
}

/// A category with 5 articles, then so many that have the tag noise too, then 10; and another one beside all of them.
struct CoveredHistory : testing::Test {
    void cover(int noise) {
        const std::string last = std::to_string(noise + 15);
        database.run(
            "SET session_replication_role = replica;"
            "INSERT INTO categories (slug) VALUES ('big'), ('beside');"
            "INSERT INTO selections (id, kind, name) VALUES (10000, 'tag', 'noise');"
            "INSERT INTO articles (id, title, published, revision, changed)"
            " SELECT 'urn:' || n, 'Title', timestamptz '2024-01-01Z' - n * interval '1 minute', n, '2024-01-02Z'"
            "   FROM generate_series(1, " +
            last +
            ") AS n;"
            "INSERT INTO article_categories (article_id, category_id, published, shown)"
            " SELECT a.id, k.id, a.published, true FROM articles a JOIN categories k ON k.slug = 'big';"
            "INSERT INTO articles (id, title, published, revision, changed)"
            " SELECT 'urn:b:' || n, 'Title', timestamptz '2024-01-01Z' - n * interval '8 hours', n, '2024-01-02Z'"
            "   FROM generate_series(1, 90) AS n;"
            "INSERT INTO article_categories (article_id, category_id, published, shown)"
            " SELECT a.id, k.id, a.published, true FROM articles a JOIN categories k ON k.slug = 'beside' WHERE a.id LIKE "
            "'urn:b:%';"
            "INSERT INTO article_selections (article_id, selection_id, published, shown)"
            " SELECT 'urn:' || n, 10000, timestamptz '2024-01-01Z' - n * interval '1 minute', true"
            "   FROM generate_series(6, " +
            last + " - 10) AS n; ANALYZE");
    }
    /// All that a reader meets, who goes on from the feed's end through its archives.
    std::vector<std::string> walk(const std::string& name) {
        const Selection selection{name, SelectionKind::combination};
        auto window = store.newest(selection, 50).value();
        std::vector<std::string> found;
        for (const Article& article : window.articles) found.push_back(article.id);
        std::optional<std::int64_t> next;
        if (found.size() == 50) {
            next = window.articles.back().number;
            found.pop_back();
        } else if (window.unread_number != 0) {
            next = window.unread_number;
        }
        while (next) {
            const auto archive = store.archive(selection, 0, *next, 100);
            if (!archive) return {"a document is missing"};
            for (const Article& article : archive->articles) found.push_back(article.id);
            next = archive->older_number;
        }
        return found;
    }
    std::vector<std::string> oracle(const std::string& categories) const {
        std::vector<std::string> found;
        for (const auto& row : database.run(
                 "SELECT a.id FROM articles a WHERE EXISTS (SELECT FROM article_categories JOIN categories ON id = category_id"
                 " WHERE article_id = a.id AND slug IN (" +
                 categories +
                 ")) AND NOT EXISTS"
                 " (SELECT FROM article_selections WHERE article_id = a.id) ORDER BY published DESC, id DESC"))
            found.push_back(row[0]);
        return found;
    }
    TestDatabase database;
    Store store{database.url()};
};

TEST_F(CoveredHistory, IsFullWhereThousandsInARowAreLeftOut) {
    cover(6'000);
    const auto window = store.newest({"big-tag:noise", SelectionKind::combination}, 50);
    EXPECT_EQ(window->articles.size(), 15U);
    EXPECT_EQ(window->unread_number, 0);
    EXPECT_EQ(walk("big-tag:noise"), oracle("'big'"));
    EXPECT_EQ(walk("big+beside-tag:noise"), oracle("'big', 'beside'"));
}

TEST_F(CoveredHistory, GoesOnInAnArchiveWhereItIsNotLookedThroughToItsEnd) {
    cover(45'000);
    const auto window = store.newest({"big-tag:noise", SelectionKind::combination}, 50);
    EXPECT_EQ(window->articles.size(), 5U);
    EXPECT_EQ(window->unread_number, store.article_number("urn:40001"));
    EXPECT_EQ(walk("big-tag:noise"), oracle("'big'"));
    // What is beside it behind the end of the looking is not told before what was not looked for.
    EXPECT_EQ(walk("big+beside-tag:noise"), oracle("'big', 'beside'"));
    database.run(
        "SET session_replication_role = replica; INSERT INTO article_selections (article_id, selection_id, published, shown)"
        " SELECT id, 10000, published, true FROM articles WHERE id IN ('urn:1', 'urn:2', 'urn:3', 'urn:4', 'urn:5')");
    EXPECT_EQ(store.newest({"big-tag:noise", SelectionKind::combination}, 50)->articles.size(), 0U);
    EXPECT_EQ(walk("big-tag:noise"), oracle("'big'"));
}

TEST_F(History, MakesTheHeadOfACombinationFromItsMembers) {
    database.run("UPDATE categories SET title = 'The news' WHERE slug = 'news'");
    const Selection combined{"news+tag:even-other", SelectionKind::combination};
    const auto head = store.newest(combined, 50)->head;
    EXPECT_EQ(head.title, "The news + even − other");
    EXPECT_EQ(head.members.size(), 3U);
    const auto revisions = store.revisions();
    for (const auto& [id, revision] : head.members) EXPECT_EQ(revisions.at(id), revision);
    EXPECT_EQ(head.members.front().first, head.category_id);
    EXPECT_GE(head.changed, head.changed_before);
    database.run("UPDATE categories SET slug = 'renamed' WHERE slug = 'news'");
    EXPECT_EQ(store.newest({"renamed+tag:even-other", SelectionKind::combination}, 50)->head.feed_id, head.feed_id);
}

TEST_F(History, CombinesNothingWithWhatDoesNotExist) {
    for (const char* name : {"news+nothing", "news-nothing", "news+tag:news", "tag:even-tag:nothing"})
        EXPECT_FALSE(store.newest({name, SelectionKind::combination}, 50)) << name;
}

}  // namespace
}  // namespace gazetted
