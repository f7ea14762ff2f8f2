#pragma once

#include "feeds/date_time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gazetted {

struct OpmlOutline {
    std::string title;
    std::string feed_link = {};  ///< xmlUrl; empty: a group
    std::string home_link = {};  ///< htmlUrl
    std::string language = {};
    std::string type = "rss";
    std::optional<std::int64_t> articles = {};  ///< how many the feed's selection has
    std::optional<Instant> newest = {};         ///< when the newest of them was published
    std::string slug = {};                      ///< of the source or category that it stands for, for whoever reads it back
    std::vector<OpmlOutline> members = {};      ///< of a group
};

/// Where `articles`, `newest` and `slug` are attributes: OPML 2.0 leaves what it does not know to namespaces.
inline constexpr const char* opml_namespace = "urn:x-gazetted:opml";

/// OPML 2.0, UTF-8. No dates but those of the outlines: the same ones give the same bytes.
std::string write_opml(const std::string& title, const std::vector<OpmlOutline>& outlines);

}  // namespace gazetted
