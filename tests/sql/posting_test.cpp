// Articles that are posted, and users who may post them.
#include "daemon/store.hpp"
#include "tests/support/test_database.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace gazetted {
namespace {

using namespace std::chrono_literals;
using What = Store::WrittenArticle::What;

struct Posting : testing::Test {
    TestDatabase database;
    Store store{database.url()};

    static Store::ArticleWriting patch(const std::string& id, const std::string& json) {
        return {id, [id, json](const std::optional<std::string>& before) {
                    auto posted = read_posted_article(merge_patch(before.value_or("{}"), json).value());
                    if (posted) posted->article.id = id;
                    return posted;
                }};
    }
};

TEST_F(Posting, WritesWhatIsGoodOfManyAndSaysWhatIsNot) {
    const auto written = store.write_articles({patch("urn:1", R"({"title":"One"})"), patch("urn:2", R"({"title":""})"),
                                               patch("urn:3", R"({"title":"Three","source":"nobody"})"),
                                               patch("urn:4", R"({"title":"Four","tags":[{"name":"a"}]})")});
    ASSERT_EQ(written.size(), 4U);
    EXPECT_EQ(written[0].value().what, What::added);
    EXPECT_EQ(written[1].error().message, "there is neither a title nor a text");
    EXPECT_EQ(written[2].error().message, "there is no source nobody");
    EXPECT_EQ(std::to_string(written[3].value().number), database.value("SELECT number FROM articles WHERE id = 'urn:4'"));
    EXPECT_EQ(store.write_articles({patch("urn:1", "{}")}).front().value().what, What::unchanged);
}

TEST_F(Posting, HoldsNobodyUpForWhatOnlyTheTablesRefuse) {
    const auto written = store.write_articles({patch("urn:1", R"({"title":"One"})"),
                                               patch("urn:2", R"({"title":"Two","categories":["nowhere"]})"),
                                               patch("urn:3", R"({"title":"Three"})")});
    EXPECT_EQ(written[0].value().what, What::added);
    EXPECT_EQ(written[1].error().message, "there is no category nowhere");
    EXPECT_EQ(written[2].value().what, What::added);
}

TEST_F(Posting, CorrectsWhateverItsSourceAndKeepsIt) {
    database.run(R"(
        INSERT INTO sources (slug) VALUES ('wire'), ('blog');
        INSERT INTO articles (id, title, source_id) SELECT 'urn:' || slug, 'Before', id FROM sources;
        INSERT INTO articles (id, title) VALUES ('urn:none', 'Before'))");
    const auto written = store.write_articles(
        {patch("urn:wire", R"({"title":"After"})"), patch("urn:blog", R"({"title":"After"})"),
         patch("urn:none", R"({"title":"After","withdrawn":true})"), patch("urn:new", R"({"title":"After","source":"wire"})")});
    for (const auto& one : written) EXPECT_TRUE(one) << one.error().message;
    EXPECT_EQ(
        database.value(R"(SELECT string_agg(a.id || '=' || coalesce(s.slug, '') || (withdrawn IS NOT NULL), ' ' ORDER BY a.id)
                                  FROM articles a LEFT JOIN sources s ON s.id = source_id WHERE a.title = 'After')"),
        "urn:blog=blogfalse urn:new=wirefalse urn:none=true urn:wire=wirefalse");
}

TEST_F(Posting, LosesNothingWhereTwoCorrectOneArticleAtOnce) {
    store.write_articles({patch("urn:1", R"({"title":"0"})")});
    std::vector<std::thread> writers;
    for (const std::string member : {"title", "content"})
        writers.emplace_back([&, member] {
            Store own(database.url());
            for (int i = 1; i <= 20; ++i)
                EXPECT_TRUE(own.write_articles({patch("urn:1", "{\"" + member + "\":\"" + std::to_string(i) + "\"}")}).front());
        });
    for (auto& writer : writers) writer.join();
    EXPECT_EQ(database.value("SELECT title || ' ' || content FROM articles"), "20 20");
}

TEST_F(Posting, LosesNothingOfAnArticleThatAnotherMakesAtTheSameMoment) {
    auto writing = patch("urn:1", R"({"title":"Ours"})");
    writing.compose = [&, merge = writing.compose](const std::optional<std::string>& before) {
        if (!before) database.run("INSERT INTO articles (id, title, content) VALUES ('urn:1', 'Theirs', '<p>Their text</p>')");
        return merge(before);
    };
    EXPECT_EQ(store.write_articles({writing}).front().value().what, What::updated);
    EXPECT_EQ(database.value("SELECT title || content FROM articles"), "Ours<p>Their text</p>");
}

TEST_F(Posting, GivesUpWhereAnotherWriterHoldsTheArticle) {
    store.write_articles({patch("urn:1", R"({"title":"One"})")});
    Store other{database.url()};
    other.wait_for_locks_at_most(50ms);
    auto writing = patch("urn:1", R"({"title":"Ours"})");
    writing.compose = [&, merge = writing.compose](const std::optional<std::string>& before) {
        EXPECT_THROW(other.write_articles({patch("urn:1", R"({"title":"Theirs"})")}), StoreBusy);
        return merge(before);
    };
    EXPECT_EQ(store.write_articles({writing}).front().value().what, What::updated);
    EXPECT_EQ(other.write_articles({patch("urn:1", R"({"title":"Theirs"})")}).front().value().what, What::updated);
}

TEST_F(Posting, ToldAgainChangesNothingWhateverItsAuthorsHold) {
    database.run(R"(INSERT INTO articles (id, title, authors) VALUES ('urn:1', 'One', '[{"name": "Ann", "orcid": "0"}]'))");
    EXPECT_EQ(store.write_articles({patch("urn:1", R"({"title":"Two"})")}).front().value().what, What::updated);
    EXPECT_EQ(database.value("SELECT authors #>> '{0,name}' FROM articles"), "Ann");
}

TEST_F(Posting, KeepsAHashOfEachTokenAndItsScopes) {
    const User crawler{.name = "crawler", .token_hash = std::string(64, 'a'), .scopes = {"read", "publish"}};
    EXPECT_TRUE(store.add_user(crawler));
    EXPECT_FALSE(store.add_user(crawler));
    EXPECT_EQ(store.user("crawler").value().token_hash, crawler.token_hash);
    EXPECT_TRUE(store.user("crawler").value().may("publish"));
    EXPECT_FALSE(store.user("crawler").value().may("admin"));
    store.set_scopes("crawler", {"admin"});
    EXPECT_TRUE(store.user("crawler").value().may("admin"));
    EXPECT_THROW(store.set_scopes("crawler", {"everything"}), std::runtime_error);
    EXPECT_EQ(store.act("revoke_user", {"crawler"}), 1U);
    EXPECT_FALSE(store.user("crawler"));
    EXPECT_FALSE(store.user("nobody"));
}

TEST_F(Posting, NotesTheUseOfATokenOnceAMinute) {
    store.add_user({.name = "crawler", .token_hash = std::string(64, 'a'), .scopes = {"read"}});
    EXPECT_EQ(store.act("note_use", {"crawler"}), 1U);
    EXPECT_EQ(store.act("note_use", {"crawler"}), 0U);
    database.run("UPDATE users SET last_used = now() - interval '61 seconds'");
    EXPECT_EQ(store.act("note_use", {"crawler"}), 1U);
}

}  // namespace
}  // namespace gazetted
