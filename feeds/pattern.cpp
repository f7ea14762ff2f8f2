#include "feeds/pattern.hpp"

#include "feeds/text.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace gazetted {

namespace {

re2::RE2::Options options() {
    re2::RE2::Options chosen;
    chosen.set_log_errors(false);
    chosen.set_max_mem(Pattern::memory_bytes_max);
    return chosen;
}

re2::StringPiece piece(std::string_view text) { return {text.data(), text.size()}; }

/// The first bracket that closes nothing, else the last that is never closed; npos: there is none.
std::size_t odd_bracket(std::string_view pattern) {
    std::string open;
    std::vector<std::size_t> places;
    for (std::size_t at = 0; at < pattern.size(); ++at) {
        const bool in_class = !open.empty() && open.back() == '[';
        if (pattern[at] == '\\') {
            ++at;
        } else if (in_class ? pattern[at] == ']' : pattern[at] == ')') {
            if (open.empty()) return at;
            open.pop_back();
            places.pop_back();
        } else if (!in_class && (pattern[at] == '(' || pattern[at] == '[')) {
            open += pattern[at];
            places.push_back(at);
        }
    }
    return places.empty() ? std::string_view::npos : places.back();
}

/// RE2 says which part is wrong, and not where it stands.
std::size_t place_of_error(const re2::RE2& expression, std::string_view pattern) {
    switch (expression.error_code()) {
        case re2::RE2::ErrorMissingParen:
        case re2::RE2::ErrorUnexpectedParen:
        case re2::RE2::ErrorMissingBracket:
            return odd_bracket(pattern);
        case re2::RE2::ErrorTrailingBackslash:
            return pattern.size() - 1;
        case re2::RE2::ErrorPatternTooLarge:
            return std::string_view::npos;
        default:
            return pattern.find(expression.error_arg());
    }
}

std::string character_at(std::string_view pattern, std::size_t byte) {
    const auto begins = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80; };
    return std::to_string(1 + std::count_if(pattern.begin(), pattern.begin() + static_cast<std::ptrdiff_t>(byte), begins));
}

const char* hint(const re2::RE2& expression) {
    const std::string& part = expression.error_arg();
    const bool is_group = part.starts_with("(?");
    switch (expression.error_code()) {
        case re2::RE2::ErrorMissingParen:
        case re2::RE2::ErrorUnexpectedParen:
            if (is_group && part.size() <= 4) break;
            return "a bracket that is meant as a character is written \\( or \\)";
        case re2::RE2::ErrorMissingBracket:
            return "a bracket that is meant as a character is written \\[";
        case re2::RE2::ErrorRepeatArgument:
            return "a character that is meant as itself is written with a backslash, such as \\*";
        case re2::RE2::ErrorRepeatSize:
            return "at most 1000 repetitions are counted";
        case re2::RE2::ErrorRepeatOp:
            return "one repetition follows another: put the first into (?: )";
        case re2::RE2::ErrorBadEscape:
            if (part.size() == 2 && part[1] >= '1' && part[1] <= '9')
                return "RE2 has no references back to a group, since they need backtracking";
            return "a backslash that is meant as a character is written \\\\";
        case re2::RE2::ErrorTrailingBackslash:
            return "a backslash that is meant as a character is written \\\\";
        case re2::RE2::ErrorBadCharRange:
            return "a range goes from the lower character to the higher, and a hyphen stands last";
        case re2::RE2::ErrorBadUTF8:
            return "patterns are written in UTF-8";
        case re2::RE2::ErrorPatternTooLarge:
            return "write it with fewer or smaller counted repetitions";
        default:
            break;
    }
    if (is_group) return "RE2 looks neither ahead nor behind: let a keep rule stand before a drop rule";
    return "its syntax is RE2's";
}

std::string fault_of(const re2::RE2& expression, std::string_view pattern) {
    std::string what = expression.error();
    what.resize(what.size() - (what.ends_with(expression.error_arg()) ? expression.error_arg().size() : 0));
    while (what.ends_with(' ') || what.ends_with(':')) what.pop_back();
    const std::size_t place = place_of_error(expression, pattern);
    if (place != std::string_view::npos) what += " at character " + character_at(pattern, place);
    return to_utf8("the pattern " + std::string(pattern) + " is none: " + what + "; " + hint(expression));
}

}  // namespace

Pattern::Pattern(std::unique_ptr<const re2::RE2> expression) : expression_(std::move(expression)) {}
Pattern::Pattern(Pattern&&) noexcept = default;
Pattern& Pattern::operator=(Pattern&&) noexcept = default;
Pattern::~Pattern() = default;

Result<Pattern> Pattern::compile(std::string_view pattern) {
    if (pattern.size() > bytes_max)
        return Error{ErrorKind::too_large, "a pattern has at most " + std::to_string(bytes_max) + " bytes, and this one has " +
                                               std::to_string(pattern.size()) + ": make two rules of it"};
    auto expression = std::make_unique<const re2::RE2>(piece(pattern), options());
    if (!expression->ok()) return Error{ErrorKind::malformed, fault_of(*expression, pattern)};
    return Pattern(std::move(expression));
}

bool Pattern::matches(std::string_view text) const { return re2::RE2::PartialMatch(piece(text), *expression_); }

std::optional<std::string> Pattern::replaced(std::string_view text, const std::string& replacement) const {
    std::string result(text);
    if (!re2::RE2::Replace(&result, *expression_, replacement)) return std::nullopt;
    return result;
}

std::string Pattern::why_not_replace(const std::string& replacement) const {
    std::string fault;
    return expression_->CheckRewriteString(replacement, &fault) ? std::string() : fault;
}

}  // namespace gazetted
