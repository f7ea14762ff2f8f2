#pragma once

#include "feeds/entry.hpp"
#include "feeds/feed.hpp"

#include <pugixml.hpp>

namespace gazetted {

// What RSS and Atom have no element of their own for, in the namespaces that do (docs/formats.md). The same in both formats.

/// On the root: every namespace that fragments and heads use.
void declare_namespaces(pugi::xml_node root, FeedFormat);

/// Text direction (ITS), files (Media RSS), episode (iTunes, podcast namespace), place (GeoRSS).
void append_extensions(pugi::xml_node entry, const Entry&);

/// How often to ask (RSS syndication module), and what directories of podcasts want to know.
void append_head_extensions(pugi::xml_node head, const FeedHead&);

}  // namespace gazetted
