#pragma once

#include <span>
#include <string>
#include <string_view>

namespace gazetted {

/// How the gate reads an element: the classes of HTML section 13.2.4.2, as far as nesting depends on them.
enum class ElementReading {
    ordinary,    ///< closed by its own end tag or by a block around it
    block,       ///< "special": closes an open p, and no ordinary end tag reaches across it
    formatting,  ///< may overlap others: the adoption agency's business
    leaf,        ///< void: no content, no end tag
    table_part,  ///< only inside a table
    raw,         ///< its content is no markup: dropped up to its end tag
    raw_text,    ///< its content is no markup: text up to its end tag
    dropped,     ///< left out with all that is in it
};

/// One row of the allow-list. Whatever has no row is unwrapped: its text stays.
struct HtmlElement {
    std::string_view name;
    std::string_view written;  ///< the element that stands for it in what we publish; empty: unwrapped
    ElementReading reading = ElementReading::ordinary;
    std::span<const std::string_view> attributes;  ///< besides those of every element
};

/// By lower-case name; null: no row.
const HtmlElement* find_html_element(std::string_view name);

/// `dir`, `lang` and `title`: harmless on every element.
std::span<const std::string_view> html_attributes_of_all();

/// Where scripts that load images late put what belongs into `src` and `srcset`, best first.
std::span<const std::string_view> lazy_src_attributes();
std::span<const std::string_view> lazy_srcset_attributes();

/// `scheme` in lower case, of a link that a person follows, or of what a page loads by itself.
bool is_link_scheme(std::string_view scheme);
bool is_media_scheme(std::string_view scheme);

/// The attribute in which an element may name a player, in any spelling that ends so; empty: it embeds none.
std::string_view player_attribute(std::string_view element);

/// The page of the video that an embedded player of a known host would show; empty: not one of these. Always https, and made
/// from the table and the video's own id alone.
std::string video_page(std::string_view player);

}  // namespace gazetted
