#pragma once

#include "feeds/entry.hpp"
#include "feeds/feed.hpp"
#include "feeds/parsed_feed.hpp"

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace gazetted {

/// What an entry or a feed says, one fact a text, whatever the format: `author=Ann|ann@example.org|`.
using Facts = std::multiset<std::string>;

Facts facts_of(const Entry&);
Facts facts_of(const FeedHead&);

/// The same of what read_feed() made of a document.
Facts facts_of(const ParsedEntry&);
Facts facts_of(const ParsedHead&);

/// What a document's entries say, in their order, as a strict parser finds it in the places that docs/formats.md names. Knows
/// nothing of how documents are written.
std::vector<Facts> facts_in(std::string_view document, FeedFormat);

}  // namespace gazetted
