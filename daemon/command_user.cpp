#include "daemon/command_parts.hpp"
#include "daemon/token.hpp"
#include "daemon/user.hpp"

#include <iostream>

namespace gazetted {

namespace {

std::string none_called(const std::string& name) {
    return "there is no user " + name + ": gazetted user list names those that there are";
}

/// Each once, in the order of the table; the first of them where none is named.
std::vector<std::string> scopes_of(const UserCommand& command) {
    std::vector<std::string> scopes;
    for (const ScopeWord& scope : scope_words)
        if (std::ranges::find(command.scopes, scope.word) != command.scopes.end()) scopes.emplace_back(scope.word);
    if (scopes.empty()) scopes.emplace_back(scope_words.front().word);
    return scopes;
}

/// The only time that anybody sees it.
int print_token(Store& store, const UserCommand& command, const std::string& token) {
    const Listing user = store.listing("show_user", {command.name});
    print_one({.columns = {"name", "scopes", "token"}, .rows = {{user.at(0, "name"), user.at(0, "scopes"), token}}},
              command.json);
    if (std::cout.flush()) return 0;
    return failed("the token could not be written, and nobody has seen it: gazetted user renew " + command.name +
                  " gives another one");
}

int add(Store& store, const UserCommand& command) {
    if (!is_user_name(command.name))
        return failed("no user can be called " + command.name + ": take up to 64 of a to z, 0 to 9, _ and -");
    const std::string token = make_token(command.name);
    if (!store.add_user({.name = command.name, .token_hash = hash_of_token(token), .scopes = scopes_of(command)}))
        return failed("there is a user " + command.name + " already: gazetted user renew gives it another token");
    return print_token(store, command, token);
}

}  // namespace

int run(const Config& config, const UserCommand& command) {
    OpenStore open(config);
    Store& store = open.store;
    if (command.action == "list") {
        const auto& [after, limit] = command.page;
        return print_page({store.listing("list_users", {after, std::to_string(limit + 1)}), "users", "name", limit},
                          command.json);
    }
    if (command.action == "add") return add(store, command);
    if (store.listing("show_user", {command.name}).rows.empty()) return failed(none_called(command.name));
    if (command.action == "renew") {
        const std::string token = make_token(command.name);
        store.act("renew_user", {command.name, hash_of_token(token)});
        return print_token(store, command, token);
    }
    const auto done = [&](const std::string& what) {
        return print_done(store.listing("show_user", {command.name}), "user " + command.name + what, command.json);
    };
    if (command.action == "set") {
        store.set_scopes(command.name, scopes_of(command));
        return done(": set");
    }
    const bool is_done = store.act("revoke_user", {command.name}) > 0;
    return done(is_done ? ": its token is worth nothing any more" : " was revoked before");
}

}  // namespace gazetted
