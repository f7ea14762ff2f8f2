#pragma once

#include "feeds/article.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace gazetted {

/// To another document of the same feed (RFC 5005).
struct HistoryLink {
    std::string relation;  ///< `prev-archive`, `next-archive`, `current`; of a search `first`, `previous`, `next`
    std::string target;
    friend bool operator==(const HistoryLink&, const HistoryLink&) = default;
};

/// An entry that readers may have, and shall no longer have (RFC 6721).
struct Tombstone {
    std::string id;
    Instant withdrawn;
    friend bool operator==(const Tombstone&, const Tombstone&) = default;
};

/// What makes a feed a podcast to the directories of podcasts.
struct Podcast {
    std::string category;  ///< one of Apple's; never empty
    bool is_explicit = false;
    friend bool operator==(const Podcast&, const Podcast&) = default;
};

/// What a feed says of itself, whatever its format (RFC 4287 section 4.1.1, RSS 2.0 channel, JSON Feed 1.1 top level).
struct FeedHead {
    std::string id;                      ///< does not change with format or domain
    std::string title;                   ///< plain text, never empty
    std::string subtitle;                ///< plain text, may be empty
    std::string language;                ///< BCP 47, may be empty
    std::string author;                  ///< name, may be empty
    std::string self_link;               ///< this document
    std::string home_link;               ///< the page for people
    Instant updated;                     ///< from the articles, never from the clock
    std::string rights = {};             ///< plain text, may be empty
    std::string icon = {};               ///< small and square; may be empty
    std::string logo = {};               ///< larger; may be empty
    std::vector<std::string> hubs = {};  ///< WebSub: who pushes this feed
    std::chrono::minutes ttl{0};         ///< how long a reader may wait before it asks again; 0: not said
    std::optional<Podcast> podcast = {};
    std::vector<HistoryLink> history = {};
    bool is_archive = false;                ///< one document of the feed's history, and not the feed of now
    std::vector<Tombstone> withdrawn = {};  ///< Atom alone can say it
};

/// The formats of feeds. A page is not a feed.
enum class FeedFormat { rss, atom, json };

}  // namespace gazetted
