#include "feeds/read_feed.hpp"
#include "tests/hot_path/count_allocations.hpp"

#include <gtest/gtest.h>

#include <string>
#include <thread>

namespace gazetted {
namespace {

std::string feed_of(std::string_view element, std::size_t count) {
    std::string document = "<rss version=\"2.0\" xml:base=\"https://base.example/";
    for (int i = 0; i < 110; ++i) document += "dir/";
    document += "\"><channel><item><guid>a</guid>";
    for (std::size_t i = 0; i < count; ++i) document += element;
    return document + "</item></channel></rss>";
}

/// What reading it allocates: resolving an address takes several, seeing that there is no room for it none.
std::size_t allocations_for(const std::string& document) {
    std::size_t taken = 0;
    std::thread([&] {
        const std::size_t before = counted_allocations();
        const auto feed = read_feed(document, "", "https://feeds.example/");
        taken = counted_allocations() - before;
        ASSERT_TRUE(feed && feed->fault.empty());
    }).join();
    return taken;
}

class Reading : public testing::TestWithParam<const char*> {};

TEST_P(Reading, ResolvesNoAddressThatItHasNoRoomFor) {
    constexpr std::size_t many = 20'000;
    const std::size_t filled = allocations_for(feed_of(GetParam(), FeedLimits::list_max));
    const std::size_t overfilled = allocations_for(feed_of(GetParam(), many));
    if (filled == 0) GTEST_SKIP() << "the sanitiser has a malloc of its own";
    EXPECT_LT(overfilled, filled + many / 20);
}

INSTANTIATE_TEST_SUITE_P(Of, Reading,
                         testing::Values("<link href=\"a\"/>", "<link>a</link>", "<x xml:base=\"a\"/>",
                                         "<comments>a</comments>",
                                         "<media:thumbnail xmlns:media=\"http://search.yahoo.com/mrss/\" url=\"a\"/>"));

}  // namespace
}  // namespace gazetted
