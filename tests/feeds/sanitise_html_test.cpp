#include "feeds/sanitise_html.hpp"

#include "feeds/text.hpp"
#include "tests/support/shared_folder.hpp"

#include <gtest/gtest.h>
#include <libxml/parser.h>
#include <libxml/tree.h>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>

namespace gazetted {
namespace {

constexpr std::string_view base = "https://example.com/dir/page.html";

std::string read_file(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string sanitised(std::string_view html) { return sanitise_html(html, base).str(); }

bool is_well_formed(const std::string& fragment) {
    const std::string document = "<div>" + fragment + "</div>";
    const std::unique_ptr<xmlDoc, decltype(&xmlFreeDoc)> tree(
        xmlReadMemory(document.data(), static_cast<int>(document.size()), nullptr, "UTF-8",
                      XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_HUGE),
        &xmlFreeDoc);
    return tree != nullptr;
}

struct Case {
    std::string name;
    std::string input;
    std::string output;
};

std::vector<Case> cases() {
    constexpr std::string_view separator = "\n---- becomes\n";
    std::vector<Case> result;
    for (const auto& file : std::filesystem::directory_iterator(GAZETTED_SOURCE_DIR "/tests/cases/sanitise_html")) {
        const std::string text = read_file(file.path());
        const std::size_t at = text.find(separator);
        EXPECT_NE(at, std::string::npos) << file.path() << " claims nothing";
        if (at == std::string::npos) continue;
        std::string output = text.substr(at + separator.size());
        if (output.ends_with('\n')) output.pop_back();
        result.push_back({file.path().stem().string(), text.substr(0, at), output});
    }
    return result;
}

/// The hostile and the honest fragments beside the project; empty where it stands alone.
boost::json::array fragments() {
    const auto path = shared_folder() / "html" / "fragments.json";
    if (!std::filesystem::exists(path)) return {};
    const boost::json::value parsed = boost::json::parse(read_file(path));
    return parsed.is_array() ? parsed.as_array() : parsed.at("fragments").as_array();
}

std::string repeated(std::string_view pattern, std::size_t bytes) {
    std::string result;
    while (result.size() < bytes) result.append(pattern);
    return result;
}

std::chrono::duration<double> time_of(const std::string& html) {
    const auto start = std::chrono::steady_clock::now();
    const SafeHtml safe = sanitise_html(html, base);
    return std::chrono::steady_clock::now() - start;
}

TEST(SanitiseHtml, EveryCaseComesOutAsItsFileSays) {
    const auto all = cases();
    ASSERT_FALSE(all.empty());
    for (const Case& one : all) EXPECT_EQ(sanitised(one.input), one.output) << one.name;
}

TEST(SanitiseHtml, ItsOwnOutputStaysAsItIs) {
    for (const Case& one : cases()) EXPECT_EQ(sanitised(one.output), one.output) << one.name;
}

TEST(SanitiseHtml, EveryFragmentIsWellFormedAndStaysAsItIs) {
    const auto all = fragments();
    if (all.empty()) GTEST_SKIP() << "no ../shared/html/fragments.json";
    for (const auto& fragment : all) {
        const std::string once = sanitised(fragment.at("input").as_string());
        EXPECT_EQ(sanitised(once), once) << fragment.at("name");
        EXPECT_TRUE(is_well_formed(once)) << fragment.at("name") << ": " << once;
        EXPECT_EQ(once.find("<script"), std::string::npos) << fragment.at("name");
    }
}

TEST(SanitiseHtml, NoFragmentLosesTheTextItIsToKeep) {
    const auto all = fragments();
    if (all.empty()) GTEST_SKIP() << "no ../shared/html/fragments.json";
    for (const auto& fragment : all) {
        const auto* keep = fragment.as_object().if_contains("keep");
        if (!keep || !keep->is_array()) continue;
        const std::string text = text_of_html(sanitise_html(fragment.at("input").as_string(), base));
        for (const auto& word : keep->as_array()) {
            EXPECT_NE(text.find(std::string_view(word.as_string())), std::string::npos)
                << fragment.at("name") << " lost " << word;
        }
    }
}

TEST(SanitiseHtml, BoldOverSeveralParagraphsOfARealPostLooksAsInABrowser) {
    const auto path = shared_folder() / "samples/finews/_posts/2021-12-24-NW202112242225054730.md";
    if (!std::filesystem::exists(path)) GTEST_SKIP() << "no ../shared/samples/finews";
    const std::string post = read_file(path);
    const std::string html = sanitised(post.substr(post.find("<p>")));
    EXPECT_NE(html.find("<p><strong>稳投资促消费</strong></p><strong>"), std::string::npos);
    EXPECT_NE(html.find("<p>保持工业经济平稳运行</p>\n </strong><p>面对复杂严峻"), std::string::npos);
    EXPECT_TRUE(is_well_formed(html));
}

TEST(SanitiseHtml, TextBeyondTheByteLimitIsDroppedAtACharactersEnd) {
    const std::string at_limit = repeated("文", HtmlLimits::bytes_max - 3);
    const std::string html = sanitised(at_limit + "文文");
    EXPECT_TRUE(is_utf8(html));
    EXPECT_EQ(html.find("\xEF\xBF\xBD"), std::string::npos);
    EXPECT_LE(html.size(), HtmlLimits::bytes_max);
    EXPECT_EQ(sanitised("<p>" + std::string(HtmlLimits::bytes_max - 3, 'x')).size(), HtmlLimits::bytes_max - 3 + 7);
    EXPECT_EQ(sanitised("<p>" + std::string(HtmlLimits::bytes_max - 2, 'x')).size(), HtmlLimits::bytes_max - 3 + 7);
}

TEST(SanitiseHtml, ElementsBeyondTheDepthLimitAreUnwrapped) {
    const auto nested = [](std::size_t depth) {
        return repeated("<div>", 5 * depth) + "x" + repeated("</div>", 6 * depth) + "y";
    };
    const auto count = [](const std::string& html) {
        std::size_t found = 0;
        for (std::size_t at = html.find("<div>"); at != std::string::npos; at = html.find("<div>", at + 1)) ++found;
        return found;
    };
    EXPECT_EQ(count(sanitised(nested(HtmlLimits::depth_max))), HtmlLimits::depth_max);
    const std::string deeper = sanitised(nested(HtmlLimits::depth_max + 1));
    EXPECT_EQ(count(deeper), HtmlLimits::depth_max);
    EXPECT_TRUE(deeper.ends_with("</div>y"));
}

TEST(SanitiseHtml, AttributesBeyondTheirLimitsAreDropped) {
    const auto with_before = [](std::size_t count) {
        std::string tag = "<p";
        for (std::size_t i = 0; i < count; ++i) tag += " a" + std::to_string(i) + "=1";
        return tag + " dir=rtl>x</p>";
    };
    EXPECT_EQ(sanitised(with_before(HtmlLimits::attributes_per_tag_max - 1)), "<p dir=\"rtl\">x</p>");
    EXPECT_EQ(sanitised(with_before(HtmlLimits::attributes_per_tag_max)), "<p>x</p>");
    const std::size_t room = HtmlLimits::attribute_bytes_max - std::string_view("title").size();
    EXPECT_EQ(sanitised("<p title=\"" + std::string(room, 'x') + "\">x</p>").size(),
              room + std::string_view("<p title=\"\">x</p>").size());
    EXPECT_EQ(sanitised("<p title=\"" + std::string(room + 1, 'x') + "\">x</p>"), "<p>x</p>");
}

TEST(SanitiseHtml, TakesTimeInProportionToHostileInput) {
    const std::string_view patterns[] = {
        "<div>",
        "<p><b>",
        "<p><b>x",
        "<div><b></div>x",
        "<b><table></b></table>x",
        "<table><b></table>x",
        "<table><tr><td><b>",
        "<div><object></div></object>",
        "<svg><p>",
        "<li>x",
        "<a href=x>",
        "<b><p><i><p></b></p></i>",
        "<span><b> ",
        "<!-",
        "<iframe>",
        "<select>",
        "<select><p>",
        "<svg><text>x",
        "<xmp></xmp>",
        "<textarea>x</textarea",
        "<noscript><img src=a>",
        "<template></svg><svg></template>",
        "<b><div><div><div><div><div><div><div><div><div></b></div></div></div></div></div></div></div></div></div>x",
        "<b><i><u><s><em><strong><small><code>x</p><p>",
        "<table>x",
        "<dl><dd>"};
    for (const std::string_view pattern : patterns) {
        const auto small = time_of(repeated(pattern, HtmlLimits::bytes_max / 64));
        const auto large = time_of(repeated(pattern, HtmlLimits::bytes_max / 8));
        // Eight times the input; four times that for a machine that others use too. Quadratic time would be 64 times.
        EXPECT_LT(large.count(), 32 * std::max(small.count(), 0.005)) << pattern;
    }
}

TEST(SanitiseHtml, ATagWithVeryManyOrVeryLongAttributesCostsNoMoreThanItsBytes) {
    std::string many = "<a";
    for (std::size_t i = 0; many.size() < HtmlLimits::bytes_max - 16; ++i) many += " a" + std::to_string(i) + "=1";
    EXPECT_EQ(sanitised(many + ">x"), "x");
    EXPECT_LT(time_of(many + ">x").count(), 2.0);
    EXPECT_LT(time_of("<a href=\"" + std::string(HtmlLimits::bytes_max - 32, '\'') + "\">x").count(), 2.0);
}

TEST(TextOfHtml, ReadsAsAPersonWould) {
    const SafeHtml html =
        sanitise_html("<h1>A &amp; B</h1><p>c<b>d</b>\n e<br>f</p><ul><li>&lt;g&gt;</li><li>'`\"</li></ul>", base);
    EXPECT_EQ(text_of_html(html), "A & B cd e f <g> '`\"");
    EXPECT_EQ(text_of_html(SafeHtml()), "");
}

TEST(TextOfHtml, BeginsWithTheSameWordsHoweverFarItIsRead) {
    std::string html = "<p>one  &amp;&nbsp;two</p>";
    for (int i = 0; i < 40; ++i) html += "<p>钢铁 <b>行业</b></p>      \n      <hr>";
    for (const std::string_view text : {std::string_view(html), std::string_view("<p>short"), std::string_view()}) {
        const SafeHtml safe = sanitise_html(text, base);
        for (std::size_t characters = 0; characters < 250; ++characters)
            EXPECT_EQ(first_words_of_html(safe, characters), first_words(text_of_html(safe), characters)) << characters;
    }
}

}  // namespace
}  // namespace gazetted
