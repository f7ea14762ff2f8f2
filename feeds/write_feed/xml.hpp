#pragma once

#include "feeds/write_feed/formats.hpp"

#include <pugixml.hpp>

#include <string>
#include <string_view>

namespace gazetted {

// What RSS, Atom and OPML share. pugixml escapes, and splits `]]>` in CDATA; it filters no illegal characters, so whatever
// comes here is legal already. Included by the writers only.

pugi::xml_node append_element(pugi::xml_node parent, const char* name, const std::string& text = {});
/// HTML as CDATA: the same text as if it were escaped, a third smaller and legible in the source.
pugi::xml_node append_html(pugi::xml_node parent, const char* name, const std::string& html);
void append_attribute(pugi::xml_node node, const char* name, const std::string& value);

/// Without white space that is not in the tree (indenting is quadratic in depth) and without a declaration.
std::string xml_bytes(const pugi::xml_node&);

/// The document `root` with room for entries before `closing_tags`, which must be its last bytes.
Envelope xml_envelope(const pugi::xml_node& root, std::string_view closing_tags);

}  // namespace gazetted
