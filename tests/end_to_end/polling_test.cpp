#include "tests/support/daemon_process.hpp"
#include "tests/support/recording_upstream.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/test_database.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <mutex>
#include <thread>

namespace gazetted {
namespace {

using namespace std::chrono_literals;

std::string feed_of(const std::string& entries) {
    return "<rss version='2.0'><channel><title>Upstream</title><link>https://upstream.example/</link>" + entries +
           "</channel></rss>";
}

std::string item(int number, const std::string& title) {
    const std::string id = std::to_string(number);
    return "<item><guid isPermaLink='false'>urn:upstream:" + id + "</guid><link>https://upstream.example/" + id +
           "</link><title>" + title + "</title><pubDate>Mon, 0" + id + " Jun 2026 08:00:00 GMT</pubDate></item>";
}

struct Polling : ::testing::Test {
    CommandResult gazetted(std::vector<std::string> arguments) const {
        arguments.insert(arguments.begin(), GAZETTED_BINARY);
        arguments.insert(arguments.end(), {"--database", database.url()});
        return run_command(arguments);
    }
    std::vector<std::string> daemon_arguments() const {
        return {"--database", database.url(), "--base-url", "https://feeds.example"};
    }
    void subscribe(const std::string& url) const {
        EXPECT_EQ(gazetted({"category", "add", "news", "--title", "The news"}).exit_status, 0);
        const auto added = gazetted({"source", "add", url, "--slug", "blog", "--category", "news", "--allow-private"});
        ASSERT_EQ(added.exit_status, 0) << added.err;
    }
    void make_due() const { database.run("UPDATE subscriptions SET next_poll = now()"); }
    bool comes_to_be(const std::string& query, const std::string& value) const {
        for (const auto end = std::chrono::steady_clock::now() + 20s; std::chrono::steady_clock::now() < end;
             std::this_thread::sleep_for(20ms))
            if (database.value(query) == value) return true;
        return false;
    }
    TestDatabase database;
    RecordingUpstream upstream;
};

TEST_F(Polling, PublishesWhatItsUpstreamPublishes) {
    upstream.answer("/feed", {.fields = {{"ETag", "W/\"one\""}}, .body = feed_of(item(1, "Article one"))});
    subscribe(upstream.url());
    const DaemonProcess daemon(daemon_arguments());
    EXPECT_NE(daemon.get_until("/category/news.atom", 200, "Article one").body.find("urn:upstream:1"), std::string::npos);
    upstream.answer("/feed", {.body = feed_of(item(2, "Article two") + item(1, "Article one"))});
    make_due();
    const auto feed = daemon.get_until("/category/news.atom", 200, "Article two", 20s).body;
    EXPECT_NE(feed.find("Article two"), std::string::npos);
    EXPECT_NE(feed.find("Article one"), std::string::npos);
    EXPECT_NE(daemon.get("/source/blog.rss").body.find("Article two"), std::string::npos);
    EXPECT_NE(gazetted({"source", "set", "blog", "--entry-link", "page", "--json"}).out.find(R"("entry_link":"page")"),
              std::string::npos);
    EXPECT_NE(daemon.get_until("/source/blog.rss", 200, "<link>https://feeds.example/article/").body.find("Article one"),
              std::string::npos);
    const auto requests = upstream.requests();
    ASSERT_EQ(requests.size(), 2U) << "one for discovery and the first poll together";
    EXPECT_FALSE(requests[0].has("If-None-Match"));
    EXPECT_EQ(requests[1].field("If-None-Match"), "W/\"one\"");
    EXPECT_EQ(requests[1].field("User-Agent").find("Gazetted/"), 0U);
    EXPECT_NE(requests[1].field("User-Agent").find("+https://feeds.example/"), std::string::npos);
    for (const char* field : {"Cookie", "Referer", "Authorization"}) EXPECT_FALSE(requests[1].has(field)) << field;
}

TEST_F(Polling, FindsTheFeedThatAPageNames) {
    upstream.answer("/", {.fields = {{"Content-Type", "text/html"}},
                          .body = "<html><head><link rel='alternate' type='application/rss+xml' href='/feed'></head></html>"});
    upstream.answer("/feed", {.body = feed_of(item(1, "Article one"))});
    subscribe(upstream.url("/"));
    EXPECT_EQ(database.value("SELECT feed_url FROM subscriptions"), upstream.url("/feed"));
    EXPECT_EQ(upstream.request_count(), 2U);
    EXPECT_EQ(database.value("SELECT count(*) FROM articles"), "1");
    const auto again = gazetted({"source", "add", upstream.url("/"), "--slug", "other", "--allow-private"});
    EXPECT_EQ(again.exit_status, 1);
    EXPECT_NE(again.err.find("the source blog is subscribed to that feed already"), std::string::npos) << again.err;
    EXPECT_EQ(database.value("SELECT string_agg(slug, ' ') FROM sources"), "blog") << "nothing is left behind";
}

TEST_F(Polling, LetsTheOperatorChooseWhereAPageNamesSeveral) {
    upstream.answer("/", {.body = "<html><head><link rel='alternate' type='application/rss+xml' href='/a'>"
                                  "<link rel='alternate' type='application/atom+xml' href='/b'></head></html>"});
    const auto added = gazetted({"source", "add", upstream.url("/"), "--allow-private"});
    EXPECT_EQ(added.exit_status, 1);
    EXPECT_NE(added.err.find(upstream.url("/a")), std::string::npos) << added.err;
    EXPECT_NE(added.err.find(upstream.url("/b")), std::string::npos) << added.err;
    EXPECT_EQ(database.value("SELECT count(*) FROM sources"), "0");
}

TEST_F(Polling, RefusesAPrivateAddressUnlessTheOperatorAllowsIt) {
    upstream.answer("/feed", {.body = feed_of(item(1, "Article one"))});
    const auto added = gazetted({"source", "add", upstream.url()});
    EXPECT_EQ(added.exit_status, 1);
    EXPECT_NE(added.err.find("loopback"), std::string::npos) << added.err;
    EXPECT_EQ(upstream.connections(), 0U);
    subscribe(upstream.url());
    EXPECT_EQ(gazetted({"source", "set", "blog", "--no-allow-private"}).exit_status, 0);
    EXPECT_EQ(database.value("SELECT allow_private FROM subscriptions"), "f");
}

TEST_F(Polling, AsksThroughTheProxyThatIsConfigured) {
    upstream.answer_all([](const UpstreamRequest& request) {
        return UpstreamAnswer{.body = feed_of(item(1, "Asked for " + std::to_string(request.number)))};
    });
    const TemporaryFolder folder;
    const auto config = (folder.path() / "gazetted.toml").string();
    std::ofstream(config) << "[polling]\nproxy = \"" << upstream.url("") << "\"\n";
    const auto added = gazetted({"source", "add", "http://feeds.example/feed", "--slug", "blog", "--config", config});
    ASSERT_EQ(added.exit_status, 0) << added.err;
    auto arguments = daemon_arguments();
    arguments.insert(arguments.end(), {"--config", config});
    const DaemonProcess daemon(arguments);
    make_due();
    daemon.get_until("/source/blog.atom", 200, "Asked for 2", 20s);
    const auto requests = upstream.requests();
    ASSERT_EQ(requests.size(), 2U);
    for (const auto& request : requests) EXPECT_EQ(request.target, "http://feeds.example/feed");
}

TEST_F(Polling, MakesOneRequestWhereThreeDaemonsPoll) {
    upstream.answer("/feed", {.fields = {{"ETag", "\"1\""}}, .body = feed_of(item(1, "Article one"))});
    subscribe(upstream.url());
    const DaemonProcess first(daemon_arguments()), second(daemon_arguments()), third(daemon_arguments());
    make_due();
    ASSERT_TRUE(comes_to_be("SELECT polls FROM subscriptions", "2"));
    std::this_thread::sleep_for(200ms);
    EXPECT_EQ(upstream.request_count(), 2U);
}

TEST_F(Polling, AsksNotAgainAfterADaemonWasKilledInTheMiddle) {
    upstream.answer("/feed", {.fields = {{"ETag", "\"1\""}}, .body = feed_of(item(1, "Article one"))});
    subscribe(upstream.url());
    upstream.answer("/feed", {.manner = UpstreamAnswer::Manner::silence});
    {
        DaemonProcess killed(daemon_arguments());
        make_due();
        for (const auto end = std::chrono::steady_clock::now() + 20s;
             upstream.request_count() < 2 && std::chrono::steady_clock::now() < end;)
            std::this_thread::sleep_for(20ms);
        killed.kill_9();
    }
    ASSERT_EQ(upstream.request_count(), 2U);
    EXPECT_EQ(database.value("SELECT next_poll > now() + interval '59 minutes' FROM subscriptions"), "t");
    EXPECT_EQ(database.value("SELECT etag FROM subscriptions"), "\"1\"");
    EXPECT_EQ(gazetted({"source", "refresh", "blog"}).exit_status, 1) << "an operator asks no sooner either";
    EXPECT_EQ(upstream.request_count(), 2U);
}

TEST_F(Polling, KeepsAnUpstreamsFaultToItsSource) {
    upstream.answer("/feed", {.body = feed_of(item(1, "Article one"))});
    subscribe(upstream.url());
    upstream.answer("/feed", {.body = "not a feed at all"});
    const DaemonProcess daemon(daemon_arguments());
    make_due();
    ASSERT_TRUE(comes_to_be("SELECT failures FROM subscriptions", "1"));
    EXPECT_NE(daemon.get("/category/news.atom").body.find("Article one"), std::string::npos);
    const auto failing = gazetted({"source", "list", "--failing", "--json"});
    EXPECT_NE(failing.out.find("no feed"), std::string::npos) << failing.out;
    EXPECT_EQ(gazetted({"source", "show", "blog", "--document", "bad"}).out, "not a feed at all");
}

TEST_F(Polling, NumbersTheSourcesOfOneHost) {
    const TemporaryFolder folder;
    const auto file = (folder.path() / "feeds.opml").string();
    {
        std::ofstream list(file);
        list << "<opml version='2.0'><body>";
        for (int n = 0; n < 500; ++n) list << "<outline xmlUrl='http://www.host.example/" << n << "'/>";
        list << "<outline xmlUrl='http://host.example-2.example/'/></body></opml>";
    }
    const auto imported = gazetted({"import", "opml", file});
    ASSERT_EQ(imported.exit_status, 0) << imported.err;
    EXPECT_EQ(database.value("SELECT string_agg(slug, ' ' ORDER BY id) FROM (SELECT * FROM sources ORDER BY id LIMIT 3) AS s"),
              "host.example host.example-2 host.example-3");
    EXPECT_EQ(database.value("SELECT count(DISTINCT slug) FROM sources WHERE slug ~ '^host.example(-[0-9]+)?$'"), "500");
    EXPECT_EQ(database.value("SELECT max(slug) FROM sources WHERE slug LIKE '%2.example'"), "host.example-2.example");
}

TEST_F(Polling, SubscribesToWhatAnotherReadersListNames) {
    const TemporaryFolder folder;
    const std::string file = folder.path() / "feeds.opml";
    std::ofstream(file) << "<opml version='2.0'><body><outline text='World News'><outline text='A' xmlUrl='"
                        << upstream.url("/a") << "'/><outline text='B' xmlUrl='" << upstream.url("/b")
                        << "'/></outline><outline text='None' xmlUrl='mailto:x'/></body></opml>";
    upstream.answer("/a", {.body = feed_of(item(1, "Article one"))});
    const auto imported = gazetted({"import", "opml", file, "--allow-private", "--json"});
    EXPECT_EQ(imported.exit_status, 0) << imported.err;
    EXPECT_NE(imported.out.find("\"added\":2"), std::string::npos) << imported.out;
    EXPECT_NE(gazetted({"import", "opml", file, "--json"}).out.find("\"known\":2"), std::string::npos);
    EXPECT_EQ(upstream.request_count(), 0U);
    const DaemonProcess daemon(daemon_arguments());
    EXPECT_EQ(daemon.get_until("/category/World%20News.atom", 200, "Article one", 20s).status, 200);
    EXPECT_TRUE(comes_to_be("SELECT count(*) FROM articles", "1"));
}

TEST_F(Polling, TakesFoldersPasswordsAndFaultsOfAListAsTheyAreMeant) {
    EXPECT_EQ(gazetted({"category", "add", "news", "--title", "The news"}).exit_status, 0);
    const TemporaryFolder folder;
    const std::string file = folder.path() / "feeds.opml";
    std::ofstream(file)
        << "<opml version='2.0'><body><outline text='The news'><outline xmlUrl='http://ann:s%20ecret@a.example/feed'/>"
           "<outline xmlUrl='ftp://b.example/feed'/></outline><outline xmlUrl='javascript:x'/></body></opml>";
    const auto imported = gazetted({"import", "opml", file});
    EXPECT_EQ(imported.exit_status, 0) << imported.err;
    EXPECT_NE(imported.out.find("2 left out, whose address is none: ftp://b.example/feed, javascript:x"), std::string::npos)
        << imported.out;
    EXPECT_EQ(database.value("SELECT string_agg(slug, ' ') FROM categories"), "news");
    EXPECT_EQ(database.value("SELECT feed_url || ' ' || credentials || ' ' || c.slug FROM subscriptions JOIN "
                             "subscription_categories USING (source_id) JOIN categories c ON c.id = category_id"),
              "http://a.example/feed ann:s ecret news");
    EXPECT_NE(gazetted({"import", "opml", file, "--json"})
                  .out.find(R"("left_out_addresses":["ftp://b.example/feed","javascript:x"])"),
              std::string::npos);
}

TEST_F(Polling, FilesUnderTheCategoryThatAFormerNameMeans) {
    EXPECT_EQ(gazetted({"category", "add", "alpha"}).exit_status, 0);
    EXPECT_EQ(gazetted({"category", "rename", "alpha", "beta"}).exit_status, 0);
    upstream.answer("/feed", {.body = feed_of(item(1, "Article one"))});
    const auto added = gazetted({"source", "add", upstream.url(), "--category", "alpha", "--allow-private"});
    ASSERT_EQ(added.exit_status, 0) << added.err;
    EXPECT_EQ(database.value("SELECT string_agg(slug, ' ') FROM subscription_categories JOIN categories ON id = category_id"),
              "beta");
    EXPECT_EQ(database.value("SELECT count(*) FROM article_categories"), "1");
}

TEST_F(Polling, ExportsItsSubscriptionsForAnotherGazettedToTake) {
    database.run(
        "INSERT INTO categories (slug, title) VALUES ('far', 'News & from far'), ('own', 'Own'), ('unused', 'Unused');"
        "INSERT INTO sources (slug, title, url) VALUES ('a', 'A <b>', 'https://a.example/'), ('b', 'B', ''), ('c', '', '');"
        "INSERT INTO subscriptions (source_id, feed_url, credentials) SELECT id, 'https://' || slug || "
        "'.example/feed?a=1&b=2', "
        "'user:password' FROM sources WHERE slug IN ('a', 'b', 'c');"
        "INSERT INTO subscription_categories (source_id, category_id) SELECT o.id, c.id FROM sources o, categories c "
        "WHERE (o.slug, c.slug) IN (('a', 'far'), ('a', 'own'), ('b', 'far'))");
    const TemporaryFolder folder;
    const std::string file = folder.path() / "feeds.opml";
    const auto exported = gazetted({"export", "opml", "--subscriptions"});
    EXPECT_EQ(exported.exit_status, 0) << exported.err;
    EXPECT_EQ(exported.out.find("password"), std::string::npos) << exported.out;
    std::ofstream(file) << exported.out;

    const TestDatabase other;
    const auto imported = run_command({GAZETTED_BINARY, "import", "opml", file, "--database", other.url()});
    EXPECT_EQ(imported.exit_status, 0) << imported.err;
    const std::string all =
        "SELECT string_agg(concat_ws(' ', o.slug, o.url, f.feed_url, c.slug, c.title), '|' ORDER BY o.slug, c.slug) FROM "
        "sources o "
        "JOIN subscriptions f ON f.source_id = o.id LEFT JOIN (subscription_categories m JOIN categories c ON c.id = "
        "m.category_id) "
        "ON m.source_id = o.id";
    EXPECT_EQ(other.value(all), database.value(all));
    const auto again = run_command({GAZETTED_BINARY, "export", "opml", "--subscriptions", "--database", other.url()});
    EXPECT_EQ(again.out, exported.out);
}

TEST_F(Polling, GivesAnotherGazettedTheSameArticlesWithTheSameIds) {
    const TestDatabase origin;
    origin.run(
        "INSERT INTO categories (slug, title) VALUES ('news', 'News');"
        "INSERT INTO articles (id, url, title, content, published) SELECT 'urn:origin:' || n, 'https://origin.example/' || n, "
        "'Article ' || n, '<p>Text ' || n || '</p>', now() - n * interval '1 hour' FROM generate_series(1, 20) AS n;"
        "INSERT INTO article_categories (article_id, category_id) SELECT a.id, c.id FROM articles a CROSS JOIN categories c");
    const DaemonProcess upstream_daemon({"--database", origin.url(), "--base-url", "https://origin.example"});
    subscribe("http://127.0.0.1:" + std::to_string(upstream_daemon.port()) + "/category/news.atom");
    const std::string all =
        "SELECT string_agg(id || ' ' || title || ' ' || content || ' ' || floor(extract(epoch FROM published))::bigint, '|' "
        "ORDER BY id) FROM articles";
    EXPECT_EQ(database.value(all), origin.value(all));

    const std::string shown = all + " WHERE withdrawn IS NULL";
    const DaemonProcess daemon(daemon_arguments());
    for (int round = 1; round <= 5; ++round) {
        const std::string n = std::to_string(round);
        origin.run("INSERT INTO articles (id, url, title, content, published) SELECT 'urn:storm:" + n +
                   ":' || n, 'https://origin.example/storm/" + n +
                   "/' || n, 'Storm ' || n, '<p>Text ' || n || '</p>', date_trunc('second', now()) - n * interval '1 minute' "
                   "FROM generate_series(1, 7) AS n;"
                   "INSERT INTO article_categories (article_id, category_id) SELECT a.id, c.id FROM articles a CROSS JOIN "
                   "categories c "
                   "ON CONFLICT DO NOTHING;"
                   "UPDATE articles SET title = title || ', edited', updated = now() WHERE abs(hashtext(id || '" +
                   n +
                   "')) % 3 = 0;"
                   "UPDATE articles SET content = '<p>Rewritten</p>', updated = now() WHERE abs(hashtext(id || '" +
                   n +
                   "')) % 7 = 1;"
                   "UPDATE articles SET withdrawn = now() WHERE withdrawn IS NULL AND abs(hashtext(id || '" +
                   n + "')) % 5 = 2");
        make_due();
        EXPECT_TRUE(comes_to_be(shown, origin.value(shown))) << "round " << n << "\n"
                                                             << database.value(shown) << "\n\n"
                                                             << origin.value(shown);
    }
    EXPECT_GT(std::stoi(origin.value("SELECT count(*) FROM articles WHERE withdrawn IS NOT NULL")), 5);
    EXPECT_GT(std::stoi(database.value("SELECT count(*) FROM articles WHERE withdrawn IS NOT NULL")), 5);
}

TEST_F(Polling, SaysForHowManyItAsks) {
    upstream.answer("/feed", {.body = feed_of(item(1, "Article one"))});
    subscribe(upstream.url());
    database.run(
        "INSERT INTO feed_subscribers (path, service, feed, subscribers, seen) VALUES ('/category/news.atom', 'Feedly', '', "
        "12, now()), "
        "('/category/news.rss', 'Inoreader', '', 5, now()), ('/category/other.rss', 'Inoreader', '', 70, now())");
    const DaemonProcess daemon(daemon_arguments());
    make_due();
    ASSERT_TRUE(comes_to_be("SELECT polls FROM subscriptions", "2"));
    EXPECT_NE(upstream.requests().at(1).field("User-Agent").find("; 17 subscribers)"), std::string::npos)
        << upstream.requests().at(1).field("User-Agent");
}

TEST_F(Polling, TellsPrometheusHowItGoes) {
    upstream.answer("/feed", {.fields = {{"ETag", "\"1\""}}, .body = feed_of(item(1, "Article one"))});
    subscribe(upstream.url());
    upstream.answer("/feed", {.status = 304});
    database.run("UPDATE subscriptions SET silent_after = now() - interval '1 hour', next_poll = now()");
    const DaemonProcess daemon(daemon_arguments());
    ASSERT_TRUE(comes_to_be("SELECT polls FROM subscriptions", "2"));
    std::string metrics;
    for (const auto end = std::chrono::steady_clock::now() + 10s; std::chrono::steady_clock::now() < end;) {
        metrics = http_get(daemon.status_port(), "/metrics").body;
        if (metrics.find("gazetted_polls_total{outcome=\"unchanged\"} 1\n") != std::string::npos) break;
        std::this_thread::sleep_for(20ms);
    }
    EXPECT_NE(metrics.find("gazetted_polls_total{outcome=\"unchanged\"} 1\n"), std::string::npos) << metrics;
    EXPECT_NE(metrics.find("gazetted_subscriptions{state=\"active\"} 1\n"), std::string::npos) << metrics;
    EXPECT_NE(metrics.find("gazetted_subscriptions_silent 1\n"), std::string::npos) << metrics;
    EXPECT_NE(metrics.find("gazetted_polled_articles_total{change=\"dropped\"} 0\n"), std::string::npos) << metrics;
    EXPECT_EQ(metrics.find("gazetted_polls_saved_bytes_total 0\n"), std::string::npos) << metrics;
    EXPECT_NE(gazetted({"source", "list", "--silent"}).out.find("blog"), std::string::npos);
    EXPECT_EQ(gazetted({"source", "list", "--failing"}).out.find("blog"), std::string::npos);
}

TEST_F(Polling, TellsPrometheusHowLongPollsWaitWhereNobodyPolls) {
    upstream.answer("/feed", {.body = feed_of(item(1, "Article one"))});
    subscribe(upstream.url());
    database.run("UPDATE subscriptions SET next_poll = now() - interval '1 hour'");
    auto arguments = daemon_arguments();
    arguments.push_back("--config");
    const TemporaryFolder folder;
    arguments.push_back(folder.path() / "gazetted.toml");
    std::ofstream(arguments.back()) << "[polling]\nenabled = false\n";
    const DaemonProcess daemon(arguments);
    std::string metrics;
    for (const auto end = std::chrono::steady_clock::now() + 10s;
         metrics.find("\ngazetted_polling_lag_seconds 36") == std::string::npos && std::chrono::steady_clock::now() < end;
         std::this_thread::sleep_for(20ms))
        metrics = http_get(daemon.status_port(), "/metrics").body;
    EXPECT_NE(metrics.find("\ngazetted_polling_lag_seconds 36"), std::string::npos) << metrics;
    EXPECT_EQ(upstream.request_count(), 1U);
}

TEST_F(Polling, RefreshesASourceAheadOfItsScheduleAndWithinItsManners) {
    upstream.answer("/feed", {.fields = {{"ETag", "\"1\""}}, .body = feed_of(item(1, "Article one"))});
    subscribe(upstream.url());
    upstream.answer("/feed", {.fields = {{"ETag", "\"2\""}}, .body = feed_of(item(2, "Article two") + item(1, "Article one"))});
    database.run("UPDATE subscriptions SET last_poll = now() - interval '61 minutes', next_poll = now() + interval '9 hours'");
    const auto refreshed = gazetted({"source", "refresh", "blog"});
    EXPECT_EQ(refreshed.exit_status, 0) << refreshed.err;
    EXPECT_NE(refreshed.out.find("1 new, 0 changed, 1 unchanged"), std::string::npos) << refreshed.out;
    EXPECT_EQ(upstream.requests().at(1).field("If-None-Match"), "\"1\"");

    const auto is_refused = [&](const std::string& state, const std::string& words) {
        database.run("UPDATE subscriptions SET " + state);
        const auto refused = gazetted({"source", "refresh", "blog"});
        EXPECT_EQ(refused.exit_status, 1) << state;
        EXPECT_NE(refused.err.find(words), std::string::npos) << refused.err;
        EXPECT_NE(gazetted({"source", "refresh", "--all"}).out.find("0 polled, 0 failed"), std::string::npos) << state;
    };
    is_refused("state = 'gone'", "gazetted source resume blog");
    is_refused("state = 'active', last_poll = now() - interval '59 minutes'", "asked a short while ago");
    is_refused("last_poll = now() - interval '23 hours', last_whole = last_poll, etag = ''", "asked a short while ago");
    is_refused("etag = '\"1\"', not_before = now() + interval '6 days'", "wants to be left alone");
    is_refused(
        "not_before = NULL, conditional_min = '1 minute', last_poll = now() - interval '5 minutes', claim = gen_random_uuid()",
        "polled by somebody else");
    EXPECT_EQ(upstream.request_count(), 2U);
}

TEST_F(Polling, RefreshesAllThatMayBeAskedAndSaysWhatCameOfIt) {
    std::mutex mutex;
    std::vector<std::chrono::steady_clock::time_point> times;
    upstream.answer_all([&](const UpstreamRequest& request) {
        const std::lock_guard lock(mutex);
        if (request.host() == "one.localhost") times.push_back(std::chrono::steady_clock::now());
        if (request.target == "/gone") return UpstreamAnswer{.status = 404};
        return UpstreamAnswer{.body = feed_of(item(1, request.target == "/bad" ? "Bad" : "Article one"))};
    });
    int number = 0;
    for (const std::string& url : {upstream.url("/gone", "one.localhost"), upstream.url("/bad", "two.localhost"),
                                   upstream.url("/feed", "one.localhost"), upstream.url("/soon", "three.localhost")})
        database.run("WITH s AS (INSERT INTO sources (slug) VALUES ('s" + std::to_string(++number) +
                     "') RETURNING id) INSERT INTO subscriptions (source_id, feed_url, allow_private) SELECT id, '" + url +
                     "', true FROM s");
    database.run(
        "UPDATE subscriptions SET last_poll = now() WHERE feed_url LIKE '%/soon';"
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.title = 'Bad' THEN "
        "RAISE EXCEPTION USING ERRCODE = 'XX000', MESSAGE = 'no room'; END IF; RETURN NEW; END $$;"
        "CREATE TRIGGER refuse BEFORE INSERT ON articles FOR EACH ROW EXECUTE FUNCTION refuse()");
    const auto refreshed = gazetted({"source", "refresh", "--all", "--json"});
    EXPECT_EQ(refreshed.exit_status, 1) << "two have failed";
    EXPECT_EQ(refreshed.out, "{\"polled\":3,\"failed\":2,\"too_soon\":1,\"added\":1,\"changed\":0}\n") << refreshed.err;
    EXPECT_EQ(database.value("SELECT count(*) FROM subscriptions WHERE claim IS NOT NULL"), "0");
    EXPECT_NE(gazetted({"source", "list", "--failing", "--json"}).out.find("no room"), std::string::npos);
    const std::lock_guard lock(mutex);
    ASSERT_EQ(times.size(), 2U);
    EXPECT_GE(times[1] - times[0], 1s) << "as polling.host_spacing says";
}

TEST_F(Polling, SaysWhyWhatItSubscribesToCannotBeStored) {
    upstream.answer("/feed", {.body = feed_of(item(1, "Bad"))});
    database.run("ALTER TABLE articles ADD CONSTRAINT good CHECK (title <> 'Bad')");
    const auto added = gazetted({"source", "add", upstream.url(), "--slug", "blog", "--allow-private"});
    EXPECT_EQ(added.exit_status, 1);
    EXPECT_NE(added.err.find("cannot be stored"), std::string::npos) << added.err;
    EXPECT_EQ(database.value("SELECT failures || ' ' || (claim IS NULL) FROM subscriptions"), "1 true");
}

TEST_F(Polling, TakesCredentialsToNoFeedThatAPageNamesElsewhere) {
    upstream.answer("/", {.fields = {{"Content-Type", "text/html"}},
                          .body = "<html><head><link rel='alternate' type='application/rss+xml' href='" +
                                  upstream.url("/feed", "elsewhere.localhost") + "'></head></html>"});
    const auto added = gazetted({"source", "add", upstream.url("/"), "--allow-private", "--credentials", "ann:s3cret"});
    EXPECT_EQ(added.exit_status, 1);
    EXPECT_NE(added.err.find("credentials are for"), std::string::npos) << added.err;
    EXPECT_EQ(upstream.request_count(), 1U);
}

TEST_F(Polling, TakesAnotherFeedOnlyWhereTheOperatorAcceptsIt) {
    upstream.answer("/feed", {.body = feed_of(item(1, "Article one"))});
    subscribe(upstream.url());
    upstream.answer("/feed",
                    {.body = "<rss version='2.0'><channel><title>Casino</title><link>https://casino.example/</link><item>"
                             "<guid>urn:casino</guid><title>Win</title></item></channel></rss>"});
    const DaemonProcess daemon(daemon_arguments());
    make_due();
    ASSERT_TRUE(comes_to_be("SELECT failures FROM subscriptions", "1"));
    EXPECT_NE(gazetted({"source", "list", "--failing"}).out.find("Casino"), std::string::npos);
    EXPECT_EQ(gazetted({"source", "accept", "blog"}).exit_status, 0);
    make_due();
    EXPECT_TRUE(comes_to_be("SELECT count(*) FROM articles", "2"));
}

}  // namespace
}  // namespace gazetted
