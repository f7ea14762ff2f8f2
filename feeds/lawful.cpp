#include "feeds/lawful.hpp"

#include "feeds/ascii.hpp"
#include "feeds/text.hpp"
#include "feeds/url.hpp"

#include <algorithm>

namespace gazetted {
namespace {

bool is_letter_or_digit(char c) { return is_letter(c) || is_digit(c); }
bool is_beyond_ascii(char c) { return static_cast<unsigned char>(c) >= 0x80; }

bool is_language_tag(std::string_view text) {
    bool first = true;
    while (true) {
        const std::string_view part = text.substr(0, text.find('-'));
        if (part.empty() || part.size() > 8 || !std::ranges::all_of(part, first ? is_letter : is_letter_or_digit)) return false;
        if (part.size() == text.size()) return !first || part.size() > 1;
        text.remove_prefix(part.size() + 1);
        first = false;
    }
}

/// RFC 6838 section 4.2, and no parameters.
bool is_restricted_name(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return is_letter_or_digit(c) || std::string_view("!#$&^_.+-").find(c) != std::string_view::npos;
    });
}

}  // namespace

std::string one_line(std::string_view text) { return collapse_space(legal_xml_text(text)); }

std::string web_link(std::string_view url) {
    if (url.empty()) return {};
    const auto resolved = resolve_url(url, {});
    if (!resolved) return {};
    const std::string scheme = url_scheme(*resolved);
    return scheme == "http" || scheme == "https" ? *resolved : std::string{};
}

std::string email_address(std::string_view text) {
    const std::string address = one_line(text);
    const auto at = address.find('@');
    const bool plausible =
        at != std::string::npos && at > 0 && at + 1 < address.size() && address.find(' ') == std::string::npos;
    return plausible ? address : std::string{};
}

std::string language_tag(std::string_view text) {
    std::string tag(text);
    std::ranges::replace(tag, '_', '-');
    return is_language_tag(tag) ? tag : std::string{};
}

std::string media_type_of(std::string_view text) {
    const auto slash = text.find('/');
    const bool plausible = slash != std::string_view::npos && is_restricted_name(text.substr(0, slash)) &&
                           is_restricted_name(text.substr(slash + 1));
    return plausible ? std::string(text) : "application/octet-stream";
}

bool is_iri(std::string_view text) {
    const auto colon = text.find(':');
    if (colon == 0 || colon == std::string_view::npos || colon + 1 == text.size() || !is_letter(text.front())) return false;
    const auto is_scheme_character = [](char c) { return is_letter_or_digit(c) || c == '+' || c == '-' || c == '.'; };
    const auto is_iri_character = [](char c) {
        return is_beyond_ascii(c) || (c > ' ' && c < 0x7F && std::string_view("\"<>\\^`{|}").find(c) == std::string_view::npos);
    };
    return std::ranges::all_of(text.substr(0, colon), is_scheme_character) && std::ranges::all_of(text, is_iri_character);
}

std::string absolute_uri(std::string_view text) {
    return is_iri(text) && std::ranges::none_of(text, is_beyond_ascii) ? std::string(text) : std::string();
}

}  // namespace gazetted
