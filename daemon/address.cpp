#include "daemon/address.hpp"

#include "daemon/combination.hpp"
#include "daemon/search.hpp"
#include "feeds/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace gazetted {

namespace {

struct KindPrefix {
    SelectionKind kind;
    std::string_view prefix;
};
constexpr std::array<const char*, 6> kind_words = {"category", "tag", "author", "source", "combination", "search"};
constexpr std::array<KindPrefix, 5> kind_prefixes = {{{SelectionKind::category, "/category/"},
                                                      {SelectionKind::tag, "/tag/"},
                                                      {SelectionKind::author, "/author/"},
                                                      {SelectionKind::source, "/source/"},
                                                      {SelectionKind::combination, "/feed/"}}};
constexpr std::string_view search_path = "/search";
constexpr std::string_view archive_folder = "/archive/";
constexpr std::string_view article_prefix = "/article/";
constexpr std::size_t name_bytes_max = 512;  // as the tables categories and selections have it

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

void replace_all(std::string& text, std::string_view from, std::string_view to) {
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
}

std::string selection_path(const Selection& selection) {
    if (selection.is_all()) return "/all";
    if (selection.is_search()) return std::string(search_path);
    const auto row = std::find_if(kind_prefixes.begin(), kind_prefixes.end(),
                                  [&](const KindPrefix& candidate) { return candidate.kind == selection.kind; });
    std::string name = percent_encode(selection.name);
    if (selection.kind == SelectionKind::combination) {
        // Legal in a path as they are (RFC 3986 section 3.3), and legible.
        replace_all(name, "%2B", "+");
        replace_all(name, "%3A", ":");
    }
    return std::string(row->prefix) + name;
}

bool has_slugs(SelectionKind kind) { return kind == SelectionKind::category || kind == SelectionKind::source; }

// The names that the tables can hold; anything else names nothing.
bool can_be_named(SelectionKind kind, std::string_view text) {
    const auto is_forbidden = [&](char c) {
        return (c == '/' && has_slugs(kind)) || static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    };
    return !text.empty() && text.size() <= name_bytes_max && text != "." && text != ".." &&
           std::none_of(text.begin(), text.end(), is_forbidden) && is_utf8(text);
}

// With its suffix and its query, it is a path that the tables of readers can hold.
constexpr std::size_t combined_path_bytes_max = 2'000;

// Of one term alone it is that term, and has its address.
std::optional<Selection> parse_combined(std::string_view text) {
    auto combination = parse_combination(text);
    if (!combination) return std::nullopt;
    if (combination->wanted.size() == 1 && combination->unwanted.empty()) return std::move(combination->wanted.front());
    Selection combined{combination_name(*combination), SelectionKind::combination};
    if (negotiated_path(combined).size() > combined_path_bytes_max) return std::nullopt;
    return combined;
}

std::optional<Selection> parse_selection(std::string_view path) {
    if (path == "/all") return Selection{};
    if (path == search_path) return Selection{"", SelectionKind::search};
    for (const auto& [kind, prefix] : kind_prefixes) {
        if (!path.starts_with(prefix)) continue;
        const auto segment = path.substr(prefix.size());
        if (segment.find('/') != std::string_view::npos) return std::nullopt;
        if (kind == SelectionKind::combination) return parse_combined(percent_decode(segment));
        return addressable(kind, percent_decode(segment));
    }
    return std::nullopt;
}

std::string query_of(const Selection& selection, const FeedVariant& variant) {
    std::string query;
    const auto add = [&](std::string_view name, std::string_view value) {
        query.append(query.empty() ? "?" : "&").append(name).append("=").append(value);
    };
    if (selection.is_search() && !selection.name.empty()) add("q", percent_encode(selection.name));
    if (variant.summary) add("content", "summary");
    if (variant.entries_max > 0) add("n", std::to_string(variant.entries_max));
    if (variant.before > 0) add("before", std::to_string(variant.before));
    return query;
}

// None: not a whole number from 1. One that is too large to be counted is as many as there can be.
std::optional<std::size_t> entries_wanted(std::string_view text) {
    constexpr std::size_t digits_max = 9;
    const bool is_number = !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
    if (!is_number || text.find_first_not_of('0') == std::string_view::npos) return std::nullopt;
    text.remove_prefix(text.find_first_not_of('0'));
    std::size_t wanted = 0;
    std::from_chars(text.data(), text.data() + std::min(text.size(), digits_max), wanted);
    return wanted;
}

// The first value that a query gives a parameter; none: it has no such parameter.
std::optional<std::string_view> parameter(std::string_view query, std::string_view name) {
    while (!query.empty()) {
        const auto pair = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(query.size(), pair.size() + 1));
        const auto equals = pair.find('=');
        if (percent_decode(pair.substr(0, equals)) == name)
            return equals == std::string_view::npos ? "" : pair.substr(equals + 1);
    }
    return std::nullopt;
}

