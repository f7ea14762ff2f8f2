#pragma once

#include <string>
#include <string_view>

namespace gazetted {

/// Appends `text` escaped for content and for quoted attributes, in HTML and XML alike; characters that XML forbids are gone.
void append_escaped_html(std::string& to, std::string_view text);
/// Likewise, of text that holds none of these.
void append_escaped_legal_html(std::string& to, std::string_view text);

/// `value` as attribute `name` of `element` may have it: a link absolute and of an allowed scheme, a number a number. False:
/// it has no safe or no sensible form, and the attribute is left out.
bool canonical_html_attribute(std::string_view element, std::string_view name, std::string_view value,
                              std::string_view base_url, std::string& canonical);

/// Absolute, http or https; empty: there is none.
std::string media_link(std::string_view reference, std::string_view base_url);

/// The candidates of `srcset` (HTML section 4.8.4.2.1) with absolute links; those without are left out.
std::string canonical_srcset(std::string_view srcset, std::string_view base_url);

}  // namespace gazetted
