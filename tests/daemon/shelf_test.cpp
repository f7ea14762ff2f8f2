#include "daemon/shelf.hpp"

#include "tests/support/fake_site.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <thread>

namespace gazetted {
namespace {

using namespace std::chrono_literals;

const FeedAddress news{{"news"}, FeedFormat::atom};

Instant now_utc() { return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now()); }

struct Situation {
    explicit Situation(const Publisher::Limits& limits = {}) : publisher(limits, site.make_render()), shelf(publisher) {
        site.category_ids = {{"news", 1}};
    }
    void make(const Address& address) {
        std::promise<void> made;
        publisher.get(address, [&](const Answer&) { made.set_value(); });
        made.get_future().wait();
    }
    std::string body_found(const std::string& path, Instant when = now_utc()) {
        const auto document = shelf.find(path, when);
        return document ? document->representations.identity().body : "";
    }
    bool finds_within_five_seconds(const std::string& path, const std::string& text) {
        for (const auto end = std::chrono::steady_clock::now() + 5s; std::chrono::steady_clock::now() < end;) {
            if (body_found(path).find(text) != std::string::npos) return true;
            std::this_thread::yield();
        }
        return false;
    }
    FakeSite site;
    Publisher publisher;
    Shelf shelf;
};

TEST(Shelf, FindsWhatThePublisherHasAndThenHasItAtHand) {
    Situation here;
    EXPECT_FALSE(here.shelf.find("/category/news.atom", now_utc()));
    here.make(news);
    const auto first = here.shelf.find("/category/news.atom", now_utc());
    ASSERT_TRUE(first);
    const auto again = here.shelf.find("/category/news.atom", now_utc());
    EXPECT_EQ(again, first);
    EXPECT_EQ(here.shelf.documents(), 1U);
    // Counted in the same place: it did not come from the publisher anew.
    EXPECT_FALSE(again.owner_before(first) || first.owner_before(again));
}

TEST(Shelf, CountsReferencesApartFromOtherShelves) {
    Situation here;
    Shelf other(here.publisher);
    here.make(news);
    const auto ours = here.shelf.find("/category/news.atom", now_utc());
    const auto theirs = other.find("/category/news.atom", now_utc());
    EXPECT_EQ(ours, theirs);
    EXPECT_TRUE(ours.owner_before(theirs) || theirs.owner_before(ours));
}

TEST(Shelf, GivesTheNewDocumentAsSoonAsThereIsOne) {
    Situation here;
    here.make(news);
    EXPECT_EQ(here.body_found("/category/news.atom").find("news of today"), std::string::npos);
    here.site.write("news of today ");
    const std::int64_t changed[] = {1};
    here.publisher.changed(changed);
    EXPECT_TRUE(here.finds_within_five_seconds("/category/news.atom", "news of today"));
}

TEST(Shelf, LetsGoOfWhatWasReplaced) {
    Situation here;
    here.make(news);
    const std::weak_ptr<const Document> old = here.publisher.find(news, now_utc());
    here.shelf.find("/category/news.atom", now_utc());
    here.site.write("news of today ");
    const std::int64_t changed[] = {1};
    here.publisher.changed(changed);
    for (const auto end = std::chrono::steady_clock::now() + 5s; !old.expired() && std::chrono::steady_clock::now() < end;)
        here.shelf.tidy();
    EXPECT_TRUE(old.expired());
    EXPECT_EQ(here.shelf.documents(), 0U);
}

TEST(Shelf, LetsGoOfWhatTheCacheDropped) {
    Publisher::Limits limits;
    limits.cache_bytes_max = 40'000;
    Situation here(limits);
    std::vector<std::weak_ptr<const Document>> all;
    for (int i = 0; i < 40; ++i) {
        const auto slug = "news" + std::to_string(i);
        here.make(FeedAddress{{slug}, FeedFormat::atom});
        all.emplace_back(here.shelf.find("/category/" + slug + ".atom", now_utc()));
    }
    here.shelf.tidy();
    const auto kept = std::ranges::count_if(all, [](const auto& document) { return !document.expired(); });
    EXPECT_LT(kept, 40);
    EXPECT_LE(here.shelf.documents(), here.publisher.figures().documents);
}

TEST(Shelf, AsksAgainForAnArticleThatMayHaveBeenWithdrawn) {
    Situation here;
    here.make(ArticlePageAddress{7});
    EXPECT_TRUE(here.shelf.find("/article/7", now_utc()));
    const std::int64_t changed[] = {0};
    here.publisher.changed(changed);
    EXPECT_FALSE(here.shelf.find("/article/7", now_utc()));
}

TEST(Shelf, HasADocumentRenewedOnceItIsDue) {
    Situation here;
    here.site.due = now_utc() + 1h;
    here.make(news);
    EXPECT_TRUE(here.shelf.find("/category/news.atom", now_utc()));
    here.site.write("published now ");
    EXPECT_EQ(here.body_found("/category/news.atom", now_utc() + 2h).find("published now"), std::string::npos);
    EXPECT_TRUE(here.finds_within_five_seconds("/category/news.atom", "published now"));
}

// For the thread sanitiser: loops read while workers replace, drop and improve.
TEST(Shelf, IsReadWhileDocumentsChange) {
    Publisher::Limits limits;
    limits.cache_bytes_max = 30'000;
    limits.renewal_interval = 0ms;
    Situation here(limits);
    here.make(news);
    std::atomic<bool> stop = false;
    std::vector<std::thread> loops;
    for (int loop = 0; loop < 2; ++loop)
        loops.emplace_back([&] {
            Shelf shelf(here.publisher);
            while (!stop) {
                const auto document = shelf.find("/category/news.atom", now_utc());
                EXPECT_TRUE(!document || document->path == "/category/news.atom");
                shelf.tidy();
            }
        });
    const std::int64_t changed[] = {1};
    for (int i = 0; i < 200; ++i) {
        here.publisher.changed(changed);
        here.publisher.get(FeedAddress{{"other" + std::to_string(i)}, FeedFormat::rss}, [](const Answer&) {});
        std::this_thread::yield();
    }
    stop = true;
    for (auto& loop : loops) loop.join();
}

}  // namespace
}  // namespace gazetted
