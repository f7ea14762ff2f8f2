#include "feeds/text.hpp"

#include <gtest/gtest.h>

namespace gazetted {
namespace {

const std::string replacement = "\xEF\xBF\xBD";

TEST(Utf8, AcceptsExactlyWhatRfc3629Does) {
    for (const std::string good : {"", "plain text of many bytes", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF",
                                   "\xEE\x80\x80", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF", "中文 and 𝄞"}) {
        EXPECT_TRUE(is_utf8(good)) << good;
        EXPECT_EQ(to_utf8(good), good);
    }
    for (const std::string bad : {"\x80", "\xC0\x80", "\xC1\xBF", "\xC2", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xF0\x8F\xBF\xBF",
                                  "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "12345678\xE4\xB8"}) {
        EXPECT_FALSE(is_utf8(bad));
        EXPECT_TRUE(is_utf8(to_utf8(bad)));
    }
}

TEST(Utf8, EachMaximalIllFormedPartBecomesOneReplacement) {
    // The example of Unicode 15, table 3-8 and its neighbours.
    EXPECT_EQ(to_utf8("\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41"), replacement + replacement + replacement + replacement +
                                                                   replacement + replacement + replacement + replacement + "A");
    EXPECT_EQ(to_utf8("\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41"), replacement + replacement + replacement + replacement + "A");
    EXPECT_EQ(to_utf8("a\xE4\xB8"), "a" + replacement);
}

TEST(LegalXmlText, LeavesOutWhatXmlForbids) {
    EXPECT_EQ(legal_xml_text(std::string("a\0b\x01\tc\nd\re\x1F\x7F", 12)), "ab\tc\nd\re\x7F");
    EXPECT_EQ(legal_xml_text("a\xEF\xBF\xBE\xEF\xBF\xBF"
                             "b\xEF\xBF\xBD"),
              "ab\xEF\xBF\xBD");
    EXPECT_EQ(legal_xml_text("a\xED\xA0\x80z"), "a" + replacement + replacement + replacement + "z");
    EXPECT_EQ(legal_xml_text("中文 stays"), "中文 stays");
}

TEST(Nfc, ComposesAndLeavesIllFormedTextAlone) {
    EXPECT_EQ(to_nfc("e\xCC\x81"), "\xC3\xA9");
    EXPECT_EQ(to_nfc("ascii"), "ascii");
    EXPECT_EQ(to_nfc("e\xCC\x81\xFF"), "e\xCC\x81\xFF");
    EXPECT_EQ(to_nfc(to_nfc("각")), to_nfc("각"));
}

TEST(CollapseSpace, MakesOneLineOfIt) {
    EXPECT_EQ(collapse_space("  a \t\r\n b\xC2\xA0\xE3\x80\x80"
                             "c\xE2\x80\xA8"),
              "a b c");
    EXPECT_EQ(collapse_space(" \n "), "");
}

TEST(FirstWords, CutsAtAWordsEndWhereOneIsNear) {
    EXPECT_EQ(first_words("four", 4), "four");
    EXPECT_EQ(first_words("hello brave new world", 12), "hello brave…");
    EXPECT_EQ(first_words("迈好第一步见到新气象", 5), "迈好第一…");
    EXPECT_EQ(first_words("迈好第一步", 5), "迈好第一步");
    EXPECT_EQ(first_words("x", 0), "");
    EXPECT_EQ(first_words("", 3), "");
}

TEST(PercentEncoding, ComesBackAsItWas) {
    EXPECT_EQ(percent_encode("a b/c(d)~中"), "a%20b%2Fc%28d%29~%E4%B8%AD");
    EXPECT_EQ(percent_decode(percent_encode("a b/c(d)~中%41")), "a b/c(d)~中%41");
    EXPECT_EQ(percent_decode("100%, %zz %4 %41"), "100%, %zz %4 A");
}

}  // namespace
}  // namespace gazetted
