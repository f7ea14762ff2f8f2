#include "daemon/ingest.hpp"

#include "daemon/poller.hpp"
#include "tests/support/test_database.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace gazetted {
namespace {

using namespace std::chrono_literals;

/// A subscription in a database of its own, with answers that nobody fetched and a clock that the test moves.
struct Ingest : ::testing::Test {
    Ingest() {
        database.run("INSERT INTO categories (slug) VALUES ('news')");
        source_id = store.source("blog", "", "");
        EXPECT_TRUE(store.subscribe(source_id, "https://blog.example/feed", false, {"news"}));
    }

    static std::string entry(int number, const std::string& title, const std::string& more = {}) {
        return "<entry><id>urn:blog:" + std::to_string(number) + "</id><title>" + title +
               "</title><link href='https://blog.example/" + std::to_string(number) + "'/><updated>2026-03-0" +
               std::to_string(number) + "T00:00:00Z</updated>" + more + "</entry>";
    }
    static FetchResult answer(int status, const std::string& entries, HttpFields fields = {}) {
        FetchResult result;
        result.status = status;
        result.fields = std::move(fields);
        result.effective_url = "https://blog.example/feed";
        if (status == 200)
            result.body =
                "<feed xmlns='http://www.w3.org/2005/Atom'><title>A blog</title><id>urn:blog</id>" + entries + "</feed>";
        result.bytes_received = result.body.size();
        return result;
    }

    /// Claims it, due or not, and takes the answer in.
    IngestSummary poll(const FetchResult& result) {
        const auto claimed = store.claim_subscription(source_id, random_uuid(), {});
        return ingest(store, claimed.value(), result, {}, now, 0);
    }
    Subscription subscription() { return store.subscriptions("blog").at(0); }
    std::string titles() const {
        return database.value("SELECT coalesce(string_agg(title, '|' ORDER BY id), '') FROM articles WHERE withdrawn IS NULL");
    }

