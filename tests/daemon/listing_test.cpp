#include "daemon/listing.hpp"

#include <gtest/gtest.h>

namespace gazetted {
namespace {

TEST(Listing, ShowsATerminalNothingThatItWouldObey) {
    EXPECT_EQ(harmless("a\x1b[2Jb\x07\x7f"), "a\uFFFD[2Jb\uFFFD\uFFFD");
    EXPECT_EQ(harmless("a\tb\r\nc"), "a b  c");
    EXPECT_EQ(harmless("a\u009bb\u202ec\u2066d"), "a\uFFFDb\uFFFDc\uFFFDd");
    EXPECT_EQ(harmless("a\xffz"), "a\uFFFDz");
    EXPECT_EQ(harmless("新闻 é 🙂"), "新闻 é 🙂");
}

TEST(Listing, EscapesInJsonWhatATerminalWouldObey) {
    const Listing listing{
        .columns = {"title", "n", "yes", "none", "all"},
        .rows = {{"\x1b[31m \u009b \u202e 新", std::int64_t{7}, true, std::monostate(), Listing::Texts{"a", "b\x7f"}}}};
    EXPECT_EQ(json_of(listing, 0),
              R"({"title":"\u001b[31m \u009b \u202e 新","n":7,"yes":true,"none":null,"all":["a","b\u007f"]})");
}

TEST(Listing, WritesFiguresAsNumbersAndNoneOfThemAsAText) {
    const Listing listing{.columns = {"a_day", "n"}, .rows = {{Listing::Decimal{"0.4"}, std::int64_t{7}}}};
    EXPECT_EQ(json_of(listing, 0), R"({"a_day":0.4,"n":7})");
    EXPECT_EQ(lines_of(listing), "a_day  0.4\nn      7\n");
}

TEST(Listing, PutsWideLettersInColumnsToo) {
    const Listing listing{.columns = {"slug", "articles"}, .rows = {{"新闻", std::int64_t{7}}, {"b", std::monostate()}}};
    EXPECT_EQ(table_of(listing), "slug  articles\n新闻  7\nb     -\n");
}

TEST(Listing, CutsLongTextsInATable) {
    const Listing listing{.columns = {"title"}, .rows = {{std::string(500, 'x')}}};
    EXPECT_LT(table_of(listing).size(), 80U);
    EXPECT_EQ(lines_of(listing), "title  " + std::string(500, 'x') + "\n");
}

}  // namespace
}  // namespace gazetted
