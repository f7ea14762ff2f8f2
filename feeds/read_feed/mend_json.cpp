#include "feeds/read_feed/mend_json.hpp"

#include "feeds/ascii.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

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

/// Behind the comment at `at`; `at` where there is none.
std::size_t past_comment(std::string_view text, std::size_t at) {
    const bool is_block = text.compare(at, 2, "/*") == 0;
    if (!is_block && text.compare(at, 2, "//") != 0) return at;
    const std::string_view mark = is_block ? "*/" : "\n";
    const std::size_t end = text.find(mark, at + 2);
    return end == std::string_view::npos ? text.size() : end + mark.size();
}

class Mender {
public:
    explicit Mender(std::string_view text) : text_(text) { mended_.text.reserve(text.size()); }

    MendedJson run() {
        std::size_t at = std::min(begin_of_json(text_), text_.size());
        do at = copy(at);
        while (at < text_.size() && !closers_.empty());
        if (closers_.empty()) return std::move(mended_);
        mended_.is_cut_off = true;
        mended_.text.resize(whole_);
        mended_.text.append(closers_.rbegin(), closers_.rend());
        return std::move(mended_);
    }

private:
    /// One token; where the next one is.
    std::size_t copy(std::size_t at) {
        if (at >= text_.size()) return at;
        const char c = text_[at];
        if (c == '"') return copy_string(at);
        if (c == '-' || is_digit(c)) return copy_number(at);
        if (is_letter(c)) return copy_word(at);
        if (const std::size_t behind = past_comment(text_, at); behind != at) return behind;
        if (c == ',') whole_ = mended_.text.size();
        mended_.text.push_back(c);
        if (c == '{' || c == '[') closers_.push_back(c == '{' ? '}' : ']');
        const bool is_end = c == '}' || c == ']';
        if (is_end && !closers_.empty()) closers_.pop_back();
        if (is_end || c == '{' || c == '[') whole_ = mended_.text.size();
        return at + 1;
    }

    std::size_t copy_string(std::size_t at) {
        std::string& out = mended_.text;
        out.push_back('"');
        for (++at; at < text_.size() && text_[at] != '"';) {
            const char c = text_[at];
            if (c == '\\') {
                at += append_escape(text_, at, out);
                continue;
            }
            if (c == '\n')
                out.append("\\n");
            else
                out.push_back(c == '\t' || c == '\r' ? ' ' : c);
            ++at;
        }
        out.push_back('"');
        return at + 1;
    }

    /// A sign before no digit goes, as that of an infinity.
    std::size_t copy_number(std::size_t at) {
        const std::size_t end = std::min(text_.find_first_not_of("+-.0123456789eE", at), text_.size());
        if (end > at + 1 || is_digit(text_[at])) mended_.text.append(text_, at, end - at);
        return end;
    }

    std::size_t copy_word(std::size_t at) {
        std::size_t end = at;
        while (end < text_.size() && is_letter(text_[end])) ++end;
        const std::string_view word = text_.substr(at, end - at);
        mended_.text.append(word == "true" || word == "false" ? word : "null");
        return end;
    }

    std::string_view text_;
    MendedJson mended_;
    std::string closers_;    ///< of what is open
    std::size_t whole_ = 0;  ///< as far as each value that has begun has ended
};

}  // namespace

std::size_t begin_of_json(std::string_view text) {
    static constexpr std::string_view guard = ")]}'";
    for (std::size_t at = 0; at < text.size();) {
        const char c = text[at];
        const std::size_t behind = past_comment(text, at);
        if (c == '{' || c == '[') return at;
        if (text.compare(at, guard.size(), guard) == 0)
            at += guard.size();
        else if (behind != at)
            at = behind;
        else if (c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == ',')
            ++at;
        else
            break;
    }
    return std::string_view::npos;
}

MendedJson mend_json(std::string_view text) { return Mender(text).run(); }

}  // namespace gazetted
