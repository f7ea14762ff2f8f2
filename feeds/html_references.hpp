#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace gazetted {

/// What a `&` in HTML begins.
struct HtmlReference {
    enum class Kind {
        none,        ///< the `&` stands for itself
        character,   ///< a reference with its semicolon
        surprising,  ///< by which rule of HTML section 13.2.5.72 it is read, only a parser knows
    };
    Kind kind = Kind::none;
    std::string text = "&";  ///< what it stands for, in UTF-8
    std::size_t bytes = 1;   ///< of the reference
};

/// `text` begins with the `&`, and ends where the text or the attribute's value ends.
HtmlReference read_html_reference(std::string_view text, bool in_attribute);

}  // namespace gazetted
