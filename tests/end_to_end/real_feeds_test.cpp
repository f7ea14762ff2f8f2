// Feeds of the world, served here as they came, subscribed to, polled and published again.

#include "tests/support/daemon_process.hpp"
#include "tests/support/recording_upstream.hpp"
#include "tests/support/shared_folder.hpp"
#include "tests/support/test_database.hpp"

#include "feeds/read_feed.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <thread>

namespace gazetted {
namespace {

using namespace std::chrono_literals;

TEST(RealFeeds, PolledTwiceGiveEachArticleOnceAndArePublishedValidly) {
    const auto folder = shared_folder() / "feeds/real/files";
    if (!std::filesystem::exists(folder)) GTEST_SKIP() << folder << " is missing";
    const TestDatabase database;
    RecordingUpstream upstream;
    std::string opml = "<opml version='2.0'><body>";
    std::size_t feeds = 0;
    for (const auto& file : std::filesystem::directory_iterator(folder)) {
        std::ifstream stream(file.path(), std::ios::binary);
        const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
        if (!read_feed(bytes, "", "http://localhost/")) continue;
        const std::string host = "f" + std::to_string(++feeds) + ".localhost";
        // Never 304, and never the same bytes: each poll reads all again.
        upstream.answer(host, "/feed", {{.body = bytes}, {.body = bytes + "\n"}});
        opml += "<outline text='" + host + "' xmlUrl='" + upstream.url("/feed", host) + "'/>";
    }
    ASSERT_GT(feeds, 50U);
    const std::string list = make_private_directory() + "/feeds.opml";
    std::ofstream(list) << opml << "</body></opml>";
    const auto imported =
        run_command({GAZETTED_BINARY, "import", "opml", list, "--allow-private", "--database", database.url()});
    ASSERT_EQ(imported.exit_status, 0) << imported.err;

    const DaemonProcess daemon({"--database", database.url(), "--base-url", "https://feeds.example"});
    const auto await_polls = [&](const std::string& polls) {
        for (const auto end = std::chrono::steady_clock::now() + 120s; std::chrono::steady_clock::now() < end;
             std::this_thread::sleep_for(50ms))
            if (database.value("SELECT count(*) FROM subscriptions WHERE polls < " + polls) == "0") return true;
        return false;
    };
    ASSERT_TRUE(await_polls("1"));
    EXPECT_EQ(
        database.value("SELECT coalesce(string_agg(feed_url || ' ' || error, '; '), '') FROM subscriptions WHERE error <> ''"),
        "");
    const std::string all = "SELECT count(*) || ' ' || md5(string_agg(id || title || content, '' ORDER BY id)) FROM articles";
    const std::string first = database.value(all);
    EXPECT_GT(std::stoi(first), 500);
    database.run("UPDATE subscriptions SET next_poll = now()");
    ASSERT_TRUE(await_polls("2"));
    EXPECT_EQ(database.value(all), first);
    EXPECT_EQ(upstream.request_count(), 2 * feeds);

    std::istringstream slugs(database.value("SELECT string_agg(slug, ' ') FROM sources"));
    for (std::string slug; slugs >> slug;)
        for (const char* format : {".atom", ".rss", ".json"}) {
            const auto answer = daemon.get("/source/" + slug + format);
            ASSERT_EQ(answer.status, 200) << slug << format;
            const auto read = read_feed(answer.body, "", "https://feeds.example/");
            ASSERT_TRUE(read) << slug << format << ": " << read.error().message;
            EXPECT_EQ(read->fault, "") << slug << format;
        }
    EXPECT_EQ(database.value("SELECT count(*) FROM set_aside"), "0");
}

}  // namespace
}  // namespace gazetted
