#include "daemon/readiness.hpp"

#include "daemon/task.hpp"

#include <gtest/gtest.h>

#include <sys/socket.h>

#include <array>
#include <chrono>
#include <memory>
#include <stdexcept>

namespace gazetted {
namespace {

struct Pair {
    Pair() {
        std::array<int, 2> ends{};
        EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()), 0);
        ours = Descriptor(ends[0]);
        theirs = Descriptor(ends[1]);
    }
    void arrive() const { EXPECT_EQ(::send(theirs.number(), "x", 1, MSG_NOSIGNAL), 1); }
    void take() const {
        char byte;
        EXPECT_EQ(::recv(ours.number(), &byte, 1, 0), 1);
    }
    Descriptor ours, theirs;
};

using std::chrono_literals::operator""ms;

// Whether anything was ready.
bool resume_ready(Readiness& readiness) {
    const bool is_anything_ready = readiness.wait(0ms);
    readiness.resume_ready();
    return is_anything_ready;
}

Task count_wake_ups(Watch& watch, int& wake_ups) {
    for (;;) {
        co_await watch.readable();
        ++wake_ups;
    }
}

Task wait_once(Watch& watch, bool writing, int& wake_ups) {
    if (writing)
        co_await watch.writable();
    else
        co_await watch.woken();
    ++wake_ups;
}

Task keep(Watch& watch, std::shared_ptr<int> kept) {
    co_await watch.woken();
    ++*kept;
}

Task fail(Watch& watch) {
    co_await watch.woken();
    throw std::runtime_error("nobody is there to see it");
}

TEST(Readiness, ResumesWhoWaitsForWhatArrivesForAsLongAsItIsThere) {
    Readiness readiness;
    const Pair pair;
    Watch watch(readiness, pair.ours.number());
    int wake_ups = 0;
    count_wake_ups(watch, wake_ups);
    resume_ready(readiness);
    EXPECT_EQ(wake_ups, 0);
    pair.arrive();
    EXPECT_TRUE(readiness.wait(-1ms));
    readiness.resume_ready();
    EXPECT_TRUE(resume_ready(readiness));
    EXPECT_EQ(wake_ups, 2);
    pair.take();
    resume_ready(readiness);
    EXPECT_EQ(wake_ups, 2);
    watch.abandon();
}

TEST(Readiness, IsNotKeptAwakeByWhatNobodyWaitsFor) {
    Readiness readiness;
    Pair pair;
    Watch watch(readiness, pair.ours.number());
    int wake_ups = 0;
    wait_once(watch, true, wake_ups);
    resume_ready(readiness);
    EXPECT_EQ(wake_ups, 1);
    pair.theirs.close();  // a hang-up is reported whatever one is registered for
    resume_ready(readiness);
    EXPECT_FALSE(readiness.wait(0ms));
    count_wake_ups(watch, wake_ups);
    resume_ready(readiness);
    EXPECT_EQ(wake_ups, 2);
    watch.abandon();
}

TEST(Readiness, ResumesMoreThanOneBatchTurnByTurn) {
    Readiness readiness;
    int wake_ups = 0;
    constexpr std::size_t many = Readiness::batch + 1;
    std::vector<std::unique_ptr<Pair>> pairs;
    std::vector<std::unique_ptr<Watch>> watches;
    for (std::size_t i = 0; i < many; ++i) {
        pairs.push_back(std::make_unique<Pair>());
        watches.push_back(std::make_unique<Watch>(readiness, pairs.back()->ours.number()));
        wait_once(*watches.back(), true, wake_ups);
    }
    resume_ready(readiness);
    EXPECT_EQ(wake_ups, Readiness::batch);
    for (int round = 0; round < 3; ++round) resume_ready(readiness);
    EXPECT_EQ(wake_ups, static_cast<int>(many));
}

Task end_the_other(Watch& watch, std::unique_ptr<Watch>& other, std::unique_ptr<Pair>& others_pair) {
    co_await watch.readable();
    if (other) {
        other->abandon();
        other.reset();
        others_pair.reset();
    }
}

TEST(Readiness, ForgetsInTheMiddleOfABatchWhatHasEnded) {
    Readiness readiness;
    std::array<std::unique_ptr<Pair>, 2> pairs = {std::make_unique<Pair>(), std::make_unique<Pair>()};
    std::array<std::unique_ptr<Watch>, 2> watches;
    for (std::size_t i : {0, 1}) watches[i] = std::make_unique<Watch>(readiness, pairs[i]->ours.number());
    for (std::size_t i : {0, 1}) end_the_other(*watches[i], watches[1 - i], pairs[1 - i]);
    for (std::size_t i : {0, 1}) pairs[i]->arrive();
    resume_ready(readiness);
    EXPECT_EQ((watches[0] ? 1 : 0) + (watches[1] ? 1 : 0), 1);
}

TEST(Watch, IsWokenWhetherAnythingIsReadyOrNot) {
    Readiness readiness;
    const Pair pair;
    Watch watch(readiness, pair.ours.number());
    int wake_ups = 0;
    watch.wake();
    count_wake_ups(watch, wake_ups);
    watch.wake();
    EXPECT_EQ(wake_ups, 1);
    watch.abandon();
    wait_once(watch, false, wake_ups);
    pair.arrive();
    resume_ready(readiness);
    EXPECT_EQ(wake_ups, 1);
    watch.wake();
    EXPECT_EQ(wake_ups, 2);
}

TEST(Watch, DestroysTheFrameOfWhoWaitsThere) {
    Readiness readiness;
    const Pair pair;
    Watch watch(readiness, pair.ours.number());
    auto kept = std::make_shared<int>(0);
    const std::weak_ptr<int> seen = kept;
    keep(watch, std::move(kept));
    EXPECT_FALSE(seen.expired());
    watch.abandon();
    EXPECT_TRUE(seen.expired());
}

TEST(Task, EndsWithAnExceptionThatLeavesIt) {
    Readiness readiness;
    const Pair pair;
    Watch watch(readiness, pair.ours.number());
    fail(watch);
    watch.wake();
    watch.wake();
    watch.abandon();
}

}  // namespace
}  // namespace gazetted
