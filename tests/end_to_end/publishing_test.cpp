// What other programs write with plain SQL reaches exactly the feeds that show it.

#include "tests/support/daemon_process.hpp"
#include "tests/support/test_database.hpp"

#include <chrono>
#include <map>
#include <thread>

namespace gazetted {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

class Publishing : public ::testing::Test {
protected:
    void SetUp() override {
        psql("INSERT INTO categories (slug, title) VALUES ('metals', 'Metals'), ('telecom', 'Telecom'), ('empty', 'Empty')");
        psql(
            "INSERT INTO articles (id, url, title, content, published) VALUES"
            " ('urn:a:1', 'https://a.example/1', 'Steel', '<p>Steel is up.</p>', '2024-05-01 10:00Z'),"
            " ('urn:a:2', 'https://a.example/2', 'Fibre', '<p>Fibre everywhere.</p>', '2024-05-02 10:00Z')");
        file_under("urn:a:1", "metals");
        file_under("urn:a:2", "telecom");
    }
    void psql(const std::string& sql) {
        const auto result = run_command(
            {"psql", database.url(), "-qX", "-v", "ON_ERROR_STOP=1", "-c", "SET search_path = gazetted", "-c", sql});
        ASSERT_EQ(result.exit_status, 0) << result.err;
    }
    void file_under(const std::string& id, const std::string& slug) {
        psql("INSERT INTO article_categories (article_id, category_id) SELECT '" + id + "', id FROM categories WHERE slug = '" +
             slug + "'");
    }
    static std::map<std::string, std::string> etags(const DaemonProcess& daemon) {
        std::map<std::string, std::string> found;
        for (const char* slug : {"metals", "telecom", "empty"})
            for (const char* format : {".atom", ".rss", ".json", ".html"}) {
                const std::string target = std::string("/category/") + slug + format;
                const auto answer = daemon.get(target);
                EXPECT_EQ(answer.status, 200) << target << "\n" << answer.body;
                found[target] = answer.fields.contains("etag") ? answer.fields.at("etag") : "";
                EXPECT_NE(found[target], "") << target;
            }
        return found;
    }
    static void expect_only_changed(const std::map<std::string, std::string>& before,
                                    const std::map<std::string, std::string>& after, const std::string& slug) {
        for (const auto& [target, etag] : before) {
            if (target.starts_with("/category/" + slug))
                EXPECT_NE(etag, after.at(target)) << target << " should have changed";
            else
                EXPECT_EQ(etag, after.at(target)) << target << " should not have changed";
        }
    }

