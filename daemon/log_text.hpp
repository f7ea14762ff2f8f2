#pragma once

#include <string>
#include <string_view>

namespace gazetted {

// Texts from outside on a line of a log: they cannot end it, forge another or change how a terminal shows it. Controls, line
// ends, U+2028 and U+2029 and the marks that turn the direction of writing are escaped. Pure.

/// As it is where it is plain, else in quotes, with `\"`, `\\`, `\n` and `\x1b`; bytes that are no UTF-8 likewise.
void append_logged(std::string& line, std::string_view value);

/// A JSON string (RFC 8259 section 7), its quotes included; each part that is no UTF-8 becomes U+FFFD.
void append_json_string(std::string& line, std::string_view value);

/// At most `bytes_max` bytes of it, never ending inside a character.
std::string_view cut_for_log(std::string_view value, std::size_t bytes_max);

}  // namespace gazetted
