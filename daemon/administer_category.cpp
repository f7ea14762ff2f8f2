#include "daemon/administer.hpp"
#include "daemon/clock.hpp"

#include <array>

namespace gazetted {

namespace {

using enum Outcome::Kind;

Outcome none_called(const std::string& slug) {
    return {missing, "there is no category " + slug, "gazetted category list names those that there are", {}};
}

constexpr std::size_t slug_bytes_max = 512;  // in step with the CHECKs of sql/migrations

Outcome no_address(const std::string& slug) {
    if (slug.empty()) return {refused, "a category needs a slug", "give one", {}};
    if (slug.size() > slug_bytes_max)
        return {refused, "the slug is longer than " + std::to_string(slug_bytes_max) + " bytes", "give a shorter one", {}};
    const std::string what = "no address can have the slug " + slug;
    if (slug == "." || slug == "..") return {refused, what, "a browser takes it for a step on the way: give another one", {}};
    return {refused, what, "give one that is UTF-8, without / and control characters", {}};
}

/// What each action finds ready: the slugs as the tables have them, and the category's row.
struct Task {
    Store& store;
    const CategoryCommand& command;
    std::string slug;   ///< of today
    std::string other;  ///< of rename and merge, as given

    Outcome done(const std::string& what, const std::string& of) const {
        return {Outcome::Kind::done, what, "", store.listing("show_category", {of})};
    }
    Outcome done(const std::string& what) const { return done("category " + what, slug); }
};

Outcome show(const Task& task) { return task.done("", task.slug); }

Outcome set(const Task& task) {
    const CategoryCommand& given = task.command;
    if (auto none = no_language(given.language)) return *none;
    const auto text_of = [](const std::optional<unsigned>& number) {
        return number ? std::optional(std::to_string(*number)) : std::nullopt;
    };
    task.store.act("set_category", {task.slug, given.title, given.description, given.language, given.icon, given.logo,
                                    given.entry_link, text_of(given.keep_days), text_of(given.keep_articles)});
    return task.done(task.slug + ": set");
}

Outcome rename(const Task& task) {
    if (task.other == task.slug) return {refused, "the category " + task.slug + " is called so already", "", {}};
    if (!task.store.listing("show_category", {task.other}).rows.empty() &&
        task.store.names_now({{task.other}}).front().name == task.other)
        return {
            taken, "there is a category " + task.other + " already", "gazetted category merge SLUG INTO makes one of two", {}};
    task.store.act("rename_category", {task.slug, task.other});
    return task.done("category " + task.slug + " is called " + task.other + " now", task.other);
}

Outcome merge(const Task& task) {
    const auto into = task.store.names_now({{task.other}}).front().name;
    if (!into) return none_called(task.other);
    if (*into == task.slug) return {refused, "the category " + task.slug + " cannot be merged into itself", "", {}};
    task.store.act("merge_category", {task.slug, *into});
    return task.done("category " + task.slug + " is part of " + *into + " now", *into);
}

Outcome remove(const Task& task) {
    task.store.act("remove_category", {task.slug, task.command.at, task.command.sunset_link});
    Outcome outcome = task.done(task.slug + " is removed: its addresses answer 410");
    const std::string& removed = std::get<std::string>(outcome.row.at(0, "removed"));
    if (const auto end = parse_rfc3339(removed); end && *end > now_utc())
        outcome.sentence = "category " + task.slug + " ends at " + removed + ": its answers say so";
    return outcome;
}

Outcome restore(const Task& task) {
    task.store.act("restore_category", {task.slug});
    return task.done(task.slug + " is there again");
}

struct Action {
    std::string_view name;
    Outcome (*run)(const Task&);
};
constexpr std::array actions = {Action{"show", show},   Action{"set", set},       Action{"rename", rename},
                                Action{"merge", merge}, Action{"remove", remove}, Action{"restore", restore}};

Outcome add(Store& store, const CategoryCommand& command) {
    const auto slug = name_of(SelectionKind::category, command.slug);
    if (!slug) return no_address(command.slug);
    if (auto none = no_language(command.language)) return *none;
    if (store.act("add_category", {*slug, command.title, command.description, command.language}) == 0)
        return {taken, "there is a category " + *slug + " already", "gazetted category set changes it", {}};
    return {done, "category " + *slug + ": added", "", store.listing("show_category", {*slug})};
}

}  // namespace

Outcome administer(Store& store, const CategoryCommand& command) {
    if (command.action == "add") return add(store, command);
    const auto slug = name_of(SelectionKind::category, command.slug);
    const auto now = slug ? store.names_now({{*slug}}).front().name : std::nullopt;
    if (!now) return none_called(command.slug);
    const auto other = command.other.empty() ? "" : name_of(SelectionKind::category, command.other);
    if (!other) return no_address(command.other);
    for (const auto& [name, act] : actions)
        if (name == command.action) return act({store, command, *now, *other});
    return {refused, "category " + command.action + " is not known", "", {}};
}

}  // namespace gazetted
