#include "daemon/store.hpp"
#include "feeds/tracking_parameters.hpp"
#include "tests/support/test_database.hpp"

#include <gtest/gtest.h>
#include <algorithm>
#include <chrono>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <random>
#include <regex>
#include <set>
#include <thread>
#include <tuple>

namespace gazetted {
namespace {

using Strings = std::vector<std::string>;

Strings ids_of(const std::vector<Article>& articles) {
    Strings ids;
    for (const Article& article : articles) ids.push_back(article.id);
    return ids;
}

const Selection x{.name = "x"};
const Selection y{.name = "y"};

/// Sources a, b and c, categories x and y. Articles are named by their source and tell, unless said otherwise, one story.
struct Stories : testing::Test {
    Stories() {
        database.run(
            "INSERT INTO sources (slug, title) VALUES ('a', 'Agency'), ('b', 'Bulletin'), ('c', 'Courier');"
            "INSERT INTO categories (slug) VALUES ('x'), ('y')");
    }
    struct Told {
        std::string url = "https://news.example/story";
        std::string title = "A title";
        std::string text = "";
        int hour = 0;
    };
    void tell(const std::string& id, const std::string& category, const Told& told) { tell(id, Strings{category}, told); }
    void tell(const std::string& id, const Strings& categories, const Told& told) {
        std::string list;
        for (const std::string& slug : categories) list += (list.empty() ? "'" : ", '") + slug + "'";
        database.run("INSERT INTO articles (id, source_id, url, title, content, published) SELECT '" + id +
                     "', s.id, nullif('" + told.url + "', ''), '" + told.title + "', '" + told.text +
                     "', timestamptz '2024-05-01Z' + interval '1 hour' * " + std::to_string(told.hour) +
                     " FROM sources s WHERE slug = left('" + id + "', 1); " +
                     "INSERT INTO article_categories (article_id, category_id) SELECT '" + id +
                     "', k.id FROM categories k WHERE k.slug IN (" + list + ")");
    }
    Strings shown(const Selection& selection) { return ids_of(store.newest(selection, 50).value().articles); }
    std::int64_t revision_of(const std::string& slug) {
        return std::stoll(database.value("SELECT revision FROM categories WHERE slug = '" + slug + "'"));
    }

