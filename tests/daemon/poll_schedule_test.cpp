#include "daemon/poll_schedule.hpp"

#include <gtest/gtest.h>

namespace gazetted {
namespace {

using namespace std::chrono_literals;
using std::chrono::hours;

/// An upstream and a clock that the test moves; each poll happens when it is due.
struct Upstream {
    PollManners manners;
    PollState state;
    Instant now = std::chrono::sys_days(std::chrono::year(2026) / 3 / 2) + 9h;  // a Monday
    PollReport report{.outcome = PollOutcome::whole, .etag = "\"1\""};

    void poll(double jitter = 0) {
        now = std::max(now, state.next_poll);
        state = polled(state, report, manners, now, jitter);
    }
    std::chrono::seconds pause() const { return std::chrono::duration_cast<std::chrono::seconds>(state.next_poll - now); }
};

PollReport unchanged() { return {.outcome = PollOutcome::unchanged}; }
PollReport failed() { return {.outcome = PollOutcome::failed}; }
PollReport gone() { return {.outcome = PollOutcome::gone}; }

TEST(PollSchedule, AsksWithAValidatorOnceAnHour) {
    Upstream upstream;
    upstream.poll();
    EXPECT_EQ(upstream.pause(), 1h);
    upstream.report = unchanged();
    upstream.poll();
    EXPECT_EQ(upstream.pause(), 1h);
}

TEST(PollSchedule, AsksWithoutAValidatorOnceADay) {
    Upstream upstream;
    upstream.report.etag = "";
    upstream.poll();
    EXPECT_EQ(upstream.pause(), 24h);
}

TEST(PollSchedule, AsksWithoutAValidatorOnceADayAlsoWhereTheAnswerIsNoFeed) {
    Upstream upstream;
    upstream.report = {.outcome = PollOutcome::failed, .was_whole = true};
    for (int i = 0; i < 3; ++i) {
        upstream.poll();
        EXPECT_EQ(upstream.pause(), 24h);
    }
}

TEST(PollSchedule, KeepsValidatorsByteForByte) {
    Upstream upstream;
    upstream.report.etag = "W/\"a b\\\"c\"";
    upstream.report.last_modified = "Sat, 31 Feb 99 25:61:00 PST";
    upstream.poll();
    EXPECT_EQ(upstream.state.etag, "W/\"a b\\\"c\"");
    EXPECT_EQ(upstream.state.last_modified, "Sat, 31 Feb 99 25:61:00 PST");
}

TEST(PollSchedule, TakesNewValidatorsFromA304AndKeepsThoseThatItDoesNotRepeat) {
    Upstream upstream;
    upstream.report.last_modified = "yesterday";
    upstream.poll();
    upstream.report = unchanged();
    upstream.report.etag = "\"2\"";
    upstream.poll();
    EXPECT_EQ(upstream.state.etag, "\"2\"");
    EXPECT_EQ(upstream.state.last_modified, "yesterday");
}

TEST(PollSchedule, DropsValidatorsThatTheServerStopsSending) {
    Upstream upstream;
    upstream.poll();
    upstream.report.etag = "";
    upstream.report.last_modified = "today";
    upstream.poll();
    EXPECT_EQ(upstream.state.etag, "");
    EXPECT_EQ(upstream.state.last_modified, "today");
}

TEST(PollSchedule, KeepsValidatorsThroughAFailure) {
    Upstream upstream;
    upstream.poll();
    upstream.report = failed();
    upstream.report.etag = "\"of the error page\"";
    upstream.poll();
    EXPECT_EQ(upstream.state.etag, "\"1\"");
}

TEST(PollSchedule, HonoursFreshnessWithinBounds) {
    Upstream upstream;
    for (const auto& [field, pause] :
         std::vector<std::pair<std::string, std::chrono::seconds>>{{"max-age=7200", 2h},
                                                                   {"public , Max-Age = \"7200\"", 2h},
                                                                   {"max-age=60", 1h},
                                                                   {"max-age=99999999999", 24h},
                                                                   {"no-cache", 1h},
                                                                   {"max-age=-1", 1h},
                                                                   {"max-age", 1h},
                                                                   {"s-maxage=7200", 1h}}) {
        upstream.report.cache_control = field;
        upstream.poll();
        EXPECT_EQ(upstream.pause(), pause) << field;
    }
}

TEST(PollSchedule, HonoursExpiresByTheUpstreamsOwnClockAndMaxAgeBeforeIt) {
    Upstream upstream;
    upstream.report.date = "Fri, 02 Jan 2026 00:00:00 GMT";
    upstream.report.expires = "Fri, 02 Jan 2026 03:00:00 GMT";
    upstream.poll();
    EXPECT_EQ(upstream.pause(), 3h);
    upstream.report.cache_control = "max-age=7200";
    upstream.poll();
    EXPECT_EQ(upstream.pause(), 2h);
    upstream.report.cache_control = "";
    upstream.report.expires = "0";
    upstream.poll();
    EXPECT_EQ(upstream.pause(), 1h);
}

TEST(PollSchedule, HonoursWhatTheDocumentSaysAlsoAfterA304) {
    Upstream upstream;
    upstream.report.document_interval = 5h;
    upstream.poll();
    EXPECT_EQ(upstream.pause(), 5h);
    upstream.report = unchanged();
    upstream.poll();
    EXPECT_EQ(upstream.pause(), 5h);
    upstream.report = {.outcome = PollOutcome::whole, .etag = "\"2\""};
    upstream.poll();
    EXPECT_EQ(upstream.pause(), 1h);
}

TEST(PollSchedule, SkipsHoursAndDaysOfTheChannel) {
    Upstream upstream;
    for (std::size_t hour = 10; hour < 20; ++hour) upstream.report.skipped.hours.set(hour);
    upstream.poll();
    EXPECT_EQ(upstream.state.next_poll, std::chrono::floor<std::chrono::days>(upstream.now) + 20h);
    upstream.report.skipped = {};
    upstream.report.skipped.days.set(1);  // Monday
    upstream.poll();
    EXPECT_EQ(upstream.state.next_poll, std::chrono::sys_days(std::chrono::year(2026) / 3 / 3));
}

TEST(PollSchedule, SpreadsPollsOverTheHourBehindTheSkippedOnes) {
    Upstream upstream;
    for (std::size_t hour = 10; hour < 20; ++hour) upstream.report.skipped.hours.set(hour);
    upstream.report.skipped.hours.set(21);
    const Instant allowed = std::chrono::floor<std::chrono::days>(upstream.now) + 20h;
    upstream.poll(0.5);
    EXPECT_EQ(upstream.state.next_poll, allowed + 30min);
    upstream.now = allowed - 8h;
    upstream.state.next_poll = {};
    upstream.poll(0.9999);
    EXPECT_GT(upstream.state.next_poll, allowed + 59min);
    EXPECT_LT(upstream.state.next_poll, allowed + 1h);
}

TEST(PollSchedule, IgnoresAChannelThatSkipsAllHours) {
    Upstream upstream;
    upstream.report.skipped.hours.set();
    upstream.poll();
    EXPECT_EQ(upstream.pause(), 1h);
}

TEST(PollSchedule, WaitsAsRetryAfterSaysInSecondsAndAsADate) {
    Upstream upstream;
    upstream.report = {.outcome = PollOutcome::wait, .retry_after = "18000"};
    upstream.poll();
    EXPECT_EQ(upstream.pause(), 5h);
    upstream.now = upstream.state.next_poll;
    upstream.report.retry_after = to_http_date(upstream.now + 30h);
    upstream.poll();
    EXPECT_EQ(upstream.pause(), 30h);
    upstream.report.retry_after = "99999999999";
    upstream.poll();
    EXPECT_EQ(upstream.pause(), retry_after_max);
    EXPECT_EQ(earliest_poll(upstream.state, upstream.manners), upstream.state.next_poll) << "an operator waits too";
    upstream.report.retry_after = "soon";
    upstream.poll();
    EXPECT_EQ(upstream.pause(), 8h) << "as after any fourth failure";
}

TEST(PollSchedule, NeverAsksSoonerThanItsMannersBecauseRetryAfterSaysSo) {
    Upstream upstream;
    upstream.report = {.outcome = PollOutcome::wait, .retry_after = "1"};
    upstream.poll();
    EXPECT_EQ(upstream.pause(), 1h);
}

TEST(PollSchedule, HoldsAnOperatorOffByMannersAloneAfterAFailure) {
    Upstream upstream;
    upstream.poll();
    upstream.report = failed();
    for (int i = 0; i < 4; ++i) upstream.poll();
    EXPECT_EQ(upstream.pause(), 8h);
    EXPECT_EQ(earliest_poll(upstream.state, upstream.manners), upstream.now + 1h);
}

TEST(PollSchedule, BacksOffFromOneHourToADayAndNeverEnds) {
    Upstream upstream;
    upstream.poll();
    upstream.report = failed();
    for (const auto pause : {1h, 2h, 4h, 8h, 16h, 24h, 24h}) {
        upstream.poll();
        EXPECT_EQ(upstream.pause(), pause);
    }
    for (int i = 0; i < 1'000; ++i) upstream.poll();
    EXPECT_EQ(upstream.pause(), 24h);
    EXPECT_FALSE(upstream.state.has_ended);
    upstream.report = unchanged();
    upstream.poll();
    EXPECT_EQ(upstream.pause(), 1h);
    EXPECT_EQ(upstream.state.failures, 0);
}

TEST(PollSchedule, EndsAfterThreeTimesGoneOver72Hours) {
    Upstream upstream;
    upstream.report = gone();
    for (int i = 0; i < 3; ++i) {
        upstream.poll();
        EXPECT_FALSE(upstream.state.has_ended) << i;
        EXPECT_EQ(upstream.pause(), 24h);
    }
    upstream.poll();
    EXPECT_TRUE(upstream.state.has_ended);
}

TEST(PollSchedule, ForgetsThatItWasGoneWhenItIsBack) {
    Upstream upstream;
    upstream.report = gone();
    upstream.poll();
    upstream.poll();
    upstream.report = {.outcome = PollOutcome::whole, .etag = "\"2\""};
    upstream.poll();
    upstream.now += 100h;
    upstream.report = gone();
    upstream.poll();
    EXPECT_EQ(upstream.state.gone.count, 1);
    EXPECT_FALSE(upstream.state.has_ended);
}

TEST(PollSchedule, BelievesAFailureInBetweenNeitherWay) {
    Upstream upstream;
    upstream.report = gone();
    upstream.poll();
    upstream.report = failed();
    upstream.poll();
    upstream.report = gone();
    upstream.poll();
    EXPECT_EQ(upstream.state.gone.count, 2);
}

PollReport moved_to(const std::string& url) {
    return {.outcome = PollOutcome::whole, .etag = "\"1\"", .moved_to = url, .is_same_feed = true};
}

TEST(PollSchedule, TakesANewAddressAfterSevenDaysAndSeveralSightings) {
    Upstream upstream;
    upstream.report = moved_to("https://new.example/feed");
    upstream.poll();
    upstream.now += 24h * 7 - 1s;
    upstream.poll();
    upstream.poll();
    EXPECT_EQ(upstream.state.moved.count, 3);
    EXPECT_TRUE(takes_new_address(upstream.state, upstream.now));
    EXPECT_FALSE(takes_new_address(upstream.state, upstream.state.moved.first + 24h * 7 - 1s));
}

TEST(PollSchedule, NeedsMoreThanTwoSightingsHoweverLongTheyTake) {
    Upstream upstream;
    upstream.report = moved_to("https://new.example/feed");
    upstream.poll();
    upstream.now += 24h * 30;
    upstream.poll();
    EXPECT_FALSE(takes_new_address(upstream.state, upstream.now));
}

TEST(PollSchedule, CountsANewAddressAnewWhenItChangesOrIsAnotherFeedOrEnds) {
    for (const PollReport& other :
         {moved_to("https://elsewhere.example/"), moved_to(""),
          PollReport{.outcome = PollOutcome::whole, .etag = "\"1\"", .moved_to = "https://new.example/feed"}}) {
        Upstream upstream;
        upstream.report = moved_to("https://new.example/feed");
        for (int i = 0; i < 5; ++i) upstream.poll();
        upstream.report = other;
        upstream.poll();
        EXPECT_LE(upstream.state.moved.count, 1);
        upstream.report = moved_to("https://new.example/feed");
        upstream.poll();
        EXPECT_EQ(upstream.state.moved.count, 1);
    }
}

TEST(PollSchedule, CountsANewAddressOnThroughAFailure) {
    Upstream upstream;
    upstream.report = moved_to("https://new.example/feed");
    for (int i = 0; i < 5; ++i) upstream.poll();
    upstream.report = failed();
    upstream.poll();
    EXPECT_EQ(upstream.state.moved.count, 5);
    EXPECT_EQ(upstream.state.moved_to, "https://new.example/feed");
    upstream.report = moved_to("https://new.example/feed");
    upstream.poll();
    EXPECT_EQ(upstream.state.moved.count, 6);
}

TEST(PollSchedule, CountsFromNowOnWhatHappenedWhileTheClockRanAhead) {
    Upstream upstream;
    const Instant ahead = upstream.now + 24h * 400;
    upstream.state.last_poll = upstream.state.last_success = upstream.state.last_whole = ahead;
    upstream.state.moved_to = "https://new.example/feed";
    upstream.state.moved = {.count = 5, .first = ahead};
    upstream.state.gone = {.count = 1, .first = ahead};
    upstream.report = failed();
    upstream.poll();
    EXPECT_EQ(upstream.pause(), 24h) << "as without a validator";
    EXPECT_EQ(upstream.state.last_poll, upstream.now);
    EXPECT_EQ(upstream.state.last_success, upstream.now);
    EXPECT_EQ(upstream.state.last_whole, upstream.now);
    EXPECT_EQ(upstream.state.moved.first, upstream.now);
    EXPECT_EQ(upstream.state.gone.first, upstream.now);
}

TEST(PollSchedule, LetsNobodyAskSoonerThanItsManners) {
    Upstream upstream;
    upstream.poll();
    EXPECT_EQ(earliest_poll(upstream.state, upstream.manners), upstream.now + 1h);
    upstream.report.etag = "";
    upstream.poll();
    EXPECT_EQ(earliest_poll(upstream.state, upstream.manners), upstream.now + 24h);
    upstream.state.last_whole.reset();  // it never answered in full
    EXPECT_EQ(earliest_poll(upstream.state, upstream.manners), upstream.now + 1h);
}

TEST(PollSchedule, SpreadsPollsThatWouldFallTogether) {
    Upstream upstream;
    upstream.poll(0.5);
    EXPECT_EQ(upstream.pause(), 63min);
    upstream.report = failed();
    upstream.poll(0.999);
    EXPECT_LT(upstream.pause(), 66min);
    EXPECT_GE(upstream.pause(), 65min);
}

TEST(PollSchedule, AsksAsOftenAsASourcePublishes) {
    Upstream upstream;
    for (int day = 0; day < 10; ++day) upstream.report.published.push_back(upstream.now - day * 24h);
    upstream.poll();
    EXPECT_GT(upstream.pause(), 5h);
    EXPECT_LT(upstream.pause(), 7h);
    upstream.report.published.clear();
    for (int minute = 0; minute < 100; ++minute) upstream.report.published.push_back(upstream.now - minute * 1min);
    upstream.poll();
    EXPECT_EQ(upstream.pause(), 1h);
    upstream.report.published = {upstream.now - 24h * 365, upstream.now - 24h * 400, upstream.now + 24h * 365};
    upstream.poll();
    EXPECT_EQ(upstream.pause(), 24h);
}

TEST(PollSchedule, DoesAsTheOperatorSaysOfOneSource) {
    Upstream upstream;
    upstream.manners = {.conditional_min = 10min, .whole_min = 2h, .interval_max = 20min};
    upstream.report.cache_control = "max-age=86400";
    upstream.poll();
    EXPECT_EQ(upstream.pause(), 20min);
    upstream.report.etag = "";
    upstream.poll();
    EXPECT_EQ(upstream.pause(), 2h);
}

}  // namespace
}  // namespace gazetted
