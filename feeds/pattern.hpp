#pragma once

#include "feeds/result.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace re2 {
class RE2;
}

namespace gazetted {

/// A regular expression without backtracking, in the syntax of RE2: its time grows with the text, never faster, whatever the
/// pattern. It may match anywhere in a text; letters count as they are written unless it begins with `(?i)`.
class Pattern {
public:
    static constexpr std::size_t bytes_max = 1'000;
    /// Of what it is compiled to; repetitions of repetitions reach it.
    static constexpr std::int64_t memory_bytes_max = std::int64_t{1} << 20;

    /// The error says what is wrong, at which character, and what to do.
    static Result<Pattern> compile(std::string_view);

    Pattern(Pattern&&) noexcept;
    Pattern& operator=(Pattern&&) noexcept;
    ~Pattern();

    bool matches(std::string_view text) const;
    /// The text with `replacement` where the pattern matches first; `\1` to `\9` are the groups. None where it matches nowhere.
    std::optional<std::string> replaced(std::string_view text, const std::string& replacement) const;
    /// Why nothing can be replaced so; empty: it can.
    std::string why_not_replace(const std::string& replacement) const;

private:
    explicit Pattern(std::unique_ptr<const re2::RE2>);
    std::unique_ptr<const re2::RE2> expression_;
};

}  // namespace gazetted
