#include "daemon/retention.hpp"
#include "daemon/article_archive.hpp"
#include "daemon/publish.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/test_database.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <stdexcept>

namespace gazetted {
namespace {

using namespace std::chrono_literals;

/// Days of age, categories and what they keep, as a site has them.
struct RetentionOfArticles : ::testing::Test {
    RetentionOfArticles() {
        database.run(
            "INSERT INTO categories (slug) VALUES ('brief'), ('whole'), ('few');"
            "UPDATE categories SET keep_days = 30 WHERE slug = 'brief'; UPDATE categories SET keep_articles = 3 WHERE slug = "
            "'few'");
    }
    void publish(const std::string& id, int days_old, const std::vector<std::string>& slugs) const {
        std::string statements = "INSERT INTO articles (id, title, content, published) VALUES ('" + id + "', '" + id +
                                 "', '<p>text</p>', now() - interval '" + std::to_string(days_old) + " days');";
        for (const std::string& slug : slugs)
            statements += "INSERT INTO article_categories (article_id, category_id) SELECT '" + id +
                          "', id FROM categories WHERE slug = '" + slug + "';";
        database.run(statements);
    }
    RetentionReport apply() {
        return remove_overdue(store, archive_in(folder.path()), [] { return false; });
    }
    std::string ids() const {
        return database.value("SELECT coalesce(string_agg(id, ' ' ORDER BY id COLLATE \"C\"), '') FROM articles");
    }
    std::vector<std::string> archived() const {
        std::vector<std::string> lines;
        for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
            std::ifstream file(entry.path());
            for (std::string line; std::getline(file, line);) lines.push_back(line);
        }
        return lines;
    }
    std::int64_t number_of(const std::string& id) const {
        return std::stoll(database.value("SELECT number FROM articles WHERE id = '" + id + "'"));
    }
    Publication at(const std::string& target) {
        SiteConfig site;
        site.base_url = "https://feeds.example";
        return gazetted::publish(store, site, parse_target(target, {}).value(), nullptr,
                                 std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now()));
    }

    TestDatabase database;
    Store store{database.url()};
    TemporaryFolder folder;
};

TEST_F(RetentionOfArticles, CountsNoArticleThatIsHeldBack) {
    for (const char* id : {"one", "two", "three"}) publish(id, 10, {"few"});
    for (const char* id : {"held 1", "held 2", "held 3", "held 4"}) publish(id, -10, {"few"});
    EXPECT_EQ(apply().articles, 0U) << ids();
}

TEST_F(RetentionOfArticles, RemovesWhatIsOlderThanItsCategoryKeepsAndNothingElse) {
    publish("old", 31, {"brief"});
    publish("young", 29, {"brief"});
    publish("elsewhere", 400, {"whole"});
    publish("nowhere", 400, {});
    EXPECT_EQ(apply().articles, 1U);
    EXPECT_EQ(ids(), "elsewhere nowhere young");
    EXPECT_EQ(apply().articles, 0U);
}

TEST_F(RetentionOfArticles, KeepsTheFirstOfAFeedsOrderWhereTheCategoryKeepsSoMany) {
    for (int n = 1; n <= 5; ++n) publish("a" + std::to_string(n), n, {"few"});
    // What does not rise stands behind all that does, however new it is.
    publish("burst", 0, {"few"});
    database.run("UPDATE articles SET rises = false WHERE id = 'burst'");
    EXPECT_EQ(apply().articles, 3U);
    EXPECT_EQ(ids(), "a1 a2 a3");
    database.run("UPDATE categories SET keep_articles = 4 WHERE slug = 'few'");
    publish("a6", 60, {"few"});
    publish("burst", 0, {"few"});
    database.run("UPDATE articles SET rises = false WHERE id = 'burst'");
    apply();
    EXPECT_EQ(ids(), "a1 a2 a3 a6");
}

TEST_F(RetentionOfArticles, LeavesWhatAnotherCategoryKeepsAsItIs) {
    publish("both", 31, {"brief", "whole"});
    publish("two limits", 31, {"brief", "few"});
    const auto before = database.value("SELECT revision FROM categories WHERE slug = 'whole'");
    EXPECT_EQ(apply().articles, 0U);
    EXPECT_EQ(database.value("SELECT count(*) FROM article_categories"), "4");
    EXPECT_EQ(database.value("SELECT revision FROM categories WHERE slug = 'whole'"), before);
    for (int n = 1; n <= 3; ++n) publish("newer" + std::to_string(n), n, {"few"});
    EXPECT_EQ(apply().articles, 1U) << "all its categories are done with it now";
}

