// What was backed up comes back, all of it or nothing.

#include "daemon/migrate.hpp"
#include "daemon/private_postgres.hpp"
#include "tests/support/daemon_process.hpp"
#include "tests/support/test_database.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>

namespace gazetted {
namespace {

namespace fs = std::filesystem;

using Contents = std::map<std::string, std::string>;

/// Every table with its rows and every sequence with where it stands.
Contents contents(const std::string& url) {
    Contents found;
    for (const auto& row : run_sql(url, "SELECT tablename FROM pg_tables WHERE schemaname = 'gazetted'"))
        found[row[0]] = run_sql(
            url, "SELECT coalesce(string_agg(t::text, E'\\n' ORDER BY t::text), '') FROM gazetted." + row[0] + " AS t")[0][0];
    for (const auto& row :
         run_sql(url, "SELECT sequencename, coalesce(last_value::text, '-') FROM pg_sequences WHERE schemaname = 'gazetted'"))
        found["sequence " + row[0]] = row[1];
    return found;
}

/// The statements that make the schema, privileges included, without the key that pg_dump draws each time and without
/// parentheses, of which PostgreSQL prints fewer once a condition was read again.
std::string schema(const std::string& url) {
    std::istringstream lines(
        run_command({"pg_dump", "--schema-only", "--schema=gazetted", "--no-owner", "--dbname=" + url}).out);
    std::string kept;
    for (std::string line; std::getline(lines, line);)
        if (!line.empty() && !line.starts_with("--") && !line.starts_with("\\")) kept += line + "\n";
    std::erase_if(kept, [](char c) { return c == '(' || c == ')'; });
    return kept;
}

/// What readers get, with its entity tags.
Contents served(std::vector<std::string> database) {
    database.insert(database.end(), {"--base-url", "https://news.example"});
    const DaemonProcess daemon(std::move(database));
    Contents answers;
    for (const char* target : {"/all.atom", "/all.rss", "/category/news.json", "/category/latest.atom", "/tag/iron.rss", "/"}) {
        const HttpAnswer answer = daemon.get_until(target, 200, "");
        EXPECT_EQ(answer.status, 200) << target;
        auto tag = answer.fields.find("etag");
        answers[target] = (tag == answer.fields.end() ? "" : tag->second) + "\n" + answer.body;
    }
    return answers;
}

std::string read_whole(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

class Backup : public ::testing::Test {
protected:
    void SetUp() override {
        succeed({"import", "jekyll", GAZETTED_SOURCE_DIR "/tests/cases/sample_site", "--database", database.url()});
        database.run(R"(
            INSERT INTO sources (slug, title, burst_max) VALUES ('wire', 'The wire', 0);
            INSERT INTO categories (slug, title) VALUES ('latest', 'Latest'), ('sport', ''), ('weather', E'Wet \x1b[31mand red \\ ');
            INSERT INTO articles (id, url, title, content, published, source_id)
            SELECT 'urn:a:' || n, 'https://a.example/' || n, 'Title ' || n, repeat('<p>Text ' || n || '</p>', 20),
                   timestamptz '2024-05-01 10:00Z' + n * interval '1 day', (SELECT id FROM sources WHERE slug = 'wire')
              FROM generate_series(1, 120) AS n;
            INSERT INTO article_categories (article_id, category_id)
            SELECT a.id, k.id FROM articles a CROSS JOIN categories k WHERE k.slug IN ('latest', 'sport');
            INSERT INTO article_tags (article_id, tag) SELECT id, 'iron' FROM articles WHERE id LIKE 'urn:a:1%')");
        database.run("UPDATE articles SET title = title || ', corrected' WHERE id LIKE 'urn:a:2%'");
        database.run("UPDATE articles SET withdrawn = now() WHERE id = 'urn:a:3'");
        database.run(
            "INSERT INTO subscriptions (source_id, feed_url, credentials, state) "
            "SELECT id, 'https://up.example/feed.xml', 'me:s3cret', 'paused' FROM sources WHERE slug = 'wire'");
        succeed({"category", "rename", "sport", "news"}, here);
        succeed({"category", "remove", "weather"}, here);
    }
    void TearDown() override { fs::remove_all(folder); }

    static CommandResult gazetted(std::vector<std::string> words, const std::vector<std::string>& more = {}) {
        words.insert(words.begin(), GAZETTED_BINARY);
        words.insert(words.end(), more.begin(), more.end());
        return run_command(words);
    }
    static std::string succeed(const std::vector<std::string>& words, const std::vector<std::string>& more = {}) {
        const CommandResult result = gazetted(words, more);
        EXPECT_EQ(result.exit_status, 0) << result.err;
        return result.out;
    }
    static std::string fail(const std::vector<std::string>& words, const std::vector<std::string>& more = {}) {
        const CommandResult result = gazetted(words, more);
        EXPECT_EQ(result.exit_status, 1) << result.out;
        EXPECT_EQ(result.out, "");
        return result.err;
    }
    static bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

    TestDatabase database;
    const std::vector<std::string> here = {"--database", database.url()};
    const fs::path folder = make_private_directory();
    const std::string file = folder / "news.dump";
};

TEST_F(Backup, ComesBackWithEveryRowFromAServerToAPrivatePostgresAndBack) {
    const Contents wanted_answers = served(here);
    const Contents wanted = contents(database.url());
    EXPECT_GT(wanted.size(), 25U);
    for (const char* table : {"articles", "article_categories", "article_tags", "selections", "former_names", "subscriptions",
                              "article_words", "migrations", "site"})
        EXPECT_FALSE(wanted.at(table).empty()) << table;

    EXPECT_TRUE(succeed({"backup", file}, here).starts_with(file + ": "));
    const std::string data = folder / "private";
    const std::string second = folder / "second.dump";
    {
        const PrivatePostgres own(data);
        EXPECT_TRUE(has(succeed({"restore", file, "--data", data}), "restored " + file + ", schema version "));
        EXPECT_EQ(contents(own.database_url()), wanted);
        EXPECT_EQ(schema(own.database_url()), schema(database.url()));
    }
    succeed({"backup", second, "--data", data});
    EXPECT_EQ(served({"--data", data}), wanted_answers);

    const EmptyDatabase back;
    succeed({"restore", second, "--database", back.url()});
    EXPECT_EQ(contents(back.url()), wanted);
    EXPECT_EQ(schema(back.url()), schema(database.url()));
    EXPECT_EQ(served({"--database", back.url()}), wanted_answers);
}

TEST_F(Backup, IsForTheEyesOfItsOwnerAndReplacesNoFileUnasked) {
    succeed({"backup", file}, here);
    struct stat status {};
    ASSERT_EQ(stat(file.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600U);
    EXPECT_FALSE(fs::exists(file + ".part"));
    const std::string first = read_whole(file);
    EXPECT_EQ(fail({"backup", file}, here), "gazetted: " + file + " is there already: choose another name or give --force\n");
    EXPECT_EQ(read_whole(file), first);
    std::ofstream(file + ".part") << "of one that was killed";
    database.run("DELETE FROM articles");
    succeed({"backup", "--force", file}, here);
    EXPECT_LT(fs::file_size(file), first.size());
    EXPECT_FALSE(fs::exists(file + ".part"));
    EXPECT_TRUE(has(fail({"backup", "--force", folder}, here), " is there already: choose another name\n"));
    EXPECT_TRUE(has(fail({"backup", folder / "none" / "x"}, here), "/none/x.part: No such file or directory\n"));
}

TEST_F(Backup, LeavesNoHalfFileWhereItCannotBeWritten) {
    const std::string limited = "trap '' XFSZ; ulimit -f 4; exec '" GAZETTED_BINARY "' \"$@\"";
    const CommandResult result = run_command({"bash", "-c", limited, "gazetted", "backup", file, here[0], here[1]});
    EXPECT_EQ(result.exit_status, 1);
    EXPECT_TRUE(result.err.starts_with("gazetted: no backup was made: ") && has(result.err, "File too large")) << result.err;
    EXPECT_TRUE(fs::is_empty(folder));
}

TEST_F(Backup, OfADatabaseWithoutOurTablesIsRefused) {
    const EmptyDatabase empty;
    EXPECT_EQ(fail({"backup", file, "--database", empty.url()}),
              "gazetted: no backup was made: the database has no tables of gazetted\n");
    EXPECT_TRUE(fs::is_empty(folder));
}

TEST_F(Backup, ReplacesArticlesOnlyWhereToldTo) {
    const Contents before = contents(database.url());
    succeed({"backup", file}, here);
    database.run("DELETE FROM articles WHERE id LIKE 'urn:a:1%'; CREATE TABLE gazetted.of_later AS SELECT 1 AS one");
    const Contents after = contents(database.url());
    EXPECT_TRUE(
        has(fail({"restore", file}, here), "has tables of gazetted already: restore into an empty one, or give --replace"));
    EXPECT_EQ(contents(database.url()), after);
    succeed({"restore", "--replace", file}, here);
    EXPECT_EQ(contents(database.url()), before);
}

TEST_F(Backup, ThatIsDamagedChangesNothing) {
    succeed({"backup", file}, here);
    const std::string whole = read_whole(file);
    const Contents before = contents(database.url());
    const auto refused = [&](const std::string& bytes) {
        std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
        std::string said = fail({"restore", "--replace", file}, here);
        EXPECT_EQ(contents(database.url()), before);
        return said;
    };
    for (const std::size_t part : {3U, 2U})
        EXPECT_TRUE(has(refused(whole.substr(0, whole.size() - whole.size() / part)), "take another backup"));
    EXPECT_TRUE(has(refused(whole.substr(0, whole.size() - 1)), "take another backup"));
    EXPECT_TRUE(has(refused(whole.substr(0, 200)), "cannot read " + file));
    EXPECT_TRUE(has(refused(""), " is no backup: gazetted backup makes one"));
    EXPECT_TRUE(has(refused("SELECT 1"), " is no backup: gazetted backup makes one"));
    EXPECT_TRUE(has(fail({"restore", folder / "none"}, here), "/none: No such file or directory\n"));
}

TEST_F(Backup, OfANewerSchemaOrAnotherProgramIsRefused) {
    database.run("INSERT INTO migrations (version, name) SELECT max(version) + 1, '9999_of_the_future.sql' FROM migrations");
    succeed({"backup", file}, here);
    const EmptyDatabase other;
    const std::vector<std::string> there = {"--database", other.url()};
    EXPECT_TRUE(has(fail({"restore", file}, there), "gazetted: the backup has schema version "));
    EXPECT_TRUE(contents(other.url()).empty());
    run_sql(other.url(), "CREATE TABLE others AS SELECT 1 AS one");
    ASSERT_EQ(run_command({"pg_dump", "--format=custom", "--file=" + file, "--dbname=" + other.url()}).exit_status, 0);
    EXPECT_TRUE(has(fail({"restore", file}, there), "is a backup of something else: it has no tables of gazetted\n"));
}

TEST_F(Backup, OfAnOlderSchemaIsBroughtUpToDate) {
    const EmptyDatabase old, other;
    migrate(old.url(), 5);
    run_sql(old.url(), "INSERT INTO gazetted.articles (id, title) VALUES ('urn:old', 'Of old')");
    succeed({"backup", file, "--database", old.url()});
    const std::string said = succeed({"restore", file, "--database", other.url()});
    EXPECT_TRUE(has(said, ", schema version 5\napplied 0006_names.sql\n")) << said;
    require_current_schema(other.url());
    EXPECT_TRUE(has(contents(other.url()).at("article_words"), "urn:old"));
}

TEST_F(Backup, KeepsTheGrantsOfRolesThatThereAre) {
    const std::string role = database.value("SELECT current_database() || '_reader'");
    database.run("CREATE ROLE " + role + "; GRANT SELECT ON articles TO " + role);
    succeed({"backup", file}, here);
    const std::string granted = schema(database.url());
    succeed({"restore", "--replace", file}, here);
    EXPECT_EQ(schema(database.url()), granted);
    database.run("DROP OWNED BY " + role + "; DROP ROLE " + role);
    const std::string without = schema(database.url());
    succeed({"restore", "--replace", file}, here);
    EXPECT_EQ(schema(database.url()), without);
}

TEST_F(Backup, IsMadeAndBroughtBackWhileTheDaemonServes) {
    const DaemonProcess daemon(here);
    const HttpAnswer before = daemon.get_until("/category/news.atom", 200, "Title 120");
    succeed({"backup", file}, here);
    database.run("UPDATE articles SET title = 'Spoilt'");
    EXPECT_EQ(daemon.get_until("/category/news.atom", 200, "Spoilt").status, 200);
    succeed({"restore", "--replace", file}, here);
    const HttpAnswer after = daemon.get_until("/category/news.atom", 200, "Title 120");
    EXPECT_EQ(after.body, before.body);
    EXPECT_EQ(after.fields.at("etag"), before.fields.at("etag"));
    database.run("UPDATE articles SET title = 'Told as ever' WHERE id = 'urn:a:120'");
    EXPECT_EQ(daemon.get_until("/category/news.atom", 200, "Told as ever").status, 200);
}

}  // namespace
}  // namespace gazetted
