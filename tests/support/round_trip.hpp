#pragma once

#include "feeds/entry.hpp"
#include "feeds/feed.hpp"

#include <optional>
#include <span>
#include <string>

namespace gazetted {

/// Writes a feed and reads it back as the feed of a stranger. None: what was read is what was written, but for what the format
/// cannot say (the table in the source, which docs/formats.md explains). Else the first difference.
std::optional<std::string> lost_on_the_way(const FeedHead&, std::span<const Entry>, FeedFormat);

}  // namespace gazetted
