#include "daemon/feed_cache.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace gazetted {
namespace {

// Costs exactly `bytes`, whatever a document costs otherwise.
std::shared_ptr<const Document> sized(const std::string& path, std::size_t bytes, std::int64_t category_id = 0) {
    auto document = std::make_shared<Document>();
    document->path = path;
    document->bytes = bytes;
    document->shown.category_id = category_id;
    return document;
}

std::string path_of(std::size_t number) { return "/" + std::to_string(number); }

TEST(FeedCache, FindsWhatWasPutIn) {
    FeedCache cache(100);
    const auto document = sized("/a", 10);
    cache.insert(document);
    EXPECT_EQ(cache.find("/a").document, document);
    EXPECT_FALSE(cache.find("/b").document);
    EXPECT_EQ(cache.documents(), 1U);
    EXPECT_EQ(cache.bytes(), 10U);
}

TEST(FeedCache, IsFilledToItsLimitAndNotOneByteFurther) {
    FeedCache cache(100);
    for (std::size_t i = 0; i < 10; ++i) cache.insert(sized(path_of(i), 10));
    EXPECT_EQ(cache.bytes(), 100U);
    cache.insert(sized("/one-more", 1));
    EXPECT_LE(cache.bytes(), 100U);
    EXPECT_EQ(cache.documents(), 10U);
    for (std::size_t i = 0; i < 1000; ++i) {
        cache.insert(sized(path_of(i % 37), 1 + i % 50));
        ASSERT_LE(cache.bytes(), 100U);
    }
}

TEST(FeedCache, ReplacesADocumentAndCountsOnlyTheNewBytes) {
    FeedCache cache(100);
    cache.insert(sized("/a", 60));
    const auto newer = sized("/a", 70);
    cache.insert(newer);
    EXPECT_EQ(cache.find("/a").document, newer);
    EXPECT_EQ(cache.bytes(), 70U);
    EXPECT_EQ(cache.documents(), 1U);
}

TEST(FeedCache, KeepsNoDocumentLargerThanAllItsRoom) {
    FeedCache cache(100);
    cache.insert(sized("/a", 10));
    cache.insert(sized("/huge", 101));
    EXPECT_FALSE(cache.find("/huge").document);
    EXPECT_TRUE(cache.find("/a").document);
}

TEST(FeedCache, ExchangesOnlyWhatIsStillThere) {
    FeedCache cache(100);
    const auto first = sized("/a", 10), better = sized("/a", 30), second = sized("/a", 20);
    cache.exchange(*first, better);
    EXPECT_EQ(cache.documents(), 0U);
    cache.insert(first);
    cache.exchange(*first, better);
    EXPECT_EQ(cache.peek("/a"), better);
    EXPECT_EQ(cache.bytes(), 30U);
    cache.insert(second);
    cache.exchange(*better, first);
    EXPECT_EQ(cache.peek("/a"), second);
}

TEST(FeedCache, LeavesAStaleDocumentStaleWhenItIsExchanged) {
    FeedCache cache(100);
    const auto first = sized("/a", 10), better = sized("/a", 30);
    cache.insert(first);
    cache.mark_stale("/a");
    cache.exchange(*first, better);
    EXPECT_EQ(cache.find("/a").document, better);
    EXPECT_TRUE(cache.find("/a").stale);
}

TEST(FeedCache, KeepsTheSmallerDocumentWhereThereIsNoRoomForTheBetter) {
    FeedCache cache(100);
    const auto first = sized("/a", 10);
    cache.insert(first);
    cache.exchange(*first, sized("/a", 101));
    EXPECT_EQ(cache.peek("/a"), first);
}

TEST(FeedCache, KeepsWhatIsAskedForAgainThroughAScan) {
    FeedCache cache(1000);
    for (std::size_t i = 0; i < 50; ++i) {
        cache.insert(sized(path_of(i), 10));
        cache.find(path_of(i));
        cache.find(path_of(i));
    }
    for (std::size_t i = 1000; i < 21'000; ++i) cache.insert(sized(path_of(i), 10));
    std::size_t kept = 0;
    for (std::size_t i = 0; i < 50; ++i) kept += cache.find(path_of(i)).document ? 1 : 0;
    EXPECT_GE(kept, 45U);
}

TEST(FeedCache, BelievesASecondComingAtOnce) {
    FeedCache cache(100);
    for (std::size_t i = 0; i < 12; ++i) cache.insert(sized(path_of(i), 10));
    ASSERT_FALSE(cache.find("/0").document);
    cache.insert(sized("/0", 10));
    // Now in the main queue: the next scan passes it by.
    for (std::size_t i = 100; i < 120; ++i) cache.insert(sized(path_of(i), 10));
    EXPECT_TRUE(cache.find("/0").document);
}

TEST(FeedCache, NamesWhatShowsACategoryAndMarksItStale) {
    FeedCache cache(100);
    cache.insert(sized("/a", 10, 5));
    cache.insert(sized("/b", 10, 5));
    cache.insert(sized("/c", 10, 6));
    auto paths = cache.mark_stale(5);
    std::sort(paths.begin(), paths.end());
    EXPECT_EQ(paths, (std::vector<std::string>{"/a", "/b"}));
    EXPECT_TRUE(cache.find("/a").stale);
    EXPECT_FALSE(cache.find("/c").stale);
    cache.insert(sized("/a", 10, 7));
    EXPECT_FALSE(cache.find("/a").stale);
    EXPECT_EQ(cache.mark_stale(5).size(), 1U);
    EXPECT_EQ(cache.mark_stale(7).size(), 1U);
}

TEST(FeedCache, ForgetsWhatIsErased) {
    FeedCache cache(100);
    cache.insert(sized("/a", 10, 5));
    cache.erase("/a");
    cache.erase("/never-there");
    EXPECT_FALSE(cache.find("/a").document);
    EXPECT_EQ(cache.bytes(), 0U);
    EXPECT_TRUE(cache.mark_stale(5).empty());
}

std::shared_ptr<const Document> search_sized(std::size_t number, std::size_t bytes) {
    Document document = *sized("/search.atom?q=" + std::to_string(number), bytes);
    document.address = FeedAddress{{std::to_string(number), SelectionKind::search}};
    return std::make_shared<const Document>(std::move(document));
}

TEST(FeedCache, LosesNothingToSearchesHoweverManyThereAre) {
    FeedCache cache(1000);
    for (std::size_t i = 0; i < 9; ++i) cache.insert(sized(path_of(i), 100));
    for (std::size_t i = 0; i < 500; ++i) {
        cache.insert(search_sized(i, 20));
        for (int uses = 0; uses < 3; ++uses) cache.find("/search.atom?q=" + std::to_string(i));
        ASSERT_LE(cache.bytes(), 1000U);
    }
    for (std::size_t i = 0; i < 9; ++i) EXPECT_TRUE(cache.find(path_of(i)).document) << i;
    EXPECT_EQ(cache.documents(), 14U);
}

TEST(FeedCache, KeepsASearchThatIsAskedForAgain) {
    FeedCache cache(1000);
    cache.insert(search_sized(0, 20));
    for (std::size_t i = 1; i < 40; ++i) {
        cache.insert(search_sized(i, 20));
        EXPECT_TRUE(cache.find("/search.atom?q=0").document) << i;
    }
    EXPECT_FALSE(cache.find("/search.atom?q=1").document);
}

}  // namespace
}  // namespace gazetted