TEST_F(RetentionOfArticles, RemovesWithdrawnAndRetoldArticlesToo) {
    publish("withdrawn", 31, {"brief"});
    database.run("UPDATE articles SET withdrawn = now()");
    EXPECT_EQ(apply().articles, 1U);
    publish("behind", 31, {"brief"});
    database.run("UPDATE articles SET rises = false; UPDATE articles SET withdrawn = now()");
    EXPECT_EQ(apply().articles, 1U);
}

TEST_F(RetentionOfArticles, ArchivesFirstAndLeavesWhatCannotBeArchived) {
    publish("old", 31, {"brief"});
    const auto full = [](const std::vector<OverdueArticle>&) { throw std::runtime_error("no room"); };
    EXPECT_THROW(remove_overdue(store, full, [] { return false; }), std::runtime_error);
    EXPECT_EQ(ids(), "old");
    EXPECT_EQ(apply().articles, 1U);
    ASSERT_EQ(archived().size(), 1U);
    EXPECT_NE(archived().front().find("\"old\""), std::string::npos);
}

TEST_F(RetentionOfArticles, ALineThatWasCutOffSpoilsNoOther) {
    const ArticleArchive archive(folder.path());
    const Instant now = std::chrono::sys_days(std::chrono::year(2026) / 11 / 27);
    archive.append({"{\"one\":1}"}, now);
    std::ofstream(folder.path() / "articles-2026-11.ndjson", std::ios::app) << "{\"cut";
    archive.append({"{\"two\":2}"}, now);
    EXPECT_EQ(archived(), (std::vector<std::string>{"{\"one\":1}", "{\"cut", "{\"two\":2}"}));
}

TEST_F(RetentionOfArticles, ADryRunSaysWhatWouldGoOnceAndRemovesNothing) {
    publish("old", 31, {"brief", "few"});
    for (int n = 1; n <= 3; ++n) publish("newer" + std::to_string(n), n, {"few"});
    std::multiset<std::string> told;
    const auto report = remove_overdue(
        store, {}, [] { return false; }, [&](const OverdueArticle& it) { told.insert(it.id); });
    EXPECT_EQ(report.articles, 1U);
    EXPECT_EQ(told, std::multiset<std::string>{"old"});
    EXPECT_EQ(database.value("SELECT count(*) FROM articles"), "4");
}

TEST_F(RetentionOfArticles, BringsBackAllThatTheArticleWas) {
    database.run("INSERT INTO sources (slug) VALUES ('agency')");
    publish("old", 31, {"brief"});
    database.run(
        "UPDATE articles SET source_id = (SELECT id FROM sources), authors = '[{\"name\": \"Ann\"}]', latitude = 1.5, "
        "longitude = 2, "
        "origin = '{\"title\": \"\\\\ \\\"x\\\" \\u2028\"}', content = E'<p>a\\nb\\tc\\\\d</p>';"
        "INSERT INTO article_tags (article_id, tag, label) VALUES ('old', 'weather', 'Weather');"
        "INSERT INTO enclosures (article_id, position, url, media_type) VALUES ('old', 0, 'https://a.example/1.mp3', "
        "'audio/mpeg');"
        "INSERT INTO upstream_entries (source_id, key, article_id, hash, first_seen) SELECT id, 'k', 'old', '', now() FROM "
        "sources");
    const std::string whole =
        "SELECT (to_jsonb(a) - '{revision,changed}'::text[])::text || (SELECT string_agg(c::text, '') FROM article_categories "
        "c) || (SELECT "
        "string_agg(t::text, '') FROM article_tags t) || (SELECT string_agg(e::text, '') FROM enclosures e) || (SELECT "
        "article_id FROM "
        "upstream_entries) FROM articles a";
    const auto before = database.value(whole);
    EXPECT_EQ(apply().articles, 1U);
    EXPECT_EQ(store.act("bring_back", {archived().front()}), 1U);
    EXPECT_EQ(database.value(whole), before);
    EXPECT_EQ(store.act("bring_back", {archived().front()}), 0U) << "it is there already";
    EXPECT_EQ(database.value("SELECT count(*) FROM removed_articles"), "0");
    EXPECT_THROW(store.act("bring_back", {"{\"cut"}), std::runtime_error);
}

