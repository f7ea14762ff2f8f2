#pragma once

#include "feeds/feed.hpp"
#include "feeds/result.hpp"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace gazetted {

/// What a name names.
enum class SelectionKind { category, tag, author, source, combination, search };

/// As the tables have it: `tag`.
const char* word_of(SelectionKind);

/// Which articles. An empty name is the selection "all".
struct Selection {
    std::string name;  ///< a category's or a source's slug, a tag, an author's name, combination_name(), parse_search(); in NFC
    SelectionKind kind = SelectionKind::category;
    bool is_all() const noexcept { return name.empty() && !is_search(); }
    bool is_search() const noexcept { return kind == SelectionKind::search; }  ///< for nothing yet where the name is empty
    auto operator<=>(const Selection&) const = default;
};

/// How much of a selection a feed has. The default is what the address without a query names.
struct FeedVariant {
    std::size_t entries_max = 0;  ///< 0: as configured
    bool summary = false;         ///< entries without their content
    std::int64_t before = 0;      ///< of a search: what is older than the article with this number; 0: the newest
    auto operator<=>(const FeedVariant&) const = default;
};
/// What of a query is out of bounds for whom.
struct VariantLimits {
    std::size_t entries_default = 50;  ///< `?n=` of so many is the address without a query
    std::size_t entries_max = 500;     ///< `?n=` of more is this
};

/// Selection + format + variant: what a feed's URL names.
struct FeedAddress {
    Selection selection;
    FeedFormat format = FeedFormat::atom;
    FeedVariant variant = {};
    auto operator<=>(const FeedAddress&) const = default;
};
/// One document of a selection's complete history (RFC 5005 section 4): the article with a number and those before it, down to
/// where the next document begins. Atom or RSS, of anything but a search.
struct ArchiveAddress {
    Selection selection;
    FeedFormat format = FeedFormat::atom;
    std::int64_t number = 0;
    auto operator<=>(const ArchiveAddress&) const = default;
};
struct CategoryPageAddress {
    Selection selection;
    std::int64_t before = 0;  ///< as a FeedVariant's
    auto operator<=>(const CategoryPageAddress&) const = default;
};
struct ArticlePageAddress {
    std::int64_t number = 0;
    auto operator<=>(const ArticlePageAddress&) const = default;
};
struct IndexPageAddress {
    auto operator<=>(const IndexPageAddress&) const = default;
};
/// How the catalogue is nested.
enum class CatalogueGroup { none, language, kind };
/// /feeds.opml: every category's feed, and those of every tag, author and source where they are wanted.
struct CatalogueAddress {
    CatalogueGroup group = CatalogueGroup::none;
    bool authors = false;
    bool sources = false;
    bool tags = false;
    auto operator<=>(const CatalogueAddress&) const = default;
};

/// Every document that we can make has exactly one address, and every address exactly one canonical path.
using Address =
    std::variant<FeedAddress, ArchiveAddress, CategoryPageAddress, ArticlePageAddress, IndexPageAddress, CatalogueAddress>;

/// The selection that an address names; null: it names none.
const Selection* selection_of(const Address&);
Selection* selection_of(Address&);

/// Percent-encoded path with a leading slash: `/category/renminyoudianbao.atom`, `/tag/a%20b.json`, `/all.rss`, `/article/7`,
/// `/`, `/feeds.opml`; with its query where it has one, `/all.rss?content=summary&n=5`, `/search.atom?q=a%20b`.
std::string canonical_path(const Address&);
/// The same without a format, where Accept chooses: `/category/renminyoudianbao`, `/all`. A name that ends like a format,
/// `package.json`, has no such path, since that is the JSON feed of `package`: it gets its Atom feed's.
std::string negotiated_path(const Selection&, const FeedVariant& = {});
/// What a name is called in addresses, or none where it is in no address: an author who is called `a/b` is, `..` is not.
std::optional<Selection> addressable(SelectionKind, std::string_view name);

/// What a request's path (percent-encoded, no query) asks for.
struct ParsedPath {
    Address address;
    bool negotiated = false;  ///< `/category/{slug}` or `/all`: Accept chooses among a feed and the page (address holds Atom)
    bool canonical = false;   ///< the path was spelled as canonical_path() spells it; else redirect with 308
};
/// None: no document can have this path, 404. Escapes are decoded once, slugs compared in NFC; ill-formed UTF-8 names nothing.
/// Only the last suffix is the format, since slugs may hold dots. A slash at the end is another spelling.
std::optional<ParsedPath> parse_path(std::string_view path);

/// What a path with its query asks for, or all of a URL; where Accept chooses, the Atom feed.
Result<Address> parse_target(std::string_view target, const VariantLimits&);

/// `?n=` and `?content=` of a feed's address; the first counts where one comes twice, all other parameters are ignored. None:
/// a value that means nothing, 400.
std::optional<FeedVariant> parse_variant(std::string_view query, const VariantLimits&);

/// Reads what the query says of a feed, a search or the catalogue into the address; `canonical` is false where a search is
/// spelled otherwise than parse_search() spells it. What is wrong with the query, as a sentence for a 400; none: nothing.
std::optional<std::string_view> read_query(ParsedPath&, std::string_view query, const VariantLimits&);

/// A search; each of them is one of very many, and asked for seldom.
bool is_search(const Address&);
/// A search's feed without a search, 400. The page has a form then.
bool lacks_search(const Address&);

}  // namespace gazetted
