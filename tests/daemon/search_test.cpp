#include "daemon/search.hpp"

#include <gtest/gtest.h>

namespace gazetted {
namespace {

using Strings = std::vector<std::string>;

TEST(ParseSearch, FoldsWhatMakesNoDifference) {
    for (const char* text : {"new 5g", " New\t5G ", "new 5g new", "\"new\" 5g",
                             "new\xE3\x80\x80"
                             "5g",
                             "new\"\" 5g\"", "new\"5g"})
        EXPECT_EQ(parse_search(text), "new 5g") << text;
    EXPECT_EQ(parse_search("\xE2\x80\x9CNew  York\xE2\x80\x9D 5g"), "\"new york\" 5g");
    EXPECT_EQ(parse_search("b a"), "b a");
    EXPECT_EQ(parse_search(" \"\" "), "");
}

TEST(ParseSearch, IsReadBackAsItIsWritten) {
    for (const char* text : {"a", "\"a b\"", "a \"b c\" d", "x \"y z\" \"y\""}) {
        const auto search = parse_search(text);
        ASSERT_TRUE(search);
        EXPECT_EQ(parse_search(*search), search);
    }
    EXPECT_EQ(search_terms("a \"b c\" d"), (Strings{"a", "b c", "d"}));
}

TEST(ParseSearch, KeepsWithinItsLimits) {
    EXPECT_TRUE(parse_search(std::string(search_bytes_max, 'x')));
    EXPECT_FALSE(parse_search(std::string(search_bytes_max + 1, 'x')));
    EXPECT_TRUE(parse_search("1 2 3 4 5 6 7 8 1"));
    EXPECT_FALSE(parse_search("1 2 3 4 5 6 7 8 9"));
    EXPECT_FALSE(parse_search("\xFF"));
}

}  // namespace
}  // namespace gazetted
