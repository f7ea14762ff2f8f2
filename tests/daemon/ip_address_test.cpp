#include "daemon/ip_address.hpp"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace gazetted {
namespace {

IpAddress ip(const char* text) { return parse_ip_address(text).value(); }
Network network(const char* text) { return parse_network(text).value(); }

std::string refusal_of(std::string_view text) {
    const auto parsed = parse_network(text);
    return parsed ? "no error" : parsed.error().message;
}

TEST(IpAddress, IsWrittenInItsShortestForm) {
    EXPECT_EQ(to_string(ip("192.0.2.1")), "192.0.2.1");
    EXPECT_EQ(to_string(ip("2001:DB8:0:0:0:0:0:1")), "2001:db8::1");
    EXPECT_EQ(to_string(ip("::")), "::");
}

TEST(IpAddress, IsOneWhicheverWayASocketShowsIt) {
    EXPECT_EQ(ip("::ffff:192.0.2.1"), ip("192.0.2.1"));
    EXPECT_TRUE(ip("::ffff:192.0.2.1").is_v4());
    EXPECT_FALSE(ip("::192.0.2.1").is_v4());
    EXPECT_EQ(to_string(ip("::ffff:c000:201")), "192.0.2.1");
}

TEST(IpAddress, IsTakenFromASocketsNameOfEitherFamily) {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_addr.s_addr = htonl(0xc0000201);
    EXPECT_EQ(ip_address_of(reinterpret_cast<const sockaddr&>(v4)), ip("192.0.2.1"));
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_addr = in6addr_loopback;
    EXPECT_EQ(ip_address_of(reinterpret_cast<const sockaddr&>(v6)), ip("::1"));
    sockaddr other{};
    other.sa_family = AF_UNIX;
    EXPECT_EQ(ip_address_of(other), std::nullopt);
}

TEST(IpAddress, RefusesWhatOnlyLooksLikeOne) {
    for (const char* text : {"", " 192.0.2.1", "192.0.2", "192.0.2.256", "192.0.2.01x", "0x7f000001", "2130706433", "[::1]",
                             "::1%lo", "1:2:3:4:5:6:7:8:9", ":::", "localhost", "192.0.2.1:80"})
        EXPECT_FALSE(parse_ip_address(text)) << text;
    EXPECT_FALSE(parse_ip_address(std::string_view("127.0.0.1\0", 10)));
    EXPECT_FALSE(parse_ip_address(std::string(1'000, '1')));
}

TEST(IpAddress, KnowsItsOwnMachine) {
    for (const char* text : {"127.0.0.1", "127.255.255.255", "::1", "::ffff:127.0.0.1"})
        EXPECT_TRUE(ip(text).is_loopback()) << text;
    for (const char* text : {"128.0.0.1", "::2", "::7f00:1", "0.0.0.0"}) EXPECT_FALSE(ip(text).is_loopback()) << text;
}

TEST(Network, HoldsItsAddressesFromTheFirstToTheLast) {
    EXPECT_TRUE(network("10.0.0.0/8").contains(ip("10.0.0.0")));
    EXPECT_TRUE(network("10.0.0.0/8").contains(ip("::ffff:10.255.255.255")));
    EXPECT_FALSE(network("10.0.0.0/8").contains(ip("11.0.0.0")));
    EXPECT_FALSE(network("10.0.0.0/8").contains(ip("9.255.255.255")));
    EXPECT_TRUE(network("192.0.2.128/25").contains(ip("192.0.2.128")));
    EXPECT_FALSE(network("192.0.2.128/25").contains(ip("192.0.2.127")));
    EXPECT_TRUE(network("2001:db8::/33").contains(ip("2001:db8:7fff:ffff::1")));
    EXPECT_FALSE(network("2001:db8::/33").contains(ip("2001:db8:8000::")));
}

TEST(Network, OfOneFamilyHoldsNoAddressOfTheOther) {
    EXPECT_FALSE(network("0.0.0.0/0").contains(ip("::1")));
    EXPECT_FALSE(network("2000::/3").contains(ip("32.0.0.1")));
    EXPECT_TRUE(network("0.0.0.0/0").contains(ip("255.255.255.255")));
    EXPECT_TRUE(network("::/0").contains(ip("192.0.2.1"))) << "every address, as it is written";
}

TEST(Network, OfOneAddressHoldsThatOne) {
    EXPECT_TRUE(network("::1").contains(ip("::1")));
    EXPECT_FALSE(network("::1").contains(ip("::2")));
    EXPECT_EQ(network("192.0.2.1"), network("192.0.2.1/32"));
    EXPECT_EQ(network("::ffff:10.0.0.0/104"), network("10.0.0.0/8"));
}

TEST(Network, IsWrittenAsItIsRead) {
    for (const char* text : {"10.0.0.0/8", "192.0.2.1", "2001:db8::/32", "::1", "0.0.0.0/0", "::/0"})
        EXPECT_EQ(to_string(network(text)), text);
}

TEST(Network, RefusesPrefixesBeyondTheAddress) {
    EXPECT_EQ(refusal_of("10.0.0.0/32"), "no error");
    EXPECT_EQ(refusal_of("10.0.0.0/33"), "\"10.0.0.0/33\" wants a prefix from 0 to 32");
    EXPECT_EQ(refusal_of("2001:db8::/128"), "no error");
    EXPECT_EQ(refusal_of("2001:db8::/129"), "\"2001:db8::/129\" wants a prefix from 0 to 128");
    for (const char* text : {"10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8/8", "10.0.0.0/ 8", "10.0.0.0/08"})
        EXPECT_NE(refusal_of(text), "no error") << text;
}

TEST(Network, AsksWhatWasMeantWhereBitsAreSetBeyondThePrefix) {
    EXPECT_EQ(refusal_of("10.1.2.3/8"), "\"10.1.2.3/8\" has bits set beyond its prefix, did you mean 10.0.0.0/8 or 10.1.2.3?");
    EXPECT_EQ(refusal_of("nginx"), "\"nginx\" is no address or network, such as 127.0.0.1 or 10.0.0.0/8");
}

TEST(Subscriber, OfIpv6IsTheFirst64Bits) {
    EXPECT_EQ(subscriber_of(ip("2001:db8:1:2:3:4:5:6")), ip("2001:db8:1:2::"));
    EXPECT_NE(subscriber_of(ip("2001:db8:1:2::1")), subscriber_of(ip("2001:db8:1:3::1")));
    EXPECT_EQ(subscriber_of(ip("192.0.2.1")), ip("192.0.2.1"));
}

}  // namespace
}  // namespace gazetted
