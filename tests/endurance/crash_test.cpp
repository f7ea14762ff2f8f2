// Daemon and PostgreSQL are killed again and again, in the middle of whatever they do, and nothing is lost or doubled.

#include "daemon/postgres_cluster.hpp"
#include "tests/endurance/long_form.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/daemon_process.hpp"
#include "tests/support/faithful_readers.hpp"
#include "tests/support/recording_upstream.hpp"
#include "tests/support/sample_text.hpp"
#include "tests/support/steady_writer.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/test_database.hpp"
#include "tests/support/untrue_figures.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <random>
#include <thread>

namespace gazetted {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr int posts = 120;
constexpr int categories = 8;
constexpr int entries_a_round = 3;

std::string upstream_feed(int entries) {
    std::string items;
    for (int n = entries; n > 0; --n) {
        const std::string link = "https://upstream.example/" + std::to_string(n);
        items += "<item><guid>" + link + "</guid><link>" + link + "</link><title>Entry " + std::to_string(n) +
                 "</title><description>" + "Text " + std::to_string(n) + "</description></item>";
    }
    return "<rss version='2.0'><channel><title>Upstream</title><link>https://upstream.example/</link>" + items +
           "</channel></rss>";
}

struct Crashes : ::testing::Test {
    Crashes() { setenv("GAZETTED_SITE_BASE_URL", "https://feeds.example", 1); }
    ~Crashes() override { unsetenv("GAZETTED_SITE_BASE_URL"); }
};

TEST_F(Crashes, OfTheDaemonWhilePollingImportingAndServingLoseAndDoubleNothing) {
    const int rounds = is_long_form() ? 100 : 8;
    const TestDatabase database;
    const TemporaryFolder folder;
    write_sample_site(folder.path() / "site", posts, categories);
    const std::vector<std::string> import = {GAZETTED_BINARY, "import",      "jekyll", (folder.path() / "site").string(),
                                             "--database",    database.url()};
    RecordingUpstream upstream;
    upstream.answer("/feed", {.body = upstream_feed(1)});
    database.run("UPDATE site SET burst_max = 0");
    ASSERT_EQ(run_command({GAZETTED_BINARY, "category", "add", "polled", "--database", database.url()}).exit_status, 0);
    const auto added = run_command({GAZETTED_BINARY, "source", "add", upstream.url(), "--slug", "upstream", "--category",
                                    "polled", "--allow-private", "--database", database.url()});
    ASSERT_EQ(added.exit_status, 0) << added.err;

    const Descriptor socket = kept_socket();
    const std::vector<std::string> arguments = {"--database", database.url()};
    auto daemon = std::make_unique<DaemonProcess>(arguments, socket);
    const std::vector<std::string> targets = {"/all.atom", "/category/polled.rss", "/source/upstream.json", "/all.html"};
    for (const std::string& target : targets) ASSERT_EQ(daemon->get_until(target, 200, "").status, 200) << target;
    FaithfulReaders readers(daemon->port(), targets, 2);

    std::minstd_rand random(1);
    const auto moment = [&](int milliseconds_max) {
        return std::chrono::milliseconds(random() % static_cast<unsigned>(milliseconds_max));
    };
    int entries = 1;
    for (int round = 0; round < rounds; ++round) {
        entries += entries_a_round;
        upstream.answer("/feed", {.body = upstream_feed(entries)});
        database.run("UPDATE subscriptions SET next_poll = now()");
        auto importing = std::make_unique<ChildProcess>(import, folder.path() / "import.log");
        readers.note_death();
        daemon->kill_9();
        daemon = std::make_unique<DaemonProcess>(arguments, socket);
        readers.note_life();
        // Into its poll, or anywhere.
        const auto asked = upstream.request_count();
        for (const auto end = Clock::now() + 1s; round % 4 != 0 && upstream.request_count() == asked && Clock::now() < end;)
            std::this_thread::sleep_for(1ms);
        std::this_thread::sleep_for(moment(40));
        if (round % 2 == 0) kill(importing->pid(), SIGKILL);
    }
    ASSERT_EQ(run_command(import).exit_status, 0);
    database.run("UPDATE subscriptions SET next_poll = now()");
    const std::string polled = "SELECT count(*) FROM articles WHERE url LIKE 'https://upstream.example/%'";
    for (const auto end = Clock::now() + 20s; database.value(polled) != std::to_string(entries) && Clock::now() < end;)
        std::this_thread::sleep_for(20ms);
    readers.stop();

    std::printf("%d deaths, %d entries polled, %llu answers, %llu unanswered as it died\n", rounds, entries,
                static_cast<unsigned long long>(readers.answers()), static_cast<unsigned long long>(readers.unanswered()));
    EXPECT_EQ(readers.failures(), "");
    EXPECT_EQ(database.value(polled), std::to_string(entries));
    EXPECT_EQ(database.value("SELECT count(*) - count(DISTINCT url) FROM articles"), "0");
    EXPECT_EQ(database.value("SELECT count(*) FROM articles"), std::to_string(entries + posts));
    EXPECT_EQ(database.value(
                  "SELECT count(*) FROM article_categories c JOIN categories k ON k.id = c.category_id WHERE slug = 'polled'"),
              std::to_string(entries));
    EXPECT_EQ(untrue_figures(*daemon, database.url(), targets), "");
    EXPECT_EQ(daemon->stop(), 0);
}

TEST_F(Crashes, OfPostgresLoseNothingThatWasAcknowledgedAndFailNoReader) {
    const int rounds = is_long_form() ? 20 : 3;
    const std::string folder = make_private_directory();
    {
        DaemonProcess daemon({"--data", folder});
        const PostgresCluster postgres(folder + "/postgres", folder + "/postgres.log");
        const std::string url = postgres.url("gazetted");
        run_sql(url, "INSERT INTO gazetted.categories (slug) VALUES ('news')");
        const std::vector<std::string> targets = {"/all.atom", "/category/news.rss", "/category/news.json", "/"};
        for (const std::string& target : targets) ASSERT_EQ(daemon.get_until(target, 200, "").status, 200) << target;
        FaithfulReaders readers(daemon.port(), targets, 2);
        SteadyWriter writer(url);
        std::minstd_rand random(2);
        std::chrono::milliseconds longest{0};
        for (int round = 0; round < rounds; ++round) {
            std::this_thread::sleep_for(std::chrono::milliseconds(100 + random() % 400));
            const pid_t pid = postgres.running();
            ASSERT_GT(pid, 1);
            const auto killed = Clock::now();
            kill(pid, SIGKILL);
            ASSERT_TRUE(writer.goes_on_within(30s)) << writer.trouble();
            const std::string title = SteadyWriter::title(writer.acknowledged());
            ASSERT_NE(daemon.get_until("/all.atom", 200, title, 20s).body.find(title), std::string::npos) << daemon.log();
            longest = std::max(longest, std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - killed));
        }
        writer.stop();
        readers.stop();
        std::printf(
            "%d deaths, %llu articles written, %llu answers; at most %lld ms from a death to a feed with a newer article\n",
            rounds, static_cast<unsigned long long>(writer.acknowledged()), static_cast<unsigned long long>(readers.answers()),
            static_cast<long long>(longest.count()));
        EXPECT_EQ(readers.failures(), "");
        EXPECT_EQ(run_sql(url, writer.lost_query()).at(0).at(0), "0");
        EXPECT_EQ(untrue_figures(daemon, url, targets), "");
    }
    std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace gazetted
