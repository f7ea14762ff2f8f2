#include "feeds/date_time.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace gazetted {
namespace {

using namespace std::chrono_literals;
using std::chrono::microseconds;
using std::chrono::sys_days;
using std::chrono::sys_seconds;
using std::chrono::year;

constexpr Instant example = sys_days{year{2021} / 12 / 8} + 10h + 18min + 31s;

TEST(DateTime, WritesTheThreeFormsOfOneInstant) {
    EXPECT_EQ(to_rfc3339(example), "2021-12-08T10:18:31Z");
    EXPECT_EQ(to_rfc822(example), "Wed, 08 Dec 2021 10:18:31 +0000");
    EXPECT_EQ(to_http_date(example), "Wed, 08 Dec 2021 10:18:31 GMT");
}

TEST(DateTime, CutsFractionsInEveryFormBeforeAndAfterTheEpoch) {
    EXPECT_EQ(to_rfc3339(example + microseconds{999'999}), "2021-12-08T10:18:31Z");
    EXPECT_EQ(to_rfc822(example + microseconds{999'999}), "Wed, 08 Dec 2021 10:18:31 +0000");
    EXPECT_EQ(to_rfc3339(Instant{microseconds{-1}}), "1969-12-31T23:59:59Z");
    EXPECT_EQ(to_http_date(Instant{microseconds{-1}}), "Wed, 31 Dec 1969 23:59:59 GMT");
}

TEST(DateTime, WritesTheFirstAndTheLastSecondOfItsYears) {
    EXPECT_EQ(to_rfc3339(sys_days{year{1} / 1 / 1}), "0001-01-01T00:00:00Z");
    EXPECT_EQ(to_rfc822(sys_days{year{1} / 1 / 1}), "Mon, 01 Jan 0001 00:00:00 +0000");
    EXPECT_EQ(to_rfc3339(sys_days{year{9999} / 12 / 31} + 23h + 59min + 59s), "9999-12-31T23:59:59Z");
}

TEST(DateTime, ReadsEveryDayOfFourCenturiesAsItWroteIt) {
    const sys_seconds now = sys_days{year{2200} / 1 / 1};
    for (sys_days day = year{1850} / 1 / 1; day < sys_days{year{2251} / 1 / 1}; day += std::chrono::days{1}) {
        const Instant instant = day + 23h + 59min + 58s;
        ASSERT_EQ(parse_rfc3339(to_rfc3339(instant)).value(), instant);
        ASSERT_EQ(parse_http_date(to_http_date(instant), now), std::chrono::floor<std::chrono::seconds>(instant));
    }
}

TEST(ParseRfc3339, ReadsZonesFractionsAndLowerCase) {
    const std::vector<std::pair<std::string, Instant>> cases = {
        {"2021-12-08T10:18:31Z", example},
        {"2021-12-08t10:18:31z", example},
        {"2021-12-08T18:18:31+08:00", example},
        {"2021-12-08T00:48:31-09:30", example},
        {"2021-12-08T10:18:31-00:00", example},
        {"2021-12-09T10:17:31+23:59", example},
        {"2021-12-08T10:18:31.5Z", example + 500ms},
        {"2021-12-08T10:18:31.000001Z", example + 1us},
        {"2021-12-08T10:18:31.123456789012345678901234567890Z", example + 123'456us},
        {"2020-02-29T00:00:00Z", sys_days{year{2020} / 2 / 29}},
        {"2000-02-29T00:00:00Z", sys_days{year{2000} / 2 / 29}},
        {"1990-12-31T23:59:60Z", sys_days{year{1991} / 1 / 1}},
        {"1990-12-31T15:59:60-08:00", sys_days{year{1991} / 1 / 1}},
        {"0001-01-01T00:00:00Z", sys_days{year{1} / 1 / 1}},
        {"9999-12-31T23:59:59Z", sys_days{year{9999} / 12 / 31} + 23h + 59min + 59s},
    };
    for (const auto& [text, instant] : cases) {
        const auto read = parse_rfc3339(text);
        ASSERT_TRUE(read.has_value()) << text;
        EXPECT_EQ(read.value(), instant) << text;
    }
}

TEST(ParseRfc3339, RefusesEverythingElse) {
    const std::vector<std::string> cases = {
        "",
        ".3",  // a fraction after a part that is missing once was read for ever
        "2021-12-08",
        "2021-12-08T10:18:31",
        "2021-12-08 10:18:31Z",
        "2021-12-08T10:18Z",
        "2021-12-08T10:18:31 Z",
        "2021-12-08T10:18:31Z ",
        " 2021-12-08T10:18:31Z",
        "2021-12-08T10:18:31.Z",
        "2021-12-08T10:18:31,5Z",
        "2021-12-08T10:18:31+0800",
        "2021-12-08T10:18:31+08",
        "2021-12-08T10:18:31+24:00",
        "2021-12-08T10:18:31+08:60",
        "2021-12-08T24:00:00Z",
        "2021-12-08T10:60:00Z",
        "2021-12-08T10:18:61Z",
        "2021-12-08T10:18:60Z",
        "2021-12-08T23:59:60Z",
        "2021-13-08T10:18:31Z",
        "2021-00-08T10:18:31Z",
        "2021-12-32T10:18:31Z",
        "2021-12-00T10:18:31Z",
        "2021-02-29T10:18:31Z",
        "1900-02-29T10:18:31Z",
        "21-12-08T10:18:31Z",
        "12021-12-08T10:18:31Z",
        "-021-12-08T10:18:31Z",
        "+021-12-08T10:18:31Z",
        "0000-12-08T10:18:31Z",
        "0001-01-01T00:00:00+00:01",
        "9999-12-31T23:59:59-00:01",
        "9999-12-31T23:59:60Z",
        "2021-12-08T1\xEF\xBC\x90:18:31Z",
        std::string("2021-12-08T10:18:31Z\0", 21),
    };
    for (const auto& text : cases) {
        const auto read = parse_rfc3339(text);
        ASSERT_FALSE(read.has_value()) << text;
        EXPECT_EQ(read.error().kind, ErrorKind::malformed) << text;
    }
}

constexpr sys_seconds now_2026 = sys_days{year{2026} / 11 / 24} + 12h;

TEST(ParseHttpDate, ReadsAllThreeForms) {
    const sys_seconds wanted = sys_days{year{1994} / 11 / 6} + 8h + 49min + 37s;
    EXPECT_EQ(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT", now_2026), wanted);
    EXPECT_EQ(parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT", now_2026), wanted);
    EXPECT_EQ(parse_http_date("Sun Nov  6 08:49:37 1994", now_2026), wanted);
    EXPECT_EQ(parse_http_date("Wed Nov 16 08:49:37 1994", now_2026), wanted + std::chrono::days{10});
}

TEST(ParseHttpDate, TakesATwoDigitYearAtMostFiftyYearsAhead) {
    const auto year_of = [](const std::string& date, sys_seconds now) {
        const auto read = parse_http_date(date, now);
        return read ? int{std::chrono::year_month_day{std::chrono::floor<std::chrono::days>(*read)}.year()} : 0;
    };
    EXPECT_EQ(year_of("Tuesday, 24-Nov-76 12:00:00 GMT", now_2026), 2076);
    EXPECT_EQ(year_of("Tuesday, 24-Nov-76 12:00:01 GMT", now_2026), 1976);
    EXPECT_EQ(year_of("Friday, 31-Dec-99 23:59:59 GMT", now_2026), 1999);
    EXPECT_EQ(year_of("Saturday, 01-Jan-00 00:00:00 GMT", now_2026), 2000);
    EXPECT_EQ(year_of("Wednesday, 01-Jan-10 00:00:00 GMT", sys_days{year{2090} / 1 / 1}), 2110);
    EXPECT_EQ(year_of("Tuesday, 29-Feb-00 00:00:00 GMT", sys_days{year{2090} / 1 / 1}), 2000) << "2100 has no 29 February";
}

TEST(ParseHttpDate, IgnoresWhatIsNoneOfThem) {
    const std::vector<std::string> cases = {
        "",
        "0",
        "2021-12-08T10:18:31Z",
        "Sun, 06 Nov 1994 08:49:37",
        "Sun, 06 Nov 1994 08:49:37 UTC",
        "Sun, 06 Nov 1994 08:49:37 +0000",
        "Sun, 06 Nov 1994 08:49:37 gmt",
        "sun, 06 nov 1994 08:49:37 GMT",
        "Sun, 6 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 94 08:49:37 GMT",
        "Sun, 06 November 1994 08:49:37 GMT",
        "Sun, 06  Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 24:00:00 GMT",
        "Sun, 06 Nov 1994 08:60:37 GMT",
        "Sun, 06 Nov 1994 08:49:61 GMT",
        "Sun, 31 Nov 1994 08:49:37 GMT",
        "Sun, 29 Feb 2021 08:49:37 GMT",
        "Sun, 00 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 0000 08:49:37 GMT",
        "Xyz, 06 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT",
        " Sun, 06 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37 GMT ",
        "Sunday, 06-Nov-1994 08:49:37 GMT",
        "Sunday, 29-Feb-23 08:49:37 GMT",
        "Sun, 06-Nov-94 08:49:37 GMT",
        "Sun Nov 6 08:49:37 1994",
        "Sun Nov  6 08:49:37 94",
        "Sun Nov  6 08:49:37 1994 GMT",
    };
    for (const auto& text : cases) EXPECT_EQ(parse_http_date(text, now_2026), std::nullopt) << text;
}

}  // namespace
}  // namespace gazetted
