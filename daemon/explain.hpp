#pragma once

#include "daemon/config.hpp"
#include "daemon/publish.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace gazetted {

/// Why an article is in the document at an address, or why not.
struct Explanation {
    bool is_shown = false;
    std::string reason;                    ///< a word of the table in explain.cpp
    std::string sentence;                  ///< for people, without a full stop
    std::optional<std::int64_t> position;  ///< among the entries shown, the first being 1
    std::string elsewhere;                 ///< the path where it is, or where the document is now; empty: none is known
};

/// Publishes the document as `gazetted render` does and looks for the article in it; counts what is newer where it is not.
/// None: no article has the number. Blocking; throws StoreUnavailable.
std::optional<Explanation> explain(Store&, const SiteConfig&, const Address&, std::int64_t article_number, Instant now);

}  // namespace gazetted
