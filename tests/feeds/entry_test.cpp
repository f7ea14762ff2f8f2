#include "feeds/entry.hpp"

#include "feeds/lawful.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

namespace gazetted {
namespace {

using namespace std::chrono_literals;

constexpr Instant published = std::chrono::sys_days{std::chrono::year{2021} / 12 / 8} + 10h;
constexpr std::string_view base_url = "https://feeds.example";

Article article_with(const std::string& title, const std::string& content = "<p>Text</p>") {
    Article article;
    article.id = "urn:example:1";
    article.number = 7;
    article.url = "https://news.example/2021/post.html";
    article.title = title;
    article.content = content;
    article.published = published;
    return article;
}

TEST(EntryOf, NamesRetellingsWithALinkThatCanBeFollowed) {
    Article article = article_with("A story");
    article.retellings = {{.source = " The\nBulletin ", .link = "https://b.example/1", .number = 8},
                          {.source = "Courier", .link = "", .number = 9}};
    EXPECT_EQ(entry_of(article, base_url).via_link, article.url);
    const auto retellings = entry_of(article, base_url).retellings;
    ASSERT_EQ(retellings.size(), 2U);
    EXPECT_EQ(retellings[0].source, "The Bulletin");
    EXPECT_EQ(retellings[0].link, "https://b.example/1");
    EXPECT_EQ(retellings[1].link, "https://feeds.example/article/9");
}

TEST(EntryOf, KeepsTheIdAsItIs) {
    Article article = article_with("Title");
    article.id = "http://OLD.example/a b";
    EXPECT_EQ(entry_of(article, base_url).id, "http://OLD.example/a b");
}

TEST(EntryOf, LinksToTheArticlesUrlAndKnowsOurOwnPage) {
    const Entry entry = entry_of(article_with("Title"), base_url);
    EXPECT_EQ(entry.link, "https://news.example/2021/post.html");
    EXPECT_EQ(entry.page_link, "https://feeds.example/article/7");
}

TEST(EntryOf, LinksToOurOwnPageWhereTheUrlLeadsNowhere) {
    for (const char* url : {"", "/2021/post.html", "post.html", "javascript:alert(1)", "ftp://news.example/x",
                            "mailto:a@b.example", "data:text/html,x", "http://", "java\tscript:alert(1)"}) {
        Article article = article_with("Title");
        article.url = url;
        EXPECT_EQ(entry_of(article, base_url).link, "https://feeds.example/article/7") << url;
    }
}

TEST(EntryOf, ResolvesRelativeLinksAgainstTheArticlesLink) {
    const Entry entry = entry_of(article_with("Title", R"(<p><a href="../other.html">x</a></p>)"), base_url);
    EXPECT_NE(entry.content.str().find("https://news.example/other.html"), std::string::npos) << entry.content.str();
}

TEST(EntryOf, SanitisesSummaryAndContent) {
    Article article = article_with("Title", "<p>Text<script>alert(1)</script></p>");
    article.summary = "<img src=x onerror=alert(1)>Short";
    const Entry entry = entry_of(article, base_url);
    EXPECT_EQ(entry.content.str().find("alert"), std::string::npos) << entry.content.str();
    EXPECT_EQ(entry.summary.str().find("alert"), std::string::npos) << entry.summary.str();
    EXPECT_NE(entry.summary.str().find("Short"), std::string::npos);
}

TEST(EntryOf, TakesTitlesAsPlainTextOnOneLine) {
    EXPECT_EQ(entry_of(article_with("  <b>Bold</b>\n &amp;\t1 < 2 "), base_url).title, "<b>Bold</b> &amp; 1 < 2");
    EXPECT_EQ(entry_of(article_with(std::string("a\x01\x0B") + "b\xEF\xBF\xBE" + "c"), base_url).title, "abc");
}

TEST(EntryOf, MakesAMissingTitleOfTheFirstWords) {
    EXPECT_EQ(entry_of(article_with(" ", "<p>First <em>words</em> &amp; more</p>"), base_url).title, "First words & more");
    Article summarised = article_with("", "<p><img src=\"https://a.example/x.png\"></p>");
    summarised.summary = "<p>Of the summary</p>";
    EXPECT_EQ(entry_of(summarised, base_url).title, "Of the summary");
}

TEST(EntryOf, NamesAnArticleWithoutAnyTextByItsDay) {
    EXPECT_EQ(entry_of(article_with("", "<p><img src=\"https://a.example/x.png\"></p>"), base_url).title, "2021-12-08");
}

TEST(EntryOf, LeavesOutPeopleWithoutANameAndAddressesThatAreNone) {
    Article article = article_with("Title");
    article.authors = {{.name = " ", .email = "a@b.example", .uri = ""},
                       {.name = "Li\nWei", .email = "no address", .uri = "javascript:alert(1)"},
                       {.name = "Ann", .email = "ann@news.example", .uri = "https://ann.example/"}};
    const std::vector<Person> wanted = {{.name = "Li Wei", .email = "", .uri = ""},
                                        {.name = "Ann", .email = "ann@news.example", .uri = "https://ann.example/"}};
    EXPECT_EQ(entry_of(article, base_url).authors, wanted);
}

TEST(EntryOf, TakesThePublishedDateForAMissingUpdatedOne) {
    Article article = article_with("Title");
    EXPECT_EQ(entry_of(article, base_url).updated, published);
    article.updated = published + 1h;
    EXPECT_EQ(entry_of(article, base_url).updated, published + 1h);
}

TEST(EntryOf, LeavesOutEnclosuresThatCannotBeFetched) {
    Article article = article_with("Title");
    article.enclosures = {{.url = "file:///etc/passwd", .media_type = "text/plain", .length_bytes = {}},
                          {.url = "https://a.example/1.mp3", .media_type = "audio/mpeg", .length_bytes = 10},
                          {.url = "https://a.example/2", .media_type = "nonsense", .length_bytes = {}}};
    const std::vector<Enclosure> wanted = {
        {.url = "https://a.example/1.mp3", .media_type = "audio/mpeg", .length_bytes = 10},
        {.url = "https://a.example/2", .media_type = "application/octet-stream", .length_bytes = {}}};
    EXPECT_EQ(entry_of(article, base_url).enclosures, wanted);
}

TEST(EntryOf, PassesOnOnlyWhatLooksLikeALanguage) {
    const std::vector<std::pair<std::string, std::string>> cases = {{"zh-CN", "zh-CN"},
                                                                    {"zh_CN", "zh-CN"},
                                                                    {"en", "en"},
                                                                    {"zh-Hans-CN", "zh-Hans-CN"},
                                                                    {"x-klingon", "x-klingon"},
                                                                    {"Chinese", "Chinese"},
                                                                    {"", ""},
                                                                    {"zh-", ""},
                                                                    {"-CN", ""},
                                                                    {"zh--CN", ""},
                                                                    {"e", ""},
                                                                    {"zh CN", ""},
                                                                    {"en\"><script>", ""},
                                                                    {"12", ""},
                                                                    {"abcdefghi", ""},
                                                                    {"中文", ""}};
    for (const auto& [language, wanted] : cases) EXPECT_EQ(language_tag(language), wanted) << language;
    Article article = article_with("Title");
    article.language = "zh_CN";
    EXPECT_EQ(entry_of(article, base_url).language, "zh-CN");
}

TEST(LabelsOf, NamesEachCategoryAndTagOnce) {
    Entry entry;
    entry.categories = {{.slug = "caijing", .title = "财经"}, {.slug = "markets", .title = ""}};
    entry.tags = {{"财经"}, {"bonds"}, {"markets"}};
    EXPECT_EQ(labels_of(entry), (std::vector<std::string>{"财经", "markets", "bonds"}));
}

TEST(EntryOf, PointsToItsSourceOrToOurPageAndTellsTheOther) {
    Article article;
    article.number = 7;
    article.url = "https://news.example/7";
    article.content = "<a href=\"8\">next</a>";
    const Entry to_source = entry_of(article, "https://feeds.example");
    EXPECT_EQ(to_source.link, "https://news.example/7");
    EXPECT_EQ(to_source.external_link, "");
    const Entry to_page = entry_of(article, "https://feeds.example", EntryLink::page);
    EXPECT_EQ(to_page.link, "https://feeds.example/article/7");
    EXPECT_EQ(to_page.external_link, "https://news.example/7");
    EXPECT_EQ(to_page.content, to_source.content) << "links are relative to where the article stood";
    article.url = "";
    EXPECT_EQ(entry_of(article, "https://feeds.example", EntryLink::page).external_link, "");
}

TEST(EntryOf, SaysWhereAnAggregatedArticleWasFirst) {
    Article article;
    article.url = "https://news.example/7";
    EXPECT_EQ(entry_of(article, "https://feeds.example").via_link, "");
    article.origin = Origin{};
    EXPECT_FALSE(entry_of(article, "https://feeds.example").origin);
    article.origin->title = " An \x01 origin ";
    EXPECT_EQ(entry_of(article, "https://feeds.example").via_link, "https://news.example/7");
    EXPECT_EQ(entry_of(article, "https://feeds.example").origin->title, "An origin");
    article.origin->entry_link = "https://origin.example/7";
    article.origin->feed_link = "javascript:alert(1)";
    EXPECT_EQ(entry_of(article, "https://feeds.example").via_link, "https://origin.example/7");
    EXPECT_EQ(entry_of(article, "https://feeds.example").origin->feed_link, "");
}

TEST(EntryOf, SaysTheDirectionInTheMarkupOnce) {
    Article article;
    article.direction = "rtl";
    article.content = "<p>שלום</p>";
    const Entry once = entry_of(article, "https://feeds.example");
    EXPECT_EQ(once.content.str(), "<div dir=\"rtl\"><p>שלום</p></div>");
    EXPECT_TRUE(once.summary.empty());
    article.content = once.content.str();
    EXPECT_EQ(entry_of(article, "https://feeds.example").content, once.content);
    article.direction = "rtl\"><script>";
    EXPECT_EQ(entry_of(article, "https://feeds.example").direction, "");
}

TEST(EntryOf, LeavesOutWhatIsOutOfRange) {
    Article article;
    article.location = {.point = Point{.latitude = 91, .longitude = 0}, .name = " x "};
    article.episode.kind = "half";
    article.tags = {{"a", "no scheme", "a"}, {"b", "urn:x", " B "}, {"\x01", "", "c"}};
    article.enclosures = {{.url = "https://e.example/a",
                           .media_type = "x y",
                           .length_bytes = {},
                           .duration = std::chrono::seconds(-1),
                           .width = 0}};
    const Entry entry = entry_of(article, "https://feeds.example");
    EXPECT_FALSE(entry.location.point);
    EXPECT_EQ(entry.location.name, "x");
    EXPECT_EQ(entry.episode.kind, "");
    EXPECT_EQ(entry.tags, (std::vector<Tag>{{"a"}, {"b", "urn:x", "B"}}));
    EXPECT_EQ(entry.enclosures.at(0).media_type, "application/octet-stream");
    EXPECT_FALSE(entry.enclosures.at(0).duration);
    EXPECT_FALSE(entry.enclosures.at(0).width);
    article.location.point = Point{.latitude = std::nan(""), .longitude = 0};
    EXPECT_FALSE(entry_of(article, "https://feeds.example").location.point);
}

}  // namespace
}  // namespace gazetted
