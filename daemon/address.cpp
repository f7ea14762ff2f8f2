#include "daemon/address.hpp"

#include "feeds/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace gazetted {

namespace {

constexpr std::string_view category_prefix = "/category/";
constexpr std::string_view article_prefix = "/article/";
constexpr std::size_t slug_bytes_max = 512;  // as the table categories has it

struct FormatSuffix {
    std::string_view suffix;
    std::optional<FeedFormat> format;  // none: the page
};
constexpr std::array<FormatSuffix, 4> format_suffixes = {
    {{".atom", FeedFormat::atom}, {".rss", FeedFormat::rss}, {".json", FeedFormat::json}, {".html", std::nullopt}}};

std::string_view suffix_of(std::optional<FeedFormat> format) {
    return std::find_if(format_suffixes.begin(), format_suffixes.end(), [&](const auto& row) { return row.format == format; })
        ->suffix;
}

std::string selection_path(const Selection& selection) {
    return selection.is_all() ? "/all" : std::string(category_prefix) + percent_encode(selection.category_slug);
}

// The slugs that the table categories can hold; anything else names nothing.
bool is_slug(std::string_view text) {
    const auto is_forbidden = [](char c) { return c == '/' || static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
    return !text.empty() && text.size() <= slug_bytes_max && text != "." && text != ".." &&
           std::none_of(text.begin(), text.end(), is_forbidden) && is_utf8(text);
}

std::optional<Selection> parse_selection(std::string_view path) {
    if (path == "/all") return Selection{};
    if (!path.starts_with(category_prefix)) return std::nullopt;
    const auto segment = path.substr(category_prefix.size());
    if (segment.find('/') != std::string_view::npos) return std::nullopt;
    auto slug = percent_decode(segment);
    if (!is_slug(slug)) return std::nullopt;
    return Selection{to_nfc(slug)};
}

std::optional<ParsedPath> parse_article_path(std::string_view path) {
    const auto digits = path.substr(article_prefix.size());
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error != std::errc() || end != digits.data() + digits.size() || number <= 0) return std::nullopt;
    return ParsedPath{ArticlePageAddress{number}};
}

std::optional<ParsedPath> parse_selection_path(std::string_view path) {
    for (const auto& [suffix, format] : format_suffixes) {
        if (!path.ends_with(suffix)) continue;
        auto selection = parse_selection(path.substr(0, path.size() - suffix.size()));
        if (!selection) return std::nullopt;
        if (format) return ParsedPath{FeedAddress{std::move(*selection), *format}};
        return ParsedPath{CategoryPageAddress{std::move(*selection)}};
    }
    auto selection = parse_selection(path);
    if (!selection) return std::nullopt;
    return ParsedPath{FeedAddress{std::move(*selection), FeedFormat::atom}, true};
}

std::optional<ParsedPath> parse_known_path(std::string_view path) {
    if (path == "/") return ParsedPath{IndexPageAddress{}};
    if (path == "/feeds.opml") return ParsedPath{CatalogueAddress{}};
    if (path.starts_with(article_prefix)) return parse_article_path(path);
    return parse_selection_path(path);
}

struct PathOf {
    std::string operator()(const FeedAddress& feed) const {
        return selection_path(feed.selection).append(suffix_of(feed.format));
    }
    std::string operator()(const CategoryPageAddress& page) const {
        return selection_path(page.selection).append(suffix_of(std::nullopt));
    }
    std::string operator()(const ArticlePageAddress& page) const {
        return std::string(article_prefix) + std::to_string(page.number);
    }
    std::string operator()(const IndexPageAddress&) const { return "/"; }
    std::string operator()(const CatalogueAddress&) const { return "/feeds.opml"; }
};

}  // namespace

std::string canonical_path(const Address& address) { return std::visit(PathOf{}, address); }

std::string negotiated_path(const Selection& selection) { return selection_path(selection); }

std::optional<ParsedPath> parse_path(std::string_view path) {
    // Jekyll's category pages end in a slash; people type it too.
    const bool has_slash = path.size() > 1 && path.ends_with('/');
    auto parsed = parse_known_path(has_slash ? path.substr(0, path.size() - 1) : path);
    if (!parsed || (has_slash && path == "//")) return std::nullopt;
    parsed->canonical = path == (parsed->negotiated ? negotiated_path(std::get<FeedAddress>(parsed->address).selection)
                                                    : canonical_path(parsed->address));
    return parsed;
}

}  // namespace gazetted
