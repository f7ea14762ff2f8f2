// The API over a daemon, a database and its feeds.

#include "daemon/store.hpp"
#include "daemon/token.hpp"
#include "tests/support/daemon_process.hpp"
#include "tests/support/test_database.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include <chrono>
#include <sstream>

namespace gazetted {
namespace {

using namespace std::chrono_literals;
namespace json = boost::json;

class Api : public ::testing::Test {
protected:
    Api() : daemon({"--database", database.url()}) {
        database.run(R"(
            INSERT INTO categories (slug, title) VALUES ('news', 'The news'), ('sport', '');
            INSERT INTO sources (slug, title) VALUES ('wire', 'The wire'))");
        token = token_for("all", {"read", "publish", "admin"});
    }
    std::string token_for(const std::string& name, std::vector<std::string> scopes) {
        std::string made = make_token(name);
        Store(database.url()).add_user({.name = name, .token_hash = hash_of_token(made), .scopes = std::move(scopes)});
        return made;
    }
    HttpAnswer ask_as(const std::string& bearer, const std::string& method, const std::string& target,
                      const std::string& body = {}, const std::string& type = "application/json") const {
        std::vector<std::string> fields = {"Authorization: Bearer " + bearer};
        if (!body.empty()) fields.push_back("Content-Type: " + type);
        return http_get(daemon.status_port(), target, fields, method, body);
    }
    HttpAnswer ask(const std::string& method, const std::string& target, const std::string& body = {},
                   const std::string& type = "application/json") const {
        return ask_as(token, method, target, body, type);
    }
    HttpAnswer patch(const std::string& target, const std::string& body) const {
        return ask("PATCH", target, body, "application/merge-patch+json");
    }
    std::vector<json::object> lines(const std::string& body) const {
        const HttpAnswer answer = ask("POST", "/api/articles", body, "application/x-ndjson");
        EXPECT_EQ(answer.status, 200) << answer.body;
        std::vector<json::object> found;
        std::istringstream stream(answer.body);
        for (std::string line; std::getline(stream, line);) found.push_back(json::parse(line).as_object());
        return found;
    }
    static std::string text(const json::object& object, const std::string& name) {
        return std::string(object.at(name).as_string());
    }
    static bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

