#include "daemon/jekyll/markdown.hpp"

#include <md4c-html.h>

#include <algorithm>
#include <limits>

namespace gazetted::jekyll {

namespace {

struct Output {
    std::string html;
    bool too_large = false;
};

void append(const MD_CHAR* text, MD_SIZE size, void* context) {
    auto& output = *static_cast<Output*>(context);
    output.too_large = output.too_large || output.html.size() + size > MarkdownLimits::html_bytes_max;
    if (!output.too_large) output.html.append(text, size);
}

std::string preformatted(std::string_view text) {
    std::string html = "<pre>";
    for (const char c : text) {
        if (c == '&')
            html += "&amp;";
        else if (c == '<')
            html += "&lt;";
        else if (c == '>')
            html += "&gt;";
        else
            html += c;
    }
    return html + "</pre>";
}

/// Every reference may repeat the longest definition.
bool expands_too_far(std::string_view text) {
    std::size_t longest = 0;
    for (auto at = text.find("]:"); at != std::string_view::npos; at = text.find("]:", at + 2)) {
        const auto end = std::min(text.find('\n', at), text.size());
        longest = std::max(longest, end - at);
        at = std::max(at, end < at + 2 ? at : end - 2);
    }
    const auto references = static_cast<std::size_t>(std::count(text.begin(), text.end(), '['));
    return longest > 0 && references > MarkdownLimits::expansion_max / longest;
}

}  // namespace

RenderedMarkdown render_markdown(std::string_view text) {
    const std::string prepared = from_kramdown(text);
    if (prepared.size() > MarkdownLimits::html_bytes_max || expands_too_far(prepared)) return {preformatted(text), true};
    Output output;
    output.html.reserve(prepared.size() + prepared.size() / 4);
    const int failed = md_html(prepared.data(), static_cast<MD_SIZE>(prepared.size()), append, &output,
                               MD_FLAG_TABLES | MD_FLAG_STRIKETHROUGH, MD_HTML_FLAG_XHTML);
    if (failed != 0 || output.too_large) return {preformatted(text), true};
    return {std::move(output.html), false};
}

}  // namespace gazetted::jekyll
