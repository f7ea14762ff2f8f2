#pragma once

#include <string>
#include <string_view>

namespace gazetted {

/// Whether a document begins as HTML does.
bool looks_like_page(std::string_view text);

/// The feeds that a page advertises in `<link rel="alternate">`, absolute, each once, with blanks between; empty where it names
/// none.
std::string advertised_feeds(std::string_view html, std::string_view url);

}  // namespace gazetted
