#include "daemon/jekyll/markdown.hpp"

#include "feeds/ascii.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace gazetted::jekyll {

namespace {

/// Scans for an element's end that found none, before we stop looking: keeps the whole linear.
constexpr int failed_scans_max = 32;

constexpr std::array<std::string_view, 32> block_elements = {
    "address",  "article", "aside", "blockquote", "center", "details", "div", "dl",     "fieldset", "figure", "footer",
    "form",     "h1",      "h2",    "h3",         "h4",     "h5",      "h6",  "header", "iframe",   "main",   "nav",
    "noscript", "ol",      "p",     "section",    "table",  "tbody",   "tr",  "ul",     "video",    "audio"};

bool is_name_character(char c) { return is_letter(c) || is_digit(c); }

bool is_blank(std::string_view line) { return line.find_first_not_of(" \t\r\n") == std::string_view::npos; }

bool names(std::string_view text, std::size_t at, std::string_view name) {
    if (text.size() < at + name.size()) return false;
    for (std::size_t i = 0; i < name.size(); ++i)
        if (lower(text[at + i]) != name[i]) return false;
    return text.size() == at + name.size() || !is_name_character(text[at + name.size()]);
}

/// The block element that a line opens, at most three columns in.
std::optional<std::string_view> opened_block(std::string_view text, std::size_t line_start) {
    auto at = line_start;
    while (at < text.size() && at < line_start + 3 && text[at] == ' ') ++at;
    if (at >= text.size() || text[at] != '<') return std::nullopt;
    for (const auto name : block_elements)
        if (names(text, at + 1, name)) return name;
    return std::nullopt;
}

/// Behind the end tag that balances the start tag at or after `at`.
std::optional<std::size_t> end_of_element(std::string_view text, std::size_t at, std::string_view name) {
    int depth = 0;
    for (at = text.find('<', at); at != std::string_view::npos; at = text.find('<', at + 1)) {
        const bool closes = at + 1 < text.size() && text[at + 1] == '/';
        if (!names(text, at + (closes ? 2 : 1), name)) continue;
        depth += closes ? -1 : 1;
        if (depth > 0) continue;
        const auto end = text.find('>', at);
        return end == std::string_view::npos ? std::nullopt : std::optional(end + 1);
    }
    return std::nullopt;
}

/// Without its blank lines, at which CommonMark would end the block; in preformatted text they are spelled out.
std::string without_blank_lines(std::string_view html) {
    bool in_pre = false;
    std::string out;
    std::size_t at = 0;
    while (at < html.size()) {
        const auto end = std::min(html.find('\n', at), html.size());
        const auto line = html.substr(at, end - at);
        const auto open = line.rfind("<pre");
        const auto close = line.rfind("</pre");
        if (open != close && (open == std::string_view::npos || close == std::string_view::npos))
            in_pre = open != std::string_view::npos;
        else if (open != close)
            in_pre = open > close;
        if (!is_blank(line)) out.append(line).append(end < html.size() ? "\n" : "");
        if (is_blank(line) && in_pre) out.append("&#10;\n");
        at = end + 1;
    }
    return out;
}

/// `{: .class #id}`, `{:toc}`, `{::options /}`: kramdown's own, nobody's text.
std::optional<std::size_t> end_of_attribute_list(std::string_view line, std::size_t at) {
    if (line.substr(at, 2) != "{:") return std::nullopt;
    const auto end = line.find('}', at);
    return end == std::string_view::npos ? std::nullopt : std::optional(end + 1);
}

std::string without_attribute_lists(std::string_view line) {
    if (line.find("{:") == std::string_view::npos) return std::string(line);
    std::string out;
    bool in_code = false;
    bool no_end = false;
    for (std::size_t at = 0; at < line.size();) {
        if (line[at] == '`') in_code = !in_code;
        const bool may_stand_here = at == 0 || std::string_view(" )*_`~").find(line[at - 1]) != std::string_view::npos;
        if (!in_code && !no_end && may_stand_here && line[at] == '{') {
            const auto end = end_of_attribute_list(line, at);
            no_end = !end && line.substr(at, 2) == "{:";
            if (end) {
                at = *end;
                continue;
            }
        }
        out += line[at++];
    }
    return out;
}

bool is_beyond_ascii(std::string_view text, std::size_t at) {
    return at < text.size() && static_cast<unsigned char>(text[at]) >= 0x80;
}

/// CommonMark's rule for `**` knows words by their blanks; Chinese has none. A pair on one line beside letters beyond ASCII is
/// written as what it means.
std::string with_strong_beside_cjk(std::string_view line) {
    if (line.find("**") == std::string_view::npos || line.find('`') != std::string_view::npos) return std::string(line);
    std::string out;
    std::size_t at = 0;
    while (true) {
        const auto open = line.find("**", at);
        const auto close = open == std::string_view::npos ? open : line.find("**", open + 2);
        if (close == std::string_view::npos) break;
        const auto inside = line.substr(open + 2, close - open - 2);
        const bool is_pair = !inside.empty() && inside.front() != ' ' && inside.back() != ' ' && inside.front() != '*' &&
                             line.substr(close + 2, 1) != "*";
        const bool beside = is_beyond_ascii(line, close + 2) || (open > 0 && is_beyond_ascii(line, open - 1));
        out.append(line.substr(at, open - at));
        if (is_pair && beside)
            out.append("<strong>").append(inside).append("</strong>");
        else
            out.append(line.substr(open, close + 2 - open));
        at = close + 2;
    }
    return out.append(line.substr(std::min(at, line.size())));
}

/// ``` or ~~~ at most three columns in: the run's length, 0 where there is none.
std::size_t fence_length(std::string_view line, char& mark) {
    const auto start = line.find_first_not_of(' ');
    if (start == std::string_view::npos || start > 3 || (line[start] != '`' && line[start] != '~')) return 0;
    const auto end = std::min(line.find_first_not_of(line[start], start), line.size());
    if (end - start < 3) return 0;
    mark = line[start];
    return end - start;
}

class Rewriter {
public:
    explicit Rewriter(std::string_view text) : text_(text) {}

