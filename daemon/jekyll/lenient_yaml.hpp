#pragma once

#include "daemon/jekyll/front_matter.hpp"

#include <optional>
#include <string_view>

namespace gazetted::jekyll {

/// Front matter that is no YAML, read as people meant it: `key: value` at the start of a line, the value to the line's end with
/// its outer quotes off; `[a, b]`, `- item` lines and `|` blocks. None where a line is none of these or a quote has no end.
std::optional<YamlValue> parse_lines(std::string_view yaml);

}  // namespace gazetted::jekyll
