#include "daemon/listen.hpp"
#include "daemon/migrate.hpp"
#include "daemon/store.hpp"
#include "tests/support/test_database.hpp"

#include <gtest/gtest.h>
#include <condition_variable>
#include <fstream>
#include <mutex>
#include <sstream>

namespace gazetted {
namespace {

/// The ```sql blocks of docs/sql.md. Roles belong to the whole server, so each database gets its own.
std::vector<std::string> examples(const std::string& role_prefix) {
    std::ifstream file(GAZETTED_SOURCE_DIR "/docs/sql.md");
    std::vector<std::string> blocks;
    bool is_inside = false;
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with("```")) {
            is_inside = line == "```sql";
            if (is_inside) blocks.emplace_back();
        } else if (is_inside) {
            for (const std::string role : {"gazetted_writer", "gazetted_reader"}) {
                if (const std::size_t at = line.find(role); at != std::string::npos)
                    line.replace(at, role.size(), role_prefix + role);
            }
            blocks.back() += line + '\n';
        }
    }
    return blocks;
}

struct SqlDocument : testing::Test {
    SqlDocument() {
        for (const std::string& block : examples(prefix)) database.run("SET search_path = public;" + block);
    }
    ~SqlDocument() override {
        database.run("DROP OWNED BY " + reader + ", " + writer + "; DROP ROLE " + reader + ", " + writer);
    }
    TestDatabase database;
    std::string prefix = database.value("SELECT current_database()") + "_";
    std::string reader = prefix + "gazetted_reader";
    std::string writer = prefix + "gazetted_writer";
};

TEST_F(SqlDocument, HasExamplesThatRun) {
    EXPECT_GE(examples("").size(), 7U);
    EXPECT_EQ(database.value("SELECT count(*) FROM articles"), "4");
    EXPECT_EQ(database.value("SELECT count(*) FROM article_categories"), "1");
}

TEST_F(SqlDocument, NamesARoleThatCanServeAndNotWrite) {
    require_current_schema(database.url_as(reader));
    Store store(database.url_as(reader));
    EXPECT_TRUE(store.newest({"news"}, 50, {{"x", {.revision = 1, .published = {}, .updated = {}}}}));
    EXPECT_EQ(store.newest({}, 50)->articles.size(), 3U);
    const auto number = store.article_number(store.newest({}, 50)->articles.front().id);
    EXPECT_TRUE(store.article(number.value()));
    EXPECT_EQ(store.catalogue().categories.size(), 1U);
    EXPECT_FALSE(store.newest({"weather", SelectionKind::tag}, 50)) << "the article is held";
    EXPECT_EQ(store.revisions().size(), 6U);  // the site, a category, a tag, an author and two sources
    EXPECT_THROW(store.describe_site("x", "", "", "", 1), StatementFailed);
    const auto today = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
    EXPECT_EQ(store.poller_key(today, 7), 7U);
    Readership seen;
    seen.feeds[{today, "/all.atom"}].seen = today;
    seen.subscribers[{"Feedly", "/all.atom", ""}] = {.count = 1, .seen = today};
    seen.habits[{today, "curl"}].requests = 1;
    for (int node = 0; node < 2; ++node) store.merge_readership(seen, today);
    EXPECT_EQ(store.readership(today).habits.at({today, "curl"}).requests, 2U);
    EXPECT_THROW(run_sql(database.url_as(reader), "SELECT touch('{0}')"), std::runtime_error);
    EXPECT_THROW(run_sql(database.url_as(reader), "SELECT revise_articles('{}')"), std::runtime_error);
    EXPECT_THROW(run_sql(database.url_as(reader), "SELECT follow_stories('{}')"), std::runtime_error);

    std::mutex mutex;
    std::condition_variable changed;
    bool is_connected = false;
    const Listener listener(database.url_as(reader), {.on_connected =
                                                          [&](const auto&) {
                                                              const std::lock_guard lock(mutex);
                                                              is_connected = true;
                                                              changed.notify_all();
                                                          },
                                                      .on_changed = [](const auto&) {},
                                                      .on_lost = [](const auto&) {}});
    std::unique_lock lock(mutex);
    EXPECT_TRUE(changed.wait_for(lock, std::chrono::seconds(10), [&] { return is_connected; }));
}

TEST_F(SqlDocument, NamesARoleThatWritesArticlesAndRaisesRevisions) {
    const std::string revision = "SELECT revision FROM categories";
    const std::string before = database.value(revision);
    run_sql(database.url_as(writer), R"(
        INSERT INTO articles (title, url) VALUES ('By a writer', 'https://example.org/writer');
        INSERT INTO article_categories (article_id, category_id)
        SELECT a.id, c.id FROM articles a, categories c WHERE a.title = 'By a writer')");
    EXPECT_NE(database.value(revision), before);
    run_sql(database.url_as(writer), "UPDATE articles SET title = 'Changed' WHERE title = 'By a writer'");
    run_sql(database.url_as(writer), "DELETE FROM article_categories");
    EXPECT_THROW(run_sql(database.url_as(writer), "UPDATE categories SET revision = 1"), std::runtime_error);
    EXPECT_THROW(run_sql(database.url_as(writer), "DELETE FROM articles"), std::runtime_error);
    EXPECT_THROW(run_sql(database.url_as(writer), "INSERT INTO touched (category_id) VALUES (0)"), std::runtime_error);
}

}  // namespace
}  // namespace gazetted
