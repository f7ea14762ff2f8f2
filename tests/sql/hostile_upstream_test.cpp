// Upstreams that mean harm, each fetched for real and taken in: its source alone shows an error.

#include "daemon/fetcher.hpp"
#include "daemon/ingest.hpp"
#include "daemon/poller.hpp"
#include "tests/support/recording_upstream.hpp"
#include "tests/support/test_database.hpp"

#include <gtest/gtest.h>

#include <future>
#include <random>
#include <thread>

namespace gazetted {
namespace {

using namespace std::chrono_literals;
using Manner = UpstreamAnswer::Manner;

std::string feed_of(const std::string& entries) {
    return "<feed xmlns='http://www.w3.org/2005/Atom'><title>A blog</title><id>urn:blog</id>" + entries + "</feed>";
}
const std::string good_entry = "<entry><id>urn:blog:1</id><title>One</title><updated>2026-03-01T00:00:00Z</updated></entry>";

/// A source that was polled well once, and articles of somebody else.
struct HostileUpstream : ::testing::Test {
    HostileUpstream() {
        database.run(
            "INSERT INTO sources (slug) VALUES ('victim');"
            "INSERT INTO articles (id, title, content, source_id) SELECT 'urn:victim:1', 'Theirs', 'text', id FROM sources;"
            "INSERT INTO articles (id, title) VALUES ('urn:mine', 'Mine')");
        before = others();
        source_id = store.source("blog", "", "");
    }

    std::string others() const {
        return database.value(
            "SELECT string_agg(a::text, '|' ORDER BY a.id) FROM articles a LEFT JOIN sources s ON s.id = a.source_id "
            "WHERE s.slug IS DISTINCT FROM 'blog'");
    }
    std::string own_titles() const {
        return database.value(
            "SELECT string_agg(title, '|' ORDER BY title) FROM articles WHERE withdrawn IS NULL AND source_id = " +
            std::to_string(source_id));
    }
    void subscribe(const std::string& url) { EXPECT_TRUE(store.subscribe(source_id, url, true, {})); }
    IngestSummary poll(FetcherConfig config = {}) {
        Fetcher fetcher(std::move(config));
        const auto claimed = store.claim_subscription(source_id, random_uuid(), {}).value();
        std::promise<FetchResult> fetched;
        fetcher.start(request_of(claimed, "Gazetted"), [&](FetchResult result) { fetched.set_value(std::move(result)); });
        return ingest(store, claimed, fetched.get_future().get(), {}, std::chrono::sys_days(std::chrono::year(2026) / 3 / 10),
                      0);
    }

    /// After one good answer comes `answer`; its source shows an error with these words, and nothing else has changed.
    void expect_harmless(UpstreamAnswer answer, const std::string& words, FetchLimits limits = {}) {
        upstream.answer("/feed", {.body = feed_of(good_entry)});
        subscribe(upstream.url());
        EXPECT_EQ(poll().error, "");
        upstream.answer("/feed", std::move(answer));
        expect_error(poll({.limits = limits}), words);
    }
    void expect_error(const IngestSummary& summary, const std::string& words) {
        EXPECT_NE(summary.error.find(words), std::string::npos) << summary.error;
        EXPECT_EQ(store.subscriptions("blog").at(0).error, summary.error);
        EXPECT_EQ(store.subscriptions({}, true).size(), 1U);
        EXPECT_EQ(own_titles(), "One");
        EXPECT_EQ(others(), before);
    }

