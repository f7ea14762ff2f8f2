#include "daemon/rejudge.hpp"

#include <array>
#include <utility>

namespace gazetted {

namespace {

/// A rule's withdrawal that nobody has taken back, or what was never stored.
bool is_out(const PastArticle& it) { return !it.is_stored || (it.was_withdrawn && it.is_withdrawn); }

}  // namespace

std::optional<RuledArticle> rejudge(const PastArticle& past, const Rules& rules) {
    RuledArticle ruled{.before = past, .article = past.article, .ruling = {}};
    undo(past.ruling, ruled.article);
    ruled.ruling = rules.apply(ruled.article);
    if (ruled.ruling == past.ruling && changes_of(ruled).empty()) return std::nullopt;
    return ruled;
}

std::vector<std::string_view> changes_of(const RuledArticle& ruled) {
    const PastArticle& before = ruled.before;
    const Article& after = ruled.article;
    std::vector<std::string_view> changes;
    // Withdrawn by somebody else it is out already; restored by somebody it is to stay.
    if (ruled.ruling.is_dropped && !is_out(before) && !before.is_withdrawn && !before.was_withdrawn)
        changes.push_back("dropped");
    if (!ruled.ruling.is_dropped && is_out(before)) changes.push_back("back");
    if (after.url != before.article.url) changes.push_back("link");
    if (after.categories != before.article.categories) changes.push_back("category");
    if (after.tags != before.article.tags) changes.push_back("tag");
    if (after.language != before.article.language) changes.push_back("language");
    return changes;
}

void RejudgeCounts::add(const RuledArticle& ruled) {
    const std::array<std::pair<std::string_view, std::size_t*>, 6> counters = {{{"dropped", &dropped},
                                                                                {"back", &back},
                                                                                {"link", &link},
                                                                                {"category", &category},
                                                                                {"tag", &tag},
                                                                                {"language", &language}}};
    const auto changes = changes_of(ruled);
    if (!changes.empty()) ++changed;
    for (const std::string_view change : changes)
        for (const auto& [word, count] : counters)
            if (word == change) ++*count;
}

}  // namespace gazetted