    TestDatabase database;
    DaemonProcess daemon;
    std::string token;
};

TEST_F(Api, PublishesCorrectsAndWithdrawsWhileReadersLookOn) {
    const auto added =
        ask("PUT", "/api/articles/tag%3Aa.example%2C2026%3A1",
            R"({"title":"Harbour opens","content":"<p>At noon.</p>","categories":["news"],"authors":[{"name":"Ann"}]})");
    EXPECT_EQ(added.status, 201) << added.body;
    EXPECT_EQ(added.fields.at("location"), "/api/articles/tag%3Aa.example%2C2026%3A1");
    EXPECT_TRUE(has(added.body, R"("result":"added")")) << added.body;
    EXPECT_TRUE(has(daemon.get_until("/category/news.atom", 200, "Harbour opens").body, "Harbour opens"));
    const std::string number = database.value("SELECT number FROM articles");
    EXPECT_EQ(daemon.get("/article/" + number).status, 200);

    const std::string published = database.value("SELECT published FROM articles");
    const auto corrected =
        patch("/api/articles/tag%3Aa.example%2C2026%3A1", R"({"title":"The harbour is open","authors":null})");
    EXPECT_EQ(corrected.status, 200) << corrected.body;
    EXPECT_TRUE(has(daemon.get_until("/category/news.atom", 200, "The harbour is open").body, "The harbour is open"));
    EXPECT_EQ(database.value("SELECT authors::text || content FROM articles"), "[]<p>At noon.</p>") << "what is not said stays";
    EXPECT_EQ(database.value("SELECT published FROM articles"), published) << "to the microsecond";

    const auto withdrawn = ask("DELETE", "/api/articles/tag%3Aa.example%2C2026%3A1");
    EXPECT_TRUE(withdrawn.status == 200 && has(withdrawn.body, R"("state":"withdrawn")")) << withdrawn.body;
    EXPECT_EQ(daemon.get_until("/article/" + number, 410, "").status, 410);
    EXPECT_EQ(ask("DELETE", "/api/articles/tag%3Aa.example%2C2026%3A1").status, 200) << "and again";
    EXPECT_EQ(ask("POST", "/api/articles/tag%3Aa.example%2C2026%3A1/restore").status, 200);
    EXPECT_EQ(daemon.get_until("/article/" + number, 200, "harbour").status, 200);
}

TEST_F(Api, TellsAnArticleSoThatTheSameCanBePostedBack) {
    const std::string whole =
        R"({"title":"T","url":"https://a.example/1","summary":"<p>s","content":"<p>c","language":"zh","published":"2026-01-05T12:00:00.123456Z",
            "updated":"2026-01-06T12:00:00Z","source":"wire","categories":["news","sport"],"tags":[{"name":"b","label":"Bee"},{"name":"a"}],
            "authors":[{"name":"Ann","email":"a@a.example"}],"latitude":52.52,"longitude":-13.405,"place":"Berlin","season":1,"episode":2,
            "episode_kind":"full","explicit":false,"rights":"R","comments_url":"https://a.example/c","direction":"ltr","origin":{"title":"O"},
            "enclosures":[{"url":"https://a.example/e.mp3","media_type":"audio/mpeg","length_bytes":9007199254740993,"duration_seconds":61,"role":"enclosure"}]})";
    EXPECT_EQ(ask("PUT", "/api/articles/urn%3Ax", whole).status, 201);
    const auto told = ask("GET", "/api/articles/urn%3Ax");
    ASSERT_EQ(told.status, 200) << told.body;
    json::object expected = json::parse(whole).as_object(), article = json::parse(told.body).as_object();
    expected["id"] = "urn:x";
    expected["withdrawn"] = false;
    expected["published"] = "2026-01-05T12:00:00.123456Z";
    expected["updated"] = "2026-01-06T12:00:00.000000Z";
    expected["tags"] = json::parse(R"([{"name":"a"},{"name":"b","label":"Bee"}])");
    article.erase("number");
    EXPECT_EQ(json::serialize(json::value(article)).size(), json::serialize(json::value(expected)).size());
    EXPECT_EQ(article, expected) << told.body;
    const std::string revision = database.value("SELECT revision FROM articles");
    for (const char* method : {"PUT", "PATCH"}) {
        const auto again = ask(method, "/api/articles/urn%3Ax", told.body,
                               std::string(method) == "PUT" ? "application/json" : "application/merge-patch+json");
        EXPECT_TRUE(has(again.body, R"("result":"unchanged")")) << again.body;
    }
    EXPECT_EQ(database.value("SELECT revision FROM articles"), revision) << "no validator moved";
}

