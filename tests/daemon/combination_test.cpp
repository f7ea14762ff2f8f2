#include "daemon/combination.hpp"

#include <gtest/gtest.h>

namespace gazetted {
namespace {

Selection category(const std::string& slug) { return {.name = slug}; }
Selection tag(const std::string& name) { return {.name = name, .kind = SelectionKind::tag}; }

std::string canonical(std::string_view text) {
    const auto combination = parse_combination(text);
    return combination ? combination_name(*combination) : "none";
}

TEST(Combination, WantsSomeAndLeavesOthersOut) {
    EXPECT_EQ(parse_combination("a+tag:b-c-tag:d"),
              (Combination{.wanted = {category("a"), tag("b")}, .unwanted = {category("c"), tag("d")}}));
}

TEST(Combination, HasOneSpelling) {
    for (const std::string_view text : {"a+b-c", "b+a-c", "a-c+b", "a+b+a-c-c", "a+b+c-c"})
        EXPECT_EQ(canonical(text), "a+b-c") << text;
    EXPECT_EQ(canonical("tag:a+b"), "b+tag:a");
    EXPECT_EQ(canonical("e\xCC\x81"), "\xC3\xA9");
}

TEST(Combination, LetsATildeTakeACharacterForItself) {
    EXPECT_EQ(parse_combination("a~-b+c~+d+~~"),
              (Combination{.wanted = {category("a-b"), category("c+d"), category("~")}, .unwanted = {}}));
    EXPECT_EQ(parse_combination("~tag:x+tag:tag:x"),
              (Combination{.wanted = {category("tag:x"), tag("tag:x")}, .unwanted = {}}));
    EXPECT_EQ(canonical("~a~-~b"), "a~-b");
    EXPECT_EQ(canonical("t~ag:x"), "~tag:x");
}

TEST(Combination, ReadsBackWhatItWrites) {
    const Combination given{.wanted = {category("+-~"), category("tag:a"), tag("-"), tag("tag:~")},
                            .unwanted = {category("x y"), tag("a/b")}};
    EXPECT_EQ(parse_combination(combination_name(given)), given);
}

TEST(Combination, IsNoneWhereNothingIsWantedOrNamed) {
    for (const std::string_view text : {"", "+", "-a", "a+", "a--b", "a-a", "tag:", "a+tag:", "a~", "a+.."})
        EXPECT_EQ(canonical(text), "none") << text;
}

TEST(Combination, HasAPathOfNoMoreBytesThanTheLimit) {
    const auto of = [](std::size_t path_bytes) {
        const std::string first(500, 'a'), second(500, 'b'), third(500, 'c');
        const std::string known = "/feed/" + first + "+" + second + "+" + third + "+";
        return parse_path(known + std::string(path_bytes - known.size(), 'd') + ".atom");
    };
    EXPECT_TRUE(of(2'000));
    EXPECT_FALSE(of(2'001));
}

TEST(Combination, HasNoMoreTermsThanTheLimit) {
    std::string text = "a0";
    for (std::size_t n = 1; n < combination_terms_max; ++n) text += "+a" + std::to_string(n);
    EXPECT_TRUE(parse_combination(text));
    EXPECT_FALSE(parse_combination(text + "+b"));
}

}  // namespace
}  // namespace gazetted
