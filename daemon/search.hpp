#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gazetted {

constexpr std::size_t search_bytes_max = 256;
constexpr std::size_t search_terms_max = 8;

/// The one spelling of what somebody searches for: NFC, small ASCII letters, one space between terms, each term once, in the
/// order given; a term with a space stands in quotes, `"new york" 5g`. Empty: there is no term. None: it is no text, or more
/// than the limits allow.
std::optional<std::string> parse_search(std::string_view text);

/// The terms of such a spelling, without quotes: an article that is found has them all.
std::vector<std::string> search_terms(std::string_view search);

}  // namespace gazetted
