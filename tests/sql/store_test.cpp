#include "daemon/store.hpp"
#include "tests/support/test_database.hpp"

#include <gtest/gtest.h>

namespace gazetted {
namespace {

using namespace std::chrono_literals;

Instant at(int day, int seconds = 0) {
    return std::chrono::sys_days(std::chrono::year(2021) / 12 / day) + std::chrono::seconds(seconds);
}

Article article(const std::string& id, Instant published, std::vector<std::string> slugs = {"news"}) {
    Article made;
    made.id = id;
    made.url = "https://example.org/" + id;
    made.title = "Title of " + id;
    made.content = "<p>Text of " + id + "</p>";
    made.published = published;
    for (const std::string& slug : slugs) made.categories.push_back({slug, ""});
    return made;
}

struct StoreTest : testing::Test {
    TestDatabase database;
    Store store{database.url()};
    std::int64_t source = store.source("site", "A site", "https://example.org/");

    void merge(const std::vector<Article>& articles) { store.merge_articles(source, articles); }
    void categories(const std::vector<CategoryTerm>& terms) { store.merge_categories(terms); }
    std::vector<std::string> ids(const std::string& slug, std::size_t articles_max = 50) {
        std::vector<std::string> found;
        const auto window = store.newest({slug}, articles_max);
        for (const Article& one : window.value().articles) found.push_back(one.id);
        return found;
    }
};

using Strings = std::vector<std::string>;

TEST_F(StoreTest, FindsNoCategoryThatDoesNotExist) { EXPECT_FALSE(store.newest({"nothing"}, 50)); }

TEST_F(StoreTest, ShowsAnEmptyCategoryWithItsHead) {
    categories({{"news", "The news"}});
    const auto window = store.newest({"news"}, 50);
    ASSERT_TRUE(window);
    EXPECT_EQ(window->head.title, "The news");
    EXPECT_GT(window->head.category_id, 0);
    EXPECT_TRUE(window->articles.empty());
    EXPECT_FALSE(window->due);
}

TEST_F(StoreTest, GivesTheNewestArticlesFirstAndEqualTimesById) {
    categories({{"news", ""}, {"other", ""}});
    merge({article("a", at(1)), article("c", at(2)), article("b", at(2)), article("d", at(3), {"other"})});
    EXPECT_EQ(ids("news"), (Strings{"c", "b", "a"}));
    EXPECT_EQ(ids("news", 2), (Strings{"c", "b"}));
    EXPECT_EQ(ids(""), (Strings{"d", "c", "b", "a"}));
}

TEST_F(StoreTest, HoldsBackAnUpdateToCome) {
    categories({{"news", ""}});
    merge({article("polled", at(1))});
    database.run(
        "UPDATE articles SET updated = '2099-01-01Z' WHERE id = 'polled';"
        "INSERT INTO articles (id, title, published, updated, changed) VALUES ('held', 'Held', '2098-01-01Z', '2098-06-01Z', "
        "now());"
        "INSERT INTO article_categories (article_id, category_id) SELECT 'held', id FROM categories");
    const auto window = store.newest({"news"}, 50, {}, at(1) + 80 * 365 * 24h);
    ASSERT_EQ(window->articles.size(), 2U);
    EXPECT_EQ(window->articles[0].updated, window->articles[0].published) << "it is published after it was written";
    const auto changed = database.value("SELECT microseconds(changed) FROM articles WHERE id = 'polled'");
    EXPECT_EQ(std::to_string(window->articles[1].updated->time_since_epoch() / 1us), changed);
    EXPECT_EQ(database.value("SELECT updated = '2099-01-01Z' FROM articles WHERE id = 'polled'"), "t")
        << "what was written stays";
}

TEST_F(StoreTest, GivesBackEveryFieldOfAnArticle) {
    categories({{"news", "The news"}, {"人民", "人民邮电报"}});
    Article given = article("tag:example.org,2021:x", at(8, 37) + 123456us, {"news", "人民"});
    given.authors = {{"Ann \"A\" Author", "ann@example.org", "https://example.org/ann"}, {"王", "", ""}};
    given.summary = "short \\ and\ttabbed\nlines";
    given.language = "zh";
    given.updated = at(9);
    given.tags = {{"a,b"}, {"{\"x\"}", "https://example.org/tags", "X"}, {"标签"}};
    given.enclosures = {{"https://example.org/a.mp3", "audio/mpeg", 12'345},
                        {"https://example.org/b", "image/png", std::nullopt}};
    merge({given});

    const auto window = store.newest({"人民"}, 50);
    ASSERT_EQ(window.value().articles.size(), 1U);
    const Article& found = window->articles.front();
    EXPECT_EQ(found.id, given.id);
    EXPECT_GT(found.number, 0);
    EXPECT_EQ(found.url, given.url);
    EXPECT_EQ(found.title, given.title);
    EXPECT_EQ(found.authors, given.authors);
    EXPECT_EQ(found.summary, given.summary);
    EXPECT_EQ(found.content, given.content);
    EXPECT_EQ(found.language, "zh");
    EXPECT_EQ(found.published, given.published);
    EXPECT_EQ(found.updated, given.updated);
    EXPECT_FALSE(found.withdrawn);
    EXPECT_EQ(found.categories, (std::vector<CategoryTerm>{{"news", "The news"}, {"人民", "人民邮电报"}}));
    EXPECT_EQ(found.tags, given.tags);
    EXPECT_EQ(found.enclosures, given.enclosures);
    EXPECT_EQ(store.article_number(given.id), found.number);
    EXPECT_EQ(store.article(found.number).value().article.content, given.content);
}

TEST_F(StoreTest, SelectsByTagAuthorAndSource) {
    categories({{"news", ""}});
    Article one = article("a", at(1)), other = article("b", at(2));
    one.tags = {{"x"}, {"标签"}};
    other.tags = {{"x", "https://example.org/tags", "X"}};
    one.authors = {{"Ann", "", ""}};
    merge({one, other});
    const auto found = [&](const std::string& name, SelectionKind kind) {
        std::vector<std::string> found_ids;
        const auto window = store.newest({name, kind}, 50);
        if (!window) return std::vector<std::string>{"nothing"};
        for (const Article& each : window->articles) found_ids.push_back(each.id);
        return found_ids;
    };
    EXPECT_EQ(found("x", SelectionKind::tag), (Strings{"b", "a"}));
    EXPECT_EQ(found("标签", SelectionKind::tag), (Strings{"a"}));
    EXPECT_EQ(found("Ann", SelectionKind::author), (Strings{"a"}));
    EXPECT_EQ(found("site", SelectionKind::source), (Strings{"b", "a"}));
    EXPECT_EQ(store.newest({"site", SelectionKind::source}, 50)->head.title, "A site");
    EXPECT_EQ(store.newest({"x", SelectionKind::tag}, 50)->head.title, "x");
    for (const auto kind : {SelectionKind::tag, SelectionKind::author, SelectionKind::source})
        EXPECT_EQ(found("nobody", kind), (Strings{"nothing"}));
    EXPECT_EQ(found("Ann", SelectionKind::tag), (Strings{"nothing"}));
}

TEST_F(StoreTest, KnowsATagOnlyWhileAnArticleThatCameHasIt) {
    categories({{"news", ""}});
    Article held = article("held", std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()) + 1h);
    held.tags = {{"secret"}};
    merge({held});
    const Selection secret{"secret", SelectionKind::tag};
    EXPECT_FALSE(store.newest(secret, 50));
    EXPECT_TRUE(store.newest(secret, 50, {}, held.published));
    Article untagged = held;
    untagged.tags = {};
    merge({untagged});
    EXPECT_FALSE(store.newest(secret, 50, {}, held.published));
}

/// With all that few articles have.
Article full_article() {
    Article given = article("full", at(8));
    given.direction = "rtl";
    given.rights = "© \\ \"us\"";
    given.comments_link = "https://example.org/full#talk";
    given.location = {.point = Point{.latitude = -33.456, .longitude = 0.1}, .name = "Santiago"};
    given.episode = {.season = 0, .number = 12, .kind = "bonus", .is_explicit = false};
    given.enclosures = {{.url = "https://example.org/a.mp3",
                         .media_type = "audio/mpeg",
                         .length_bytes = 1,
                         .role = EnclosureRole::enclosure,
                         .title = "A \"title\"",
                         .language = "he",
                         .duration = 61s},
                        {.url = "https://example.org/a.png",
                         .media_type = "image/png",
                         .length_bytes = {},
                         .role = EnclosureRole::thumbnail,
                         .width = 30,
                         .height = 20}};
    given.origin = Origin{.entry_id = "7",
                          .entry_link = "https://origin.example/7",
                          .feed_id = "urn:x",
                          .feed_link = "https://origin.example/feed",
                          .home_link = "https://origin.example/",
                          .title = "Origin",
                          .subtitle = "Sub",
                          .icon = "https://origin.example/i",
                          .logo = "https://origin.example/l",
                          .rights = "R",
                          .language = "he",
                          .authors = {{"Dana", "dana@example.org", ""}}};
    return given;
}

TEST_F(StoreTest, GivesBackWhatFewArticlesHave) {
    categories({{"news", ""}});
    Article given = full_article();
    given.tags = {{"t", "https://example.org/tags", "T"}};
    given.authors = {{"Ann", "", ""}};
    merge({given});
    const auto number = store.article_number("full").value();
    std::vector<Article> all = {store.archive({}, 0, number, 50).value().articles.at(0)};
    for (const Selection& selection :
         {Selection{"news"}, Selection{}, Selection{"t", SelectionKind::tag}, Selection{"Ann", SelectionKind::author},
          Selection{"site", SelectionKind::source}, Selection{"news+tag:t", SelectionKind::combination}}) {
        all.push_back(store.newest(selection, 50).value().articles.at(0));
    }
    for (const Article& found : all) {
        EXPECT_EQ(found.tags, given.tags);
        EXPECT_EQ(found.direction, given.direction);
        EXPECT_EQ(found.rights, given.rights);
        EXPECT_EQ(found.comments_link, given.comments_link);
        EXPECT_EQ(found.location, given.location);
        EXPECT_EQ(found.episode, given.episode);
        EXPECT_EQ(found.enclosures, given.enclosures);
        EXPECT_EQ(found.origin, given.origin);
    }
    EXPECT_EQ(store.article(number)->article.origin, given.origin);
}

TEST_F(StoreTest, WritesAnArticleAgainWhereAnyOfItsMembersChanged) {
    categories({{"news", ""}});
    const std::vector<void (*)(Article&)> changes = {
        [](Article& a) { a.direction = "ltr"; },
        [](Article& a) { a.rights = ""; },
        [](Article& a) { a.comments_link = ""; },
        [](Article& a) { a.location.point->longitude = 0.2; },
        [](Article& a) { a.location.point.reset(); },
        [](Article& a) { a.location.name = ""; },
        [](Article& a) { a.episode.season.reset(); },
        [](Article& a) { a.episode.number = 13; },
        [](Article& a) { a.episode.kind = "full"; },
        [](Article& a) { a.episode.is_explicit = true; },
        [](Article& a) { a.origin->title = "Another"; },
        [](Article& a) { a.origin.reset(); },
        [](Article& a) { a.enclosures[0].title = ""; },
        [](Article& a) { a.enclosures[0].duration = 62s; },
        [](Article& a) { a.enclosures[1].role = EnclosureRole::media; },
        [](Article& a) { a.enclosures[1].width.reset(); },
        [](Article& a) {
            a.tags = {{"t", "https://example.org/tags", "T"}};
        },
        [](Article& a) {
            a.tags = {{"t", "", "T"}};
        },
        [](Article& a) {
            a.tags = {{"t", "", "t"}};
        },
    };
    Article given = full_article();
    given.tags = {{"t"}};
    merge({given});
    for (std::size_t i = 0; i < changes.size(); ++i) {
        EXPECT_EQ(store.merge_articles(source, {&given, 1}).unchanged, 1) << i;
        const auto before = store.revisions().at(0);
        changes[i](given);
        EXPECT_EQ(store.merge_articles(source, {&given, 1}).updated, 1) << i;
        EXPECT_GT(store.revisions().at(0), before) << i;
    }
    const Article found = store.newest({"news"}, 50).value().articles.at(0);
    EXPECT_EQ(found.location, given.location);
    EXPECT_EQ(found.origin, std::nullopt);
    EXPECT_EQ(found.tags, given.tags);
    EXPECT_EQ(found.enclosures, given.enclosures);
}

TEST_F(StoreTest, GivesACategoryTheSitesProfileWhereItHasNone) {
    categories({{"news", ""}, {"own", ""}});
    database.run(R"(
        UPDATE site SET icon_url = 'https://e/i', logo_url = 'https://e/l', rights = 'R', entry_link = 'page';
        UPDATE categories SET icon_url = 'https://e/own', entry_link = 'source', podcast_category = 'Arts', podcast_explicit = true
         WHERE slug = 'own')");
    const auto inherited = store.newest({"news"}, 50).value().head.profile;
    EXPECT_EQ(inherited.icon, "https://e/i");
    EXPECT_EQ(inherited.logo, "https://e/l");
    EXPECT_EQ(inherited.rights, "R");
    EXPECT_EQ(inherited.entry_link, EntryLink::page);
    EXPECT_FALSE(inherited.podcast);
    const auto own = store.newest({"own"}, 50).value().head.profile;
    EXPECT_EQ(own.icon, "https://e/own");
    EXPECT_EQ(own.logo, "https://e/l");
    EXPECT_EQ(own.entry_link, EntryLink::source);
    EXPECT_EQ(own.podcast, (Podcast{"Arts", true}));
    EXPECT_EQ(store.newest({}, 50).value().head.profile.entry_link, EntryLink::page);
}

TEST_F(StoreTest, GivesTagsAuthorsSourcesAndCombinationsTheSitesProfile) {
    categories({{"own", ""}});
    Article given = article("a", at(1));
    given.tags = {{"t"}};
    given.authors = {{"Ann", "", ""}};
    given.categories = {{"own", ""}};
    merge({given});
    database.run(R"(
        UPDATE site SET icon_url = 'https://e/i', logo_url = 'https://e/l', rights = 'R', entry_link = 'page';
        UPDATE categories SET icon_url = 'https://e/own', entry_link = 'source', podcast_category = 'Arts')");
    for (const Selection& selection :
         {Selection{"t", SelectionKind::tag}, Selection{"Ann", SelectionKind::author}, Selection{"site", SelectionKind::source},
          Selection{"own+tag:t", SelectionKind::combination}}) {
        const auto profile = store.newest(selection, 50).value().head.profile;
        EXPECT_EQ(profile.icon, "https://e/i") << selection.name;
        EXPECT_EQ(profile.logo, "https://e/l") << selection.name;
        EXPECT_EQ(profile.rights, "R") << selection.name;
        EXPECT_EQ(profile.entry_link, EntryLink::page) << selection.name;
        EXPECT_FALSE(profile.podcast) << selection.name;
    }
}

TEST_F(StoreTest, LetsASourcesFeedPointWhereTheOperatorSays) {
    categories({{"news", ""}});
    merge({article("a", at(1))});
    const Selection site{"site", SelectionKind::source};
    const auto revision = store.newest(site, 50).value().head.revision;
    database.run("UPDATE sources SET entry_link = 'page' WHERE slug = 'site'");
    EXPECT_EQ(store.newest(site, 50).value().head.profile.entry_link, EntryLink::page);
    EXPECT_GT(store.newest(site, 50).value().head.revision, revision);
    EXPECT_EQ(store.newest({}, 50).value().head.profile.entry_link, EntryLink::source);
}

TEST_F(StoreTest, RaisesRevisionsWhereAProfileChanges) {
    categories({{"news", ""}, {"other", ""}});
    const auto news = store.newest({"news"}, 50).value().head.category_id;
    const auto other = store.newest({"other"}, 50).value().head.category_id;
    const auto before = store.revisions();
    database.run("UPDATE categories SET logo_url = 'https://e/l', entry_link = 'page' WHERE slug = 'news'");
    const auto after = store.revisions();
    EXPECT_GT(after.at(news), before.at(news));
    EXPECT_EQ(after.at(other), before.at(other));
    database.run("UPDATE site SET rights = 'R'");
    EXPECT_GT(store.revisions().at(other), after.at(other));
    const auto of_source = store.newest({"site", SelectionKind::source}, 50).value().head.category_id;
    EXPECT_GT(store.revisions().at(of_source), after.at(of_source));
}

TEST_F(StoreTest, ForgetsWhatIsSetAsideOnceTheArticleChanges) {
    categories({{"news", ""}});
    merge({article("a", at(1))});
    const auto revision = store.newest({}, 50).value().articles.at(0).revision;
    EXPECT_TRUE(store.note_set_aside({"a", "/all.atom", "no reason"}, revision));
    EXPECT_TRUE(store.note_set_aside({"a", "/all.atom", "a reason"}, revision));
    EXPECT_TRUE(store.note_set_aside({"gone", "/all.atom", "a reason"}, 1));
    const auto noted = store.set_aside();
    ASSERT_EQ(noted.size(), 1U);
    EXPECT_EQ(noted[0].article_id, "a");
    EXPECT_EQ(noted[0].path, "/all.atom");
    EXPECT_EQ(noted[0].reason, "a reason");
    database.run("UPDATE articles SET title = 'Better'");
    EXPECT_TRUE(store.set_aside().empty());
}

KnownArticle known(const Article& article) {
    return {.revision = article.revision, .published = article.published, .updated = article.updated};
}

TEST_F(StoreTest, SendsNothingOfArticlesThatAreKnown) {
    categories({{"news", ""}});
    Article corrected = article("c", at(3));
    corrected.updated = at(4);
    merge({article("a", at(1)), article("b", at(2)), corrected});
    for (const std::string slug : {"news", ""}) {
        const auto before = store.newest({slug}, 50)->articles;
        const auto window = store.newest({slug}, 50, {{"c", known(before[0])}, {"b", {}}, {"nowhere", known(before[0])}});
        ASSERT_EQ(window->articles.size(), 3U);
        EXPECT_EQ(window->articles[0].id, "c");
        EXPECT_EQ(window->articles[0].title, "");
        EXPECT_EQ(window->articles[0].revision, before[0].revision);
        EXPECT_EQ(window->articles[0].published, at(3));
        EXPECT_EQ(window->articles[0].updated, at(4));
        EXPECT_EQ(window->articles[1].content, "<p>Text of b</p>") << "another revision";
        EXPECT_EQ(window->articles[2].content, "<p>Text of a</p>");
    }
}

TEST_F(StoreTest, GivesTheHeadAndTheOrderWhereAllArticlesAreKnown) {
    categories({{"news", "The news"}});
    merge({article("a", at(1)), article("b", at(2))});
    const auto before = store.newest({"news"}, 50);
    KnownArticles all;
    for (const Article& one : before->articles) all.emplace(one.id, known(one));
    const auto window = store.newest({"news"}, 50, all);
    EXPECT_EQ(window->head.title, "The news");
    ASSERT_EQ(window->articles.size(), 2U);
    EXPECT_EQ(window->articles[0].id, "b");
    EXPECT_EQ(window->articles[1].id, "a");
}

TEST_F(StoreTest, ShowsHeldArticlesAsOfATimeToCome) {
    categories({{"news", ""}});
    const Instant later = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()) + 1h;
    merge({article("a", at(1)), article("soon", later), article("late", later + 1us)});
    for (const std::string slug : {"news", ""}) {
        const auto window = store.newest({slug}, 50, {}, later);
        ASSERT_EQ(window->articles.size(), 2U);
        EXPECT_EQ(window->articles[0].id, "soon");
        EXPECT_EQ(window->due, later + 1us);
        EXPECT_EQ(store.newest({slug}, 50, {}, at(1) - 1h)->articles.size(), 1U) << "a time that is over";
    }
}

TEST_F(StoreTest, HoldsAnArticleOfTheFutureBackAndSaysWhenItIsDue) {
    categories({{"news", ""}});
    const Instant later = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()) + 1h;
    merge({article("a", at(1)), article("soon", later), article("late", later + 1h)});
    EXPECT_EQ(ids("news"), (Strings{"a"}));
    EXPECT_EQ(store.newest({"news"}, 50)->due, later);
    EXPECT_EQ(store.newest({}, 50)->due, later);
    EXPECT_FALSE(store.article(store.article_number("soon").value()));
    EXPECT_EQ(store.catalogue().categories.front().newest, at(1));
}

