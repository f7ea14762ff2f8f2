#include "daemon/request_id.hpp"

#include "daemon/log.hpp"
#include "tests/support/fake_site.hpp"

#include <gtest/gtest.h>

#include <set>

namespace gazetted {
namespace {

TEST(RequestId, IsTakenWhereItIsWellFormed) {
    for (const std::string_view given : {"a", "7f8e2c1a-0b3d-4c5e-9f60-718293a4b5c6", "Root=1-67891233:abc/d+e=@~._"})
        EXPECT_EQ(RequestId(given).text(), given);
    EXPECT_EQ(RequestId(std::string(RequestId::bytes_max, 'a')).text(), std::string(RequestId::bytes_max, 'a'));
}

TEST(RequestId, IsNoneWhereItCouldBeMoreThanAName) {
    EXPECT_TRUE(RequestId(std::string(RequestId::bytes_max + 1, 'a')).empty());
    for (int byte = 0; byte < 256; ++byte) {
        const auto c = static_cast<char>(byte);
        const bool is_allowed = std::isalnum(byte) != 0 || std::string_view("-._~+/=:@").find(c) != std::string_view::npos;
        EXPECT_EQ(RequestId(std::string("a") + c).empty(), !is_allowed) << byte;
    }
    EXPECT_TRUE(RequestId("").empty());
}

TEST(RequestId, IsAnotherForEachRequest) {
    RequestIds ours(7), theirs(8);
    std::set<std::string> seen;
    for (int i = 0; i < 10'000; ++i) {
        seen.emplace(ours.next().text());
        seen.emplace(theirs.next().text());
    }
    EXPECT_EQ(seen.size(), 20'000U);
    for (const auto& id : seen) EXPECT_EQ(id.find_first_not_of("0123456789abcdef"), std::string::npos);
    EXPECT_EQ(seen.begin()->size(), 16U);
}

// ---- over a connection

std::string id_in(const std::string& response) {
    const auto at = response.find("\r\nX-Request-Id: ");
    return at == std::string::npos ? "" : response.substr(at + 16, response.find("\r\n", at + 2) - at - 16);
}

ServerConfig trusting() {
    ServerConfig config;
    config.trusted_proxies.networks.push_back(parse_network("127.0.0.1").value());
    return config;
}

TEST(RequestIdOfAnAnswer, IsThereWhereSomethingWentWrong) {
    RunningServer running;
    const auto missing = id_in(fetch(running.port(), "/nothing"));
    EXPECT_EQ(missing.size(), 16U);
    EXPECT_NE(id_in(fetch(running.port(), "/nothing")), missing);
    EXPECT_EQ(id_in(fetch(running.port(), "/", "", "BREW")).size(), 16U);
    EXPECT_EQ(id_in(fetch(running.port(), "no path")).size(), 16U) << "what was no request";
}

TEST(RequestIdOfAnAnswer, IsThereWhereItWasRenderedForTheRequestAndNotWhereItWasAtHand) {
    RunningServer running;
    EXPECT_EQ(id_in(fetch(running.port(), "/category/news.atom")).size(), 16U);
    EXPECT_EQ(id_in(fetch(running.port(), "/category/news.atom")), "");
}

TEST(RequestIdOfAnAnswer, IsTheOneThatATrustedProxyGave) {
    RunningServer running(trusting());
    fetch(running.port(), "/category/news.atom");
    EXPECT_EQ(id_in(fetch(running.port(), "/category/news.atom", "X-Request-ID: from-the-proxy\r\n")), "from-the-proxy");
    EXPECT_EQ(id_in(fetch(running.port(), "/nothing", "x-request-id: from-the-proxy\r\n")), "from-the-proxy");
    const auto refused = id_in(fetch(running.port(), "/nothing", "X-Request-Id: two words\r\n"));
    EXPECT_EQ(refused.size(), 16U);
    const auto twice = id_in(fetch(running.port(), "/nothing", "X-Request-Id: a\r\nX-Request-Id: b\r\n"));
    EXPECT_EQ(twice.size(), 16U);
}

TEST(RequestIdOfAnAnswer, IsOursWhereAStrangerGaveOne) {
    RunningServer running;
    fetch(running.port(), "/category/news.atom");
    EXPECT_EQ(id_in(fetch(running.port(), "/nothing", "X-Request-Id: forged\r\n")).size(), 16U);
    EXPECT_EQ(id_in(fetch(running.port(), "/category/news.atom", "X-Request-Id: forged\r\n")), "");
}

TEST(RequestIdOfAnAnswer, IsForgottenWithTheAnswer) {
    RunningServer running(trusting());
    fetch(running.port(), "/category/news.atom");
    RawConnection both(running.port());
    both.send("GET /category/news.atom HTTP/1.1\r\nHost: a\r\nX-Request-Id: first\r\n\r\n");
    EXPECT_EQ(id_in(both.receive()), "first");
    both.send("GET /category/news.atom HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(id_in(both.receive()), "");
}

TEST(RequestIdOfAnAnswer, IsInTheLineAboutARenderingThatFailed) {
    testing::internal::CaptureStderr();
    start_log(LogConfig{});
    std::string id;
    {
        RunningServer running;
        running.site.faulty.insert("broken");
        id = id_in(fetch(running.port(), "/category/broken.atom"));
    }
    const std::string log = testing::internal::GetCapturedStderr();
    EXPECT_EQ(id.size(), 16U);
    EXPECT_NE(log.find("render_failed path=/category/broken.atom "), std::string::npos) << log;
    EXPECT_NE(log.find("request_ids=" + id), std::string::npos) << log;
}

}  // namespace
}  // namespace gazetted
