#pragma once

#include <string>
#include <string_view>

namespace gazetted {

/// `html` as a browser reads it, written by HtmlWriter: through the gate, gumbo's tree, and again until it stays as it is. This
/// decides what right is; every other reader gives these bytes or none. `html` may be anything of any length.
std::string sanitise_by_tree(std::string_view html, std::string_view base_url);

}  // namespace gazetted
