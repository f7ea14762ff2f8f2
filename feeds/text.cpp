#include "feeds/text.hpp"

#include <utf8proc.h>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <utility>

namespace gazetted {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD

unsigned char byte_at(std::string_view text, std::size_t at) { return static_cast<unsigned char>(text[at]); }

/// How far the ASCII characters reach from `at`; eight at a time, since nearly all markup is ASCII.
std::size_t ascii_end(std::string_view text, std::size_t at) {
    constexpr std::uint64_t high_bits = 0x8080808080808080U;
    while (at + 8 <= text.size()) {
        std::uint64_t eight = 0;
        std::memcpy(&eight, text.data() + at, 8);
        if ((eight & high_bits) != 0) break;
        at += 8;
    }
    while (at < text.size() && byte_at(text, at) < 0x80) ++at;
    return at;
}

struct Sequence {
    std::size_t bytes = 1;  ///< of the character, or of the maximal ill-formed part
    bool well_formed = false;
    char32_t character = 0;
};

/// The sequence at `at`, by the table of well-formed byte sequences (Unicode 15, table 3-7).
Sequence sequence_at(std::string_view text, std::size_t at) {
    const unsigned char lead = byte_at(text, at);
    if (lead < 0x80) return {1, true, lead};
    if (lead < 0xC2 || lead > 0xF4) return {};
    const std::size_t size = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    unsigned char low = 0x80;
    unsigned char high = 0xBF;
    if (lead == 0xE0) low = 0xA0;
    if (lead == 0xED) high = 0x9F;
    if (lead == 0xF0) low = 0x90;
    if (lead == 0xF4) high = 0x8F;
    char32_t character = lead & (0x7FU >> size);
    for (std::size_t i = 1; i < size; ++i) {
        if (at + i >= text.size()) return {i, false, 0};
        const unsigned char next = byte_at(text, at + i);
        if (next < low || next > high) return {i, false, 0};
        character = (character << 6U) | (next & 0x3FU);
        low = 0x80;
        high = 0xBF;
    }
    return {size, true, character};
}

bool is_legal_xml(char32_t c) {
    if (c < 0x20) return c == '\t' || c == '\n' || c == '\r';
    return c != 0xFFFE && c != 0xFFFF;
}

bool is_white_space(char32_t c) {
    return (c >= 0x09 && c <= 0x0D) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) ||
           c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

/// A lead byte never stands inside another character, so texts are searched for these alone.
constexpr auto may_begin_white_space = [] {
    std::array<bool, 256> result{};
    for (const unsigned byte : {0x09U, 0x0AU, 0x0BU, 0x0CU, 0x0DU, 0x20U, 0xC2U, 0xE1U, 0xE2U, 0xE3U}) result[byte] = true;
    return result;
}();

/// 0: no white space is there.
std::size_t bytes_of_white_space(std::string_view text, std::size_t at) {
    if (!may_begin_white_space[byte_at(text, at)]) return 0;
    const Sequence sequence = sequence_at(text, at);
    return sequence.well_formed && is_white_space(sequence.character) ? sequence.bytes : 0;
}

bool is_unreserved(unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
           c == '~';
}

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/// Escapes of bytes that `wanted` says yes to, decoded.
template <class Wanted>
std::string decode_if(std::string_view text, Wanted wanted) {
    std::string result;
    result.reserve(text.size());
    for (std::size_t at = 0; at < text.size(); ++at) {
        const bool is_escape =
            text[at] == '%' && at + 2 < text.size() && hex_value(text[at + 1]) >= 0 && hex_value(text[at + 2]) >= 0;
        const auto byte = static_cast<unsigned char>(is_escape ? hex_value(text[at + 1]) * 16 + hex_value(text[at + 2]) : 0);
        if (is_escape && wanted(byte)) {
            result.push_back(static_cast<char>(byte));
            at += 2;
        } else {
            result.push_back(text[at]);
        }
    }
    return result;
}

struct Free {
    void operator()(void* memory) const { std::free(memory); }
};
using Utf8procString = std::unique_ptr<utf8proc_uint8_t, Free>;

}  // namespace

