#include "daemon/fetcher.hpp"

#include "tests/support/recording_upstream.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <future>
#include <memory>
#include <set>

namespace gazetted {
namespace {

using namespace std::chrono_literals;
using Manner = UpstreamAnswer::Manner;

/// What a test wants of a request to an upstream on this machine.
FetchRequest to(const std::string& url, HttpFields fields = {}) {
    return {.url = url, .fields = std::move(fields), .reach = Reach::local_networks};
}

std::future<FetchResult> begin(Fetcher& fetcher, FetchRequest request) {
    auto promise = std::make_shared<std::promise<FetchResult>>();
    fetcher.start(std::move(request), [promise](FetchResult result) { promise->set_value(std::move(result)); });
    return promise->get_future();
}

FetchResult fetch(Fetcher& fetcher, FetchRequest request) { return begin(fetcher, std::move(request)).get(); }

FetchResult fetch(FetchRequest request, FetchLimits limits = {}) {
    Fetcher fetcher({.limits = limits});
    return fetch(fetcher, std::move(request));
}

/// What comes of it where the upstream answers so.
FetchResult fetch_of(UpstreamAnswer answer, FetchLimits limits = {}) {
    RecordingUpstream upstream;
    upstream.answer("/feed", std::move(answer));
    return fetch(to(upstream.url()), limits);
}

testing::AssertionResult ends_so(const char*, const char* expected, const FetchResult& result, FetchOutcome outcome) {
    if (result.outcome == outcome) return testing::AssertionSuccess();
    return testing::AssertionFailure() << "not " << expected << " but " << to_string(result.outcome) << ": " << result.reason;
}
#define EXPECT_OUTCOME(result, expected) EXPECT_PRED_FORMAT2(ends_so, result, FetchOutcome::expected)

// ---- What is asked and what comes back

TEST(Fetcher, AsksExactlyWhatItIsToldTo) {
    RecordingUpstream upstream;
    upstream.answer("/feed?a=%20b", {.body = "feed"});
    const HttpFields fields = {{"User-Agent", "Gazetted/1 (+https://x.example/; 3 subscribers)"},
                               {"If-None-Match", R"(W/"a, \"b\"  c", "d";e)"},
                               {"If-Modified-Since", "Thu,  1-Jan-70 00:00:00 +0000"},
                               {"A-IM", "feed"},
                               {"X-Empty", ""}};
    EXPECT_EQ(fetch(to(upstream.url("/feed?a=%20b"), fields)).body, "feed");

    const auto asked = upstream.requests().at(0);
    EXPECT_EQ(asked.method, "GET");
    for (const auto& [name, value] : fields) EXPECT_EQ(asked.field(name), value);
    std::set<std::string> names;
    for (const auto& [name, value] : asked.fields) names.insert(name);
    EXPECT_EQ(names, (std::set<std::string>{"Host", "Accept-Encoding", "User-Agent", "If-None-Match", "If-Modified-Since",
                                            "A-IM", "X-Empty"}));
    EXPECT_EQ(asked.field("Host"), "localhost:" + std::to_string(upstream.port()));
    for (const char* coding : {"gzip", "br", "zstd"}) EXPECT_NE(asked.field("Accept-Encoding").find(coding), std::string::npos);
}

TEST(Fetcher, NeverSendsBackACookieOrSaysWhereItCameFrom) {
    RecordingUpstream upstream;
    upstream.answer("localhost", "/feed", {{.status = 302, .fields = {{"Set-Cookie", "a=b"}, {"Location", "/two"}}}});
    upstream.answer("/two", {.fields = {{"Set-Cookie", "c=d; Path=/"}}});
    Fetcher fetcher({});
    for (int i = 0; i < 2; ++i) EXPECT_OUTCOME(fetch(fetcher, to(upstream.url())), answered);
    for (const auto& asked : upstream.requests()) EXPECT_FALSE(asked.has("Cookie") || asked.has("Referer"));
    EXPECT_EQ(upstream.request_count(), 4U);
}

TEST(Fetcher, GivesBackTheFieldsByteForByte) {
    const HttpFields fields = {{"ETag", "W/\"x\\\"  y"},
                               {"last-modified", "Yesterday, at\ttea \xe9"},
                               {"X-Twice", "1"},
                               {"X-Twice", "2"},
                               {"X-Empty", ""}};
    const auto result = fetch_of({.status = 404, .fields = fields, .body = "gone?"});
    EXPECT_OUTCOME(result, answered);
    EXPECT_EQ(result.status, 404);
    EXPECT_EQ(HttpFields(result.fields.begin(), result.fields.begin() + 5), fields);
    EXPECT_EQ(*result.field("Last-Modified"), fields[1].second);
    EXPECT_EQ(result.field("Expires"), nullptr);
    EXPECT_EQ(result.body, "gone?");
    EXPECT_EQ(result.peer_address, "127.0.0.1");
}

TEST(Fetcher, TakesAnAnswerWithoutABody) {
    const auto result = fetch_of({.status = 304, .fields = {{"ETag", "\"1\""}}});
    EXPECT_OUTCOME(result, answered);
    EXPECT_EQ(result.status, 304);
    EXPECT_EQ(*result.field("ETag"), "\"1\"");
}

TEST(Fetcher, ReadsBodiesInEveryFraming) {
    for (const auto manner : {Manner::whole, Manner::chunked, Manner::until_close}) {
        const auto result = fetch_of({.body = "a body", .manner = manner});
        EXPECT_OUTCOME(result, answered);
        EXPECT_EQ(result.body, "a body");
    }
}

TEST(Fetcher, DecodesEveryCodingThatItOffers) {
    std::string feed;
    for (int i = 0; i < 2'000; ++i) feed += "entry " + std::to_string(i * i) + "\n";
    for (const char* coding : {"gzip", "br", "zstd"}) {
        const auto result = fetch_of({.fields = {{"Content-Encoding", coding}}, .body = encoded(coding, feed)});
        EXPECT_EQ(result.body, feed) << coding << " " << result.reason;
        EXPECT_LT(result.bytes_received, feed.size() / 2) << coding;
    }
}

TEST(Fetcher, SaysWhereABodyIsNotInItsCoding) {
    EXPECT_OUTCOME(fetch_of({.fields = {{"Content-Encoding", "gzip"}}, .body = "not at all compressed"}), undecodable);
    EXPECT_OUTCOME(fetch_of({.fields = {{"Content-Encoding", "compress"}}, .body = "in what nobody offered"}), undecodable);
}

TEST(Fetcher, RefusesToSendFieldsThatWouldBeMore) {
    RecordingUpstream upstream;
    for (const HttpFields& fields :
         {HttpFields{{"If-None-Match", "\"a\"\r\nX: y"}}, {{"Name: x", "y"}}, {{"", "y"}}, {{"A", std::string("b\0c", 3)}}})
        EXPECT_OUTCOME(fetch(to(upstream.url(), fields)), refused_url);
    EXPECT_EQ(upstream.request_count(), 0U);
}

// ---- Connections

TEST(Fetcher, UsesOneConnectionForAHostAndNeverTwoAtOnce) {
    RecordingUpstream upstream;
    std::promise<void> all_wait;
    const auto waiting = all_wait.get_future().share();
    upstream.answer_all([&](const UpstreamRequest&) {
        waiting.wait();
        return UpstreamAnswer{.body = "feed", .manner = Manner::drip, .pause = 2ms};
    });
    Fetcher fetcher({});
    std::vector<std::future<FetchResult>> results;
    for (int i = 0; i < 20; ++i) results.push_back(begin(fetcher, to(upstream.url("/" + std::to_string(i)))));
    all_wait.set_value();
    for (auto& result : results) EXPECT_OUTCOME(result.get(), answered);
    EXPECT_EQ(upstream.request_count(), 20U);
    EXPECT_EQ(upstream.connections(), 1U);
}

TEST(Fetcher, KeepsNoConnectionThatNobodyWaitsFor) {
    RecordingUpstream upstream;
    upstream.answer("localhost", "/feed", {{.status = 302, .fields = {{"Location", "/two"}}}});
    upstream.answer("/two", {.body = "feed"});
    Fetcher fetcher({});
    for (int i = 0; i < 2; ++i) EXPECT_OUTCOME(fetch(fetcher, to(upstream.url())), answered);
    std::vector<std::size_t> connections;
    for (const auto& asked : upstream.requests()) connections.push_back(asked.connection);
    EXPECT_EQ(connections, (std::vector<std::size_t>{1, 1, 2, 2}));
}

TEST(Fetcher, RunsSoManyTransfersAndNoMore) {
    RecordingUpstream upstream;
    std::atomic<std::size_t> finished = 0, most = 0;
    upstream.answer_all([&](const UpstreamRequest& request) {
        most = std::max<std::size_t>(most, request.number - finished);
        return UpstreamAnswer{.body = "0123456789", .manner = Manner::drip, .pause = 3ms};
    });
    Fetcher fetcher({.limits = {.transfers_max = 3}});
    std::promise<void> all;
    for (int i = 0; i < 12; ++i) {
        fetcher.start(to(upstream.url("/", "s" + std::to_string(i) + ".localhost")), [&](const FetchResult& result) {
            EXPECT_OUTCOME(result, answered);
            if (++finished == 12) all.set_value();
        });
    }
    all.get_future().get();
    EXPECT_LE(most, 3U);
    EXPECT_GE(most, 2U);
}

TEST(Fetcher, EndsWhatIsUnderWayAndWhatWaitsWhenItEnds) {
    RecordingUpstream upstream;
    upstream.answer("/feed", {.manner = Manner::silence});
    std::vector<std::future<FetchResult>> results;
    {
        Fetcher fetcher({});
        for (int i = 0; i < 3; ++i) results.push_back(begin(fetcher, to(upstream.url())));
    }
    for (auto& result : results) EXPECT_OUTCOME(result.get(), stopped);
}

TEST(Fetcher, MayBeAskedForMoreByWhomItAnswers) {
    RecordingUpstream upstream;
    upstream.answer("/feed", {.body = "feed"});
    Fetcher fetcher({});
    std::promise<FetchResult> second;
    fetcher.start(to(upstream.url()), [&](const FetchResult&) {
        fetcher.start(to(upstream.url()), [&](FetchResult result) { second.set_value(std::move(result)); });
    });
    EXPECT_EQ(second.get_future().get().body, "feed");
}

TEST(Fetcher, TakesNoProxyFromTheEnvironment) {
    RecordingUpstream upstream;
    upstream.answer("/feed", {.body = "feed"});
    ::setenv("http_proxy", "http://127.0.0.1:9/", 1);
    EXPECT_OUTCOME(fetch(to(upstream.url())), answered);
    ::unsetenv("http_proxy");
}

TEST(Fetcher, AsksTheProxyThatIsConfigured) {
    RecordingUpstream proxy;
    proxy.answer_all([](const UpstreamRequest&) { return UpstreamAnswer{.body = "by proxy"}; });
    Fetcher fetcher({.proxy = proxy.url("")});
    EXPECT_EQ(fetch(fetcher, {.url = "http://feeds.example/a"}).body, "by proxy");
    EXPECT_EQ(proxy.requests().at(0).target, "http://feeds.example/a");
    EXPECT_OUTCOME(fetch(fetcher, {.url = "http://10.0.0.1/a"}), refused_address);
    EXPECT_OUTCOME(fetch(fetcher, {.url = "http://feeds.example:22/a"}), refused_address);
    EXPECT_EQ(proxy.request_count(), 1U);
}

/// The most memory that this process ever held.
long peak_kb() {
    std::ifstream status("/proc/self/status");
    for (std::string word; status >> word;)
        if (word == "VmHWM:") return status >> word, std::stol(word);
    return 0;
}

TEST(Fetcher, MakesAThousandTransfersInBoundedMemory) {
    RecordingUpstream upstream;
    const std::string feed(100'000, 'x');
    upstream.answer_all([&](const UpstreamRequest&) { return UpstreamAnswer{.body = feed}; });
    Fetcher fetcher({});
    std::promise<void> all;
    std::atomic<int> left = 1'000;
    [[maybe_unused]] const auto before_kb = peak_kb();
    for (int i = 0; i < 1'000; ++i) {
        fetcher.start(to(upstream.url("/feed", "s" + std::to_string(i) + ".localhost")), [&](const FetchResult& result) {
            EXPECT_OUTCOME(result, answered);
            EXPECT_EQ(result.body.size(), feed.size());
            if (--left == 0) all.set_value();
        });
    }
    all.get_future().get();
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    EXPECT_LT(peak_kb() - before_kb, 64 << 10) << "64 transfers of 100 kB, and the threads of the upstream";
#endif
    EXPECT_EQ(upstream.request_count(), 1'000U);
}

// ---- Redirects

TEST(Fetcher, FollowsRedirectsAndTellsEachOfThem) {
    RecordingUpstream upstream;
    upstream.answer("/feed", {.status = 301, .fields = {{"Location", "a?b#c"}}, .body = "moved"});
    upstream.answer("/a?b", {.status = 302, .fields = {{"Location", upstream.url("/c", "other.localhost")}}});
    upstream.answer("other.localhost", "/c",
                    {{.status = 308, .fields = {{"Location", "//localhost:" + std::to_string(upstream.port()) + "/d"}}}});
    upstream.answer("/d", {.body = "feed"});
    const auto result = fetch(to(upstream.url(), {{"If-None-Match", "\"x\""}}));
    EXPECT_EQ(result.body, "feed") << result.reason;
    EXPECT_EQ(result.effective_url, upstream.url("/d"));
    ASSERT_EQ(result.hops.size(), 3U);
    EXPECT_EQ(result.hops[0].status, 301);
    EXPECT_EQ(result.hops[0].from_url, upstream.url());
    EXPECT_EQ(result.hops[0].to_url, upstream.url("/a?b"));
    EXPECT_EQ(result.hops[1].to_url, upstream.url("/c", "other.localhost"));
    EXPECT_EQ(result.hops[2].status, 308);
    for (const auto& asked : upstream.requests()) EXPECT_EQ(asked.field("If-None-Match"), "\"x\"");
}

TEST(Fetcher, FollowsSoManyRedirectsAndNoMore) {
    RecordingUpstream upstream;
    upstream.answer_all([](const UpstreamRequest& request) {
        const auto left = std::stoi(request.target.substr(1));
        if (left == 0) return UpstreamAnswer{.body = "feed"};
        return UpstreamAnswer{.status = 307, .fields = {{"Location", "/" + std::to_string(left - 1)}}};
    });
    EXPECT_EQ(fetch(to(upstream.url("/5"))).body, "feed");
    const auto result = fetch(to(upstream.url("/100")));
    EXPECT_OUTCOME(result, too_many_redirects);
    EXPECT_EQ(result.hops.size(), FetchLimits{}.redirects_max);
    EXPECT_EQ(upstream.request_count(), 6U + 6U);
}

TEST(Fetcher, RefusesARedirectToNowhereOrElsewhere) {
    EXPECT_OUTCOME(fetch_of({.status = 302}), bad_redirect);
    for (const auto& location :
         {std::string("file:///etc/passwd"), std::string("gopher://127.0.0.1:6379/_x"), std::string("javascript:alert(1)"),
          std::string("http://"), "http://feeds.example/" + std::string(outgoing_url_bytes_max, 'a')})
        EXPECT_OUTCOME(fetch_of({.status = 302, .fields = {{"Location", location}}}), bad_redirect);
}

TEST(Fetcher, DoesNotWaitForTheBodyOfARedirect) {
    RecordingUpstream upstream;
    upstream.answer("/feed", {.status = 302, .fields = {{"Location", "/two"}}, .manner = Manner::endless_body});
    upstream.answer("/two", {.body = "feed"});
    EXPECT_EQ(fetch(to(upstream.url())).body, "feed");
}

TEST(Fetcher, TakesNoOtherStatusForARedirect) {
    for (const int status : {300, 304, 305, 306, 399})
        EXPECT_OUTCOME(fetch_of({.status = status, .fields = {{"Location", "/two"}}}), answered);
}

// ---- Credentials

TEST(Fetcher, KeepsCredentialsAtTheOriginTheyAreFor) {
    RecordingUpstream upstream, other;
    upstream.answer("/feed", {.status = 302, .fields = {{"Location", "/near"}}});
    upstream.answer("/near", {.status = 302, .fields = {{"Location", other.url("/far")}}});
    other.answer("/far", {.status = 302, .fields = {{"Location", upstream.url("/back", "other.localhost")}}});
    upstream.answer("other.localhost", "/back", {{.body = "feed"}});
    EXPECT_EQ(fetch(to(upstream.url(), {{"authorization", "Bearer secret"}, {"Cookie", "secret"}})).body, "feed");
    const auto asked = upstream.requests();
    for (const auto i : {0U, 1U}) {
        EXPECT_EQ(asked.at(i).field("Authorization"), "Bearer secret") << i;
        EXPECT_EQ(asked.at(i).field("Cookie"), "secret") << i;
    }
    EXPECT_FALSE(asked.at(2).has("Authorization") || asked.at(2).has("Cookie"));
    EXPECT_FALSE(other.requests().at(0).has("Authorization") || other.requests().at(0).has("Cookie"));
}

TEST(Fetcher, SendsCredentialsOfTheUrlAndShowsThemNowhere) {
    RecordingUpstream upstream;
    const auto url = "http://me:s%3Acret@localhost:" + std::to_string(upstream.port());
    upstream.answer(
        "/feed",
        {.status = 301, .fields = {{"Location", "http://you:hidden@localhost:" + std::to_string(upstream.port()) + "/a"}}});
    upstream.answer("/a", {.manner = Manner::close_unanswered});
    const auto result = fetch(to(url + "/feed"));
    EXPECT_EQ(upstream.requests().at(0).field("Authorization"), "Basic bWU6czpjcmV0");
    EXPECT_EQ(upstream.requests().at(0).target, "/feed");
    EXPECT_OUTCOME(result, broken_off);
    const auto shown = result.reason + result.effective_url + result.hops.at(0).from_url + result.hops.at(0).to_url;
    for (const char* secret : {"cret", "hidden", "me:", "@"}) EXPECT_EQ(shown.find(secret), std::string::npos) << shown;
}

// ---- TLS

TEST(Fetcher, SpeaksTlsToWhomItCanTrust) {
    RecordingUpstream upstream(RecordingUpstream::Speech::tls);
    upstream.answer("/feed", {.body = "feed"});
    Fetcher fetcher({.ca_file = upstream.ca_file()});
    const auto result = fetch(fetcher, to(upstream.url()));
    EXPECT_EQ(result.body, "feed") << result.reason;
    EXPECT_EQ(upstream.protocols_offered(), "h2,http/1.1");
}

TEST(Fetcher, TrustsNoCertificateThatNobodyVouchesForOrOfAnotherName) {
    RecordingUpstream upstream(RecordingUpstream::Speech::tls);
    const auto stranger = fetch(to(upstream.url()));
    EXPECT_OUTCOME(stranger, tls_failed);
    EXPECT_NE(stranger.reason.find("certificate"), std::string::npos) << stranger.reason;
    Fetcher fetcher({.ca_file = upstream.ca_file()});
    EXPECT_OUTCOME(fetch(fetcher, to(upstream.url("/feed", "other.localhost"))), tls_failed);
    EXPECT_EQ(upstream.request_count(), 0U);
}

TEST(Fetcher, SpeaksNoTlsOlderThan12AndNoneToWhomSpeaksNone) {
    RecordingUpstream old(RecordingUpstream::Speech::tls_1_1), plain;
    Fetcher fetcher({.ca_file = old.ca_file()});
    EXPECT_OUTCOME(fetch(fetcher, to(old.url())), tls_failed);
    EXPECT_OUTCOME(fetch(to("https://localhost:" + std::to_string(plain.port()) + "/feed")), tls_failed);
}

TEST(Fetcher, FollowsARedirectFromTlsToNoneWithoutCredentials) {
    RecordingUpstream secure(RecordingUpstream::Speech::tls), plain;
    secure.answer("/feed", {.status = 301, .fields = {{"Location", plain.url("/plain")}}});
    plain.answer("/plain", {.body = "feed"});
    Fetcher fetcher({.ca_file = secure.ca_file()});
    const auto result = fetch(fetcher, to(secure.url(), {{"Authorization", "Bearer secret"}}));
    EXPECT_EQ(result.body, "feed");
    EXPECT_EQ(result.hops.at(0).to_url, plain.url("/plain"));
    EXPECT_EQ(secure.requests().at(0).field("Authorization"), "Bearer secret");
    EXPECT_FALSE(plain.requests().at(0).has("Authorization"));
}

// ---- Limits

TEST(Fetcher, TakesABodyOfSoManyBytesAndNoMore) {
    const FetchLimits limits{.body_bytes_max = 50'000};
    for (const auto manner : {Manner::whole, Manner::chunked, Manner::until_close}) {
        EXPECT_EQ(fetch_of({.body = std::string(50'000, 'x'), .manner = manner}, limits).body.size(), 50'000U);
        const auto result = fetch_of({.body = std::string(50'001, 'x'), .manner = manner}, limits);
        EXPECT_OUTCOME(result, too_large);
        EXPECT_EQ(result.body, "");
    }
    EXPECT_OUTCOME(fetch_of({.body = "more and ", .manner = Manner::endless_body}, limits), too_large);
}

TEST(Fetcher, CountsBytesAsTheyAreDecoded) {
    const FetchLimits limits{.body_bytes_max = 50'000};
    for (const char* coding : {"gzip", "br", "zstd"}) {
        const auto answer = [&](std::size_t bytes) {
            return UpstreamAnswer{.fields = {{"Content-Encoding", coding}}, .body = encoded(coding, std::string(bytes, 'x'))};
        };
        EXPECT_OUTCOME(fetch_of(answer(50'000), limits), answered);
        EXPECT_OUTCOME(fetch_of(answer(50'001), limits), too_large);
    }
}

TEST(Fetcher, LetsABodyGrowSoManyTimesAndNoMore) {
    const std::string body(4 << 20, 'x');
    for (const char* coding : {"gzip", "br", "zstd"}) {
        const auto packed = encoded(coding, body);
        const UpstreamAnswer answer{.fields = {{"Content-Encoding", coding}}, .body = packed};
        const auto times = body.size() / packed.size();
        EXPECT_OUTCOME(fetch_of(answer, {.expansion_max = times + 1}), answered);
        EXPECT_OUTCOME(fetch_of(answer, {.expansion_max = times - 1}), too_large) << coding;
        EXPECT_OUTCOME(fetch_of(answer, {.expansion_max = 1, .expansion_free_bytes = body.size()}), answered) << coding;
    }
}

TEST(Fetcher, CountsWhatIsDecompressedToNothing) {
    std::string nothing;
    for (int i = 0; i < 2'000; ++i) nothing += encoded("zstd", "");
    const UpstreamAnswer answer{.fields = {{"Content-Encoding", "zstd"}}, .body = nothing};
    EXPECT_OUTCOME(fetch_of(answer, {.body_bytes_max = nothing.size() / 2}), too_large);
}

TEST(Fetcher, TakesAHeadOfSoManyBytesAndNoMore) {
    const std::string head = "HTTP/1.1 200 OK\r\nETag: \"1\"\r\nContent-Length: 4\r\n\r\n";
    const UpstreamAnswer answer{.fields = {{"ETag", "\"1\""}}, .body = "feed"};
    EXPECT_OUTCOME(fetch_of(answer, {.head_bytes_max = head.size()}), answered);
    EXPECT_OUTCOME(fetch_of(answer, {.head_bytes_max = head.size() - 1}), too_large);
    for (const auto manner : {Manner::endless_head, Manner::endless_interim, Manner::endless_line})
        EXPECT_OUTCOME(fetch_of({.manner = manner}), too_large) << static_cast<int>(manner);
}

TEST(Fetcher, WaitsForAnAnswerForSoLongAndNoLonger) {
    const FetchLimits limits{.total_timeout = 150ms};
    for (const auto manner : {Manner::silence, Manner::drip_head, Manner::drip})
        EXPECT_OUTCOME(fetch_of({.body = "a byte now and then", .manner = manner}, limits), timed_out);
    EXPECT_OUTCOME(fetch_of({.body = "now", .manner = Manner::drip, .pause = 1ms}, {.total_timeout = 5s}), answered);
}

TEST(Fetcher, CountsTheTimeOfAllHopsTogether) {
    RecordingUpstream upstream;
    upstream.answer_all([](const UpstreamRequest&) {
        return UpstreamAnswer{.status = 302,
                              .fields = {{"Location", "/more"}, {"Connection", "close"}},
                              .body = "0123456789",
                              .manner = Manner::drip,
                              .pause = 5ms};
    });
    const auto result = fetch(to(upstream.url()), {.redirects_max = 1'000, .total_timeout = 200ms});
    EXPECT_OUTCOME(result, timed_out);
    EXPECT_GE(result.hops.size(), 1U);
    EXPECT_GE(result.took, 200ms);
}

TEST(Fetcher, WaitsForAConnectionForSoLongAndNoLonger) {
    RecordingUpstream upstream(RecordingUpstream::Speech::hang);
    const auto url = "https://localhost:" + std::to_string(upstream.port()) + "/feed";
    EXPECT_OUTCOME(fetch(to(url), {.connect_timeout = 100ms}), timed_out);
}

TEST(Fetcher, WaitsForANameForSoLongAndNoLonger) {
    std::promise<void> end;
    const auto ended = end.get_future().share();
    Fetcher fetcher({.limits = {.connect_timeout = 300ms}, .look_up = [ended](const std::string& name) {
                         if (name == "slow.example") ended.wait();
                         return Result<std::vector<IpAddress>>(Error{.message = "nobody knows it"});
                     }});
    EXPECT_OUTCOME(fetch(fetcher, {.url = "http://slow.example/"}), timed_out);
    const auto unknown = fetch(fetcher, {.url = "http://unknown.example/"});
    EXPECT_OUTCOME(unknown, name_not_found);
    EXPECT_EQ(unknown.reason, "unknown.example has no address (nobody knows it); see whether its name is still right");
    end.set_value();
}

TEST(Fetcher, DoesNotWaitForAByteNowAndThen) {
    const FetchLimits limits{.slow_window = 60ms, .slow_bytes_min = 100};
    EXPECT_OUTCOME(fetch_of({.body = std::string(1'000, 'x'), .manner = Manner::drip, .pause = 5ms}, limits), too_slow);
    EXPECT_OUTCOME(fetch_of({.body = std::string(60, 'x'), .manner = Manner::drip, .pause = 5ms},
                            {.slow_window = 60ms, .slow_bytes_min = 1}),
                   answered);
}

TEST(Fetcher, TellsHowAnAnswerBrokeOff) {
    for (const auto manner : {Manner::close_halfway, Manner::close_unanswered, Manner::reset_halfway, Manner::bad_chunk}) {
        const auto result = fetch_of({.body = "half of this", .manner = manner});
        EXPECT_OUTCOME(result, broken_off) << static_cast<int>(manner);
        EXPECT_EQ(result.body, "");
    }
    EXPECT_OUTCOME(fetch_of({.fields = {{"Content-Length", "100"}}, .body = "less", .manner = Manner::until_close}),
                   broken_off);
    EXPECT_OUTCOME(fetch_of({.body = "220 mail.example ESMTP\r\n", .manner = Manner::not_http}), not_http);
}

TEST(Fetcher, TellsWhereNobodyListens) {
    unsigned short port = 0;
    { port = RecordingUpstream().port(); }
    EXPECT_OUTCOME(fetch(to("http://127.0.0.1:" + std::to_string(port) + "/feed")), cannot_connect);
}

// ---- Where it may go

TEST(Fetcher, ReachesTheInternetAloneWhereNobodySaidMore) {
    RecordingUpstream upstream;
    const auto port = ":" + std::to_string(upstream.port());
    Fetcher fetcher({});
    for (const char* host : {"localhost", "feeds.localhost", "127.0.0.1", "2130706433", "0x7f.1", "0177.1", "[::1]",
                             "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "0", "169.254.169.254", "[64:ff9b::127.0.0.1]"}) {
        const auto result = fetch(fetcher, {.url = "http://" + std::string(host) + port + "/feed"});
        EXPECT_OUTCOME(result, refused_address) << host;
        EXPECT_EQ(result.status, 0);
    }
    EXPECT_OUTCOME(fetch(fetcher, to("http://localhost:22/")), refused_address);
    EXPECT_EQ(upstream.connections(), 0U);
}

TEST(Fetcher, ChecksEveryHop) {
    RecordingUpstream open(RecordingUpstream::Speech::plain, "127.0.0.99"), closed;
    open.answer_all([&](const UpstreamRequest& request) {
        return UpstreamAnswer{.status = 302, .fields = {{"Location", request.target.substr(1)}}};
    });
    Fetcher fetcher({.outgoing = {.networks_allowed = {parse_network("127.0.0.99").value()}}});
    const auto port = ":" + std::to_string(closed.port());
    for (const auto& target : {"http://127.0.0.1" + port + "/", "http://localhost" + port + "/",
                               std::string("http://169.254.169.254/"), "http://[::ffff:127.0.0.1]" + port + "/",
                               open.url("/http://2130706433/", "127.0.0.99"), std::string("http://127.0.0.99:22/")}) {
        const auto result = fetch(fetcher, {.url = open.url("/" + target, "127.0.0.99")});
        EXPECT_NE(result.outcome, FetchOutcome::answered) << target;
        EXPECT_NE(result.outcome, FetchOutcome::cannot_connect) << target;
        EXPECT_GE(result.hops.size() + (result.outcome == FetchOutcome::bad_redirect ? 1 : 0), 1U) << target;
    }
    EXPECT_GE(open.request_count(), 6U);
    EXPECT_EQ(closed.connections(), 0U);
}

TEST(Fetcher, RefusesANameEvenOneOfWhoseAddressesIsClosed) {
    RecordingUpstream upstream(RecordingUpstream::Speech::plain, "127.0.0.99");
    Fetcher fetcher(
        {.outgoing = {.networks_allowed = {parse_network("127.0.0.99").value()}}, .look_up = [](const std::string&) {
             return Result<std::vector<IpAddress>>(std::vector{*parse_ip_address("127.0.0.99"), *parse_ip_address("10.0.0.1")});
         }});
    EXPECT_OUTCOME(fetch(fetcher, {.url = upstream.url("/", "mixed.example")}), refused_address);
    EXPECT_EQ(upstream.connections(), 0U);
}

TEST(Fetcher, UsesNoConnectionThatOnlyAnotherSourceMayUse) {
    RecordingUpstream upstream;
    std::promise<void> both_wait;
    const auto waiting = both_wait.get_future().share();
    upstream.answer_all([&](const UpstreamRequest&) {
        waiting.wait();
        return UpstreamAnswer{.body = "feed", .manner = Manner::drip, .pause = 2ms};
    });
    std::atomic<int> asked = 0;
    // A name that points elsewhere for a moment, while the connection to this machine is still open.
    Fetcher fetcher({.look_up = [&](const std::string&) {
        return Result<std::vector<IpAddress>>(std::vector{*parse_ip_address(asked++ == 0 ? "127.0.0.1" : "192.0.1.1")});
    }});
    auto allowed = begin(fetcher, to(upstream.url("/feed", "feeds.example")));
    auto stranger = begin(fetcher, {.url = upstream.url("/feed", "feeds.example")});
    both_wait.set_value();
    EXPECT_EQ(allowed.get().body, "feed");
    EXPECT_OUTCOME(stranger.get(), refused_address);
    EXPECT_EQ(upstream.request_count(), 1U);
}

}  // namespace
}  // namespace gazetted
