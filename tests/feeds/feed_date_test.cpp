#include "feeds/feed_date.hpp"

#include <gtest/gtest.h>

namespace gazetted {
namespace {

std::string read(std::string_view text) {
    const auto instant = parse_feed_date(text);
    return instant ? to_rfc3339(*instant) : "none";
}

TEST(FeedDate, ReadsRfc822WithItsSins) {
    EXPECT_EQ(read("Fri, 14 Jan 2022 08:30:00 +0100"), "2022-01-14T07:30:00Z");
    EXPECT_EQ(read("14 Jan 22 08:30 EST"), "2022-01-14T13:30:00Z");
    EXPECT_EQ(read("Friday,14 January 2022 8:30:00 PM PT"), "2022-01-15T04:30:00Z");
    EXPECT_EQ(read("Jan 14, 2022"), "2022-01-14T00:00:00Z");
    EXPECT_EQ(read("Fri Jan 14 08:30:00 2022"), "2022-01-14T08:30:00Z");
    EXPECT_EQ(read("Fri, 14-Jan-2022 08:30:00 GMT"), "2022-01-14T08:30:00Z");
    EXPECT_EQ(read("Mar 5 2024 2:30PM"), "2024-03-05T14:30:00Z");
}

TEST(FeedDate, ReadsIso8601AndItsFragments) {
    EXPECT_EQ(read("2022-01-14T08:30:00.25+01:00"), "2022-01-14T07:30:00Z");
    EXPECT_EQ(read("2022-01-14 08:30 UTC"), "2022-01-14T08:30:00Z");
    EXPECT_EQ(read("20220114"), "2022-01-14T00:00:00Z");
    EXPECT_EQ(read("2022-014"), "2022-01-14T00:00:00Z");
    EXPECT_EQ(read("2022-01"), "2022-01-01T00:00:00Z");
    EXPECT_EQ(read("2022/1/14"), "2022-01-14T00:00:00Z");
    EXPECT_EQ(read("2022.01.14T08:30:00Z"), "2022-01-14T08:30:00Z");
    EXPECT_EQ(read("20240305T143000Z"), "2024-03-05T14:30:00Z");
    EXPECT_EQ(read("2024-03-05T14:30:00,5Z"), "2024-03-05T14:30:00Z");
    EXPECT_EQ(read("20240305T1430+0100"), "2024-03-05T13:30:00Z");
    EXPECT_EQ(read("2024-03-05T14Z"), "2024-03-05T14:00:00Z");
    EXPECT_EQ(read("20240305T14+01:00"), "2024-03-05T13:00:00Z");
    EXPECT_EQ(read("20240305143000"), "2024-03-05T14:30:00Z");
    EXPECT_EQ(read("20240305143000Z"), "2024-03-05T14:30:00Z");
    EXPECT_EQ(read("2024-03-05T14:30:00+00:00Z"), "2024-03-05T14:30:00Z");
    EXPECT_EQ(read("2024-03-05T14:30:00-05:00Z"), "none");
}

TEST(FeedDate, ReadsWhatGoPrintsByItself) {
    EXPECT_EQ(read("2024-03-05 14:30:00 +0000 UTC"), "2024-03-05T14:30:00Z");
    EXPECT_EQ(read("2024-03-05 14:30:00.123 +0800 CST"), "2024-03-05T06:30:00Z");
    EXPECT_EQ(read("2024-03-05 14:30:00.123456789 +0300 +03 m=+0.000071"), "2024-03-05T11:30:00Z");
    EXPECT_EQ(read("2024-03-05 14:30:00 +0300 +04"), "none");
    EXPECT_EQ(read("2024-03-05 14:30:00 +0300 MSK MSK"), "none");
}

TEST(FeedDate, TakesATimeThatNobodySetForNone) {
    EXPECT_EQ(read("Mon, 01 Jan 0001 00:00:00 +0000"), "none");
    EXPECT_EQ(read("0001-01-01T00:00:00Z"), "none");
    EXPECT_EQ(read("0002-01-01T00:00:00+03:00"), "none") << "it would be written as one of the year 1";
    EXPECT_EQ(read("0002-01-01T00:00:00Z"), "0002-01-01T00:00:00Z");
    EXPECT_EQ(read("0002-01-01T00:00:00Z"), "0002-01-01T00:00:00Z");
}

TEST(FeedDate, KnowsTheWordsOfManyLanguages) {
    EXPECT_EQ(read("Пт, 14 янв 2022 08:30:00 +0300"), "2022-01-14T05:30:00Z");
    EXPECT_EQ(read("Κυρ, 11 Ιούλ 2004 12:00:00 EST"), "2004-07-11T17:00:00Z");
    EXPECT_EQ(read("vendredi 14 janvier 2022"), "2022-01-14T00:00:00Z");
    EXPECT_EQ(read("Freitag, 14 März 2022 10:00"), "2022-03-14T10:00:00Z");
    EXPECT_EQ(read("viernes, 14 de enero de 2022"), "2022-01-14T00:00:00Z");
    EXPECT_EQ(read("2022-január-14T08:30+01:00"), "2022-01-14T07:30:00Z");
    EXPECT_EQ(read("2022年1月14日 08:30"), "2022-01-14T08:30:00Z");
    EXPECT_EQ(read("2022년 01월 14일 08:30:00"), "2022-01-13T23:30:00Z");
    EXPECT_EQ(read("2022-01-14 오후 08:30:00"), "2022-01-14T11:30:00Z");
    EXPECT_EQ(read("2024年3月5日 下午2:30"), "2024-03-05T14:30:00Z");
    EXPECT_EQ(read("2024年3月5日星期二 午後2時30分20秒"), "2024-03-05T14:30:20Z");
    EXPECT_EQ(read("2024. 3. 5. 오후 2:30"), "2024-03-05T05:30:00Z");
    EXPECT_EQ(read("2024년 3월 5일 화 오후 2시 30분"), "2024-03-05T05:30:00Z");
    EXPECT_EQ(read("pt., 1 mar 2024 10:00:00 +0100"), "2024-03-01T09:00:00Z");
    EXPECT_EQ(read("Pá, 1 Čvc 2024 10:00:00 +0200"), "2024-07-01T08:00:00Z");
    EXPECT_EQ(read("2011. március 4."), "2011-03-04T00:00:00Z");
    EXPECT_EQ(read("Fr, 4. März 2011 10:00"), "2011-03-04T10:00:00Z");
    EXPECT_EQ(read("2 января 2006 г. 15:04"), "2006-01-02T15:04:00Z");
    EXPECT_EQ(read("5 Şub 2024"), "2024-02-05T00:00:00Z");
    EXPECT_EQ(read("pe 1 marraskuuta 2024"), "2024-11-01T00:00:00Z");
}

TEST(FeedDate, ReadsPastWhatNobodySees) {
    EXPECT_EQ(read("\u00A0Fri,\u00A014 Jan 2022\u300008:30:00\u202FGMT\uFEFF"), "2022-01-14T08:30:00Z");
    EXPECT_EQ(read("\u200E2022\u200E-01\u200E-14\u200BT08:30:00\u22120500"), "2022-01-14T13:30:00Z");
    EXPECT_EQ(read("2022年\u00A01月\u00A014日 08:30"), "2022-01-14T08:30:00Z");
}

TEST(FeedDate, TakesTheMidnightThatEndsADay) {
    EXPECT_EQ(read("2022-01-14T24:00:00Z"), "2022-01-15T00:00:00Z");
    EXPECT_EQ(read("2022-01-14T24:00:01Z"), "none");
}

TEST(FeedDate, TakesAtForAZoneOnlyBehindAClock) {
    EXPECT_EQ(read("Mon, 26 January 2004 16:31:00 AT"), "2004-01-26T20:31:00Z");
    for (const char* text : {"12 Sep 2006 at 10:00", "2006-01-02 at 15:04:05", "Thu, Jan 1, 2004 at 7:48 PM"})
        EXPECT_EQ(read(text), "none") << text;
}

TEST(FeedDate, RefusesWhatIsNoDate) {
    for (const char* text :
         {"", " ", "soon", "1520932969", "2022-02-30", "Sun, 99 Jun 2009", "2022-01-14T25:00:00Z", "2022-xx-14",
          "2022-01-14T08:30:00+99:99", "26/06/2022", "14.01.22", "mardi 5 2024", "1520932969000"})
        EXPECT_EQ(read(text), "none") << text;
    EXPECT_EQ(read(std::string(200, '1')), "none");
}

}  // namespace
}  // namespace gazetted
