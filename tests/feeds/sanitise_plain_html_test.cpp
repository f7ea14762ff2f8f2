#include "feeds/html_plain_reader.hpp"
#include "feeds/html_tree_reader.hpp"
#include "feeds/sanitise_html.hpp"
#include "tests/support/sample_text.hpp"
#include "tests/support/shared_folder.hpp"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

namespace gazetted {
namespace {

constexpr std::string_view base = "https://example.com/dir/page.html";

std::string read_file(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// True where the plain reader answered; its answer must be the tree's.
bool is_answered_as_by_the_tree(std::string_view html) {
    const auto plain = sanitise_plain_html(html, base);
    if (plain) {
        EXPECT_EQ(*plain, sanitise_by_tree(html, base)) << html;
    }
    return plain.has_value();
}

bool is_left_to_the_tree(std::string_view html) { return !sanitise_plain_html(html, base); }

/// Documents that are nested as they should be, and a few that are not.
class RandomHtml {
public:
    explicit RandomHtml(std::uint64_t seed) : random_(seed) {}

    std::string document() {
        html_.clear();
        for (std::size_t i = 0, blocks = 1 + pick(3); i < blocks; ++i) block(0);
        return html_;
    }

private:
    std::size_t pick(std::size_t count) { return random_() % count; }
    template <std::size_t N>
    std::string_view one_of(const std::string_view (&items)[N]) {
        return items[pick(N)];
    }

    void attributes() {
        static constexpr std::string_view all[] = {" class=x",
                                                   " id='y'",
                                                   " title=\"a &amp; b\"",
                                                   " lang=zh-CN",
                                                   " dir=rtl",
                                                   " style=\"display:none\"",
                                                   " hidden",
                                                   " onclick=\"x()\"",
                                                   " title='&copy=1'",
                                                   " data-src=\"//img.example/1\"",
                                                   " TITLE=big",
                                                   " title=`"};
        while (pick(4) == 0) html_ += one_of(all);
    }

    void open(std::string_view name) {
        html_.append("<").append(name);
        attributes();
        html_ += ">";
    }
    void close(std::string_view name) {
        if (pick(60) > 0) html_.append("</").append(name).append(">");
    }

    void text() {
        static constexpr std::string_view words[] = {"钢铁",    "，",           "word ", " ", "\n", "&amp;", "&nbsp;",
                                                     "&#8220;", "&#x1F600;",    "\"",    "'", "`",  ">",     "& ",
                                                     "\r\n",    "\xE2\x80\x8B", "😀",     "é"};
        for (std::size_t i = 0, count = pick(6); i < count; ++i) html_ += one_of(words);
    }

    void phrase(std::size_t depth) {
        static constexpr std::string_view names[] = {"b", "strong", "em", "i",      "span", "a",   "code",
                                                     "u", "sub",    "q",  "strike", "tt",   "del", "time"};
        static constexpr std::string_view leaves[] = {"<br>",
                                                      "<br/>",
                                                      "<img src=a.png>",
                                                      "<img data-src=\"../b.jpg\" src=/blank.gif width=5>",
                                                      "<wbr>",
                                                      "<!-- note -->",
                                                      "<a href=\"/x?a=1&b=2\">link</a>",
                                                      "<img width=1 height=1 src=t>"};
        text();
        if (pick(3) == 0) html_ += one_of(leaves);
        if (depth < 5 && pick(2) == 0) {
            const std::string_view name = one_of(names);
            open(name);
            phrase(depth + 1);
            close(name);
        }
        text();
    }

    void block(std::size_t depth) {
        static constexpr std::string_view names[] = {"div",    "section", "blockquote", "center",
                                                     "figure", "details", "form",       "address"};
        static constexpr std::string_view lists[] = {"ul", "ol", "menu"};
        static constexpr std::string_view lines[] = {"p", "p", "p", "h2", "h4", "pre"};
        switch (depth < 5 ? pick(6) : 0) {
            case 1: {
                const std::string_view list = one_of(lists);
                open(list);
                for (std::size_t i = 0, items = 1 + pick(3); i < items; ++i) {
                    open("li");
                    pick(2) == 0 ? phrase(depth) : block(depth + 1);
                    if (pick(3) > 0) html_ += "</li>";
                }
                return close(list);
            }
            case 2: {
                const std::string_view name = one_of(names);
                open(name);
                block(depth + 1);
                if (pick(2) == 0) block(depth + 1);
                return close(name);
            }
            case 3:
                html_ += "<hr>";
                break;
            case 4:
                html_ += "<dl><dt>a<dd>b</dl>";
                break;
            default:
                break;
        }
        const std::string_view line = one_of(lines);
        open(line);
        phrase(depth);
        if (line != "p" || pick(4) > 0) close(line);
        if (pick(2) == 0) html_ += "\n";
    }

    std::mt19937_64 random_;
    std::string html_;
};

TEST(PlainHtml, IsReadAsTheTreeReadsItInEveryCase) {
    std::size_t answered = 0;
    for (const auto& file : std::filesystem::directory_iterator(GAZETTED_SOURCE_DIR "/tests/cases/sanitise_html")) {
        const std::string text = read_file(file.path());
        const std::size_t at = text.find("\n---- becomes\n");
        for (const auto& html : {text.substr(0, at), text.substr(at + 14)})
            answered += is_answered_as_by_the_tree(html) ? 1 : 0;
    }
    EXPECT_GT(answered, 0U);
}

TEST(PlainHtml, IsReadAsTheTreeReadsItAmongHostileFragments) {
    const auto path = shared_folder() / "html" / "fragments.json";
    if (!std::filesystem::exists(path)) GTEST_SKIP() << "no ../shared/html/fragments.json";
    const boost::json::value parsed = boost::json::parse(read_file(path));
    std::size_t answered = 0;
    for (const auto& fragment : parsed.as_array())
        answered += is_answered_as_by_the_tree(fragment.at("input").as_string()) ? 1 : 0;
    EXPECT_GT(answered, 0U);
}

TEST(PlainHtml, IsReadAsTheTreeReadsItInRealPosts) {
    const auto posts = shared_folder() / "samples/finews/_posts";
    if (!std::filesystem::exists(posts)) GTEST_SKIP() << "no ../shared/samples/finews";
    std::size_t answered = 0;
    for (const auto& file : std::filesystem::directory_iterator(posts)) {
        const std::string post = read_file(file.path());
        const std::size_t head_end = post.find("\n---", 3);
        ASSERT_NE(head_end, std::string::npos) << file.path();
        answered += is_answered_as_by_the_tree(post.substr(head_end + 4)) ? 1 : 0;
    }
    EXPECT_GT(answered, 0U);
}

TEST(PlainHtml, IsWhatArticlesOfASampleSiteHold) {
    for (std::uint64_t number = 0; number < 50; ++number)
        EXPECT_TRUE(is_answered_as_by_the_tree(sample_html(number, 3'000))) << number;
}

TEST(PlainHtml, IsReadAsTheTreeReadsItInRandomDocuments) {
    RandomHtml random(20'261'127);
    constexpr std::size_t documents = 4'000;
    std::size_t answered = 0;
    for (std::size_t i = 0; i < documents && !testing::Test::HasFailure(); ++i)
        answered += is_answered_as_by_the_tree(random.document()) ? 1 : 0;
    EXPECT_GT(answered, documents / 5);
    EXPECT_LT(answered, documents);
}

TEST(PlainHtml, ResolvesReferencesAsTheTreeDoes) {
    for (const std::string_view name :
         {"amp",   "apos",   "bull",  "copy",   "deg",  "emsp",  "ensp",   "euro", "gt",    "hellip", "laquo",  "ldquo",
          "lsquo", "lt",     "mdash", "middot", "nbsp", "ndash", "permil", "quot", "raquo", "rdquo",  "reg",    "rsquo",
          "shy",   "thinsp", "times", "trade",  "yen",  "zwj",   "zwnj",   "#38",  "#x3c",  "#160",   "#X20AC", "#128512"}) {
        const std::string reference = "&" + std::string(name) + ";";
        EXPECT_TRUE(is_answered_as_by_the_tree("<p title=\"" + reference + "\">a" + reference + "b</p>")) << reference;
    }
    for (const std::string_view value : {"/x?a=1&b=2", "&", "a& b", "&copy=1", "&&amp;&", "<"})
        EXPECT_TRUE(is_answered_as_by_the_tree("<a href=\"" + std::string(value) + "\">x & y < z</a> <>&<<")) << value;
    for (const std::string_view text :
         {"&amp", "&copy", "&nosuch;", "&#128;", "&#0;", "&#xD800;", "&#xFFFF;", "&#1114112;", "&#;", "&#x;", "&a"})
        EXPECT_TRUE(is_left_to_the_tree("<p>" + std::string(text) + "</p>")) << text;
}

TEST(PlainHtml, IsNothingThatOnlyATreeBuilderUnderstands) {
    for (const std::string_view html : {"<b><i>x</b></i>",
                                        "<p><b>x</p>y</b>",
                                        "<b>x",
                                        "<a href=x>y<a href=z>w</a></a>",
                                        "<b><b>x</b></b>",
                                        "<p><span><div>x</div></span></p>",
                                        "x</div>",
                                        "x</p>",
                                        "<span>x</div></span>",
                                        "<span><p>x</span></p>",
                                        "<table><tr><td>x</td></tr></table>",
                                        "<td>x</td>",
                                        "<ruby>x<rt>y</ruby>",
                                        "<video src=x></video>",
                                        "<svg></svg>",
                                        "<script>x</script>",
                                        "<unknown>x</unknown>",
                                        "<li><div><li>x</div>",
                                        "<h1><h2>x</h2></h1>",
                                        "<h1><span><h1>x</h1></span></h1>",
                                        "<pre>\nx</pre>",
                                        "<pre><b></b>\nx</pre>",
                                        "<p",
                                        "</p",
                                        "<!-->",
                                        "<!--",
                                        "<?x?>",
                                        "</br>",
                                        "\f",
                                        "\x01",
                                        "\xFF",
                                        "\xC2\x85",
                                        "\xEF\xBF\xBF",
                                        "\xED\xA0\x80",
                                        "a\r"})
        EXPECT_TRUE(is_left_to_the_tree(html)) << html;
}

TEST(PlainHtml, LeavesToTheTreeWhatIsDeepOrLong) {
    const auto nested = [](std::size_t depth) {
        std::string html;
        for (std::size_t i = 0; i < depth; ++i) html += "<div>";
        html += "x";
        for (std::size_t i = 0; i < depth; ++i) html += "</div>";
        return html;
    };
    EXPECT_TRUE(is_answered_as_by_the_tree(nested(64)));
    EXPECT_TRUE(is_left_to_the_tree(nested(65)));
    EXPECT_TRUE(is_answered_as_by_the_tree("<p>" + std::string((256U << 10U) - 7, 'x') + "</p>"));
    EXPECT_TRUE(is_left_to_the_tree("<p>" + std::string((256U << 10U) - 6, 'x') + "</p>"));
    // Escapes count: what is written stays within the limits when it is read again.
    EXPECT_TRUE(is_answered_as_by_the_tree("<p>" + std::string(80'000, '"') + "</p>"));
    EXPECT_TRUE(is_left_to_the_tree("<p>" + std::string(200'000, '"') + "</p>"));
    EXPECT_TRUE(is_answered_as_by_the_tree("<p title='" + std::string(2'000, '"') + "'>x</p>"));
    EXPECT_TRUE(is_left_to_the_tree("<p title='" + std::string(3'000, '"') + "'>x</p>"));
}

TEST(PlainHtml, MayBeginWithCodeInPreformattedText) {
    EXPECT_TRUE(is_answered_as_by_the_tree("<pre><code class=\"language-c\">int a;\nint b;</code></pre>"));
    EXPECT_TRUE(is_answered_as_by_the_tree("<pre>x\n\n y</pre>"));
}

}  // namespace
}  // namespace gazetted
