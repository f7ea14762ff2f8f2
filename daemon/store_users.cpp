#include "daemon/store.hpp"
#include "daemon/store_session.hpp"

namespace gazetted {

bool Store::add_user(const User& user) { return act("add_user", {user.name, user.token_hash, array_literal(user.scopes)}) > 0; }

void Store::set_scopes(const std::string& name, const std::vector<std::string>& scopes) {
    act("set_user", {name, array_literal(scopes)});
}

std::optional<User> Store::user(const std::string& name) {
    const Listing found = listing("user", {name});
    if (found.rows.empty()) return std::nullopt;
    return User{.name = name,
                .token_hash = std::get<std::string>(found.at(0, "token_hash")),
                .scopes = std::get<Listing::Texts>(found.at(0, "scopes"))};
}

}  // namespace gazetted
