// A disk that is full, descriptors that are used up, 512 MB of memory: readers are served, and what was missed is caught up
// with.

#include "daemon/postgres_cluster.hpp"
#include "tests/endurance/long_form.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/daemon_process.hpp"
#include "tests/support/faithful_readers.hpp"
#include "tests/support/memory_group.hpp"
#include "tests/support/recording_upstream.hpp"
#include "tests/support/sample_text.hpp"
#include "tests/support/slow_clients.hpp"
#include "tests/support/steady_writer.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/test_database.hpp"
#include "tests/support/untrue_figures.hpp"

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <thread>

namespace gazetted {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

const std::vector<std::string> targets = {"/all.atom", "/category/news.rss", "/category/news.json", "/"};

struct Scarcity : ::testing::Test {
    Scarcity() { setenv("GAZETTED_SITE_BASE_URL", "https://feeds.example", 1); }
    ~Scarcity() override { unsetenv("GAZETTED_SITE_BASE_URL"); }
    TemporaryFolder folder;
};

/// A file system of so many bytes, which no other process sees and which goes with this one.
class SmallDisk {
public:
    SmallDisk(const fs::path& at, const std::string& size) : at_(at) {
        fs::create_directories(at);
        is_mounted_ = unshare(CLONE_NEWNS) == 0 && mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
                      mount("none", at.c_str(), "tmpfs", 0, ("size=" + size).c_str()) == 0;
        if (!is_mounted_) trouble_ = std::strerror(errno);
    }
    ~SmallDisk() {
        if (is_mounted_) umount2(at_.c_str(), MNT_DETACH);
    }
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;
    /// Empty: it is there.
    const std::string& trouble() const { return trouble_; }
    void fill() const {
        std::ofstream ballast(at_ / "ballast", std::ios::binary | std::ios::app);
        const std::string kilobyte(1'024, 'x');
        while (ballast.write(kilobyte.data(), 1'024).flush()) {
        }
    }
    void make_room() const { fs::remove(at_ / "ballast"); }

private:
    const fs::path at_;
    bool is_mounted_ = false;
    std::string trouble_;
};

TEST_F(Scarcity, OfRoomInTheDataDirectoryFailsNoReaderAndLosesNothingThatWasAcknowledged) {
    const SmallDisk disk(folder.path() / "disk", "300m");
    if (!disk.trouble().empty()) GTEST_SKIP() << "no mount namespace of our own: " << disk.trouble();
    const auto data = folder.path() / "disk" / "data";
    DaemonProcess daemon({"--data", data.string()});
    const PostgresCluster postgres(data / "postgres", data / "postgres.log");
    const std::string url = postgres.url("gazetted");
    run_sql(url, "INSERT INTO gazetted.categories (slug) VALUES ('news')");
    for (const std::string& target : targets) ASSERT_EQ(daemon.get_until(target, 200, "").status, 200) << target;
    FaithfulReaders readers(daemon.port(), targets, 2);
    SteadyWriter writer(url);
    const int rounds = is_long_form() ? 5 : 1;
    for (int round = 0; round < rounds; ++round) {
        ASSERT_TRUE(writer.goes_on_within(30s)) << writer.trouble();
        disk.fill();
        // The log of transactions wants another file, which finds no room: the server falls, and cannot rise.
        const pid_t server = postgres.running();
        for (const auto end = Clock::now() + 30s; postgres.running() == server && Clock::now() < end;) {
            try {
                run_sql(url, "SELECT pg_current_xact_id(); COMMIT; SELECT pg_switch_wal()");
            } catch (const std::runtime_error&) {
            }
        }
        EXPECT_NE(postgres.running(), server) << "the disk is not full";
        std::this_thread::sleep_for(is_long_form() ? 10s : 3s);
        EXPECT_EQ(http_get(daemon.status_port(), "/healthz").status, 200);
        disk.make_room();
        ASSERT_TRUE(writer.goes_on_within(60s)) << writer.trouble() << daemon.log();
    }
    writer.stop();
    const std::string title = SteadyWriter::title(writer.acknowledged());
    EXPECT_NE(daemon.get_until("/category/news.rss", 200, title, 30s).body.find(title), std::string::npos) << daemon.log();
    readers.stop();
    std::printf("%llu articles, %llu answers\n", static_cast<unsigned long long>(writer.acknowledged()),
                static_cast<unsigned long long>(readers.answers()));
    EXPECT_EQ(readers.failures(), "");
    EXPECT_EQ(run_sql(url, writer.lost_query()).at(0).at(0), "0");
    EXPECT_EQ(untrue_figures(daemon, url, targets), "");
}

TEST_F(Scarcity, OfDescriptorsFailsNoReaderAndNoPollAndRendersOn) {
    constexpr int descriptors = 256, sources = 80;
    const TestDatabase database;
    RecordingUpstream upstream;
    database.run("INSERT INTO categories (slug) VALUES ('news'); UPDATE site SET burst_max = 0");
    for (int n = 0; n < sources; ++n) {
        const std::string name = std::to_string(n);
        upstream.answer("h" + name + ".localhost", "/feed",
                        {{.body = "<rss version='2.0'><channel><title>" + name + "</title><item><guid>urn:polled:" + name +
                                  "</guid><title>Polled " + name + "</title></item></channel></rss>",
                          .manner = UpstreamAnswer::Manner::drip,
                          .pause = 10ms}});
        database.run("WITH s AS (INSERT INTO sources (slug) VALUES ('s" + name +
                     "') RETURNING id) INSERT INTO subscriptions (source_id, "
                     "feed_url, allow_private, next_poll) SELECT id, '" +
                     upstream.url("/feed", "h" + name + ".localhost") + "', true, now() FROM s");
    }
    DaemonProcess daemon({"--database", database.url()}, {"prlimit", "--nofile=" + std::to_string(descriptors)});
    for (const std::string& target : targets) ASSERT_EQ(daemon.get_until(target, 200, "").status, 200) << target;
    // Those who find no room come again each second: fewer than have room, so that nobody is pushed out before he has asked.
    const SlowClients crowd(daemon.port(), "/all.atom", Habit::idle, descriptors);
    FaithfulReaders readers(daemon.port(), targets, 2);
    SteadyWriter writer(database.url());
    for (int round = 0; round < (is_long_form() ? 20 : 3); ++round) {
        // Its connections are lost, and others wanted.
        database.run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> "
            "pg_backend_pid() "
            "AND application_name LIKE 'gazetted%'");
        ASSERT_TRUE(writer.goes_on_within(10s)) << writer.trouble();
        const std::string title = SteadyWriter::title(writer.acknowledged());
        ASSERT_NE(daemon.get_until("/category/news.rss", 200, title, 20s).body.find(title), std::string::npos) << daemon.log();
    }
    const std::string polled = "SELECT count(*) FROM articles WHERE title LIKE 'Polled %'";
    for (const auto end = Clock::now() + 30s; database.value(polled) != std::to_string(sources) && Clock::now() < end;)
        std::this_thread::sleep_for(20ms);
    writer.stop();
    readers.stop();
    EXPECT_EQ(readers.failures(), "");
    EXPECT_EQ(database.value(polled), std::to_string(sources)) << daemon.log();
    EXPECT_EQ(database.value("SELECT count(*) FROM subscriptions WHERE failures > 0"), "0") << daemon.log();
    EXPECT_GT(crowd.closed(), 0U);
    EXPECT_EQ(database.value(writer.lost_query()), "0");
    EXPECT_EQ(untrue_figures(daemon, database.url(), targets), "");
}

// A control group and no RLIMIT_AS: addresses that threads reserve and never use are no memory, and the limit is to hold for
// the daemon and its private PostgreSQL together, as on a small machine.
TEST_F(Scarcity, OfMemoryLeavesRoomForDaemonAndPostgres) {
    const MemoryGroup group(512);
    if (!group.trouble().empty()) GTEST_SKIP() << "no control group of our own: " << group.trouble();
    const std::uint64_t posts = is_long_form() ? 20'000 : 500, categories = is_long_form() ? 500 : 30;
    write_sample_site(folder.path() / "site", posts, categories);
    const auto data = (folder.path() / "data").string();
    DaemonProcess daemon({"--data", data}, group.launcher());
    const PostgresCluster postgres(data + "/postgres", data + "/postgres.log");
    const std::string url = postgres.url("gazetted");
    run_sql(url, "INSERT INTO gazetted.categories (slug) VALUES ('news')");
    for (const std::string& target : targets) ASSERT_EQ(daemon.get_until(target, 200, "").status, 200) << target;
    FaithfulReaders readers(daemon.port(), targets, 2);
    auto import = group.launcher();
    import.insert(import.end(), {GAZETTED_BINARY, "import", "jekyll", (folder.path() / "site").string(), "--data", data});
    const auto imported = run_command(import);
    EXPECT_EQ(imported.exit_status, 0) << imported.err;
    // Each feed in each format, until the cache is as full as it gets.
    std::uint64_t feeds = 0;
    for (const auto& row :
         run_sql(url, "SELECT feed FROM (SELECT DISTINCT '/category/' || slug AS feed FROM gazetted.categories) AS f"))
        for (const char* format : {".atom", ".rss", ".json", ".html"}) {
            std::string path;
            for (const char c : row.at(0)) path += c == ' ' ? "%20" : std::string(1, c);
            const auto answer = daemon.get(path + format);
            EXPECT_EQ(answer.status, 200) << path << format;
            ++feeds;
        }
    readers.stop();
    std::printf("%llu articles, %llu feeds, cache %.0f MB, daemon %.0f MB, group at most %.0f MB, killed %d\n",
                static_cast<unsigned long long>(posts), static_cast<unsigned long long>(feeds),
                metric(daemon, "gazetted_cache_bytes") / 1e6, resident_mb(daemon.pid()), group.peak_mb(), group.killed());
    EXPECT_EQ(readers.failures(), "");
    EXPECT_EQ(group.killed(), 0);
    EXPECT_EQ(run_sql(url, "SELECT count(*) FROM gazetted.articles").at(0).at(0), std::to_string(posts));
    EXPECT_EQ(untrue_figures(daemon, url, targets), "");
}

}  // namespace
}  // namespace gazetted