    TestDatabase database;
    Store store{database.url()};
    RecordingUpstream upstream;
    std::int64_t source_id = 0;
    std::string before;
};

TEST_F(HostileUpstream, SendsAByteNowAndThen) {
    expect_harmless({.body = feed_of(good_entry), .manner = Manner::drip, .pause = 20ms}, "sent only", {.slow_window = 300ms});
}

TEST_F(HostileUpstream, SendsABodyWithoutEnd) {
    expect_harmless({.body = "<entry/>", .manner = Manner::endless_body}, "sends more than 50000 bytes",
                    {.body_bytes_max = 50'000});
}

TEST_F(HostileUpstream, SendsTwoGigabytesOfXmlThatAreNeverHeld) {
    // As much as the client takes; the limit is that of everywhere, and what stands behind it is never asked for.
    expect_harmless({.fields = {{"Content-Length", "2147483648"}, {"Content-Type", "application/atom+xml"}},
                     .body = "<entry><id>urn:blog:2</id><title>Two</title></entry>",
                     .manner = Manner::endless_body},
                    "sends more than 16777216 bytes");
}

TEST_F(HostileUpstream, RedirectsAHundredTimes) {
    for (int i = 1; i <= 100; ++i)
        upstream.answer("/" + std::to_string(i), {.status = 302, .fields = {{"Location", "/" + std::to_string(i + 1)}}});
    expect_harmless({.status = 302, .fields = {{"Location", "/1"}}}, "after 5 redirects");
    EXPECT_LE(upstream.request_count(), 1U + 6U);
}

TEST_F(HostileUpstream, SendsABombInGzip) {
    expect_harmless({.fields = {{"Content-Encoding", "gzip"}}, .body = encoded("gzip", std::string(8 << 20, ' '))},
                    "grows more than 200 times");
}

TEST_F(HostileUpstream, SendsAnotherFeed) {
    expect_harmless({.body = "<feed xmlns='http://www.w3.org/2005/Atom'><title>Casino</title><id>urn:casino</id><entry>"
                             "<id>urn:casino:1</id><title>Win</title></entry></feed>"},
                    "another feed answers at this address");
}

TEST_F(HostileUpstream, ForgesIdsOfAnotherSource) {
    std::string forged, deleted;
    for (const std::string id : {"urn:victim:1", "urn:mine"}) {
        forged += "<entry><id>" + id + "</id><title>Forged</title></entry>";
        deleted += "<at:deleted-entry xmlns:at='http://purl.org/atompub/tombstones/1.0' ref='" + id +
                   "' when='2026-03-09T00:00:00Z'/>";
    }
    upstream.answer("localhost", "/feed", {{.body = feed_of(good_entry + forged)}, {.body = feed_of(good_entry + deleted)}});
    subscribe(upstream.url());
    EXPECT_EQ(poll().added, 3U) << "they are its own articles, with ids of ours";
    EXPECT_EQ(own_titles(), "Forged|Forged|One");
    EXPECT_EQ(others(), before);
    EXPECT_EQ(poll().withdrawn, 2U) << "its own alone";
    EXPECT_EQ(own_titles(), "One");
    EXPECT_EQ(others(), before);
}

TEST_F(HostileUpstream, HasACertificateThatNobodyVouchesFor) {
    RecordingUpstream secure(RecordingUpstream::Speech::tls);
    secure.answer("/feed", {.body = feed_of(good_entry)});
    subscribe(secure.url());
    EXPECT_EQ(poll({.ca_file = secure.ca_file()}).error, "");
    expect_error(poll(), "certificate");
}

TEST_F(HostileUpstream, HasANameThatLeadsElsewhereAtTheSecondLook) {
    upstream.answer("rebinding.example", "/feed", {{.body = feed_of(good_entry)}});
    EXPECT_TRUE(store.subscribe(source_id, upstream.url("/feed", "rebinding.example"), false, {}));
    int looks = 0;
    FetcherConfig config;
    config.outgoing.networks_allowed = {parse_network("127.0.0.1/32").value()};
    config.look_up = [&](const std::string&) -> Result<std::vector<IpAddress>> {
        // Allowed at first; at any later look a private address.
        return std::vector<IpAddress>{parse_ip_address(looks++ == 0 ? "127.0.0.1" : "10.0.0.1").value()};
    };
    EXPECT_EQ(poll(config).error, "");
    EXPECT_EQ(looks, 1) << "what was checked is what is connected to";
    expect_error(poll(config), "is not fetched from");
}

TEST_F(HostileUpstream, LinksEntriesToAddressesThatNoIndexTakes) {
    // Of random characters: PostgreSQL compresses others until they fit.
    std::mt19937 generator(6);
    std::string link = "https://blog.example/";
    while (link.size() < 3'500) link += "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"[generator() % 64];
    upstream.answer("/feed", {.body = feed_of(good_entry + "<entry><id>urn:blog:2</id><title>Two</title><link href='" + link +
                                              "'/></entry>")});
    subscribe(upstream.url());
    EXPECT_EQ(poll().error, "");
    EXPECT_EQ(own_titles(), "One|Two");
    EXPECT_EQ(database.value("SELECT url FROM articles WHERE title = 'Two'"), link);
}

TEST_F(HostileUpstream, HasAnEntryOfBeforeUnderBothSchemes) {
    const auto entry = [](const std::string& scheme, const std::string& title) {
        return "<entry><id>" + scheme + "://blog.example/1</id><title>" + title + "</title></entry>";
    };
    upstream.answer("localhost", "/feed",
                    {{.body = feed_of(entry("http", "One"))},
                     {.body = feed_of(entry("https", "One, with a lock") + entry("http", "One, mended"))}});
    subscribe(upstream.url());
    poll();
    const auto summary = poll();
    EXPECT_EQ(summary.error, "");
    EXPECT_EQ(own_titles(), "One, mended|One, with a lock");
    EXPECT_EQ(database.value("SELECT title FROM articles WHERE id = 'http://blog.example/1'"), "One, mended");
}

TEST_F(HostileUpstream, IsAskedThroughTheProxyThatIsConfiguredAlone) {
    RecordingUpstream proxy;
    proxy.answer_all([](const UpstreamRequest&) { return UpstreamAnswer{.body = feed_of(good_entry)}; });
    EXPECT_TRUE(store.subscribe(source_id, "http://blog.example/feed", false, {}));
    EXPECT_EQ(poll({.proxy = proxy.url("")}).added, 1U);
    EXPECT_EQ(proxy.requests().at(0).target, "http://blog.example/feed");
    EXPECT_EQ(upstream.connections(), 0U);
}

/// A Poller with a healthy source beside one whose article PostgreSQL refuses, with the SQLSTATE of the test.
struct RefusedUpstream : HostileUpstream, ::testing::WithParamInterface<const char*> {
    bool comes_to_be(const std::string& query, const std::string& value) const {
        for (const auto end = std::chrono::steady_clock::now() + 60s; std::chrono::steady_clock::now() < end;
             std::this_thread::sleep_for(10ms))
            if (database.value(query) == value) return true;
        return false;
    }
    void poll_both() const { database.run("UPDATE subscriptions SET next_poll = now()"); }
};

TEST_P(RefusedUpstream, StopsNoOther) {
    upstream.answer("/feed", {.body = feed_of(good_entry)});
    upstream.answer("healthy.localhost", "/feed",
                    {{.body = "<feed xmlns='http://www.w3.org/2005/Atom'><title>Healthy</title><id>urn:h</id></feed>"}});
    subscribe(upstream.url());
    EXPECT_TRUE(store.subscribe(store.source("healthy", "", ""), upstream.url("/feed", "healthy.localhost"), true, {}));
    database.run(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF NEW.title = 'Bad' THEN RAISE EXCEPTION USING ERRCODE = '" +
        std::string(GetParam()) +
        "', MESSAGE = 'this is too much'; END IF; RETURN NEW; END $$;"
        "CREATE TRIGGER refuse BEFORE INSERT ON articles FOR EACH ROW EXECUTE FUNCTION refuse()");
    const std::string of_blog = " FROM subscriptions WHERE source_id = " + std::to_string(source_id);
    const std::string of_other = " FROM subscriptions WHERE source_id <> " + std::to_string(source_id);
    PollingLedger ledger;
    const Poller poller(database.url(), {.user_agent = "Gazetted", .host_spacing = 0ms}, ledger);
    ASSERT_TRUE(comes_to_be("SELECT min(polls) FROM subscriptions", "1"));

    upstream.answer("/feed", {.body = feed_of("<entry><id>urn:blog:2</id><title>Bad</title></entry>")});
    poll_both();
    ASSERT_TRUE(comes_to_be("SELECT failures" + of_blog, "1"));
    const Subscription failing = store.subscriptions("blog", true).at(0);
    EXPECT_NE(failing.error.find("this is too much"), std::string::npos) << failing.error;
    EXPECT_NE(failing.error.find("source show --document bad"), std::string::npos) << failing.error;
    EXPECT_EQ(database.value("SELECT next_poll > now() + interval '59 minutes'" + of_blog), "t");
    EXPECT_NE(store.upstream_document(source_id, false).value_or("").find("Bad"), std::string::npos);
    EXPECT_EQ(own_titles(), "One");
    EXPECT_EQ(ledger.figures().polls.at("failed"), 1U);
    ASSERT_TRUE(comes_to_be("SELECT polls" + of_other, "2"));

    poll_both();
    EXPECT_TRUE(comes_to_be("SELECT polls" + of_other, "3")) << "the others are asked on";
    EXPECT_EQ(store.subscriptions({}, true).size(), 1U);
}

// A limit, a fault of the server, a missing right, a time-out, a deadlock.
INSTANTIATE_TEST_SUITE_P(Sqlstate, RefusedUpstream, ::testing::Values("54000", "XX000", "42501", "57014", "40P01"));

}  // namespace
}  // namespace gazetted
