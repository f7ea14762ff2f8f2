#include "daemon/migrate.hpp"

#include "daemon/embedded.hpp"
#include "daemon/store.hpp"
#include "tests/support/test_database.hpp"

#include <gtest/gtest.h>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <thread>

namespace gazetted {
namespace {

std::string reason(auto&& action) {
    try {
        action();
    } catch (const std::runtime_error& error) {
        return error.what();
    }
    return "";
}

TEST(Migrate, BringsAnEmptyDatabaseToOurVersionAndThenHasNothingToDo) {
    const EmptyDatabase database;
    EXPECT_NE(reason([&] { require_current_schema(database.url()); }).find("run gazetted migrate"), std::string::npos);
    const MigrationReport first = migrate(database.url());
    EXPECT_EQ(first.version_before, 0);
    EXPECT_EQ(first.version_after, std::ssize(embedded_migrations()));
    EXPECT_EQ(std::ssize(first.applied), first.version_after);
    const MigrationReport second = migrate(database.url());
    EXPECT_EQ(second.version_before, first.version_after);
    EXPECT_TRUE(second.applied.empty());
    EXPECT_EQ(reason([&] { require_current_schema(database.url()); }), "");
}

TEST(Migrate, RunsOnceWhenTenNodesStartTogether) {
    const EmptyDatabase database;
    std::atomic<std::size_t> applied = 0;
    std::atomic<int> failed = 0;
    {
        std::vector<std::jthread> nodes;
        for (int node = 0; node < 10; ++node) {
            nodes.emplace_back([&] {
                try {
                    applied += migrate(database.url()).applied.size();
                } catch (const std::exception&) {
                    ++failed;
                }
            });
        }
    }
    EXPECT_EQ(failed, 0);
    EXPECT_EQ(applied, embedded_migrations().size());
}

TEST(Migrate, StopsAtTheVersionThatIsWantedAndNeverGoesBack) {
    const EmptyDatabase database;
    EXPECT_EQ(migrate(database.url(), 2).version_after, 2);
    const auto states = migration_states(database.url());
    ASSERT_EQ(states.size(), embedded_migrations().size());
    EXPECT_NE(states[1].applied, "");
    EXPECT_EQ(states[2].applied, "");
    EXPECT_NE(reason([&] { migrate(database.url(), 1); }).find("forward only"), std::string::npos);
    for (const int version : {0, static_cast<int>(embedded_migrations().size()) + 1})
        EXPECT_NE(reason([&] { migrate(database.url(), version); }).find("knows the schema versions 1 to"), std::string::npos);
    EXPECT_EQ(migrate(database.url()).version_before, 2);
}

TEST(Migrate, SaysWhatIsToComeOfAnEmptyDatabaseAndLeavesItEmpty) {
    const EmptyDatabase database;
    for (const MigrationState& migration : migration_states(database.url())) EXPECT_EQ(migration.applied, "");
    EXPECT_EQ(run_sql(database.url(), "SELECT count(*) FROM pg_namespace WHERE nspname = 'gazetted'").at(0).at(0), "0");
}

TEST(Migrate, RefusesTablesWithoutARecord) {
    const TestDatabase database;
    database.run("DROP TABLE migrations");
    EXPECT_NE(reason([&] { migrate(database.url()); }).find("no record of its migrations"), std::string::npos);
    EXPECT_NE(reason([&] { migration_states(database.url()); }).find("no record of its migrations"), std::string::npos);
}

TEST(Migrate, RefusesANewerSchema) {
    const TestDatabase database;
    const std::size_t known = embedded_migrations().size();
    database.run("INSERT INTO migrations VALUES (" + std::to_string(known + 1) + ", 'x')");
    const std::string expected = "the database has schema version " + std::to_string(known + 1) + ", this gazetted knows " +
                                 std::to_string(known) + ": install a newer gazetted";
    EXPECT_EQ(reason([&] { migrate(database.url()); }), expected);
    EXPECT_EQ(reason([&] { require_current_schema(database.url()); }), expected);
}

TEST(Migrate, RefusesNamesThatAreNotOurs) {
    const TestDatabase database;
    database.run("UPDATE migrations SET name = '0001_other.sql' WHERE version = 1");
    EXPECT_NE(reason([&] { migrate(database.url()); }).find("0001_other.sql"), std::string::npos);
}

TEST(Migrate, RefusesAGapInTheRecord) {
    const TestDatabase database;
    database.run("UPDATE migrations SET version = 0 WHERE version = 1");
    EXPECT_NE(reason([&] { migrate(database.url()); }), "");
}

TEST(Migrate, RefusesAnotherEncoding) {
    const EmptyDatabase database("ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'");
    EXPECT_NE(reason([&] { migrate(database.url()); }).find("LATIN1"), std::string::npos);
}

TEST(Migrate, SaysThatThereIsNoServer) { EXPECT_THROW(migrate("host=/nowhere dbname=x"), StoreUnavailable); }

/// The snapshot is what pg_dump says of a migrated database. After a new migration write it again:
/// GAZETTED_WRITE_SNAPSHOT=1 build/dev/sql_tests --gtest_filter=Schema.*
TEST(Schema, EqualsTheCommittedSnapshot) {
    const TestDatabase database;
    const std::string output = testing::TempDir() + "/schema.sql";
    const std::string command =
        "pg_dump --schema-only --schema=gazetted --no-owner --dbname=\"" + database.url() + "\" > '" + output + "'";
    if (std::system("command -v pg_dump > /dev/null") != 0) GTEST_SKIP() << "no pg_dump";
    ASSERT_EQ(std::system(command.c_str()), 0);

    // Versions and the random key of \restrict differ from one machine to the next.
    std::ifstream dumped(output);
    std::string schema;
    for (std::string line; std::getline(dumped, line);) {
        if (!line.starts_with("--") && !line.starts_with("\\") && !line.empty() && !line.starts_with("SET ") &&
            !line.starts_with("SELECT pg_catalog.set_config")) {
            schema += line + '\n';
        }
    }
    const std::string snapshot = GAZETTED_SOURCE_DIR "/sql/schema.sql";
    if (std::getenv("GAZETTED_WRITE_SNAPSHOT") != nullptr) std::ofstream(snapshot) << schema;
    std::stringstream committed;
    committed << std::ifstream(snapshot).rdbuf();
    EXPECT_EQ(schema, committed.str());
}

}  // namespace
}  // namespace gazetted
