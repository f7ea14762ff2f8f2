#include "daemon/combination.hpp"

#include <algorithm>
#include <iterator>

namespace gazetted {

namespace {

constexpr std::string_view tag_prefix = "tag:";

/// One term of a text, with what is escaped marked: an escaped prefix is no prefix.
struct Term {
    std::string name;
    bool is_tag = false;
};

// Takes the characters up to the next `+` or `-` that is not escaped; none where a `~` escapes nothing.
std::optional<Term> take_term(std::string_view& text) {
    Term term{.name = {}, .is_tag = text.starts_with(tag_prefix)};
    if (term.is_tag) text.remove_prefix(tag_prefix.size());
    while (!text.empty() && text.front() != '+' && text.front() != '-') {
        if (text.front() == '~') text.remove_prefix(1);
        if (text.empty()) return std::nullopt;
        term.name += text.front();
        text.remove_prefix(1);
    }
    return term;
}

void sort_once(std::vector<Selection>& terms) {
    const auto by_kind_and_name = [](const Selection& a, const Selection& b) {
        return std::pair(a.kind, std::string_view(a.name)) < std::pair(b.kind, std::string_view(b.name));
    };
    std::sort(terms.begin(), terms.end(), by_kind_and_name);
    terms.erase(std::unique(terms.begin(), terms.end()), terms.end());
}

std::string spelled(const Selection& term) {
    const bool is_tag = term.kind == SelectionKind::tag;
    std::string text(is_tag ? tag_prefix : "");
    if (!is_tag && term.name.starts_with(tag_prefix)) text += '~';
    for (const char c : term.name) {
        if (c == '+' || c == '-' || c == '~') text += '~';
        text += c;
    }
    return text;
}

}  // namespace

std::optional<Combination> parse_combination(std::string_view text) {
    Combination combination;
    bool is_wanted = true;
    for (std::size_t terms = 1;; ++terms) {
        const auto term = take_term(text);
        if (!term || terms > combination_terms_max) return std::nullopt;
        auto selection = addressable(term->is_tag ? SelectionKind::tag : SelectionKind::category, term->name);
        if (!selection) return std::nullopt;
        (is_wanted ? combination.wanted : combination.unwanted).push_back(std::move(*selection));
        if (text.empty()) break;
        is_wanted = text.front() == '+';
        text.remove_prefix(1);
    }
    sort_once(combination.wanted);
    sort_once(combination.unwanted);
    std::erase_if(combination.wanted, [&](const Selection& term) {
        return std::find(combination.unwanted.begin(), combination.unwanted.end(), term) != combination.unwanted.end();
    });
    if (combination.wanted.empty()) return std::nullopt;
    return combination;
}

std::string combination_name(const Combination& combination) {
    std::string name;
    for (const Selection& term : combination.wanted) name.append(name.empty() ? "" : "+").append(spelled(term));
    for (const Selection& term : combination.unwanted) name.append("-").append(spelled(term));
    return name;
}

}  // namespace gazetted