TEST_F(RetentionOfArticles, WhatIsRemovedAnswers410AndNoImportBringsItBack) {
    const auto source = store.source("site", "", "");
    Article article;
    article.id = "old";
    article.title = "Old";
    article.published = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now()) - std::chrono::days(31);
    article.categories = {{"brief", ""}};
    store.merge_articles(source, std::vector{article});
    const auto page = "/article/" + std::to_string(number_of("old"));
    EXPECT_TRUE(std::holds_alternative<std::shared_ptr<const Document>>(at(page)));
    EXPECT_EQ(apply().articles, 1U);
    EXPECT_TRUE(std::holds_alternative<WithdrawnArticle>(at(page)));
    EXPECT_TRUE(std::holds_alternative<NoSuchDocument>(at("/article/99999")));
    article.title = "Edited";
    EXPECT_EQ(store.merge_articles(source, std::vector{article}).added, 0);
    EXPECT_EQ(ids(), "");
}

TEST_F(RetentionOfArticles, HistoriesGoOnBehindThePlaceOfARemovedArticle) {
    publish("a", 31, {"brief"});
    publish("b", 40, {"whole"});
    const auto archive = "/all/archive/" + std::to_string(number_of("a")) + ".atom";
    EXPECT_EQ(apply().articles, 1U);
    const auto publication = at(archive);
    const auto* document = std::get_if<std::shared_ptr<const Document>>(&publication);
    ASSERT_NE(document, nullptr) << "a walk that was under way would end here";
    EXPECT_NE((*document)->representations.identity().body.find("<id>b</id>"), std::string::npos);
    const auto end = "/category/brief/archive/" +
                     std::to_string(std::stoll(database.value("SELECT number FROM removed_articles"))) + ".atom";
    EXPECT_TRUE(std::holds_alternative<WithdrawnArticle>(at(end))) << "nothing older is left";
}

TEST_F(RetentionOfArticles, IsOneNodesWorkAtATime) {
    publish("old", 31, {"brief"});
    Store other(database.url());
    const auto archive_meanwhile = [&](const std::vector<OverdueArticle>&) {
        const auto theirs = remove_overdue(other, archive_in(folder.path()), [] { return false; });
        EXPECT_EQ(theirs.articles, 0U);
        EXPECT_TRUE(theirs.is_anothers) << "there may be more";
    };
    EXPECT_EQ(remove_overdue(store, archive_meanwhile, [] { return false; }).articles, 1U);
}

TEST_F(RetentionOfArticles, OfALargeBacklogUpdatesNothingThatItRemoves) {
    // GAZETTED_RETENTION_ARTICLES: for figures.
    const char* wanted = std::getenv("GAZETTED_RETENTION_ARTICLES");
    const int articles = wanted ? std::atoi(wanted) : 3'000, kept = articles / 3;
    database.run(
        "UPDATE categories SET keep_articles = " + std::to_string(kept) +
        " WHERE slug = 'few'; INSERT INTO articles (id, title, content, published) SELECT 'urn:a:' || n, 'Title ' || n, "
        "repeat('text ', 100), now() - make_interval(mins => n) FROM generate_series(1, " +
        std::to_string(articles) +
        ") AS n; INSERT INTO article_categories (article_id, category_id) SELECT a.id, c.id FROM articles a, categories c "
        "WHERE c.slug = 'few'");
    database.run("VACUUM ANALYZE");
    database.run("SELECT pg_stat_reset()");
    const auto begun = std::chrono::steady_clock::now();
    {
        Store own(database.url());
        const auto report = remove_overdue(own, archive_in(folder.path()), [] { return false; });
        EXPECT_EQ(report.articles, static_cast<std::size_t>(articles - kept));
        EXPECT_GE(report.batches, (static_cast<std::size_t>(articles - kept)) / retention_batch_max);
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
    EXPECT_EQ(database.value("SELECT count(*) FROM articles"), std::to_string(kept));
    std::printf("%d of %d articles removed in %.1f s\n", articles - kept, articles, took.count());
    for (const auto& table : database.run("SELECT relname, n_tup_upd, n_tup_hot_upd, n_tup_del, n_dead_tup, "
                                          "pg_relation_size(relid) / 8192 FROM pg_stat_user_tables "
                                          "WHERE n_tup_upd + n_tup_del > 0 ORDER BY relname")) {
        std::printf("%s: %s updated, %s of them in place, %s deleted, %s dead, %s pages\n", table[0].c_str(), table[1].c_str(),
                    table[2].c_str(), table[3].c_str(), table[4].c_str(), table[5].c_str());
        if (table[0] == "articles" || table[0] == "article_categories") {
            EXPECT_EQ(table[1], "0") << table[0];
        }
        if (table[0] == "site" || table[0] == "categories") {
            EXPECT_EQ(table[1], table[2]) << table[0] << ": every update finds room in its page";
        }
    }
}

}  // namespace
}  // namespace gazetted
