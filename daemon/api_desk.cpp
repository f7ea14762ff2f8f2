#include "daemon/api_desk.hpp"

#include "daemon/api_act.hpp"
#include "daemon/token.hpp"

namespace gazetted {

namespace {

constexpr std::chrono::seconds deadline{5};

}  // namespace

Response ApiDesk::perform(const ApiCall& call) {
    const auto user = user_of(call.token);
    if (!user) return wrong_token();
    if (!user->may(call.route->scope)) return insufficient_scope(call.route->scope);
    try {
        return api_act({*store_, call, user->name});
    } catch (const StoreUnavailable&) {
        store_.reset();
        throw;
    }
}

// Nobody learns from the time that it takes whether a name is one: a hash is compared in any case.
std::optional<User> ApiDesk::user_of(const std::string& token) {
    const auto name = user_named_in(token);
    if (!name) return std::nullopt;
    auto user = look_up(*name);
    const std::string hash = hash_of_token(token);
    const std::string nobodys_hash(hash.size(), '0');
    if (!is_same_hash(hash, user ? user->token_hash : nobodys_hash)) return std::nullopt;
    store_->act("note_use", {user->name});
    return user;
}

// A connection that was lost between two calls is made again before anything is done with it.
std::optional<User> ApiDesk::look_up(const std::string& name) {
    if (store_) {
        try {
            return store_->user(name);
        } catch (const StoreUnavailable&) {
            store_.reset();
        }
    }
    store_.emplace(database_url_, deadline);
    store_->wait_for_locks_at_most(deadline);
    try {
        return store_->user(name);
    } catch (const StoreUnavailable&) {
        store_.reset();
        throw;
    }
}

}  // namespace gazetted
