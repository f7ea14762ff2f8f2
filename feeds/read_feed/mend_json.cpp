#include "feeds/read_feed/mend_json.hpp"

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace gazetted {
namespace {

constexpr std::size_t escape_size = 6;  ///< a backslash, `u` and four digits

/// What an escape by number says that begins at `at`.
std::optional<std::uint32_t> escaped_unit(std::string_view text, std::size_t at) {
    if (text.size() < at + escape_size || text.compare(at, 2, "\\u") != 0) return std::nullopt;
    std::uint32_t unit = 0;
    const char* const end = text.data() + at + escape_size;
    const auto parsed = std::from_chars(text.data() + at + 2, end, unit, 16);
    return parsed.ec == std::errc() && parsed.ptr == end ? std::optional(unit) : std::nullopt;
}

bool is_high_half(std::uint32_t unit) { return unit >= 0xD800 && unit <= 0xDBFF; }
bool is_low_half(std::uint32_t unit) { return unit >= 0xDC00 && unit <= 0xDFFF; }

/// The escape at `at`, mended, behind `out`; how many bytes it took.
std::size_t append_escape(std::string_view text, std::size_t at, std::string& out) {
    static constexpr std::string_view others = "\"\\/bfnrt";
    if (const auto unit = escaped_unit(text, at)) {
        const auto next = escaped_unit(text, at + escape_size);
        const bool is_pair = is_high_half(*unit) && next && is_low_half(*next);
        const std::size_t size = is_pair ? 2 * escape_size : escape_size;
        const bool is_half = !is_pair && (is_high_half(*unit) || is_low_half(*unit));
        out.append(is_half ? std::string_view("\\ufffd") : text.substr(at, size));
        return size;
    }
    if (at + 1 == text.size() || others.find(text[at + 1]) == std::string_view::npos) return 1;
    out.append(text, at, 2);
    return 2;
}

}  // namespace

std::string mend_json(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    bool is_in_string = false;
    for (std::size_t at = 0; at < text.size();) {
        const char c = text[at];
        if (is_in_string && c == '\\') {
            at += append_escape(text, at, out);
            continue;
        }
        if (c == '"') is_in_string = !is_in_string;
        if (is_in_string && c == '\n')
            out.append("\\n");
        else
            out.push_back(is_in_string && (c == '\t' || c == '\r') ? ' ' : c);
        ++at;
    }
    return out;
}

}  // namespace gazetted
