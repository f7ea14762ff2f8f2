#include "daemon/poller.hpp"

#include "daemon/store.hpp"
#include "tests/support/recording_upstream.hpp"
#include "tests/support/test_database.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <future>
#include <mutex>
#include <thread>
#include <vector>

namespace gazetted {
namespace {

using namespace std::chrono_literals;

/// A Poller on a database of its own.
struct Polling : ::testing::Test {
    void subscribe(const std::string& slug, const std::string& url) {
        EXPECT_TRUE(store.subscribe(store.source(slug, "", ""), url, true, {}));
    }
    static bool comes_to_be(const std::function<bool()>& it) {
        for (const auto end = std::chrono::steady_clock::now() + 60s; std::chrono::steady_clock::now() < end;
             std::this_thread::sleep_for(5ms))
            if (it()) return true;
        return false;
    }

    TestDatabase database;
    Store store{database.url()};
    RecordingUpstream upstream;
    PollingLedger ledger;
};

TEST_F(Polling, HoldsUpNobodyForAHostWithManyFeeds) {
    upstream.answer_all([](const UpstreamRequest& request) {
        if (request.host() == "few.localhost") return UpstreamAnswer{.status = 404};
        return UpstreamAnswer{.status = 404, .body = "slowly", .manner = UpstreamAnswer::Manner::drip, .pause = 100ms};
    });
    for (int i = 0; i < 150; ++i)
        subscribe("many" + std::to_string(i), upstream.url("/" + std::to_string(i), "many.localhost"));
    database.run("UPDATE subscriptions SET next_poll = now() - interval '1 hour'");
    subscribe("few", upstream.url("/feed", "few.localhost"));
    const Poller poller(database.url(), {.user_agent = "Gazetted", .host_spacing = 0ms}, ledger);
    std::size_t asked_before = 0;
    ASSERT_TRUE(comes_to_be([&] {
        const auto requests = upstream.requests();
        asked_before = 0;
        for (const UpstreamRequest& request : requests) {
            if (request.host() == "few.localhost") return true;
            ++asked_before;
        }
        return false;
    }));
    EXPECT_LE(asked_before, 5U);
}

TEST_F(Polling, PausesBetweenTwoRequestsToAHost) {
    std::mutex mutex;
    std::vector<std::chrono::steady_clock::time_point> times;
    upstream.answer_all([&](const UpstreamRequest&) {
        const std::lock_guard lock(mutex);
        times.push_back(std::chrono::steady_clock::now());
        return UpstreamAnswer{.status = 404};
    });
    for (int i = 0; i < 3; ++i) subscribe("s" + std::to_string(i), upstream.url("/" + std::to_string(i)));
    const Poller poller(database.url(), {.user_agent = "Gazetted", .host_spacing = 200ms}, ledger);
    ASSERT_TRUE(comes_to_be([&] { return upstream.request_count() == 3; }));
    const std::lock_guard lock(mutex);
    EXPECT_GE(times[1] - times[0], 200ms);
    EXPECT_GE(times[2] - times[1], 200ms);
}

TEST_F(Polling, GoesOnWhereReadersCannotBeLookedUp) {
    std::promise<void> asked;
    upstream.answer_all([&](const UpstreamRequest&) {
        asked.set_value();
        return UpstreamAnswer{.status = 404};
    });
    subscribe("blog", upstream.url());
    database.run("ALTER TABLE feed_pollers RENAME TO feed_pollers_elsewhere");
    const Poller poller(database.url(), {}, ledger);
    EXPECT_EQ(asked.get_future().wait_for(60s), std::future_status::ready);
}

}  // namespace
}  // namespace gazetted
