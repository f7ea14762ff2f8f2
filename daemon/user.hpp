#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace gazetted {

/// What tokens are for, a word each; none of them includes another. In step with the CHECK of sql/migrations.
struct ScopeWord {
    std::string_view word;
    std::string_view what;
};
inline constexpr std::array scope_words = {
    ScopeWord{"read", "look at articles, categories and sources"},
    ScopeWord{"publish", "publish, correct and withdraw articles"},
    ScopeWord{"admin", "change categories and sources"},
};

/// Who administers over HTTP.
struct User {
    std::string name;
    std::string token_hash;           ///< hash_of_token()
    std::vector<std::string> scopes;  ///< of scope_words
    bool may(std::string_view scope) const { return std::ranges::find(scopes, scope) != scopes.end(); }
};

}  // namespace gazetted
