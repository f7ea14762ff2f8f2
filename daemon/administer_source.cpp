#include "daemon/administer.hpp"
#include "daemon/outgoing_address.hpp"
#include "feeds/url.hpp"

#include <algorithm>

namespace gazetted {

namespace {

using enum Outcome::Kind;

/// As request_of() sends them. What they are is said to nobody.
bool are_credentials(std::string_view text) {
    constexpr std::string_view bearer = "Bearer ";
    if (text.starts_with(bearer)) return text.size() > bearer.size();
    return text.empty() || text.find(':') != std::string_view::npos;
}

/// Of what is given, before anything is written: its categories, its language, its credentials.
std::optional<Outcome> wrong_choice(Store& store, const SourceCommand& command) {
    for (const std::string& slug : command.categories)
        if (store.listing("find_category", {slug}).rows.empty())
            return Outcome{missing, "there is no category " + slug, "gazetted category add " + slug + " makes one", {}};
    if (command.credentials && !are_credentials(*command.credentials))
        return Outcome{refused, "these are no credentials", "give USER:PASSWORD or 'Bearer TOKEN'; empty: none", {}};
    return no_language(command.language);
}

/// The parameters of set_subscription.
Store::Parameters choices_of(std::int64_t source_id, const SourceCommand& command) {
    std::optional<std::string> private_networks;
    if (command.allows_private || command.denies_private) private_networks = command.allows_private ? "true" : "false";
    return {std::to_string(source_id), command.language,  command.content,      command.user_agent, command.credentials,
            command.conditional_min,   command.whole_min, command.interval_max, private_networks};
}

/// That somebody is; none where nobody is.
std::optional<Outcome> subscribed_to(Store& store, const std::string& feed_url) {
    const Listing known = store.listing("subscribed_to", {feed_url});
    if (known.rows.empty()) return std::nullopt;
    return Outcome{
        taken, "the source " + std::get<std::string>(known.at(0, "slug")) + " is subscribed to that feed already", "", {}};
}

struct Task {
    Store& store;
    const SourceCommand& command;
    const std::string slug;
    const Subscription& subscription;
    std::string source_id = std::to_string(subscription.source_id);

