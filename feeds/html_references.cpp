#include "feeds/html_references.hpp"

#include "feeds/ascii.hpp"

#include <algorithm>
#include <utility>

namespace gazetted {
namespace {

using Kind = HtmlReference::Kind;

/// What editors and crawlers write; other names are left to the parser, which knows all 2,231.
constexpr std::pair<std::string_view, char32_t> names[] = {
    {"amp", '&'},       {"apos", '\''},     {"bull", 0x2022},  {"copy", 0xA9},     {"deg", 0xB0},   {"emsp", 0x2003},
    {"ensp", 0x2002},   {"euro", 0x20AC},   {"gt", '>'},       {"hellip", 0x2026}, {"laquo", 0xAB}, {"ldquo", 0x201C},
    {"lsquo", 0x2018},  {"lt", '<'},        {"mdash", 0x2014}, {"middot", 0xB7},   {"nbsp", 0xA0},  {"ndash", 0x2013},
    {"permil", 0x2030}, {"quot", '"'},      {"raquo", 0xBB},   {"rdquo", 0x201D},  {"reg", 0xAE},   {"rsquo", 0x2019},
    {"shy", 0xAD},      {"thinsp", 0x2009}, {"times", 0xD7},   {"trade", 0x2122},  {"yen", 0xA5},   {"zwj", 0x200D},
    {"zwnj", 0x200C},
};

int hex_value(char c) {
    if (is_digit(c)) return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/// That a parser passes on as it is: no control, no surrogate, no noncharacter, nothing that windows-1252 knows better.
bool is_unsurprising(char32_t c) {
    if (c < 0xA0) return c >= 0x20 && c < 0x7F;
    return !(c >= 0xD800 && c < 0xE000) && !(c >= 0xFDD0 && c <= 0xFDEF) && (c & 0xFFFEU) != 0xFFFE && c <= 0x10FFFF;
}

std::string utf8_of(char32_t c) {
    const auto tail = [c](unsigned shift) { return static_cast<char>(0x80U | ((c >> shift) & 0x3FU)); };
    if (c < 0x80) return {static_cast<char>(c)};
    if (c < 0x800) return {static_cast<char>(0xC0U | (c >> 6U)), tail(0)};
    if (c < 0x10000) return {static_cast<char>(0xE0U | (c >> 12U)), tail(6), tail(0)};
    return {static_cast<char>(0xF0U | (c >> 18U)), tail(12), tail(6), tail(0)};
}

HtmlReference surprising() { return {.kind = Kind::surprising, .text = {}, .bytes = 0}; }
HtmlReference character(char32_t c, std::size_t bytes) { return {.kind = Kind::character, .text = utf8_of(c), .bytes = bytes}; }

HtmlReference read_number(std::string_view text) {
    static constexpr std::size_t digits_max = 7;
    const bool hexadecimal = text.size() > 2 && (text[2] == 'x' || text[2] == 'X');
    const std::size_t start = hexadecimal ? 3 : 2;
    std::size_t at = start;
    char32_t value = 0;
    for (; at < text.size() && at - start < digits_max; ++at) {
        const int digit = hex_value(text[at]);
        if (digit < 0 || (!hexadecimal && digit > 9)) break;
        value = value * (hexadecimal ? 16 : 10) + static_cast<char32_t>(digit);
    }
    if (at == start || at >= text.size() || text[at] != ';' || !is_unsurprising(value)) return surprising();
    return character(value, at + 1);
}

}  // namespace

HtmlReference read_html_reference(std::string_view text, bool in_attribute) {
    if (text.size() > 1 && text[1] == '#') return read_number(text);
    std::size_t end = 1;
    while (end < text.size() && (is_letter(text[end]) || is_digit(text[end]))) ++end;
    if (end == 1) return {};
    // The next parameter of a link's query; references of old that need no semicolon do not count before a `=`.
    if (end < text.size() && text[end] == '=' && in_attribute) return {};
    if (end >= text.size() || text[end] != ';') return surprising();
    const std::string_view name = text.substr(1, end - 1);
    const auto found = std::find_if(std::begin(names), std::end(names), [&](const auto& it) { return it.first == name; });
    if (found == std::end(names)) return surprising();
    return character(found->second, end + 1);
}

}  // namespace gazetted
