#include "daemon/http.hpp"

#include <gtest/gtest.h>

namespace gazetted {
namespace {

using HeadRead = std::variant<NeedMore, RequestHead, Refusal>;

unsigned status_of(const HeadRead& read) {
    if (const auto* refusal = std::get_if<Refusal>(&read)) return refusal->status;
    return std::holds_alternative<RequestHead>(read) ? 200 : 100;
}

std::string get(const std::string& fields, const std::string& line = "GET / HTTP/1.1") {
    return line + "\r\nHost: localhost\r\n" + fields + "\r\n";
}

TEST(Http, KeepsOfAHeadWhatDecidesTheAnswer) {
    const auto bytes =
        get("If-None-Match: \"a\"\r\nIf-Modified-Since: x\r\nIf-Match: \"b\"\r\nIf-Unmodified-Since: y\r\nAccept: */*\r\n"
            "ACCEPT-ENCODING:\tgzip \r\nSec-Fetch-Mode: navigate\r\nRange: bytes=0-1\r\nIf-Range: \"c\"\r\nA-IM: feed\r\n",
            "HEAD /a?b HTTP/1.1");
    const auto with_next = bytes + "GET";
    const auto read = read_head(with_next);
    ASSERT_EQ(status_of(read), 200U);
    const auto& head = std::get<RequestHead>(read);
    EXPECT_EQ(head.view.method, "HEAD");
    EXPECT_EQ(head.view.target, "/a?b");
    EXPECT_EQ(head.view.if_none_match, "\"a\"");
    EXPECT_EQ(head.view.if_modified_since, "x");
    EXPECT_EQ(head.view.if_match, "\"b\"");
    EXPECT_EQ(head.view.if_unmodified_since, "y");
    EXPECT_EQ(head.view.accept, "*/*");
    EXPECT_EQ(head.view.accept_encoding, "gzip");
    EXPECT_EQ(head.view.fetch_mode, "navigate");
    EXPECT_EQ(head.view.range, "bytes=0-1");
    EXPECT_EQ(head.view.a_im, "feed");
    EXPECT_EQ(head.view.if_range, "\"c\"");
    EXPECT_EQ(head.head_bytes, bytes.size());
    EXPECT_TRUE(head.keep_alive);
    EXPECT_FALSE(head.has_body());
}

TEST(Http, JoinsAFieldThatCameOnSeveralLines) {
    const auto bytes = get("If-None-Match: \"a\"\r\nIf-None-Match: \"b\"\r\nIf-None-Match: \"c\"\r\n");
    const auto read = read_head(bytes);
    EXPECT_EQ(std::get<RequestHead>(read).view.if_none_match, "\"a\", \"b\", \"c\"");
}

TEST(Http, KeepsAConnectionAsVersionAndFieldSay) {
    const auto keeps = [](const std::string& version, const std::string& fields) {
        return std::get<RequestHead>(read_head(get(fields, "GET / HTTP/" + version))).keep_alive;
    };
    EXPECT_TRUE(keeps("1.1", ""));
    EXPECT_FALSE(keeps("1.1", "Connection: close\r\n"));
    EXPECT_FALSE(keeps("1.1", "Connection: x, Close\r\n"));
    EXPECT_FALSE(keeps("1.0", ""));
    EXPECT_TRUE(keeps("1.0", "Connection: keep-alive\r\n"));
}

TEST(Http, ReducesAbsoluteForm) {
    const auto target_of = [](const std::string& target) {
        const auto bytes = get("", "GET " + target + " HTTP/1.1");
        const auto read = read_head(bytes);
        return std::holds_alternative<RequestHead>(read) ? std::string(std::get<RequestHead>(read).view.target) : "refused";
    };
    EXPECT_EQ(target_of("http://example.org/a?b"), "/a?b");
    EXPECT_EQ(target_of("HTTPS://example.org:8080"), "/");
    EXPECT_EQ(target_of("http://example.org?n=1"), "/?n=1");
    EXPECT_EQ(target_of("http://u:p@example.org/"), "refused");
    EXPECT_EQ(target_of("http:///a"), "refused");
    EXPECT_EQ(target_of("ftp://example.org/a"), "ftp://example.org/a");
}

TEST(Http, HearsALaterVersionOfHttp1AsItsOwn) {
    const auto bytes = "\r\n" + get("If-None-Match: \"a\"\r\n", "GET http://x?n=1 HTTP/1.2");
    for (std::size_t i = 2; i < bytes.size(); ++i) EXPECT_EQ(status_of(read_head(bytes.substr(0, i))), 100U) << i;
    const auto with_next = bytes + "GET";
    const auto read = read_head(with_next);
    ASSERT_EQ(status_of(read), 200U);
    const auto& head = std::get<RequestHead>(read);
    EXPECT_EQ(head.view.target, "/?n=1");
    EXPECT_EQ(head.view.if_none_match, "\"a\"");
    EXPECT_EQ(head.head_bytes, bytes.size());
    EXPECT_TRUE(head.keep_alive);
    EXPECT_FALSE(head.http_1_0);
    for (const char* line : {"GET / HTTP/1.x", "GET / HTTP/1.10", "GET / x HTTP/1.2", "GET / http/1.2", "G(T / HTTP/1.2"})
        EXPECT_EQ(status_of(read_head(get("", line))), 400U) << line;
    EXPECT_EQ(status_of(read_head(get("", "GET / HTTP/0.9"))), 505U);
}

TEST(Http, WaitsForTheWholeHead) {
    const auto bytes = get("Accept: */*\r\n");
    for (std::size_t i = 0; i < bytes.size(); ++i) EXPECT_EQ(status_of(read_head(bytes.substr(0, i))), 100U) << i;
    EXPECT_EQ(status_of(read_head(bytes)), 200U);
}

TEST(Http, SkipsAFewEmptyLinesBeforeARequest) {
    const auto bytes = "\r\n" + get("");
    const auto read = read_head(bytes);
    EXPECT_EQ(std::get<RequestHead>(read).head_bytes, bytes.size());
    EXPECT_EQ(status_of(read_head("\r\n\r\n\r\n\r\n" + get(""))), 200U);
    EXPECT_EQ(status_of(read_head("\r\n\r\n\r\n\r\n\r\n" + get(""))), 400U);
}

TEST(Http, RefusesARequestLineBeforeTheHeadIsComplete) {
    EXPECT_EQ(status_of(read_head("SSH-2.0-OpenSSH_9.2\r\n")), 400U);
    EXPECT_EQ(status_of(read_head("\x16\x03\x01")), 400U);
    EXPECT_EQ(status_of(read_head("GET / HTTP/2.0\r\n")), 505U);
    EXPECT_EQ(status_of(read_head("GET /\r\n")), 400U);
    EXPECT_EQ(status_of(read_head("GET / HTTP/1.1\nHost")), 400U);
    EXPECT_EQ(status_of(read_head("GET / HTTP/1.1\rHost")), 400U);
}

TEST(Http, RefusesWhatIsMalformed) {
    const std::string heads[] = {
        get("", "GET / x HTTP/1.1"),
        get("", "GET / HTTP/1.1.1"),
        get("", " / HTTP/1.1"),
        get("", "G(T / HTTP/1.1"),
        get("X-A : b\r\n"),
        get("X-A\r\n"),
        get("X[A: b\r\n"),
        get("X-A: a\rb\r\n"),
        get("X-A: a\nb\r\n"),
        get(std::string("X-A: a\0b\r\n", 10)),
        get("X-A: b\r\n c\r\n"),
        get("X-A:\r\n c\r\n"),
        get(": b\r\n"),
    };
    for (const auto& head : heads) EXPECT_EQ(status_of(read_head(head)), 400U) << head;
}

TEST(Http, WantsExactlyOneHost) {
    EXPECT_EQ(status_of(read_head("GET / HTTP/1.1\r\n\r\n")), 400U);
    EXPECT_EQ(status_of(read_head("GET / HTTP/1.0\r\n\r\n")), 200U);
    EXPECT_EQ(status_of(read_head(get("Host: localhost\r\n"))), 400U);
    EXPECT_EQ(status_of(read_head("GET / HTTP/1.1\r\nHost:\r\n\r\n")), 200U);
    for (const std::string host :
         {"example.org", "example.org:80", "example.org:", "[::1]", "[::1]:8080", "a_b", "127.0.0.1:1"})
        EXPECT_EQ(status_of(read_head("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n")), 200U) << host;
    for (const std::string host :
         {"a/b", "a,b", "u@a", "a:x", "a:65536", "[::1", "[]", "[::1]x", "a%0d", "a?b", "a b", "a\\b", "<a>"})
        EXPECT_EQ(status_of(read_head("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n")), 400U) << host;
}

TEST(Http, AllowsAHostUpToItsLimitAndNotOneByteMore) {
    const auto with_host = [](std::size_t bytes) { return "GET / HTTP/1.1\r\nHost: " + std::string(bytes, 'a') + "\r\n\r\n"; };
    EXPECT_EQ(status_of(read_head(with_host(HttpLimits::host_bytes_max))), 200U);
    EXPECT_EQ(status_of(read_head(with_host(HttpLimits::host_bytes_max + 1))), 400U);
}

TEST(Http, RefusesLengthsThatLetRequestsBeSmuggled) {
    const std::string fields[] = {"Content-Length: -1\r\n",
                                  "Content-Length: +1\r\n",
                                  "Content-Length:\r\n",
                                  "Content-Length: 1,1\r\n",
                                  "Content-Length: 1 1\r\n",
                                  "Content-Length: 0x1\r\n",
                                  "Content-Length: 1.0\r\n",
                                  "Content-Length: \"1\"\r\n",
                                  "Content-Length: 99999999999999999999999\r\n",
                                  "Content-Length: 1\r\nContent-Length: 1\r\n",
                                  "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n",
                                  "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n",
                                  "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"};
    for (const auto& field : fields) EXPECT_EQ(status_of(read_head(get(field, "POST / HTTP/1.1"))), 400U) << field;
    for (const std::string coding : {"gzip", "identity", "gzip, chunked", "chunked, identity", "xchunked", "chunked;q=1"})
        EXPECT_EQ(status_of(read_head(get("Transfer-Encoding: " + coding + "\r\n", "POST / HTTP/1.1"))), 501U) << coding;
    EXPECT_EQ(status_of(read_head(get("Transfer-Encoding: chunked\r\n", "POST / HTTP/1.0"))), 400U);
    EXPECT_TRUE(std::get<RequestHead>(read_head(get("Transfer-Encoding: Chunked\r\n", "POST / HTTP/1.1"))).chunked);
}

TEST(Http, AllowsABodyUpToItsLimitAndNotOneByteMore) {
    const auto with_length = [](std::size_t length) { return get("Content-Length: " + std::to_string(length) + "\r\n"); };
    const auto obstacle_of = [&](std::size_t length) { return std::get<RequestHead>(read_head(with_length(length))).obstacle; };
    EXPECT_EQ(obstacle_of(HttpLimits::body_bytes_max), RequestHead::Obstacle::none);
    EXPECT_EQ(obstacle_of(HttpLimits::body_bytes_max + 1), RequestHead::Obstacle::length);
}

TEST(Http, AllowsARequestLineUpToItsLimitAndNotOneByteMore) {
    const auto with_line = [](std::size_t bytes) {
        return get("", "GET /" + std::string(bytes - std::string_view("GET / HTTP/1.1").size(), 'a') + " HTTP/1.1");
    };
    EXPECT_EQ(status_of(read_head(with_line(HttpLimits::request_line_bytes_max))), 200U);
    EXPECT_EQ(status_of(read_head(with_line(HttpLimits::request_line_bytes_max + 1))), 414U);
    EXPECT_EQ(status_of(read_head("GET /" + std::string(HttpLimits::request_line_bytes_max, 'a'))), 414U);
}

TEST(Http, AllowsAHeadUpToItsLimitAndNotOneByteMore) {
    const auto with_head = [](std::size_t bytes) {
        const auto rest = get("X-A: \r\n").size();
        return get("X-A: " + std::string(bytes - rest, 'a') + "\r\n");
    };
    EXPECT_EQ(status_of(read_head(with_head(HttpLimits::head_bytes_max))), 200U);
    EXPECT_EQ(status_of(read_head(with_head(HttpLimits::head_bytes_max + 1))), 431U);
    EXPECT_EQ(status_of(read_head(with_head(HttpLimits::head_bytes_max + 100).substr(0, HttpLimits::head_bytes_max))), 431U);
}

TEST(Http, AllowsFieldsUpToTheirLimitAndNotOneMore) {
    const auto with_fields = [](std::size_t count) {
        std::string fields;
        for (std::size_t i = 1; i < count; ++i) fields += "X: y\r\n";  // Host is one of them
        return get(fields);
    };
    EXPECT_EQ(status_of(read_head(with_fields(HttpLimits::fields_max))), 200U);
    EXPECT_EQ(status_of(read_head(with_fields(HttpLimits::fields_max + 1))), 431U);
}

TEST(Http, KnowsOneExpectation) {
    EXPECT_TRUE(std::get<RequestHead>(read_head(get("Expect: 100-Continue\r\n"))).expects_continue);
    EXPECT_EQ(std::get<RequestHead>(read_head(get("Expect: 200-maybe\r\n"))).obstacle, RequestHead::Obstacle::expectation);
}

}  // namespace
}  // namespace gazetted
