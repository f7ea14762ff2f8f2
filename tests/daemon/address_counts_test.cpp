#include "daemon/address_counts.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <thread>

namespace gazetted {
namespace {

IpAddress ip(const std::string& text) { return parse_ip_address(text).value(); }

TEST(AddressCounts, GiveAnAddressSoManyPlacesAndNoMore) {
    AddressCounts counts(2);
    const auto first = counts.take_place(ip("192.0.2.1"));
    auto second = counts.take_place(ip("192.0.2.1"));
    EXPECT_TRUE(first && second);
    EXPECT_FALSE(counts.take_place(ip("192.0.2.1")));
    EXPECT_TRUE(counts.take_place(ip("192.0.2.2"))) << "another address has its own";
    second = {};
    EXPECT_TRUE(counts.take_place(ip("192.0.2.1")));
}

TEST(AddressCounts, TakeANetworkOf64BitsForOneSubscriber) {
    AddressCounts counts(1);
    const auto place = counts.take_place(ip("2001:db8:1:2::1"));
    EXPECT_FALSE(counts.take_place(ip("2001:db8:1:2:ffff::9")));
    EXPECT_TRUE(counts.take_place(ip("2001:db8:1:3::1")));
}

TEST(AddressCounts, ForgetAddressesThatHaveNoConnection) {
    AddressCounts counts(1);
    for (int i = 0; i < 1'000; ++i) {
        const auto place = counts.take_place(ip("10.0." + std::to_string(i / 250) + "." + std::to_string(i % 250)));
        EXPECT_TRUE(place);
        EXPECT_EQ(counts.addresses(), 1U);
    }
    EXPECT_EQ(counts.addresses(), 0U);
}

TEST(AddressCounts, CountOncePerPlaceHoweverOftenItMoves) {
    AddressCounts counts(1);
    std::optional<AddressCounts::Place> place = counts.take_place(ip("::1"));
    AddressCounts::Place moved = std::move(*place);
    place.reset();
    EXPECT_FALSE(counts.take_place(ip("::1")));
    moved = AddressCounts::Place();
    EXPECT_TRUE(counts.take_place(ip("::1")));
}

TEST(AddressCounts, CountForAllLoopsTogether) {
    constexpr std::size_t limit = 100;
    AddressCounts counts(limit);
    std::vector<std::vector<AddressCounts::Place>> taken(4);
    std::vector<std::thread> loops;
    for (auto& places : taken)
        loops.emplace_back([&] {
            for (int i = 0; i < 1'000; ++i)
                if (auto place = counts.take_place(ip("192.0.2.1"))) places.push_back(std::move(place));
        });
    for (auto& loop : loops) loop.join();
    std::size_t all = 0;
    for (const auto& places : taken) all += places.size();
    EXPECT_EQ(all, limit);
    taken.clear();
    EXPECT_EQ(counts.addresses(), 0U);
}

}  // namespace
}  // namespace gazetted