std::optional<std::int64_t> parse_number(std::string_view digits) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error != std::errc() || end != digits.data() + digits.size() || number <= 0) return std::nullopt;
    return number;
}

std::optional<ParsedPath> parse_article_path(std::string_view path) {
    const auto number = parse_number(path.substr(article_prefix.size()));
    if (!number) return std::nullopt;
    return ParsedPath{ArticlePageAddress{*number}};
}

// `/all/archive/7.atom`; `folder` is where `/archive/` begins.
std::optional<ParsedPath> parse_archive_path(std::string_view path, std::size_t folder) {
    auto selection = parse_selection(path.substr(0, folder));
    const auto name = path.substr(folder + archive_folder.size());
    if (!selection || selection->is_search()) return std::nullopt;
    for (const auto format : {FeedFormat::atom, FeedFormat::rss}) {
        const auto suffix = suffix_of(format);
        if (!name.ends_with(suffix)) continue;
        const auto number = parse_number(name.substr(0, name.size() - suffix.size()));
        if (number) return ParsedPath{ArchiveAddress{std::move(*selection), format, *number}};
    }
    return std::nullopt;
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
    if (const auto folder = path.rfind(archive_folder); folder != std::string_view::npos && folder > 0)
        return parse_archive_path(path, folder);
    return parse_selection_path(path);
}

struct CataloguePart {
    std::string_view name;
    bool CatalogueAddress::*member;
};
constexpr std::array<CataloguePart, 3> catalogue_parts = {
    {{"authors", &CatalogueAddress::authors}, {"sources", &CatalogueAddress::sources}, {"tags", &CatalogueAddress::tags}}};

// `?group=` and `?with=`; false where a value means nothing.
bool read_catalogue_query(CatalogueAddress& catalogue, std::string_view query) {
    if (const auto group = parameter(query, "group")) {
        if (*group != "language" && *group != "kind") return false;
        catalogue.group = *group == "language" ? CatalogueGroup::language : CatalogueGroup::kind;
    }
    std::string_view left = parameter(query, "with").value_or("");
    while (!left.empty()) {
        const auto name = left.substr(0, left.find(','));
        left.remove_prefix(std::min(left.size(), name.size() + 1));
        const auto* part = std::find_if(catalogue_parts.begin(), catalogue_parts.end(),
                                        [&](const CataloguePart& candidate) { return candidate.name == name; });
        if (part == catalogue_parts.end()) return false;
        catalogue.*part->member = true;
    }
    return true;
}

struct PathOf {
    std::string operator()(const FeedAddress& feed) const {
        return selection_path(feed.selection).append(suffix_of(feed.format)).append(query_of(feed.selection, feed.variant));
    }
    std::string operator()(const ArchiveAddress& archive) const {
        return selection_path(archive.selection)
            .append(archive_folder)
            .append(std::to_string(archive.number))
            .append(suffix_of(archive.format));
    }
    std::string operator()(const CategoryPageAddress& page) const {
        return selection_path(page.selection)
            .append(suffix_of(std::nullopt))
            .append(query_of(page.selection, {.before = page.before}));
    }
    std::string operator()(const ArticlePageAddress& page) const {
        return std::string(article_prefix) + std::to_string(page.number);
    }
    std::string operator()(const IndexPageAddress&) const { return "/"; }
    std::string operator()(const CatalogueAddress& catalogue) const {
        std::string path = "/feeds.opml";
        if (catalogue.group != CatalogueGroup::none)
            path.append("?group=").append(catalogue.group == CatalogueGroup::language ? "language" : "kind");
        std::string_view separator = catalogue.group == CatalogueGroup::none ? "?with=" : "&with=";
        for (const auto& [name, member] : catalogue_parts)
            if (catalogue.*member) path.append(std::exchange(separator, ",")).append(name);
        return path;
    }
};

}  // namespace

const char* word_of(SelectionKind kind) { return kind_words.at(static_cast<std::size_t>(kind)); }

const Selection* selection_of(const Address& address) {
    return std::visit(
        [](const auto& kind) -> const Selection* {
            if constexpr (requires { kind.selection; }) return &kind.selection;
            return nullptr;
        },
        address);
}

Selection* selection_of(Address& address) { return const_cast<Selection*>(selection_of(std::as_const(address))); }

std::string canonical_path(const Address& address) { return std::visit(PathOf{}, address); }

