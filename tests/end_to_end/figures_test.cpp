// What an operator sees of a daemon with a database behind it: metrics, access log, readers.

#include "tests/support/daemon_process.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/test_database.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <thread>

namespace gazetted {
namespace {

using namespace std::chrono_literals;

bool holds_within_ten_seconds(const std::function<bool()>& claim) {
    for (int i = 0; i < 1'000 && !claim(); ++i) std::this_thread::sleep_for(10ms);
    return claim();
}

class FiguresOfADaemon : public ::testing::Test {
protected:
    void SetUp() override {
        psql("INSERT INTO categories (slug, title) VALUES ('news', 'News')");
        publish("one");
    }
    void psql(const std::string& sql) {
        const auto result = run_command(
            {"psql", database.url(), "-qX", "-v", "ON_ERROR_STOP=1", "-c", "SET search_path = gazetted", "-c", sql});
        ASSERT_EQ(result.exit_status, 0) << result.err;
    }
    void publish(const std::string& id) {
        psql("WITH a AS (INSERT INTO articles (id, title, content, published) VALUES ('" + id + "', '" + id +
             "', repeat('<p>text</p>', 200), '2024-05-01 10:00Z') RETURNING id) "
             "SELECT 1 FROM a; INSERT INTO article_categories (article_id, category_id) SELECT '" +
             id + "', id FROM categories");
    }
    std::string stats(std::vector<std::string> more = {}) {
        more.insert(more.begin(), {GAZETTED_BINARY, "stats", "--database", database.url()});
        const auto result = run_command(more);
        EXPECT_EQ(result.exit_status, 0) << result.err;
        return result.out;
    }
    static std::string metrics(const DaemonProcess& daemon) { return http_get(daemon.status_port(), "/metrics").body; }
    static double value(const std::string& metrics, const std::string& name) {
        const auto at = metrics.find("\n" + name + " ");
        return at == std::string::npos ? -1 : std::stod(metrics.substr(at + name.size() + 2));
    }
    TestDatabase database;
    const TemporaryFolder temporary;
    const std::filesystem::path folder = temporary.path();
};

TEST_F(FiguresOfADaemon, SayWhoReadsOverNodesAndRestarts) {
    EXPECT_NE(stats().find("\nNobody has asked for a feed in these days.\n"), std::string::npos);
    const std::string feedly =
        "User-Agent: Feedly/1.0 (+http://www.feedly.com/fetcher.html; like FeedFetcher-Google; 16 subscribers)";
    const std::string newsboat = "User-Agent: newsboat/2.21.0 (Linux x86_64)";
    for (int node = 0; node < 2; ++node) {
        DaemonProcess daemon({"--database", database.url()});
        for (const std::string path : {"/category/news.atom", "/category/news"}) daemon.get(path, {feedly});
        const auto whole = daemon.get("/category/news.rss", {newsboat});
        ASSERT_EQ(whole.status, 200);
        daemon.get("/category/news.rss", {newsboat, "If-None-Match: " + whole.fields.at("etag")});
        for (int i = 0; i < 3; ++i) daemon.get("/category/news.json?utm_source=x", {"User-Agent: curl/7.88.1"});
        daemon.get("/category/news.html", {newsboat});
        daemon.get("/category/none.atom", {newsboat});
        daemon.get("/style.css", {newsboat});
        EXPECT_EQ(daemon.stop(), 0);
    }
    const auto all = stats({"--json"});
    EXPECT_NE(all.find("\"feeds\":[{\"feed\":\"/category/news\",\"subscribers\":16,\"services\":{\"Feedly\":16},\"pollers\":2,"
                       "\"formats\":[\"atom\",\"json\",\"rss\"],"),
              std::string::npos)
        << all;
    EXPECT_NE(all.find("{\"reader\":\"curl\",\"requests\":6,\"conditional\":0,\"not_modified\":0,\"validators\":\"no\","),
              std::string::npos)
        << all;
    EXPECT_NE(all.find("{\"reader\":\"newsboat\",\"requests\":4,\"conditional\":2,\"not_modified\":2,\"validators\":\"yes\","),
              std::string::npos)
        << all;
    EXPECT_NE(all.find(",\"repeated\":4,"), std::string::npos) << "each node saw curl fetch twice what it had\n" << all;
    EXPECT_NE(stats({"--category", "news", "--days", "31"}).find("\n/category/news "), std::string::npos);
    EXPECT_EQ(database.value("SELECT count(*) FROM poller_keys"), "2") << "today's and tomorrow's";
}

TEST_F(FiguresOfADaemon, SayHowSoonACommitIsSeen) {
    const DaemonProcess daemon({"--database", database.url()});
    ASSERT_TRUE(holds_within_ten_seconds([&] { return value(metrics(daemon), "gazetted_revision_comparisons_total") >= 1; }))
        << "what was rendered before the daemon listens is rendered once more";
    daemon.get("/category/news.atom");
    EXPECT_EQ(value(metrics(daemon), "gazetted_commit_to_bytes_seconds_count"), 0);
    EXPECT_EQ(value(metrics(daemon), "gazetted_rendering_seconds_count{format=\"atom\"}"), 1);
    publish("two");
    ASSERT_EQ(daemon.get_until("/category/news.atom", 200, ">two<").status, 200);
    ASSERT_TRUE(
        holds_within_ten_seconds([&] { return value(metrics(daemon), "gazetted_commit_to_bytes_seconds_count") >= 1; }));
    const auto seen = metrics(daemon);
    EXPECT_GT(value(seen, "gazetted_commit_to_bytes_seconds_sum"), 0);
    EXPECT_LT(value(seen, "gazetted_commit_to_bytes_seconds_sum"), 10);
    EXPECT_GT(value(seen, "gazetted_saved_body_bytes_total{by=\"coding\"}"), -1);
}

TEST_F(FiguresOfADaemon, WriteAnAccessLogThatCanBeRotated) {
    const auto log_file = folder / "access.log";
    const auto text = [](const std::filesystem::path& path) {
        std::ostringstream read;
        read << std::ifstream(path).rdbuf();
        return read.str();
    };
    std::ofstream(folder / "gazetted.toml") << "[log]\naccess = \"" << log_file.string() << "\"\n";
    DaemonProcess daemon({"--database", database.url(), "--config", folder / "gazetted.toml"});
    daemon.get("/category/news.atom?a=\"b\"");
    http_get(daemon.status_port(), "/healthz");
    ASSERT_TRUE(holds_within_ten_seconds([&] { return text(log_file).ends_with("\n"); }));
    const auto line = text(log_file);
    EXPECT_TRUE(line.find("] \"GET /category/news.atom?a=\\\"b\\\" HTTP/1.1\" 200 ") != std::string::npos) << line;
    EXPECT_EQ(line.find("healthz"), std::string::npos);
    std::filesystem::rename(log_file, folder / "access.log.1");
    ASSERT_EQ(::kill(daemon.pid(), SIGHUP), 0);
    ASSERT_TRUE(holds_within_ten_seconds([&] { return std::filesystem::exists(log_file); }));
    daemon.get("/all.atom");
    EXPECT_EQ(daemon.stop(), 0);
    EXPECT_NE(text(log_file).find("GET /all.atom HTTP/1.1"), std::string::npos);
    EXPECT_EQ(text(folder / "access.log.1"), line);
}

TEST_F(FiguresOfADaemon, SayWhichAccessLogCannotBeOpened) {
    std::ofstream(folder / "gazetted.toml") << "[log]\naccess = \"" << (folder / "nowhere/access.log").string() << "\"\n";
    const auto result = run_command({GAZETTED_BINARY, "serve", "--listen", "127.0.0.1:0", "--status-listen", "off",
                                     "--database", database.url(), "--config", folder / "gazetted.toml"});
    EXPECT_EQ(result.exit_status, 1);
    EXPECT_NE(result.err.find("nowhere/access.log: No such file or directory"), std::string::npos) << result.err;
}

}  // namespace
}  // namespace gazetted
