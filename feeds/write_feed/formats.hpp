#pragma once

#include "feeds/entry.hpp"
#include "feeds/feed.hpp"

#include <string>
#include <string_view>

namespace gazetted {

/// A feed without its entries: they go between the two, each on a line of its own. The tail starts with a line's end.
struct Envelope {
    std::string head;
    std::string tail;
    std::string_view separator;  ///< between two entries, before the line's end
};

// One pair for each format; write_feed.cpp chooses. Heads take texts as they come, so they are made legal here; entries are
// legal already (entry.hpp).

std::string write_rss_item(const Entry&);
Envelope rss_envelope(const FeedHead&);

std::string write_atom_entry(const Entry&);
Envelope atom_envelope(const FeedHead&);

std::string write_json_item(const Entry&);
Envelope json_envelope(const FeedHead&);

}  // namespace gazetted
