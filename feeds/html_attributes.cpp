#include "feeds/html_attributes.hpp"

#include "feeds/ascii.hpp"
#include "feeds/html_allowlist.hpp"
#include "feeds/text.hpp"
#include "feeds/tracking_parameters.hpp"
#include "feeds/url.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <utility>

namespace gazetted {
namespace {

constexpr std::string_view blanks = " \t\n\r\f";

std::string_view trimmed(std::string_view text) {
    const std::size_t start = std::min(text.find_first_not_of(blanks), text.size());
    text.remove_prefix(start);
    return text.substr(0, text.find_last_not_of(blanks) + 1);
}

enum class ValueKind { link, media, srcset, length, number, flag, language, direction, scope, line };

struct ValueRule {
    std::string_view attribute;
    ValueKind kind;
};
constexpr ValueRule value_rules[] = {
    {"href", ValueKind::link},     {"src", ValueKind::media},      {"poster", ValueKind::media},
    {"cite", ValueKind::media},    {"srcset", ValueKind::srcset},  {"width", ValueKind::length},
    {"height", ValueKind::length}, {"colspan", ValueKind::length}, {"rowspan", ValueKind::length},
    {"start", ValueKind::number},  {"value", ValueKind::number},   {"open", ValueKind::flag},
    {"reversed", ValueKind::flag}, {"lang", ValueKind::language},  {"hreflang", ValueKind::language},
    {"dir", ValueKind::direction}, {"scope", ValueKind::scope},    {"title", ValueKind::line},
    {"alt", ValueKind::line},      {"sizes", ValueKind::line},     {"media", ValueKind::line},
    {"type", ValueKind::line},     {"datetime", ValueKind::line},
};

std::string allowed_link(std::string_view reference, std::string_view base_url, bool (*is_allowed)(std::string_view)) {
    auto url = resolve_url(reference, base_url);
    // What was resolved begins with its scheme in lower case.
    return url && is_allowed(std::string_view(*url).substr(0, url->find(':'))) ? std::move(*url) : std::string();
}

/// `552`, `552px`; percentages say nothing outside the page they were made for, 0 and 1 nothing at all.
std::string canonical_length(std::string_view value) {
    value = trimmed(value);
    if (value.ends_with("px")) value.remove_suffix(2);
    const bool number = !value.empty() && value.size() <= 5 && std::all_of(value.begin(), value.end(), is_digit);
    return number && value != "0" && value != "1" ? std::string(value) : std::string();
}

std::string canonical_number(std::string_view value) {
    value = trimmed(value);
    const bool negative = value.starts_with('-');
    if (negative) value.remove_prefix(1);
    const bool number = !value.empty() && value.size() <= 9 && std::all_of(value.begin(), value.end(), is_digit);
    return number ? (negative ? "-" : "") + std::string(value) : std::string();
}

std::string canonical_language(std::string_view value) {
    value = trimmed(value);
    const bool fit = value.size() <= 35 &&
                     std::all_of(value.begin(), value.end(), [](char c) { return is_letter(c) || is_digit(c) || c == '-'; });
    return fit ? std::string(value) : std::string();
}

std::string one_of(std::string_view value, std::initializer_list<std::string_view> values) {
    const std::string name = lower_case(trimmed(value));
    return std::find(values.begin(), values.end(), name) == values.end() ? std::string() : name;
}

/// A line feed is the only way to end a line: XML would turn a carriage return into one.
constexpr std::string_view escape_of(char c) {
    switch (c) {
        case '&':
            return "&amp;";
        case '<':
            return "&lt;";
        case '>':
            return "&gt;";
        case '"':
            return "&quot;";
        case '\'':
            return "&#39;";
        case '`':
            return "&#96;";
        default:
            return {};
    }
}

constexpr auto is_special = [] {
    std::array<bool, 256> result{};
    for (const char c : {'&', '<', '>', '"', '\'', '`', '\r'}) result[static_cast<unsigned char>(c)] = true;
    return result;
}();

/// Eight bytes from `at`, all of them: most of what is not Latin, and nothing that is special.
bool is_beyond_ascii(std::string_view text, std::size_t at) {
    constexpr std::uint64_t high_bits = 0x8080808080808080U;
    std::uint64_t eight = 0;
    if (text.size() - at < sizeof eight) return false;
    std::memcpy(&eight, text.data() + at, sizeof eight);
    return (eight & high_bits) == high_bits;
}

/// Neither plainly legal in XML nor plainly ASCII.
bool is_to_be_judged(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x80 || (byte < 0x20 && c != '\n' && c != '\t');
}

bool is_descriptor(std::string_view text) {
    if (text.size() < 2 || text.size() > 12) return false;
    const char unit = text.back();
    text.remove_suffix(1);
    const bool number = std::all_of(text.begin(), text.end(), [](char c) { return is_digit(c) || c == '.'; });
    return number && is_digit(text.front()) && (unit == 'w' || unit == 'x');
}

}  // namespace

void append_escaped_html(std::string& to, std::string_view text) {
    const bool is_legal = std::none_of(text.begin(), text.end(), [](char c) { return is_to_be_judged(c); });
    append_escaped_legal_html(to, is_legal ? text : std::string_view(legal_xml_text(text)));
}

void append_escaped_legal_html(std::string& to, std::string_view text) {
    std::size_t kept = 0;  // text before it is written
    for (std::size_t at = 0; at < text.size(); ++at) {
        while (is_beyond_ascii(text, at)) at += 8;
        if (at == text.size()) break;
        if (!is_special[static_cast<unsigned char>(text[at])]) continue;
        to.append(text, kept, at - kept).append(escape_of(text[at]));
        kept = at + 1;
    }
    to.append(text, kept);
}

std::string media_link(std::string_view reference, std::string_view base_url) {
    reference = trimmed(reference);
    if (reference.empty()) return {};
    return allowed_link(reference, base_url, is_media_scheme);
}

std::string canonical_srcset(std::string_view srcset, std::string_view base_url) {
    std::string result;
    while (true) {
        const std::size_t start = srcset.find_first_not_of(" \t\n\r\f,");
        if (start == std::string_view::npos) return result;
        srcset.remove_prefix(start);
        std::string_view url = srcset.substr(0, srcset.find_first_of(blanks));
        srcset.remove_prefix(url.size());
        std::string_view descriptor;
        if (url.ends_with(',')) {
            url = url.substr(0, url.find_last_not_of(',') + 1);
        } else {
            const std::string_view rest = srcset.substr(0, srcset.find(','));
            srcset.remove_prefix(rest.size());
            descriptor = trimmed(rest);
        }
        const std::string link = media_link(url, base_url);
        if (link.empty() || link.ends_with(',') || !(descriptor.empty() || is_descriptor(descriptor))) continue;
        if (!result.empty()) result.append(", ");
        result.append(link);
        if (!descriptor.empty()) result.append(" ").append(descriptor);
    }
}

bool canonical_html_attribute(std::string_view element, std::string_view name, std::string_view value,
                              std::string_view base_url, std::string& canonical) {
    const auto rule =
        std::find_if(std::begin(value_rules), std::end(value_rules), [&](const ValueRule& r) { return r.attribute == name; });
    if (rule == std::end(value_rules)) return false;
    canonical.clear();
    switch (rule->kind) {
        case ValueKind::link:
            canonical = without_tracking_parameters(allowed_link(value, base_url, is_link_scheme));
            break;
        case ValueKind::media:
            canonical = media_link(value, base_url);
            break;
        case ValueKind::srcset:
            canonical = canonical_srcset(value, base_url);
            break;
        case ValueKind::length:
            canonical = canonical_length(value);
            break;
        case ValueKind::number:
            canonical = canonical_number(value);
            break;
        case ValueKind::flag:
            return true;
        case ValueKind::language:
            canonical = canonical_language(value);
            break;
        case ValueKind::direction:
            canonical = one_of(value, {"ltr", "rtl", "auto"});
            break;
        case ValueKind::scope:
            canonical = one_of(value, {"row", "col", "rowgroup", "colgroup"});
            break;
        case ValueKind::line:
            canonical = collapse_space(value);
            if (element == "ol" && name == "type" &&
                (canonical.size() != 1 || std::string_view("1aAiI").find(canonical) == std::string_view::npos)) {
                return false;
            }
    }
    return !canonical.empty();
}

}  // namespace gazetted
