#include "daemon/descriptor_limit.hpp"

#include <gtest/gtest.h>

#include <sys/resource.h>

namespace gazetted {
namespace {

Config configured(std::size_t connections_max) {
    Config config;
    config.server.loops = 2;
    config.server.connections_max = connections_max;
    return config;
}

TEST(DescriptorLimit, LeavesTheConfiguredConnectionsWhereThereAreDescriptorsForThem) {
    const auto config = configured(1'000);
    const auto wanted = 1'000 + descriptors_reserved(config);
    EXPECT_EQ(connections_possible(config, wanted), 1'000U);
    EXPECT_FALSE(descriptor_shortage(config, wanted));
    EXPECT_EQ(connections_possible(config, 1'000'000), 1'000U);
}

TEST(DescriptorLimit, TakesAwayConnectionsBeforeTheDatabaseGoesWithout) {
    const auto config = configured(1'000);
    const auto wanted = 1'000 + descriptors_reserved(config);
    EXPECT_EQ(connections_possible(config, wanted - 1), 999U);
    const auto shortage = descriptor_shortage(config, wanted - 1).value();
    EXPECT_NE(shortage.find("so it is 999: raise LimitNOFILE="), std::string::npos) << shortage;
    EXPECT_EQ(connections_possible(config, 3), 1U);
}

TEST(DescriptorLimit, ReservesForEveryLoopListenerWorkerAndTransfer) {
    auto config = configured(1'000);
    const auto before = descriptors_reserved(config);
    config.database.workers += 8;
    EXPECT_GE(descriptors_reserved(config), before + 8);
    config.server.listen.resize(3);
    EXPECT_GE(descriptors_reserved(config), before + 8 + 2 * 2);
    const auto without_more_transfers = descriptors_reserved(config);
    config.polling.transfers_max += 100;
    EXPECT_EQ(descriptors_reserved(config), without_more_transfers + 100);
}

TEST(DescriptorLimit, IsRaisedAsFarAsItGoes) {
    rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
    auto lowered = before;
    lowered.rlim_cur = 512;
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &lowered), 0);
    EXPECT_EQ(raise_descriptor_limit(), before.rlim_max);
    rlimit after{};
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &after), 0);
    EXPECT_EQ(after.rlim_cur, before.rlim_max);
    ::setrlimit(RLIMIT_NOFILE, &before);
}

}  // namespace
}  // namespace gazetted