TEST_F(StoreTest, LeavesWithdrawnArticlesOutButFindsThemByNumber) {
    categories({{"news", ""}});
    merge({article("a", at(1)), article("b", at(2))});
    EXPECT_EQ(store.withdraw_others(source, {"a"}), 1);
    EXPECT_EQ(store.withdraw_others(source, {"a"}), 0);
    EXPECT_EQ(ids("news"), (Strings{"a"}));
    EXPECT_EQ(ids(""), (Strings{"a"}));
    EXPECT_TRUE(store.article(store.article_number("b").value())->article.withdrawn);
}

TEST_F(StoreTest, CountsWhatAMergeAddedUpdatedAndLeftAlone) {
    categories({{"news", ""}, {"other", ""}});
    std::vector<Article> articles = {article("a", at(1)), article("b", at(2)), article("c", at(3))};
    MergeCounts counts = store.merge_articles(source, articles);
    EXPECT_EQ(counts.added, 3);
    const auto revisions = store.revisions();

    counts = store.merge_articles(source, articles);
    EXPECT_EQ(counts.added + counts.updated, 0);
    EXPECT_EQ(counts.unchanged, 3);
    EXPECT_EQ(store.revisions(), revisions);

    articles[0].title = "Another";
    articles[1].categories = {{"other", ""}};
    counts = store.merge_articles(source, articles);
    EXPECT_EQ(counts.updated, 2);
    EXPECT_EQ(counts.unchanged, 1);
    EXPECT_EQ(ids("other"), (Strings{"b"}));
    EXPECT_EQ(ids("news"), (Strings{"c", "a"}));

    articles[2].tags = {{"x"}};
    EXPECT_EQ(store.merge_articles(source, articles).updated, 1);
    articles[2].enclosures = {{"https://example.org/a.mp3", "audio/mpeg", 1}};
    EXPECT_EQ(store.merge_articles(source, articles).updated, 1);
    articles[2].enclosures[0].length_bytes = 2;
    EXPECT_EQ(store.merge_articles(source, articles).updated, 1);
    EXPECT_EQ(store.merge_articles(source, articles).updated, 0);
}

