#include "daemon/embedded.hpp"
#include "tests/support/test_database.hpp"

#include <gtest/gtest.h>
#include <algorithm>

namespace gazetted {
namespace {

std::string text_of(const std::string& name) {
    const auto queries = embedded_queries();
    const auto found = std::ranges::find(queries, name + ".sql", &EmbeddedFile::name);
    if (found == queries.end()) throw std::runtime_error("no statement " + name);
    return std::string(found->bytes);
}

/// The plan that the server keeps for a prepared statement, whatever its parameters.
std::string generic_plan(const TestDatabase& database, const std::string& name, const std::string& arguments,
                         const std::string& explain_options = "") {
    std::string plan;
    for (const auto& row : database.run("SET plan_cache_mode = force_generic_plan; PREPARE " + name + " AS " + text_of(name) +
                                        "; EXPLAIN " + explain_options + "EXECUTE " + name + arguments)) {
        plan += row[0] + '\n';
    }
    return plan;
}

struct Plan : testing::Test {
    Plan() {
        database.run(R"(
            SET session_replication_role = replica;
            INSERT INTO categories (slug) SELECT 'k' || n FROM generate_series(1, 2000) AS n;
            INSERT INTO articles (id, title, published, revision, changed)
            SELECT 'a' || n, 'Title', timestamptz '2020-01-01' + n * interval '1 minute', n, now() FROM generate_series(1, 20000) AS n;
            INSERT INTO article_categories (article_id, category_id, published, shown)
            SELECT id, n % 2000 + 1, published, true FROM articles CROSS JOIN LATERAL (SELECT substr(id, 2)::int AS n) AS number;
            INSERT INTO article_tags SELECT id, 'tag' FROM articles;
            INSERT INTO selections (id, kind, name) SELECT 10000 + n, 'tag', 'tag' || n FROM generate_series(0, 5000) AS n;
            INSERT INTO article_selections SELECT id, 10000, published, true FROM articles;
            INSERT INTO article_selections SELECT id, 10001 + substr(id, 2)::int % 5000, published, true FROM articles;
            INSERT INTO enclosures SELECT id, 0, 'https://e/a', 'audio/mpeg' FROM articles;
            INSERT INTO stories SELECT id, 'a' || substr(id, 2)::int / 3, published FROM articles;
            ANALYZE)");
    }
    TestDatabase database;
};

TEST_F(Plan, OfACategoryReadsOnlyWhatItShows) {
    const std::string plan = generic_plan(database, "newest_in_category", "('k7', 50, '{}', null)");
    EXPECT_NE(plan.find("Index Only Scan using article_categories_newest"), std::string::npos) << plan;
    EXPECT_EQ(plan.find("Seq Scan on articles"), std::string::npos) << plan;
    EXPECT_EQ(plan.find("Seq Scan on article_"), std::string::npos) << plan;
    EXPECT_EQ(plan.find("Seq Scan on categories"), std::string::npos) << plan;
}

TEST_F(Plan, OfTheWholeSiteReadsOnlyWhatItShows) {
    const std::string plan = generic_plan(database, "newest_of_all", "(50, '{}', null)");
    EXPECT_NE(plan.find("Index Only Scan using articles_newest"), std::string::npos) << plan;
    EXPECT_EQ(plan.find("Seq Scan on articles"), std::string::npos) << plan;
    EXPECT_EQ(plan.find("Seq Scan on article_"), std::string::npos) << plan;
}

TEST_F(Plan, OfATagReadsOnlyWhatItShows) {
    const std::string plan = generic_plan(database, "newest_in_selection", "('tag', 'tag0', 50, '{}', null)");
    EXPECT_NE(plan.find("Index Only Scan using article_selections_newest"), std::string::npos) << plan;
    EXPECT_EQ(plan.find("Sort Key"), std::string::npos) << plan;
    EXPECT_EQ(plan.find("Seq Scan on articles"), std::string::npos) << plan;
    EXPECT_EQ(plan.find("Seq Scan on article_"), std::string::npos) << plan;
    EXPECT_EQ(plan.find("Seq Scan on selections"), std::string::npos) << plan;
}

TEST_F(Plan, OfHistoryReadsFromWhereItBegins) {
    const std::string plan = generic_plan(database, "archive", "(10000, 9000, 100)");
    EXPECT_NE(plan.find("Index Only Scan using article_selections_newest"), std::string::npos) << plan;
    EXPECT_NE(plan.find("Index Only Scan Backward using article_categories_newest"), std::string::npos) << plan;
    EXPECT_EQ(plan.find("Seq Scan on article"), std::string::npos) << plan;
    const std::string tombstones = generic_plan(database, "tombstones", "(10000, '2020-01-01', 'x', 50)");
    EXPECT_EQ(tombstones.find("Seq Scan on article"), std::string::npos) << tombstones;
    const std::string combined =
        generic_plan(database, "tombstones_of_combination", "('{k7,k8}', '{tag1}', '{k9}', '{tag2}', '2020-01-01', 'x', 50)");
    EXPECT_EQ(combined.find("Seq Scan on article"), std::string::npos) << combined;
}

TEST_F(Plan, OfACombinationReadsItsMembersOnly) {
    const std::string plan =
        generic_plan(database, "newest_in_combination", "('{k7,k8}', '{tag1}', '{k9}', '{tag2}', 71, '{}', null, 5000)");
    EXPECT_NE(plan.find("Index Only Scan using article_categories_newest"), std::string::npos) << plan;
    EXPECT_NE(plan.find("Index Only Scan using article_selections_newest"), std::string::npos) << plan;
    EXPECT_EQ(plan.find("Seq Scan on article"), std::string::npos) << plan;
    const std::string archive =
        generic_plan(database, "archive_of_combination", "('{k7,k8}', '{tag1}', '{k9}', '{tag2}', 9000, 100, 5000)");
    EXPECT_NE(archive.find("Index Only Scan using article_categories_newest"), std::string::npos) << archive;
    EXPECT_EQ(archive.find("Seq Scan on article"), std::string::npos) << archive;
}

TEST_F(Plan, OfASearchLooksArticlesUpOneByOne) {
    database.run("INSERT INTO article_words SELECT id, words_of(title, summary, content) FROM articles; ANALYZE article_words");
    const std::string plan = generic_plan(database, "search", "('{title,x}', 51, 9000, 'title x')");
    EXPECT_NE(plan.find("Bitmap Index Scan on article_words_keys"), std::string::npos) << plan;
    EXPECT_NE(plan.find("Index Scan using article_words_pkey"), std::string::npos) << plan;
    EXPECT_NE(plan.find("Index Scan using articles_pkey"), std::string::npos) << plan;
    EXPECT_EQ(plan.find("Seq Scan on article"), std::string::npos) << plan;
}

TEST_F(Plan, DoesNotCallAFunctionForEachTime) {
    const std::string plan = generic_plan(database, "newest_of_all", "(50, '{}', null)", "VERBOSE ");
    EXPECT_EQ(plan.find("microseconds("), std::string::npos) << plan;
}

TEST_F(Plan, OfABatchReadsOnlyTheRowsOfItsArticles) {
    for (const char* statement : {"merge_articles", "remove_belongings", "add_belongings"}) {
        std::string plan;
        for (const auto& row :
             database.run(text_of("join_by_index") + "; SET plan_cache_mode = force_generic_plan; PREPARE it AS " +
                          text_of(statement) + "; EXPLAIN EXECUTE it (1, '[]', true)"))
            plan += row[0] + '\n';
        for (const char* table : {"articles", "article_categories", "article_tags", "enclosures"}) {
            EXPECT_EQ(plan.find("Seq Scan on " + std::string(table) + " "), std::string::npos) << statement << '\n' << plan;
        }
    }
}

TEST_F(Plan, OfTheCatalogueLooksOnceIntoTheIndexForEachCategory) {
    const std::string plan = generic_plan(database, "catalogue", "");
    EXPECT_NE(plan.find("Index Only Scan using article_categories_newest"), std::string::npos) << plan;
    EXPECT_EQ(plan.find("Seq Scan on article_"), std::string::npos) << plan;
}

}  // namespace
}  // namespace gazetted
