#include "daemon/posted_article.hpp"

#include <gtest/gtest.h>

namespace gazetted {
namespace {

PostedArticle read(const std::string& json) {
    auto posted = read_posted_article(json);
    if (!posted) throw std::runtime_error(posted.error().message);
    return std::move(*posted);
}

Error fault(const std::string& json) {
    const auto posted = read_posted_article(json);
    EXPECT_FALSE(posted) << json;
    return posted ? Error{} : posted.error();
}

TEST(PostedArticle, HasAllThatArticlesHave) {
    const PostedArticle posted =
        read(R"({"id":"urn:x","number":7,"url":"https://a.example/","title":"T","authors":[{"name":"A","uri":"https://u/"}],
        "summary":"<p>s","content":"<p>c","language":"zh","published":"2021-12-08T10:18:31.5+08:00","updated":"2022-01-01T00:00:00Z",
        "withdrawn":true,"source":"wire","categories":["a","b"],"tags":[{"name":"t","scheme":"https://s/","label":"L"},{"name":"u"}],
        "enclosures":[{"url":"https://e/","media_type":"audio/mpeg","length_bytes":9007199254740993,"role":"media","duration_seconds":61,"width":1}],
        "direction":"rtl","rights":"R","comments_url":"https://c/","latitude":52.52,"longitude":-13.405000001,"place":"P","season":1,"episode":2,
        "episode_kind":"full","explicit":false,"origin":{"title":"O","authors":[{"name":"B"}]}})");
    const Article& article = posted.article;
    EXPECT_EQ(article.id, "urn:x");
    EXPECT_EQ(article.number, 0) << "it is told, not posted";
    EXPECT_EQ(article.authors, (std::vector<Person>{{"A", "", "https://u/"}}));
    EXPECT_TRUE(posted.has_published);
    EXPECT_EQ(to_rfc3339(article.published), "2021-12-08T02:18:31Z");
    EXPECT_EQ(article.published.time_since_epoch() % std::chrono::seconds(1), std::chrono::milliseconds(500));
    EXPECT_EQ(posted.withdrawn, true);
    EXPECT_EQ(posted.source, "wire");
    EXPECT_EQ(article.categories, (std::vector<CategoryTerm>{{"a", ""}, {"b", ""}}));
    EXPECT_EQ(article.tags, (std::vector<Tag>{{.name = "t", .scheme = "https://s/", .label = "L"}, {.name = "u"}}));
    ASSERT_EQ(article.enclosures.size(), 1U);
    EXPECT_EQ(article.enclosures[0].length_bytes, 9'007'199'254'740'993U);
    EXPECT_EQ(article.enclosures[0].role, EnclosureRole::media);
    EXPECT_EQ(article.enclosures[0].duration, std::chrono::seconds(61));
    EXPECT_EQ(article.location, (Location{Point{52.52, -13.405000001}, "P"}));
    EXPECT_EQ(article.episode, (Episode{1, 2, "full", false}));
    EXPECT_EQ(article.origin.value().title, "O");
    EXPECT_EQ(article.origin.value().authors, (std::vector<Person>{{"B", "", ""}}));
}

TEST(PostedArticle, IsToldWhatItDoesNotSay) {
    const PostedArticle posted = read(R"({"id":"x","title":null,"withdrawn":null})");
    EXPECT_FALSE(posted.has_published);
    EXPECT_EQ(posted.withdrawn, std::nullopt);
    EXPECT_EQ(posted.source, std::nullopt);
    EXPECT_EQ(posted.article.title, "");
    EXPECT_EQ(posted.article.location.point, std::nullopt);
    EXPECT_EQ(posted.article.origin, std::nullopt);
}

TEST(PostedArticle, IsRefusedWhereItIsNoJsonObject) {
    for (const char* json : {"", "{", "[]", "7", "{} {}", "{\"a\":01}", "{\"title\":\"\xff\"}", "{\"a\":'b'}", "nul"})
        EXPECT_EQ(fault(json).kind, ErrorKind::malformed) << json;
    EXPECT_EQ(fault(std::string(100'000, '[')).kind, ErrorKind::too_large);
}

TEST(PostedArticle, IsRefusedWithTheNameOfWhatIsWrong) {
    const std::pair<const char*, const char*> cases[] = {
        {R"({"titel":"T"})", "the member titel is not known"},
        {R"({"title":7})", "the member title is no text"},
        {R"({"published":"yesterday"})", "the member published is no time such as 2021-12-08T10:18:31Z"},
        {R"({"withdrawn":"no"})", "the member withdrawn is no true or false"},
        {R"({"categories":["a",1]})", "the member categories is no array of texts"},
        {R"({"tags":["a"]})", "the member tags is no array of objects"},
        {R"({"authors":[{"nam":"A"}]})", "the member nam is not known"},
        {R"({"season":-1})", "the member season is no whole number from 0 to 2147483647"},
        {R"({"season":2147483648})", "the member season is no whole number from 0 to 2147483647"},
        {R"({"season":1.5})", "the member season is no whole number from 0 to 2147483647"},
        {R"({"enclosures":[{"length_bytes":9223372036854775808}]})", "the member length_bytes is no whole number from 0 on"},
        {R"({"enclosures":[{"role":"poster"}]})",
         "an enclosure's role is none of enclosure, media, thumbnail, transcript, chapters"},
        {R"({"latitude":1})", "there is one of latitude and longitude: give both or neither"},
        {R"({"origin":[]})", "the member origin is no object"},
        {R"({"origin":{"titel":"x"}})", "the member titel is not known"},
    };
    for (const auto& [json, sentence] : cases) {
        EXPECT_EQ(fault(json).message, sentence) << json;
        EXPECT_EQ(fault(json).kind, ErrorKind::unsupported) << json;
    }
    EXPECT_EQ(fault("{\"\\u001b[31m\":1}").message, "the member \uFFFD[31m is not known");
}

TEST(MergePatch, ReplacesMembersAndTakesThoseAwayThatAreNull) {
    EXPECT_EQ(merge_patch(R"({"a":"b","c":{"d":1,"e":2}})", R"({"a":"z","c":{"e":null},"f":{"g":null,"h":1}})").value(),
              R"({"a":"z","c":{"d":1},"f":{"h":1}})");
    EXPECT_EQ(merge_patch(R"({"a":["b"]})", R"({"a":[]})").value(), R"({"a":[]})");
    EXPECT_EQ(merge_patch("{}", "[]").error().kind, ErrorKind::malformed);
}

TEST(TextMember, IsEmptyWhereThereIsNone) {
    EXPECT_EQ(text_member(R"({"id":"x"})", "id"), "x");
    for (const char* json : {R"({"id":7})", "{}", "nonsense"}) EXPECT_EQ(text_member(json, "id"), "") << json;
}

}  // namespace
}  // namespace gazetted
