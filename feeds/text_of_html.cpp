#include "feeds/html_allowlist.hpp"
#include "feeds/sanitise_html.hpp"
#include "feeds/text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace gazetted {
namespace {

/// The references that our own writer makes; there are no others in SafeHtml.
constexpr std::array<std::pair<std::string_view, char>, 6> references{
    {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&#39;", '\''}, {"&#96;", '`'}}};

bool separates_words(std::string_view tag) {
    if (tag.starts_with('/')) tag.remove_prefix(1);
    const std::string_view name = tag.substr(0, tag.find_first_of(" />"));
    const HtmlElement* element = find_html_element(name);
    if (!element) return true;
    return element->reading == ElementReading::block || element->reading == ElementReading::table_part ||
           (element->reading == ElementReading::leaf && name != "wbr");
}

}  // namespace

std::string text_of_html(const SafeHtml& safe) {
    const std::string_view html = safe.str();
    std::string text;
    text.reserve(html.size());
    for (std::size_t at = 0; at < html.size();) {
        if (html[at] == '<') {
            // The writer escapes every > that ends no tag.
            const std::size_t end = std::min(html.find('>', at), html.size());
            if (separates_words(html.substr(at + 1, end - at - 1))) text.push_back(' ');
            at = std::min(end + 1, html.size());
            continue;
        }
        const auto found = html[at] == '&' ? std::find_if(references.begin(), references.end(),
                                                          [&](const auto& r) { return html.substr(at).starts_with(r.first); })
                                           : references.end();
        text.push_back(found == references.end() ? html[at] : found->second);
        at += found == references.end() ? 1 : found->first.size();
    }
    return collapse_space(text);
}

}  // namespace gazetted
