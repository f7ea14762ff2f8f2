#include "daemon/command_parts.hpp"

#include <array>

namespace gazetted {

namespace {

std::string none_called(const std::string& slug) {
    return "there is no category " + slug + ": gazetted category list names those that there are";
}

/// What each action finds ready: the slugs as the tables have them, and the category's row.
struct Task {
    Store& store;
    const CategoryCommand& command;
    std::string slug;   ///< of today
    std::string other;  ///< of rename and merge, as given

    Listing row() const { return store.listing("show_category", {slug}); }
    int done(const std::string& what) const { return print_done(row(), "category " + what, command.json); }
};

int show(const Task& task) { return print_one(task.row(), task.command.json); }

int set(const Task& task) {
    const CategoryCommand& given = task.command;
    task.store.act("set_category",
                   {task.slug, given.title, given.description, given.language, given.icon, given.logo, given.entry_link});
    return task.done(task.slug + ": set");
}

int rename(const Task& task) {
    if (task.other == task.slug) return failed("the category " + task.slug + " is called so already");
    if (!task.store.listing("show_category", {task.other}).rows.empty() &&
        task.store.names_now({{task.other}}).front().name == task.other)
        return failed("there is a category " + task.other + " already: gazetted category merge SLUG INTO makes one of two");
    task.store.act("rename_category", {task.slug, task.other});
    return print_done(task.store.listing("show_category", {task.other}),
                      "category " + task.slug + " is called " + task.other + " now", task.command.json);
}

int merge(const Task& task) {
    const auto into = task.store.names_now({{task.other}}).front().name;
    if (!into) return failed(none_called(task.other));
    if (*into == task.slug) return failed("the category " + task.slug + " cannot be merged into itself");
    task.store.act("merge_category", {task.slug, *into});
    return print_done(task.store.listing("show_category", {*into}), "category " + task.slug + " is part of " + *into + " now",
                      task.command.json);
}

int remove(const Task& task) {
    task.store.act("remove_category", {task.slug, task.command.at, task.command.sunset_link});
    return task.done(task.command.at ? task.slug + " ends at " + *task.command.at + ": its answers say so"
                                     : task.slug + " is removed: its addresses answer 410");
}

int restore(const Task& task) {
    task.store.act("restore_category", {task.slug});
    return task.done(task.slug + " is there again");
}

struct Action {
    std::string_view name;
    int (*run)(const Task&);
};
constexpr std::array actions = {Action{"show", show},   Action{"set", set},       Action{"rename", rename},
                                Action{"merge", merge}, Action{"remove", remove}, Action{"restore", restore}};

int list(Store& store, const CategoryCommand& command) {
    const auto& [after, limit] = command.page;
    return print_page(store.listing("list_categories", {after, std::to_string(limit + 1)}), "categories", "slug", limit,
                      command.json);
}

int add(Store& store, const CategoryCommand& command) {
    const auto slug = name_of(SelectionKind::category, command.slug);
    if (!slug) return failed("no address can have the slug " + command.slug + ": give one without / and control characters");
    if (store.act("add_category", {*slug, command.title, command.description, command.language}) == 0)
        return failed("there is a category " + *slug + " already: gazetted category set changes it");
    return print_done(store.listing("show_category", {*slug}), "category " + *slug + ": added", command.json);
}

}  // namespace

int run(const Config& config, const CategoryCommand& command) {
    OpenStore open(config);
    if (command.action == "list") return list(open.store, command);
    if (command.action == "add") return add(open.store, command);
    const auto slug = name_of(SelectionKind::category, command.slug);
    const auto now = slug ? open.store.names_now({{*slug}}).front().name : std::nullopt;
    if (!now) return failed(none_called(command.slug));
    const auto other = command.other.empty() ? "" : name_of(SelectionKind::category, command.other);
    if (!other) return failed("no address can have the slug " + command.other + ": give one without / and control characters");
    for (const auto& [name, act] : actions)
        if (name == command.action) return act({open.store, command, *now, *other});
    return failed("category " + command.action + " is not known");
}

}  // namespace gazetted
