#include "feeds/read_feed/charset.hpp"

#include "feeds/ascii.hpp"
#include "feeds/read_feed/charset_labels.hpp"
#include "feeds/read_feed/sniff_charset.hpp"
#include "feeds/read_feed/text_forms.hpp"
#include "feeds/text.hpp"

#include <iconv.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>

namespace gazetted {
namespace {

bool is_wide(const Charset& charset) {
    return std::strncmp(charset.decoder, "UTF-16", 6) == 0 || std::strncmp(charset.decoder, "UTF-32", 6) == 0;
}

struct ByteOrderMark {
    std::string_view bytes;
    std::string_view label;
};
/// The longer first: the mark of UTF-16LE begins that of UTF-32LE.
constexpr ByteOrderMark byte_order_marks[] = {{"\xEF\xBB\xBF", "utf-8"},
                                              {std::string_view("\xFF\xFE\x00\x00", 4), "utf-32le"},
                                              {std::string_view("\x00\x00\xFE\xFF", 4), "utf-32be"},
                                              {"\xFF\xFE", "utf-16le"},
                                              {"\xFE\xFF", "utf-16be"}};
/// How `<` looks where no mark says it (XML 1.0 appendix F), `<?` for the narrower two.
constexpr ByteOrderMark first_signs[] = {
    {std::string_view("<\0\0\0", 4), "utf-32le"}, {std::string_view("\0\0\0<", 4), "utf-32be"},
    {std::string_view("<\0?\0", 4), "utf-16le"},  {std::string_view("\0<\0?", 4), "utf-16be"},
    {std::string_view("<\0r\0", 4), "utf-16le"},  {std::string_view("\0<\0r", 4), "utf-16be"}};

/// The encoding that the XML declaration names, lower case. Looked for within the first bytes, whatever stands before it.
std::string declared_label(std::string_view bytes) {
    const std::string_view head = bytes.substr(0, 1024);
    const std::size_t declaration = head.find("<?xml");
    if (declaration == std::string_view::npos) return {};
    const std::string_view inside = head.substr(declaration, head.find("?>", declaration) - declaration);
    std::size_t at = inside.find("encoding");
    if (at == std::string_view::npos) return {};
    at = inside.find_first_of("\"'", at);
    if (at == std::string_view::npos) return {};
    const std::size_t end = inside.find(inside[at], at + 1);
    if (end == std::string_view::npos) return {};
    return lower_case(inside.substr(at + 1, end - at - 1));
}

bool decode_with(const char* decoder, std::string_view bytes, std::size_t bytes_max, std::string& out, bool& is_sound) {
    iconv_t converter = iconv_open("UTF-8", decoder);
    if (converter == reinterpret_cast<iconv_t>(-1)) return false;
    std::string input(bytes);
    char* from = input.data();
    std::size_t left = input.size();
    std::array<char, 16384> buffer{};
    out.clear();
    out.reserve(bytes.size() + bytes.size() / 2);
    while (left > 0 && out.size() <= bytes_max) {
        char* to = buffer.data();
        std::size_t room = buffer.size();
        const std::size_t done = iconv(converter, &from, &left, &to, &room);
        out.append(buffer.data(), buffer.size() - room);
        if (done != static_cast<std::size_t>(-1) || errno == E2BIG) continue;
        is_sound = false;
        out.append("\xEF\xBF\xBD");
        if (errno == EINVAL) break;
        // A byte of markup is never part of a character that is broken.
        ++from, --left;
    }
    // What might have been the first half of a character was none.
    char* to = buffer.data();
    std::size_t room = buffer.size();
    iconv(converter, nullptr, nullptr, &to, &room);
    out.append(buffer.data(), buffer.size() - room);
    iconv_close(converter);
    return true;
}

/// True where each byte sequence is UTF-8 and each character one that XML allows.
bool is_legal(std::string_view text) {
    const auto* p = reinterpret_cast<const unsigned char*>(text.data());
    const auto* const end = p + text.size();
    while (p < end) {
        if (end - p >= 8) {
            std::uint64_t word = 0;
            std::memcpy(&word, p, 8);
            // No byte above 0x7F and none below 0x20.
            const std::uint64_t high = word & 0x8080808080808080U;
            const std::uint64_t low = (word - 0x2020202020202020U) & ~word & 0x8080808080808080U;
            if ((high | low) == 0) {
                p += 8;
                continue;
            }
        }
        const unsigned char c = *p;
        if (c < 0x80) {
            if (c < 0x20 && c != '\n' && c != '\t' && c != '\r') return false;
            ++p;
        } else if (c < 0xE0) {
            if (c < 0xC2 || end - p < 2 || (p[1] & 0xC0U) != 0x80) return false;
            p += 2;
        } else if (c < 0xF0) {
            if (end - p < 3 || (p[1] & 0xC0U) != 0x80 || (p[2] & 0xC0U) != 0x80) return false;
            if ((c == 0xE0 && p[1] < 0xA0) || (c == 0xED && p[1] >= 0xA0)) return false;
            if (c == 0xEF && p[1] == 0xBF && p[2] >= 0xBE) return false;
            p += 3;
        } else {
            if (c > 0xF4 || end - p < 4 || (p[1] & 0xC0U) != 0x80 || (p[2] & 0xC0U) != 0x80 || (p[3] & 0xC0U) != 0x80)
                return false;
            if ((c == 0xF0 && p[1] < 0x90) || (c == 0xF4 && p[1] >= 0x90)) return false;
            p += 4;
        }
    }
    return true;
}

bool has_beyond_ascii(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

/// Bytes that are meant as UTF-8.
void take_as_utf8(std::string_view bytes, DecodedDocument& out) {
    out.text = bytes;
    if (is_legal(bytes)) return;
    if (out.fault.empty()) out.fault = is_utf8(bytes) ? "characters that XML forbids" : "bytes that are not UTF-8";
    out.owned = legal_xml_text(bytes);
    out.text = out.owned;
}

Result<void> decode(const Charset& charset, std::string_view bytes, std::size_t bytes_max, DecodedDocument& out) {
    out.encoding = charset.name;
    if (std::strcmp(charset.decoder, "UTF-8") == 0) {
        take_as_utf8(bytes, out);
        return {};
    }
    const std::size_t unit = std::strncmp(charset.decoder, "UTF-16", 6) == 0 ? 2 : is_wide(charset) ? 4 : 1;
    if (bytes.size() % unit != 0) return Error{ErrorKind::malformed, "half a character of " + out.encoding + " at the end"};
    bool is_sound = true;
    if (!decode_with(charset.decoder, bytes, bytes_max, out.owned, is_sound))
        return Error{ErrorKind::unsupported, "the encoding " + out.encoding + " is not at hand"};
    if (out.owned.size() > bytes_max)
        return Error{ErrorKind::too_large, "more than " + std::to_string(bytes_max >> 20) + " MB as UTF-8"};
    if (!is_sound && out.fault.empty()) out.fault = "bytes that are not " + out.encoding;
    if (!is_legal(out.owned)) {
        if (out.fault.empty()) out.fault = "characters that XML forbids";
        out.owned = legal_xml_text(out.owned);
    }
    out.text = out.owned;
    return {};
}

/// Bytes that are UTF-8 whatever they are called. Hardly any Western text looks like it; in other encodings a short one may.
bool is_utf8_all_the_same(const Charset& declared, std::string_view bytes) {
    if (!is_utf8(bytes)) return false;
    if (is_wide(declared)) return bytes.find('\0') == std::string_view::npos;
    const bool is_western = std::strcmp(declared.decoder, "WINDOWS-1252") == 0;
    return is_western ? has_beyond_ascii(bytes) : is_surely_utf8(bytes, declared.name);
}

Result<void> decode_declared(const std::string& label, std::string_view bytes, std::size_t bytes_max, DecodedDocument& out) {
    const Charset* charset = find_charset(label);
    if ((label.empty() || label == "utf-8") && is_legal(bytes)) {
        out.encoding = "utf-8";
        out.text = bytes;
        return {};
    }
    const bool is_utf8_label = charset && charset->decoder && std::strcmp(charset->decoder, "UTF-8") == 0;
    const bool is_contradicted = charset && charset->decoder && !is_utf8_label && is_utf8_all_the_same(*charset, bytes);
    if (charset && charset->decoder && !is_contradicted && (!is_utf8_label || is_utf8(bytes) || looks_like_broken_utf8(bytes)))
        return decode(*charset, bytes, bytes_max, out);
    if (!label.empty()) {
        out.fault = !charset            ? "the encoding " + label.substr(0, 40) + " is unknown"
                    : !charset->decoder ? "the encoding " + label + " is never decoded"
                                        : "bytes that are not " + label;
    }
    if (is_utf8(bytes)) {
        out.encoding = "utf-8";
        take_as_utf8(bytes, out);
        return {};
    }
    const std::string_view guess = sniff_charset(bytes);
    out.is_guess = true;
    if (out.fault.empty()) out.fault = "bytes that are not UTF-8, and nothing that says what they are";
    return decode(*find_charset(guess), bytes, bytes_max, out);
}

}  // namespace

std::string charset_of(std::string_view content_type) {
    const std::string field = lower_case(content_type);
    for (std::size_t at = field.find(';'); at != std::string::npos; at = field.find(';', at)) {
        at = field.find_first_not_of("; \t", at);
        if (at == std::string::npos) break;
        if (field.compare(at, 7, "charset") != 0) continue;
        std::size_t value = field.find_first_not_of(" \t", at + 7);
        if (value == std::string::npos || field[value] != '=') continue;
        value = field.find_first_not_of(" \t\"'", value + 1);
        if (value == std::string::npos) break;
        return field.substr(value, field.find_first_of(" \t\"';,", value) - value);
    }
    return {};
}

Result<void> decode_document(std::string_view bytes, std::string_view content_type, std::size_t bytes_max,
                             DecodedDocument& out) {
    for (const ByteOrderMark& mark : byte_order_marks) {
        if (bytes.starts_with(mark.bytes))
            return decode(*find_charset(mark.label), bytes.substr(mark.bytes.size()), bytes_max, out);
    }
    for (const ByteOrderMark& sign : first_signs) {
        if (bytes.starts_with(sign.bytes)) return decode(*find_charset(sign.label), bytes, bytes_max, out);
    }
    std::string label = charset_of(content_type);
    if (!find_charset(label)) label = declared_label(bytes);
    return decode_declared(label, bytes, bytes_max, out);
}

}  // namespace gazetted
