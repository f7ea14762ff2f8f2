#include "daemon/host_turns.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace gazetted {
namespace {

/// Who has the turn, with nobody released meanwhile.
std::string all_next(HostTurns<std::string>& turns) {
    std::string all;
    while (turns.has_next()) all += turns.next();
    return all;
}

TEST(HostTurns, GivesAHostOneAtATime) {
    HostTurns<std::string> turns;
    for (const char* waiting : {"1", "2", "3"}) turns.wait("a", waiting);
    EXPECT_EQ(all_next(turns), "1");
    turns.release("a");
    EXPECT_EQ(all_next(turns), "2");
    turns.wait("a", "4");
    EXPECT_EQ(all_next(turns), "");
    EXPECT_TRUE(turns.is_waited_for("a"));
    EXPECT_FALSE(turns.is_waited_for("b"));
}

TEST(HostTurns, LetsHostsWithManyTakeTurnsWithTheRest) {
    HostTurns<std::string> turns;
    for (const char* waiting : {"1", "2", "3"}) turns.wait("a", waiting);
    turns.wait("b", "x");
    turns.wait("c", "y");
    std::string order;
    while (turns.has_next()) {
        order += turns.next();
        turns.release(order.back() == 'x' ? "b" : order.back() == 'y' ? "c" : "a");
    }
    EXPECT_EQ(order, "1xy23");
}

TEST(HostTurns, PutsWhatHasBegunBeforeTheRest) {
    HostTurns<std::string> turns;
    turns.wait("a", "1");
    turns.wait("b", "2");
    turns.wait_first("c", "begun");
    turns.wait_first("a", "begun too ");
    EXPECT_EQ(all_next(turns), "begunbegun too 2");
    turns.release("a");
    EXPECT_EQ(all_next(turns), "1");
}

TEST(HostTurns, HandsOverAllWhoWaitAtTheEnd) {
    HostTurns<std::string> turns;
    for (const char* waiting : {"1", "2", "3"}) turns.wait("a", waiting);
    turns.wait("b", "4");
    EXPECT_EQ(turns.next(), "1");
    auto rest = turns.take_all();
    std::sort(rest.begin(), rest.end());
    EXPECT_EQ(rest, (std::vector<std::string>{"2", "3", "4"}));
    EXPECT_FALSE(turns.has_next());
    turns.release("a");
    EXPECT_FALSE(turns.has_next());
}

}  // namespace
}  // namespace gazetted
