#include "feeds/html_allowlist.hpp"
#include "feeds/sanitise_html.hpp"
#include "feeds/text.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
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

/// Text of which every piece, up to a tag or a reference, is whole; it ends with the piece that reaches `bytes_max`. White
/// space as it came.
std::string pieces_of_text(std::string_view html, std::size_t bytes_max) {
    std::string text;
    text.reserve(std::min(html.size(), 2 * bytes_max));
    for (std::size_t at = 0; at < html.size() && text.size() < bytes_max;) {
        if (html[at] == '<') {
            // The writer escapes every > that ends no tag.
            const std::size_t end = std::min(html.find('>', at), html.size());
            if (separates_words(html.substr(at + 1, end - at - 1))) text.push_back(' ');
            at = std::min(end + 1, html.size());
        } else if (html[at] == '&') {
            const auto found = std::find_if(references.begin(), references.end(),
                                            [&](const auto& r) { return html.substr(at).starts_with(r.first); });
            text.push_back(found == references.end() ? '&' : found->second);
            at += found == references.end() ? 1 : found->first.size();
        } else {
            const auto is_end = [](char c) { return c == '<' || c == '&'; };
            const auto end = std::find_if(html.begin() + static_cast<std::ptrdiff_t>(at), html.end(), is_end);
            const auto bytes = static_cast<std::size_t>(end - html.begin()) - at;
            text.append(html, at, bytes);
            at += bytes;
        }
    }
    return text;
}

std::size_t count_of_characters(std::string_view utf8) {
    return static_cast<std::size_t>(
        std::count_if(utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80; }));
}

}  // namespace

std::string text_of_html(const SafeHtml& safe) {
    return collapse_space(pieces_of_text(safe.str(), static_cast<std::size_t>(-1) / 2));
}

std::string first_words_of_html(const SafeHtml& safe, std::size_t characters_max) {
    // Where white space, or a script with few bytes a character, makes less of it, there is time to read more.
    static constexpr std::size_t bytes_a_character = 4;
    const std::string start = collapse_space(pieces_of_text(safe.str(), characters_max * bytes_a_character));
    const bool is_enough = count_of_characters(start) > characters_max;
    return first_words(is_enough ? start : text_of_html(safe), characters_max);
}

}  // namespace gazetted
