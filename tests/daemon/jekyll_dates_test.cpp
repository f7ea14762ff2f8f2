#include "daemon/jekyll/dates.hpp"
#include "feeds/date_time.hpp"

#include <gtest/gtest.h>

namespace gazetted::jekyll {
namespace {

std::string text_of_time(std::optional<std::chrono::sys_seconds> time) { return time ? to_rfc3339(*time) : "none"; }

SiteZone shanghai() { return SiteZone::find("Asia/Shanghai").value(); }

std::string plain(const std::string& text, ZonelessTimestamp zoneless = ZonelessTimestamp::utc) {
    return text_of_time(read_date(yaml_text(text), shanghai(), zoneless));
}

TEST(JekyllDates, WithoutZoneAreUtcWhereYamlTakesThemForTimestamps) {
    EXPECT_EQ(plain("2021-12-08 10:18:31"), "2021-12-08T10:18:31Z");
    EXPECT_EQ(plain("2021-12-08T10:18:31"), "2021-12-08T10:18:31Z");
    EXPECT_EQ(plain("2026-06-30 23:59:60"), "2026-07-01T00:00:00Z");
    EXPECT_EQ(plain("2026-01-01 24:00:00"), "2026-01-02T00:00:00Z");
}

TEST(JekyllDates, WithoutZoneAreTheSitesWhereYamlTakesThemForText) {
    EXPECT_EQ(plain("2021-12-08 10:18"), "2021-12-08T02:18:00Z");
    EXPECT_EQ(plain("2021-12-08"), "2021-12-07T16:00:00Z");
    EXPECT_EQ(plain("2021/12/08 10:00"), "2021-12-08T02:00:00Z");
    EXPECT_EQ(plain("2021-12-08 10:18 PM"), "2021-12-08T14:18:00Z");
    EXPECT_EQ(plain("20211208"), "2021-12-07T16:00:00Z");
    EXPECT_EQ(plain("01-02-2026"), "2026-01-31T16:00:00Z");
    EXPECT_EQ(plain("8 Dec 2021"), "2021-12-07T16:00:00Z");
    EXPECT_EQ(plain("2021-12-08 10:18:31 Asia/Shanghai"), "2021-12-08T02:18:31Z");
    auto quoted = yaml_text("2021-12-08 10:18:31");
    quoted.quoted = true;
    EXPECT_EQ(text_of_time(read_date(quoted, shanghai(), ZonelessTimestamp::utc)), "2021-12-08T02:18:31Z");
}

TEST(JekyllDates, WithoutZoneAreTheSitesWhereThatIsAskedFor) {
    EXPECT_EQ(plain("2021-12-08 10:18:31", ZonelessTimestamp::local), "2021-12-08T02:18:31Z");
    EXPECT_EQ(plain("2021-12-08 10:18:31 +0000", ZonelessTimestamp::local), "2021-12-08T10:18:31Z");
}

TEST(JekyllDates, WithZoneAreWhatTheySay) {
    EXPECT_EQ(plain("2021-12-24 10:46:19 +0800"), "2021-12-24T02:46:19Z");
    EXPECT_EQ(plain("2021-12-08T10:18:31Z"), "2021-12-08T10:18:31Z");
    EXPECT_EQ(plain("2021-12-08 10:18:31 UTC"), "2021-12-08T10:18:31Z");
    EXPECT_EQ(plain("2021-12-08 10:18:31.5 -05:30"), "2021-12-08T15:48:31Z");
    EXPECT_EQ(plain("Dec 8, 2021 10:00 EST"), "2021-12-08T15:00:00Z");
    EXPECT_EQ(plain("Wed, 08 Dec 2021 10:18:31 +0000"), "2021-12-08T10:18:31Z");
}

TEST(JekyllDates, AreNoneWhereTheyCannotBe) {
    for (const auto* text : {"", " +0800", "tomorrow", "0000-00-00", "2026-13-45", "2026-01-01 25:61:61", "99999-01-01",
                             "-0001-01-01", "1e9", "1700000000", "2026-02-30", "2026-01-01 10:00:00 +99:00"})
        EXPECT_EQ(plain(text), "none") << text;
    EXPECT_EQ(plain("9999-12-31 23:59:59"), "9999-12-31T23:59:59Z");
}

TEST(JekyllDates, FromFileNamesAreMidnightOnTheSite) {
    EXPECT_EQ(text_of_time(read_file_name_date("2021-12-08", shanghai())), "2021-12-07T16:00:00Z");
    EXPECT_EQ(text_of_time(read_file_name_date("21-12-8", SiteZone())), "2021-12-08T00:00:00Z");
    EXPECT_EQ(text_of_time(read_file_name_date("2026-13-45", SiteZone())), "none");
}

TEST(JekyllDates, KnowSummerTime) {
    const auto new_york = SiteZone::find("America/New_York").value();
    EXPECT_EQ(text_of_time(read_file_name_date("2026-07-01", new_york)), "2026-07-01T04:00:00Z");
    EXPECT_EQ(text_of_time(read_file_name_date("2026-01-01", new_york)), "2026-01-01T05:00:00Z");
    EXPECT_EQ(text_of_time(read_date(yaml_text("2026-03-08 02:30"), new_york, ZonelessTimestamp::utc)), "2026-03-08T07:00:00Z");
    EXPECT_FALSE(SiteZone::find("Mars/Olympus"));
}

}  // namespace
}  // namespace gazetted::jekyll
