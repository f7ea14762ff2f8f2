#include "daemon/jekyll/text_encoding.hpp"

#include "feeds/text.hpp"

#include <algorithm>

namespace gazetted::jekyll {

namespace {

unsigned char byte_at(std::string_view bytes, std::size_t i) { return static_cast<unsigned char>(bytes[i]); }

/// Every byte beyond ASCII stands in a pair or a group of four of GB 18030.
bool looks_like_gb18030(std::string_view bytes) {
    std::size_t groups = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (byte_at(bytes, i) < 0x80) continue;
        if (byte_at(bytes, i) == 0x80 || byte_at(bytes, i) == 0xFF || i + 1 >= bytes.size()) return false;
        const auto second = byte_at(bytes, i + 1);
        if (second >= 0x30 && second <= 0x39 && i + 3 < bytes.size()) {
            i += 3;
        } else {
            if (second < 0x40 || second == 0x7F || second == 0xFF) return false;
            i += 1;
        }
        ++groups;
    }
    return groups > 1;
}

/// The line of the first byte that breaks UTF-8.
std::size_t broken_line(std::string_view bytes) {
    std::size_t line = 1;
    while (!bytes.empty()) {
        const auto end = std::min(bytes.find('\n'), bytes.size());
        if (!is_utf8(bytes.substr(0, end))) return line;
        bytes.remove_prefix(std::min(end + 1, bytes.size()));
        ++line;
    }
    return line;
}

}  // namespace

std::optional<Fault> refuse_encoding(std::string_view bytes) {
    if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF"))
        return Fault{0, "not UTF-8, looks like UTF-16; convert with iconv"};
    if (const auto nul = bytes.find('\0'); nul != std::string_view::npos)
        return Fault{
            1 + static_cast<std::size_t>(std::count(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(nul), '\n')),
            "not text: a NUL byte"};
    if (is_utf8(bytes)) return std::nullopt;
    if (looks_like_gb18030(bytes)) return Fault{broken_line(bytes), "not UTF-8, looks like GBK/GB18030; convert with iconv"};
    return Fault{broken_line(bytes), "not UTF-8"};
}

std::string with_unix_line_ends(std::string text) {
    if (text.find('\r') == std::string::npos) return text;
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\r')
            out += text[i];
        else if (i + 1 >= text.size() || text[i + 1] != '\n')
            out += '\n';
    }
    return out;
}

}  // namespace gazetted::jekyll
