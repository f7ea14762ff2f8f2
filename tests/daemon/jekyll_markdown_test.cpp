#include "daemon/jekyll/liquid.hpp"
#include "daemon/jekyll/markdown.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace gazetted::jekyll {
namespace {

std::string html(std::string_view text) { return render_markdown(text).html; }

TEST(JekyllLiquid, IsLeftOutAndCounted) {
    const auto without = remove_liquid("a {% include /etc/passwd %}{{ site.secret }}b {% for i in (1..9) %}x{% endfor %}");
    EXPECT_EQ(without.text, "a b x");
    EXPECT_EQ(without.tags, 4u);
}

TEST(JekyllLiquid, StaysWhereItIsRaw) {
    const auto without = remove_liquid("{% raw %}{{x}} {% y %}{% endraw %}{%- comment -%} z {% endcomment %}!");
    EXPECT_EQ(without.text, "{{x}} {% y %}!");
    EXPECT_EQ(without.tags, 1u);
}

TEST(JekyllLiquid, HighlightBecomesACodeBlock) {
    EXPECT_EQ(html(remove_liquid("{% highlight ruby linenos %}\nputs `a` <b>\n{% endhighlight %}\n").text),
              "<pre><code class=\"language-ruby\">puts `a` &lt;b&gt;\n</code></pre>\n");
}

TEST(JekyllLiquid, WithoutAnEndIsText) {
    EXPECT_EQ(remove_liquid("a {{ b").text, "a {{ b");
    EXPECT_EQ(remove_liquid("a {% b").text, "a {% b");
    EXPECT_EQ(remove_liquid("{% raw %}a{{b}}").text, "a");
}

TEST(JekyllMarkdown, KnowsTablesStrikethroughAndAutolinks) {
    EXPECT_NE(html("| a | b |\n|---|---|\n| 1 | 2 |\n").find("<td>2</td>"), std::string::npos);
    EXPECT_EQ(html("~~a~~ <http://x.y/z>"), "<p><del>a</del> <a href=\"http://x.y/z\">http://x.y/z</a></p>\n");
}

TEST(JekyllMarkdown, GoesOnBehindAnHtmlBlockAsInKramdown) {
    EXPECT_EQ(html("<p>a</p>\n**b**\n"), "<p>a</p>\n<p><strong>b</strong></p>\n");
}

TEST(JekyllMarkdown, KeepsAnElementTogetherOverBlankLines) {
    EXPECT_EQ(html("<div>\n\n    <p>a</p>\n\n</div>\nb"), "<div>\n    <p>a</p>\n</div>\n<p>b</p>\n");
    EXPECT_EQ(html("<div><pre>a\n\nb</pre></div>"), "<div><pre>a\n&#10;\nb</pre></div>\n");
}

TEST(JekyllMarkdown, DropsKramdownsAttributeLists) {
    EXPECT_EQ(html("![a](b.png){: .center}\n{: #id}\n"), "<p><img src=\"b.png\" alt=\"a\" /></p>\n");
    EXPECT_EQ(html("`{: .x}`"), "<p><code>{: .x}</code></p>\n");
}

TEST(JekyllMarkdown, IsStrongBesideChineseLetters) {
    EXPECT_EQ(html("他说**“好的”**然后"), "<p>他说<strong>“好的”</strong>然后</p>\n");
    EXPECT_EQ(html("2 ** 3 ** 4"), "<p>2 ** 3 ** 4</p>\n");
}

TEST(JekyllMarkdown, LeavesCodeAlone) {
    EXPECT_EQ(html("```\n<div>\n\n{: .x}\n```\n"), "<pre><code>&lt;div&gt;\n\n{: .x}\n</code></pre>\n");
}

TEST(JekyllMarkdown, ShowsTextAsItIsWhereDefinitionsWouldGrowBeyondALimit) {
    std::string text = "[a]: http://x/" + std::string(200'000, 'y') + "\n\n";
    for (int i = 0; i < 2000; ++i) text += "[a] ";
    const auto rendered = render_markdown(text);
    EXPECT_TRUE(rendered.as_is);
    EXPECT_TRUE(rendered.html.starts_with("<pre>[a]: http"));
}

/// The time of twice the text is about twice the time; a quadratic step would show as hours here.
TEST(JekyllMarkdown, TakesTimeInStepWithTheText) {
    const auto start = std::chrono::steady_clock::now();
    for (const std::string piece :
         {"<p>", "<div>\n\n", "<p>a</p>", "[a](", "<a", "**x", "{: ", "> ", "- ", "`", "{% raw %}{% highlight %}", "{{", "{%",
          "![", "&", "*a_ ", "\\", "|a|\n|-|\n", "<pre>\n\n"}) {
        std::string text;
        while (text.size() < 200'000) text += piece;
        html(remove_liquid(text).text);
        const auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        ASSERT_LT(seconds, 60) << piece;
        RecordProperty("seconds after " + piece.substr(0, 3), std::to_string(seconds));
    }
}

}  // namespace
}  // namespace gazetted::jekyll
