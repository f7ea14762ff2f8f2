#include "daemon/combination.hpp"
#include "daemon/publish_steps.hpp"

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

namespace gazetted {

namespace {

/// What the terms are called now, in the one spelling that such a combination has; none where it selects nothing.
std::optional<Selection> combined(Combination combination, const std::vector<NameNow>& now) {
    std::size_t place = 0;
    for (auto* terms : {&combination.wanted, &combination.unwanted})
        for (Selection& term : *terms) term.name = *now[place++].name;
    auto sorted = parse_combination(combination_name(combination));
    if (!sorted) return std::nullopt;
    if (sorted->wanted.size() == 1 && sorted->unwanted.empty()) return std::move(sorted->wanted.front());
    return Selection{combination_name(*sorted), SelectionKind::combination};
}

}  // namespace

Publication publish_elsewhere(Store& store, const Address& address) {
    const Selection* selection = selection_of(address);
    if (selection == nullptr || selection->is_all() || selection->is_search()) return NoSuchDocument{};
    Combination terms{.wanted = {*selection}, .unwanted = {}};
    const bool is_combination = selection->kind == SelectionKind::combination;
    if (is_combination) terms = parse_combination(selection->name).value();
    std::vector<Selection> named = terms.wanted;
    named.insert(named.end(), terms.unwanted.begin(), terms.unwanted.end());

    const std::vector<NameNow> now = store.names_now(named);
    if (!std::ranges::all_of(now, [](const NameNow& it) { return it.name.has_value(); })) return NoSuchDocument{};
    // What is left out may be gone: the others are still there without it.
    const std::span wanted_now(now.begin(), terms.wanted.size());
    if (std::ranges::any_of(wanted_now, &NameNow::is_removed)) return RemovedSelection{};
    auto found = is_combination ? combined(std::move(terms), now) : Selection{*now.front().name, selection->kind};
    if (!found || *found == *selection) return NoSuchDocument{};
    MovedDocument moved{.address = address};
    *selection_of(moved.address) = std::move(*found);
    return moved;
}

}  // namespace gazetted
