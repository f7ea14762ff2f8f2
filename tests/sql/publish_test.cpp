#include "daemon/publish.hpp"

#include "daemon/store.hpp"
#include "tests/support/test_database.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>

namespace gazetted {
namespace {

struct Publish : ::testing::Test {
    std::shared_ptr<const Document> feed(const std::shared_ptr<const Document>& previous) {
        const auto now = std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
        const FeedAddress address{Selection{.name = "news"}, FeedFormat::atom, {.entries_max = 2}};
        const auto publication = publish(store, site, address, previous, now);
        const auto* document = std::get_if<std::shared_ptr<const Document>>(&publication);
        return document == nullptr ? nullptr : *document;
    }
    void write(const std::string& id) {
        database.run("INSERT INTO articles (id, title, url) VALUES ('" + id + "', '" + id + "', 'https://a.example/" + id +
                     "'); INSERT INTO article_categories (article_id, category_id) SELECT '" + id + "', id FROM categories");
    }
    TestDatabase database;
    Store store{database.url()};
    const SiteConfig site{.base_url = "https://feeds.example", .title = "Feeds", .hubs = {}};
};

TEST_F(Publish, KnowsOfEachEntryWhetherASoundDocumentHasShownIt) {
    database.run("INSERT INTO categories (slug) VALUES ('news')");
    for (const char* id : {"urn:a", "urn:b", "urn:c"}) write(id);
    const auto first = feed(nullptr);
    ASSERT_TRUE(first);
    EXPECT_TRUE(first->fragments.at("urn:c").is_proven);
    EXPECT_TRUE(first->fragments.at("urn:b").is_proven);
    EXPECT_FALSE(first->fragments.at("urn:a").is_proven) << "it stands behind";

    write("urn:d");
    const auto second = feed(first);
    ASSERT_TRUE(second);
    EXPECT_EQ(second->fragments.at("urn:c").fragment, first->fragments.at("urn:c").fragment);
    const auto& places = second->instance.value().places;
    const auto unproven = std::ranges::count_if(places, [](const auto& place) { return !place.is_proven; });
    EXPECT_EQ(unproven, 2) << "d is new, a was never shown: these alone would be read";
    EXPECT_TRUE(second->fragments.at("urn:d").is_proven);

    database.run("UPDATE articles SET title = 'Corrected' WHERE id = 'urn:c'");
    const auto third = feed(second);
    ASSERT_TRUE(third);
    EXPECT_NE(third->fragments.at("urn:c").fragment, second->fragments.at("urn:c").fragment);
    EXPECT_EQ(fault_in(third->representations.identity().body, FeedFormat::atom), std::nullopt);
}

}  // namespace
}  // namespace gazetted