    std::string run() {
        while (at_ < text_.size()) {
            const auto end = std::min(text_.find('\n', at_), text_.size());
            const auto line = text_.substr(at_, end - at_);
            if (inside_fence(line) || line.starts_with("    ") || line.starts_with('\t'))
                copy(line, end);
            else if (!html_block())
                text_line(line, end);
        }
        return std::move(out_);
    }

private:
    bool inside_fence(std::string_view line) {
        char mark = '\0';
        const auto length = fence_length(line, mark);
        if (fence_ == 0) {
            fence_ = length;
            mark_ = mark;
            return length > 0;
        }
        if (mark == mark_ && length >= fence_) fence_ = 0;
        return true;
    }
    void copy(std::string_view line, std::size_t end) {
        out_.append(line).append("\n");
        at_ = end + 1;
    }
    void text_line(std::string_view line, std::size_t end) {
        const auto start = line.find_first_not_of(' ');
        const bool is_list_alone = start != std::string_view::npos && end_of_attribute_list(line, start) == line.size();
        if (!is_list_alone) out_.append(with_strong_beside_cjk(without_attribute_lists(line))).append("\n");
        at_ = end + 1;
    }
    /// Elements that open here and end somewhere stand as one block, with Markdown going on behind it.
    bool html_block() {
        bool any = false;
        while (const auto end = end_of_block()) {
            out_.append(without_blank_lines(text_.substr(at_, *end - at_)));
            at_ = *end;
            any = true;
        }
        if (!any) return false;
        // What else follows on the same line belongs to the block for CommonMark as well.
        const auto line_end = std::min(text_.find('\n', at_), text_.size());
        out_.append(text_.substr(at_, line_end - at_)).append("\n\n");
        at_ = line_end + 1;
        return true;
    }
    std::optional<std::size_t> end_of_block() {
        if (at_ >= text_.size() || failed_scans_ >= failed_scans_max) return std::nullopt;
        const auto name = opened_block(text_, at_);
        if (!name) return std::nullopt;
        const auto tag_end = std::min(text_.find('>', at_), text_.size());
        if (text_.substr(at_, tag_end - at_).find("markdown=") != std::string_view::npos) return std::nullopt;
        const auto end = end_of_element(text_, at_, *name);
        if (!end) ++failed_scans_;
        return end;
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::string out_;
    std::size_t fence_ = 0;
    char mark_ = '\0';
    int failed_scans_ = 0;
};

}  // namespace

std::string from_kramdown(std::string_view text) { return Rewriter(text).run(); }

}  // namespace gazetted::jekyll
