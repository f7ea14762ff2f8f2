#pragma once

#include "feeds/feed.hpp"

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace gazetted {

/// Which articles. An empty slug is the selection "all".
struct Selection {
    std::string category_slug;
    bool is_all() const noexcept { return category_slug.empty(); }
    auto operator<=>(const Selection&) const = default;
};

/// Selection + format: what a feed's URL names (later: variant).
struct FeedAddress {
    Selection selection;
    FeedFormat format = FeedFormat::atom;
    auto operator<=>(const FeedAddress&) const = default;
};
struct CategoryPageAddress {
    Selection selection;
    auto operator<=>(const CategoryPageAddress&) const = default;
};
struct ArticlePageAddress {
    std::int64_t number = 0;
    auto operator<=>(const ArticlePageAddress&) const = default;
};
struct IndexPageAddress {
    auto operator<=>(const IndexPageAddress&) const = default;
};
struct CatalogueAddress {  ///< /feeds.opml
    auto operator<=>(const CatalogueAddress&) const = default;
};

/// Every document that we can make has exactly one address, and every address exactly one canonical path.
using Address = std::variant<FeedAddress, CategoryPageAddress, ArticlePageAddress, IndexPageAddress, CatalogueAddress>;

/// Percent-encoded path with a leading slash: `/category/renminyoudianbao.atom`, `/all.rss`, `/article/7`, `/`, `/feeds.opml`.
std::string canonical_path(const Address&);
/// The same without a format, where Accept chooses: `/category/renminyoudianbao`, `/all`.
std::string negotiated_path(const Selection&);

/// What a request's path (percent-encoded, no query) asks for.
struct ParsedPath {
    Address address;
    bool negotiated = false;  ///< `/category/{slug}` or `/all`: Accept chooses among a feed and the page (address holds Atom)
    bool canonical = false;   ///< the path was spelled as canonical_path() spells it; else redirect with 308
};
/// None: no document can have this path, 404. Escapes are decoded once, slugs compared in NFC; ill-formed UTF-8 names nothing.
/// Only the last suffix is the format, since slugs may hold dots. A slash at the end is another spelling.
std::optional<ParsedPath> parse_path(std::string_view path);

}  // namespace gazetted