TEST_F(StoreTest, LeavesAnotherSourcesArticleAlone) {
    categories({{"news", ""}, {"other", ""}});
    merge({article("a", at(1))});
    Article stolen = article("a", at(2), {"other"});
    const MergeCounts counts = store.merge_articles(store.source("elsewhere", "", ""), {&stolen, 1});
    EXPECT_EQ(counts.unchanged, 1);
    EXPECT_EQ(ids("news"), (Strings{"a"}));
    EXPECT_EQ(ids("other"), Strings{});
}

TEST_F(StoreTest, RefusesAnUnknownCategoryAndWritesNothingThen) {
    const std::vector<Article> articles = {article("a", at(1), {"unheard"})};
    EXPECT_THROW(store.merge_articles(source, articles), std::runtime_error);
    EXPECT_FALSE(store.article_number("a"));
}

TEST_F(StoreTest, ListsTheCatalogueByTitleAndThenSlug) {
    categories({{"z", "Alpha"}, {"beta", ""}, {"a", "Alpha"}});
    const Catalogue catalogue = store.catalogue();
    ASSERT_EQ(catalogue.categories.size(), 3U);
    EXPECT_EQ(catalogue.categories[0].slug, "a");
    EXPECT_EQ(catalogue.categories[1].slug, "z");
    EXPECT_EQ(catalogue.categories[2].slug, "beta");
}

TEST_F(StoreTest, DescribesTheSiteWithoutForgettingWhatItWasTold) {
    store.describe_site("Title", "About", "zh", "Ann", 1);
    store.describe_site("Other", "", "", "", 1);
    const SelectionHead head = store.catalogue().site;
    EXPECT_EQ(head.title, "Other");
    EXPECT_EQ(head.description, "About");
    EXPECT_EQ(head.author, "Ann");
}

}  // namespace
}  // namespace gazetted