    Outcome done(const std::string& what) const {
        return {Outcome::Kind::done, "source " + command.source + what, "", store.listing("show_source", {slug})};
    }
};

/// By any name that the category had.
bool is_filed_under(Store& store, const Subscription& subscription, const std::string& category) {
    const Listing found = store.listing("show_category", {category});
    return !found.rows.empty() && std::ranges::find(subscription.categories, std::get<std::string>(found.at(0, "slug"))) !=
                                      subscription.categories.end();
}

Outcome set(const Task& task) {
    const auto& [store, command, slug, subscription, source_id] = task;
    if (auto wrong = wrong_choice(store, command)) return *wrong;
    for (const std::string& category : command.no_categories)
        if (!is_filed_under(store, subscription, category))
            return {missing,
                    "the source " + command.source + " is not filed under " + category,
                    "gazetted source show names its categories",
                    {}};
    store.act("set_subscription", choices_of(subscription.source_id, command));
    set_feed(store, slug, command.entry_link);
    for (const std::string& category : command.categories) store.act("file_subscription", {source_id, category});
    for (const std::string& category : command.no_categories) store.act("unfile_subscription", {source_id, category});
    return task.done(" is polled as you say");
}

Outcome accept(const Task& task) {
    task.store.act("accept_upstream", {task.source_id});
    return task.done(" takes whatever feed answers next; it is asked at " + to_rfc3339(task.subscription.poll.next_poll));
}

Outcome remove(const Task& task) {
    task.store.act("unsubscribe", {task.source_id});
    return task.done(" is asked no more; its articles stay");
}

Outcome pause(const Task& task) {
    task.store.act("set_subscription_state", {task.source_id, "paused"});
    return task.done(" is asked no more until it is resumed");
}

Outcome resume(const Task& task) {
    task.store.act("set_subscription_state", {task.source_id, "active"});
    return task.done(" is asked again");
}

/// What any source has a feed for, and nothing that only a subscription has.
bool is_of_its_feed_alone(const SourceCommand& command) {
    return command.entry_link && command.categories.empty() && command.no_categories.empty() && !command.language &&
           !command.content && !command.user_agent && !command.credentials && !command.conditional_min && !command.whole_min &&
           !command.interval_max && !command.allows_private && !command.denies_private;
}

struct Action {
    std::string_view name;
    Outcome (*run)(const Task&);
};
constexpr Action actions[] = {{"set", set}, {"accept", accept}, {"remove", remove}, {"pause", pause}, {"resume", resume}};

}  // namespace

void set_feed(Store& store, const std::string& slug, const std::optional<std::string>& entry_link) {
    const Listing found = entry_link ? store.listing("find_source", {slug}) : Listing{};
    if (!found.rows.empty())
        store.act("set_source", {std::to_string(std::get<std::int64_t>(found.at(0, "source_id"))), entry_link});
}

std::string free_source_slug(Store& store, const std::string& feed_url) {
    const auto address = parse_web_address(feed_url);
    std::string base = address ? address->host : "source";
    if (base.starts_with("www.")) base.erase(0, 4);
    return std::get<std::string>(store.listing("free_source_slug", {base}).at(0, "slug"));
}

std::variant<Subscription, Outcome> wanted_subscription(Store& store, const SourceCommand& command) {
    const auto address = parse_web_address(without_feed_scheme(command.source));
    if (!address) return Outcome{refused, command.source + ": " + address.error().message, "", {}};
    if (auto wrong = wrong_choice(store, command)) return *wrong;
    if (command.slug && !name_of(SelectionKind::source, *command.slug))
        return Outcome{refused, "no address can have the name " + *command.slug, "", {}};
    if (auto known = subscribed_to(store, address->url)) return *known;
    Subscription wanted;
    wanted.feed_url = address->url;
    wanted.user_agent = command.user_agent.value_or("");
    wanted.credentials = command.credentials.value_or(address->credentials);
    wanted.allows_private = command.allows_private;
    return wanted;
}

Outcome subscribe(Store& store, const SourceCommand& command, const Subscription& wanted) {
    if (auto known = subscribed_to(store, wanted.feed_url)) return *known;
    const std::string slug =
        command.slug ? name_of(SelectionKind::source, *command.slug).value() : free_source_slug(store, wanted.feed_url);
    const std::int64_t source_id = store.source(slug, "", "");
    if (!store.subscribe(source_id, wanted.feed_url, wanted.allows_private, command.categories, wanted.credentials))
        return {taken, "the source " + slug + " is a subscription already", "", {}};
    store.act("set_subscription", choices_of(source_id, command));
    set_feed(store, slug, command.entry_link);
    return {done, "source " + slug + " is asked when its turn comes", "", store.listing("show_source", {slug})};
}

Outcome no_subscription(const std::string& slug) {
    return {
        missing, "the source " + slug + " is no subscription", "gazetted source add URL --slug " + slug + " makes it one", {}};
}

Outcome administer(Store& store, const SourceCommand& command) {
    const auto slug = name_of(SelectionKind::source, command.source);
    Listing row = slug ? store.listing("show_source", {*slug}) : Listing{};
    if (row.rows.empty())
        return {missing, "there is no source " + command.source, "gazetted source list names those that there are", {}};
    if (command.action == "show") return {done, "", "", std::move(row)};
    const auto found = store.subscriptions(slug);
    if (found.empty() && command.action == "set" && is_of_its_feed_alone(command)) {
        set_feed(store, *slug, command.entry_link);
        return {done, "source " + command.source + ": set", "", store.listing("show_source", {*slug})};
    }
    if (found.empty()) return no_subscription(command.source);
    for (const auto& [name, act] : actions)
        if (name == command.action) return act({store, command, *slug, found.front()});
    return {refused, "source " + command.action + " is not known", "", {}};
}

}  // namespace gazetted
