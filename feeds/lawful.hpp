#pragma once

#include <string>
#include <string_view>

namespace gazetted {

// Single values made fit to leave the house: what comes back is legal in every format, or empty.

/// Legal characters, on one line.
std::string one_line(std::string_view text);

/// Empty where `url` leads nowhere a reader could follow from another machine: absolute, http or https.
std::string web_link(std::string_view url);

/// RFC 4287 section 3.2.3 wants an address around an at sign; anything else would make the feed invalid.
std::string email_address(std::string_view text);

/// The language tag in `text`, `zh_CN` mended to `zh-CN`; empty where it does not look like one (RFC 5646 section 2.1: letters,
/// then parts of one to eight letters or digits). Fit for xml:lang and HTML's lang.
std::string language_tag(std::string_view text);

/// `application/octet-stream` where `text` is no type and subtype.
std::string media_type_of(std::string_view text);

/// Whether it is an IRI with its scheme (RFC 3987 section 2.2), which an Atom id must be.
bool is_iri(std::string_view text);

/// An absolute URI of any scheme that names something and is not fetched (RFC 3986 section 4.3, ASCII); else empty.
std::string absolute_uri(std::string_view text);

}  // namespace gazetted
