#pragma once

#include "feeds/article.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gazetted {

// What an operator wants done with the articles of a source or of a category (docs/decisions/0015-rules.md). Pure.

enum class RuleAction {
    keep,      ///< no later rule of the same source or category drops it
    drop,      ///< a source's: not published; a category's: not in that category
    category,  ///< also filed under `value`
    tag,       ///< also tagged `value`
    language,  ///< its language is `value`
    rewrite,   ///< where the pattern matches its link, `value` stands instead
    strip,     ///< no tracking parameters in its link
};
enum class RuleField { title, content, author, link, tag, language };

// The words of the tables and of the command line.
std::string_view word_of(RuleAction);
std::string_view word_of(RuleField);
std::optional<RuleAction> rule_action(std::string_view);
std::optional<RuleField> rule_field(std::string_view);

struct Rule {
    std::int64_t id = 0;
    std::string category = {};  ///< the slug of the category that it belongs to; empty: it belongs to the source
    RuleAction action = RuleAction::keep;
    RuleField field = RuleField::title;
    std::string pattern = {};    ///< of RE2 (feeds/pattern.hpp); empty: every article
    std::string value = {};      ///< of category, tag, language and rewrite
    bool leads_nowhere = false;  ///< its value names a category that does not exist
};

/// Why it cannot be followed, as one sentence with what to do; empty: it can.
std::string fault_of(const Rule&);

/// What rules did with an article, so that it can be explained and undone.
struct Ruling {
    struct Change {
        std::string before;
        std::string after;
        friend bool operator==(const Change&, const Change&) = default;
    };
    bool is_dropped = false;  ///< the article is as it came, then
    std::optional<Change> link;
    std::optional<Change> language;
    std::vector<std::string> categories_added;
    std::vector<std::string> categories_left;
    std::vector<std::string> tags_added;
    std::vector<std::string>
        reasons;  ///< which rule did what and why, a sentence each, in their order; empty: none did anything
    friend bool operator==(const Ruling&, const Ruling&) = default;
};

/// Makes the article what it was before; what somebody else changed since stays.
void undo(const Ruling&, Article&);

class Rules {
public:
    /// Of a source, the rules of its categories included; more are set aside.
    static constexpr std::size_t count_max = 500;
    /// Of an article's text; a pattern does not see what follows.
    static constexpr std::size_t content_characters_max = 20'000;

    /// In the order in which they are followed: the source's own, then those of categories, by slug.
    explicit Rules(const std::vector<Rule>&);
    Rules(Rules&&) noexcept;
    ~Rules();

    /// Each rule sees what those before it left. The source's come first; then those of each category that the article belongs
    /// to by then. What these file it under sets no further rules going.
    Ruling apply(Article&) const;

    bool look_at_content() const;
    /// Those that cannot be followed, a sentence each.
    const std::vector<std::string>& set_aside() const { return set_aside_; }

private:
    struct Compiled;
    class Court;
    std::vector<Compiled> rules_;
    std::vector<std::string> set_aside_;
};

}  // namespace gazetted
