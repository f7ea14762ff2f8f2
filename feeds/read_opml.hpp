#pragma once

#include "feeds/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace gazetted {

struct OpmlFolder {
    std::string title;
    std::string slug;  ///< of the category, where a gazetted wrote the list
    bool operator==(const OpmlFolder&) const = default;
};

/// A feed that an OPML list names.
struct OpmlFeed {
    std::string title;     ///< plain text; may be empty
    std::string feed_url;  ///< http or https
    std::string home_url;  ///< may be empty
    std::string slug;      ///< of the source, where a gazetted wrote the list
    std::vector<OpmlFolder>
        folders;  ///< for each time that it is named the innermost outline around it that is no feed, if any
};

struct OpmlList {
    std::vector<OpmlFeed> feeds;        ///< in their order, each address once
    std::vector<std::string> left_out;  ///< the addresses that are none that can be fetched, legible
    std::string fault;                  ///< what had to be mended first, one sentence; empty: well-formed
    bool has_more = false;              ///< outlines beyond opml_feeds_max were left out
};
constexpr std::size_t opml_feeds_max = 100'000;
constexpr std::size_t opml_folders_max = 100;  ///< of one feed; others are left out

/// OPML 1.0 and 2.0 as other readers export it, whatever letters its attributes are written in. Broken documents are mended as
/// read_feed() does, within the same limits. `unsupported` where there is no `<opml>`.
Result<OpmlList> read_opml(std::string_view bytes);

}  // namespace gazetted
