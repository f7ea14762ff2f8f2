// Where the plain reader has an answer, it is the tree's: byte for byte. An input that begins with a line end is one token a
// byte, since random bytes are rarely tags that nest.

#include "feeds/html_plain_reader.hpp"
#include "feeds/html_tree_reader.hpp"

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace {

constexpr std::array<std::string_view, 22> names = {"p",      "div",     "b",  "span", "a",    "li", "ul",   "dd",
                                                    "dt",     "dl",      "h2", "h3",   "em",   "tt", "code", "center",
                                                    "strike", "section", "q",  "menu", "form", "pre"};
constexpr std::array<std::string_view, 48> others = {
    "<a href=x>",
    "<a href='/y?a=1&b=2&amp;c'>",
    "<span title=t>",
    "<p style='display:none'>",
    "<div style=visibility:hidden>",
    "<br>",
    "<br/>",
    "<hr>",
    "<img src=i>",
    "<img data-src=l src=b width=1 height=1>",
    "<img src=i width=1 height=0>",
    "<img alt='&quot;\"'>",
    "<wbr>",
    "<image src=j>",
    "<!--c-->",
    "<!---->",
    "x",
    "文",
    " ",
    "\n",
    "\r\n",
    "\r",
    "&",
    "&amp;",
    "&lt;",
    "&nbsp;",
    "&#x27;",
    "&#128;",
    "amp;",
    "'",
    "`",
    ">",
    "< ",
    "\xC2\xA0",
    "\xE3\x80\x80",
    "\xE2\x80\x8B",
    "\xF0\x9F\x98\x80",
    "<table><tr><td>x</td></tr></table>",
    "<details open>",
    "</details>",
    "<blockquote cite=q>",
    "</blockquote>",
    "<ol start=3 type=a>",
    "</ol>",
    "<li value=2>",
    "<figure>",
    "</figure>",
    "<dialog>",
};

std::string from_tokens(const std::uint8_t* data, std::size_t size) {
    std::string html;
    for (std::size_t i = 0; i < size; ++i) {
        const std::size_t token = data[i];
        if (token < 2 * names.size()) {
            html.append(token % 2 == 0 ? "<" : "</").append(names[token / 2]).append(">");
        } else {
            html.append(others[(token - 2 * names.size()) % others.size()]);
        }
    }
    return html;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::string_view base = "https://base.example/a/b";
    const bool has_tokens = size > 0 && data[0] == '\n';
    const std::string html = has_tokens ? from_tokens(data + 1, size - 1) : std::string(data, data + size);
    const auto plain = gazetted::sanitise_plain_html(html, base);
    if (!plain) return 0;
    const std::string tree = gazetted::sanitise_by_tree(html, base);
    if (*plain == tree) return 0;
    std::fprintf(stderr, " html: %s\nplain: %s\n tree: %s\n", html.c_str(), plain->c_str(), tree.c_str());
    std::abort();
}
