#include "daemon/source_readers.hpp"

#include "daemon/reader_agent.hpp"

#include <gtest/gtest.h>

namespace gazetted {
namespace {

ReaderReport::Feed feed(const std::string& address, std::uint64_t subscribers, std::uint64_t pollers) {
    ReaderReport::Feed it;
    it.address = address;
    it.subscribers = subscribers;
    it.pollers = pollers;
    return it;
}

TEST(SourceReaders, AreThoseOfTheFeedThatHasTheMost) {
    ReaderReport report;
    report.feeds = {feed("/category/news", 10, 2), feed("/category/sport", 3, 4), feed("/source/blog", 1, 1),
                    feed("/category/other", 99, 0)};
    const SourceReaders readers(report);
    Subscription blog;
    blog.slug = "blog";
    EXPECT_EQ(readers.of(blog), 2U);
    blog.categories = {"sport", "news"};
    EXPECT_EQ(readers.of(blog), 12U) << "who reads two feeds is one reader";
    Subscription unread;
    unread.slug = "unread";
    EXPECT_EQ(readers.of(unread), 0U);
}

TEST(SourceReaders, AreToldAsFeedDaemonsReadThem) {
    const std::string ours = "Gazetted/1.0 (+https://feeds.example/)";
    EXPECT_EQ(telling_readers(ours, 0), ours);
    EXPECT_EQ(telling_readers(ours, 1), "Gazetted/1.0 (+https://feeds.example/; 1 subscriber)");
    const auto understood = reader_agent(telling_readers(ours, 12));
    EXPECT_EQ(understood.subscribers, 12U);
    EXPECT_EQ(reader_agent(ours).subscribers, std::nullopt);
}

}  // namespace
}  // namespace gazetted
