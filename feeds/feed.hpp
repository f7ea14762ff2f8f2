#pragma once

#include "feeds/article.hpp"

#include <string>

namespace gazetted {

/// What a feed says of itself, whatever its format (RFC 4287 section 4.1.1, RSS 2.0 channel, JSON Feed 1.1 top level).
struct FeedHead {
    std::string id;         ///< does not change with format or domain
    std::string title;      ///< plain text, never empty
    std::string subtitle;   ///< plain text, may be empty
    std::string language;   ///< BCP 47, may be empty
    std::string author;     ///< name, may be empty
    std::string self_link;  ///< this document
    std::string home_link;  ///< the page for people
    Instant updated;        ///< from the articles, never from the clock
};

/// The formats of feeds. A page is not a feed.
enum class FeedFormat { rss, atom, json };

}  // namespace gazetted
