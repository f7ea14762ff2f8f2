#include "daemon/listen.hpp"

#include "daemon/migrate.hpp"
#include "daemon/private_postgres.hpp"
#include "daemon/store.hpp"
#include "tests/support/test_database.hpp"

#include <gtest/gtest.h>
#include <condition_variable>
#include <csignal>
#include <mutex>

namespace gazetted {
namespace {

using namespace std::chrono_literals;

/// What a Listener said, waited for by tests.
struct Heard {
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<std::map<std::int64_t, std::int64_t>> connected;
    std::vector<std::int64_t> ids;
    std::vector<std::string> lost;

    Listener::Events events() {
        return {.on_connected = [this](const auto& revisions) { note([&] { connected.push_back(revisions); }); },
                .on_changed = [this](const auto& found) { note([&] { ids.insert(ids.end(), found.begin(), found.end()); }); },
                .on_lost = [this](const auto& reason) { note([&] { lost.push_back(reason); }); }};
    }
    void note(auto&& action) {
        const std::lock_guard lock(mutex);
        action();
        changed.notify_all();
    }
    bool wait(auto&& condition) {
        std::unique_lock lock(mutex);
        return changed.wait_for(lock, 15s, condition);
    }
};

constexpr Listener::Times quick{.compare_every = 100ms, .back_off_min = 10ms, .back_off_max = 50ms, .deadline = 2s};

TEST(Listener, TellsTheRevisionsAndThenWhatCommitsChange) {
    const TestDatabase database;
    Store store(database.url());
    const std::vector<CategoryTerm> terms = {{"news", ""}, {"other", ""}};
    store.merge_categories(terms);
    Heard heard;
    const Listener listener(database.url(), heard.events());
    ASSERT_TRUE(heard.wait([&] { return !heard.connected.empty(); }));
    EXPECT_EQ(heard.connected.front(), store.revisions());

    database.run("UPDATE categories SET title = 'News' WHERE slug = 'news'");
    ASSERT_TRUE(heard.wait([&] { return heard.ids.size() >= 2; }));
    const std::int64_t news = std::stoll(database.value("SELECT id FROM categories WHERE slug = 'news'"));
    EXPECT_EQ(heard.ids, (std::vector<std::int64_t>{0, news}));
    EXPECT_TRUE(heard.lost.empty());
}

TEST(Listener, SkipsPayloadsThatAreNoNumbers) {
    const TestDatabase database;
    Heard heard;
    const Listener listener(database.url(), heard.events());
    ASSERT_TRUE(heard.wait([&] { return !heard.connected.empty(); }));
    database.run("NOTIFY gazetted, 'x 7  8x 99999999999999999999 -'; NOTIFY gazetted; NOTIFY gazetted, '9'");
    ASSERT_TRUE(heard.wait([&] { return heard.ids.size() >= 2; }));
    EXPECT_EQ(heard.ids, (std::vector<std::int64_t>{7, 9}));
}

TEST(Listener, ComparesRevisionsNowAndThen) {
    const TestDatabase database;
    Heard heard;
    const Listener listener(database.url(), heard.events(), quick);
    EXPECT_TRUE(heard.wait([&] { return heard.connected.size() >= 3; }));
}

TEST(Listener, ConnectsAgainAfterItsConnectionWasEnded) {
    const TestDatabase database;
    Heard heard;
    const Listener listener(database.url(), heard.events(), quick);
    ASSERT_TRUE(heard.wait([&] { return !heard.connected.empty(); }));
    database.run(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> "
        "pg_backend_pid()");
    ASSERT_TRUE(heard.wait([&] { return !heard.lost.empty(); }));
    std::size_t before = 0;
    heard.note([&] { before = heard.connected.size(); });
    EXPECT_TRUE(heard.wait([&] { return heard.connected.size() > before; }));
    EXPECT_EQ(heard.lost.size(), 1U);
}

TEST(Listener, SaysOnceThatThereIsNoServer) {
    Heard heard;
    const Listener listener("host=/nowhere dbname=x", heard.events(), quick);
    ASSERT_TRUE(heard.wait([&] { return !heard.lost.empty(); }));
    std::this_thread::sleep_for(200ms);
    EXPECT_EQ(heard.lost.size(), 1U);
}

}  // namespace
}  // namespace gazetted
