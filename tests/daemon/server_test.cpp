#include "daemon/server.hpp"

#include "tests/support/fake_site.hpp"
#include "tests/support/shared_folder.hpp"

#include <gtest/gtest.h>

#include <ifaddrs.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <future>
#include <system_error>

namespace gazetted {
namespace {

using namespace std::chrono_literals;

const std::string get_news = "GET /category/news.atom HTTP/1.1\r\nHost: localhost\r\n\r\n";

bool has_status(const std::string& response, unsigned status) {
    return response.starts_with("HTTP/1.1 " + std::to_string(status) + " ");
}

std::string field_of(const std::string& response, const std::string& name) {
    const auto at = response.find("\r\n" + name + ": ");
    if (at == std::string::npos) return {};
    const auto begin = at + name.size() + 4;
    return response.substr(begin, response.find("\r\n", begin) - begin);
}

/// An IPv4 address of this machine that is not loopback; empty where it has none.
std::string address_of_this_machine() {
    ifaddrs* all = nullptr;
    if (::getifaddrs(&all) != 0) return {};
    std::string found;
    for (const auto* one = all; one && found.empty(); one = one->ifa_next) {
        if (!one->ifa_addr || one->ifa_addr->sa_family != AF_INET) continue;
        IpAddress address = parse_ip_address("0.0.0.0").value();
        std::memcpy(address.bytes.data() + 12, &reinterpret_cast<const sockaddr_in*>(one->ifa_addr)->sin_addr, 4);
        if (!address.is_loopback()) found = to_string(address);
    }
    ::freeifaddrs(all);
    return found;
}

TEST(Server, ServesAFeedWithItsValidatorsAndTheTime) {
    RunningServer running;
    const auto response = fetch(running.port(), "/category/news.atom");
    EXPECT_TRUE(has_status(response, 200)) << response;
    EXPECT_TRUE(response.find("\r\n\r\n/category/news.atom an article ") != std::string::npos);
    EXPECT_EQ(field_of(response, "Cache-Control"), "public, max-age=60");
    EXPECT_EQ(field_of(response, "Server"), "gazetted");
    EXPECT_TRUE(field_of(response, "Date").ends_with(" GMT"));
    const auto again = fetch(running.port(), "/category/news.atom", "If-None-Match: " + field_of(response, "ETag") + "\r\n");
    EXPECT_TRUE(has_status(again, 304));
    EXPECT_TRUE(again.ends_with("\r\n\r\n"));
}

TEST(Server, SendsWhoAsksForAFormerNameToTheSameAddressOfToday) {
    RunningServer running;
    running.site.moved["old"] = "a b";
    const std::pair<std::string, std::string> addresses[] = {
        {"/category/old", "/category/a%20b"},
        {"/category/old?n=5&x=1", "/category/a%20b?n=5"},
        {"/category/old.rss", "/category/a%20b.rss"},
        {"/category/old.html", "/category/a%20b.html"},
        {"/category/old.json?content=summary&n=2", "/category/a%20b.json?content=summary&n=2"},
    };
    for (const char* accept : {"Accept: text/html\r\n", "Accept: application/rss+xml\r\n", ""})
        for (const auto& [asked, location] : addresses) {
            const auto response = fetch(running.port(), asked, accept);
            EXPECT_TRUE(has_status(response, 308)) << response;
            EXPECT_EQ(field_of(response, "Location"), location);
            EXPECT_EQ(field_of(response, "Cache-Control"), "public, max-age=3600");
        }
}

TEST(Server, SendsWhoSpellsAnAddressOtherwiseToItsLastOneAtOnce) {
    RunningServer running;
    running.site.moved["old"] = "a b";
    running.site.missing.insert("nosuch");
    running.site.removed.insert("gone");
    const std::pair<std::string, std::string> addresses[] = {
        {"/category/old/", "/category/a%20b"},
        {"/category/%6Fld.rss?n=5", "/category/a%20b.rss?n=5"},
        {"/category/news/", "/category/news"},
        {"/category/%6Eews?n=5&x", "/category/news?n=5"},
        {"/category/%6Eews.json", "/category/news.json"},
        {"/all/", "/all"},
    };
    for (const char* accept : {"Accept: text/html\r\n", ""})
        for (const auto& [asked, location] : addresses) {
            const auto response = fetch(running.port(), asked, accept);
            EXPECT_TRUE(has_status(response, 308)) << response;
            EXPECT_EQ(field_of(response, "Location"), location) << asked;
        }
    for (const char* asked : {"/category/nosuch/", "/category/%6Eosuch.rss", "/category/nosuch.html/"})
        EXPECT_TRUE(has_status(fetch(running.port(), asked), 404)) << asked;
    EXPECT_TRUE(has_status(fetch(running.port(), "/category/gone/"), 410));
    running.site.set_away(true);
    EXPECT_TRUE(has_status(fetch(running.port(), "/category/unknown/"), 503)) << "nobody is sent where nothing may be";
    EXPECT_EQ(field_of(fetch(running.port(), "/category/news/"), "Location"), "/category/news") << "it was rendered";
}

TEST(Server, SaysThatAFeedWasRemovedInAllItsForms) {
    RunningServer running;
    running.site.removed.insert("old");
    for (const char* form : {"", ".atom", ".rss", ".json", ".html", ".atom?n=5"}) {
        const auto response = fetch(running.port(), std::string("/category/old") + form);
        EXPECT_TRUE(has_status(response, 410)) << response;
        EXPECT_EQ(field_of(response, "Cache-Control"), "no-store");
        EXPECT_NE(response.find("this feed was removed"), std::string::npos) << response;
    }
}

TEST(Server, AnswersManyRequestsOnOneConnection) {
    RunningServer running;
    RawConnection connection(running.port());
    for (int i = 0; i < 3; ++i) {
        connection.send(get_news);
        EXPECT_TRUE(has_status(connection.receive(), 200));
    }
}

TEST(Server, AnswersPipelinedRequestsInTheirOrder) {
    RunningServer running;
    RawConnection connection(running.port());
    std::string requests;
    for (int i = 0; i < 50; ++i)
        requests += i % 2 == 0 ? get_news : "GET /nothing" + std::to_string(i) + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    connection.send(requests);
    for (int i = 0; i < 50; ++i) EXPECT_TRUE(has_status(connection.receive(), i % 2 == 0 ? 200 : 404)) << i;
}

TEST(Server, SendsNoBodyToHead) {
    RunningServer running;
    const auto response = fetch(running.port(), "/category/news.atom", "", "HEAD");
    EXPECT_TRUE(has_status(response, 200));
    EXPECT_TRUE(response.ends_with("\r\n\r\n"));
    EXPECT_GT(std::stoul(field_of(response, "Content-Length")), 1000U);
    EXPECT_TRUE(fetch(running.port(), "/nothing", "", "HEAD").ends_with("\r\n\r\n"));
}

TEST(Server, AnswersHeadWithTheHeadOfGetEverywhere) {
    RunningServer running;
    running.site.missing = {"nothing"};
    // Its time and its name are each request's own.
    const auto without_own = [](std::string head) {
        for (const auto* field : {"\r\nDate: ", "\r\nX-Request-Id: "})
            if (const auto at = head.find(field); at != std::string::npos) head.erase(at, head.find("\r\n", at + 2) - at);
        return head;
    };
    const auto etag = field_of(fetch(running.port(), "/category/news.atom"), "ETag");
    const std::vector<std::pair<std::string, std::string>> requests = {
        {"/", ""},
        {"/category/news.atom", ""},
        {"/category/news.atom", "Accept-Encoding: gzip\r\n"},
        {"/category/news.atom", "If-None-Match: " + etag + "\r\n"},
        {"/category/news.atom", "If-Match: \"other\"\r\n"},
        {"/category/news", "Accept: text/html\r\n"},
        {"/feeds.opml", ""},
        {"/category/nothing.atom", ""},
        {"/no-such-address", ""},
        {"/healthz", ""},
        {"/readyz", ""},
        {"/category/news.atom", "Expect: 200-maybe\r\n"},
    };
    for (const auto& [target, fields] : requests) {
        const auto get = fetch(running.port(), target, fields);
        const auto head = fetch(running.port(), target, fields, "HEAD");
        EXPECT_EQ(without_own(head), without_own(get.substr(0, get.find("\r\n\r\n") + 4))) << target << " " << fields;
    }
}

TEST(Server, IsAskedInAbsoluteFormForWhateverHost) {
    RunningServer running;
    RawConnection connection(running.port());
    for (const char* origin : {"http://localhost", "HTTP://elsewhere.example:81", "https://[::1]"}) {
        connection.send(std::string("GET ") + origin + "/category/news.atom HTTP/1.1\r\nHost: localhost\r\n\r\n");
        const auto response = connection.receive();
        EXPECT_TRUE(has_status(response, 200)) << origin;
        EXPECT_EQ(response.find("elsewhere"), std::string::npos) << "a request never decides links";
    }
}

TEST(Server, AnswersWhoAsksBeforeSendingABodyWithoutReadingIt) {
    RunningServer running;
    RawConnection asking(running.port());
    asking.send("POST /category/news.atom HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
    const auto response = asking.receive_rest();
    EXPECT_TRUE(has_status(response, 405)) << response;
    EXPECT_EQ(field_of(response, "Connection"), "close");
    RawConnection bodiless(running.port());
    bodiless.send("GET /category/news.atom HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n\r\n" + get_news);
    EXPECT_TRUE(has_status(bodiless.receive(), 200));
    EXPECT_TRUE(has_status(bodiless.receive(), 200));
    EXPECT_TRUE(has_status(fetch(running.port(), "/category/news.atom", "Expect: 200-maybe\r\n"), 417));
}

TEST(Server, ReadsARequestThatComesByteByByte) {
    RunningServer running;
    RawConnection connection(running.port());
    for (const char byte : get_news) connection.send({&byte, 1});
    EXPECT_TRUE(has_status(connection.receive(), 200));
}

TEST(Server, SkipsTheBodyOfARequestAndAnswersTheNext) {
    RunningServer running;
    RawConnection connection(running.port());
    connection.send("POST /category/news.atom HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello" + get_news);
    EXPECT_TRUE(has_status(connection.receive(), 405));
    EXPECT_TRUE(has_status(connection.receive(), 200));
}

TEST(Server, ClosesAfterABodyWhoseEndItDoesNotLookFor) {
    RunningServer running;
    RawConnection connection(running.port());
    connection.send("POST /category/news.atom HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" +
                    get_news);
    const auto response = connection.receive_rest();
    EXPECT_TRUE(has_status(response, 405));
    EXPECT_EQ(response.find("HTTP/1.1 200"), std::string::npos);
}

TEST(Server, AnswersAndClosesWhatItRefuses) {
    RunningServer running;
    RawConnection connection(running.port());
    connection.send("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n" + get_news);
    const auto response = connection.receive_rest();
    EXPECT_TRUE(has_status(response, 400));
    EXPECT_EQ(field_of(response, "Connection"), "close");
    EXPECT_EQ(response.find("HTTP/1.1 200"), std::string::npos);
}

TEST(Server, SpeaksHttp10) {
    RunningServer running;
    RawConnection closing(running.port());
    closing.send("GET /category/news.atom HTTP/1.0\r\n\r\n");
    EXPECT_TRUE(has_status(closing.receive_rest(), 200));
    RawConnection keeping(running.port());
    keeping.send("GET /category/news.atom HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_EQ(field_of(keeping.receive(), "Connection"), "keep-alive");
    keeping.send(get_news);
    EXPECT_TRUE(has_status(keeping.receive(), 200));
}

TEST(Server, ClosesAConnectionThatStaysSilent) {
    ServerConfig config;
    config.idle_timeout = 0s;
    RunningServer running(config);
    RawConnection connection(running.port());
    EXPECT_TRUE(connection.is_closed());
}

TEST(Server, TellsAReaderWhoseRequestNeverEnds) {
    ServerConfig config;
    config.request_timeout = 0s;
    RunningServer running(config);
    RawConnection connection(running.port());
    connection.send("GET / HTTP/1.1\r\nHost: ");
    EXPECT_TRUE(has_status(connection.receive_rest(), 408));
}

TEST(Server, GivesEachPipelinedRequestItsTimeToArrive) {
    ServerConfig config;
    config.request_timeout = 1s;
    RunningServer running(config);
    RawConnection connection(running.port());
    const std::string begin = get_news.substr(0, 20), rest = get_news.substr(20);
    connection.send(begin);
    for (int i = 0; i < 12; ++i) {
        std::this_thread::sleep_for(200ms);
        connection.send(rest + begin);  // something has always begun
        ASSERT_TRUE(has_status(connection.receive(), 200)) << i;
    }
    EXPECT_TRUE(has_status(connection.receive_rest(), 408)) << "the last one never ends";
}

TEST(Server, TimesARequestThatBeganBehindOneThatCouldNotBeAnswered) {
    ServerConfig config;
    config.request_timeout = 1s;
    RunningServer running(config);
    running.site.hold();
    RawConnection connection(running.port());
    connection.send(get_news + "GET /partial HTTP/1.1\r\nHo");
    EXPECT_TRUE(has_status(connection.receive(), 503));
    EXPECT_TRUE(has_status(connection.receive_rest(), 408));
    running.site.release();
}

TEST(Server, GivesWhatItHasWhereNothingNewerComes) {
    RunningServer running;
    const std::string target = "/article/3";
    ASSERT_TRUE(has_status(fetch(running.port(), target), 200));
    running.publisher().changed(std::vector<std::int64_t>{0});
    running.site.hold();
    EXPECT_TRUE(has_status(fetch(running.port(), target), 200));
    running.site.release();
}

TEST(Server, LetsGoOfAReaderWhoTakesNothing) {
    ServerConfig config;
    config.write_timeout = 0s;
    RunningServer running(config);
    running.site.set_repeated(4'000'000);
    RawConnection connection(running.port());
    connection.send(get_news);
    for (const auto end = std::chrono::steady_clock::now() + 5s; std::chrono::steady_clock::now() < end;) {
        if (fetch(running.status_port(), "/metrics").find("gazetted_connections 1\n") != std::string::npos) return;
        std::this_thread::yield();
    }
    FAIL() << "the slow reader is still there";
}

TEST(Server, GivesALargeDocumentWhole) {
    RunningServer running;
    running.site.set_repeated(1'000'000);
    const auto response = fetch(running.port(), "/category/news.atom");
    const auto body = response.substr(response.find("\r\n\r\n") + 4);
    EXPECT_EQ(body.size(), std::stoul(field_of(response, "Content-Length")));
    EXPECT_GT(body.size(), 10'000'000U);
}

TEST(Server, WritesLittleMoreThanAReaderTakes) {
    ServerConfig config;
    config.loops = 1;
    RunningServer running(config);
    running.site.set_repeated(5'000);
    const auto body = fetch(running.port(), "/category/news.atom");
    ASSERT_GT(body.size(), 50'000U);
    RawConnection connection(running.port());
    constexpr std::size_t asked = 400;  // 22 MB, of which the kernel would take 4
    for (std::size_t i = 0; i < asked; ++i) connection.send(get_news);
    const auto answered = [&running] {
        const auto metrics = fetch(running.status_port(), "/metrics");
        const std::string name = "gazetted_responses_total{status=\"200\"} ";
        return std::stoul(metrics.substr(metrics.find(name) + name.size()));
    };
    // Each look is an answer itself; once for a while nothing but looks is counted, nothing more fits.
    std::size_t looks = 1, looks_alone = 0;
    for (auto before = answered(); looks_alone < 200; ++looks) {
        const auto now = answered();
        looks_alone = now == before + 1 ? looks_alone + 1 : 0;
        before = now;
    }
    const auto written = (answered() - looks - 1) * body.size();
    EXPECT_GT(written, 0U);
    EXPECT_LT(written, 600'000U);
}

// What is asked for often is sent in another way than what is not.
TEST(Server, SendsTheSameBytesHoweverOftenItIsAsked) {
    RunningServer running;
    for (const std::size_t repeated : {5'000UL, 1'000'000UL}) {
        running.site.set_repeated(repeated);
        const auto target = "/category/news" + std::to_string(repeated) + ".atom";
        const auto get = "GET " + target + " HTTP/1.1\r\nHost: localhost\r\n";
        const auto body = [](const std::string& response) { return response.substr(response.find("\r\n\r\n") + 4); };
        RawConnection connection(running.port());
        connection.send(get + "\r\n");
        const auto first = connection.receive();
        ASSERT_GT(first.size(), repeated);
        for (int i = 0; i < 20; ++i) {
            connection.send(get + "\r\n");
            const auto again = connection.receive();
            EXPECT_EQ(again.substr(0, again.find("Date: ")), first.substr(0, first.find("Date: ")));
            EXPECT_TRUE(body(again) == body(first)) << i;
        }
        EXPECT_TRUE(body(fetch(running.port(), target)) == body(first));
        connection.send(get + "Range: bytes=10-19\r\n\r\n");
        EXPECT_EQ(body(connection.receive()), body(first).substr(10, 10));
        connection.send("HEAD " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
        EXPECT_EQ(body(connection.receive(true)), "");
    }
}

TEST(Server, DropsTheOldestIdleConnectionForANewOne) {
    ServerConfig config;
    config.connections_max = 2;
    config.loops = 1;
    RunningServer running(config);
    RawConnection oldest(running.port()), other(running.port());
    for (auto* connection : {&oldest, &other}) {
        connection->send(get_news);
        ASSERT_TRUE(has_status(connection->receive(), 200));
    }
    EXPECT_TRUE(has_status(fetch(running.port(), "/category/news.atom"), 200));
    EXPECT_TRUE(oldest.is_closed());
}

TEST(Server, DropsAnIdleConnectionOfAnotherLoopForANewOne) {
    ServerConfig config;
    config.connections_max = 2;
    config.loops = 2;
    RunningServer running(config);
    ASSERT_TRUE(has_status(fetch(running.port(), "/category/news.atom"), 200));
    std::vector<std::unique_ptr<RawConnection>> readers;
    for (int i = 0; i < 20; ++i) {
        readers.push_back(std::make_unique<RawConnection>(running.port()));
        readers.back()->send(get_news);
        ASSERT_TRUE(has_status(readers.back()->receive(), 200)) << i;
    }
}

TEST(Server, AcceptsAgainAfterRunningOutOfDescriptors) {
    ServerConfig config;
    config.loops = 1;
    RunningServer running(config);
    ASSERT_TRUE(has_status(fetch(running.port(), "/category/news.atom"), 200));
    std::vector<std::unique_ptr<RawConnection>> connections;
    connections.push_back(std::make_unique<RawConnection>(running.port()));
    connections.front()->send(get_news);
    ASSERT_TRUE(has_status(connections.front()->receive(), 200));
    rlimit before{};
    ::getrlimit(RLIMIT_NOFILE, &before);
    // The next descriptor is the client's own end; the server's end is one too many.
    const int next = ::dup(0);
    ::close(next);
    rlimit tight = before;
    tight.rlim_cur = static_cast<rlim_t>(next) + 1;
    ::setrlimit(RLIMIT_NOFILE, &tight);
    connections.push_back(std::make_unique<RawConnection>(running.port()));
    connections.back()->send(get_news);
    const auto response = connections.back()->receive();
    ::setrlimit(RLIMIT_NOFILE, &before);
    EXPECT_TRUE(has_status(response, 200));
    EXPECT_TRUE(connections.front()->is_closed());
}

TEST(Server, SaysWhetherItIsReadyOnBothListeners) {
    RunningServer running;
    for (const auto port : {running.port(), running.status_port()}) {
        EXPECT_TRUE(has_status(fetch(port, "/healthz"), 200));
        EXPECT_TRUE(has_status(fetch(port, "/readyz"), 200));
    }
    EXPECT_TRUE(has_status(fetch(running.port(), "/healthz"), 200));
}

TEST(Server, SaysWhyItIsNotReadyOnTheStatusListenerOnly) {
    RunningServer running;
    running.report = {.ready = false, .reason = "no connection to server at 10.0.0.7, port 5432"};
    const auto to_the_operator = fetch(running.status_port(), "/readyz"), to_anybody = fetch(running.port(), "/readyz");
    EXPECT_TRUE(has_status(to_the_operator, 503) && has_status(to_anybody, 503));
    EXPECT_TRUE(to_the_operator.ends_with("\r\n\r\nno connection to server at 10.0.0.7, port 5432\n"));
    EXPECT_TRUE(to_anybody.ends_with("\r\n\r\nno new documents can be made just now\n"));
    EXPECT_TRUE(has_status(fetch(running.port(), "/healthz"), 200));
}

TEST(Server, ShowsItsFiguresOnTheStatusListenerOnly) {
    RunningServer running;
    fetch(running.port(), "/category/news.atom");
    const auto metrics = fetch(running.status_port(), "/metrics");
    EXPECT_NE(metrics.find("\ngazetted_responses_total{status=\"200\"} 1\n"), std::string::npos) << metrics;
    EXPECT_NE(metrics.find("\ngazetted_cache_documents 1\n"), std::string::npos);
    EXPECT_TRUE(has_status(fetch(running.port(), "/metrics"), 404));
    EXPECT_TRUE(has_status(fetch(running.status_port(), "/category/news.atom"), 404));
}

TEST(Server, SaysWhoReadsWhenItIsAskedAndNotOnlyAtItsEnd) {
    RunningServer running;
    RawConnection connection(running.port());
    connection.send("GET /category/news.atom HTTP/1.1\r\nHost: h\r\nUser-Agent: newsboat/2.21\r\n\r\n");
    connection.receive();
    for (int times = 1; times <= 2; ++times) {
        running.readers.call_in();
        Readership seen;
        for (const auto end = std::chrono::steady_clock::now() + 5s; seen.is_empty() && std::chrono::steady_clock::now() < end;
             std::this_thread::sleep_for(10ms))
            seen.merge(running.readers.take());
        ASSERT_EQ(seen.habits.size(), 1U);
        EXPECT_EQ(seen.habits.begin()->second.requests, 1U);
        connection.send("GET /category/news.atom HTTP/1.1\r\nHost: h\r\nUser-Agent: newsboat/2.21\r\n\r\n");
        connection.receive();
    }
}

TEST(Server, TellsReadersWhenToComeBackWhileNothingCanBeMade) {
    Publisher::Limits limits;
    limits.patience = 1ms;
    RunningServer running({}, limits);
    EXPECT_TRUE(has_status(fetch(running.port(), "/category/news.atom"), 200));
    running.site.set_away(true);
    const auto response = fetch(running.port(), "/category/sport.atom");
    EXPECT_TRUE(has_status(response, 503));
    EXPECT_EQ(field_of(response, "Retry-After"), "5");
    EXPECT_EQ(field_of(response, "Cache-Control"), "no-store");
    EXPECT_TRUE(has_status(fetch(running.port(), "/category/news.atom"), 200));
}

TEST(Server, KeepsNoReaderWhoseBodyNeverComesAfterNothingCouldBeMade) {
    ServerConfig config;
    config.request_timeout = 1s;
    RunningServer running(config);
    running.site.hold();
    RawConnection connection(running.port());
    connection.send("GET /category/news.atom HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n");
    EXPECT_TRUE(connection.is_closed());
    running.site.release();
}

TEST(Server, FinishesWhatItIsAnsweringBeforeItDrains) {
    auto running = std::make_unique<RunningServer>();
    running->site.hold();
    RawConnection idle(running->port()), busy(running->port());
    idle.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
    EXPECT_TRUE(has_status(idle.receive(), 200));
    busy.send(get_news);
    ASSERT_TRUE(running->site.wait_until_begun(1));
    running->server().drain();
    EXPECT_TRUE(idle.is_closed());
    running->site.release();
    const auto response = busy.receive_rest();
    EXPECT_TRUE(has_status(response, 200));
    EXPECT_EQ(field_of(response, "Connection"), "close");
    running.reset();
}

TEST(Server, LeavesBehindWhatDoesNotEndWhileItDrains) {
    ServerConfig config;
    config.drain_timeout = 0s;
    auto running = std::make_unique<RunningServer>(config);
    running->site.hold();
    RawConnection busy(running->port());
    busy.send(get_news);
    ASSERT_TRUE(running->site.wait_until_begun(1));
    running->server().drain();
    running->site.release();
    running.reset();
    EXPECT_TRUE(true);
}

TEST(Server, AnswersWhoConnectedBeforeItDrained) {
    ServerConfig config;
    config.loops = 1;
    auto running = std::make_unique<RunningServer>(config);
    running->site.hold();
    RawConnection busy(running->port()), late(running->port());
    busy.send(get_news);
    ASSERT_TRUE(running->site.wait_until_begun(1));
    late.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
    running->server().drain();
    EXPECT_TRUE(has_status(late.receive_rest(), 200));
    running->site.release();
    EXPECT_TRUE(has_status(busy.receive_rest(), 200));
}

TEST(Server, AnswersAllWhoConnectedThoughTheFirstOfThemHasGone) {
    FakeSite site;
    Publisher publisher({}, site.make_render());
    ServerConfig config;
    config.loops = 1;
    Server server(config, "no-cache", publisher, [] { return StatusReport{}; });
    const auto port = std::get<TcpAddress>(server.listeners().front().address.where).port;
    { const RawConnection gone(port); }
    RawConnection cold(port);
    cold.send(get_news);
    server.drain();
    std::thread thread([&] { server.run(); });
    EXPECT_TRUE(has_status(cold.receive_rest(), 200));
    thread.join();
}

TEST(Server, AnswersWhoConnectedBeforeItDrainedAndAsksOnlyThen) {
    auto running = std::make_unique<RunningServer>();
    running->site.hold();
    RawConnection busy(running->port()), newcomer(running->port()), silent(running->port());
    busy.send(get_news);
    ASSERT_TRUE(running->site.wait_until_begun(1));
    running->server().drain();
    newcomer.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
    const auto response = newcomer.receive_rest();
    EXPECT_TRUE(has_status(response, 200)) << response;
    EXPECT_EQ(field_of(response, "Connection"), "close");
    EXPECT_TRUE(silent.is_closed()) << "nobody holds up the drain";
    running->site.release();
    EXPECT_TRUE(has_status(busy.receive_rest(), 200));
}

TEST(Server, TurnsAwayAnAddressThatHasTooManyConnections) {
    ServerConfig config;
    config.listen = {{TcpAddress{"0.0.0.0", 0}}};
    config.connections_per_address_max = 2;
    RunningServer running(config);
    const auto elsewhere = address_of_this_machine();
    if (elsewhere.empty()) GTEST_SKIP() << "this machine has no address but loopback";
    RawConnection first(running.port(), elsewhere);
    auto second = std::make_unique<RawConnection>(running.port(), elsewhere);
    for (auto* connection : {&first, second.get()}) {
        connection->send(get_news);
        EXPECT_TRUE(has_status(connection->receive(), 200));
    }
    RawConnection third(running.port(), elsewhere);
    const auto refusal = third.receive_rest();
    EXPECT_TRUE(has_status(refusal, 429)) << refusal;
    EXPECT_EQ(field_of(refusal, "Retry-After"), "1");
    EXPECT_EQ(field_of(refusal, "Connection"), "close");
    EXPECT_TRUE(has_status(fetch(running.port(), "/category/news.atom"), 200)) << "loopback is not counted";
    EXPECT_NE(fetch(running.status_port(), "/metrics").find("{limit=\"connections_per_address_max\"} 1\n"), std::string::npos);
    second.reset();
    for (const auto end = std::chrono::steady_clock::now() + 5s; std::chrono::steady_clock::now() < end;) {
        RawConnection again(running.port(), elsewhere);
        again.send(get_news);
        if (has_status(again.receive(), 200)) return;
    }
    FAIL() << "the place of a connection that ended is not given to another";
}

TEST(Server, CountsNoConnectionsOfATrustedProxy) {
    const auto elsewhere = address_of_this_machine();
    if (elsewhere.empty()) GTEST_SKIP() << "this machine has no address but loopback";
    ServerConfig config;
    config.listen = {{TcpAddress{"0.0.0.0", 0}}};
    config.connections_per_address_max = 1;
    config.trusted_proxies.networks = {parse_network(elsewhere).value()};
    RunningServer running(config);
    RawConnection first(running.port(), elsewhere), second(running.port(), elsewhere);
    for (auto* connection : {&first, &second}) {
        connection->send(get_news);
        EXPECT_TRUE(has_status(connection->receive(), 200));
    }
}

TEST(Server, ServesOverAUnixSocketFromEveryLoop) {
    const auto path = testing::TempDir() + "/gazetted-server-" + std::to_string(::getpid()) + ".sock";
    ServerConfig config;
    config.listen = {{UnixAddress{path}}, {TcpAddress{}}};
    config.loops = 2;
    auto running = std::make_unique<RunningServer>(config);
    std::vector<std::unique_ptr<RawConnection>> connections;
    for (int i = 0; i < 50; ++i) connections.push_back(std::make_unique<RawConnection>(path));
    for (const auto& connection : connections) {
        connection->send(get_news);
        EXPECT_TRUE(has_status(connection->receive(), 200));
    }
    EXPECT_TRUE(has_status(fetch(running->port(), "/category/news.atom"), 200)) << "several listeners at once";
    running.reset();
    EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(Server, LeavesWhoComesLateToThePassedSocketsNextServer) {
    ServerConfig config;
    config.listen = {{PassedAddress{"web"}}};
    config.status_enabled = false;
    config.loops = 2;
    ServerConfig service_manager;
    service_manager.listen = {{TcpAddress{"127.0.0.1", 0}}};
    service_manager.status_enabled = false;
    const auto kept = listen_on(service_manager, 1, {}).front().front();
    const auto pass = [&kept] {
        std::vector<PassedSocket> passed;
        passed.push_back({Descriptor(::dup(kept->descriptor.number())), "web"});
        return passed;
    };
    auto first = std::make_unique<RunningServer>(config, Publisher::Limits{}, pass());
    const auto port = first->port();
    EXPECT_TRUE(has_status(fetch(port, "/category/news.atom"), 200));
    first.reset();
    RawConnection between(port);
    between.send(get_news);
    const RunningServer second(config, Publisher::Limits{}, pass());
    EXPECT_TRUE(has_status(between.receive(), 200));
}

TEST(Server, SaysWhichAddressIsTaken) {
    RunningServer running;
    ServerConfig config;
    config.listen = {{TcpAddress{"127.0.0.1", running.port()}}};
    config.status_enabled = false;
    try {
        const Server second(config, "no-cache", running.publisher(), [] { return StatusReport{}; });
        FAIL() << "two servers on one port";
    } catch (const std::runtime_error& error) {
        EXPECT_EQ(error.what(),
                  "cannot listen on 127.0.0.1:" + std::to_string(running.port()) + " (--listen): bind: Address already in use");
    }
}

// ---- the corpora of raw requests

struct Run {
    int status = -1;
    std::string output;
};

Run run(const std::string& command) {
    Run result;
    auto* pipe = ::popen((command + " 2>&1").c_str(), "r");
    std::array<char, 4096> bytes{};
    while (const auto count = std::fread(bytes.data(), 1, bytes.size(), pipe)) result.output.append(bytes.data(), count);
    result.status = ::pclose(pipe);
    return result;
}

TEST(Server, PassesTheCasesOfHttpSemantics) {
    const auto runner = (shared_folder() / "bin/http-cases").string();
    if (!std::filesystem::exists(runner)) GTEST_SKIP() << "no " << runner;
    RunningServer running;
    running.site.set_repeated(5000);
    const auto result =
        run("python3 " + runner + " 127.0.0.1:" + std::to_string(running.port()) + " --path /all.atom --jobs 16 --wait 0.6");
    EXPECT_EQ(result.status, 0) << result.output;
    EXPECT_NE(result.output.find(" 0 failed"), std::string::npos) << result.output;
}

TEST(Server, PassesTheRawCases) {
    const auto runner = (shared_folder() / "bin/http-raw-run").string();
    if (!std::filesystem::exists(runner)) GTEST_SKIP() << "no " << runner;
    RunningServer running;
    running.site.set_repeated(5000);
    const auto result = run("python3 " + runner + " " + (shared_folder() / "http-raw/cases.json").string() + " --port " +
                            std::to_string(running.port()) + " --feed /all.atom --admin /api --big /all.rss --jobs 32");
    EXPECT_EQ(result.status, 0) << result.output;
}

}  // namespace
}  // namespace gazetted
