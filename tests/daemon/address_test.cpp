#include "daemon/address.hpp"

#include <gtest/gtest.h>

namespace gazetted {
namespace {

const Selection news{.category_slug = "news"};

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
    const Address addresses[] = {FeedAddress{news, FeedFormat::json},
                                 FeedAddress{Selection{.category_slug = "a b [c].d.rss"}, FeedFormat::atom},
                                 FeedAddress{Selection{.category_slug = "人民邮电报"}, FeedFormat::rss},
                                 FeedAddress{Selection{}, FeedFormat::rss},
                                 CategoryPageAddress{Selection{.category_slug = "100%"}},
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
    EXPECT_EQ(parse_path("/category/node.js.atom")->address, Address(FeedAddress{Selection{.category_slug = "node.js"}}));
    EXPECT_TRUE(parse_path("/category/node.js")->negotiated);
    EXPECT_EQ(parse_path("/category/x.rss.atom")->address, Address(FeedAddress{Selection{.category_slug = "x.rss"}}));
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
                                  {"/category/n%65ws%2Eatom.atom", "news.atom"}};
    for (const auto& [path, slug] : spellings) {
        const auto parsed = parse_path(path);
        ASSERT_TRUE(parsed) << path;
        EXPECT_FALSE(parsed->canonical) << path;
        EXPECT_EQ(std::get<FeedAddress>(parsed->address).selection.category_slug, slug) << path;
    }
    EXPECT_FALSE(parse_path("/article/007")->canonical);
}

TEST(Address, DecodesEscapesOnce) {
    EXPECT_EQ(std::get<FeedAddress>(parse_path("/category/a%2541.atom")->address).selection.category_slug, "a%41");
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
                                      "/index.html"};
    for (const auto path : paths) EXPECT_FALSE(parse_path(path)) << path;
}

TEST(Address, HasNoSlugLongerThanTheTableHolds) {
    EXPECT_TRUE(parse_path("/category/" + std::string(512, 'a')));
    EXPECT_FALSE(parse_path("/category/" + std::string(513, 'a')));
}

}  // namespace
}  // namespace gazetted