    TestDatabase database;
    Store store{database.url()};
    std::int64_t source_id = 0;
    Instant now = std::chrono::sys_days(std::chrono::year(2026) / 3 / 10);
};

TEST_F(Ingest, KnowsWhenTheNextPollIsDueAndThatThereIsNone) {
    EXPECT_EQ(store.next_poll(), 0ms);
    database.run("UPDATE subscriptions SET next_poll = now() + interval '1 minute'");
    EXPECT_GT(store.next_poll().value(), 50s);
    EXPECT_LE(store.next_poll().value(), 60s);
    database.run("UPDATE subscriptions SET state = 'paused'");
    EXPECT_EQ(store.next_poll(), std::nullopt) << "a poller that takes it for 0 asks all the time";
}

TEST_F(Ingest, ShowsATimeThatNeverComes) {
    database.run("UPDATE subscriptions SET next_poll = 'infinity'");
    EXPECT_EQ(store.listing("show_source", {"blog"}).at(0, "next_poll"), Listing::Value("infinity"));
    EXPECT_EQ(store.next_poll(), std::nullopt);
}

TEST_F(Ingest, StoresEntriesUnderTheSubscriptionsCategories) {
    const auto summary = poll(answer(200, entry(1, "One") + entry(2, "Two"), {{"ETag", "W/\"x\""}}));
    EXPECT_EQ(summary.added, 2U);
    EXPECT_EQ(summary.error, "");
    EXPECT_EQ(titles(), "One|Two");
    EXPECT_EQ(database.value(
                  "SELECT count(*) FROM article_categories m JOIN categories c ON c.id = m.category_id AND c.slug = 'news'"),
              "2");
    EXPECT_EQ(subscription().poll.etag, "W/\"x\"");
    EXPECT_EQ(subscription().title, "A blog");
    EXPECT_EQ(subscription().poll.next_poll, summary.next_poll);
}

TEST_F(Ingest, WritesOnlyWhatIsNewOrChanged) {
    poll(answer(200, entry(1, "One") + entry(2, "Two")));
    const std::string revision = database.value("SELECT revision FROM articles WHERE id = 'urn:blog:1'");
    const auto summary = poll(answer(200, entry(1, "One") + entry(2, "Two, mended") + entry(3, "Three")));
    EXPECT_EQ(summary.added, 1U);
    EXPECT_EQ(summary.changed, 1U);
    EXPECT_EQ(summary.unchanged, 1U);
    EXPECT_EQ(titles(), "One|Two, mended|Three");
    EXPECT_EQ(database.value("SELECT revision FROM articles WHERE id = 'urn:blog:1'"), revision);
}

TEST_F(Ingest, CountsWhatTheTablesRefuseAsNeitherNewNorChanged) {
    const std::string long_link = "<link rel='enclosure' href='https://blog.example/" + std::string(5'000, 'x') + "'/>";
    const auto summary = poll(answer(200, entry(1, "One", long_link) + entry(2, "Two")));
    EXPECT_EQ(summary.refused, 1U);
    EXPECT_EQ(summary.added, 1U);
    EXPECT_EQ(titles(), "Two");
}

TEST_F(Ingest, NeitherDoublesNorRevivesAnArticle) {
    poll(answer(200, entry(1, "One") + entry(2, "Two") + entry(3, "Three")));
    database.run("UPDATE articles SET withdrawn = now() WHERE id = 'urn:blog:1'; DELETE FROM articles WHERE id = 'urn:blog:2'");
    poll(answer(200, entry(1, "One, mended") + entry(2, "Two, mended") + entry(3, "Three")));
    EXPECT_EQ(titles(), "Three");
    EXPECT_EQ(database.value("SELECT count(*) FROM articles"), "2");
}

TEST_F(Ingest, ChangesNothingOfAnotherSource) {
    database.run("INSERT INTO articles (id, title) VALUES ('urn:blog:1', 'Mine')");
    const auto summary = poll(answer(200, entry(1, "Forged")));
    EXPECT_EQ(summary.added, 1U);
    EXPECT_EQ(database.value("SELECT title FROM articles WHERE id = 'urn:blog:1'"), "Mine");
    EXPECT_EQ(database.value("SELECT origin ->> 'entry_id' FROM articles WHERE title = 'Forged'"), "urn:blog:1");
    poll(answer(200, entry(1, "Forged again")));
    EXPECT_EQ(database.value("SELECT count(*) FROM articles"), "2");
    EXPECT_EQ(database.value("SELECT title FROM articles WHERE id = 'urn:blog:1'"), "Mine");
}

TEST_F(Ingest, KeepsTheLastGoodArticlesAndSaysWhatIsWrong) {
    poll(answer(200, entry(1, "One"), {{"ETag", "\"1\""}}));
    FetchResult page;
    page.status = 200;
    page.body = "<html><body>Down for maintenance</body></html>";
    page.fields = {{"Content-Type", "text/html"}, {"ETag", "\"page\""}};
    const auto summary = poll(page);
    EXPECT_NE(summary.error.find("no feed"), std::string::npos) << summary.error;
    EXPECT_EQ(titles(), "One");
    EXPECT_EQ(subscription().poll.etag, "\"1\"");
    EXPECT_EQ(subscription().poll.failures, 1);
    EXPECT_EQ(subscription().error, summary.error);
    EXPECT_EQ(store.upstream_document(source_id, false), page.body);
    EXPECT_NE(store.upstream_document(source_id, true).value_or("").find("urn:blog:1"), std::string::npos);
    EXPECT_EQ(store.subscriptions({}, true).size(), 1U);
    poll(answer(200, entry(1, "One")));
    EXPECT_EQ(subscription().error, "");
    EXPECT_EQ(subscription().error_since, std::nullopt);
}

TEST_F(Ingest, AsksNotInTheHoursAndOnTheDaysThatAChannelSkips) {
    FetchResult rss;
    rss.status = 200;
    rss.fields = {{"ETag", "\"1\""}};
    rss.body =
        "<rss version='2.0'><channel><title>T</title><skipHours><hour>1</hour><hour>2</hour></skipHours>"
        "<skipDays><day>Wednesday</day></skipDays><item><title>A</title><guid>urn:a</guid></item></channel></rss>";
    EXPECT_EQ(poll(rss).next_poll, now + 3h);
    now = std::chrono::sys_days(std::chrono::year(2026) / 3 / 10) + 23h + 30min;
    rss.body += " ";
    EXPECT_EQ(poll(rss).next_poll, std::chrono::sys_days(std::chrono::year(2026) / 3 / 12));
}

TEST_F(Ingest, AsksNotInTheHoursThatAChannelSkipsAfterA304Either) {
    FetchResult rss;
    rss.status = 200;
    rss.fields = {{"ETag", "\"1\""}};
    rss.body =
        "<rss "
        "version='2.0'><channel><title>T</title><skipHours><hour>1</hour></skipHours><skipDays><day>Tuesday</day></skipDays>"
        "<item><title>A</title><guid>urn:a</guid></item></channel></rss>";
    now -= 24h;  // a Monday
    poll(rss);
    EXPECT_EQ(poll(answer(304, "")).next_poll, now + 2h);
    EXPECT_EQ(poll(rss).next_poll, now + 2h) << "the same document, which is not read";
    now += 23h;
    EXPECT_EQ(poll(answer(304, "")).next_poll, now + 25h);
    EXPECT_EQ(poll(answer(500, "")).next_poll, now + 25h);
}

TEST_F(Ingest, WithdrawsWhatUpstreamDeletes) {
    const auto deleted = [](int number, const std::string& when) {
        return "<at:deleted-entry xmlns:at='http://purl.org/atompub/tombstones/1.0' ref='urn:blog:" + std::to_string(number) +
               "' when='" + when + "'/>";
    };
    poll(answer(200, entry(1, "One") + entry(2, "Two") + entry(3, "Three")));
    const auto summary = poll(answer(200, entry(2, "Two") + entry(3, "Three") + deleted(1, "2026-03-09T00:00:00Z") +
                                              deleted(2, "2026-03-01T00:00:00Z") + deleted(3, "2026-03-09T00:00:00Z")));
    EXPECT_EQ(summary.withdrawn, 2U);
    EXPECT_EQ(titles(), "Two") << "which was published again after it was deleted";
    poll(answer(200, entry(1, "One, mended") + entry(2, "Two")));
    EXPECT_EQ(titles(), "Two") << "what was withdrawn does not come back";
}

TEST_F(Ingest, WithdrawsNothingForADeletionThatNamesNoEntry) {
    poll(answer(200, entry(1, "One")));
    const std::string nameless = "<at:deleted-entry xmlns:at='http://purl.org/atompub/tombstones/1.0' ref='&#xA0;&#xFFFE;'/>";
    EXPECT_EQ(poll(answer(200, entry(1, "One") + nameless)).withdrawn, 0U);
    EXPECT_EQ(titles(), "One");
}

TEST_F(Ingest, KeepsAnEntryWhoseIdOfTheOtherSchemeIsDeleted) {
    const auto named = [](const std::string& id) {
        return "<entry><id>" + id + "</id><title>One</title><updated>2026-03-01T00:00:00Z</updated></entry>";
    };
    poll(answer(200, named("http://blog.example/1")));
    const std::string deleted =
        "<at:deleted-entry xmlns:at='http://purl.org/atompub/tombstones/1.0' ref='http://blog.example/1' "
        "when='2026-03-09T00:00:00Z'/>";
    EXPECT_EQ(poll(answer(200, named("https://blog.example/1") + deleted)).withdrawn, 0U);
    EXPECT_EQ(titles(), "One") << "the site has moved to https and says that its old ids are gone";
    EXPECT_EQ(poll(answer(200, deleted)).withdrawn, 1U);
}

TEST_F(Ingest, WithdrawsNoArticleOfAnotherSource) {
    database.run(
        "INSERT INTO articles (id, title) VALUES ('urn:mine', 'Mine');"
        "INSERT INTO sources (slug) VALUES ('victim');"
        "INSERT INTO articles (id, title, source_id) SELECT 'urn:victim', 'Victim', id FROM sources WHERE slug = 'victim'");
    const std::string forged =
        "<at:deleted-entry xmlns:at='http://purl.org/atompub/tombstones/1.0' ref='urn:mine' when='2026-03-09T00:00:00Z'/>"
        "<at:deleted-entry xmlns:at='http://purl.org/atompub/tombstones/1.0' ref='urn:victim' when='2026-03-09T00:00:00Z'/>";
    EXPECT_EQ(poll(answer(200, entry(1, "One") + forged)).withdrawn, 0U);
    EXPECT_EQ(titles(), "One|Mine|Victim");
}

TEST_F(Ingest, HoldsAnotherFeedAtTheSameAddressUntilTheOperatorAcceptsIt) {
    poll(answer(200, entry(1, "One"), {{"ETag", "\"1\""}}));
    FetchResult other = answer(200, "");
    other.body =
        "<feed xmlns='http://www.w3.org/2005/Atom'><title>Casino</title><id>urn:casino</id><entry><id>urn:casino:1</id>"
        "<title>Win</title><link href='https://casino.example/1'/></entry></feed>";
    const auto held = poll(other);
    EXPECT_EQ(held.added, 0U);
    EXPECT_NE(held.error.find("another feed answers at this address, \"Casino\" in place of \"A blog\""), std::string::npos)
        << held.error;
    EXPECT_NE(held.error.find("gazetted source accept blog"), std::string::npos) << held.error;
    EXPECT_EQ(titles(), "One");
    EXPECT_EQ(subscription().poll.etag, "\"1\"");
    EXPECT_EQ(subscription().title, "A blog");
    EXPECT_NE(store.upstream_document(source_id, true).value_or("").find("urn:blog:1"), std::string::npos);
    EXPECT_EQ(store.upstream_document(source_id, false), other.body);
    store.act("accept_upstream", {std::to_string(source_id)});
    EXPECT_EQ(poll(other).added, 1U);
    EXPECT_EQ(subscription().error, "");
    EXPECT_EQ(titles(), "One|Win");
}

TEST_F(Ingest, TakesAFeedWhoseEntriesAreAllNewForTheSame) {
    poll(answer(200, entry(1, "One")));
    EXPECT_EQ(poll(answer(200, entry(2, "Two") + entry(3, "Three"))).added, 2U);
    FetchResult renamed = answer(200, entry(4, "Four"));
    renamed.body.replace(renamed.body.find("A blog"), 6, "Another name");
    EXPECT_EQ(poll(renamed).added, 1U) << "its id is that of before";
    renamed.body.replace(renamed.body.find("<id>urn:blog<"), 13, "<id>urn:moved<");
    renamed.body.replace(renamed.body.find("urn:blog:4"), 10, "urn:blog:5");
    EXPECT_EQ(poll(renamed).error, "") << "its title is";
    FetchResult new_name = answer(200, entry(1, "One") + entry(6, "Six"));
    EXPECT_EQ(poll(new_name).error, "") << "an entry is";
}

TEST_F(Ingest, TakesAFeedThatDoesNotSayWhatItIsForTheSame) {
    poll(answer(200, entry(1, "One")));
    FetchResult nameless = answer(200, entry(2, "Two"));
    nameless.body = "<feed xmlns='http://www.w3.org/2005/Atom'>" + entry(2, "Two") + "</feed>";
    EXPECT_EQ(poll(nameless).error, "");
    EXPECT_EQ(titles(), "One|Two");
}

TEST_F(Ingest, TakesAFeedWhoseHomeHasTooLongAnAddress) {
    FetchResult result = answer(200, "<link href='https://blog.example/" + std::string(5'000, 'x') + "'/>" + entry(1, "One"));
    EXPECT_EQ(poll(result).error, "");
    EXPECT_EQ(titles(), "One");
    EXPECT_EQ(subscription().identity.home, "");
}

TEST_F(Ingest, TakesAFeedWithATitleLongerThanAnySourceHas) {
    FetchResult result = answer(200, entry(1, "One"));
    result.body.replace(result.body.find("A blog"), 6, std::string(5'000, 'x'));
    EXPECT_EQ(poll(result).error, "");
    EXPECT_EQ(titles(), "One");
    EXPECT_LT(subscription().title.size(), 1'000U);
}

TEST_F(Ingest, MovesToNoAddressThatIsTooLong) {
    FetchResult result = answer(200, entry(1, "One"));
    result.hops = {
        {.status = 301, .from_url = "https://blog.example/feed", .to_url = "https://blog.example/" + std::string(2'100, 'x')}};
    poll(result);
    EXPECT_EQ(poll(result).error, "") << "it is the same feed there";
    EXPECT_EQ(titles(), "One");
    EXPECT_EQ(subscription().poll.moved_to, "");
}

TEST_F(Ingest, KnowsWhenASourceIsSilentBeyondItsUsual) {
    std::string entries;
    for (int day = 1; day <= 9; day += 2) entries += entry(day, std::to_string(day));
    poll(answer(200, entries, {{"ETag", "\"1\""}}));
    const Instant newest = std::chrono::sys_days(std::chrono::year(2026) / 3 / 9);
    EXPECT_EQ(subscription().poll.silent_after, newest + 4 * 24h);
    poll(answer(304, ""));
    EXPECT_EQ(subscription().poll.silent_after, newest + 4 * 24h);
}

TEST_F(Ingest, CountsWhatValidatorsSave) {
    const auto first = answer(200, entry(1, "One"), {{"ETag", "\"1\""}});
    poll(first);
    poll(answer(304, ""));
    poll(answer(304, ""));
    EXPECT_EQ(subscription().unchanged, 2);
    EXPECT_EQ(subscription().bytes_saved, static_cast<std::int64_t>(2 * first.bytes_received));
}

TEST_F(Ingest, DoesNotReadADocumentThatIsTheSameAsBefore) {
    poll(answer(200, entry(1, "One"), {{"ETag", "\"1\""}}));
    const auto summary = poll(answer(200, entry(1, "One"), {{"ETag", "\"2\""}}));
    EXPECT_EQ(summary.unchanged, 0U) << "nothing was told apart";
    EXPECT_EQ(subscription().poll.etag, "\"2\"");
    EXPECT_EQ(titles(), "One");
}

TEST_F(Ingest, TakesTheNewAddressOnceItIsSure) {
    auto moved = answer(200, entry(1, "One"));
    moved.hops = {{.status = 301, .from_url = "https://blog.example/feed", .to_url = "https://new.example/feed"}};
    poll(answer(200, entry(1, "One")));
    for (int day = 0; day < 8; ++day, now += 24h) poll(moved);
    EXPECT_EQ(subscription().feed_url, "https://new.example/feed");
    EXPECT_EQ(subscription().poll.moved_to, "");
}

TEST_F(Ingest, TakesCredentialsToNoOtherOrigin) {
    store.act("set_subscription", {std::to_string(source_id), {}, {}, {}, "ann:s3cret", {}, {}, {}, {}});
    auto moved = answer(200, entry(1, "One"));
    for (const std::string url : {"https://new.example/feed", "http://blog.example/feed", "https://blog.example:8443/feed"}) {
        moved.hops = {{.status = 301, .from_url = "https://blog.example/feed", .to_url = url}};
        poll(moved);
        for (int day = 0; day < 8; ++day, now += 24h) poll(moved);
        EXPECT_EQ(subscription().feed_url, "https://blog.example/feed");
        EXPECT_NE(subscription().error.find("moved for good to " + url), std::string::npos) << subscription().error;
        EXPECT_EQ(subscription().poll.failures, 0) << "it is asked as before";
        EXPECT_EQ(titles(), "One");
    }
    moved.hops[0].to_url = "https://blog.example/new";
    for (int day = 0; day < 9; ++day, now += 24h) poll(moved);
    EXPECT_EQ(subscription().feed_url, "https://blog.example/new");
    EXPECT_EQ(subscription().error, "");
}

TEST_F(Ingest, TakesANewAddressWithoutCredentialsOnceTheOperatorTookThemAway) {
    store.act("set_subscription", {std::to_string(source_id), {}, {}, {}, "Bearer s3cret", {}, {}, {}, {}});
    auto moved = answer(200, entry(1, "One"));
    moved.hops = {{.status = 308, .from_url = "https://blog.example/feed", .to_url = "https://new.example/feed"}};
    for (int day = 0; day < 9; ++day, now += 24h) poll(moved);
    store.act("set_subscription", {std::to_string(source_id), {}, {}, {}, "", {}, {}, {}, {}});
    poll(moved);
    EXPECT_EQ(subscription().feed_url, "https://new.example/feed");
    EXPECT_EQ(subscription().error, "");
}

TEST_F(Ingest, LeavesAnotherSubscriptionItsAddress) {
    EXPECT_TRUE(store.subscribe(store.source("new", "", ""), "https://new.example/feed", false, {}));
    auto moved = answer(200, entry(1, "One"));
    moved.hops = {{.status = 301, .from_url = "https://blog.example/feed", .to_url = "https://new.example/feed"}};
    poll(answer(200, entry(1, "One")));
    for (int day = 0; day < 9; ++day, now += 24h) {
        const auto summary = poll(moved);
        EXPECT_TRUE(summary.was_written);
        EXPECT_EQ(summary.moved_to, "");
    }
    EXPECT_EQ(subscription().feed_url, "https://blog.example/feed");
}

TEST_F(Ingest, NeverTakesATemporaryAddress) {
    auto moved = answer(200, entry(1, "One"));
    moved.hops = {{.status = 302, .from_url = "https://blog.example/feed", .to_url = "https://new.example/feed"}};
    for (int day = 0; day < 30; ++day, now += 24h) poll(moved);
    EXPECT_EQ(subscription().feed_url, "https://blog.example/feed");
}

TEST_F(Ingest, AsksNoMoreOnceUpstreamIsGone) {
    for (int day = 0; day < 4; ++day, now += 24h) poll(answer(410, ""));
    EXPECT_EQ(subscription().state, "gone");
    EXPECT_TRUE(store.claim_subscriptions(10, random_uuid(), {}).empty());
}

TEST_F(Ingest, WritesNothingForAClaimThatSomebodyElseHas) {
    const auto late = store.claim_subscription(source_id, random_uuid(), {}).value();
    database.run("UPDATE subscriptions SET claim = NULL");
    poll(answer(200, entry(2, "Two")));
    const auto summary = ingest(store, late, answer(200, entry(1, "One")), {}, now, 0);
    EXPECT_FALSE(summary.was_written);
    EXPECT_EQ(titles(), "Two");
}

TEST_F(Ingest, AClockThatWasSetBackHoldsOffNobody) {
    database.run(
        "UPDATE subscriptions SET last_poll = now() + interval '30 minutes', next_poll = now() + interval '90 minutes'");
    EXPECT_EQ(store.hasten_subscriptions(), 0U) << "another node's clock may differ";
    EXPECT_TRUE(store.claim_subscriptions(10, random_uuid(), {}).empty());
    database.run(
        "UPDATE subscriptions SET last_poll = now() + interval '400 days', next_poll = now() + interval '401 days', "
        "not_before = now() + interval '405 days'");
    EXPECT_EQ(store.hasten_subscriptions(), 1U);
    EXPECT_EQ(subscription().poll.not_before, std::nullopt);
    EXPECT_EQ(store.claim_subscriptions(10, random_uuid(), {}).size(), 1U);
    EXPECT_EQ(store.hasten_subscriptions(), 0U);
}

TEST_F(Ingest, AClockThatWasSetBackLeavesNoTimeToComeBehind) {
    for (const std::string column : {"last_success", "last_whole", "moved_first", "gone_first", "error_since"}) {
        database.run("UPDATE subscriptions SET next_poll = now() + interval '2 days', " + column +
                     " = now() + interval '400 days'");
        EXPECT_EQ(store.hasten_subscriptions(), 1U) << column;
        EXPECT_EQ(database.value("SELECT " + column + " <= now() FROM subscriptions"), "t") << column;
        EXPECT_EQ(database.value("SELECT next_poll > now() + interval '1 day' FROM subscriptions"),
                  column == "last_whole" ? "f" : "t")
            << column << ": a poll that is far off because of it is not";
    }
}

TEST_F(Ingest, HasAskedOnceItIsClaimedWhateverBecomesOfIt) {
    const auto claimed_until = [&](const std::string& before) {
        database.run("UPDATE subscriptions SET claim = NULL, next_poll = now(), " + before);
        EXPECT_EQ(store.claim_subscriptions(10, random_uuid(), {}).size(), 1U);
        return database.value("SELECT next_poll - last_poll FROM subscriptions");
    };
    EXPECT_EQ(claimed_until("etag = '\"1\"', last_whole = now() - interval '3 days'"), "01:00:00");
    EXPECT_EQ(claimed_until("conditional_min = '2 hours'"), "02:00:00");
    EXPECT_EQ(claimed_until("etag = ''"), "1 day") << "without a validator all of it may have been sent";
    EXPECT_EQ(claimed_until("whole_min = '3 hours'"), "03:00:00");
    EXPECT_EQ(claimed_until("last_whole = NULL"), "02:00:00") << "a new one is not kept waiting for a day";
}

TEST_F(Ingest, IsClaimedBySourceOnlyWhileNobodyPollsItAndWhereItMayBeAsked) {
    EXPECT_FALSE(store.claim_subscription(source_id, random_uuid(), {}, [](const Subscription&) { return false; }));
    EXPECT_EQ(subscription().claim, "");
    EXPECT_TRUE(store.claim_subscription(source_id, random_uuid(), {}));
    EXPECT_FALSE(store.claim_subscription(source_id, random_uuid(), {})) << "it is being polled";
    database.run("UPDATE subscriptions SET last_poll = now() - interval '11 minutes'");
    EXPECT_TRUE(store.claim_subscription(source_id, random_uuid(), {})) << "whoever had it is dead";
}

TEST_F(Ingest, IsClaimedOneOfEachHostAtATime) {
    for (int i = 0; i < 20; ++i) {
        const std::string number = std::to_string(i);
        const std::string url =
            i < 17 ? "https://Many.example:8443/" + number : "http://ann@few" + number + ".example?" + number;
        EXPECT_TRUE(store.subscribe(store.source("s" + number, "", ""), url, false, {}));
    }
    database.run("UPDATE subscriptions SET next_poll = now() - interval '1 hour' WHERE host = 'many.example'");
    const auto hosts = [](const std::vector<Subscription>& claimed) {
        std::set<std::string> names;
        for (const Subscription& it : claimed) names.insert(it.host);
        EXPECT_EQ(names.size(), claimed.size());
        return names;
    };
    EXPECT_EQ(hosts(store.claim_subscriptions(4, random_uuid(), {})), std::set<std::string>{"many.example"})
        << "the longest due; others stand too far behind it";
    Store another_node(database.url());
    EXPECT_EQ(hosts(another_node.claim_subscriptions(4, random_uuid(), {})),
              (std::set<std::string>{"blog.example", "few17.example", "few18.example", "few19.example"}))
        << "the first is being asked by this one";
    EXPECT_TRUE(another_node.claim_subscriptions(4, random_uuid(), {}).empty());
    database.run("UPDATE subscriptions SET last_poll = now() - interval '3 minutes' WHERE claim IS NOT NULL");
    EXPECT_EQ(hosts(another_node.claim_subscriptions(4, random_uuid(), {})), std::set<std::string>{"many.example"})
        << "who has asked for so long is dead";
    EXPECT_EQ(store.next_poll(), 0ms);
    EXPECT_GT(store.next_poll({"many.example"}).value(), 50min);
    EXPECT_EQ(store.next_poll({"many.example", "blog.example", "few17.example", "few18.example", "few19.example"}),
              std::nullopt);
}

TEST_F(Ingest, IsClaimedOnceByManyNodes) {
    Store other(database.url());
    const auto first = store.claim_subscriptions(10, random_uuid(), {});
    const auto second = other.claim_subscriptions(10, random_uuid(), {});
    EXPECT_EQ(first.size() + second.size(), 1U);
}

TEST_F(Ingest, AsksWithTheValidatorsThatItKept) {
    poll(answer(200, entry(1, "One"), {{"ETag", "W/\"a\""}, {"Last-Modified", "whenever"}}));
    const auto request = request_of(subscription(), "Gazetted");
    const auto value = [&](const std::string& name) {
        for (const auto& [field, text] : request.fields)
            if (field == name) return text;
        return std::string("(none)");
    };
    EXPECT_EQ(value("If-None-Match"), "W/\"a\"");
    EXPECT_EQ(value("If-Modified-Since"), "whenever");
    EXPECT_EQ(value("User-Agent"), "Gazetted");
    EXPECT_EQ(value("Referer"), "(none)");
}

TEST_F(Ingest, ShowsCredentialsNowhere) {
    store.act("set_subscription", {std::to_string(source_id), {}, {}, {}, "ann:s3cret", {}, {}, {}, {}});
    EXPECT_EQ(request_of(subscription(), "Gazetted").url, "https://ann:s3cret@blog.example/feed");
    const Listing shown = store.listing("show_source", {"blog"});
    EXPECT_EQ(json_of(shown, 0).find("s3cret"), std::string::npos);
    EXPECT_EQ(subscription().feed_url.find("s3cret"), std::string::npos);
}

TEST_F(Ingest, AsksAsTheOperatorSaysOfOneSource) {
    store.act("set_subscription",
              {std::to_string(source_id), {}, {}, "Mine/1", "Bearer t0ken", "2 hours", "3 days", "10 days", {}});
    const auto request = request_of(subscription(), "Gazetted");
    EXPECT_EQ(request.url, "https://blog.example/feed");
    EXPECT_EQ(std::ranges::count(request.fields, std::pair<std::string, std::string>("User-Agent", "Mine/1")), 1);
    EXPECT_EQ(std::ranges::count(request.fields, std::pair<std::string, std::string>("Authorization", "Bearer t0ken")), 1);
    EXPECT_EQ(poll(answer(200, entry(1, "One"))).next_poll, now + 24h * 3);
    EXPECT_EQ(poll(answer(200, entry(1, "One"), {{"ETag", "\"1\""}})).next_poll, now + 2h);
    const auto lasting = answer(200, entry(1, "One, mended"), {{"ETag", "\"2\""}, {"Cache-Control", "max-age=8640000"}});
    EXPECT_EQ(poll(lasting).next_poll, now + 24h * 10);
    store.act("set_subscription", {std::to_string(source_id), {}, {}, {}, {}, "", "", "", {}});
    EXPECT_EQ(poll(lasting).next_poll, now + 24h) << "as everywhere";
}

TEST_F(Ingest, StoresSummariesAloneWhereTheOperatorSaysSo) {
    const std::string more = "<summary>In short</summary><content type='html'>At length</content>";
    poll(answer(200, entry(1, "One", more)));
    EXPECT_EQ(database.value("SELECT content || '|' || summary FROM articles"), "At length|In short");
    store.act("set_subscription", {std::to_string(source_id), {}, "summary", {}, {}, {}, {}, {}, {}});
    poll(answer(200, entry(2, "Two", more)));
    EXPECT_EQ(database.value("SELECT content || '|' || summary FROM articles WHERE title = 'Two'"), "In short|");
}

TEST_F(Ingest, IsNotAskedWhilePausedNorOnceItIsRemoved) {
    poll(answer(200, entry(1, "One")));
    database.run("UPDATE subscriptions SET next_poll = now()");
    store.act("set_subscription_state", {std::to_string(source_id), "paused"});
    EXPECT_TRUE(store.claim_subscriptions(10, random_uuid(), {}).empty());
    store.act("set_subscription_state", {std::to_string(source_id), "active"});
    EXPECT_EQ(store.claim_subscriptions(10, random_uuid(), {}).size(), 1U);
    database.run("UPDATE subscriptions SET next_poll = now()");
    store.act("unsubscribe", {std::to_string(source_id)});
    EXPECT_TRUE(store.claim_subscriptions(10, random_uuid(), {}).empty());
    EXPECT_EQ(titles(), "One");
}

TEST_F(Ingest, SaysHowManyArticlesASourceHasADay) {
    database.run(
        "INSERT INTO articles (id, title, source_id, published) SELECT 'urn:' || n, 'Article ' || n, id, "
        "now() - n * interval '1 hour' FROM sources CROSS JOIN generate_series(1, 45) AS n;"
        "INSERT INTO articles (id, title, source_id, published) SELECT 'urn:old', 'Old', id, now() - interval '31 days' FROM "
        "sources");
    EXPECT_NE(json_of(store.listing("show_source", {"blog"}), 0).find(R"("articles_a_day":1.5,)"), std::string::npos)
        << json_of(store.listing("show_source", {"blog"}), 0);
}

}  // namespace
}  // namespace gazetted