    TestDatabase database;
};

TEST_F(Publishing, AnInsertChangesTheFeedsOfItsCategoryAndNoOthers) {
    DaemonProcess daemon({"--database", database.url()});
    const auto before = etags(daemon);
    psql(
        "WITH a AS (INSERT INTO articles (title, content, url) VALUES ('Copper', '<p>Copper too.</p>', 'https://a.example/3') "
        "RETURNING id)"
        " INSERT INTO article_categories (article_id, category_id) SELECT a.id, c.id FROM a, categories c WHERE c.slug = "
        "'metals'");
    for (const char* format : {".atom", ".rss", ".json", ".html"})
        EXPECT_EQ(daemon.get_until(std::string("/category/metals") + format, 200, "Copper too.").status, 200) << format;
    EXPECT_EQ(daemon.get_until("/all.atom", 200, "Copper too.").status, 200);
    expect_only_changed(before, etags(daemon), "metals");
}

TEST_F(Publishing, AnUpdateChangesTheFeedsOfItsCategoryAndNoOthers) {
    DaemonProcess daemon({"--database", database.url()});
    const auto before = etags(daemon);
    psql("UPDATE articles SET title = 'Fibre & copper' WHERE id = 'urn:a:2'");
    EXPECT_NE(daemon.get_until("/category/telecom.rss", 200, "Fibre &amp; copper").body.find("Fibre &amp; copper"),
              std::string::npos);
    for (const char* format : {".atom", ".json", ".html"})
        daemon.get_until(std::string("/category/telecom") + format, 200, "copper");
    expect_only_changed(before, etags(daemon), "telecom");
}

TEST_F(Publishing, AWithdrawalEmptiesTheFeedsOfItsCategoryAndNoOthers) {
    DaemonProcess daemon({"--database", database.url()});
    const auto before = etags(daemon);
    psql("UPDATE articles SET withdrawn = now() WHERE id = 'urn:a:1'");
    for (const auto end = Clock::now() + 10s; Clock::now() < end;) {
        bool gone = true;
        for (const char* format : {".atom", ".rss", ".json", ".html"})
            gone = gone && daemon.get(std::string("/category/metals") + format).body.find("Steel is up") == std::string::npos;
        if (gone) break;
        std::this_thread::sleep_for(5ms);
    }
    expect_only_changed(before, etags(daemon), "metals");
}

TEST_F(Publishing, AWithdrawnArticlesPageIsGone) {
    DaemonProcess daemon({"--database", database.url()});
    const auto page = daemon.get("/category/metals.html").body;
    const auto link = page.find("/article/");
    ASSERT_NE(link, std::string::npos);
    const std::string target = page.substr(link, page.find('"', link) - link);
    EXPECT_EQ(daemon.get(target).status, 200) << target;
    psql("UPDATE articles SET withdrawn = now() WHERE id = 'urn:a:1'");
    EXPECT_EQ(daemon.get_until(target, 410, "").status, 410) << target;
}

TEST_F(Publishing, AHeldArticleAppearsWhenItsTimeHasCome) {
    DaemonProcess daemon({"--database", database.url()});
    psql("INSERT INTO articles (id, title, published) VALUES ('urn:held', 'Embargoed', now() + interval '1.5 seconds')");
    file_under("urn:held", "empty");
    EXPECT_EQ(daemon.get("/category/empty.atom").body.find("Embargoed"), std::string::npos);
    EXPECT_NE(daemon.get_until("/category/empty.atom", 200, "Embargoed").body.find("Embargoed"), std::string::npos);
}

TEST_F(Publishing, TwoNodesAndARestartGiveTheSameBytesAndValidators) {
    std::map<std::string, std::string> first;
    {
        DaemonProcess daemon({"--database", database.url(), "--base-url", "https://feeds.example"});
        DaemonProcess second_node({"--database", database.url(), "--base-url", "https://feeds.example"});
        first = etags(daemon);
        EXPECT_EQ(first, etags(second_node));
        EXPECT_EQ(daemon.get("/all.json").body, second_node.get("/all.json").body);
    }
    DaemonProcess restarted({"--database", database.url(), "--base-url", "https://feeds.example"});
    EXPECT_EQ(first, etags(restarted));
}

TEST_F(Publishing, AReadOnlyRoleSufficesForServing) {
    const std::string role = "reader_" + std::to_string(getpid());
    psql("CREATE ROLE " + role + "; GRANT USAGE ON SCHEMA gazetted TO " + role +
         "; GRANT SELECT ON ALL TABLES IN SCHEMA gazetted TO " + role);
    {
        DaemonProcess daemon({"--database", database.url_as(role)});
        EXPECT_EQ(daemon.get_until("/category/metals.atom", 200, "Steel").status, 200) << daemon.log();
        psql("UPDATE articles SET title = 'Steel again' WHERE id = 'urn:a:1'");
        EXPECT_NE(daemon.get_until("/category/metals.atom", 200, "Steel again").body.find("Steel again"), std::string::npos);
        EXPECT_EQ(daemon.get("/").status, 200);
        EXPECT_EQ(daemon.get("/feeds.opml").status, 200);
        EXPECT_EQ(http_get(daemon.status_port(), "/readyz").status, 200);
    }
    psql("DROP OWNED BY " + role + "; DROP ROLE " + role);
}

TEST_F(Publishing, ACategoryThatDoesNotExistIsNotFoundUntilItIsMade) {
    DaemonProcess daemon({"--database", database.url()});
    EXPECT_EQ(daemon.get("/category/new.atom").status, 404);
    psql("INSERT INTO categories (slug, title) VALUES ('new', 'New')");
    EXPECT_EQ(daemon.get_until("/category/new.atom", 200, "<title").status, 200);
    EXPECT_NE(daemon.get_until("/", 200, ">New<").body.find(">New<"), std::string::npos);
    EXPECT_NE(daemon.get_until("/feeds.opml", 200, "new.atom").body.find("new.atom"), std::string::npos);
}

TEST_F(Publishing, CommitsReachTheServedBytesInUnderFiftyMilliseconds) {
    DaemonProcess daemon({"--database", database.url()});
    std::vector<Clock::duration> latencies;
    for (int round = 0; round < 21; ++round) {
        const std::string title = "Round " + std::to_string(round) + " over";
        daemon.get("/category/metals.atom");
        psql("UPDATE articles SET title = '" + title + "' WHERE id = 'urn:a:1'");
        const auto committed = Clock::now();
        ASSERT_EQ(daemon.get_until("/category/metals.atom", 200, title).status, 200);
        latencies.push_back(Clock::now() - committed);
    }
    std::sort(latencies.begin(), latencies.end());
    EXPECT_LT(latencies[latencies.size() / 2], 50ms);
}

TEST_F(Publishing, AnArticlePageKeepsItsDateWhenOthersChangeAndIsGoneAtOnceWhenWithdrawn) {
    const DaemonProcess daemon({"--database", database.url()});
    const auto before = daemon.get("/article/1").fields.at("last-modified");
    std::this_thread::sleep_until(Clock::now() + 1100ms);
    psql("UPDATE articles SET title = 'Glass' WHERE id = 'urn:a:2'");
    const auto comes_to = [&](const std::string& target, auto is_so) {
        for (const auto end = Clock::now() + 5s; Clock::now() < end; std::this_thread::sleep_for(1ms))
            if (is_so(daemon.get(target))) return true;
        return false;
    };
    EXPECT_TRUE(comes_to("/all.atom", [](const auto& answer) { return answer.body.find("Glass") != std::string::npos; }));
    EXPECT_EQ(daemon.get("/article/1").fields.at("last-modified"), before);

    psql("UPDATE articles SET withdrawn = now() WHERE id = 'urn:a:1'");
    EXPECT_TRUE(comes_to("/all.atom", [](const auto& answer) { return answer.body.find("Steel") == std::string::npos; }));
    EXPECT_EQ(daemon.get("/article/1").status, 410);
}

TEST_F(Publishing, LinksNameThePortThatTheKernelChoseWhereNoBaseUrlIsConfigured) {
    const DaemonProcess daemon({"--database", database.url()});
    const std::string self = "http://127.0.0.1:" + std::to_string(daemon.port()) + "/all.atom";
    EXPECT_NE(daemon.get("/all.atom").body.find(self), std::string::npos);
}

}  // namespace
}  // namespace gazetted
