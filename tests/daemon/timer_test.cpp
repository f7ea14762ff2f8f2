#include "daemon/timer.hpp"

#include "daemon/task.hpp"

#include <gtest/gtest.h>

namespace gazetted {
namespace {

using std::chrono_literals::operator""ms;

Task count_expiries(Timer& timer, int& expiries) {
    for (;;) {
        co_await timer.expired();
        timer.stop();
        ++expiries;
    }
}

TEST(Timer, WakesWhoWaitsOnceAndNotBeforeItsTime) {
    Readiness readiness;
    Timer timer(readiness);
    int expiries = 0;
    count_expiries(timer, expiries);
    EXPECT_FALSE(readiness.wait(0ms));
    const auto begun = std::chrono::steady_clock::now();
    timer.expire_after(20ms);
    EXPECT_GE(timer.expiry(), begun + 20ms);
    EXPECT_TRUE(readiness.wait(-1ms));
    EXPECT_GE(std::chrono::steady_clock::now(), timer.expiry());
    readiness.resume_ready();
    EXPECT_EQ(expiries, 1);
    EXPECT_FALSE(readiness.wait(0ms));
    timer.abandon();
}

TEST(Timer, ForgetsWhatItWasSetToBefore) {
    Readiness readiness;
    Timer timer(readiness);
    int expiries = 0;
    count_expiries(timer, expiries);
    timer.expire_after(1ms);
    timer.expire_after(std::chrono::hours(1));
    EXPECT_FALSE(readiness.wait(20ms));
    timer.expire_after(1ms);
    EXPECT_TRUE(readiness.wait(-1ms));
    timer.stop();
    EXPECT_FALSE(readiness.wait(20ms));
    timer.abandon();
    EXPECT_EQ(expiries, 0);
}

}  // namespace
}  // namespace gazetted