    TestDatabase database;
    Store store{database.url()};
};

/// 600 letters that nobody else writes.
std::string text_of(unsigned seed) {
    std::mt19937 random(seed);
    std::string text;
    while (text.size() < 600) text.push_back(static_cast<char>('a' + random() % 26));
    return text;
}

TEST_F(Stories, AreShownOnceByTheEarliestWhicheverComesFirst) {
    tell("b1", "x", {.hour = 2});
    EXPECT_EQ(shown(x), Strings{"b1"});
    tell("a1", "x", {.url = "http://News.example:80/story?utm_source=feed#top", .hour = 1});
    EXPECT_EQ(shown(x), Strings{"a1"});
    tell("c1", "x", {.hour = 3});
    EXPECT_EQ(shown(x), Strings{"a1"});
    EXPECT_EQ(shown(Selection{}), Strings{"a1"});
    EXPECT_EQ(shown({.name = "b", .kind = SelectionKind::source}), Strings{"b1"});
}

// In step with feeds/tracking_parameters.cpp, whose names are its only texts of this kind.
TEST_F(Stories, AreKnownWithEveryTrackingParameterThatLinksLose) {
    std::ifstream file(GAZETTED_SOURCE_DIR "/feeds/tracking_parameters.cpp");
    const std::string source(std::istreambuf_iterator<char>(file), {});
    const std::regex name("\"([a-z_]+)\"");
    int names = 0;
    for (std::sregex_iterator at(source.begin(), source.end(), name), end; at != end; ++at, ++names) {
        const std::string tracked = "https://a.example/1?p=1&" + (*at)[1].str() + "=2&q=3";
        EXPECT_EQ(without_tracking_parameters(tracked), "https://a.example/1?p=1&q=3");
        EXPECT_EQ(database.value("SELECT url_key('" + tracked + "') = url_key('https://a.example/1?p=1&q=3')"), "t") << tracked;
    }
    EXPECT_GT(names, 30);
    EXPECT_EQ(database.value("SELECT url_key('https://a.example/1?p=1&autm_source=2') = url_key('https://a.example/1?p=1')"),
              "f");
}

TEST_F(Stories, NameEverySource) {
    tell("a1", "x", {.hour = 1});
    tell("b1", "x", {.hour = 2});
    tell("c1", "y", {.hour = 3});
    const auto lead = store.newest(x, 50)->articles.front();
    ASSERT_EQ(lead.retellings.size(), 2U);
    EXPECT_EQ(lead.retellings[0].source, "Bulletin");
    EXPECT_EQ(lead.retellings[0].link, "https://news.example/story");
    EXPECT_EQ(lead.retellings[1].source, "Courier");
    EXPECT_EQ(store.newest(y, 50)->articles.front().retellings.front().source, "Agency");
    database.run("UPDATE sources SET title = 'Another' WHERE slug = 'b'");
    EXPECT_EQ(store.newest(x, 50)->articles.front().retellings[0].source, "Another");
    EXPECT_GT(store.newest(x, 50)->articles.front().revision, lead.revision);
}

TEST_F(Stories, AreShownByWhomACategoryHas) {
    tell("a1", "x", {.hour = 1});
    tell("b1", Strings{"x", "y"}, {.hour = 2});
    EXPECT_EQ(shown(x), Strings{"a1"});
    EXPECT_EQ(shown(y), Strings{"b1"});
    database.run("DELETE FROM article_categories WHERE article_id = 'a1'");
    EXPECT_EQ(shown(x), Strings{"b1"});
    database.run("INSERT INTO article_categories (article_id, category_id) SELECT 'a1', id FROM categories WHERE slug = 'y'");
    EXPECT_EQ(shown(y), Strings{"a1"});
    database.run("INSERT INTO article_tags VALUES ('b1', 'tag')");
    EXPECT_EQ(shown({.name = "tag", .kind = SelectionKind::tag}), Strings{"b1"});
    database.run("INSERT INTO article_tags VALUES ('a1', 'tag')");
    EXPECT_EQ(shown({.name = "tag", .kind = SelectionKind::tag}), Strings{"a1"});
    EXPECT_EQ(shown({.name = "x+y", .kind = SelectionKind::combination}), Strings{"a1"});
    EXPECT_EQ(shown({.name = "x-y", .kind = SelectionKind::combination}), Strings{});
}

TEST_F(Stories, AreHandedOverWhenTheirLeadGoes) {
    tell("a1", "x", {.hour = 1});
    tell("b1", "x", {.hour = 2});
    tell("c1", "x", {.hour = 3});
    database.run("UPDATE articles SET withdrawn = now() WHERE id = 'a1'");
    EXPECT_EQ(shown(x), Strings{"b1"});
    const auto tombstones = store.tombstones(store.newest(x, 1)->head.category_id, nullptr, 10);
    ASSERT_EQ(tombstones.size(), 1U);
    EXPECT_EQ(tombstones.front().id, "a1");
    database.run("DELETE FROM articles WHERE id = 'b1'");
    EXPECT_EQ(shown(x), Strings{"c1"});
    database.run("UPDATE articles SET withdrawn = NULL WHERE id = 'a1'");
    EXPECT_EQ(shown(x), Strings{"a1"});
    database.run("UPDATE articles SET published = published + interval '1 day' WHERE id = 'a1'");
    EXPECT_EQ(shown(x), Strings{"c1"});
}

TEST_F(Stories, ArePartedByTheirOperatorForAsLongAsTheyWish) {
    tell("a1", "x", {.hour = 1});
    tell("b1", "x", {.hour = 2});
    database.run("UPDATE articles SET apart = true WHERE id = 'b1'");
    EXPECT_EQ(shown(x), (Strings{"b1", "a1"}));
    EXPECT_TRUE(store.newest(x, 50)->articles.back().retellings.empty());
    database.run("UPDATE articles SET title = 'Another' WHERE id IN ('a1', 'b1')");
    EXPECT_EQ(shown(x), (Strings{"b1", "a1"}));
    database.run("UPDATE articles SET apart = false WHERE id = 'b1'");
    EXPECT_EQ(shown(x), Strings{"a1"});
}

TEST_F(Stories, AreKnownByTitleAndTextWithinTwoDays) {
    const std::string text = text_of(1);
    const auto near = "<p>By our staff | 1 May</p><div class=\"x\">" + text.substr(0, 300) + "</div>";
    tell("a1", "x", {.url = "", .title = "市场：新闻（第1号）", .text = text, .hour = 0});
    tell("b1", "x", {.url = "https://b.example/1", .title = "市场 新闻(第１号)", .text = near, .hour = 48});
    tell("c1", "x", {.url = "https://c.example/1", .title = "市场：新闻（第1号）", .text = text, .hour = 49});
    EXPECT_EQ(shown(x), (Strings{"c1", "a1"}));
    EXPECT_EQ(
        database.value("SELECT string_agg(article_id || ' ' || lead_id || ' ' || other_id || ' ' || reason, ', ' ORDER BY "
                       "article_id, other_id) FROM story_reasons WHERE article_id = 'b1'"),
        "b1 a1 a1 text, b1 a1 c1 text");
    database.run("UPDATE articles SET content = '" + text_of(2) + "' WHERE id = 'a1'");
    EXPECT_EQ(shown(x), (Strings{"b1", "a1"}));
}

TEST_F(Stories, AreNotMadeOfTextsThatDifferOrSayNothing) {
    tell("a1", "x", {.url = "", .title = "Morning news", .text = text_of(1), .hour = 0});
    tell("b1", "x", {.url = "", .title = "Morning news", .text = text_of(2), .hour = 1});
    tell("c1", "x", {.url = "", .title = "Morning news", .text = "", .hour = 2});
    EXPECT_EQ(shown(x), (Strings{"c1", "b1", "a1"}));
}

TEST_F(Stories, AreNotMadeOfAddressesAndTitlesThatASourceUsesTwice) {
    tell("a1", "x", {.url = "https://news.example/latest", .hour = 0});
    tell("b1", "x", {.url = "https://news.example/latest", .hour = 1});
    EXPECT_EQ(shown(x), Strings{"a1"});
    tell("b2", "x", {.url = "https://news.example/latest", .hour = 2});
    EXPECT_EQ(shown(x), (Strings{"b2", "b1", "a1"}));
    database.run("UPDATE articles SET withdrawn = now() WHERE id = 'b1'");
    EXPECT_EQ(shown(x), Strings{"a1"});
    tell("a3", "y", {.url = "https://news.example/", .text = text_of(1), .hour = 0});
    tell("b3", "y", {.url = "https://news.example", .text = text_of(2), .hour = 1});
    EXPECT_EQ(shown(y), (Strings{"b3", "a3"}));
}

TEST_F(Stories, AreNotMadeOfArticlesWhoseIdsNoIndexHasRoomForTwoOf) {
    const auto long_id = [](char source, std::size_t bytes) {
        std::mt19937 random(static_cast<unsigned>(bytes));
        std::string id(1, source);
        while (id.size() < bytes) id.push_back("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"[random() % 62]);
        return id;
    };
    for (const std::size_t bytes : {1'000U, 1'001U, 1'900U, 2'048U}) {
        tell(long_id('a', bytes), "x", {.hour = 0});
        tell(long_id('b', bytes), "x", {.hour = 1});
    }
    EXPECT_EQ(shown(x).size(), 7U) << "two of eight are one story";
}

TEST_F(Stories, ConcernOnlyArticlesThatHaveASource) {
    tell("a1", "x", {.hour = 1});
    database.run("UPDATE articles SET source_id = NULL WHERE id = 'a1'");
    tell("b1", "x", {.hour = 2});
    EXPECT_EQ(shown(x), (Strings{"b1", "a1"}));
    database.run("UPDATE articles SET source_id = (SELECT id FROM sources WHERE slug = 'a') WHERE id = 'a1'");
    EXPECT_EQ(shown(x), Strings{"a1"});
    database.run("UPDATE articles SET source_id = NULL WHERE id = 'a1'");
    EXPECT_EQ(shown(x), (Strings{"b1", "a1"}));
}

TEST_F(Stories, RaiseTheFeedsThatShowThemAndNoOther) {
    database.run("INSERT INTO categories (slug) VALUES ('z')");
    tell("a1", "x", {.hour = 1});
    const auto z = revision_of("z");
    auto before = revision_of("x");
    tell("b1", "y", {.hour = 2});
    EXPECT_GT(revision_of("x"), before);  // its entry names b
    before = revision_of("y");
    database.run("UPDATE articles SET withdrawn = now() WHERE id = 'a1'");
    EXPECT_GT(revision_of("y"), before);
    EXPECT_EQ(revision_of("z"), z);
    before = revision_of("x");
    tell("b2", "y", {.url = "https://b.example/2", .hour = 3});
    EXPECT_EQ(revision_of("x"), before);
}

TEST_F(Stories, AreJoinedWhenTwoWritersTellThemAtOnce) {
    const auto write = [&](const char* source, const char* hour) {
        database.run(
            "INSERT INTO articles (id, source_id, url, title, published) SELECT slug || '1', id, 'https://e/story', 'T', "
            "timestamptz '2024-05-01Z' + interval '1 hour' * " +
            std::string(hour) + " FROM sources WHERE slug = '" + source +
            "'; SELECT pg_sleep(0.2); INSERT INTO article_categories (article_id, category_id) SELECT '" + source +
            "1', id FROM categories WHERE slug = 'x'; SELECT pg_sleep(0.2)");
    };
    {
        std::jthread one([&] { write("a", "1"); });
        std::jthread other([&] { write("b", "2"); });
    }
    EXPECT_EQ(shown(x), Strings{"a1"});
}

TEST_F(Stories, LeaveNothingBehindWhenAllArticlesGo) {
    tell("a1", "x", {.hour = 1});
    tell("b1", "x", {.hour = 2});
    database.run("TRUNCATE articles CASCADE");
    EXPECT_EQ(database.value("SELECT (SELECT count(*) FROM stories) + (SELECT count(*) FROM story_pairs) + (SELECT count(*) "
                             "FROM story_keys)"),
              "0");
}

// --- Stories that very many tell --------------------------------------------------------------------------------------------

/// Sources s0 to s29. Article n is of source n, told at hour n, and titled alike unless said otherwise; each a text of its own.
struct Crowds : testing::Test {
    Crowds() { database.run("INSERT INTO sources (slug, burst_max) SELECT 's' || n, 0 FROM generate_series(0, 29) AS n"); }
    static std::string telling(int n, const std::string& text, const std::string& url = "") {
        return "INSERT INTO articles (id, source_id, url, title, content, published) SELECT '" + id_of(n) + "', id, " +
               (url.empty() ? "NULL" : "'" + url + "'") + ", 'A title', '" + text +
               "', timestamptz '2024-05-01Z' + interval '1 hour' * " + std::to_string(n) + " FROM sources WHERE slug = 's" +
               std::to_string(n) + "';";
    }
    static std::string id_of(int n) { return (n < 10 ? "n0" : "n") + std::to_string(n); }
    std::string lead_of(int n) {
        return database.value("SELECT coalesce((SELECT lead_id FROM stories WHERE article_id = '" + id_of(n) + "'), 'none')");
    }
    int limit(const std::string& name) { return std::stoi(database.value("SELECT " + name + "()")); }
    std::size_t named_by(int n) {
        return Store(database.url())
            .article(std::stoll(database.value("SELECT number FROM articles WHERE id = '" + id_of(n) + "'")))
            .value()
            .article.retellings.size();
    }
    std::int64_t revision_of(int n) {
        return std::stoll(database.value("SELECT revision FROM articles WHERE id = '" + id_of(n) + "'"));
    }
    TestDatabase database;
};

TEST_F(Crowds, CompareAnArticleWithTheEarliestOfItsTitle) {
    const int looks = limit("story_looks_max");
    std::string statements;
    for (int n = 0; n < looks; ++n) statements += telling(n, text_of(static_cast<unsigned>(n)));
    database.run(statements + telling(looks, text_of(static_cast<unsigned>(looks - 1))));
    EXPECT_EQ(lead_of(looks), id_of(looks - 1));
    database.run(telling(looks + 1, text_of(100)) + telling(looks + 2, text_of(100)));
    EXPECT_EQ(lead_of(looks + 2), "none");
    // Somebody of before goes, and somebody else comes into sight.
    const auto is = [&](int n, const std::string& what) {
        database.run("UPDATE articles SET " + what + " WHERE id = '" + id_of(n) + "'");
        return lead_of(looks + 2);
    };
    EXPECT_EQ(is(0, "withdrawn = now()"), "none");
    EXPECT_EQ(is(1, "apart = true"), id_of(looks + 1));
    EXPECT_EQ(is(0, "withdrawn = NULL"), "none");
    EXPECT_EQ(is(2, "title = 'Another'"), id_of(looks + 1));
    EXPECT_EQ(is(1, "apart = false"), "none");
    database.run("DELETE FROM articles WHERE id IN ('" + id_of(0) + "', '" + id_of(3) + "')");
    EXPECT_EQ(lead_of(looks + 2), id_of(looks + 1));
}

TEST_F(Crowds, AreNamedByTheEarliestOfThem) {
    const int names = limit("story_names_max");
    std::string statements;
    for (int n = 1; n <= names; ++n) statements += telling(n, "", "https://news.example/story");
    database.run(statements + "SELECT 1");
    EXPECT_EQ(named_by(1), static_cast<std::size_t>(names - 1));
    database.run(telling(names + 1, "", "https://news.example/story"));
    EXPECT_EQ(named_by(1), static_cast<std::size_t>(names));
    const auto revision = revision_of(1);
    database.run(telling(names + 2, "", "https://news.example/story"));
    EXPECT_EQ(named_by(1), static_cast<std::size_t>(names));
    EXPECT_EQ(named_by(names + 2), static_cast<std::size_t>(names));
    EXPECT_EQ(lead_of(names + 2), id_of(1));
    EXPECT_EQ(revision_of(1), revision);  // its entry says what it said
    database.run("DELETE FROM articles WHERE id = '" + id_of(names + 2) + "'");
    EXPECT_EQ(revision_of(1), revision);
    database.run("DELETE FROM articles WHERE id = '" + id_of(2) + "'");
    EXPECT_GT(revision_of(1), revision);
    EXPECT_EQ(named_by(1), static_cast<std::size_t>(names - 1));
}

TEST_F(Crowds, AreAskedWhereTheyBelongTheEarliestOfThem) {
    const int members = limit("story_members_max");
    const auto is_told = [&](int first_member) {
        return database.value(
            "SET session_replication_role = replica; DELETE FROM stories; DELETE FROM article_categories; "
            "INSERT INTO categories (slug) VALUES ('x') ON CONFLICT DO NOTHING; "
            "INSERT INTO stories SELECT 'm' || n, 'm1', timestamptz '2024-05-01Z' + n * interval '1 minute' FROM "
            "generate_series(1, " +
            std::to_string(members + 5) +
            ") AS n; INSERT INTO article_categories (article_id, category_id, published) SELECT 'm" +
            std::to_string(first_member) + "', id, now() FROM categories; SELECT told_in_category('m" +
            std::to_string(members + 5) + "', id) FROM categories");
    };
    EXPECT_EQ(is_told(members), "t");
    EXPECT_EQ(is_told(members + 1), "f");
}

/// Whatever came first, the tables say the same in the end.
struct CrowdsInAnyOrder : Crowds, testing::WithParamInterface<unsigned> {};
TEST_P(CrowdsInAnyOrder, TellTheSameStories) {
    std::mt19937 random{GetParam()};
    const auto below = [&](unsigned bound) { return static_cast<unsigned>(random() % bound); };
    std::vector<std::string> tellings;
    for (int n = 0; n < 30; ++n)
        tellings.push_back(
            telling(n, text_of(below(4)), below(3) == 0 ? "https://news.example/" + std::to_string(below(2)) : ""));
    std::string disorder;
    auto shuffled = tellings;
    std::ranges::shuffle(shuffled, random);
    for (const std::string& statement : shuffled) {
        disorder += statement;
        const std::string where = " WHERE id = '" + id_of(static_cast<int>(below(30))) + "';";
        switch (below(6)) {
            case 0:
                disorder += "UPDATE articles SET withdrawn = now()" + where;
                break;
            case 1:
                disorder += "UPDATE articles SET published = published + interval '40 hours'" + where;
                break;
            case 2:
                disorder += "UPDATE articles SET title = 'Another'" + where;
                break;
            case 3:
                disorder += "UPDATE articles SET content = '" + text_of(below(4)) + "'" + where;
                break;
            case 4:
                disorder += "DELETE FROM articles" + where;
                break;
            default:
                break;
        }
    }
    database.run(disorder + "SELECT 1");
    const std::string told =
        "SELECT coalesce((SELECT string_agg(s::text, ' ' ORDER BY article_id) FROM stories s), '') || coalesce((SELECT "
        "string_agg(p::text, ' ' ORDER BY article_id, other_id) FROM story_pairs p), '') || coalesce((SELECT string_agg(id || "
        "retold, ' ' ORDER BY id) FROM articles), '') || coalesce((SELECT string_agg(article_id || coalesce(shown::text, '-'), "
        "' ' "
        "ORDER BY article_id) FROM article_selections), '')";
    const std::string in_disorder = database.value(told);
    database.run(
        "CREATE TEMP TABLE kept AS SELECT id, source_id, url, title, content, published, withdrawn FROM articles; TRUNCATE "
        "articles CASCADE; INSERT INTO articles (id, source_id, url, title, content, published) SELECT id, source_id, url, "
        "title, "
        "content, published FROM kept ORDER BY published; UPDATE articles a SET withdrawn = k.withdrawn FROM kept k WHERE k.id "
        "= "
        "a.id AND k.withdrawn IS NOT NULL");
    EXPECT_EQ(in_disorder, database.value(told));
    EXPECT_GT(std::stoi(database.value("SELECT count(*) FROM stories WHERE lead_id <> article_id")), 5);
}
INSTANTIATE_TEST_SUITE_P(Seeds, CrowdsInAnyOrder, testing::Range(1U, 9U));

// --- Bursts -----------------------------------------------------------------------------------------------------------------

/// Category x has 30 articles of source b, some days old; source a fills in 5,000 at once.
struct Bursts : Stories {
    Bursts() {
        database.run("UPDATE site SET burst_max = 0");
        come("b", 30, "now() - interval '2 days' - n * interval '1 hour'");
        database.run("UPDATE site SET burst_max = DEFAULT");
    }
    void come(const std::string& source, int articles, const std::string& published, const std::string& first = "0") const {
        database.run(
            "WITH came AS (INSERT INTO articles (id, source_id, title, published) SELECT slug || '-' || n, s.id, 'T' || n, " +
            published + " FROM sources s CROSS JOIN generate_series(" + first + " + 1, " + first + " + " +
            std::to_string(articles) + ") AS n WHERE slug = '" + source +
            "' RETURNING id) SELECT 1 FROM came; INSERT INTO article_categories (article_id, category_id) SELECT a.id, k.id "
            "FROM articles a JOIN categories k ON k.slug = 'x' ON CONFLICT DO NOTHING");
    }
    std::ptrdiff_t at_the_top(const std::string& source) {
        const auto window = store.newest(x, 200).value();
        return std::ranges::count_if(window.articles.begin(),
                                     window.articles.begin() + static_cast<std::ptrdiff_t>(window.rising),
                                     [&](const Article& it) { return it.id.starts_with(source); });
    }
    Strings walk(const Selection& selection) {
        Strings found;
        const auto window = store.newest(selection, 1).value();
        std::optional<std::int64_t> next = window.articles.front().number;
        while (next) {
            const auto archive = store.archive(selection, window.head.category_id, *next, 100);
            if (!archive) return {"a document is missing"};
            for (const Article& article : archive->articles) found.push_back(article.id);
            next = archive->older_number;
        }
        return found;
    }
};

TEST_F(Bursts, LetTheNewestOfTheirSourceRise) {
    come("a", 5'000, "now() - n * interval '1 second'");
    EXPECT_EQ(at_the_top("a"), 20);
    const auto window = store.newest(x, 60).value();
    EXPECT_EQ(window.rising, 50U);
    EXPECT_EQ(window.articles.front().id, "a-1");
    EXPECT_EQ(window.articles[19].id, "a-20");
    EXPECT_EQ(window.articles[20].id, "b-1");
    EXPECT_EQ(window.articles[50].id, "a-21");
}

TEST_F(Bursts, MayComeInManyTransactions) {
    for (int some = 0; some < 10; ++some) come("a", 7, "now()", std::to_string(some * 7));
    EXPECT_EQ(at_the_top("a"), 20);
    come("c", 20, "now()");
    EXPECT_EQ(at_the_top("c"), 20);
    database.run("UPDATE articles SET first_seen = first_seen - interval '61 minutes'");
    come("a", 25, "now()", "1000");
    EXPECT_EQ(at_the_top("a"), 40);
}

TEST_F(Bursts, AreWhatTheirOperatorCallsSo) {
    database.run("UPDATE sources SET burst_max = 3 WHERE slug = 'a'; UPDATE sources SET burst_max = 0 WHERE slug = 'c'");
    come("a", 10, "now() - n * interval '1 minute'");
    EXPECT_EQ(at_the_top("a"), 3);
    database.run("UPDATE articles SET rises = true WHERE id = 'a-10'");
    EXPECT_EQ(at_the_top("a"), 4);
    come("c", 40, "now()");
    EXPECT_EQ(at_the_top("c"), 40);
    database.run(
        "INSERT INTO articles (id, title) SELECT 'n-' || n, 'x' FROM generate_series(1, 60) AS n; INSERT INTO "
        "article_categories "
        "(article_id, category_id) SELECT a.id, k.id FROM articles a JOIN categories k ON k.slug = 'x' ON CONFLICT DO NOTHING");
    EXPECT_EQ(at_the_top("n"), 60);
    store.source("site", "An imported site", "", 0);
    store.source("site", "", "");
    EXPECT_EQ(database.value("SELECT burst_max FROM sources WHERE slug = 'site'"), "0");
}

TEST_F(Bursts, AreInTheHistoryArticleByArticle) {
    come("a", 300, "now() - n * interval '1 minute'");
    come("c", 100, "now() + (n - 95) * interval '1 hour'");
    database.run("UPDATE articles SET withdrawn = now() WHERE id IN ('a-100', 'a-5', 'b-7')");
    Strings expected;
    for (const auto& row : database.run("SELECT id FROM articles WHERE withdrawn IS NULL AND published <= now() "
                                        "ORDER BY rises DESC, published DESC, id DESC"))
        expected.push_back(row[0]);
    EXPECT_EQ(walk(x), expected);
    EXPECT_EQ(walk(Selection{}), expected);
    const auto window = store.newest(x, 50).value();
    EXPECT_TRUE(window.due);
    EXPECT_EQ(store.tombstones(window.head.category_id, nullptr, 10).size(), 2U);  // nobody was told of a-100
}

TEST_F(Bursts, StayHeldUntilTheirTime) {
    come("a", 60, "now() + interval '1 hour' + n * interval '1 minute'");
    EXPECT_EQ(at_the_top("a"), 0);
    const auto at = Instant(
        std::chrono::seconds(std::stoll(database.value("SELECT extract(epoch FROM now() + interval '3 hours')::bigint"))));
    const auto window = store.newest(x, 200, {}, at).value();
    EXPECT_EQ(window.rising, 50U);
    EXPECT_EQ(window.articles.size(), 90U);
}

// --- Whatever happens in whatever order
// ---------------------------------------------------------------------------------------

/// What a person would work out on paper.
struct Paper {
    struct Sheet {
        char source = 'a';
        int hour = 0;
        unsigned url = 0;  ///< 0: none
        unsigned title = 0;
        unsigned text = 0;
        bool withdrawn = false;
        bool apart = false;
        std::set<std::string> categories;
    };
    std::map<std::string, Sheet> sheets;

    static bool takes_part(const Sheet& sheet) { return !sheet.withdrawn && !sheet.apart; }
    static bool is_near(const Sheet& one, const Sheet& other) { return std::abs(one.hour - other.hour) <= 48; }
    bool is_alone(const std::string& id, auto&& is_like) const {
        return std::ranges::none_of(sheets, [&](const auto& other) {
            return other.first != id && takes_part(other.second) && other.second.source == sheets.at(id).source &&
                   is_like(sheets.at(id), other.second);
        });
    }
    bool is_pair(const std::string& one_id, const std::string& other_id) const {
        const Sheet& one = sheets.at(one_id);
        const Sheet& other = sheets.at(other_id);
        if (one.source == other.source || !takes_part(one) || !takes_part(other)) return false;
        const auto has_url = [](const Sheet& a, const Sheet& b) { return a.url != 0 && a.url == b.url; };
        const auto has_title = [](const Sheet& a, const Sheet& b) { return a.title == b.title && is_near(a, b); };
        if (has_url(one, other) && is_alone(one_id, has_url) && is_alone(other_id, has_url)) return true;
        return has_title(one, other) && one.text == other.text && is_alone(one_id, has_title) && is_alone(other_id, has_title);
    }
    std::vector<std::string> in_order() const {
        std::vector<std::string> ids;
        for (const auto& [id, sheet] : sheets) ids.push_back(id);
        std::ranges::sort(ids, {}, [&](const std::string& id) { return std::pair(sheets.at(id).hour, id); });
        return ids;
    }
    /// Of each article the one that leads its story, perhaps itself.
    std::map<std::string, std::string> leads() const {
        std::map<std::string, std::string> leads;
        for (const std::string& id : in_order()) {
            leads[id] = id;
            for (const std::string& earlier : in_order()) {
                if (earlier == id) break;
                if (leads[earlier] != earlier || !is_pair(id, earlier)) continue;
                leads[id] = earlier;
                break;
            }
        }
        return leads;
    }
    /// Newest first.
    Strings shown_where(auto&& belongs) const {
        const auto lead_of = leads();
        std::set<std::string> told;
        Strings shown;
        for (const std::string& id : in_order())
            if (!sheets.at(id).withdrawn && belongs(sheets.at(id)) && told.insert(lead_of.at(id)).second) shown.push_back(id);
        std::ranges::reverse(shown);
        return shown;
    }
};

struct StoriesInAnyOrder : Stories, testing::WithParamInterface<unsigned> {
    std::mt19937 random{GetParam()};
    Paper paper;
    unsigned below(unsigned bound) { return static_cast<unsigned>(random() % bound); }

    std::string insertion(const std::string& id, const Paper::Sheet& sheet) {
        const std::string address =
            sheet.url == 0 ? "NULL"
                           : "'" + std::string(below(2) == 0 ? "http://News.example/" : "https://news.example:443/") +
                                 std::to_string(sheet.url) + (below(2) == 0 ? "?utm_medium=x'" : "'");
        return "INSERT INTO articles (id, source_id, url, title, content, published) SELECT '" + id + "', id, " + address +
               ", 'Title " + std::to_string(sheet.title) + "', '" + text_of(sheet.text) +
               "', timestamptz '2024-05-01Z' + interval '1 hour' * " + std::to_string(sheet.hour) +
               " FROM sources WHERE slug = '" + sheet.source + "'; " + memberships(id, sheet);
    }
    static std::string memberships(const std::string& id, const Paper::Sheet& sheet) {
        std::string statements;
        for (const std::string& slug : sheet.categories)
            statements += "INSERT INTO article_categories (article_id, category_id) SELECT '" + id +
                          "', id FROM categories WHERE slug = '" + slug + "' ON CONFLICT DO NOTHING;";
        return statements;
    }
    void insert_some() {
        std::string statements;
        for (unsigned left = 1 + below(4); left > 0; --left) {
            Paper::Sheet sheet{.source = static_cast<char>('a' + below(3)),
                               .hour = static_cast<int>(below(150)),
                               .url = below(4) == 0 ? below(8) : 0,
                               .title = below(5),
                               .text = below(2),
                               .categories = {}};
            if (below(3) > 0) sheet.categories.insert("x");
            if (below(3) > 0) sheet.categories.insert("y");
            const std::string id = sheet.source + std::to_string(1000 + below(9000));
            if (!paper.sheets.emplace(id, sheet).second) continue;
            statements += insertion(id, sheet);
        }
        database.run(statements + "SELECT 1");
    }
    void change_one() {
        auto& [id, sheet] = *std::next(paper.sheets.begin(), below(static_cast<unsigned>(paper.sheets.size())));
        const std::string where = " WHERE id = '" + id + "'";
        switch (below(7)) {
            case 0:
                sheet.withdrawn = !sheet.withdrawn;
                database.run("UPDATE articles SET withdrawn = " + std::string(sheet.withdrawn ? "now()" : "NULL") + where);
                break;
            case 1:
                sheet.apart = !sheet.apart;
                database.run("UPDATE articles SET apart = NOT apart" + where);
                break;
            case 2:
                sheet.hour = static_cast<int>(below(150));
                database.run("UPDATE articles SET published = timestamptz '2024-05-01Z' + interval '1 hour' * " +
                             std::to_string(sheet.hour) + where);
                break;
            case 3:
                sheet.text = below(2);
                sheet.title = below(5);
                database.run("UPDATE articles SET title = 'title: " + std::to_string(sheet.title) + "', content = '" +
                             text_of(sheet.text) + "'" + where);
                break;
            case 4:
                database.run("DELETE FROM articles" + where);
                paper.sheets.erase(id);
                break;
            case 5:
                sheet.categories.insert(below(2) == 0 ? "x" : "y");
                database.run(memberships(id, sheet) + "SELECT 1");
                break;
            default:
                sheet.categories.erase("x");
                database.run("DELETE FROM article_categories WHERE article_id = '" + id +
                             "' AND category_id = (SELECT id FROM categories WHERE slug = 'x')");
        }
    }
};

TEST_P(StoriesInAnyOrder, AreShownAsOnPaper) {
    for (int step = 0; step < 40; ++step) {
        if (paper.sheets.size() < 8 || (below(3) == 0 && paper.sheets.size() < 40))
            insert_some();
        else
            change_one();
        const auto has = [](const char* slug) {
            return [slug](const Paper::Sheet& it) { return it.categories.contains(slug); };
        };
        ASSERT_EQ(shown(Selection{}), paper.shown_where([](const Paper::Sheet&) { return true; })) << "step " << step;
        ASSERT_EQ(shown(x), paper.shown_where(has("x"))) << "step " << step;
        ASSERT_EQ(shown(y), paper.shown_where(has("y"))) << "step " << step;
        ASSERT_EQ(shown({.name = "a", .kind = SelectionKind::source}), paper.shown_where([](const Paper::Sheet& it) {
            return it.source == 'a';
        })) << "step "
            << step;
        ASSERT_EQ(shown({.name = "x+y", .kind = SelectionKind::combination}), paper.shown_where([](const Paper::Sheet& it) {
            return !it.categories.empty();
        })) << "step "
            << step;
        ASSERT_EQ(shown({.name = "x-y", .kind = SelectionKind::combination}), paper.shown_where([](const Paper::Sheet& it) {
            return it.categories.contains("x") && !it.categories.contains("y");
        })) << "step "
            << step;
    }
    // A walk through the history meets who is shown, once.
    Strings walked;
    auto next =
        store.newest(x, 1)->articles.empty() ? std::nullopt : std::optional(store.newest(x, 1)->articles.front().number);
    while (next) {
        const auto archive = store.archive(x, store.newest(x, 1)->head.category_id, *next, 3).value();
        for (const Article& article : archive.articles) walked.push_back(article.id);
        next = archive.older_number;
    }
    EXPECT_EQ(walked, shown(x));
    // The same rows in one statement each, in another database: the same stories.
    TestDatabase another;
    another.run("INSERT INTO sources (slug, title) VALUES ('a', 'Agency'), ('b', 'Bulletin'), ('c', 'Courier')");
    std::string rows;
    for (const auto& [id, sheet] : paper.sheets) {
        const std::string statements = insertion(id, sheet);
        rows += statements.substr(0, statements.find(';') + 1);
    }
    another.run(rows + "SELECT 1");
    for (const auto& [id, sheet] : paper.sheets) {
        if (sheet.apart) another.run("UPDATE articles SET apart = true WHERE id = '" + id + "'");
        if (sheet.withdrawn) another.run("UPDATE articles SET withdrawn = now() WHERE id = '" + id + "'");
    }
    EXPECT_EQ(ids_of(Store(another.url()).newest({}, 50)->articles), shown(Selection{}));
}
INSTANTIATE_TEST_SUITE_P(Seeds, StoriesInAnyOrder, testing::Range(1U, 5U));

}  // namespace
}  // namespace gazetted
