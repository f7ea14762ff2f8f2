#include "daemon/suggestion.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace gazetted {
namespace {

/// Nobody mistypes a word of this length into a key of ours; it also bounds the table below.
constexpr std::size_t word_bytes_max = 64;

/// Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours each cost one.
std::size_t edit_distance(std::string_view from, std::string_view to) {
    std::vector<std::vector<std::size_t>> cost(from.size() + 1, std::vector<std::size_t>(to.size() + 1));
    for (std::size_t i = 0; i <= from.size(); ++i) cost[i][0] = i;
    for (std::size_t j = 0; j <= to.size(); ++j) cost[0][j] = j;
    for (std::size_t i = 1; i <= from.size(); ++i) {
        for (std::size_t j = 1; j <= to.size(); ++j) {
            const std::size_t substituted = cost[i - 1][j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
            cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, substituted});
            const bool swapped = i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1];
            if (swapped) cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
        }
    }
    return cost[from.size()][to.size()];
}

}  // namespace

std::string suggestion(std::string_view word, std::span<const std::string> candidates) {
    if (word.size() > word_bytes_max) return {};
    const std::string* nearest = nullptr;
    std::size_t nearest_distance = std::max<std::size_t>(1, word.size() / 2) + 1;
    for (const std::string& candidate : candidates) {
        const std::size_t distance = edit_distance(word, candidate);
        if (distance >= nearest_distance || distance >= candidate.size()) continue;
        nearest = &candidate;
        nearest_distance = distance;
    }
    return nearest ? ", did you mean " + *nearest + "?" : std::string();
}

}  // namespace gazetted
