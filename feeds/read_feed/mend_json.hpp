#pragma once

#include <string>
#include <string_view>

namespace gazetted {

/// What programs that put JSON together by hand do wrong within strings, mended: line ends and tabs as they are, halves of
/// characters beyond the basic plane (a text that was cut there) and escapes that are none. All else stays as it is.
std::string mend_json(std::string_view text);

}  // namespace gazetted