std::string negotiated_path(const Selection& selection, const FeedVariant& variant) {
    std::string path = selection_path(selection);
    const bool ends_like_a_format =
        std::ranges::any_of(format_suffixes, [&](const FormatSuffix& row) { return path.ends_with(row.suffix); });
    if (ends_like_a_format) return canonical_path(FeedAddress{selection, FeedFormat::atom, variant});
    return path + query_of(selection, variant);
}

std::optional<Selection> addressable(SelectionKind kind, std::string_view name) {
    std::string composed = to_nfc(name);
    if (!can_be_named(kind, composed)) return std::nullopt;
    return Selection{std::move(composed), kind};
}

std::optional<ParsedPath> parse_path(std::string_view path) {
    if (const std::string plain = without_needless_escapes(path); plain != path) {
        auto parsed = parse_path(plain);
        if (parsed) parsed->canonical = false;
        return parsed;
    }
    // Jekyll's category pages end in a slash; people type it too.
    const bool has_slash = path.size() > 1 && path.ends_with('/');
    auto parsed = parse_known_path(has_slash ? path.substr(0, path.size() - 1) : path);
    if (!parsed || (has_slash && path == "//")) return std::nullopt;
    parsed->canonical = path == (parsed->negotiated ? negotiated_path(std::get<FeedAddress>(parsed->address).selection)
                                                    : canonical_path(parsed->address));
    return parsed;
}

Result<Address> parse_target(std::string_view target, const VariantLimits& limits) {
    if (const std::size_t scheme = target.find("://"); scheme != std::string_view::npos) {
        const std::size_t slash = target.find('/', scheme + 3);
        target = slash == std::string_view::npos ? "/" : target.substr(slash);
    }
    target = target.substr(0, target.find('#'));
    const auto query = std::min(target.find('?'), target.size());
    auto parsed = parse_path(target.substr(0, query));
    if (!parsed)
        return Error{ErrorKind::malformed,
                     "names nothing that we publish; try /, /all.atom, /category/SLUG.rss or /tag/TAG.json"};
    if (const auto wrong = read_query(*parsed, target.substr(std::min(query + 1, target.size())), limits))
        return Error{ErrorKind::malformed, std::string(*wrong)};
    if (lacks_search(parsed->address)) return Error{ErrorKind::malformed, "q wants words to search for"};
    return std::move(parsed->address);
}

std::optional<FeedVariant> parse_variant(std::string_view query, const VariantLimits& limits) {
    FeedVariant variant;
    if (const auto given = parameter(query, "n")) {
        const auto wanted = entries_wanted(percent_decode(*given));
        if (!wanted) return std::nullopt;
        variant.entries_max = std::min(*wanted, limits.entries_max);
        if (variant.entries_max == limits.entries_default) variant.entries_max = 0;
    }
    if (const auto given = parameter(query, "content")) {
        const std::string word = percent_decode(*given);
        if (word != "summary" && word != "full") return std::nullopt;
        variant.summary = word == "summary";
    }
    return variant;
}

std::optional<std::string_view> read_query(ParsedPath& path, std::string_view query, const VariantLimits& limits) {
    auto* feed = std::get_if<FeedAddress>(&path.address);
    if (feed) {
        const auto variant = parse_variant(query, limits);
        if (!variant) return "n wants a number from 1, content wants full or summary";
        feed->variant = *variant;
    }
    auto* catalogue = std::get_if<CatalogueAddress>(&path.address);
    if (catalogue && !read_catalogue_query(*catalogue, query))
        return "group wants language or kind, with wants some of authors, sources and tags";
    auto* page = std::get_if<CategoryPageAddress>(&path.address);
    if (!is_search(path.address)) return std::nullopt;

    const auto given = parameter(query, "q");
    std::string text(given.value_or(""));
    std::replace(text.begin(), text.end(), '+', ' ');  // as forms are sent
    auto search = parse_search(percent_decode(text));
    if (!search) return "q wants UTF-8, 8 terms and 256 bytes at most";
    const auto before = parameter(query, "before");
    const auto number = before ? parse_number(*before) : 0;
    if (!number) return "before wants the number of an article";
    path.canonical = path.canonical && given.has_value() == !search->empty() && given.value_or("") == percent_encode(*search);
    (feed ? feed->variant.before : page->before) = search->empty() ? 0 : *number;
    (feed ? feed->selection : page->selection).name = std::move(*search);
    return std::nullopt;
}

bool is_search(const Address& address) {
    const auto* feed = std::get_if<FeedAddress>(&address);
    const auto* page = std::get_if<CategoryPageAddress>(&address);
    return (feed && feed->selection.is_search()) || (page && page->selection.is_search());
}

bool lacks_search(const Address& address) {
    const auto* feed = std::get_if<FeedAddress>(&address);
    return feed && feed->selection.is_search() && feed->selection.name.empty();
}

}  // namespace gazetted
