#pragma once

#include "feeds/result.hpp"

#include <string>
#include <string_view>

namespace gazetted {

struct DecodedDocument {
    std::string owned;      ///< empty where the bytes could stay as they are
    std::string_view text;  ///< UTF-8 of characters that XML allows, without byte order mark; in `owned` or in the bytes
    std::string encoding;   ///< lower case, as its label says; gb2312 and gbk are gb18030
    std::string fault;      ///< what was not as declared; empty: nothing
    bool is_guess = false;  ///< nothing said it, or what was said did not fit
    DecodedDocument() = default;
    DecodedDocument(DecodedDocument&&) = delete;  // `text` may point into `owned`
};

/// What the bytes are read as: the byte order mark, else the charset of the HTTP field, else the XML declaration, else what
/// they look like (RFC 7303 section 3). Labels are those of the WHATWG Encoding Standard. A declaration that the bytes
/// contradict does not count. UTF-7 and stateful encodings are never decoded. An error where there is half a character of
/// UTF-16 or UTF-32, or more than `bytes_max` of UTF-8.
Result<void> decode_document(std::string_view bytes, std::string_view content_type, std::size_t bytes_max,
                             DecodedDocument& out);

/// The value of `charset` in a Content-Type field, lower case, without quotes; empty where there is none.
std::string charset_of(std::string_view content_type);

}  // namespace gazetted
