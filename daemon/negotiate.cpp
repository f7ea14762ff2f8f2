#include "daemon/negotiate.hpp"

#include "feeds/ascii.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace gazetted {

namespace {

bool is_blank(char c) { return c == ' ' || c == '\t'; }

std::string_view trim(std::string_view text) {
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
    return text;
}

constexpr int quality_max = 1000;
constexpr ContentCoding every_coding[] = {ContentCoding::identity, ContentCoding::gzip, ContentCoding::zstd, ContentCoding::br};

// RFC 9110 section 12.4.2, in thousandths; none where it is malformed.
std::optional<int> parse_quality(std::string_view text) {
    if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return std::nullopt;
    int quality = (text[0] - '0') * quality_max;
    if (text.size() > 1 && text[1] != '.') return std::nullopt;
    int place = quality_max / 10;
    for (const char digit : text.substr(std::min<std::size_t>(2, text.size()))) {
        if (digit < '0' || digit > '9') return std::nullopt;
        quality += (digit - '0') * place;
        place /= 10;
    }
    return quality <= quality_max ? std::optional(quality) : std::nullopt;
}

struct Preference {
    std::string_view name;
    int quality = quality_max;
};

// `name;a=b;q=0.5`; parameters other than the weight decide nothing here. An element with a malformed weight counts for
// nothing.
std::optional<Preference> parse_preference(std::string_view element) {
    const auto name_end = element.find(';');
    if (name_end == std::string_view::npos) return Preference{element};
    Preference preference{trim(element.substr(0, name_end))};
    auto rest = element.substr(name_end);
    while (!rest.empty()) {
        rest.remove_prefix(1);
        const auto end = std::min(rest.find(';'), rest.size());
        const auto parameter = trim(rest.substr(0, end));
        if (parameter.starts_with("q=") || parameter.starts_with("Q=")) {
            const auto quality = parse_quality(parameter.substr(2));
            if (!quality) return std::nullopt;
            preference.quality = *quality;
        }
        rest.remove_prefix(end);
    }
    return preference;
}

template <class Visit>
void each_preference(std::string_view list, Visit visit) {
    for (auto element = take_element(list); !element.empty(); element = take_element(list))
        if (const auto preference = parse_preference(element)) visit(*preference);
}

std::optional<int> named_quality(std::string_view accept, std::string_view name) {
    std::optional<int> quality;
    each_preference(accept, [&](const Preference& preference) {
        if (equal_ignoring_case(preference.name, name)) quality = std::max(quality.value_or(0), preference.quality);
    });
    return quality;
}

// The most specific range that matches decides.
int type_quality(std::string_view accept, std::string_view type) {
    const auto family = std::string(type.substr(0, type.find('/'))) + "/*";
    for (const std::string_view range : {type, std::string_view(family), std::string_view("*/*")})
        if (const auto quality = named_quality(accept, range)) return *quality;
    return 0;
}

std::optional<ContentCoding> coding_named(std::string_view name) {
    for (const auto coding : every_coding)
        if (name.size() == name_of(coding).size() && equal_ignoring_case(name, name_of(coding))) return coding;
    return equal_ignoring_case(name, "x-gzip") ? std::optional(ContentCoding::gzip) : std::nullopt;
}

// What almost every request says, judged once.
constexpr std::string_view usual_fields[] = {"gzip, deflate", "gzip",         "gzip, deflate, br", "gzip, deflate, br, zstd",
                                             "br, gzip",      "gzip,deflate", "deflate, gzip",     "deflate, gzip, br, zstd"};

CodingWishes judge_codings(std::string_view accept_encoding) {
    CodingWishes wishes;
    if (accept_encoding.empty()) return wishes;
    constexpr int not_named = -2;
    CodingWishes named{.qualities = {not_named, not_named, not_named, not_named}};
    int any = not_named;
    each_preference(accept_encoding, [&](const Preference& preference) {
        const int quality = preference.quality > 0 ? preference.quality : CodingWishes::refused;
        if (preference.name == "*")
            any = quality;
        else if (const auto coding = coding_named(preference.name))
            named.of(*coding) = quality;
    });
    for (const auto coding : every_coding) {
        if (named.of(coding) != not_named)
            wishes.of(coding) = named.of(coding);
        else if (any != not_named)
            wishes.of(coding) = any;
    }
    return wishes;
}

int alias_quality(std::string_view accept, std::string_view alias) { return named_quality(accept, alias).value_or(0); }

}  // namespace

std::string_view take_element(std::string_view& rest) {
    while (!rest.empty()) {
        bool quoted = false;
        std::size_t end = 0;
        for (; end < rest.size(); ++end) {
            if (rest[end] == '"')
                quoted = !quoted;
            else if (rest[end] == ',' && !quoted)
                break;
        }
        const auto element = trim(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (!element.empty()) return element;
    }
    return {};
}

CodingWishes coding_wishes(std::string_view accept_encoding) {
    static const auto usual = [] {
        std::array<CodingWishes, std::size(usual_fields)> wishes;
        std::transform(std::begin(usual_fields), std::end(usual_fields), wishes.begin(), judge_codings);
        return wishes;
    }();
    for (std::size_t i = 0; i < usual.size(); ++i)
        if (usual_fields[i] == accept_encoding) return usual[i];
    return judge_codings(accept_encoding);
}

ContentCoding choose_coding(const CodingWishes& wishes, const Representations& made) {
    auto best = ContentCoding::identity;
    int best_quality = CodingWishes::refused;
    std::size_t best_bytes = 0;
    for (const auto& [coding, representation] : made) {
        const int quality = wishes.quality(coding);
        const auto bytes = representation.body.size();
        if (quality < best_quality || quality == CodingWishes::refused) continue;
        if (quality == best_quality && bytes > best_bytes) continue;
        best = coding;
        best_quality = quality;
        best_bytes = bytes;
    }
    return best;
}

bool wants_feed_delta(std::string_view a_im) { return named_quality(a_im, "feed").value_or(0) > 0; }

std::optional<FeedFormat> choose_format(std::string_view accept, std::string_view fetch_mode) {
    // A browser that goes to an address wants to show it, also one that names no type.
    if (fetch_mode == "navigate" && (accept.empty() || type_quality(accept, "text/html") > 0)) return std::nullopt;
    if (accept.empty()) return FeedFormat::atom;
    struct Wish {
        std::optional<FeedFormat> format;
        int quality;
    };
    // In the order that decides between equals.
    const Wish wishes[] = {
        {FeedFormat::atom, std::max({type_quality(accept, "application/atom+xml"), alias_quality(accept, "application/xml"),
                                     alias_quality(accept, "text/xml")})},
        {FeedFormat::rss, type_quality(accept, "application/rss+xml")},
        {FeedFormat::json, std::max(type_quality(accept, "application/feed+json"), alias_quality(accept, "application/json"))},
        {std::nullopt, std::max(type_quality(accept, "text/html"), alias_quality(accept, "application/xhtml+xml"))},
    };
    return std::max_element(std::begin(wishes), std::end(wishes),
                            [](const Wish& a, const Wish& b) { return a.quality < b.quality; })
        ->format;
}

}  // namespace gazetted
