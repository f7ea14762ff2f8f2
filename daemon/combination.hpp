#pragma once

#include "daemon/address.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gazetted {

/// Categories and tags whose articles are wanted, without those of others.
struct Combination {
    std::vector<Selection> wanted;    ///< never empty
    std::vector<Selection> unwanted;  ///< none of them wanted
    friend bool operator==(const Combination&, const Combination&) = default;
};

constexpr std::size_t combination_terms_max = 16;

/// `a+b-c`: slugs, and tags after `tag:`, joined by `+` and `-`; after `~` a character stands for itself. Sorted, each term
/// once; what is wanted and unwanted is unwanted. None where no term is wanted, a name is none, or there are too many.
std::optional<Combination> parse_combination(std::string_view text);

/// The one spelling of a combination: categories before tags, by name.
std::string combination_name(const Combination&);

}  // namespace gazetted
