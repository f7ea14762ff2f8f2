#include "daemon/survey.hpp"

#include "daemon/clock.hpp"
#include "daemon/listen.hpp"
#include "daemon/store.hpp"
#include "tests/support/test_database.hpp"

#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>

namespace gazetted {
namespace {

Survey survey_of(const TestDatabase& database) {
    Store store(database.url());
    return take_survey(store, now_utc());
}

std::vector<std::string> slugs_of(const std::vector<Survey::Source>& sources) {
    std::vector<std::string> slugs;
    for (const auto& source : sources) slugs.push_back(source.slug);
    return slugs;
}

TEST(Survey, OfAnEmptyDatabaseIsEmpty) {
    const TestDatabase database;
    const auto survey = survey_of(database);
    EXPECT_EQ(survey.shown, 0);
    EXPECT_FALSE(survey.newest);
    EXPECT_TRUE(survey.categories.empty());
    EXPECT_TRUE(survey.failing.empty());
    EXPECT_TRUE(survey.nodes.empty());
}

TEST(Survey, CountsWhatEachCategoryShowsNewestFirst) {
    const TestDatabase database;
    database.run(R"(
        UPDATE site SET title = 'News';
        INSERT INTO categories (slug, title) VALUES ('old', 'Old'), ('new', ''), ('none', 'None');
        INSERT INTO categories (slug, removed) VALUES ('ended', now() + interval '1 day');
        INSERT INTO articles (id, title, published) VALUES ('1', 'One', '2024-05-01Z'), ('2', 'Two', '2024-05-02Z'),
               ('3', 'Three', '2024-05-03Z'), ('4', 'Held', now() + interval '1 day');
        INSERT INTO article_categories (article_id, category_id)
        SELECT a.id, c.id FROM articles a, categories c
         WHERE (c.slug = 'old' AND a.id IN ('1', '2')) OR (c.slug = 'new' AND a.id IN ('2', '3', '4')) OR c.slug = 'ended';
        UPDATE articles SET withdrawn = now() WHERE id = '2';
        INSERT INTO set_aside (article_id, path, revision, reason)
        SELECT id, path, revision, 'why' FROM articles, unnest(ARRAY['/all.rss', '/all.atom']) AS path WHERE id = '3';
        INSERT INTO set_aside (article_id, path, revision, reason) SELECT id, '/all.rss', revision - 1, 'mended' FROM articles WHERE id = '1')");
    const auto survey = survey_of(database);
    EXPECT_EQ(survey.site_title, "News");
    EXPECT_EQ(survey.shown, 2);
    EXPECT_EQ(survey.held, 1);
    EXPECT_EQ(survey.withdrawn, 1);
    EXPECT_EQ(survey.categories_count, 3);
    ASSERT_TRUE(survey.newest);
    EXPECT_EQ(survey.newest->title, "Three");
    EXPECT_EQ(to_rfc3339(survey.newest->published), "2024-05-03T00:00:00Z");
    ASSERT_EQ(survey.categories.size(), 3U);
    const auto &first = survey.categories[0], &second = survey.categories[1], &last = survey.categories[2];
    EXPECT_EQ(first.slug, "new");
    EXPECT_EQ(first.articles, 1);
    EXPECT_EQ(first.set_aside, 1) << "an article counts once, in however many documents it is missing";
    EXPECT_EQ(second.slug, "old");
    EXPECT_EQ(second.set_aside, 0);
    EXPECT_EQ(to_rfc3339(second.newest.value()), "2024-05-01T00:00:00Z");
    EXPECT_EQ(last.slug, "none");
    EXPECT_FALSE(last.newest);
    EXPECT_EQ(survey.set_aside.size(), 2U);
}

TEST(Survey, NamesSourcesThatFailOrAreSilentThoseForLongestFirst) {
    const TestDatabase database;
    database.run(R"(
        INSERT INTO sources (slug) SELECT unnest(ARRAY['fine', 'failing', 'longer', 'silent', 'both', 'paused']);
        INSERT INTO subscriptions (source_id, feed_url) SELECT id, 'https://' || slug || '.example/' FROM sources;
        UPDATE subscriptions SET error = 'no answer', error_since = now() - interval '1 day' WHERE feed_url ~ 'failing|paused';
        UPDATE subscriptions SET error = 'no answer', error_since = now() - interval '9 days' WHERE feed_url ~ 'longer';
        UPDATE subscriptions SET silent_after = now() - interval '2 days' WHERE feed_url ~ 'silent';
        UPDATE subscriptions SET silent_after = now() - interval '3 days', error = 'gone', error_since = now() - interval '5 days'
         WHERE feed_url ~ 'both';
        UPDATE subscriptions SET state = 'paused' WHERE feed_url ~ 'paused')");
    const auto survey = survey_of(database);
    EXPECT_EQ(slugs_of(survey.failing), (std::vector<std::string>{"longer", "both", "failing"}));
    EXPECT_EQ(slugs_of(survey.silent), (std::vector<std::string>{"both", "silent"}));
    EXPECT_EQ(survey.standing.failing, survey.failing.size());
    EXPECT_EQ(survey.standing.silent, survey.silent.size());
    EXPECT_EQ(survey.failing.front().error, "no answer");
    EXPECT_EQ(survey.silent.front().error, "");
    EXPECT_EQ(survey.failing.front().url, "https://longer.example/");
}

TEST(Survey, NamesTheNodesThatListen) {
    const TestDatabase database;
    std::mutex mutex;
    std::condition_variable changed;
    bool connected = false;
    const Listener listener(database.url(), {.on_connected =
                                                 [&](const auto&) {
                                                     const std::lock_guard lock(mutex);
                                                     connected = true;
                                                     changed.notify_all();
                                                 },
                                             .on_changed = [](const auto&) {},
                                             .on_lost = [](const auto&) {}});
    {
        std::unique_lock lock(mutex);
        ASSERT_TRUE(changed.wait_for(lock, std::chrono::seconds(10), [&] { return connected; }));
    }
    const auto survey = survey_of(database);
    ASSERT_EQ(survey.nodes.size(), 1U);
    EXPECT_EQ(survey.nodes.front().name, node_name());
    EXPECT_TRUE(survey.nodes.front().since);
}

TEST(Survey, NeedsNoMoreThanTheRightToRead) {
    const TestDatabase database;
    database.run(R"(
        DO $$ BEGIN CREATE ROLE gazetted_surveyor; EXCEPTION WHEN duplicate_object THEN END $$;
        GRANT USAGE ON SCHEMA gazetted TO gazetted_surveyor;
        GRANT SELECT ON ALL TABLES IN SCHEMA gazetted TO gazetted_surveyor)");
    Store store(database.url_as("gazetted_surveyor"));
    EXPECT_NO_THROW(take_survey(store, now_utc()));
}

}  // namespace
}  // namespace gazetted
