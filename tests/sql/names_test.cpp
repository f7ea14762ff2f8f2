#include "daemon/store.hpp"
#include "tests/support/test_database.hpp"

#include <gtest/gtest.h>

namespace gazetted {
namespace {

/// Categories a and b, with an article each and one in both.
struct Names : testing::Test {
    Names() {
        database.run(R"(
            INSERT INTO categories (slug) VALUES ('a'), ('b');
            INSERT INTO articles (id, title, authors) VALUES ('1', 'One', '[{"name": "Ann"}]'), ('2', 'Two', '[{"name": "A. Author"}]'), ('3', 'Three', '[]');
            INSERT INTO article_categories (article_id, category_id)
            SELECT i, k.id FROM (VALUES ('1', 'a'), ('2', 'b'), ('3', 'a'), ('3', 'b')) AS n (i, s) JOIN categories k ON k.slug = s;
            INSERT INTO article_tags (article_id, tag, label) VALUES ('1', 'iron', 'Iron'), ('2', 'steel', 'Steel'), ('3', 'iron', ''), ('3', 'steel', ''))");
    }
    /// What a name is called now; `-` where it names nothing, `!` after what was removed.
    std::string now(const std::string& name, SelectionKind kind = SelectionKind::category) {
        Store store(database.url());
        const NameNow found = store.names_now({{name, kind}}).front();
        return found.name.value_or("-") + (found.is_removed ? "!" : "");
    }
    std::string articles_of(const std::string& name, SelectionKind kind = SelectionKind::category) {
        Store store(database.url());
        const auto window = store.newest({name, kind}, 50);
        if (!window) return "none";
        std::set<std::string> ids;
        for (const Article& article : window->articles) ids.insert(article.id);
        std::string joined;
        for (const auto& id : ids) joined += id;
        return joined;
    }
    std::string feed_id(const std::string& name, SelectionKind kind = SelectionKind::category) {
        Store store(database.url());
        return store.newest({name, kind}, 1)->head.feed_id;
    }
    std::string former() {
        std::string all;
        for (const auto& row : database.run("SELECT kind || ' ' || name FROM former_names ORDER BY 1"))
            all += (all.empty() ? "" : ", ") + row[0];
        return all;
    }
    TestDatabase database;
};

TEST_F(Names, OfBeforeLeadToTheNameOfTodayInOneStep) {
    const std::string id = feed_id("a");
    database.run("UPDATE categories SET slug = 'x' WHERE slug = 'a'");
    database.run("UPDATE categories SET slug = 'y' WHERE slug = 'x'; UPDATE categories SET slug = 'z' WHERE slug = 'y'");
    for (const char* name : {"a", "x", "y", "z"}) EXPECT_EQ(now(name), "z");
    EXPECT_EQ(now("nothing"), "-");
    EXPECT_EQ(feed_id("z"), id);
    EXPECT_EQ(former(), "category a, category x, category y");
}

TEST_F(Names, ComeBack) {
    database.run("UPDATE categories SET slug = 'x' WHERE slug = 'a'");
    database.run("UPDATE categories SET slug = 'a' WHERE slug = 'x'");
    EXPECT_EQ(now("a"), "a");
    EXPECT_EQ(now("x"), "a");
    EXPECT_EQ(former(), "category x");
}

TEST_F(Names, ThatAreTakenAgainAreTheNewOnes) {
    database.run("UPDATE categories SET slug = 'x' WHERE slug = 'a'; INSERT INTO categories (slug) VALUES ('a')");
    EXPECT_EQ(now("a"), "a");
    EXPECT_EQ(articles_of("a"), "");
    EXPECT_EQ(articles_of("x"), "13");
    database.run("DELETE FROM categories WHERE slug = 'a'");
    EXPECT_EQ(now("a"), "-");
}

TEST_F(Names, ThatChangePlacesAreNobodysOfBefore) {
    database.run(
        "UPDATE categories SET slug = 'c' WHERE slug = 'a'; UPDATE categories SET slug = 'a' WHERE slug = 'b';"
        "UPDATE categories SET slug = 'b' WHERE slug = 'c'");
    EXPECT_EQ(now("a"), "a");
    EXPECT_EQ(articles_of("a"), "23");
    EXPECT_EQ(former(), "category c");
}

TEST_F(Names, OfAMergedCategoryAndAllItHadBeforeLeadToTheSurvivor) {
    database.run("UPDATE categories SET slug = 'x' WHERE slug = 'a'");
    database.run("SELECT merge_category('x', 'b')");
    for (const char* name : {"a", "x", "b"}) EXPECT_EQ(now(name), "b");
    EXPECT_EQ(articles_of("b"), "123");
    EXPECT_EQ(articles_of("x"), "none");
    EXPECT_EQ(database.value("SELECT categories FROM complete_articles WHERE id = '1'"), R"([["b", ""]])");
    database.run("UPDATE categories SET slug = 'w' WHERE slug = 'b'");
    EXPECT_EQ(now("a"), "w");
    EXPECT_THROW(database.run("SELECT merge_category('w', 'w')"), std::runtime_error);
    EXPECT_THROW(database.run("SELECT merge_category('nothing', 'w')"), std::runtime_error);
}

TEST_F(Names, OfARemovedCategoryAreRemovedFromItsTimeOn) {
    database.run("UPDATE categories SET slug = 'x' WHERE slug = 'a'");
    database.run(
        "UPDATE categories SET removed = now() + interval '1 day', sunset_url = 'https://a.example/end' WHERE slug = 'x'");
    EXPECT_EQ(now("a"), "x");
    EXPECT_EQ(articles_of("x"), "13");
    Store store(database.url());
    const auto window = store.newest({"x"}, 50);
    EXPECT_EQ(window->due, window->head.profile.removed);
    EXPECT_EQ(window->head.profile.sunset_link, "https://a.example/end");
    EXPECT_EQ(store.catalogue().categories.size(), 1U);
    EXPECT_EQ(database.value("SELECT categories FROM complete_articles WHERE id = '1'"), "[]");
    const auto combined = store.newest({"b+x", SelectionKind::combination}, 50);
    EXPECT_EQ(combined->due, window->due);
    EXPECT_FALSE(store.newest({"b-x", SelectionKind::combination}, 50)->head.profile.removed) << "b stays";

    database.run("UPDATE categories SET removed = now() WHERE slug = 'x'");
    for (const char* name : {"a", "x"}) EXPECT_EQ(now(name), "x!");
    EXPECT_EQ(articles_of("x"), "none");
    EXPECT_FALSE(store.newest({"b+x", SelectionKind::combination}, 50));
    const auto without = store.newest({"b-x", SelectionKind::combination}, 50);
    ASSERT_TRUE(without) << "what is left out may be gone";
    EXPECT_EQ(without->due, std::nullopt);
    database.run("UPDATE categories SET removed = NULL WHERE slug = 'x'");
    EXPECT_EQ(articles_of("x"), "13");
}

TEST_F(Names, OfARenamedTagAreAnAliasForArticlesToCome) {
    const std::string id = feed_id("iron", SelectionKind::tag);
    database.run("SELECT rename_selection('tag', 'iron', 'Fe')");
    EXPECT_EQ(now("iron", SelectionKind::tag), "Fe");
    EXPECT_EQ(feed_id("Fe", SelectionKind::tag), id);
    database.run("INSERT INTO article_tags (article_id, tag) VALUES ('2', 'iron')");
    EXPECT_EQ(articles_of("Fe", SelectionKind::tag), "123");
    EXPECT_EQ(articles_of("iron", SelectionKind::tag), "none");
    EXPECT_EQ(database.value("SELECT tags FROM complete_articles WHERE id = '1'"), R"([["Fe", "", "Iron"]])");
    EXPECT_EQ(database.value("SELECT tag FROM article_tags WHERE article_id = '1'"), "iron") << "what was written stays";
    database.run("SELECT rename_selection('tag', 'Fe', 'iron')");
    EXPECT_EQ(articles_of("iron", SelectionKind::tag), "123");
    EXPECT_EQ(now("Fe", SelectionKind::tag), "iron");
}

TEST_F(Names, OfAMergedTagBringItsArticlesAlong) {
    database.run("SELECT rename_selection('tag', 'iron', 'Fe'); SELECT rename_selection('tag', 'Fe', 'steel')");
    for (const char* name : {"iron", "Fe", "steel"}) EXPECT_EQ(now(name, SelectionKind::tag), "steel");
    EXPECT_EQ(articles_of("steel", SelectionKind::tag), "123");
    Store store(database.url());
    for (const Article& article : store.newest({}, 50)->articles) EXPECT_EQ(article.tags.size(), 1U) << article.id;
    database.run("DELETE FROM article_tags WHERE article_id = '3' AND tag = 'steel'");
    EXPECT_EQ(articles_of("steel", SelectionKind::tag), "123") << "it has the tag by its other name";
    // Another one takes the alias: the articles that have it move.
    database.run("INSERT INTO article_tags (article_id, tag) VALUES ('2', 'copper')");
    database.run("SELECT rename_selection('tag', 'copper', 'iron')");
    EXPECT_EQ(articles_of("iron", SelectionKind::tag), "123");
    EXPECT_EQ(articles_of("steel", SelectionKind::tag), "2");
    EXPECT_EQ(now("copper", SelectionKind::tag), "iron");
}

TEST_F(Names, OfAuthorsAreAliasesToo) {
    database.run("SELECT rename_selection('author', 'A. Author', 'Ann')");
    EXPECT_EQ(articles_of("Ann", SelectionKind::author), "12");
    EXPECT_EQ(now("A. Author", SelectionKind::author), "Ann");
    database.run(
        R"(INSERT INTO articles (id, title, authors) VALUES ('4', 'Four', '[{"name": "A. Author"}, {"name": "Ann"}]'))");
    EXPECT_EQ(articles_of("Ann", SelectionKind::author), "124");
    database.run(R"(INSERT INTO articles (id, title, authors)
                    VALUES ('5', 'Five', '[{"name": "A.  Author ", "email": "a@a.example"}, {"name": "Bob"}]'))");
    const auto authors_of = [&](const std::string& id) {
        return database.value("SELECT authors FROM complete_articles WHERE id = '" + id + "'");
    };
    EXPECT_EQ(authors_of("2"), R"([{"name": "Ann"}])");
    EXPECT_EQ(authors_of("5"), R"([{"name": "Ann", "email": "a@a.example"}, {"name": "Bob"}])");
    EXPECT_EQ(authors_of("3"), "[]");
    EXPECT_EQ(database.value("SELECT authors FROM articles WHERE id = '2'"), R"([{"name": "A. Author"}])")
        << "what was written stays";
    EXPECT_THROW(database.run("SELECT rename_selection('author', 'nobody', 'Ann')"), std::runtime_error);
    EXPECT_THROW(database.run("SELECT rename_selection('source', 'Ann', 'x')"), std::runtime_error);
}

TEST_F(Names, OfSourcesFollowTheirSlug) {
    database.run("INSERT INTO sources (slug) VALUES ('wire'); UPDATE sources SET slug = 'agency' WHERE slug = 'wire'");
    EXPECT_EQ(now("wire", SelectionKind::source), "agency");
    database.run("INSERT INTO sources (slug) VALUES ('wire')");
    EXPECT_EQ(now("wire", SelectionKind::source), "wire");
    database.run("DELETE FROM sources WHERE slug = 'agency'");
    EXPECT_EQ(former(), "");
}

TEST_F(Names, OfBeforeFileWhatAnImportBrings) {
    database.run("UPDATE categories SET slug = 'x' WHERE slug = 'a'");
    Store store(database.url());
    const auto source = store.source("site", "", "");
    Article article;
    article.id = "urn:new";
    article.title = "New";
    article.categories = {{"a", ""}, {"x", ""}};
    store.merge_categories(article.categories);
    EXPECT_EQ(store.merge_articles(source, std::vector{article}).added, 1);
    EXPECT_EQ(now("a"), "x") << "no new category takes the name";
    EXPECT_EQ(articles_of("x"), "13urn:new");
    EXPECT_EQ(store.merge_articles(source, std::vector{article}).unchanged, 1);
    article.categories = {{"b", ""}};
    store.merge_articles(source, std::vector{article});
    EXPECT_EQ(articles_of("x"), "13");
}

}  // namespace
}  // namespace gazetted
