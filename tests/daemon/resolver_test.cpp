#include "daemon/resolver.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>
#include <mutex>

namespace gazetted {
namespace {

using Addresses = Result<std::vector<IpAddress>>;

std::string to_text(const Addresses& addresses) {
    std::string text;
    if (!addresses) return addresses.error().message;
    for (const auto& address : *addresses) text += to_string(address) + " ";
    return text;
}

TEST(NameLookup, FindsLoopbackAtLocalhostAndBelowWithoutAsking) {
    for (const char* name : {"localhost", "localhost.", "feeds.localhost", "a.b.localhost."})
        EXPECT_EQ(to_text(look_up_name(name)), "127.0.0.1 ::1 ") << name;
}

TEST(NameLookup, SaysWhyThereIsNoAddress) {
    EXPECT_FALSE(look_up_name("no name at all.invalid"));
    EXPECT_FALSE(look_up_name(""));
}

TEST(Resolver, LooksUpOnSoManyThreadsAndNoMore) {
    std::atomic<int> at_once = 0, most = 0, left = 20;
    std::promise<void> all, three_are_busy;
    const auto go = three_are_busy.get_future().share();
    const auto look_up = [&, go](const std::string&) {
        const int now = ++at_once;
        for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {
        }
        static std::once_flag once;
        if (now == 3) std::call_once(once, [&] { three_are_busy.set_value(); });
        go.wait();
        --at_once;
        return Addresses(std::vector{parse_ip_address("192.0.2.1").value()});
    };
    Resolver resolver(look_up, 3);
    for (int i = 0; i < 20; ++i) {
        resolver.resolve("feeds.example", [&](const Addresses& addresses) {
            EXPECT_EQ(to_text(addresses), "192.0.2.1 ");
            if (--left == 0) all.set_value();
        });
    }
    all.get_future().get();
    EXPECT_EQ(most, 3);
}

TEST(Resolver, EndsWithoutWaitingForALookupThatHangs) {
    struct Shared {
        std::promise<void> begun, end;
    };
    const auto shared = std::make_shared<Shared>();
    {
        Resolver resolver(
            [shared](const std::string&) {
                shared->begun.set_value();
                shared->end.get_future().wait();
                return Addresses(Error{.message = "nobody knows it"});
            },
            1);
        for (int i = 0; i < 2; ++i)
            resolver.resolve("slow.example", [](const Addresses&) { ADD_FAILURE() << "nobody asks any more"; });
        shared->begun.get_future().wait();
    }
    shared->end.set_value();
}

}  // namespace
}  // namespace gazetted
