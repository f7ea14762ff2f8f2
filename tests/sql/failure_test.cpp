#include "daemon/listen.hpp"
#include "daemon/migrate.hpp"
#include "daemon/private_postgres.hpp"
#include "daemon/store.hpp"
#include "tests/support/test_database.hpp"

#include <gtest/gtest.h>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <future>
#include <thread>

namespace gazetted {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

/// A server of its own, to be stopped and killed.
struct Failure : testing::Test {
    Failure() { migrate(server->database_url()); }
    ~Failure() override {
        signal_all(SIGCONT);
        server.reset();
        fs::remove_all(directory);
    }

    /// The postmaster and its backends.
    void signal_all(int number) const {
        pid_t postmaster = 0;
        std::ifstream(directory / "postgres" / "postmaster.pid") >> postmaster;
        if (postmaster == 0) return;
        const std::string task = "/proc/" + std::to_string(postmaster) + "/task/" + std::to_string(postmaster) + "/children";
        std::ifstream children(task);
        for (pid_t child = 0; children >> child;) kill(child, number);
        kill(postmaster, number);
    }

    fs::path directory = make_private_directory();
    std::unique_ptr<PrivatePostgres> server = std::make_unique<PrivatePostgres>(directory);
};

TEST_F(Failure, OfAServerThatHangsIsNoticedAtTheDeadline) {
    Store store(server->database_url(), 500ms);
    EXPECT_NO_THROW(store.revisions());
    signal_all(SIGSTOP);
    const auto began = std::chrono::steady_clock::now();
    EXPECT_THROW(store.revisions(), StoreUnavailable);
    const auto took = std::chrono::steady_clock::now() - began;
    EXPECT_GE(took, 500ms);
    EXPECT_LT(took, 2s);
    // A broken Store stays broken: it never connects again by itself.
    EXPECT_THROW(store.revisions(), StoreUnavailable);
    EXPECT_THROW(Store(server->database_url(), 500ms), StoreUnavailable);
    signal_all(SIGCONT);
    EXPECT_THROW(store.revisions(), StoreUnavailable);
    EXPECT_NO_THROW(Store(server->database_url(), 5s).revisions());
}

TEST_F(Failure, OfAServerThatHangsHoldsUpAPollNoLongerThanAReader) {
    Store store(server->database_url(), 500ms);
    signal_all(SIGSTOP);
    const auto began = std::chrono::steady_clock::now();
    EXPECT_THROW(store.claim_subscriptions(1, "00000000-0000-4000-8000-000000000000", {}), StoreUnavailable);
    EXPECT_LT(std::chrono::steady_clock::now() - began, 2s);
}

TEST_F(Failure, OfAKilledServerIsUnavailableAndThenOver) {
    Store store(server->database_url());
    signal_all(SIGKILL);
    EXPECT_THROW(store.revisions(), StoreUnavailable);
    EXPECT_THROW(store.merge_categories(std::vector<CategoryTerm>{{"a", ""}}), StoreUnavailable);
    std::this_thread::sleep_for(10ms);
    server->keep_running();
    EXPECT_NO_THROW(Store(server->database_url()).revisions());
}

TEST_F(Failure, OfALockedTableIsNoticedByTheServerItself) {
    Store store(server->database_url(), 300ms);
    store.merge_categories(std::vector<CategoryTerm>{{"a", ""}});
    const auto locker = std::async(std::launch::async,
                                   [&] { run_sql(server->database_url(), "LOCK gazetted.categories; SELECT pg_sleep(1)"); });
    while (run_sql(server->database_url(), "SELECT FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND granted").empty()) {
    }
    EXPECT_THROW(store.newest({"a"}, 50), StoreBusy);
    locker.wait();
    // The statement was given up, not the connection.
    EXPECT_TRUE(store.newest({"a"}, 50));
}

TEST_F(Failure, OfAListenedServerHealsByItself) {
    std::mutex mutex;
    std::condition_variable changed;
    int connected = 0;
    int lost = 0;
    const auto count = [&](int& events) {
        const std::lock_guard lock(mutex);
        ++events;
        changed.notify_all();
    };
    Listener::Events events{.on_connected = [&](const auto&) { count(connected); },
                            .on_changed = [](const auto&) {},
                            .on_lost = [&](const auto&) { count(lost); }};
    const Listener listener(server->database_url(), std::move(events),
                            {.compare_every = 100ms, .back_off_min = 10ms, .back_off_max = 50ms, .deadline = 300ms});
    std::unique_lock lock(mutex);
    ASSERT_TRUE(changed.wait_for(lock, 10s, [&] { return connected > 0; }));
    signal_all(SIGSTOP);
    ASSERT_TRUE(changed.wait_for(lock, 10s, [&] { return lost > 0; }));
    signal_all(SIGCONT);
    const int before = connected;
    EXPECT_TRUE(changed.wait_for(lock, 10s, [&] { return connected > before; }));
}

}  // namespace
}  // namespace gazetted
