#include "daemon/outgoing_address.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <sstream>

namespace gazetted {
namespace {

IpAddress ip(const std::string& text) { return parse_ip_address(text).value(); }
bool is_open(const IpAddress& address, Reach reach, const OutgoingPolicy& policy = {}) {
    return why_not_connect(address, 443, reach, policy).empty();
}

std::size_t each_case(const std::string& name, const std::function<void(const std::string&)>& claim) {
    std::ifstream file(GAZETTED_SOURCE_DIR "/tests/cases/outgoing_address/" + name);
    std::size_t count = 0;
    for (std::string line; std::getline(file, line);) {
        if (line.empty() || line.starts_with('#') || line.starts_with("== ")) continue;
        claim(line);
        ++count;
    }
    return count;
}

TEST(OutgoingAddress, IsOpenOrClosedAsEachCaseSays) {
    const auto count = each_case("addresses.cases", [](const std::string& line) {
        std::istringstream words(line);
        std::string address, to_internet, to_local;
        ASSERT_TRUE(words >> address >> to_internet >> to_local) << line;
        EXPECT_EQ(is_open(ip(address), Reach::internet), to_internet == "open") << line;
        EXPECT_EQ(is_open(ip(address), Reach::local_networks), to_local == "open") << line;
    });
    EXPECT_GE(count, 100U);
}

TEST(OutgoingAddress, IsClosedWithAReasonThatNamesItsRange) {
    EXPECT_EQ(why_not_connect(ip("10.1.2.3"), 80, Reach::internet, {}), "10.1.2.3 is private (10.0.0.0/8)");
    EXPECT_EQ(why_not_connect(ip("::1"), 80, Reach::internet, {}), "::1 is loopback (::1)");
    EXPECT_EQ(why_not_connect(ip("64:ff9b::10.0.0.1"), 80, Reach::internet, {}),
              "64:ff9b::a00:1 is a translation of 10.0.0.1, which is private (10.0.0.0/8)");
    EXPECT_EQ(why_not_connect(ip("4000::"), 80, Reach::internet, {}), "4000:: is reserved (outside 2000::/3)");
}

TEST(OutgoingAddress, IsOpenWhereTheOperatorNamesItsNetworkWhateverItIs) {
    const OutgoingPolicy policy{
        .networks_allowed = {parse_network("169.254.169.254").value(), parse_network("10.1.0.0/16").value()}};
    for (const char* address : {"169.254.169.254", "10.1.0.0", "10.1.255.255"})
        EXPECT_TRUE(is_open(ip(address), Reach::internet, policy)) << address;
    for (const char* address : {"169.254.169.253", "10.0.255.255", "10.2.0.0"})
        EXPECT_FALSE(is_open(ip(address), Reach::internet, policy)) << address;
}

TEST(OutgoingAddress, OfThisMachineIsClosedThoughTheInternetKnowsIt) {
    const OutgoingPolicy policy{.own_addresses = {ip("198.20.0.1")}};
    EXPECT_EQ(why_not_connect(ip("198.20.0.1"), 80, Reach::internet, policy), "198.20.0.1 is of this machine");
    EXPECT_TRUE(is_open(ip("198.20.0.1"), Reach::local_networks, policy));
    EXPECT_TRUE(is_open(ip("198.20.0.2"), Reach::internet, policy));
}

TEST(OutgoingPort, IsOneOfTheWebOrOneThatTheOperatorNames) {
    for (const int port : {80, 443, 1024, 3000, 8080, 8443, 65535})
        EXPECT_EQ(why_not_port(static_cast<std::uint16_t>(port), {}), "") << port;
    for (const int port : {0, 1, 22, 25, 79, 81, 442, 444, 1023, 2049, 3306, 5060, 5432, 6000, 6379, 6667, 10080, 11211, 27017})
        EXPECT_NE(why_not_port(static_cast<std::uint16_t>(port), {}), "") << port;
    EXPECT_EQ(why_not_port(81, {.ports_allowed = {81}}), "");
    EXPECT_EQ(why_not_connect(ip("8.8.8.8"), 22, Reach::local_networks, {}), "port 22 is no port of the web");
}

std::string fetched(const std::string& url) {
    const auto address = parse_web_address(url);
    if (!address) return "refused";
    return address->host + " " + std::to_string(address->port) + " " + address->url;
}

TEST(WebAddress, IsReadInOneWayOrRefused) {
    const auto count = each_case("urls.cases", [](const std::string& line) {
        const auto arrow = line.find(" -> ");
        ASSERT_NE(arrow, std::string::npos) << line;
        auto url = line.substr(0, line.find_last_not_of(' ', arrow) + 1);
        if (const auto blank = url.find("%_"); blank != std::string::npos) url.replace(blank, 2, " ");
        EXPECT_EQ(fetched(url), line.substr(arrow + 4)) << line;
    });
    EXPECT_GE(count, 30U);
}

TEST(WebAddress, HoldsNoControlCharacters) {
    for (const char* url : {"ht\ntp://feeds.example/", "http://feeds.example\t/", "http://feeds.example/\r\nX: y",
                            "http://feeds.example/\x7f", ""})
        EXPECT_EQ(fetched(url), "refused") << url;
    EXPECT_EQ(fetched(std::string("http://feeds.example/\0a", 23)), "refused");
}

TEST(WebAddress, KeepsCredentialsApart) {
    const auto address = parse_web_address("https://me:p%40ss@feeds.example/a").value();
    EXPECT_EQ(address.credentials, "me:p@ss");
    EXPECT_EQ(address.url, "https://feeds.example/a");
    for (const char* url : {"http://me:secret@feeds.example:99999/", "http://me:secret@256.256.256.256/", "http://me:secret@/"})
        EXPECT_EQ(parse_web_address(url).error().message.find("secret"), std::string::npos) << url;
}

TEST(WebAddress, HasSoManyBytesAndNoMore) {
    const std::string start = "http://feeds.example/";
    const auto url_of = [&](std::size_t bytes) { return start + std::string(bytes - start.size(), 'a'); };
    EXPECT_TRUE(parse_web_address(url_of(outgoing_url_bytes_max)));
    EXPECT_EQ(parse_web_address(url_of(outgoing_url_bytes_max + 1)).error().kind, ErrorKind::too_large);
    const auto host_of = [](std::size_t bytes) {
        std::string host;
        while (host.size() + 2 <= bytes) host += "a.";
        return "http://" + host.substr(0, bytes - 1) + "b/";
    };
    EXPECT_TRUE(parse_web_address(host_of(253)));
    EXPECT_FALSE(parse_web_address(host_of(254)));
}

}  // namespace
}  // namespace gazetted
