#pragma once

#include "feeds/parsed_feed.hpp"
#include "feeds/result.hpp"

#include <string_view>

namespace gazetted {

/// RSS of every version and Atom. `document` is UTF-8 of legal characters. `unsupported` where its root is that of no feed.
Result<Feed> read_xml_feed(std::string_view document, bool is_encoding_sure, std::string_view url);

}  // namespace gazetted
