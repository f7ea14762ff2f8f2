#include "daemon/private_postgres.hpp"

#include "daemon/migrate.hpp"
#include "tests/support/test_database.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

namespace gazetted {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using Purpose = PrivatePostgres::Purpose;

/// Below a directory that only its owner may enter, as a checkout in /root is.
struct PrivatePostgresTest : testing::Test {
    PrivatePostgresTest() : root(make_private_directory()), directory(root / "var") {}
    ~PrivatePostgresTest() override { fs::remove_all(root); }

    pid_t server() const {
        std::ifstream file(directory / "postgres" / "postmaster.pid");
        pid_t process = 0;
        return file >> process ? process : 0;
    }
    static bool lives(pid_t process) { return kill(process, 0) == 0; }
    static bool ends_within(pid_t process, std::chrono::seconds patience) {
        const auto give_up = std::chrono::steady_clock::now() + patience;
        while (lives(process)) {
            if (std::chrono::steady_clock::now() > give_up) return false;
            std::this_thread::sleep_for(10ms);
        }
        return true;
    }
    std::string reason() {
        try {
            PrivatePostgres postgres(directory);
        } catch (const std::runtime_error& error) {
            return error.what();
        }
        return "";
    }

    fs::path root;
    fs::path directory;
};

TEST_F(PrivatePostgresTest, AnswersBelowAPrivateDirectoryAndStopsWithItsObject) {
    pid_t process = 0;
    {
        const PrivatePostgres postgres(directory);
        process = server();
        EXPECT_EQ(run_sql(postgres.database_url(), "SHOW server_encoding").front().front(), "UTF8");
        EXPECT_EQ(run_sql(postgres.database_url(), "SHOW listen_addresses").front().front(), "");
        EXPECT_EQ(run_sql(postgres.database_url(), "SHOW fsync").front().front(), "on");
        struct stat status {};
        ASSERT_EQ(stat((directory / "postgres").c_str(), &status), 0);
        EXPECT_EQ(status.st_mode & 0777, 0700U);
        EXPECT_NE(status.st_uid, 0U);
    }
    EXPECT_FALSE(lives(process));
    const PrivatePostgres again(directory);
    EXPECT_EQ(migrate(again.database_url()).version_before, 0);
}

TEST_F(PrivatePostgresTest, UsesAServerThatAlreadyRunsAndLeavesItRunning) {
    const PrivatePostgres first(directory, Purpose::daemon);
    const pid_t process = server();
    { const PrivatePostgres second(directory); }
    EXPECT_EQ(server(), process);
    EXPECT_TRUE(lives(process));
}

TEST_F(PrivatePostgresTest, StartsAgainWhatWasKilled) {
    PrivatePostgres postgres(directory, Purpose::daemon);
    run_sql(postgres.database_url(), "CREATE TABLE kept AS SELECT 1 AS one");
    const pid_t process = server();
    kill(process, SIGKILL);
    const auto give_up = std::chrono::steady_clock::now() + 20s;
    while (server() == process && std::chrono::steady_clock::now() < give_up) {
        postgres.keep_running();
        std::this_thread::sleep_for(10ms);
    }
    EXPECT_NE(server(), process);
    EXPECT_EQ(run_sql(postgres.database_url(), "SELECT one FROM kept").front().front(), "1");
}

TEST_F(PrivatePostgresTest, DiesWithAProcessThatIsKilled) {
    int ready[2];
    ASSERT_EQ(pipe(ready), 0);
    const pid_t owner = fork();
    if (owner == 0) {
        try {
            const PrivatePostgres postgres(directory);
            const char one = 1;
            if (write(ready[1], &one, 1) == 1) pause();
        } catch (...) {
        }
        _exit(1);
    }
    close(ready[1]);
    char one = 0;
    ASSERT_EQ(read(ready[0], &one, 1), 1);
    close(ready[0]);
    const pid_t process = server();
    ASSERT_TRUE(lives(process));
    kill(owner, SIGKILL);
    waitpid(owner, nullptr, 0);
    EXPECT_TRUE(ends_within(process, 10s));
    const PrivatePostgres again(directory);
    EXPECT_NE(server(), process);
}

TEST_F(PrivatePostgresTest, TakesAStalePidFileOfAnotherProgramForStale) {
    { const PrivatePostgres first(directory); }
    std::ofstream(directory / "postgres" / "postmaster.pid") << getpid() << "\n/somewhere\n";
    EXPECT_EQ(reason(), "");
}

TEST_F(PrivatePostgresTest, MakesAHalfMadeClusterAnew) {
    fs::create_directories(directory / "postgres.new" / "base");
    EXPECT_EQ(reason(), "");
}

TEST_F(PrivatePostgresTest, WorksInADirectoryWhosePathIsTooLongForASocket) {
    directory = root / std::string(120, 'x') / "with, comma and 'quotes'";
    const PrivatePostgres postgres(directory);
    EXPECT_EQ(run_sql(postgres.database_url(), "SELECT 1").front().front(), "1");
}

TEST_F(PrivatePostgresTest, SaysWhichVersionItsDataNeeds) {
    fs::create_directories(directory / "postgres");
    std::ofstream(directory / "postgres" / "PG_VERSION") << "9\n";
    if (geteuid() == 0) {
        ASSERT_EQ(chown((directory / "postgres").c_str(), 1, 1), 0);
    }
    EXPECT_NE(reason().find("install postgresql-9"), std::string::npos) << reason();
}

TEST_F(PrivatePostgresTest, RefusesADirectoryThatHoldsSomethingElse) {
    fs::create_directories(directory / "postgres" / "photographs");
    if (geteuid() == 0) {
        ASSERT_EQ(chown((directory / "postgres").c_str(), 1, 1), 0);
    }
    EXPECT_NE(reason().find("is no PostgreSQL data"), std::string::npos) << reason();
}

TEST_F(PrivatePostgresTest, SaysThatAFileIsInTheWay) {
    std::ofstream(directory) << "a file";
    EXPECT_NE(reason().find("cannot make the directory"), std::string::npos) << reason();
}

}  // namespace
}  // namespace gazetted
