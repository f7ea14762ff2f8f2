#pragma once

#include "feeds/parsed_feed.hpp"
#include "feeds/result.hpp"

#include <cstddef>
#include <string_view>

namespace gazetted {

/// Beyond these a document is refused (`too_large`), but for entries_max: later entries are left out and the feed says so.
struct FeedLimits {
    static constexpr std::size_t bytes_max = std::size_t{16} << 20;  ///< as it came, and once more as UTF-8
    static constexpr std::size_t entries_max = 10'000;
    static constexpr std::size_t depth_max = 256;
    static constexpr std::size_t attributes_max = 256;  ///< of one element
    static constexpr std::size_t name_bytes_max = 1024;
    static constexpr std::size_t tag_bytes_max = std::size_t{64} << 10;
    static constexpr std::size_t namespaces_max = 128;  ///< in force at once
    static constexpr std::size_t entities_max = 512;    ///< declared by the document itself
    static constexpr std::size_t entity_bytes_max = 256;
    static constexpr std::size_t list_max = 300;      ///< links, people, categories and the like of one entry
    static constexpr std::size_t items_max = 50'000;  ///< the same, of all entries together
    // What entries take over from their feed is as long as it is in honest ones; longer, it counts where it stands alone.
    static constexpr std::size_t base_bytes_max = 512;
    static constexpr std::size_t language_bytes_max = 64;
    static constexpr std::size_t authors_bytes_max = 1024;
    static constexpr std::size_t categories_bytes_max = 1024;
};

/// Any feed of the world: RSS 0.90 to 2.0 and 1.0 (RDF), Atom 0.3 and 1.0, JSON Feed 1.0 and 1.1. `content_type` is the HTTP
/// field as it came, `url` the address that relative links are resolved against; both may be empty. Broken documents are mended
/// and `Feed::fault` says so. Errors: `unsupported` for what is no feed, with the feeds that a page advertises; `malformed` for
/// what cannot be read as one thing (entities that refer to others, an attribute of the root twice); `too_large`. Pure: nothing
/// is fetched, no clock is asked, an undated entry stays undated.
Result<Feed> read_feed(std::string_view bytes, std::string_view content_type, std::string_view url);

}  // namespace gazetted
