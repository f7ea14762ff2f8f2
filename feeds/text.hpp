#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace gazetted {

/// RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
bool is_utf8(std::string_view);
/// Each maximal ill-formed part becomes one U+FFFD, as the WHATWG Encoding Standard decodes.
std::string to_utf8(std::string_view);

/// `text` without the characters that XML 1.0 section 2.2 forbids (controls but tab, LF, CR; U+FFFE, U+FFFF; lone surrogates).
/// Ill-formed UTF-8 becomes U+FFFD. The result is legal character data in every format that we write.
std::string legal_xml_text(std::string_view);

/// Unicode normalisation form C; ill-formed input is returned as it came.
std::string to_nfc(std::string_view);

/// Runs of white space (Unicode White_Space) become one space, none at either end: what a title is.
std::string collapse_space(std::string_view);

/// At most `characters_max` code points, cut at a word's end where one is near; an ellipsis says that something was cut.
std::string first_words(std::string_view, std::size_t characters_max);

/// RFC 3986: everything but unreserved characters becomes %XX. For one path segment or one query value.
std::string percent_encode(std::string_view);
/// No value is lost: a `%` that starts no escape stays as it is.
std::string percent_decode(std::string_view);
/// Unreserved characters as they are and everything else as it came (RFC 3986 section 6.2.2.2).
std::string without_needless_escapes(std::string_view path);

}  // namespace gazetted