bool is_utf8(std::string_view text) {
    for (std::size_t at = ascii_end(text, 0); at < text.size(); at = ascii_end(text, at)) {
        const Sequence sequence = sequence_at(text, at);
        if (!sequence.well_formed) return false;
        at += sequence.bytes;
    }
    return true;
}

std::string to_utf8(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = ascii_end(text, at);
        result.append(text, at, end - at);
        at = end;
        if (at == text.size()) break;
        const Sequence sequence = sequence_at(text, at);
        result.append(sequence.well_formed ? text.substr(at, sequence.bytes) : replacement);
        at += sequence.bytes;
    }
    return result;
}

std::string legal_xml_text(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    std::size_t kept = 0;  // text before it is in the result
    for (std::size_t at = 0; at < text.size();) {
        const Sequence sequence = sequence_at(text, at);
        if (!sequence.well_formed || !is_legal_xml(sequence.character)) {
            result.append(text, kept, at - kept);
            if (!sequence.well_formed) result.append(replacement);
            kept = at + sequence.bytes;
        }
        at += sequence.bytes;
    }
    return result.append(text, kept);
}

std::string to_nfc(std::string_view text) {
    if (ascii_end(text, 0) == text.size() || !is_utf8(text)) return std::string(text);
    utf8proc_uint8_t* mapped = nullptr;
    const auto bytes =
        utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()), static_cast<utf8proc_ssize_t>(text.size()),
                     &mapped, static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
    const Utf8procString owner(mapped);
    if (bytes < 0) return std::string(text);
    return std::string(reinterpret_cast<const char*>(mapped), static_cast<std::size_t>(bytes));
}

std::string collapse_space(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    bool space = false;
    for (std::size_t at = 0; at < text.size();) {
        if (const std::size_t bytes = bytes_of_white_space(text, at); bytes > 0) {
            space = !result.empty();
            at += bytes;
            continue;
        }
        std::size_t end = at + 1;
        while (end < text.size() && !may_begin_white_space[byte_at(text, end)]) ++end;
        if (std::exchange(space, false)) result.push_back(' ');
        result.append(text, at, end - at);
        at = end;
    }
    return result;
}

std::string first_words(std::string_view text, std::size_t characters_max) {
    std::size_t characters = 0;
    std::size_t cut = 0;        // after characters_max - 1 characters: the ellipsis is one
    std::size_t word_end = 0;   // the last white space before the cut
    std::size_t word_near = 0;  // characters before word_end
    for (std::size_t at = 0; at < text.size(); ++characters) {
        if (characters == characters_max) {
            if (characters_max == 0) return {};
            // A script without spaces has no word's end near; then the cut falls between two characters.
            const bool near = word_near * 4 >= characters_max * 3;
            return std::string(text.substr(0, near ? word_end : cut)) + "…";
        }
        const Sequence sequence = sequence_at(text, at);
        if (characters < characters_max) {
            if (sequence.well_formed && is_white_space(sequence.character)) {
                word_end = at;
                word_near = characters;
            }
            if (characters + 1 < characters_max) cut = at + sequence.bytes;
        }
        at += sequence.bytes;
    }
    return std::string(text);
}

std::string percent_encode(std::string_view text) {
    static constexpr char digits[] = "0123456789ABCDEF";
    std::string result;
    result.reserve(text.size());
    for (const char character : text) {
        const auto byte = static_cast<unsigned char>(character);
        if (is_unreserved(byte)) {
            result.push_back(character);
        } else {
            result.push_back('%');
            result.push_back(digits[byte >> 4U]);
            result.push_back(digits[byte & 0xFU]);
        }
    }
    return result;
}

std::string percent_decode(std::string_view text) {
    return decode_if(text, [](unsigned char) { return true; });
}

std::string without_needless_escapes(std::string_view path) { return decode_if(path, is_unreserved); }

}  // namespace gazetted
