#pragma once

#include "daemon/subscription.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gazetted {

// Rules over articles of before. Pure.

/// What the rules make of the article now; none where that is what it is.
std::optional<RuledArticle> rejudge(const PastArticle&, const Rules&);

/// What a reader or an operator would see of it, in one of these words: `dropped`, `back`, `link`, `category`, `tag`,
/// `language`, each where it applies; none where the reasons alone differ.
std::vector<std::string_view> changes_of(const RuledArticle&);

/// How many articles were looked at, and how many have each of these changes.
struct RejudgeCounts {
    std::size_t looked_at = 0, changed = 0;
    std::size_t dropped = 0, back = 0, link = 0, category = 0, tag = 0, language = 0;

    void add(const RuledArticle&);
};

}  // namespace gazetted
