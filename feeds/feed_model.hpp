#pragma once

#include "feeds/parsed_feed.hpp"

#include <string>

namespace gazetted {

/// How a feed is shown.
struct FeedModelOptions {
    bool sanitise = false;  ///< HTML as we would publish it, titles as plain text; else as read
    std::string url;        ///< what relative links in sanitised HTML are resolved against
};

/// One JSON object, on one line: what `gazetted read` prints. Members that say nothing are left out, but for the
/// lists of entries and of their enclosures.
std::string feed_model_json(const Feed&, const FeedModelOptions&);

}  // namespace gazetted
