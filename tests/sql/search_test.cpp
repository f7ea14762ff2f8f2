#include "daemon/search.hpp"

#include "daemon/store.hpp"
#include "tests/support/test_database.hpp"

#include <gtest/gtest.h>
#include <algorithm>
#include <random>

namespace gazetted {
namespace {

using Strings = std::vector<std::string>;

struct Search : testing::Test {
    /// The ids of what is found, newest first.
    Strings found(const std::string& text, std::int64_t before = 0, std::size_t articles_max = 1'000) {
        Strings ids;
        const auto page = store.search(parse_search(text).value(), before, articles_max);
        for (const Article& article : page->window.articles) ids.push_back(article.id);
        return ids;
    }
    bool finds(const std::string& text) { return !found(text).empty(); }
    void write(const std::string& title, const std::string& content) const {
        database.run("INSERT INTO articles (id, title, content) VALUES ('a', $t$" + title + "$t$, $t$" + content +
                     "$t$) ON CONFLICT (id) DO UPDATE SET title = excluded.title, content = excluded.content");
    }

    TestDatabase database;
    Store store{database.url()};
};

TEST_F(Search, IsAnalysedAndRestoredWithoutASearchPath) {
    write("Harbour news", "<p>\u706b\u5c71 volcano</p>");
    database.run("SET search_path = ''; ANALYZE gazetted.article_words; REINDEX INDEX gazetted.article_words_keys");
    EXPECT_TRUE(finds("volcano"));
}

TEST_F(Search, FindsWholeWordsWhateverTheirCase) {
    write("Harbour news", "<p>The VOLCANO of Élan has 12.5 networks, covid-19 and 3 ships.</p>");
    for (const char* text :
         {"harbour", "HARBOUR", "volcano harbour", "élan", "ÉLAN", "12", "12.5", "covid", "covid-19", "19", "3"})
        EXPECT_TRUE(finds(text)) << text;
    for (const char* text : {"harb", "arbour", "network", "harbour desert", "elan", "1", "covid 20"})
        EXPECT_FALSE(finds(text)) << text;
}

TEST_F(Search, FindsWhatHasNoSpacesAnywhere) {
    write("人民邮电报", "<p>新能源汽车，5G网络建设。ﾃﾚﾋﾞは東京で。한국어를 배운다. ภาษาไทย</p>");
    for (const char* text : {"人", "邮电", "新能源汽车", "能源", "5g网络", "5G 网络", "网络5g建设 人民", "テレビ", "東京で",
                             "한국", "국어를", "ไทย"})
        EXPECT_EQ(finds(text), std::string(text) != "网络5g建设 人民") << text;
    // A comma parts what it stands between, but for another alphabet.
    for (const char* text : {"人邮", "能汽", "民新", "韩国"}) EXPECT_FALSE(finds(text)) << text;
}

TEST_F(Search, LooksAtNoMarkup) {
    write("A title & <more>",
          R"(<div class="secret" title="hidden > words"><p>vis<b>ib</b>le</p><p>电<em>动</em>车</p>next<br>line
          Fish&nbsp;&amp;&#32;chips <!-- comment > here --> <script>var code = "<p>";</script><style>p { colour: red }</style> end</div>)");
    for (const char* text : {"visible", "电动车", "next line", "fish chips", "\"fish chips\"", "end", "title", "more"})
        EXPECT_TRUE(finds(text)) << text;
    for (const char* text : {"secret", "class", "hidden", "words", "div", "nbsp", "amp", "32", "comment", "here", "code", "var",
                             "colour", "nextline"})
        EXPECT_FALSE(finds(text)) << text;
}

TEST_F(Search, FindsPhrasesInTheirOrder) {
    write("New York", "<p>An old town in the new world, AT&amp;T</p>");
    for (const char* text : {"\"new york\"", "\"old town\" york", "at&t", "“new world”"}) EXPECT_TRUE(finds(text)) << text;
    for (const char* text : {"\"york new\"", "\"town old\"", "\"new town\"", "t&at"}) EXPECT_FALSE(finds(text)) << text;
}

TEST_F(Search, IgnoresWhatIsNoWord) {
    write("Party 🎉", "<p>all … night</p>");
    for (const char* text : {"party 🎉", "🎉 night", "... night"}) EXPECT_TRUE(finds(text)) << text;
    for (const char* text : {"🎉", "...", "' & |", "\\"}) EXPECT_FALSE(finds(text)) << text;
}

TEST_F(Search, FollowsWhatArticlesSay) {
    write("First words", "");
    EXPECT_TRUE(finds("first"));
    write("Other words", "");
    EXPECT_FALSE(finds("first"));
    EXPECT_TRUE(finds("other"));
    database.run("UPDATE articles SET withdrawn = now()");
    EXPECT_FALSE(finds("other"));
    database.run("UPDATE articles SET withdrawn = NULL, published = now() + interval '1 day'");
    EXPECT_FALSE(finds("other"));
    EXPECT_TRUE(store.search("other", 0, 10)->window.due);
    database.run("DELETE FROM articles");
    EXPECT_EQ(database.value("SELECT count(*) FROM article_words"), "0");
}

TEST_F(Search, TakesWhateverAWriterMayWrite) {
    database.run(R"(INSERT INTO articles (id, title, content)
        VALUES ('long', 'T', repeat('x', 1000000)), ('tags', 'T', repeat('<b', 100000)), ('quotes', 'T', repeat('<a b="', 100000)),
               ('signs', 'T', '<' || chr(1) || repeat(chr(127), 9) || ''' \ : * & | ! <-> ' || chr(65535)), ('marks', 'T', repeat(chr(769), 20000)),
               ('comment', 'T', repeat('<!--', 20000)), ('script', 'T', repeat('<script>', 20000)), ('ligatures', 'T', repeat(chr(65018), 9000)))");
    EXPECT_EQ(found("t").size(), 8U);
}

TEST_F(Search, HasOneFeedIdForOneSearch) {
    const auto id = store.search("a b", 0, 1)->window.head.feed_id;
    EXPECT_EQ(store.search("a b", 0, 1)->window.head.feed_id, id);
    EXPECT_NE(store.search("\"a b\"", 0, 1)->window.head.feed_id, id);
    EXPECT_EQ(store.search("a b", 0, 1)->window.head.title, "a b");
}

TEST_F(Search, IsWalkedForthAndBackPageByPage) {
    database.run(R"(INSERT INTO articles (id, title, published)
        SELECT 'n' || lpad(n::text, 4, '0'), CASE WHEN n % 3 = 0 THEN 'fizz' ELSE 'other' END, timestamptz '2024-01-01Z' + n / 4 * interval '1 hour'
          FROM generate_series(1, 9000) AS n)");
    const Strings all = found("fizz", 0, 10'000);
    ASSERT_EQ(all.size(), 3'000U);
    constexpr std::size_t page_articles = 700;
    Strings walked;
    std::vector<std::int64_t> starts = {0};
    for (;;) {
        auto page = store.search("fizz", starts.back(), page_articles + 1);
        ASSERT_TRUE(page);
        EXPECT_EQ(page->previous_before, starts.size() == 1 ? std::nullopt : std::optional(starts[starts.size() - 2]));
        auto& articles = page->window.articles;
        for (std::size_t i = 0; i < std::min(articles.size(), page_articles); ++i) walked.push_back(articles[i].id);
        if (articles.size() <= page_articles) break;
        starts.push_back(articles[page_articles - 1].number);
    }
    EXPECT_EQ(walked, all);
    EXPECT_EQ(starts.size(), 5U);
    EXPECT_FALSE(store.search("fizz", 1'000'000, 10));
}

/// What a person would find who reads every article: terms are letters of two alphabets, and texts are words of them.
TEST_F(Search, FindsAsTheOracleDoes) {
    std::mt19937 random(7);
    const Strings latin = {"a", "b", "ab", "ba"};
    const Strings han = {"甲", "乙", "丙"};
    const auto pick = [&](const Strings& from) { return from[random() % from.size()]; };
    const auto text = [&](std::size_t parts_max) {
        std::string words;
        for (std::size_t parts = 1 + random() % parts_max; parts > 0; --parts) {
            if (!words.empty() && random() % 3 > 0) words += ' ';
            if (random() % 2 == 0)
                words += pick(han);
            else
                words += (words.empty() || words.back() == ' ' || static_cast<unsigned char>(words.back()) > 0x7f ? "" : " ") +
                         pick(latin);
        }
        return words;
    };
    // A space between the alphabets, as the tables have it.
    const auto parted = [](const std::string& words) {
        std::string out = " ";
        for (const char c : words) {
            const bool is_han = static_cast<unsigned char>(c) > 0x7f;
            const bool was_han = static_cast<unsigned char>(out.back()) > 0x7f;
            if (c != ' ' && out.back() != ' ' && is_han != was_han) out += ' ';
            out += c;
        }
        return out + ' ';
    };
    const auto has = [&](const std::string& words, const std::string& term) {
        std::string wanted = parted(term);
        if (static_cast<unsigned char>(wanted[1]) > 0x7f) wanted.erase(0, 1);
        if (static_cast<unsigned char>(wanted[wanted.size() - 2]) > 0x7f) wanted.pop_back();
        return parted(words).find(wanted) != std::string::npos;
    };
    std::vector<std::pair<std::string, std::string>> articles;  // newest first
    std::string values;
    for (int n = 0; n < 2'500; ++n) {
        articles.emplace_back("n" + std::to_string(n), text(6));
        values += (n == 0 ? "('" : ", ('") + articles.back().first + "', '" + articles.back().second +
                  "', timestamptz '2024-01-01Z' - " + std::to_string(n) + " * interval '1 minute')";
    }
    database.run("INSERT INTO articles (id, title, published) VALUES " + values);
    std::size_t found_any = 0;
    for (int round = 0; round < 30; ++round) {
        std::string query;
        for (std::size_t terms = 1 + random() % 3; terms > 0; --terms)
            query += (query.empty() ? "" : " ") + (random() % 3 == 0 ? "\"" + text(3) + "\"" : text(2));
        const auto search = parse_search(query);
        ASSERT_TRUE(search) << query;
        Strings expected;
        for (const auto& [id, words] : articles) {
            const auto terms = search_terms(*search);
            if (std::all_of(terms.begin(), terms.end(),
                            [&, &words_ = words](const std::string& term) { return has(words_, term); }))
                expected.push_back(id);
        }
        EXPECT_EQ(found(query, 0, 4'000), expected) << query;
        if (expected.size() > 20) expected.resize(20);
        EXPECT_EQ(found(query, 0, 20), expected) << query;
        found_any += expected.empty() ? 0 : 1;
    }
    EXPECT_GT(found_any, 15U);
}

TEST_F(Search, GivesUpWhereItWouldTakeTooLong) {
    database.run(
        "CREATE OR REPLACE FUNCTION search_pattern(term text) RETURNS text LANGUAGE sql AS "
        "$$ SELECT 'x' FROM pg_sleep(60) $$");
    Store slow(database.url());
    EXPECT_THROW(slow.search("anything", 0, 10), SearchTooCostly);
    EXPECT_EQ(slow.newest({}, 1)->head.category_id, 0);
}

}  // namespace
}  // namespace gazetted
