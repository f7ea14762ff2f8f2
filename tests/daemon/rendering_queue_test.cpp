#include "daemon/rendering_queue.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace gazetted {
namespace {

using namespace std::chrono_literals;
using Time = RenderingQueue::Time;

const FeedAddress news{Selection{.name = "news"}, FeedFormat::atom};
const FeedAddress sport{Selection{.name = "sport"}, FeedFormat::atom};
const IndexPageAddress front;
constexpr std::int64_t news_id = 5;

struct RenderingQueueTest : ::testing::Test {
    Time now{1h};
    RenderingQueue queue{{.renewal = 25ms, .site_renewal = 1s}};

    bool want_anew(const Address& address) { return queue.want_anew(canonical_path(address), address, now); }
    void want_at_once(const Address& address) { queue.want_at_once(canonical_path(address), address, now); }
    void change(std::int64_t category_id) { queue.note_change(std::vector{category_id}); }
    RenderingQueue::Rendering begin() { return queue.take(now).value(); }
    std::string next() {
        const auto rendering = queue.take(now);
        return rendering ? rendering->path : "nothing";
    }
    // As long as a rendering that nothing disturbs.
    void render(const Address& address) {
        want_at_once(address);
        const auto rendering = begin();
        EXPECT_TRUE(queue.end(rendering, news_id));
        queue.rest(rendering);
    }
};

TEST_F(RenderingQueueTest, GivesNothingWhereNothingIsWanted) {
    EXPECT_EQ(next(), "nothing");
    EXPECT_FALSE(queue.next_time());
}

TEST_F(RenderingQueueTest, GivesAnAddressOnceHoweverOftenItIsWanted) {
    for (int i = 0; i < 3; ++i) want_anew(news);
    want_at_once(news);
    EXPECT_EQ(next(), "/category/news.atom");
    EXPECT_EQ(next(), "nothing");
}

TEST_F(RenderingQueueTest, SaysWhetherAnybodyNeedsToLookAgain) {
    EXPECT_TRUE(want_anew(news));
    EXPECT_FALSE(want_anew(news)) << "wanted already";
    const auto rendering = begin();
    EXPECT_FALSE(want_anew(news)) << "being rendered";
    EXPECT_TRUE(queue.end(rendering, news_id));
    queue.rest(rendering);
    EXPECT_TRUE(want_anew(news)) << "a time to be forgotten at is none to be rendered at";
}

TEST_F(RenderingQueueTest, GivesNoAddressThatIsBeingRendered) {
    want_anew(news);
    const auto rendering = begin();
    now += 1h;
    want_anew(news);
    want_at_once(news);
    EXPECT_EQ(next(), "nothing");
}

TEST_F(RenderingQueueTest, ServesCallersBeforeRenewalsButNotForEver) {
    want_anew(news);
    now += 9s;
    want_at_once(sport);
    EXPECT_EQ(next(), "/category/sport.atom");
    now += 2s;
    want_at_once(sport);
    EXPECT_EQ(next(), "/category/news.atom");
}

TEST_F(RenderingQueueTest, RenewsNoSoonerThanTheInterval) {
    render(news);
    want_anew(news);
    now += 25ms - 1ns;
    EXPECT_EQ(next(), "nothing");
    now += 1ns;
    EXPECT_EQ(next(), "/category/news.atom");
}

TEST_F(RenderingQueueTest, RenewsSiteWideDocumentsAtAnIntervalOfTheirOwn) {
    render(front);
    want_anew(front);
    now += 1s - 1ns;
    EXPECT_EQ(next(), "nothing");
    now += 1ns;
    EXPECT_EQ(next(), "/");
}

TEST_F(RenderingQueueTest, BoundsTheRateOfAHundredChangesASecond) {
    render(news);
    int renderings = 0;
    for (const auto end = now + 1s; now < end; now += 1ms) {
        if (now.time_since_epoch() % 10ms == 0ms) {
            queue.note_change(canonical_path(news), news);
            want_anew(news);
        }
        if (const auto rendering = queue.take(now)) {
            ++renderings;
            EXPECT_TRUE(queue.end(*rendering, news_id));
            queue.rest(*rendering);
        }
    }
    // Every 25 ms there is a change to show at the next multiple of 10 ms.
    EXPECT_GE(renderings, 33);
    EXPECT_LE(renderings, 40);
}

TEST_F(RenderingQueueTest, RendersForACallerWithinTheInterval) {
    render(news);
    want_at_once(news);
    EXPECT_EQ(next(), "/category/news.atom");
}

TEST_F(RenderingQueueTest, TellsWhenThereWillBeSomething) {
    render(news);
    want_anew(news);
    EXPECT_EQ(queue.next_time(), now + 25ms);
}

TEST_F(RenderingQueueTest, KnowsAChangeToTheAddressThatARenderingMissed) {
    want_anew(news);
    const auto rendering = begin();
    queue.note_change(canonical_path(news), news);
    EXPECT_FALSE(queue.end(rendering, news_id));
}

TEST_F(RenderingQueueTest, KnowsAChangeToTheCategoryThatAFirstRenderingMissed) {
    change(news_id);
    want_at_once(news);
    const auto missed = begin();
    want_at_once(sport);
    const auto other = begin();
    change(news_id);
    EXPECT_FALSE(queue.end(missed, news_id));
    EXPECT_TRUE(queue.end(other, 6));
}

TEST_F(RenderingQueueTest, TrustsNoRunningRenderingAfterAnUnknownChange) {
    want_at_once(news);
    const auto rendering = begin();
    queue.note_unknown_change();
    EXPECT_FALSE(queue.end(rendering, news_id));
}

TEST_F(RenderingQueueTest, ShowsInTheNextRenderingWhatTheLastOneMissed) {
    want_anew(news);
    const auto missed = begin();
    queue.note_change(canonical_path(news), news);
    change(news_id);
    EXPECT_FALSE(queue.end(missed, news_id));
    want_anew(news);
    now += 25ms;
    EXPECT_TRUE(queue.end(begin(), news_id));
}

TEST_F(RenderingQueueTest, WantsADocumentAgainWhenAHeldArticlesTimeComes) {
    want_anew(news);
    const auto rendering = begin();
    ASSERT_TRUE(queue.end(rendering, news_id));
    queue.want_when_due(rendering, now, 1h);
    queue.rest(rendering);
    now += 1h - 1ns;
    EXPECT_EQ(next(), "nothing");
    now += 1ns;
    EXPECT_EQ(next(), "/category/news.atom");
}

TEST_F(RenderingQueueTest, WaitsASecondWhereTheDatabasesClockIsBehind) {
    want_anew(news);
    const auto rendering = begin();
    ASSERT_TRUE(queue.end(rendering, news_id));
    queue.want_when_due(rendering, now, -3s);
    want_anew(news);
    now += 1s - 1ns;
    EXPECT_EQ(next(), "nothing");
    now += 1ns;
    EXPECT_EQ(next(), "/category/news.atom");
}

TEST_F(RenderingQueueTest, WantsAtOnceWhatWasPutBack) {
    want_anew(news);
    queue.put_back(begin(), now);
    EXPECT_EQ(next(), "/category/news.atom");
}

TEST_F(RenderingQueueTest, RendersNothingThatIsOnlyRemembered) {
    render(news);
    now += 1h;
    EXPECT_EQ(next(), "nothing");
    EXPECT_FALSE(queue.next_time());
}

const FeedAddress search{{.name = "a", .kind = SelectionKind::search}};
const CategoryPageAddress other_search{{.name = "b", .kind = SelectionKind::search}};

TEST_F(RenderingQueueTest, RendersSoManySearchesAtOnceAndFeedsFirst) {
    queue = RenderingQueue{{.renewal = 25ms, .search_renewal = 10s, .searches_at_once_max = 1}};
    want_at_once(search);
    want_at_once(other_search);
    want_anew(news);
    EXPECT_EQ(next(), "/category/news.atom");
    const auto rendering = begin();
    EXPECT_EQ(rendering.path, "/search.atom?q=a");
    EXPECT_EQ(next(), "nothing");
    EXPECT_FALSE(queue.next_time());
    EXPECT_TRUE(queue.end(rendering, 0));
    EXPECT_EQ(next(), "/search.html?q=b");
    queue.forget("/search.html?q=b");
    want_at_once(search);
    EXPECT_EQ(next(), "/search.atom?q=a");
}

TEST_F(RenderingQueueTest, RemembersASearchForItsInterval) {
    queue = RenderingQueue{{.renewal = 25ms, .search_renewal = 10s}};
    EXPECT_FALSE(queue.rests(canonical_path(search), now));
    render(search);
    now += 10s - 1ns;
    EXPECT_TRUE(queue.rests(canonical_path(search), now));
    EXPECT_EQ(queue.searches(), 1U);
    now += 1ns;
    EXPECT_FALSE(queue.rests(canonical_path(search), now));
    EXPECT_EQ(next(), "nothing");
    EXPECT_EQ(queue.searches(), 0U);
}

}  // namespace
}  // namespace gazetted
