#pragma once

#include <span>
#include <string>
#include <string_view>

namespace gazetted {

/// `, did you mean X?` for the candidate nearest to a mistyped word, by edit distance with swapped neighbours counted as one;
/// empty where none is near. The first of equally near candidates wins, so the same mistake gets the same answer.
std::string suggestion(std::string_view word, std::span<const std::string> candidates);

}  // namespace gazetted
