#include "daemon/log_text.hpp"

#include "feeds/text.hpp"

#include <algorithm>

namespace gazetted {

namespace {

constexpr std::string_view digits = "0123456789abcdef";

bool is_plain(char c) {
    const bool letter_or_digit = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    return letter_or_digit || std::string_view("-_.:/@+,%~?&;[]").find(c) != std::string_view::npos;
}

/// Length of a character that a reader must not meet raw: C1 controls, U+2028, U+2029 and the direction marks. 0: none here.
std::size_t unwelcome_bytes(std::string_view text) {
    const auto at = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
    if (at(0) == 0xC2 && at(1) >= 0x80 && at(1) <= 0x9F) return 2;
    if (at(0) == 0xD8 && at(1) == 0x9C) return 2;
    if (at(0) == 0xE2 && at(1) == 0x80 && (at(2) == 0x8E || at(2) == 0x8F || (at(2) >= 0xA8 && at(2) <= 0xAE))) return 3;
    if (at(0) == 0xE2 && at(1) == 0x81 && at(2) >= 0xA6 && at(2) <= 0xA9) return 3;
    return 0;
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\x7f'; }

void append_escaped(std::string& out, char c) {
    const auto byte = static_cast<unsigned char>(c);
    out += "\\x";
    out += digits[byte >> 4U];
    out += digits[byte & 15U];
}

/// Of a character below U+10000, in its two or three bytes or in one.
void append_json_escaped(std::string& out, std::string_view character) {
    unsigned code = static_cast<unsigned char>(character.front());
    if (character.size() == 2) code &= 0x1fU;
    if (character.size() == 3) code &= 0x0fU;
    for (const char c : character.substr(1)) code = code << 6U | (static_cast<unsigned char>(c) & 0x3fU);
    out += "\\u";
    for (int shift = 12; shift >= 0; shift -= 4) out += digits[code >> static_cast<unsigned>(shift) & 15U];
}

void append_quoted(std::string& out, std::string_view value) {
    const bool utf8 = is_utf8(value);
    out += '"';
    for (std::size_t i = 0; i < value.size();) {
        const char c = value[i];
        const std::size_t unwelcome = unwelcome_bytes(value.substr(i));
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (c == '\n') {
            out += "\\n";
        } else if (is_control(c) || (!utf8 && static_cast<unsigned char>(c) >= 0x80)) {
            append_escaped(out, c);
        } else if (unwelcome > 0) {
            for (const char byte : value.substr(i, unwelcome)) append_escaped(out, byte);
            i += unwelcome;
            continue;
        } else {
            out += c;
        }
        ++i;
    }
    out += '"';
}

}  // namespace

void append_logged(std::string& line, std::string_view value) {
    if (!value.empty() && std::all_of(value.begin(), value.end(), is_plain))
        line += value;
    else
        append_quoted(line, value);
}

void append_json_string(std::string& line, std::string_view value) {
    if (!is_utf8(value)) return append_json_string(line, to_utf8(value));
    line += '"';
    for (std::size_t i = 0; i < value.size();) {
        const char c = value[i];
        const std::size_t bytes = is_control(c) ? 1 : unwelcome_bytes(value.substr(i));
        if (c == '"' || c == '\\') {
            line += '\\';
            line += c;
        } else if (c == '\n') {
            line += "\\n";
        } else if (bytes > 0) {
            append_json_escaped(line, value.substr(i, bytes));
        } else {
            line += c;
        }
        i += std::max<std::size_t>(bytes, 1);
    }
    line += '"';
}

std::string_view cut_for_log(std::string_view value, std::size_t bytes_max) {
    if (value.size() <= bytes_max) return value;
    std::size_t size = bytes_max;
    while (size > bytes_max - 4 && (static_cast<unsigned char>(value[size]) & 0xC0U) == 0x80U) --size;
    return value.substr(0, size);
}

}  // namespace gazetted
