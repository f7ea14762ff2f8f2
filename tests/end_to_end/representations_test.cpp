// The same feed in several codings, in pieces and as differences, from a daemon with a database behind it.

#include "tests/support/daemon_process.hpp"
#include "tests/support/test_database.hpp"

#include <chrono>
#include <map>
#include <thread>

namespace gazetted {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

class Representations : public ::testing::Test {
protected:
    void SetUp() override { insert_articles(1, 12); }
    void psql(const std::string& sql) {
        const auto result = run_command(
            {"psql", database.url(), "-qX", "-v", "ON_ERROR_STOP=1", "-c", "SET search_path = gazetted", "-c", sql});
        ASSERT_EQ(result.exit_status, 0) << result.err;
    }
    void insert_articles(int first, int last) {
        psql(
            "INSERT INTO articles (id, url, title, content, published)"
            " SELECT 'urn:a:' || n, 'https://a.example/' || n, 'Article ' || n, '<p>' || repeat(md5(n::text), 9) || '</p>',"
            "        timestamptz '2024-05-01 10:00Z' + n * interval '1 hour' FROM generate_series(" +
            std::to_string(first) + ", " + std::to_string(last) + ") AS n");
    }
    // Until the answer comes in this coding; the last answer either way.
    static HttpAnswer get_coded(const DaemonProcess& daemon, const std::string& target, const std::string& coding) {
        HttpAnswer answer;
        for (const auto end = Clock::now() + 10s; Clock::now() < end; std::this_thread::sleep_for(1ms)) {
            answer = daemon.get(target, {"Accept-Encoding: " + coding});
            if (answer.fields.contains("content-encoding") && answer.fields.at("content-encoding") == coding) break;
        }
        return answer;
    }
    TestDatabase database;
};

TEST_F(Representations, ComeInEveryCodingOnTwoNodesAlike) {
    const DaemonProcess daemon({"--database", database.url(), "--base-url", "https://feeds.example"});
    const DaemonProcess second_node({"--database", database.url(), "--base-url", "https://feeds.example"});
    const auto identity = daemon.get("/all.atom");
    // br comes together with the small gzip: before, gzip may be either of two.
    for (const std::string coding : {"br", "zstd", "gzip"}) {
        const auto answer = get_coded(daemon, "/all.atom", coding);
        ASSERT_EQ(answer.fields.at("content-encoding"), coding);
        EXPECT_LT(answer.body.size(), identity.body.size());
        EXPECT_NE(answer.fields.at("etag"), identity.fields.at("etag"));
        const auto other = get_coded(second_node, "/all.atom", coding);
        EXPECT_EQ(other.body, answer.body);
        EXPECT_EQ(other.fields.at("etag"), answer.fields.at("etag"));
        EXPECT_EQ(daemon.get("/all.atom", {"Accept-Encoding: " + coding, "If-None-Match: " + answer.fields.at("etag")}).status,
                  304);
    }
}

TEST_F(Representations, OfEitherGzipAreKnownToEveryNode) {
    const DaemonProcess daemon({"--database", database.url(), "--base-url", "https://feeds.example"});
    const DaemonProcess second_node({"--database", database.url(), "--base-url", "https://feeds.example"});
    const auto first = get_coded(daemon, "/all.atom", "gzip").fields.at("etag");
    get_coded(daemon, "/all.atom", "br");
    const auto later = get_coded(daemon, "/all.atom", "gzip").fields.at("etag");
    get_coded(second_node, "/all.atom", "gzip");
    for (const DaemonProcess* node : {&daemon, &second_node})
        for (const auto& etag : {first, later}) {
            const auto answer = node->get("/all.atom", {"Accept-Encoding: gzip, br", "If-None-Match: " + etag});
            EXPECT_EQ(answer.status, 304) << etag;
            EXPECT_EQ(answer.fields.at("etag"), etag);
        }
}

TEST_F(Representations, AreOneDocumentWhateverTheQueryAndSayItsCanonicalAddress) {
    const DaemonProcess daemon({"--database", database.url(), "--base-url", "https://feeds.example"});
    const auto plain = daemon.get("/all.atom");
    for (const std::string target : {"/all.atom?utm_source=x", "/all.atom?", "/all.atom?utm_source=y&n=50", "/all"}) {
        const auto answer = daemon.get(target);
        EXPECT_EQ(answer.body, plain.body) << target;
        EXPECT_EQ(answer.fields.at("etag"), plain.fields.at("etag")) << target;
        EXPECT_TRUE(answer.fields.at("link").starts_with("<https://feeds.example/all.atom>; rel=\"canonical\", ")) << target;
    }
    const auto metrics = http_get(daemon.status_port(), "/metrics").body;
    EXPECT_NE(metrics.find("\ngazetted_cache_documents 1\n"), std::string::npos) << metrics;
}

TEST_F(Representations, ComeInPiecesThatMakeTheWhole) {
    const DaemonProcess daemon({"--database", database.url()});
    const auto whole = get_coded(daemon, "/all.atom", "br");
    const std::vector<std::string> reader = {"Accept-Encoding: gzip, br", "If-Range: " + whole.fields.at("etag")};
    const auto part_of = [&](const std::string& range) {
        auto fields = reader;
        fields.push_back("Range: bytes=" + range);
        return daemon.get("/all.atom", fields);
    };
    const auto first = part_of("0-99"), rest = part_of("100-");
    EXPECT_EQ(first.status, 206);
    EXPECT_EQ(first.fields.at("content-range"), "bytes 0-99/" + std::to_string(whole.body.size()));
    EXPECT_EQ(first.body + rest.body, whole.body);
    EXPECT_EQ(part_of("999999-").status, 416);
    insert_articles(13, 13);
    daemon.get_until("/all.atom", 200, "Article 13");
    EXPECT_EQ(part_of("100-").status, 200);
}

TEST_F(Representations, ComeAsTheNewerEntriesAloneFromANodeThatNeverServedTheOlder) {
    insert_articles(13, 60);  // more than one feed shows
    std::map<std::string, std::string> known;
    {
        const DaemonProcess daemon({"--database", database.url(), "--base-url", "https://feeds.example"});
        for (const std::string target : {"/all.atom", "/all.rss", "/all.json"})
            known[target] = daemon.get(target).fields.at("etag");
    }
    insert_articles(61, 62);
    const DaemonProcess restarted({"--database", database.url(), "--base-url", "https://feeds.example"});
    for (const auto& [target, etag] : known) {
        const auto whole = restarted.get(target);
        get_coded(restarted, target, "br");
        const auto newer = restarted.get(target, {"A-IM: feed", "If-None-Match: " + etag});
        ASSERT_EQ(newer.status, 226) << target;
        EXPECT_EQ(newer.fields.at("im"), "feed");
        EXPECT_EQ(newer.fields.at("etag"), whole.fields.at("etag"));
        EXPECT_EQ(newer.fields.at("cache-control"), "no-store, im");
        EXPECT_NE(newer.body.find("Article 62"), std::string::npos);
        EXPECT_NE(newer.body.find("Article 61"), std::string::npos);
        EXPECT_EQ(newer.body.find("Article 60"), std::string::npos);
        EXPECT_EQ(restarted.get(target, {"A-IM: feed", "If-None-Match: " + newer.fields.at("etag")}).status, 304);
        EXPECT_EQ(restarted.get(target, {"If-None-Match: " + etag}).status, 200);
    }
}

TEST_F(Representations, ComeWholeWhereMoreThanNewerEntriesChanged) {
    const DaemonProcess daemon({"--database", database.url()});
    const auto before = daemon.get("/all.atom").fields.at("etag");
    psql("UPDATE articles SET withdrawn = now() WHERE id = 'urn:a:3'");
    insert_articles(13, 13);
    daemon.get_until("/all.atom", 200, "Article 13");
    get_coded(daemon, "/all.atom", "br");
    EXPECT_EQ(daemon.get("/all.atom", {"A-IM: feed", "If-None-Match: " + before}).status, 200);
}

}  // namespace
}  // namespace gazetted
