#pragma once

#include <string>
#include <string_view>

namespace gazetted {

struct MendedJson {
    std::string text;
    bool is_cut_off = false;  ///< it ended before its end: what was whole is there, and what was open is closed
};

/// Where JSON begins, behind comments and the `)]}'` that keeps scripts from running it; npos where the text begins otherwise.
std::size_t begin_of_json(std::string_view text);

/// What programs that put JSON together by hand do wrong, mended: comments, words that JSON does not have (`NaN`), something
/// behind the end; within strings line ends and tabs as they are, halves of characters beyond the basic plane (a text that was
/// cut there) and escapes that are none. All else stays as it is. Linear.
MendedJson mend_json(std::string_view text);

}  // namespace gazetted