TEST_F(Api, TakesManyInOneGoEachForItself) {
    const std::string body =
        "{\"id\":\"urn:1\",\"title\":\"First\",\"categories\":[\"news\"]}\r\n"
        "\n"
        "{\"id\":\"urn:2\",\"title\":\"Second\",\"categories\":[\"nowhere\"]}\n"
        "{\"id\":\"urn:3\",\"title\":\n"
        "{\"id\":\"urn:4\",\"titel\":\"Fourth\"}\n"
        "{\"title\":\"Fifth\"}\n"
        "{\"id\":\"urn:6\"}\n"
        "{\"id\":\"urn:7\",\"title\":\"Seventh\",\"published\":\"2026-01-05T12:00:00Z\",\"source\":\"wire\"}";
    const auto first = lines(body);
    ASSERT_EQ(first.size(), 7U);
    const int numbers[] = {1, 3, 4, 5, 6, 7, 8}, statuses[] = {201, 422, 400, 422, 422, 422, 201};
    for (std::size_t i = 0; i < first.size(); ++i) {
        EXPECT_EQ(first[i].at("line").as_int64(), numbers[i]);
        EXPECT_EQ(first[i].at("status").as_int64(), statuses[i]) << json::serialize(first[i]);
    }
    EXPECT_EQ(text(first[1], "detail"), "there is no category nowhere");
    EXPECT_EQ(text(first[3], "detail"), "the member titel is not known");
    EXPECT_EQ(text(first[5], "detail"), "there is neither a title nor a text");
    EXPECT_EQ(database.value("SELECT string_agg(id, ' ' ORDER BY id) FROM articles"), "urn:1 urn:7");
    EXPECT_TRUE(has(daemon.get_until("/all.atom", 200, "Seventh").body, "First"));

    const std::string revisions = "SELECT string_agg(revision::text, ' ') FROM articles";
    const std::string before = database.value(revisions);
    const auto again = lines(body);
    EXPECT_EQ(text(again[0], "result"), "unchanged");
    EXPECT_EQ(text(again[6], "result"), "unchanged");
    EXPECT_EQ(database.value(revisions), before) << "the same lines again change nothing";

    const auto third = lines("{\"id\":\"urn:1\",\"withdrawn\":true}\n{\"id\":\"urn:7\",\"title\":\"The seventh\"}\n");
    EXPECT_EQ(text(third[0], "result"), "updated");
    EXPECT_EQ(database.value("SELECT string_agg(title || (withdrawn IS NULL), ' ' ORDER BY id) FROM articles"),
              "Firstfalse The seventhtrue");
    EXPECT_EQ(text(lines("{\"id\":\"urn:7\",\"source\":\"other\"}")[0], "detail"),
              "the article keeps the source that it came from");
}

