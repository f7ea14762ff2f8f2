#include "feeds/rules.hpp"

#include "feeds/pattern.hpp"
#include "feeds/tracking_parameters.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>

namespace gazetted {
namespace {

const std::string cases = GAZETTED_SOURCE_DIR "/tests/cases/rules/";

struct Case {
    Article article;
    std::vector<Rule> rules;
    std::string expected;
};

Rule rule_of(const std::string& line, std::int64_t id) {
    std::istringstream words(line);
    std::string scope, action, word;
    words >> scope >> action;
    Rule rule{.id = id,
              .category = scope == "source" ? "" : scope.substr(3),
              .action = rule_action(action).value(),
              .field = RuleField::title,
              .pattern = {},
              .value = {}};
    if (rule.action != RuleAction::keep && rule.action != RuleAction::drop && rule.action != RuleAction::strip)
        words >> rule.value;
    if (words >> word) rule.field = rule_field(word).value();
    std::getline(words >> std::ws, rule.pattern);
    return rule;
}

Case read_case(const std::filesystem::path& path) {
    std::ifstream file(path);
    Case it;
    for (std::string line; std::getline(file, line) && line != "---";) {
        const auto colon = line.find(": ");
        const std::string name = line.substr(0, colon), value = line.substr(colon + 2);
        if (name == "title") it.article.title = value;
        if (name == "content") it.article.content = value;
        if (name == "link") it.article.url = value;
        if (name == "language") it.article.language = value;
        if (name == "author") it.article.authors.push_back({.name = value, .email = {}, .uri = {}});
        if (name == "category") it.article.categories.push_back({.slug = value, .title = {}});
        if (name == "tag") it.article.tags.push_back({.name = value});
        if (name == "rule") it.rules.push_back(rule_of(value, std::ssize(it.rules) + 1));
    }
    it.expected = std::string(std::istreambuf_iterator<char>(file), {});
    return it;
}

std::string told(const Article& article) {
    std::string text;
    if (!article.url.empty()) text += "link: " + article.url + '\n';
    if (!article.language.empty()) text += "language: " + article.language + '\n';
    for (const auto& category : article.categories) text += "category: " + category.slug + '\n';
    for (const auto& tag : article.tags) text += "tag: " + tag.name + '\n';
    return text;
}

std::string told(const Article& article, const Ruling& ruling, const Rules& rules) {
    std::string text = ruling.is_dropped ? "dropped\n" : told(article);
    for (const auto& reason : ruling.reasons) text += "reason: " + reason + '\n';
    for (const auto& fault : rules.set_aside()) text += "set aside: " + fault + '\n';
    return text;
}

TEST(Rules, MakeOfEachCaseWhatItSaysAndCanBeUndone) {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(cases)) {
        if (entry.path().extension() != ".case") continue;
        ++count;
        const Case it = read_case(entry.path());
        ASSERT_FALSE(it.rules.empty() || it.expected.empty()) << entry.path();
        const Rules rules(it.rules);
        Article article = it.article;
        const Ruling ruling = rules.apply(article);
        EXPECT_EQ(told(article, ruling, rules), it.expected) << entry.path();
        undo(ruling, article);
        Article sorted = it.article;
        std::ranges::sort(sorted.categories, {}, &CategoryTerm::slug);
        EXPECT_EQ(told(article), told(sorted)) << entry.path();
    }
    EXPECT_GE(count, 15U);
}

Article article_at(const std::string& link) {
    Article article;
    article.url = link;
    return article;
}

TEST(Rules, LeaveWhatSomebodyElseChangedSinceWhenTheyAreUndone) {
    const Rules rules({{.id = 1, .action = RuleAction::strip}, {.id = 2, .action = RuleAction::category, .value = "news"}});
    Article article = article_at("https://a.example/1?gclid=1");
    const Ruling ruling = rules.apply(article);
    article.url = "https://a.example/mended";
    article.categories.push_back({.slug = "sport", .title = {}});
    undo(ruling, article);
    EXPECT_EQ(told(article), "link: https://a.example/mended\ncategory: sport\n");
}

TEST(Rules, AreFollowedUpToALimitAndSetAsideBeyondIt) {
    std::vector<Rule> many;
    for (std::size_t n = 1; n <= Rules::count_max + 1; ++n)
        many.push_back(
            {.id = std::ssize(many) + 1, .category = {}, .action = RuleAction::tag, .value = "t" + std::to_string(n)});
    const Rules rules(many);
    Article article = article_at("");
    EXPECT_EQ(rules.apply(article).tags_added.size(), Rules::count_max);
    ASSERT_EQ(rules.set_aside().size(), 1U);
    EXPECT_NE(rules.set_aside()[0].find("rule 501 of its source is set aside: a source follows at most 500 rules"),
              std::string::npos);
}

TEST(Rules, ReadTheBeginningOfAContentAlone) {
    const Rules rules({{.id = 1, .action = RuleAction::drop, .field = RuleField::content, .pattern = "needle"}});
    EXPECT_TRUE(rules.look_at_content());
    for (const bool is_within : {true, false}) {
        Article article = article_at("");
        const std::size_t before = Rules::content_characters_max - (is_within ? 100 : 0);
        for (std::size_t n = 0; n < before; n += 2) article.content += "x ";
        article.content += "needle";
        EXPECT_EQ(rules.apply(article).is_dropped, is_within);
    }
}

TEST(Rules, SayWhatTheyNeed) {
    const auto fault = [](RuleAction action, const std::string& value, const std::string& pattern = {}, RuleField field = {}) {
        return fault_of({.id = 1, .action = action, .field = field, .pattern = pattern, .value = value});
    };
    EXPECT_EQ(fault(RuleAction::tag, ""), "tag needs a value: which tag");
    EXPECT_EQ(fault(RuleAction::drop, "x"), "drop takes no value: leave x out");
    EXPECT_EQ(fault(RuleAction::language, "German!"), "German! is no language: give a tag such as de or zh-CN");
    EXPECT_NE(fault(RuleAction::tag, std::string(513, 'x')), "");
    EXPECT_EQ(fault(RuleAction::tag, std::string(512, 'x')), "");
    EXPECT_EQ(fault(RuleAction::rewrite, "https://x/", "x", RuleField::title),
              "a link is rewritten where a pattern of its link matches: give --link PATTERN");
    EXPECT_NE(fault(RuleAction::rewrite, R"(\2)", "(x)", RuleField::link), "");
    EXPECT_EQ(fault(RuleAction::rewrite, R"(\1)", "(x)", RuleField::link), "");
}

/// The columns of each line of a table.
std::size_t each_line(const std::string& name, const std::function<void(const std::string&, const std::string&)>& claim) {
    std::ifstream file(cases + name);
    std::size_t count = 0;
    for (std::string line; std::getline(file, line);) {
        const auto tab = line.find('\t');
        if (line.starts_with('#') || tab == std::string::npos) continue;
        claim(line.substr(0, tab), line.substr(tab + 1));
        ++count;
    }
    return count;
}

TEST(Pattern, IsOneOrSaysWhyNotAndWhere) {
    EXPECT_GE(each_line("patterns.tsv",
                        [](const std::string& pattern, const std::string& expected) {
                            const auto compiled = Pattern::compile(pattern);
                            EXPECT_EQ(compiled ? "" : compiled.error().message,
                                      expected.empty() ? "" : "the pattern " + pattern + " is none: " + expected);
                        }),
              15U);
}

TEST(Pattern, HasALimitOfItsLength) {
    EXPECT_TRUE(Pattern::compile(std::string(Pattern::bytes_max, 'x')));
    const auto longer = Pattern::compile(std::string(Pattern::bytes_max + 1, 'x'));
    ASSERT_FALSE(longer);
    EXPECT_EQ(longer.error().kind, ErrorKind::too_large);
}

TEST(Pattern, TakesTimeInProportionToTheText) {
    const auto evil = Pattern::compile("(x+x+)+y").value();
    EXPECT_FALSE(evil.matches(std::string(1'000'000, 'x')));
}

TEST(Tracking, ParametersGoAndAllElseStays) {
    EXPECT_GE(
        each_line("tracking.tsv", [](const std::string& link,
                                     const std::string& expected) { EXPECT_EQ(without_tracking_parameters(link), expected); }),
        10U);
}

}  // namespace
}  // namespace gazetted
