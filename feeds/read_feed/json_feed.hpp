#pragma once

#include "feeds/parsed_feed.hpp"
#include "feeds/result.hpp"

#include <string_view>

namespace gazetted {

/// JSON Feed 1.0 and 1.1. `unsupported` where it is another JSON, `malformed` where it is none.
Result<Feed> read_json_feed(std::string_view document, std::string_view url);

}  // namespace gazetted
