#include "daemon/pages.hpp"

#include "feeds/sanitise_html.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace gazetted {
namespace {

using namespace std::chrono_literals;

constexpr Instant published = std::chrono::sys_days{std::chrono::year{2021} / 12 / 8} + 10h + 18min;
const std::string hostile = "\"><script>alert(1)</script>'<b>&";
const std::string hostile_slug = "a b (c)\"'><script>&?#%/..";

bool has(const std::string& page, std::string_view part) { return page.find(part) != std::string::npos; }

std::size_t count(const std::string& page, std::string_view part) {
    std::size_t found = 0;
    for (auto at = page.find(part); at != std::string::npos; at = page.find(part, at + part.size())) ++found;
    return found;
}

FeedHead head_titled(const std::string& title) {
    FeedHead head;
    head.id = "urn:example:feed";
    head.title = title;
    head.language = "zh_CN";
    head.updated = published;
    return head;
}

Entry entry_titled(const std::string& title, const std::string& content = "<p>Text</p>") {
    Entry entry;
    entry.id = "urn:example:7";
    entry.link = "https://news.example/7";
    entry.page_link = "https://feeds.example/article/7";
    entry.title = title;
    entry.content = sanitise_html(content, entry.link);
    entry.published = published;
    entry.updated = published;
    return entry;
}

CategorySummary category_titled(const std::string& title, const std::string& slug, std::optional<Instant> newest = published) {
    return {.id = 1, .slug = slug, .title = title, .language = "zh-CN", .newest = newest};
}

TEST(Pages, SayInWhichDirectionAnArticleRuns) {
    Entry entry = entry_titled("خبر");
    entry.language = "ar";
    entry.direction = "rtl";
    EXPECT_TRUE(has(category_page(head_titled("x"), {Selection{"x"}}, {entry}, "Site"), R"(<article lang="ar" dir="rtl">)"));
    EXPECT_TRUE(has(article_page("Site", entry), R"(<article dir="rtl">)"));
    entry.direction = "";
    EXPECT_TRUE(has(category_page(head_titled("x"), {Selection{"x"}}, {entry}, "Site"), R"(<article lang="ar">)"));
    EXPECT_TRUE(has(article_page("Site", entry), "<article>"));
}

TEST(CategoryPage, OffersTheCategorysOwnFeedsBeforeThoseOfTheSite) {
    const std::string page = category_page(head_titled("财经"), {Selection{"caijing"}}, {}, "Site");
    const std::vector<std::string> wanted = {
        R"x(<link rel="alternate" type="application/atom+xml" title="财经 (Atom)" href="/category/caijing.atom">)x",
        R"x(<link rel="alternate" type="application/rss+xml" title="财经 (RSS)" href="/category/caijing.rss">)x",
        R"x(<link rel="alternate" type="application/feed+json" title="财经 (JSON Feed)" href="/category/caijing.json">)x",
        R"x(<link rel="alternate" type="application/atom+xml" title="Site (Atom)" href="/all.atom">)x"};
    std::size_t from = 0;
    for (const auto& link : wanted) {
        const auto at = page.find(link, from);
        ASSERT_NE(at, std::string::npos) << link << "\n" << page;
        from = at;
    }
    EXPECT_TRUE(has(page, R"(<link rel="canonical" href="/category/caijing.html">)"));
    EXPECT_TRUE(has(page, R"(<a href="/category/caijing.atom" type="application/atom+xml">Atom</a>)"));
}

TEST(CategoryPage, NamesTheFeedsOfTheWholeSiteOnceOnItsOwnPage) {
    const std::string page = category_page(head_titled("All"), {Selection{}}, {}, "Site");
    EXPECT_EQ(count(page, R"(rel="alternate")"), 3u);
    EXPECT_TRUE(has(page, R"(<link rel="canonical" href="/all.html">)"));
}

TEST(CategoryPage, TellsLanguageTitleAndScreenWidth) {
    const std::string page = category_page(head_titled("财经"), {Selection{"caijing"}}, {});
    EXPECT_TRUE(page.starts_with("<!DOCTYPE html>\n<html lang=\"zh-CN\">"));
    EXPECT_TRUE(has(page, "<title>财经</title>"));
    EXPECT_TRUE(has(page, R"(<meta name="viewport" content="width=device-width, initial-scale=1">)"));
    EXPECT_TRUE(has(page, R"(<link rel="stylesheet" href="/style.css">)"));
}

TEST(CategoryPage, ShowsShortArticlesWholeWithDateAndAuthors) {
    Entry entry = entry_titled("Title", "<p>Some <em>words</em></p>");
    entry.authors = {{.name = "Ann", .email = "", .uri = ""}, {.name = "Bo", .email = "", .uri = ""}};
    entry.language = "en";
    const std::string page = category_page(head_titled("Feed"), {Selection{"x"}}, {entry});
    EXPECT_TRUE(has(page, R"(<article lang="en">)"));
    EXPECT_TRUE(has(page, R"(<h2><a href="/article/7">Title</a></h2>)"));
    EXPECT_TRUE(has(
        page,
        R"(<time datetime="2021-12-08T10:18:00Z">2021-12-08 10:18 UTC</time> · <a href="/author/Ann.html">Ann</a> · <a href="/author/Bo.html">Bo</a>)"));
    EXPECT_TRUE(has(page, entry.content.str()));
    EXPECT_FALSE(has(page, "Read on"));
}

TEST(CategoryPage, ShortensLongArticlesAndLinksToTheRest) {
    std::string text;
    for (int i = 0; i < 500; ++i) text += "word" + std::to_string(i) + " ";
    const std::string page = category_page(head_titled("Feed"), {Selection{"x"}}, {entry_titled("T", "<p>" + text + "</p>")});
    EXPECT_TRUE(has(page, "word1 "));
    EXPECT_FALSE(has(page, "word499"));
    EXPECT_TRUE(has(page, R"(<a href="/article/7">Read on</a>)"));
}

TEST(CategoryPage, SaysNothingOfALanguageItDoesNotKnow) {
    FeedHead head = head_titled("Feed");
    head.language = "";
    const std::string page = category_page(head, {Selection{"x"}}, {entry_titled("T")});
    EXPECT_TRUE(has(page, "<html>"));
    EXPECT_TRUE(has(page, "<article>"));
}

TEST(CategoryPage, SaysThatItIsEmpty) {
    EXPECT_TRUE(has(category_page(head_titled("Feed"), {Selection{"x"}}, {}), "No articles here yet"));
    EXPECT_FALSE(has(category_page(head_titled("Feed"), {Selection{"x"}}, {entry_titled("T")}), "No articles here yet"));
}

TEST(Pages, EscapeHostileTextsInEveryPlace) {
    FeedHead head = head_titled(hostile);
    head.subtitle = hostile;
    head.language = hostile;
    Entry entry = entry_titled(hostile);
    entry.link = "https://news.example/\"onmouseover=\"alert(1)";
    entry.authors = {{.name = hostile, .email = hostile, .uri = hostile}};
    entry.categories = {{.slug = hostile_slug, .title = hostile}, {.slug = hostile_slug, .title = ""}};
    entry.tags = {{hostile}};
    entry.enclosures = {{.url = "https://a.example/'\"><script>", .media_type = hostile, .length_bytes = {}}};
    Catalogue catalogue;
    catalogue.site.description = hostile;
    catalogue.site.language = hostile;
    for (int i = 0; i < 30; ++i) catalogue.categories.push_back(category_titled(i % 2 ? hostile : "", hostile_slug));
    for (const std::string& page : {category_page(head, {Selection{hostile_slug}}, {entry}, hostile),
                                    article_page(hostile, entry), index_page(catalogue, hostile)}) {
        EXPECT_FALSE(has(page, "<script")) << page;
        EXPECT_FALSE(has(page, "<b>")) << page;
        EXPECT_FALSE(has(page, "\"onmouseover")) << page;
        EXPECT_TRUE(has(page, "&lt;script&gt;"));
        EXPECT_TRUE(has(page, "/category/a%20b%20%28c%29%22%27%3E%3Cscript%3E%26%3F%23%25%2F..")) << page;
    }
}

TEST(Pages, LinkNowhereThatRunsScripts) {
    Entry entry = entry_titled("T");
    entry.link = "javascript:alert(1)";
    entry.enclosures = {{.url = "data:text/html,x", .media_type = "text/html", .length_bytes = {}}};
    const std::string page = article_page("Site", entry);
    EXPECT_FALSE(has(page, "href=\"javascript:"));
    EXPECT_FALSE(has(page, "href=\"data:"));
}

TEST(Pages, EncodeUnicodeSlugs) {
    const std::string page = category_page(head_titled("人民邮电报"), {Selection{"人民 邮电"}}, {});
    EXPECT_TRUE(has(page, "/category/%E4%BA%BA%E6%B0%91%20%E9%82%AE%E7%94%B5.atom")) << page;
}

TEST(Pages, AreTheSameFromEveryThread) {
    const std::string wanted = article_page("Site", entry_titled("T"));
    std::vector<std::string> pages(8);
    std::vector<std::jthread> threads;
    for (auto& page : pages) threads.emplace_back([&page] { page = article_page("Site", entry_titled("T")); });
    threads.clear();
    for (const auto& page : pages) EXPECT_EQ(page, wanted);
}

TEST(ArticlePage, ShowsWhereTheArticleBelongsAndWhereItCameFrom) {
    Entry entry = entry_titled("Title");
    entry.categories = {{.slug = "caijing", .title = "财经"}};
    entry.tags = {{"bonds"}};
    entry.updated = published + 1h;
    const std::string page = article_page("Site", entry);
    EXPECT_TRUE(has(page, R"(<a href="/category/caijing.html">财经</a>)"));
    EXPECT_TRUE(has(page, R"(Original: <a href="https://news.example/7">https://news.example/7</a>)"));
    EXPECT_TRUE(has(page, R"(<time datetime="2021-12-08T11:18:00Z">2021-12-08 11:18 UTC</time>)"));
    EXPECT_TRUE(has(page, R"(<span class="tag"><a href="/tag/bonds.html">bonds</a></span>)"));
    EXPECT_TRUE(has(page, R"(<link rel="canonical" href="/article/7">)"));
    EXPECT_LT(page.find("/category/caijing.atom"), page.find("/all.atom"));
}

TEST(ArticlePage, NamesNoOriginalWhereOursIsTheOnlyPage) {
    Entry entry = entry_titled("Title");
    entry.link = entry.page_link;
    EXPECT_FALSE(has(article_page("Site", entry), "Original:"));
}

TEST(ArticlePage, ShowsTheSummaryWhereThereIsNoContent) {
    Entry entry = entry_titled("Title", "");
    entry.summary = sanitise_html("<p>Short</p>", entry.link);
    EXPECT_TRUE(has(article_page("Site", entry), "<p>Short</p>"));
}

TEST(IndexPage, ListsEveryCategoryInTheOrderGiven) {
    Catalogue catalogue;
    catalogue.categories = {category_titled("B", "b"), category_titled("", "a", std::nullopt)};
    const std::string page = index_page(catalogue, "Site");
    EXPECT_TRUE(has(page, "2 categories"));
    EXPECT_TRUE(
        has(page, R"(<a href="/category/b.html" lang="zh-CN">B</a> <time datetime="2021-12-08T10:18:00Z">2021-12-08</time>)"));
    EXPECT_TRUE(has(page, R"(<a href="/category/a.html" lang="zh-CN">a</a></li>)")) << page;
    EXPECT_LT(page.find("b.html"), page.find("a.html"));
    EXPECT_FALSE(has(page, "Newest"));
    catalogue.categories.pop_back();
    EXPECT_TRUE(has(index_page(catalogue, "Site"), ">1 category<"));
}

TEST(IndexPage, PutsTheNewestCategoriesFirstWhereThereAreMany) {
    Catalogue catalogue;
    for (int i = 0; i < 30; ++i) {
        const std::string slug = "c" + std::to_string(i) + "x";
        catalogue.categories.push_back(category_titled(slug, slug, published + i * 1min));
    }
    const std::string page = index_page(catalogue, "Site");
    const std::string recent = page.substr(page.find("Newest"), page.find("30 categories") - page.find("Newest"));
    EXPECT_EQ(count(recent, "<li>"), 12u);
    EXPECT_LT(recent.find("c29x"), recent.find("c28x"));
    EXPECT_FALSE(has(recent, "c17x"));
    EXPECT_EQ(count(page, "<li>"), 42u);
}

TEST(IndexPage, SaysHowToBringArticlesIntoAnEmptyDatabase) {
    const std::string page = index_page({}, "");
    EXPECT_TRUE(has(page, "gazetted import jekyll"));
    EXPECT_TRUE(has(page, "<title>Home</title>"));
}

TEST(StyleSheet, FollowsTheReadersColoursAndLoadsNothing) {
    EXPECT_NE(style_sheet().find("prefers-color-scheme: dark"), std::string_view::npos);
    EXPECT_EQ(style_sheet().find("url("), std::string_view::npos);
    EXPECT_EQ(style_sheet().find("@import"), std::string_view::npos);
}

TEST(Pages, AllOfferTheSearchBox) {
    for (const std::string& page : {category_page(head_titled("Feed"), {Selection{"x"}}, {}),
                                    article_page("Site", entry_titled("T")), index_page({}, "Site")})
        EXPECT_TRUE(has(page, R"(<form class="search" role="search" action="/search.html")")) << page;
}

TEST(SearchPage, HoldsWhatWasSearchedForAndItsFeeds) {
    const Selection search{hostile, SelectionKind::search};
    const std::string page = category_page(head_titled("Search"), {search}, {}, "Site",
                                           {.newer = "/search.html?q=x", .older = "/search.html?q=x&before=7"});
    EXPECT_TRUE(has(page, "value=\"&quot;&gt;&lt;script&gt;"));
    EXPECT_FALSE(has(page, "<script>"));
    EXPECT_TRUE(has(page, "type=\"application/atom+xml\" title=\"Search (Atom)\" href=\"/search.atom?q=%22%3E"));
    EXPECT_TRUE(has(page, "Nothing has all of these words yet"));
    EXPECT_TRUE(has(page, "<a href=\"/search.html?q=x\" rel=\"prev\">Newer</a>"));
    EXPECT_TRUE(has(page, "<a href=\"/search.html?q=x&amp;before=7\" rel=\"next\">Older</a>"));
}

TEST(SearchPage, WithoutASearchIsAForm) {
    const std::string page = category_page(head_titled("Search"), {Selection{"", SelectionKind::search}}, {}, "Site");
    EXPECT_TRUE(has(page, "name=\"q\" value=\"\""));
    EXPECT_FALSE(has(page, "/search.atom"));
    EXPECT_FALSE(has(page, "class=\"empty\""));
    EXPECT_TRUE(has(page, "href=\"/all.atom\""));
}

}  // namespace
}  // namespace gazetted
