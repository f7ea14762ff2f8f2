#include "daemon/command_parts.hpp"

namespace gazetted {

namespace {

std::string none_called(SelectionKind kind, const std::string& name) {
    const std::string word = word_of(kind);
    return "there is no " + word + " " + name + ": gazetted " + word + " list names those that there are";
}

int list(Store& store, const SelectionCommand& command) {
    const auto& [after, limit] = command.page;
    const std::string word = word_of(command.kind);
    const std::string name = word + "s";
    return print_page({store.listing("list_selections", {word, after, std::to_string(limit + 1)}), name, "name", limit},
                      command.json);
}

/// The name of today, where articles have it.
std::optional<std::string> existing(Store& store, SelectionKind kind, const std::string& text) {
    const auto name = name_of(kind, text);
    return name ? store.names_now({{*name, kind}}).front().name : std::nullopt;
}

int rename(Store& store, const SelectionCommand& command) {
    const std::string word = word_of(command.kind);
    const auto name = existing(store, command.kind, command.name);
    if (!name) return failed(none_called(command.kind, command.name));
    auto other = name_of(command.kind, command.other);
    if (!other) return failed("no address can have the name " + command.other);
    const auto there = existing(store, command.kind, *other);
    const bool is_taken = there == other && *other != *name;
    if (command.action == "merge" && !there) return failed(none_called(command.kind, *other));
    if (command.action == "merge") other = there;
    if (*other == *name) return failed("the " + word + " " + *name + " is called so already");
    if (command.action == "rename" && is_taken)
        return failed("there is a " + word + " " + *other + " already: gazetted " + word + " merge NAME INTO makes one of two");
    store.act("rename_selection", {word, *name, *other});
    const Listing done{.columns = {"name", "was"}, .rows = {{*other, *name}}};
    return print_done(done, word + " " + *name + (is_taken ? " is part of " : " is called ") + *other + " now", command.json);
}

}  // namespace

int run(const Config& config, const SelectionCommand& command) {
    OpenStore open(config);
    if (command.action == "list") return list(open.store, command);
    return rename(open.store, command);
}

}  // namespace gazetted
