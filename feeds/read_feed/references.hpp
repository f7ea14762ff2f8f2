#pragma once

#include <string>
#include <string_view>

namespace gazetted {

/// Appends what `text` means to `out`: the references of XML and HTML decoded, CR LF and CR as LF. A reference in the range C1
/// is what windows-1252 has there, one to no character nothing, an ampersand that starts no reference itself.
/// False: something had to be mended, as XML knows no other entities than its five.
bool append_decoded(std::string_view text, std::string& out);

/// The code point of an entity that HTML 4 defines, 0 for others. Names are case-sensitive.
char32_t html_entity(std::string_view name);

void append_utf8(char32_t code_point, std::string& out);

}  // namespace gazetted
