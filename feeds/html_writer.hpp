#pragma once

#include <string>
#include <string_view>

struct GumboInternalNode;

namespace gazetted {

/// The tree below `root`, which came through the gate, as HTML that is a well-formed XML fragment too: allow-listed elements
/// with allow-listed attributes, links absolute against `base_url`, everything else escaped. Lazy images get the source that a
/// script would have given them; hidden elements go with their content, empty wrappers without.
std::string write_safe_html(const GumboInternalNode& root, std::string_view base_url);

}  // namespace gazetted
