// PostgreSQL is killed, and nobody who reads a feed notices.

#include "tests/support/daemon_process.hpp"

#include <signal.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

namespace gazetted {
namespace {

using namespace std::chrono_literals;

class Outage : public ::testing::Test {
protected:
    void SetUp() override {
        folder = std::filesystem::temp_directory_path() / ("gazetted-outage-" + std::to_string(getpid()));
        std::filesystem::remove_all(folder);
        const auto imported = run_command(
            {GAZETTED_BINARY, "import", "jekyll", GAZETTED_SOURCE_DIR "/tests/cases/sample_site", "--data", folder.string()});
        ASSERT_EQ(imported.exit_status, 0) << imported.err;
    }
    void TearDown() override { std::filesystem::remove_all(folder); }

    CommandResult psql(const std::string& sql) const {
        return run_command(
            {GAZETTED_BINARY, "psql", "--data", folder.string(), "--", "-qXAt", "-v", "ON_ERROR_STOP=1", "-c", sql});
    }
    /// The private server's postmaster.
    pid_t postgres_pid() const {
        for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
            if (entry.path().filename() == "postmaster.pid") {
                pid_t pid = 0;
                std::ifstream(entry.path()) >> pid;
                return pid;
            }
        return 0;
    }

    std::filesystem::path folder;
};

TEST_F(Outage, PostgresKilledUnderLoadFailsNoRequestAndIsCaughtUpWith) {
    DaemonProcess daemon({"--data", folder.string()});
    const std::vector<std::string> targets = {"/all.atom", "/all.rss", "/all.json", "/all.html", "/"};
    for (const std::string& target : targets) ASSERT_EQ(daemon.get_until(target, 200, "").status, 200) << target;

    std::atomic<bool> over{false};
    std::atomic<int> asked{0};
    std::atomic<int> failed{0};
    std::vector<std::thread> readers;
    for (int reader = 0; reader < 2; ++reader)
        readers.emplace_back([&] {
            while (!over) {
                for (const std::string& target : targets) {
                    ++asked;
                    if (daemon.get(target).status != 200) ++failed;
                }
                std::this_thread::sleep_for(1ms);
            }
        });

    for (int round = 0; round < 3; ++round) {
        const pid_t pid = postgres_pid();
        ASSERT_GT(pid, 1);
        kill(pid, SIGKILL);
        std::this_thread::sleep_for(300ms);
        const std::string title = "After outage " + std::to_string(round);
        CommandResult inserted;
        for (const auto end = std::chrono::steady_clock::now() + 30s; std::chrono::steady_clock::now() < end;) {
            inserted = psql("INSERT INTO articles (title, url) VALUES ('" + title + "', 'https://a.example/" +
                            std::to_string(round) + "')");
            if (inserted.exit_status == 0) break;
            std::this_thread::sleep_for(50ms);
        }
        ASSERT_EQ(inserted.exit_status, 0) << inserted.err;
        EXPECT_NE(daemon.get_until("/all.atom", 200, title, 20s).body.find(title), std::string::npos) << daemon.log();
    }
    over = true;
    for (std::thread& reader : readers) reader.join();
    EXPECT_EQ(failed, 0) << "of " << asked;
    EXPECT_GT(asked, 100);
    EXPECT_EQ(http_get(daemon.status_port(), "/readyz").status, 200);
}

TEST_F(Outage, ADaemonWithoutItsDatabaseSaysSoAndComesBackByItself) {
    DaemonProcess daemon({"--database", "postgresql:///gazetted?host=" + folder.string() + "/nowhere"});
    EXPECT_EQ(http_get(daemon.status_port(), "/readyz").status, 503);
    EXPECT_EQ(http_get(daemon.status_port(), "/healthz").status, 200);
    const auto answer = daemon.get("/all.atom");
    EXPECT_EQ(answer.status, 503);
    EXPECT_TRUE(answer.fields.contains("retry-after"));
    EXPECT_EQ(daemon.stop(), 0);
}

TEST_F(Outage, KilledWithMinusNineTheDaemonTakesItsPostgresAlongAndStartsAgain) {
    pid_t postgres = 0;
    {
        DaemonProcess daemon({"--data", folder.string()});
        ASSERT_EQ(daemon.get_until("/all.atom", 200, "<entry").status, 200);
        postgres = postgres_pid();
        ASSERT_GT(postgres, 1);
        daemon.kill_9();
    }
    for (const auto end = std::chrono::steady_clock::now() + 15s;
         std::chrono::steady_clock::now() < end && kill(postgres, 0) == 0;)
        std::this_thread::sleep_for(20ms);
    EXPECT_NE(kill(postgres, 0), 0) << "PostgreSQL outlived the daemon";
    DaemonProcess daemon({"--data", folder.string()});
    EXPECT_EQ(daemon.get_until("/all.atom", 200, "<entry").status, 200);
}

TEST_F(Outage, APostgresThatWasStartedAgainLastsUntilAllIsWritten) {
    DaemonProcess daemon({"--data", folder.string()});
    ASSERT_EQ(daemon.get_until("/all.atom", 200, "<entry").status, 200);
    const pid_t killed = postgres_pid();
    kill(killed, SIGKILL);
    // Not by a command, which would start a server of its own.
    const auto is_there_again = [&] {
        const pid_t now = postgres_pid();
        return now > 1 && now != killed && kill(now, 0) == 0 && http_get(daemon.status_port(), "/readyz").status == 200;
    };
    for (const auto end = std::chrono::steady_clock::now() + 30s; !is_there_again() && std::chrono::steady_clock::now() < end;)
        std::this_thread::sleep_for(50ms);
    ASSERT_TRUE(is_there_again()) << daemon.log();
    http_get(daemon.port(), "/all.atom", {"User-Agent: Feedly/1.0 (like FeedFetcher-Google; 5 subscribers)"});
    EXPECT_EQ(daemon.stop(), 0) << daemon.log();
    EXPECT_EQ(daemon.log().find("readers_not_written"), std::string::npos) << daemon.log();
    EXPECT_EQ(psql("SELECT sum(subscribers) FROM feed_subscribers").out, "5\n");
}

TEST_F(Outage, SigtermStopsDaemonAndPostgresCleanly) {
    DaemonProcess daemon({"--data", folder.string()});
    ASSERT_EQ(daemon.get_until("/all.atom", 200, "<entry").status, 200);
    const pid_t postgres = postgres_pid();
    const auto begun = std::chrono::steady_clock::now();
    EXPECT_EQ(daemon.stop(), 0) << daemon.log();
    EXPECT_LT(std::chrono::steady_clock::now() - begun, 10s);
    EXPECT_NE(kill(postgres, 0), 0) << "PostgreSQL outlived the daemon";
}

}  // namespace
}  // namespace gazetted
