#include "daemon/pages_status.hpp"

#include "tests/support/fake_site.hpp"

#include <gtest/gtest.h>

namespace gazetted {
namespace {

using namespace std::chrono_literals;

constexpr Instant now = std::chrono::sys_days{std::chrono::year{2021} / 12 / 8} + 10h;
const std::string hostile = "\"><script>alert(1)</script>'<b>&";

bool has(const std::string& page, std::string_view part) { return page.find(part) != std::string::npos; }

std::size_t count(const std::string& page, std::string_view part) {
    std::size_t found = 0;
    for (auto at = page.find(part); at != std::string::npos; at = page.find(part, at + part.size())) ++found;
    return found;
}

Survey survey_of(std::size_t categories) {
    Survey survey;
    survey.taken = now - 12s;
    survey.took = 8ms;
    survey.shown = 12'345;
    survey.categories_count = static_cast<std::int64_t>(categories);
    survey.newest = {.number = 7, .title = "The harbour", .published = now - 3min};
    for (std::size_t i = 0; i < categories; ++i)
        survey.categories.push_back({.slug = "c" + std::to_string(i) + "x",
                                     .title = "Category " + std::to_string(i) + "x",
                                     .articles = 40,
                                     .newest = now - (i + 1) * 1min});
    survey.standing.active = 3;
    return survey;
}

StatusView view_of(Survey survey) {
    StatusView view{.figures = {}, .board = {}, .database = {}, .now = now};
    view.board.daemon = {.base_url = "https://news.example", .title = "News", .polls = true};
    view.board.survey = std::make_shared<const Survey>(std::move(survey));
    view.up = 49h;
    return view;
}

std::vector<Fault> faults_in(const StatusView& view) { return faults_of(view.figures, view.board, view.database, view.now); }

/// The one fault that there is.
Fault fault_in(const StatusView& view) {
    const auto faults = faults_in(view);
    EXPECT_EQ(faults.size(), 1U);
    return faults.empty() ? Fault{} : faults.front();
}

// ---- the page

TEST(StatusPage, SaysThatAllIsWellWithVersionAndUptime) {
    const auto page = status_page(view_of(survey_of(2)));
    EXPECT_TRUE(has(page, "Nothing is wrong."));
    EXPECT_TRUE(has(page, "Gazetted " GAZETTED_VERSION " · up 2 days · as of"));
    EXPECT_TRUE(has(page, "<title>Status of News</title>"));
    EXPECT_TRUE(has(page, "<link rel=\"stylesheet\" href=\"/status.css\">"));
    EXPECT_FALSE(has(page, "<script"));
    EXPECT_FALSE(has(page, "style=")) << "its policy would not let it count";
}

TEST(StatusPage, NamesTheNewestArticleAndWhatThereIs) {
    const auto page = status_page(view_of(survey_of(2)));
    EXPECT_TRUE(has(page, "<a href=\"https://news.example/article/7\">The harbour</a>"));
    EXPECT_TRUE(has(page, "<time datetime=\"2021-12-08T09:57:00Z\">3 minutes ago</time>"));
    EXPECT_TRUE(has(page, "<dt>Articles</dt><dd>12,345</dd>"));
    EXPECT_TRUE(has(page, "<a href=\"https://news.example/category/c0x.html\">Category 0x</a>"));
    EXPECT_TRUE(has(page, "looked up 12 seconds ago, which took 8 ms"));
}

TEST(StatusPage, DrawsWhatHasHappened) {
    auto view = view_of(survey_of(0));
    for (int i = 0; i < 10; ++i)
        view.board.history.add({.time = std::chrono::steady_clock::time_point(i * 10s),
                                .responses = static_cast<std::uint64_t>(i) * 500,
                                .body_bytes = static_cast<std::uint64_t>(i) * 25'000,
                                .renderings = static_cast<std::uint64_t>(i)});
    const auto page = status_page(view);
    EXPECT_EQ(count(page, "<svg"), 4U);
    EXPECT_TRUE(has(page, "<span>Answers a second</span> <span>50 now</span>")) << page;
    EXPECT_TRUE(has(page, "<span>Bytes a second</span> <span>2.5 kB now</span>"));
    EXPECT_TRUE(has(page, "<span>Renderings a minute</span> <span>6 now</span>"));
    EXPECT_TRUE(has(page, "<span>Polls a minute</span> <span>0 now</span>"));
}

TEST(StatusPage, IsSmallHoweverMuchThereIs) {
    auto survey = survey_of(2'000);
    for (auto& category : survey.categories) category.title = std::string(2'000, 'x') + hostile;
    for (int i = 0; i < 1'000; ++i)
        survey.set_aside.push_back({.article_id = "a" + std::to_string(i), .path = "/all.atom", .reason = "too large"});
    survey.standing.failing = 900;
    for (int i = 0; i < 200; ++i)
        survey.failing.push_back({.slug = "s" + std::to_string(i), .url = "https://s.example/", .error = "no answer"});
    auto view = view_of(std::move(survey));
    for (int i = 0; i < 361; ++i)
        view.board.history.add(
            {.time = std::chrono::steady_clock::time_point(i * 10s), .responses = static_cast<std::uint64_t>(i * i * 17)});
    const auto page = status_page(view);
    EXPECT_LT(page.size(), 64'000U);
    EXPECT_EQ(count(page, "<tr><td>"), status_categories_a_page);
    EXPECT_TRUE(has(page, "2,000 categories"));
    EXPECT_TRUE(has(page, "and 990 more"));
    EXPECT_TRUE(has(page, "and 890 more"));
}

TEST(StatusPage, TurnsItsPagesToTheLast) {
    const auto view = view_of(survey_of(120));
    const auto first = status_page(view), last = status_page(view, {.page = 3, .find = ""});
    EXPECT_TRUE(has(first, "<span>Page 1 of 3</span> <a href=\"/status?page=2#categories\" rel=\"next\">Older</a>")) << first;
    EXPECT_FALSE(has(first, "rel=\"prev\""));
    EXPECT_EQ(count(last, "<tr><td>"), 20U);
    EXPECT_TRUE(has(last, "Category 119x"));
    EXPECT_FALSE(has(last, "rel=\"next\""));
    EXPECT_EQ(status_page(view, {.page = 4, .find = ""}), last);
}

TEST(StatusPage, FindsCategoriesWhateverTheirCase) {
    auto survey = survey_of(300);
    survey.categories[7].title = "人民邮电报";
    const auto view = view_of(std::move(survey));
    EXPECT_EQ(count(status_page(view, {.page = 1, .find = "C29X"}), "<tr><td>"), 1U);
    EXPECT_TRUE(has(status_page(view, {.page = 1, .find = "邮电"}), "/category/c7x.html"));
    const auto many = status_page(view, {.page = 1, .find = "category 2"});
    EXPECT_TRUE(has(many, "111 found"));
    EXPECT_TRUE(has(many, "/status?page=2&amp;find=category%202#categories"));
    const auto none = status_page(view, {.page = 1, .find = hostile});
    EXPECT_TRUE(has(none, "0 found"));
    EXPECT_FALSE(has(none, "<script"));
    EXPECT_FALSE(has(none, "<table"));
}

TEST(StatusPage, EscapesHostileTextsInEveryPlace) {
    auto survey = survey_of(0);
    survey.newest->title = hostile;
    survey.categories = {{.slug = "a b\"<script>", .title = hostile, .set_aside = 1}, {.slug = hostile, .title = ""}};
    survey.set_aside = {{.article_id = hostile, .path = hostile, .reason = hostile}};
    survey.failing = {{.slug = hostile, .url = "javascript:alert(1)", .error = hostile}};
    survey.standing.failing = 1;
    survey.nodes = {{.name = hostile}};
    auto view = view_of(std::move(survey));
    view.board.daemon.title = hostile;
    view.board.daemon.base_url = "https://news.example/\"onmouseover=\"alert(1)";
    view.database = {.available = false, .reason = hostile};
    const auto page = status_page(view);
    EXPECT_FALSE(has(page, "<script"));
    EXPECT_FALSE(has(page, "<b>"));
    EXPECT_FALSE(has(page, "\"onmouseover"));
    EXPECT_FALSE(has(page, "href=\"javascript:"));
    EXPECT_TRUE(has(page, "(1 set aside)"));
}

TEST(StatusPage, IsThereWithoutADatabase) {
    auto view = view_of({});
    view.board.survey = nullptr;
    view.database = {.available = false, .reason = "could not connect to server"};
    const auto page = status_page(view);
    EXPECT_TRUE(has(page, "<strong>The database is away: could not connect to server.</strong>"));
    EXPECT_TRUE(has(page, "could not be looked up yet"));
    EXPECT_EQ(count(page, "<svg"), 4U);
}

TEST(StatusPage, SaysWhichOfTheNodesItIs) {
    auto survey = survey_of(0);
    survey.nodes = {{.name = node_name(), .since = now - 49h}, {.name = "gazetted 0.0.9 on other, process 3"}};
    const auto page = status_page(view_of(std::move(survey)));
    EXPECT_TRUE(has(page, "<li>" + node_name() + " (this one), connected for 2 days</li>")) << page;
    EXPECT_TRUE(has(page, "<li>gazetted 0.0.9 on other, process 3</li>"));
}

TEST(StatusQuery, TakesWhatItKnowsAndNothingElse) {
    EXPECT_EQ(parse_status_query("").page, 1U);
    EXPECT_EQ(parse_status_query("page=7&find=a+b%26").page, 7U);
    EXPECT_EQ(parse_status_query("page=7&find=a+b%26").find, "a b&");
    for (const auto* wrong : {"page=", "page=-1", "page=0", "page=1x", "page=99999999999999999999999", "pages=3", "&&=&"})
        EXPECT_EQ(parse_status_query(wrong).page, 1U) << wrong;
    EXPECT_EQ(parse_status_query("find=%ff%00").find, "\xef\xbf\xbd");
    const std::string longest(StatusQuery::find_bytes_max, 'a');
    EXPECT_EQ(parse_status_query("find=" + longest + "b").find, longest);
}

// ---- what is wrong, and what to do

TEST(Faults, AreNoneWhereNothingIsWrong) { EXPECT_TRUE(faults_in(view_of(survey_of(3))).empty()); }

TEST(Faults, TellOfADatabaseThatIsAway) {
    auto view = view_of(survey_of(0));
    view.database = {.available = false, .reason = "the server closed the connection"};
    view.board.failure = "the same";
    const auto fault = fault_in(view);
    EXPECT_TRUE(fault.is_grave);
    EXPECT_EQ(fault.what, "The database is away: the server closed the connection.");
    EXPECT_TRUE(has(fault.remedy, "PostgreSQL"));
}

TEST(Faults, TellOfArticlesThatAreSetAside) {
    auto survey = survey_of(0);
    survey.set_aside = {{.article_id = "urn:7", .path = "/all.rss", .reason = "it is too large"}};
    const auto fault = fault_in(view_of(std::move(survey)));
    EXPECT_EQ(fault.what, "1 place lacks an article because the feed would not be valid with it.");
    EXPECT_EQ(fault.cases, std::vector<std::string>{"urn:7 is left out of /all.rss: it is too large"});
}

TEST(Faults, TellOfSourcesThatFailOrAreSilentAndForHowLong) {
    auto survey = survey_of(0);
    survey.standing.failing = 1;
    survey.standing.silent = 12;
    survey.failing = {
        {.slug = "gov", .url = "https://gov.example/feed", .error = "404: ask for another address", .since = now - 49h}};
    survey.silent = {{.slug = "sea", .url = "https://sea.example/", .error = "", .since = now - 5min}};
    const auto faults = faults_in(view_of(std::move(survey)));
    ASSERT_EQ(faults.size(), 2U);
    EXPECT_EQ(faults[0].what, "1 source does not answer as it should.");
    EXPECT_EQ(faults[0].cases.at(0), "gov (https://gov.example/feed) for 2 days: 404: ask for another address");
    EXPECT_EQ(faults[1].what, "12 sources have had nothing new for longer than usual.");
    EXPECT_EQ(faults[1].cases_more, 11U);
}

TEST(Faults, TellOfPollsThatAllFailed) {
    auto view = view_of(survey_of(0));
    const auto polled = [&](std::uint64_t all, std::uint64_t failed) {
        view.board.history = {};
        view.board.history.add({.time = {}});
        view.board.history.add({.time = std::chrono::steady_clock::time_point(10min), .polls = all, .failed_polls = failed});
        return faults_in(view);
    };
    EXPECT_TRUE(polled(4, 4).empty()) << "too few to tell";
    EXPECT_TRUE(polled(50, 49).empty());
    ASSERT_EQ(polled(50, 50).size(), 1U);
    EXPECT_EQ(polled(50, 50).front().what, "All 50 polls within the last 10 minutes failed.");
}

TEST(Faults, TellWhoDoesNotPoll) {
    auto survey = survey_of(0);
    survey.standing.lag = 301s;
    auto view = view_of(survey);
    EXPECT_TRUE(has(fault_in(view).remedy, "polling.transfers_max"));
    view.board.daemon.polls = false;
    EXPECT_TRUE(has(fault_in(view).remedy, "polling.enabled"));
    survey.standing.lag = 300s;
    EXPECT_TRUE(faults_in(view_of(survey)).empty());
}

TEST(Faults, TellOfLimitsThatWereMet) {
    auto view = view_of(survey_of(0));
    view.board.history.add({.time = {}});
    view.board.history.add({.time = std::chrono::steady_clock::time_point(1h),
                            .refused_connections = 3,
                            .failed_renderings = 2,
                            .evictions = 1,
                            .lost_access_lines = 4});
    const auto faults = faults_in(view);
    ASSERT_EQ(faults.size(), 4U);
    EXPECT_EQ(faults[0].what, "2 renderings failed within the last 1 hour.");
    EXPECT_EQ(faults[1].what, "3 connections were refused within the last 1 hour.");
    EXPECT_EQ(faults[2].what, "1 document had to make room for others within the last 1 hour.");
    EXPECT_EQ(faults[3].what, "4 lines of the access log found no room within the last 1 hour.");
}

TEST(Faults, TellOfACertificateThatEnds) {
    auto view = view_of(survey_of(0));
    const auto ends = [&](Instant instant) {
        view.figures.certificate_expires_s = std::chrono::duration<double>(instant.time_since_epoch()).count();
        return faults_in(view);
    };
    EXPECT_TRUE(ends(now + std::chrono::days(15)).empty());
    EXPECT_EQ(ends(now + std::chrono::days(3)).at(0).what, "The certificate expires in 3 days.");
    EXPECT_FALSE(ends(now + std::chrono::days(3)).at(0).is_grave);
    EXPECT_EQ(ends(now - 2h).at(0).what, "The certificate has expired 2 hours ago.");
    EXPECT_TRUE(ends(now - 2h).at(0).is_grave);
}

TEST(Faults, TellThatTheDatabaseCouldNotBeLookedAt) {
    auto view = view_of(survey_of(0));
    view.board.failure = "permission denied for table subscriptions";
    EXPECT_TRUE(has(fault_in(view).what, "permission denied"));
    view.board.failure.clear();
    view.now = now + 3h;
    EXPECT_EQ(fault_in(view).what, "The tables on this page are 3 hours old.");
}

// ---- over the listener

TEST(StatusListener, AnswersThePageAndWhatItLooksLike) {
    RunningServer running;
    const auto page = fetch(running.status_port(), "/status?page=2");
    EXPECT_TRUE(page.starts_with("HTTP/1.1 200 OK\r\n"));
    EXPECT_TRUE(has(page, "Content-Type: text/html; charset=utf-8\r\nCache-Control: no-store\r\n"));
    EXPECT_TRUE(has(page, "Content-Security-Policy: default-src 'none'; style-src 'self'; "));
    EXPECT_FALSE(has(page, "sandbox")) << "its form could not be sent";
    for (const auto* sheet : {"/style.css", "/status.css"}) {
        const auto css = fetch(running.status_port(), sheet);
        EXPECT_TRUE(css.starts_with("HTTP/1.1 200 OK\r\n")) << css;
        EXPECT_TRUE(has(css, "Content-Type: text/css; charset=utf-8\r\n"));
        EXPECT_TRUE(has(css, "prefers-color-scheme: dark"));
    }
    EXPECT_TRUE(fetch(running.status_port(), "/status", "", "POST").starts_with("HTTP/1.1 405"));
}

TEST(StatusListener, ShowsNothingOfItToThePublic) {
    RunningServer running;
    for (const auto* path : {"/status", "/metrics", "/status.css"})
        EXPECT_TRUE(fetch(running.port(), path).starts_with("HTTP/1.1 404")) << path;
}

TEST(StatusListener, SaysWhatTheDaemonKnows) {
    RunningServer running;
    running.board.describe({.base_url = "https://news.example", .title = "News", .polls = true});
    running.board.note(survey_of(3));
    EXPECT_TRUE(has(fetch(running.status_port(), "/status"), "3 categories"));
    EXPECT_TRUE(running.board.is_read(std::chrono::steady_clock::now()));
}

}  // namespace
}  // namespace gazetted
