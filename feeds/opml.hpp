#pragma once

#include <string>
#include <vector>

namespace gazetted {

struct OpmlOutline {
    std::string title;
    std::string feed_link;  ///< xmlUrl
    std::string home_link;  ///< htmlUrl
    std::string language;
    std::string type = "rss";
};

/// OPML 2.0, UTF-8. No dates: the same outlines give the same bytes.
std::string write_opml(const std::string& title, const std::vector<OpmlOutline>& outlines);

}  // namespace gazetted
