#include "daemon/document_links.hpp"

#include <gtest/gtest.h>

namespace gazetted {
namespace {

const std::string base = "https://feeds.example";

TEST(DocumentLinks, NameTheCanonicalAddressFirst) {
    const Address addresses[] = {FeedAddress{Selection{"a b"}, FeedFormat::json}, CategoryPageAddress{}, ArticlePageAddress{7},
                                 IndexPageAddress{}, CatalogueAddress{}};
    for (const auto& address : addresses) {
        const auto links = links_of(address, base);
        EXPECT_EQ(links.front(), (DocumentLink{"canonical", base + canonical_path(address), ""}));
    }
}

TEST(DocumentLinks, NameEveryOtherFormatOnce) {
    EXPECT_EQ(link_field(links_of(FeedAddress{Selection{"a b"}, FeedFormat::rss}, base)),
              "Link: <https://feeds.example/category/a%20b.rss>; rel=\"canonical\""
              ", <https://feeds.example/category/a%20b.atom>; rel=\"alternate\"; type=\"application/atom+xml\""
              ", <https://feeds.example/category/a%20b.json>; rel=\"alternate\"; type=\"application/feed+json\""
              ", <https://feeds.example/category/a%20b.html>; rel=\"alternate\"; type=\"text/html\"\r\n");
    EXPECT_EQ(links_of(CategoryPageAddress{}, base).size(), 4U);
    EXPECT_EQ(links_of(IndexPageAddress{}, base).size(), 4U);
    EXPECT_EQ(links_of(ArticlePageAddress{7}, base).size(), 1U);
}

TEST(DocumentLinks, OfTheFormToSearchWithNameNoFeedSinceThereIsNone) {
    EXPECT_EQ(links_of(CategoryPageAddress{{"", SelectionKind::search}}, base).size(), 1U);
    EXPECT_EQ(links_of(CategoryPageAddress{{"a", SelectionKind::search}}, base).size(), 4U);
}

TEST(DocumentLinks, AreNoLineWhereThereAreNone) { EXPECT_EQ(link_field({}), ""); }

}  // namespace
}  // namespace gazetted
