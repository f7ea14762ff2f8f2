// What an operator sees of a running daemon: the page, the log's lines, and what Prometheus and Grafana are told.

#include "tests/support/daemon_process.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/test_database.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <thread>

namespace gazetted {
namespace {

using namespace std::chrono_literals;

bool holds_within_twenty_seconds(const std::function<bool()>& claim) {
    for (int i = 0; i < 200 && !claim(); ++i) std::this_thread::sleep_for(100ms);
    return claim();
}

std::string text_of(const std::filesystem::path& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
}

std::vector<boost::json::object> objects_in(const std::string& lines) {
    std::vector<boost::json::object> objects;
    std::istringstream stream(lines);
    for (std::string line; std::getline(stream, line);) {
        boost::system::error_code error;
        const auto value = boost::json::parse(line, error);
        if (error || !value.is_object())
            ADD_FAILURE() << "no object: " << line;
        else
            objects.push_back(value.as_object());
    }
    return objects;
}

std::string page_of(const DaemonProcess& daemon, const std::string& target = "/status") {
    return http_get(daemon.status_port(), target).body;
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

// ---- the page

TEST(StatusPageOfADaemon, ShowsWhatTheDatabaseHasWhateverItsTitlesAre) {
    const TestDatabase database;
    database.run(R"(
        INSERT INTO categories (slug, title) SELECT 'k' || n, 'Category ' || n FROM generate_series(1, 1999) AS n;
        INSERT INTO categories (slug, title) VALUES ('"><script>', '</td><script>alert(1)</script>&');
        INSERT INTO articles (id, title, published) VALUES ('<b>7', '</a><script>alert(2)</script>', '2024-05-01 10:00Z');
        INSERT INTO articles (id, title, published) VALUES ('8', 'Tomorrow', now() + interval '1 day');
        INSERT INTO article_categories (article_id, category_id) SELECT '<b>7', id FROM categories WHERE slug = '"><script>';
        INSERT INTO set_aside (article_id, path, revision, reason)
        SELECT id, '/all.atom', revision, '<script>alert(3)</script>' FROM articles WHERE id = '<b>7';
        INSERT INTO sources (slug, title) VALUES ('sea', '<script>');
        INSERT INTO subscriptions (source_id, feed_url, error, error_since, next_poll)
        SELECT id, 'https://sea.example/feed', '<script>alert(4)</script>', now() - interval '3 days', now() + interval '1 day'
          FROM sources)");
    const DaemonProcess daemon({"--database", database.url(), "--title", "<script>News", "--base-url", "https://news.example"});
    ASSERT_TRUE(holds_within_twenty_seconds([&] { return has(page_of(daemon), "2,000 categories"); })) << page_of(daemon);
    const auto page = page_of(daemon);
    EXPECT_FALSE(has(page, "<script")) << page;
    EXPECT_FALSE(has(page, "<b>")) << page;
    EXPECT_TRUE(has(page, "href=\"https://news.example/category/%22%3E%3Cscript%3E.html\">&lt;/td&gt;&lt;script&gt;alert(1)"))
        << page;
    EXPECT_TRUE(has(page, ">&lt;/a&gt;&lt;script&gt;alert(2)")) << page;
    EXPECT_TRUE(has(page, "&lt;b&gt;7 is left out of /all.atom: &lt;script&gt;alert(3)")) << page;
    EXPECT_TRUE(has(page, "sea (https://sea.example/feed) for 3 days: &lt;script&gt;alert(4)")) << page;
    EXPECT_TRUE(has(page, "<strong>(1 set aside)</strong>"));
    EXPECT_TRUE(has(page, "<dd>1 <small>1 held back</small></dd>"));
    EXPECT_TRUE(has(page, "process " + std::to_string(daemon.pid()) + " (this one)")) << page;
    EXPECT_LT(page.size(), 64'000U);
    EXPECT_TRUE(has(page_of(daemon, "/status?find=category+1999"), ">Category 1999</a>"));
    EXPECT_TRUE(has(page_of(daemon, "/status?page=40"), "Page 40 of 40"));
    const auto metrics = page_of(daemon, "/metrics");
    EXPECT_TRUE(has(metrics, "\ngazetted_categories 2000\n")) << metrics;
    EXPECT_TRUE(has(metrics, "\ngazetted_articles{state=\"held\"} 1\n"));
    EXPECT_TRUE(has(metrics, "\ngazetted_newest_article_timestamp_seconds 1714557600\n"));
}

TEST(StatusPageOfADaemon, IsThereWhileTheDatabaseIsAway) {
    const DaemonProcess daemon({"--database", "postgresql:///news?host=/nonexistent"});
    const auto answer = http_get(daemon.status_port(), "/status");
    EXPECT_EQ(answer.status, 200);
    EXPECT_TRUE(has(answer.body, "<strong>The database is away: ")) << answer.body;
    EXPECT_TRUE(has(answer.body, "could not be looked up yet"));
}

// ---- the log

TEST(LogOfADaemon, IsJsonWhereThatIsWantedAndNamesRequests) {
    const TestDatabase database;
    const TemporaryFolder folder;
    const auto access = folder.path() / "access.log";
    std::ofstream(folder.path() / "gazetted.toml")
        << "[server]\ntrusted_proxies = [\"127.0.0.1\"]\n[log]\nformat = \"json\"\naccess = \"" << access.string() << "\"\n";
    DaemonProcess daemon({"--database", database.url(), "--config", folder.path() / "gazetted.toml"});
    const auto missing = daemon.get("/category/none\xff\".atom");
    ASSERT_EQ(missing.status, 404);
    const auto id = missing.fields.at("x-request-id");
    EXPECT_EQ(id.size(), 16U);
    EXPECT_EQ(daemon.get("/all.atom", {"X-Request-Id: of-the-proxy"}).fields.at("x-request-id"), "of-the-proxy");
    EXPECT_EQ(daemon.stop(), 0);
    const auto told = objects_in(text_of(access));
    ASSERT_EQ(told.size(), 2U);
    std::map<std::string, std::string> targets;
    for (const auto& one : told) targets[one.at("request_id").as_string().c_str()] = one.at("target").as_string().c_str();
    EXPECT_EQ(targets[id], "/category/none\xef\xbf\xbd\".atom");
    EXPECT_EQ(targets["of-the-proxy"], "/all.atom");
    const auto lines = objects_in(daemon.log());
    EXPECT_GE(lines.size(), 4U);
    for (const auto& line : lines)
        for (const auto* key : {"time", "level", "event"}) EXPECT_TRUE(line.contains(key)) << key;
    EXPECT_EQ(lines.back().at("event").as_string(), "stopped");
}

// ---- what is told to Prometheus and Grafana

/// The metrics that a text names.
std::set<std::string> named_in(const std::string& text) {
    static const std::regex name(R"(\b(gazetted|process)_[a-z0-9_]+\b)");
    std::set<std::string> names;
    for (std::sregex_iterator at(text.begin(), text.end(), name), end; at != end; ++at) names.insert(at->str());
    return names;
}

/// The values of all members of that name, wherever they are.
void collect(const boost::json::value& value, std::string_view member, std::string& into) {
    if (value.is_array())
        for (const auto& one : value.as_array()) collect(one, member, into);
    if (!value.is_object()) return;
    for (const auto& [key, one] : value.as_object()) {
        if (key == member && one.is_string()) into.append(one.as_string()).append("\n");
        collect(one, member, into);
    }
}

TEST(Monitoring, NamesOnlyMetricsThatADaemonHas) {
    const TestDatabase database;
    const DaemonProcess daemon({"--database", database.url()});
    daemon.get("/all.atom");
    ASSERT_TRUE(holds_within_twenty_seconds([&] { return has(page_of(daemon, "/metrics"), "\ngazetted_categories "); }));
    std::set<std::string> there;
    std::istringstream lines(page_of(daemon, "/metrics"));
    for (std::string line; std::getline(lines, line);)
        if (!line.starts_with('#')) there.insert(line.substr(0, line.find_first_of("{ ")));

    const auto rules = text_of(GAZETTED_SOURCE_DIR "/systemd/prometheus-rules.yml");
    std::string expressions;
    std::istringstream rule_lines(rules);
    for (std::string line; std::getline(rule_lines, line);)
        if (has(line, " expr: ")) expressions += line + "\n";
    std::string queries;
    collect(boost::json::parse(text_of(GAZETTED_SOURCE_DIR "/systemd/grafana-dashboard.json")), "expr", queries);
    for (const std::string& text : {expressions, queries}) {
        const auto names = named_in(text);
        EXPECT_GT(names.size(), 12U) << text;
        for (const auto& name : names) EXPECT_TRUE(there.contains(name)) << name << " is no metric";
    }
}

TEST(Monitoring, TellsWhatToDoWithEachAlert) {
    const auto rules = text_of(GAZETTED_SOURCE_DIR "/systemd/prometheus-rules.yml");
    static const std::regex part(R"(\n +(- alert|expr|severity|summary|description): (\S.*))");
    std::map<std::string, std::size_t> parts;
    for (std::sregex_iterator at(rules.begin(), rules.end(), part), end; at != end; ++at) ++parts[(*at)[1]];
    EXPECT_GT(parts["- alert"], 10U);
    for (const auto& [name, count] : parts) EXPECT_EQ(count, parts["- alert"]) << name;
    EXPECT_EQ(parts.size(), 5U);
}

/// The dashboard's queries as rules, with what Grafana puts in place of its variables.
std::string rules_of_the_dashboard() {
    std::string queries, rules = "groups:\n  - name: dashboard\n    rules:\n";
    collect(boost::json::parse(text_of(GAZETTED_SOURCE_DIR "/systemd/grafana-dashboard.json")), "expr", queries);
    queries = std::regex_replace(queries, std::regex(R"(\$__rate_interval)"), "1m");
    std::istringstream lines(queries);
    std::size_t number = 0;
    for (std::string line; std::getline(lines, line);)
        rules += "      - record: query:" + std::to_string(++number) +
                 "\n        expr: " + boost::json::serialize(boost::json::string(line)) + "\n";
    return rules;
}

TEST(Monitoring, HasRulesAndQueriesThatPrometheusTakes) {
    if (run_command({"sh", "-c", "command -v promtool"}).exit_status != 0) GTEST_SKIP() << "promtool is not installed";
    const TemporaryFolder folder;
    const auto queries = folder.path() / "queries.yml";
    std::ofstream(queries) << rules_of_the_dashboard();
    for (const std::string& file : {std::string(GAZETTED_SOURCE_DIR "/systemd/prometheus-rules.yml"), queries.string()}) {
        const auto checked = run_command({"promtool", "check", "rules", file});
        EXPECT_EQ(checked.exit_status, 0) << checked.out << checked.err;
    }
}

}  // namespace
}  // namespace gazetted
