#pragma once

#include "feeds/html_allowlist.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace gazetted {

struct HtmlAttribute {
    std::string_view name;
    std::string_view value;
};

/// What a start tag's attributes come to.
struct HtmlAttributes {
    std::vector<HtmlAttribute> kept;  ///< that the allow-list names, the first of each; values as written, escapes too
    std::string video;                ///< the page of an embedded player
    std::string_view title;
    bool hidden = false;  ///< by its style, or a picture there to count readers
};

bool is_html_blank(char) noexcept;
bool is_html_letter(char) noexcept;

/// Reads the tags in `html` as HTML section 13.2.5 does, within the limits on attributes.
struct HtmlTags {
    std::string_view html;
    std::size_t at = 0;  ///< where to read next

    bool at_end() const noexcept { return at >= html.size(); }
    char peek(std::size_t ahead) const noexcept { return at + ahead < html.size() ? html[at + ahead] : '\0'; }

    /// Lower case; `at` stands on its first letter.
    std::string read_name();
    /// Up to the tag's end, where `at` stands on the `>` unless the tag has none.
    HtmlAttributes read_attributes(const HtmlElement* element);
    void skip_attributes();

private:
    struct Read {
        std::string name;
        std::string_view value;
    };
    bool read_attribute(Read&);
    std::string_view read_value();
    void skip_blanks();
};

}  // namespace gazetted
