#include "daemon/publisher.hpp"

#include "tests/support/fake_site.hpp"

#include <gtest/gtest.h>

#include <future>
#include <mutex>
#include <vector>

namespace gazetted {
namespace {

using namespace std::chrono_literals;

const FeedAddress news{Selection{.name = "news"}, FeedFormat::atom};
const FeedAddress sport{Selection{.name = "sport"}, FeedFormat::atom};

Instant now_utc() { return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now()); }

std::future<Publisher::Answer> ask_for(Publisher& publisher, const Address& address) {
    auto promise = std::make_shared<std::promise<Publisher::Answer>>();
    auto future = promise->get_future();
    publisher.get(address, [promise](const Publisher::Answer& answer) { promise->set_value(answer); });
    return future;
}

std::string body_of(const std::shared_ptr<const Document>& document) {
    return document ? document->representations.identity().body : "no document";
}

std::string body_of(const Publisher::Answer& answer) {
    const auto* document = std::get_if<std::shared_ptr<const Document>>(&answer);
    return document ? body_of(*document) : "no document";
}

// Until the document at `address` holds `text`; false after five seconds.
bool comes_to_show(Publisher& publisher, const Address& address, const std::string& text) {
    for (const auto end = now_utc() + 5s; now_utc() < end; std::this_thread::yield())
        if (body_of(publisher.find(address, now_utc())).find(text) != std::string::npos) return true;
    return false;
}

struct PublisherTest : ::testing::Test {
    PublisherTest() {
        site.category_ids = {{"news", 5}, {"sport", 6}};
        limits.back_off_min = 1ms;
        limits.back_off_max = 4ms;
        limits.patience = 20ms;
        limits.slow_coding_wait = 0ms;
    }
    Publisher& start() {
        publisher = std::make_unique<Publisher>(limits, site.make_render());
        return *publisher;
    }
    void TearDown() override { site.release(); }
    FakeSite site;
    Publisher::Limits limits;
    std::unique_ptr<Publisher> publisher;
};

TEST_F(PublisherTest, RendersWhatIsAskedForAndKeepsIt) {
    auto& made = start();
    EXPECT_FALSE(made.find(news, now_utc()));
    const auto answer = ask_for(made, news).get();
    EXPECT_EQ(body_of(answer), body_of(made.find(news, now_utc())));
    EXPECT_EQ(body_of(made.find("/category/news.atom", now_utc())), body_of(answer));
    EXPECT_EQ(made.figures().rendered, 1U);
    EXPECT_EQ(made.figures().documents, 1U);
}

// Until the document at `address` has br; null after five seconds.
std::shared_ptr<const Document> improved(Publisher& publisher, const Address& address) {
    for (const auto end = now_utc() + 5s; now_utc() < end; std::this_thread::yield())
        if (auto document = publisher.find(address, now_utc());
            document && document->representations.contains(ContentCoding::br))
            return document;
    return nullptr;
}

TEST_F(PublisherTest, AddsSlowCodingsAfterADocumentIsServed) {
    auto& made = start();
    const auto answer = ask_for(made, news).get();
    const auto first = std::get<std::shared_ptr<const Document>>(answer);
    EXPECT_FALSE(first->representations.contains(ContentCoding::br));
    const auto document = improved(made, news);
    ASSERT_TRUE(document);
    EXPECT_TRUE(document->representations.contains(ContentCoding::zstd));
    EXPECT_EQ(document->other_gzip.value().etag, first->representations.at(ContentCoding::gzip).etag);
    EXPECT_EQ(made.figures().rendered, 1U);
    EXPECT_EQ(made.figures().bytes, document->bytes);
}

TEST_F(PublisherTest, LeavesADocumentThatGoesOnChangingWithoutSlowCodings) {
    limits.slow_coding_wait = 500ms;
    auto& made = start();
    ask_for(made, news).get();
    for (const auto end = now_utc() + 1s; now_utc() < end;) {
        const auto text = std::to_string(site.begun()) + " times ";
        site.write(text);
        const auto changed = now_utc();
        made.changed(std::vector<std::int64_t>{5});
        ASSERT_TRUE(comes_to_show(made, news, text));
        std::this_thread::sleep_for(20ms);
        const auto document = made.find(news, now_utc());
        const bool is_young = now_utc() - changed < limits.slow_coding_wait;
        EXPECT_FALSE(is_young && document->representations.contains(ContentCoding::br));
    }
    EXPECT_TRUE(improved(made, news));
}

TEST_F(PublisherTest, AddsSlowCodingsNowAndThenToADocumentThatNeverStays) {
    limits.slow_coding_wait = 40ms;
    auto& made = start();
    ask_for(made, news).get();
    bool has_them = false;
    for (const auto end = now_utc() + 20s; !has_them && now_utc() < end;) {
        const auto text = std::to_string(site.begun()) + " times ";
        site.write(text);
        made.changed(std::vector<std::int64_t>{5});
        ASSERT_TRUE(comes_to_show(made, news, text));
        const auto next_change = now_utc() + 20ms;
        while (!has_them && now_utc() < next_change)
            has_them = made.find(news, now_utc())->representations.contains(ContentCoding::br);
    }
    EXPECT_TRUE(has_them);
}

TEST_F(PublisherTest, AddsSlowCodingsAgainAfterAChange) {
    auto& made = start();
    ask_for(made, news).get();
    ASSERT_TRUE(improved(made, news));
    site.write("news of today ");
    const std::int64_t ids[] = {5};
    made.changed(ids);
    ASSERT_TRUE(comes_to_show(made, news, "news of today"));
    const auto document = improved(made, news);
    ASSERT_TRUE(document);
    EXPECT_NE(body_of(document).find("news of today"), std::string::npos);
}

TEST_F(PublisherTest, RendersOnceForAThousandCallers) {
    auto& made = start();
    site.hold();
    std::vector<std::future<Publisher::Answer>> answers;
    for (int i = 0; i < 1000; ++i) answers.push_back(ask_for(made, news));
    ASSERT_TRUE(site.wait_until_begun(1));
    EXPECT_EQ(made.figures().waiting, 1000U);
    site.release();
    for (auto& answer : answers) EXPECT_NE(body_of(answer.get()), "no document");
    EXPECT_EQ(site.begun(), 1U);
}

TEST_F(PublisherTest, TurnsAwayMoreCallersThanItsLimit) {
    limits.waiting_max = 2;
    auto& made = start();
    site.hold();
    auto first = ask_for(made, news), second = ask_for(made, sport);
    EXPECT_TRUE(std::holds_alternative<Publisher::Unavailable>(ask_for(made, IndexPageAddress{}).get()));
    site.release();
    EXPECT_NE(body_of(first.get()), "no document");
    EXPECT_NE(body_of(second.get()), "no document");
}

TEST_F(PublisherTest, SaysWhatIsMissingAndWhatWasWithdrawn) {
    site.missing.insert("news");
    site.withdrawn.insert("/article/7");
    auto& made = start();
    EXPECT_TRUE(std::holds_alternative<NoSuchDocument>(ask_for(made, news).get()));
    EXPECT_TRUE(std::holds_alternative<WithdrawnArticle>(ask_for(made, ArticlePageAddress{7}).get()));
    EXPECT_EQ(made.figures().documents, 0U);
}

TEST_F(PublisherTest, KnowsWhereAFeedWentUntilSomethingChanges) {
    site.moved["news"] = "latest";
    site.removed.insert("sport");
    auto& made = start();
    for (int times = 0; times < 2; ++times) {
        const auto answer = ask_for(made, news).get();
        const auto* moved = std::get_if<MovedDocument>(&answer);
        ASSERT_TRUE(moved);
        EXPECT_EQ(canonical_path(moved->address), "/category/latest.atom");
        EXPECT_TRUE(std::holds_alternative<RemovedSelection>(ask_for(made, sport).get()));
    }
    EXPECT_EQ(site.begun(), 2U);
    site.moved.clear();
    made.changed(std::vector<std::int64_t>{0});
    EXPECT_NE(body_of(ask_for(made, news).get()), "no document");
    EXPECT_EQ(site.begun(), 3U);
}

TEST_F(PublisherTest, GoesOnRedirectingWhileTheDatabaseIsAway) {
    site.moved["news"] = "latest";
    auto& made = start();
    ask_for(made, news).get();
    site.set_away(true);
    made.changed(std::vector<std::int64_t>{0});
    for (int times = 0; times < 3; ++times)
        EXPECT_TRUE(std::holds_alternative<MovedDocument>(ask_for(made, news).get())) << times;
}

TEST_F(PublisherTest, ServesTheOlderDocumentWhileANewOneIsMade) {
    auto& made = start();
    ask_for(made, news).get();
    site.hold();
    site.write("news of today ");
    const std::int64_t ids[] = {5};
    made.changed(ids);
    ASSERT_TRUE(site.wait_until_begun(2));
    EXPECT_EQ(body_of(made.find(news, now_utc())).find("news of today"), std::string::npos);
    EXPECT_NE(body_of(ask_for(made, news).get()), "no document");
    site.release();
    EXPECT_TRUE(comes_to_show(made, news, "news of today"));
}

TEST_F(PublisherTest, RendersExactlyWhatChanged) {
    auto& made = start();
    ask_for(made, news).get();
    const auto old_sport = body_of(ask_for(made, sport).get());
    site.write("news of today ");
    const std::int64_t ids[] = {5};
    made.changed(ids);
    EXPECT_TRUE(comes_to_show(made, news, "news of today"));
    EXPECT_EQ(body_of(made.find(sport, now_utc())), old_sport);
    EXPECT_EQ(site.begun(), 3U);
}

TEST_F(PublisherTest, RendersNothingThatNobodyAskedFor) {
    auto& made = start();
    const std::int64_t ids[] = {5, 6, 0};
    made.changed(ids);
    ask_for(made, news).get();
    EXPECT_EQ(site.begun(), 1U);
}

TEST_F(PublisherTest, ShowsAChangeThatCameDuringTheFirstRendering) {
    auto& made = start();
    site.hold();
    auto answer = ask_for(made, news);
    ASSERT_TRUE(site.wait_until_begun(1));
    site.write("news of today ");
    const std::int64_t ids[] = {5};
    made.changed(ids);
    site.release();
    EXPECT_EQ(body_of(answer.get()).find("news of today"), std::string::npos);
    EXPECT_TRUE(comes_to_show(made, news, "news of today"));
}

TEST_F(PublisherTest, RendersAtABoundedRateAndShowsTheLastChange) {
    limits.renewal_interval = 50ms;
    auto& made = start();
    ask_for(made, news).get();
    const std::int64_t ids[] = {5};
    const auto begin = now_utc();
    for (int i = 0; i < 300; ++i) {
        site.write("change " + std::to_string(i) + " ");
        made.changed(ids);
    }
    EXPECT_TRUE(comes_to_show(made, news, "change 299 "));
    EXPECT_LE(site.begun(), 3U + static_cast<std::size_t>((now_utc() - begin) / 50ms));
}

TEST_F(PublisherTest, RenewsFeedsBeforePages) {
    limits.workers = 1;
    limits.renewal_interval = 0ms;
    std::mutex mutex;
    std::vector<std::string> rendered;
    Publisher made(limits, [&] {
        return [&, render = site.make_render()()](const Address& address, std::shared_ptr<const Document> previous) {
            const std::lock_guard lock(mutex);
            rendered.push_back(canonical_path(address));
            return render(address, std::move(previous));
        };
    });
    const Address page = CategoryPageAddress{Selection{.name = "news"}};
    const Address rss = FeedAddress{Selection{.name = "news"}, FeedFormat::rss};
    for (const Address& address : {page, rss, Address(news)}) ask_for(made, address).get();
    const std::int64_t ids[] = {5};
    made.changed(ids);
    ASSERT_TRUE(site.wait_until_ended(6));
    const std::lock_guard lock(mutex);
    EXPECT_EQ(rendered.at(5), canonical_path(page));
}

TEST_F(PublisherTest, NeverAnswersWithARenderingBegunBeforeAChangeWhoeverAsksAfterIt) {
    auto& made = start();
    site.hold();
    auto before = ask_for(made, ArticlePageAddress{7});
    ASSERT_TRUE(site.wait_until_begun(1));
    site.write("corrected ");
    const std::int64_t ids[] = {0};
    made.changed(ids);
    auto after = ask_for(made, ArticlePageAddress{7});
    site.release();
    EXPECT_EQ(body_of(before.get()).find("corrected"), std::string::npos);
    EXPECT_NE(body_of(after.get()).find("corrected"), std::string::npos);
}

TEST_F(PublisherTest, RenewsAnArticlePageOnlyWhenItIsAskedFor) {
    auto& made = start();
    ask_for(made, ArticlePageAddress{7}).get();
    site.write("corrected ");
    const std::int64_t ids[] = {0};
    made.changed(ids);
    ask_for(made, news).get();
    EXPECT_EQ(site.begun(), 2U);
    EXPECT_FALSE(made.find(ArticlePageAddress{7}, now_utc())) << "an article page may have been withdrawn";
    EXPECT_NE(body_of(ask_for(made, ArticlePageAddress{7}).get()).find("corrected"), std::string::npos);
}

TEST_F(PublisherTest, NeverShowsAWithdrawnArticleOnceMore) {
    auto& made = start();
    ask_for(made, ArticlePageAddress{7}).get();
    site.withdrawn.insert("/article/7");
    const std::int64_t ids[] = {0};
    made.changed(ids);
    EXPECT_FALSE(made.find(ArticlePageAddress{7}, now_utc()));
    EXPECT_TRUE(std::holds_alternative<WithdrawnArticle>(ask_for(made, ArticlePageAddress{7}).get()));
}

TEST_F(PublisherTest, ShowsTheArticlePageOfBeforeWhereTheDatabaseWentAway) {
    auto& made = start();
    const auto before = body_of(ask_for(made, ArticlePageAddress{7}).get());
    const std::int64_t ids[] = {0};
    made.changed(ids);
    site.set_away(true);
    EXPECT_EQ(body_of(ask_for(made, ArticlePageAddress{7}).get()), before);
    EXPECT_EQ(body_of(made.find(ArticlePageAddress{7}, now_utc())), before);
}

TEST_F(PublisherTest, ShowsAHeldArticleWhenItsTimeHasCome) {
    site.due = now_utc() + 1h;
    auto& made = start();
    ask_for(made, news).get();
    site.write("published now ");
    EXPECT_TRUE(made.find(news, now_utc()));
    EXPECT_EQ(site.begun(), 1U);
    EXPECT_EQ(body_of(made.find(news, now_utc() + 2h)).find("published now"), std::string::npos);
    ASSERT_TRUE(site.wait_until_ended(2));
    EXPECT_TRUE(comes_to_show(made, news, "published now"));
}

TEST_F(PublisherTest, HealsWhatALostNotificationLeftBehind) {
    auto& made = start();
    ask_for(made, news).get();
    ask_for(made, sport).get();
    site.write("after the outage ");
    made.compare({{0, 1}, {5, 2}, {6, 1}});
    EXPECT_TRUE(comes_to_show(made, news, "after the outage"));
    EXPECT_EQ(site.begun(), 3U);
}

TEST_F(PublisherTest, KeepsDocumentsAndTellsCallersWhileTheDatabaseIsAway) {
    auto& made = start();
    const auto old_news = body_of(ask_for(made, news).get());
    site.set_away(true);
    const std::int64_t ids[] = {5};
    made.changed(ids);
    EXPECT_TRUE(std::holds_alternative<Publisher::Unavailable>(ask_for(made, sport).get()));
    EXPECT_FALSE(made.figures().database_available);
    EXPECT_EQ(body_of(made.find(news, now_utc())), old_news);
    EXPECT_GE(made.figures().failed, 1U);
}

TEST_F(PublisherTest, CatchesUpByItselfWhenTheDatabaseReturns) {
    auto& made = start();
    ask_for(made, news).get();
    site.set_away(true);
    const std::int64_t ids[] = {5};
    made.changed(ids);
    ask_for(made, sport).get();
    site.write("after the outage ");
    site.set_away(false);
    EXPECT_TRUE(comes_to_show(made, news, "after the outage"));
    EXPECT_TRUE(made.figures().database_available);
    EXPECT_NE(body_of(ask_for(made, sport).get()), "no document");
}

TEST_F(PublisherTest, HidesAShortOutageFromThoseWhoWait) {
    limits.patience = 5s;
    site.set_away(true);
    auto& made = start();
    auto answer = ask_for(made, news);
    site.set_away(false);
    EXPECT_NE(body_of(answer.get()), "no document");
}

TEST_F(PublisherTest, KeepsTheLastGoodDocumentWhereARenderingFails) {
    auto& made = start();
    const auto old_news = body_of(ask_for(made, news).get());
    site.hold();
    site.faulty = {"news", "sport"};
    site.release();
    const std::int64_t ids[] = {5};
    made.changed(ids);
    EXPECT_TRUE(std::holds_alternative<Publisher::Unavailable>(ask_for(made, sport).get()));
    ASSERT_TRUE(site.wait_until_ended(3));
    EXPECT_EQ(body_of(made.find(news, now_utc())), old_news);
    EXPECT_TRUE(made.figures().database_available);
}

TEST_F(PublisherTest, StaysWithinItsBytes) {
    limits.cache_bytes_max = 60'000;
    auto& made = start();
    for (int i = 0; i < 100; ++i) ask_for(made, FeedAddress{Selection{.name = "c" + std::to_string(i)}, FeedFormat::rss}).get();
    EXPECT_LE(made.figures().bytes, 60'000U);
    EXPECT_GE(made.figures().documents, 5U);
}

TEST_F(PublisherTest, AnswersThoseWhoWaitWhenItEnds) {
    limits.workers = 1;
    auto& made = start();
    site.hold();
    auto first = ask_for(made, news);
    ASSERT_TRUE(site.wait_until_begun(1));
    auto second = ask_for(made, sport);
    std::thread ending([this] { publisher.reset(); });
    site.release();
    ending.join();
    EXPECT_NE(body_of(first.get()), "no document");
    second.get();  // has an answer, whichever
}

const FeedAddress search{Selection{.name = "a", .kind = SelectionKind::search}, FeedFormat::atom};

TEST_F(PublisherTest, ServesASearchThatWasMadeAMomentAgo) {
    limits.search_renewal_interval = 1h;
    auto& made = start();
    const auto first = body_of(ask_for(made, search).get());
    site.write("corrected");
    made.changed(std::vector<std::int64_t>{0});
    EXPECT_EQ(body_of(made.find(search, now_utc())), first);
    EXPECT_EQ(body_of(ask_for(made, search).get()), first);
    EXPECT_EQ(site.begun(), 1U);
}

TEST_F(PublisherTest, GoesOnWithOthersWhereOneDocumentCannotBeRead) {
    limits.workers = 1;
    site.refused.insert("sport");
    auto& made = start();
    ask_for(made, news).get();
    for (int times = 1; times <= 3; ++times) {
        EXPECT_EQ(body_of(ask_for(made, sport).get()), "no document");
        EXPECT_TRUE(made.figures().database_available);
        EXPECT_EQ(made.figures().failed, static_cast<std::uint64_t>(times));
    }
    site.write("of today");
    made.changed(std::vector<std::int64_t>{5});
    EXPECT_TRUE(comes_to_show(made, news, "of today"));
    EXPECT_EQ(made.figures().database_outages, 0U);
}

TEST_F(PublisherTest, MakesASearchAnewOnlyForWhoeverAsks) {
    limits.search_renewal_interval = 0ms;
    auto& made = start();
    ask_for(made, search).get();
    site.write("corrected");
    made.changed(std::vector<std::int64_t>{0});
    ask_for(made, news).get();
    EXPECT_EQ(site.begun(), 2U) << "nobody asked for the search";
    EXPECT_FALSE(made.find(search, now_utc()));
    EXPECT_NE(body_of(ask_for(made, search).get()).find("corrected"), std::string::npos);
    EXPECT_EQ(site.begun(), 3U);
}

TEST_F(PublisherTest, RefusesSearchesBeyondItsLimitAndNothingElse) {
    limits.searches_max = 3;
    auto& made = start();
    const auto search_for = [](int number) { return FeedAddress{Selection{std::to_string(number), SelectionKind::search}}; };
    for (int i = 0; i < 3; ++i) EXPECT_NE(body_of(ask_for(made, search_for(i)).get()), "no document");
    EXPECT_TRUE(std::holds_alternative<Publisher::Unavailable>(ask_for(made, search_for(3)).get()));
    EXPECT_NE(body_of(ask_for(made, search_for(2)).get()), "no document");
    EXPECT_NE(body_of(ask_for(made, news).get()), "no document");
}

TEST_F(PublisherTest, MakesNoSlowCodingsOfSearches) {
    auto& made = start();
    ask_for(made, search).get();
    ask_for(made, news).get();
    ASSERT_TRUE(improved(made, news));
    EXPECT_FALSE(made.find(search, now_utc())->representations.contains(ContentCoding::br));
}

}  // namespace
}  // namespace gazetted
