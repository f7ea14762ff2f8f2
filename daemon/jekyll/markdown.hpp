#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace gazetted::jekyll {

/// Beyond these the text is shown as it was written.
struct MarkdownLimits {
    static constexpr std::size_t html_bytes_max = std::size_t{16} << 20;
    /// Longest link definition times references: what the definitions may grow to.
    static constexpr std::size_t expansion_max = std::size_t{64} << 20;
};

struct RenderedMarkdown {
    std::string html;    ///< not sanitised
    bool as_is = false;  ///< a limit was passed: the text, escaped, in `<pre>`
};

/// CommonMark with tables and strikethrough, raw HTML passed through, where kramdown differs made to read as kramdown has it:
/// an HTML block ends where its element ends and not at a blank line, `{: .class}` lists go, `**“x”**` beside Chinese letters
/// is strong. LF line ends wanted.
RenderedMarkdown render_markdown(std::string_view text);

/// What of kramdown's ways is put into CommonMark's before rendering; the second half of the above, for tests.
std::string from_kramdown(std::string_view text);

}  // namespace gazetted::jekyll
