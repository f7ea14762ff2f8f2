#include "daemon/host_spacing.hpp"

#include <gtest/gtest.h>

namespace gazetted {
namespace {

using namespace std::chrono_literals;
using Hosts = std::vector<std::string>;

TEST(HostSpacing, HoldsAHostWhileItIsAskedAndForAWhileAfterwards) {
    HostSpacing hosts(100ms);
    const HostSpacing::Clock::time_point start{1h};
    hosts.begin("a");
    hosts.begin("b");
    EXPECT_EQ(hosts.held(start), (Hosts{"a", "b"}));
    EXPECT_EQ(hosts.next_free(), std::nullopt) << "nobody knows how long they take";
    hosts.end("b", start);
    EXPECT_EQ(hosts.held(start + 99ms), (Hosts{"a", "b"}));
    EXPECT_EQ(hosts.next_free(), start + 100ms);
    EXPECT_EQ(hosts.held(start + 100ms), Hosts{"a"});
    hosts.end("a", start + 1h);
    EXPECT_EQ(hosts.next_free(), start + 1h + 100ms) << "what is over is forgotten";
    EXPECT_EQ(hosts.held(start + 2h), Hosts{});
}

}  // namespace
}  // namespace gazetted