TEST_F(Api, RefusesMoreThanItTakes) {
    std::string body;
    for (int i = 0; i < 1'000; ++i) body += "{}\n";
    EXPECT_EQ(lines(body).size(), 1'000U);
    EXPECT_EQ(ask("POST", "/api/articles", body + "{}", "application/x-ndjson").status, 413);
    EXPECT_EQ(ask("POST", "/api/articles", std::string((8U << 20) + 1, ' ')).status, 413);
    const auto long_line =
        lines("{\"id\":\"urn:l\",\"content\":\"" + std::string(2U << 20, 'x') + "\"}\n{\"id\":\"urn:s\",\"title\":\"S\"}");
    EXPECT_EQ(long_line.at(0).at("status").as_int64(), 413);
    EXPECT_EQ(long_line.at(1).at("status").as_int64(), 201);
    EXPECT_EQ(ask("GET", "/api/articles?limit=1001").status, 400);
    EXPECT_EQ(ask("GET", "/api/articles?limit=1000").status, 200);
}

TEST_F(Api, AsksEachTokenWhatItIsFor) {
    const std::string reader = token_for("reader", {"read"}), writer = token_for("writer", {"publish"});
    EXPECT_EQ(ask_as(reader, "GET", "/api/categories").status, 200);
    EXPECT_EQ(ask_as(writer, "GET", "/api/categories").status, 403);
    const auto refused = ask_as(reader, "DELETE", "/api/articles/x");
    EXPECT_EQ(refused.status, 403);
    EXPECT_EQ(refused.fields.at("www-authenticate"),
              "Bearer realm=\"gazetted\", error=\"insufficient_scope\", scope=\"publish\"");
    EXPECT_EQ(refused.fields.at("content-type"), "application/problem+json");
    EXPECT_EQ(ask_as(writer, "DELETE", "/api/articles/x").status, 404);
    EXPECT_EQ(ask_as(writer, "DELETE", "/api/categories/news").status, 403);
    EXPECT_NE(database.value("SELECT last_used FROM users WHERE name = 'reader'"), "(null)");

    ASSERT_EQ(run_command({GAZETTED_BINARY, "user", "revoke", "reader", "--database", database.url()}).exit_status, 0);
    const auto revoked = ask_as(reader, "GET", "/api/categories");
    EXPECT_EQ(revoked.status, 401);
    EXPECT_EQ(revoked.fields.at("www-authenticate"), "Bearer realm=\"gazetted\", error=\"invalid_token\"");
    EXPECT_EQ(http_get(daemon.status_port(), "/api/categories").status, 401);
}

TEST_F(Api, RenamesMergesAndRemovesCategories) {
    EXPECT_EQ(ask("PUT", "/api/articles/urn%3A1", R"({"title":"First","categories":["news"]})").status, 201);
    EXPECT_EQ(daemon.get_until("/category/news.atom", 200, "First").status, 200);
    EXPECT_EQ(ask("POST", "/api/categories/news/rename", R"({"slug":"sport"})").status, 409);
    EXPECT_EQ(ask("POST", "/api/categories/news/rename", R"({"slug":"news"})").status, 422);
    EXPECT_EQ(ask("POST", "/api/categories/news/rename", R"({"slug":"a/b"})").status, 422);
    EXPECT_EQ(ask("POST", "/api/categories/none/rename", R"({"slug":"x"})").status, 404);
    const auto renamed = ask("POST", "/api/categories/news/rename", R"({"slug":"latest"})");
    EXPECT_TRUE(has(renamed.body, R"("former_slugs":["news"])")) << renamed.body;
    const auto moved = daemon.get_until("/category/news.atom", 308, "");
    EXPECT_EQ(moved.fields.at("location"), "/category/latest.atom");
    EXPECT_EQ(ask("POST", "/api/categories/news/merge", R"({"into":"sport"})").status, 200) << "by a name of before";
    EXPECT_TRUE(has(daemon.get_until("/category/sport.atom", 200, "First").body, "First"));
    EXPECT_EQ(ask("DELETE", "/api/categories/sport?at=soon").status, 422);
    EXPECT_EQ(ask("DELETE", "/api/categories/sport").status, 200);
    EXPECT_EQ(daemon.get_until("/category/sport.atom", 410, "").status, 410);
    EXPECT_EQ(patch("/api/categories/sport", R"({"title":"Sport!","language":null})").status, 200);
    EXPECT_EQ(patch("/api/categories/sport", R"({"entry_link":"nowhere"})").status, 422);
    EXPECT_EQ(database.value("SELECT title FROM categories WHERE slug = 'sport'"), "Sport!");
}

TEST_F(Api, SaysHowLongACategoryKeepsAndWhereASourcePoints) {
    const auto limited = patch("/api/categories/news", R"({"keep_days":30,"keep_articles":1000})");
    EXPECT_TRUE(has(limited.body, R"("keep_days":30,"keep_articles":1000)")) << limited.body;
    const auto whole = patch("/api/categories/news", R"({"keep_days":null,"keep_articles":0})");
    EXPECT_TRUE(has(whole.body, R"("keep_days":null,"keep_articles":null)")) << whole.body;
    EXPECT_EQ(patch("/api/categories/news", R"({"keep_days":-1})").status, 422);
    EXPECT_TRUE(has(patch("/api/categories/news", R"({"keep_days":36501})").body, "a category keeps 1 to 36500 days"));
    EXPECT_TRUE(has(ask("PUT", "/api/sources/wire", R"({"title":"W","entry_link":"page"})").body, R"("entry_link":"page")"));
    EXPECT_TRUE(has(ask("PUT", "/api/sources/wire", R"({"title":"The wire"})").body, R"("entry_link":"page")"));
    EXPECT_EQ(ask("PUT", "/api/sources/wire", R"({"title":"W","entry_link":"nowhere"})").status, 422);
    EXPECT_EQ(database.value("SELECT title FROM sources"), "The wire");
}

TEST_F(Api, SubscribesToAFeedAndSaysHowItIsPolled) {
    const auto made =
        ask("POST", "/api/sources", R"({"feed_url":"feed://u:p@127.0.0.1:1/f","slug":"blog","categories":["news"]})");
    EXPECT_EQ(made.status, 201) << made.body;
    EXPECT_EQ(made.fields.at("location"), "/api/sources/blog");
    EXPECT_TRUE(has(made.body, R"("feed_url":"http://127.0.0.1:1/f","state":"active","categories":["news"])")) << made.body;
    EXPECT_TRUE(has(made.body, R"("has_credentials":true)") && !has(made.body, "u:p")) << made.body;
    for (const auto end = std::chrono::steady_clock::now() + 20s; std::chrono::steady_clock::now() < end;)
        if (database.value("SELECT bool_or(error <> '') FROM subscriptions") == "t") break;
    const auto asked = ask("GET", "/api/sources/blog");
    EXPECT_TRUE(has(asked.body, "127.0.0.1 is not fetched from")) << asked.body;

    EXPECT_EQ(ask("POST", "/api/sources", R"({"feed_url":"http://127.0.0.1:1/f"})").status, 409);
    EXPECT_EQ(ask("POST", "/api/sources", R"({"feed_url":"http://a.example/f","slug":"blog"})").status, 409);
    EXPECT_EQ(ask("POST", "/api/sources", R"({"feed_url":"http://a.example/f","categories":["none"]})").status, 404);
    for (const char* wrong :
         {R"({"feed_url":"ftp://a.example/f"})", R"({"slug":"b"})", R"({"feed_url":"http://a.example/f","content":"half"})",
          R"({"feed_url":"http://a.example/f","allow_private":true})"})
        EXPECT_EQ(ask("POST", "/api/sources", wrong).status, 422) << wrong;
    EXPECT_EQ(database.value("SELECT string_agg(slug, ' ' ORDER BY slug) FROM sources"), "blog wire")
        << "what is refused leaves nothing behind";

    database.run("INSERT INTO categories (slug) VALUES ('culture')");
    const auto set =
        patch("/api/sources/blog", R"({"categories":["culture"],"interval_max":"6h","credentials":null,"entry_link":"page"})");
    EXPECT_TRUE(has(set.body, R"("categories":["culture"])") && has(set.body, R"("interval_max":"06:00:00")")) << set.body;
    EXPECT_TRUE(has(set.body, R"("has_credentials":false)") && has(set.body, R"("entry_link":"page")")) << set.body;
    EXPECT_TRUE(has(patch("/api/sources/blog", R"({"categories":[],"interval_max":null})").body, R"("interval_max":null)"));
    EXPECT_EQ(patch("/api/sources/blog", R"({"interval_max":"never"})").status, 422);
    EXPECT_EQ(patch("/api/sources/none", R"({"content":"summary"})").status, 404);
}

TEST_F(Api, RefusesWhatWouldSayNothingToReaders) {
    EXPECT_TRUE(has(patch("/api/categories/news", R"({"language":"not a lang!!"})").body, "is no language"));
    EXPECT_TRUE(
        has(patch("/api/categories/news", R"({"icon_url":"javascript:x"})").body, "an icon is an http or https address"));
    EXPECT_EQ(ask("GET", "/api/articles?after=abc").status, 400);
    EXPECT_EQ(ask("GET", "/api/articles?after=7").status, 200);
    for (const char* id : {"a%20b%2Fc", "not-a-uri", "urn%20h%20space"})
        EXPECT_EQ(ask("PUT", std::string("/api/articles/") + id, R"({"title":"T"})").status, 422) << id;
    EXPECT_EQ(ask("PUT", "/api/articles/post-7", R"({"title":"T","source":"wire"})").status, 201) << "its source's own";
    database.run("INSERT INTO articles (id, title) VALUES ('of before', 'T')");
    EXPECT_EQ(ask("PUT", "/api/articles/of%20before", R"({"title":"Corrected"})").status, 200) << "ids are for life";
    EXPECT_EQ(ask("PUT", "/api/articles/tag%3Aa.example%2C2026%3A%E6%96%B0", R"({"title":"T"})").status, 201);
}

TEST_F(Api, AnswersAsItIsDescribed) {
    if (run_command({"python3", "-c", "import jsonschema"}).exit_status != 0)
        GTEST_SKIP() << "python3-jsonschema is not installed";
    database.run(
        "INSERT INTO subscriptions (source_id, feed_url, state) SELECT id, 'https://wire.example/feed', 'paused' FROM sources");
    const auto judged = run_command({"python3", GAZETTED_SOURCE_DIR "/tests/end_to_end/api/answers_as_described.py",
                                     GAZETTED_SOURCE_DIR "/docs/openapi.json", std::to_string(daemon.status_port()), token,
                                     "read=" + token_for("no-reader", {"publish", "admin"}),
                                     "publish=" + token_for("no-writer", {"read", "admin"}),
                                     "admin=" + token_for("no-admin", {"read", "publish"})});
    ASSERT_EQ(judged.exit_status, 0) << judged.out << judged.err;
    EXPECT_GT(std::stoi(judged.out), 100) << judged.out;
}

TEST_F(Api, IsKeptFromReadersAndSaysNoSecrets) {
    EXPECT_EQ(daemon.get("/api/openapi.json").status, 404);
    EXPECT_EQ(http_get(daemon.status_port(), "/api/openapi.json").status, 200);
    EXPECT_EQ(ask("PUT", "/api/articles/urn%3A1%0Aforged", R"({"title":"First"})").status, 422);
    EXPECT_EQ(ask("PUT", "/api/articles/urn%3A1", R"({"title":"First"})").status, 201);
    EXPECT_EQ(daemon.stop(), 0);
    const std::string log = daemon.log();
    EXPECT_TRUE(has(log, "administered user=all act=replace_article name=urn:1 result=added")) << log;
    EXPECT_FALSE(has(log, token)) << log;
    EXPECT_FALSE(has(log, token.substr(token.find('.') + 1))) << log;
}

TEST_F(Api, SaysSoWhileItsDatabaseIsAwayAndFeedsAreServed) {
    EXPECT_EQ(ask("PUT", "/api/articles/urn%3A1", R"({"title":"First","published":"2026-01-05T12:00:00Z"})").status, 201);
    EXPECT_TRUE(has(daemon.get_until("/all.atom", 200, "First").body, "First"));
    const std::string name = database.value("SELECT current_database()");
    std::string elsewhere = database.url();
    elsewhere.replace(elsewhere.find(name), name.size(), "postgres");
    const auto admit = [&](const std::string& whether) {
        run_sql(elsewhere, "ALTER DATABASE " + name + " ALLOW_CONNECTIONS " + whether);
    };
    admit("false");
    run_sql(elsewhere, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + name + "'");
    const auto refused = ask("PUT", "/api/articles/urn%3A2", R"({"title":"Second"})");
    EXPECT_EQ(refused.status, 503) << refused.body;
    EXPECT_EQ(refused.fields.at("retry-after"), "5");
    EXPECT_EQ(refused.fields.at("content-type"), "application/problem+json");
    EXPECT_EQ(daemon.get("/all.atom").status, 200);
    admit("true");
    HttpAnswer later;
    for (const auto end = std::chrono::steady_clock::now() + 10s;
         later.status != 201 && std::chrono::steady_clock::now() < end;)
        later = ask("PUT", "/api/articles/urn%3A2", R"({"title":"Second"})");
    EXPECT_EQ(later.status, 201) << later.body;
    EXPECT_TRUE(has(daemon.get_until("/all.atom", 200, "Second").body, "First"));
}

}  // namespace
}  // namespace gazetted
