#pragma once

#include "daemon/jekyll/front_matter.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace gazetted::jekyll {

/// Why these bytes are no text of ours (NUL, UTF-16, GBK, broken UTF-8), and what to do about it. None: well-formed UTF-8.
std::optional<Fault> refuse_encoding(std::string_view bytes);

/// CR LF and CR alone become LF.
std::string with_unix_line_ends(std::string text);

}  // namespace gazetted::jekyll
