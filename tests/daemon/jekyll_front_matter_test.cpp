#include "daemon/jekyll/front_matter.hpp"

#include <gtest/gtest.h>

namespace gazetted::jekyll {
namespace {

std::string title(std::string_view yaml) {
    const auto parsed = parse_yaml(yaml, 2);
    if (!parsed) return "fault: " + parsed.error().reason;
    const auto* value = parsed->value.find("title");
    return value ? value->text : "none";
}

std::string reason(std::string_view yaml) {
    const auto parsed = parse_yaml(yaml, 2);
    return parsed ? "" : parsed.error().reason;
}

TEST(JekyllFrontMatter, StartsWithThreeDashesAndEndsAtTheNext) {
    const auto post = split_front_matter("---\ntitle: a\n---\nb\n---\nc\n");
    ASSERT_TRUE(post);
    EXPECT_EQ(post->yaml, "title: a\n");
    EXPECT_EQ(post->yaml_line, 2u);
    EXPECT_EQ(post->body, "b\n---\nc\n");
    EXPECT_TRUE(post->seen_by_jekyll);
}

TEST(JekyllFrontMatter, IsSeenByJekyllBehindAByteOrderMarkButNotBehindABlankLine) {
    EXPECT_TRUE(split_front_matter("\xEF\xBB\xBF---\na: b\n---\n")->seen_by_jekyll);
    const auto post = split_front_matter("\n\n--- \na: b\n...\nx");
    ASSERT_TRUE(post);
    EXPECT_FALSE(post->seen_by_jekyll);
    EXPECT_EQ(post->yaml_line, 4u);
    EXPECT_EQ(post->body, "x");
}

TEST(JekyllFrontMatter, IsWanting) {
    for (const auto* file : {"", "\n\n", "text\n", "----\ntitle: a\n----\n", "---", "---\ntitle: a\n", "x\n---\na: b\n---\n"})
        EXPECT_FALSE(split_front_matter(file)) << file;
}

TEST(JekyllFrontMatter, MayBeEmpty) {
    const auto post = split_front_matter("---\n---\nBody\n");
    ASSERT_TRUE(post);
    EXPECT_TRUE(parse_yaml(post->yaml, 2));
    EXPECT_EQ(post->body, "Body\n");
}

TEST(JekyllFrontMatter, KeepsScalarsAsTheyWereWritten) {
    EXPECT_EQ(title("title: yes\n"), "yes");
    EXPECT_EQ(title("title: 2026-01-01\n"), "2026-01-01");
    EXPECT_EQ(title("title: 'it''s'\n"), "it's");
    EXPECT_EQ(title("title: ~\n"), "none");
    EXPECT_EQ(title("title: a\ntitle: b\n"), "b") << "of double keys the last, as Jekyll has it";
    EXPECT_EQ(title("base: &b {title: merged}\n<<: *b\n"), "merged");
}

TEST(JekyllFrontMatter, ReadsColonsAndQuotesThatYamlForbids) {
    EXPECT_EQ(title("title: a: b: c\n"), "a: b: c");
    EXPECT_EQ(title("title: \"深圳\" 特区: 新规\n"), "\"深圳\" 特区: 新规");
    EXPECT_EQ(title("title: \"他说\"好\"\"\n"), "他说\"好\"");
    EXPECT_EQ(title("title: @x\n"), "@x");
    EXPECT_EQ(title("title: [快讯] 央行: 降准\ntags: [a, b]\n"), "[快讯] 央行: 降准");
    const auto parsed = parse_yaml("layout: post\ntitle: a: b\ntags:\n- x\n- 'y z'\n", 2);
    ASSERT_TRUE(parsed);
    ASSERT_EQ(parsed->faults.size(), 1u);
    EXPECT_EQ(parsed->faults[0].line, 3u);
    ASSERT_TRUE(parsed->value.find("tags"));
    EXPECT_EQ(parsed->value.find("tags")->items.at(1).text, "y z");
}

TEST(JekyllFrontMatter, IsSetAsideWhereNobodyCanTellWhatWasMeant) {
    EXPECT_NE(reason("title: \"abc\n"), "");
    EXPECT_NE(reason("title: x\n  date: 2026-01-01\n categories: a\n"), "");
    EXPECT_NE(reason("title: %x\n"), "");
    EXPECT_NE(reason("just a string\n"), "");
    EXPECT_NE(reason("- a\n- b\n"), "");
}

TEST(JekyllFrontMatter, ToleratesAFewAliasesAndRefusesBombs) {
    std::string aliases = "a: &a x\nl: [";
    for (std::size_t i = 0; i < FrontMatterLimits::aliases_max; ++i) aliases += i ? ",*a" : "*a";
    EXPECT_EQ(reason(aliases + "]\n"), "");
    EXPECT_EQ(reason(aliases + ",*a]\n"), "the front matter uses more than 16 YAML aliases");
    EXPECT_EQ(reason("a: &a [*a, *a]\n"), "") << "a value inside itself ends somewhere";
}

TEST(JekyllFrontMatter, IsAsLongAsItsLimitAndNoLonger) {
    std::string yaml = "title: ";
    yaml.append(FrontMatterLimits::bytes_max - yaml.size(), 'x');
    EXPECT_EQ(reason(yaml), "");
    EXPECT_EQ(reason(yaml + "x"), "the front matter is larger than 64 KiB");
}

TEST(JekyllFrontMatter, IsNestedAsDeepAsItsLimitAndNoDeeper) {
    const auto nested = [](std::size_t depth) { return "a: " + std::string(depth, '[') + std::string(depth, ']') + "\n"; };
    EXPECT_EQ(reason(nested(FrontMatterLimits::flow_depth_max)), "");
    EXPECT_EQ(reason(nested(FrontMatterLimits::flow_depth_max + 1)), "the front matter is nested too deeply");
    std::string block = "a:\n";
    for (int i = 0; i < 5000; ++i) block += "- ";
    EXPECT_NE(reason(block + "x\n"), "");
}

}  // namespace
}  // namespace gazetted::jekyll
