#pragma once

#include "daemon/jekyll/site.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace gazetted::jekyll {

/// A file of a `_posts` folder.
struct PostFile {
    std::string path;  ///< relative to the site, UTF-8
    std::string bytes;
    std::chrono::sys_seconds modified;
};

struct PostOptions {
    ZonelessTimestamp zoneless = ZonelessTimestamp::utc;
    std::string id_prefix;  ///< before the path of an id where the site has no url
};

struct ReadPost {
    Article article;
    bool published = true;  ///< `published: false`
    std::size_t liquid_tags = 0;
    std::vector<Fault> warnings;
};

/// Pure: the same file gives the same article. Id, link and date are Jekyll's and jekyll-feed's; with
/// ZonelessTimestamp::local only the article's date differs, never its id or link. A fault: the file is to be set aside.
Read<ReadPost> read_post(const PostFile&, const Site&, const PostOptions&);

}  // namespace gazetted::jekyll
