#include "daemon/address.hpp"

#include <gtest/gtest.h>

namespace gazetted {
namespace {

const Selection news{.name = "news"};

TEST(Address, GivesEveryDocumentOneCanonicalPath) {
    EXPECT_EQ(canonical_path(FeedAddress{news, FeedFormat::atom}), "/category/news.atom");
    EXPECT_EQ(canonical_path(FeedAddress{news, FeedFormat::rss}), "/category/news.rss");
    EXPECT_EQ(canonical_path(FeedAddress{news, FeedFormat::json}), "/category/news.json");
    EXPECT_EQ(canonical_path(CategoryPageAddress{news}), "/category/news.html");
    EXPECT_EQ(canonical_path(FeedAddress{Selection{}, FeedFormat::atom}), "/all.atom");
    EXPECT_EQ(canonical_path(CategoryPageAddress{Selection{}}), "/all.html");
    EXPECT_EQ(canonical_path(ArticlePageAddress{7}), "/article/7");
    EXPECT_EQ(canonical_path(IndexPageAddress{}), "/");
    EXPECT_EQ(canonical_path(CatalogueAddress{}), "/feeds.opml");
}

TEST(Address, ReadsBackEveryPathThatItWrites) {
    const Address addresses[] = {
        FeedAddress{news, FeedFormat::json},
        FeedAddress{Selection{.name = "a b [c].d.rss"}, FeedFormat::atom},
        FeedAddress{Selection{.name = "人民邮电报"}, FeedFormat::rss},
        FeedAddress{Selection{}, FeedFormat::rss},
        CategoryPageAddress{Selection{.name = "100%"}},
        FeedAddress{Selection{.name = "AC/DC", .kind = SelectionKind::tag}, FeedFormat::rss},
        CategoryPageAddress{Selection{.name = "王 小明", .kind = SelectionKind::author}},
        FeedAddress{Selection{.name = "all", .kind = SelectionKind::source}},
        FeedAddress{Selection{.name = "a+tag:b c-d~-e", .kind = SelectionKind::combination}},
        ArchiveAddress{news, FeedFormat::rss, 7},
        ArchiveAddress{Selection{.name = "a+b-c", .kind = SelectionKind::combination}, FeedFormat::rss, 7},
        ArchiveAddress{Selection{.name = "a/archive/7", .kind = SelectionKind::tag}, FeedFormat::atom, 8},
        ArchiveAddress{Selection{}, FeedFormat::atom, 9},
        ArticlePageAddress{9'007'199'254'740'993},
        IndexPageAddress{},
        CatalogueAddress{}};
    for (const auto& address : addresses) {
        const auto path = canonical_path(address);
        const auto parsed = parse_path(path);
        ASSERT_TRUE(parsed) << path;
        EXPECT_EQ(parsed->address, address) << path;
        EXPECT_TRUE(parsed->canonical) << path;
        EXPECT_FALSE(parsed->negotiated) << path;
    }
}

TEST(Address, NegotiatesWhereNoFormatIsNamed) {
    for (const std::string_view path : {"/category/news", "/all"}) {
        const auto parsed = parse_path(path);
        ASSERT_TRUE(parsed) << path;
        EXPECT_TRUE(parsed->negotiated) << path;
        EXPECT_TRUE(parsed->canonical) << path;
    }
    EXPECT_EQ(negotiated_path(news), "/category/news");
}

TEST(Address, TakesOnlyTheLastSuffixForTheFormat) {
    EXPECT_EQ(parse_path("/category/node.js.atom")->address, Address(FeedAddress{Selection{.name = "node.js"}}));
    EXPECT_TRUE(parse_path("/category/node.js")->negotiated);
    EXPECT_EQ(parse_path("/category/x.rss.atom")->address, Address(FeedAddress{Selection{.name = "x.rss"}}));
}

TEST(Address, OfANameThatEndsLikeAFormatAlwaysNamesItsFormat) {
    for (const char* name : {"y.atom", "y.rss", "package.json", "index.html", ".atom", "a+y.atom"}) {
        const auto kind = std::string_view(name).starts_with("a+") ? SelectionKind::combination : SelectionKind::category;
        const FeedAddress feed{{name, kind}, FeedFormat::atom, {.entries_max = 7}};
        EXPECT_EQ(negotiated_path(feed.selection, feed.variant), canonical_path(feed)) << name;
        const std::string path = negotiated_path(feed.selection);
        const auto parsed = parse_path(path);
        ASSERT_TRUE(parsed && parsed->canonical) << path;
        EXPECT_EQ(parsed->address, Address(FeedAddress{feed.selection})) << path;
    }
    EXPECT_EQ(parse_path("/tag/package.json")->address,
              Address(FeedAddress{{"package", SelectionKind::tag}, FeedFormat::json}));
    const auto escaped = parse_path("/category/y%2Eatom");
    ASSERT_TRUE(escaped);
    EXPECT_EQ(escaped->address, Address(FeedAddress{Selection{"y"}, FeedFormat::atom})) << "RFC 3986 section 6.2.2.2";
    EXPECT_FALSE(escaped->canonical);
}

TEST(Address, KnowsOtherSpellingsOfOneAddress) {
    struct Spelling {
        std::string_view path, slug;
    };
    const Spelling spellings[] = {{"/category/%6Eews.atom", "news"},
                                  {"/category/news.atom/", "news"},
                                  {"/category/a%5bb.atom", "a[b"},
                                  {"/category/a[b.atom", "a[b"},
                                  {"/category/e%CC%81.atom", "\xC3\xA9"},
                                  {"/category/\xC3\xA9.atom", "\xC3\xA9"},
                                  {"/category/n%65ws%2Eatom.atom", "news.atom"},
                                  {"/%63ategory/news%2eatom", "news"}};
    for (const auto& [path, slug] : spellings) {
        const auto parsed = parse_path(path);
        ASSERT_TRUE(parsed) << path;
        EXPECT_FALSE(parsed->canonical) << path;
        EXPECT_EQ(std::get<FeedAddress>(parsed->address).selection.name, slug) << path;
    }
    EXPECT_FALSE(parse_path("/article/007")->canonical);
}

TEST(Address, DecodesEscapesOnce) {
    EXPECT_EQ(std::get<FeedAddress>(parse_path("/category/a%2541.atom")->address).selection.name, "a%41");
}

TEST(Address, FindsNothingWhereNothingCanBe) {
    const std::string_view paths[] = {"",
                                      "x",
                                      "//",
                                      "/category/",
                                      "/category/.atom",
                                      "/category/..",
                                      "/category/%2E%2E.atom",
                                      "/category/a/b.atom",
                                      "/category/a%2Fb.atom",
                                      "/category/a%00.atom",
                                      "/category/a%0D%0Ab.atom",
                                      "/category/%C0%AE.atom",
                                      "/category/%FF.atom",
                                      "/all.txt",
                                      "/article/",
                                      "/article/0",
                                      "/article/-1",
                                      "/article/7x",
                                      "/article/99999999999999999999",
                                      "/all/archive/0.atom",
                                      "/all/archive/7.json",
                                      "/all/archive/7.html",
                                      "/all/archive/7",
                                      "/archive/7.atom",
                                      "/search/archive/7.atom",
                                      "/feed/.atom",
                                      "/feed/a+.atom",
                                      "/feed/-a.atom",
                                      "/index.html"};
    for (const auto path : paths) EXPECT_FALSE(parse_path(path)) << path;
}

TEST(Address, LetsTagsAndAuthorsHaveSlashesAndSlugsNot) {
    EXPECT_EQ(canonical_path(FeedAddress{Selection{.name = "a/b", .kind = SelectionKind::tag}}), "/tag/a%2Fb.atom");
    EXPECT_EQ(std::get<FeedAddress>(parse_path("/author/a%2Fb.atom")->address).selection.name, "a/b");
    EXPECT_FALSE(parse_path("/tag/a/b.atom"));
    EXPECT_FALSE(parse_path("/source/a%2Fb.atom"));
    EXPECT_FALSE(addressable(SelectionKind::author, ""));
    EXPECT_FALSE(addressable(SelectionKind::tag, ".."));
    EXPECT_FALSE(addressable(SelectionKind::tag, "a\tb"));
    EXPECT_EQ(addressable(SelectionKind::tag, "e\xCC\x81").value().name, "\xC3\xA9");
}

TEST(Address, SpellsEachVariantOnce) {
    const FeedAddress wanted{news, FeedFormat::rss, {.entries_max = 5, .summary = true}};
    EXPECT_EQ(canonical_path(wanted), "/category/news.rss?content=summary&n=5");
    EXPECT_EQ(negotiated_path(news, {.entries_max = 5}), "/category/news?n=5");
    for (const std::string_view query :
         {"n=5&content=summary", "content=summary&n=5", "utm_source=x&n=005&&content=summary&n=7", "n=%35&content=s%75mmary"})
        EXPECT_EQ(parse_variant(query, {}), wanted.variant) << query;
}

TEST(Address, TakesTheDefaultsForTheAddressWithoutAQuery) {
    for (const std::string_view query : {"", "x", "n=50", "content=full", "N=5", "n=50&content=full&x=y"})
        EXPECT_EQ(parse_variant(query, {}), FeedVariant{}) << query;
}

TEST(Address, GivesNoMoreEntriesThanTheLimit) {
    const VariantLimits limits{.entries_default = 50, .entries_max = 100};
    EXPECT_EQ(parse_variant("n=100", limits)->entries_max, 100U);
    EXPECT_EQ(parse_variant("n=101", limits)->entries_max, 100U);
    EXPECT_EQ(parse_variant("n=99999999999999999999999999", limits)->entries_max, 100U);
    EXPECT_EQ(parse_variant("n=101", {.entries_default = 100, .entries_max = 100}), FeedVariant{});
}

TEST(Address, RefusesValuesThatMeanNothing) {
    for (const std::string_view query :
         {"n=", "n", "n=0", "n=00", "n=-1", "n=5x", "n=%3", "content=", "content=half", "content"})
        EXPECT_FALSE(parse_variant(query, {})) << query;
}

TEST(Address, HasNoSlugLongerThanTheTableHolds) {
    EXPECT_TRUE(parse_path("/category/" + std::string(512, 'a')));
    std::string composed, decomposed;
    for (int i = 0; i < 60; ++i) composed += "%EA%B0%81", decomposed += "%E1%84%80%E1%85%A1%E1%86%A8";
    ASSERT_TRUE(parse_path("/category/" + decomposed + ".atom")) << "its 180 bytes count as they are compared";
    EXPECT_EQ(canonical_path(parse_path("/category/" + decomposed + ".atom")->address), "/category/" + composed + ".atom");
    EXPECT_FALSE(parse_path("/category/" + std::string(513, 'a')));
}

ParsedPath searched(std::string_view path, std::string_view query) {
    auto parsed = parse_path(path).value();
    EXPECT_EQ(read_query(parsed, query, {}), std::nullopt) << query;
    return parsed;
}

TEST(Address, OfASearchHoldsWhatIsSearchedFor) {
    const FeedAddress address{
        {"5g \"new york\" 网络", SelectionKind::search}, FeedFormat::rss, {.entries_max = 7, .summary = true, .before = 9}};
    const std::string path = canonical_path(address);
    EXPECT_EQ(path, "/search.rss?q=5g%20%22new%20york%22%20%E7%BD%91%E7%BB%9C&content=summary&n=7&before=9");
    const auto parsed = searched("/search.rss", path.substr(path.find('?') + 1));
    EXPECT_EQ(parsed.address, Address(address));
    EXPECT_TRUE(parsed.canonical);
    const CategoryPageAddress page{{"a", SelectionKind::search}, 9};
    EXPECT_EQ(canonical_path(page), "/search.html?q=a&before=9");
    EXPECT_EQ(searched("/search.html", "before=9&q=a").address, Address(page));
    EXPECT_EQ(negotiated_path({"a", SelectionKind::search}), "/search?q=a");
}

TEST(Address, OfASearchHasOneSpelling) {
    for (const std::string_view query : {"q=a%20b&x=1", "n=5&q=a%20b"})
        EXPECT_TRUE(searched("/search.atom", query).canonical) << query;
    for (const std::string_view query :
         {"q=a+b", "q=A%20b", "q=%20a%20b", "q=a%20%20b", "q=a%20b%20a", "q=%61%20b", "q=a%20%22b%22", "q=a%20b%22"}) {
        const auto parsed = searched("/search.atom", query);
        EXPECT_FALSE(parsed.canonical) << query;
        EXPECT_EQ(canonical_path(parsed.address), "/search.atom?q=a%20b") << query;
    }
    EXPECT_EQ(canonical_path(searched("/search.atom", "q=e%CC%81").address), "/search.atom?q=%C3%A9");
}

TEST(Address, OfASearchIsOnlyReadFromASearch) {
    auto parsed = parse_path("/all.atom").value();
    EXPECT_EQ(read_query(parsed, "q=a&before=7", {}), std::nullopt);
    EXPECT_EQ(canonical_path(parsed.address), "/all.atom");
    EXPECT_FALSE(is_search(parsed.address));
    EXPECT_TRUE(is_search(searched("/search.html", "").address));
    EXPECT_TRUE(lacks_search(searched("/search.atom", "q=").address));
    EXPECT_FALSE(lacks_search(searched("/search.html", "q=").address));
}

TEST(Address, OfTheCatalogueSaysHowItIsNestedAndWhatItHas) {
    const CatalogueAddress catalogue{.group = CatalogueGroup::kind, .authors = true, .tags = true};
    EXPECT_EQ(canonical_path(catalogue), "/feeds.opml?group=kind&with=authors,tags");
    EXPECT_EQ(searched("/feeds.opml", "with=tags,authors,tags&group=kind&x=1").address, Address(catalogue));
    EXPECT_EQ(canonical_path(CatalogueAddress{.sources = true}), "/feeds.opml?with=sources");
    for (const std::string_view query : {"group=", "group=colour", "with=categories", "with=tags,,"}) {
        auto parsed = parse_path("/feeds.opml").value();
        EXPECT_NE(read_query(parsed, query, {}), std::nullopt) << query;
    }
}

}  // namespace
}  // namespace gazetted
