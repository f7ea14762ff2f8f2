#include "daemon/administer.hpp"
#include "daemon/api_act.hpp"
#include "daemon/posted_json.hpp"
#include "daemon/refused_value.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <initializer_list>
#include <iterator>

namespace gazetted {

namespace {

using Choice = std::optional<std::string> SourceCommand::*;

struct SourceMember {
    std::string_view name;
    Choice choice;
};
// What may be on this machine or in its network is chosen on the command line alone: whoever has a token is elsewhere.
constexpr SourceMember choices[] = {{"language", &SourceCommand::language},
                                    {"content", &SourceCommand::content},
                                    {"user_agent", &SourceCommand::user_agent},
                                    {"credentials", &SourceCommand::credentials},
                                    {"conditional_min", &SourceCommand::conditional_min},
                                    {"whole_min", &SourceCommand::whole_min},
                                    {"interval_max", &SourceCommand::interval_max},
                                    {"entry_link", &SourceCommand::entry_link}};

/// What may be said of a subscription, beside the members of its own.
std::vector<PostedMember> members_with(std::vector<PostedMember> own) {
    own.push_back({"categories", PostedKind::texts});
    for (const SourceMember& member : choices) own.push_back({member.name, PostedKind::text});
    return own;
}

std::vector<std::string> categories_in(const boost::json::object& object) {
    std::vector<std::string> slugs;
    for (const auto& slug : object.at("categories").as_array()) slugs.emplace_back(slug.as_string());
    return slugs;
}

SourceCommand command_of(const boost::json::object& object, const ApiErrand& errand) {
    SourceCommand command;
    command.action = action_of(errand);
    for (const auto& [name, choice] : choices)
        if (object.contains(name)) command.*choice = text_in(object, name);
    return command;
}

/// Of members that have few words to choose from; none where theirs are among them.
std::optional<Response> wrong_word(const SourceCommand& command) {
    const auto is_one_of = [](const std::optional<std::string>& word, std::initializer_list<std::string_view> words) {
        return !word || std::ranges::find(words, *word) != words.end();
    };
    if (!is_one_of(command.entry_link, {"", "source", "page"}))
        return api_problem(422, sentence_of_constraint("sources_entry_link_check")->sentence);
    if (!is_one_of(command.content, {"full", "summary"})) return api_problem(422, "content is full or summary");
    return std::nullopt;
}

/// Those of the first that the second has not.
std::vector<std::string> without(std::vector<std::string> slugs, const std::vector<std::string>& others) {
    std::erase_if(slugs, [&](const std::string& slug) { return std::ranges::find(others, slug) != others.end(); });
    return slugs;
}

}  // namespace

Response add_source(const ApiErrand& errand) {
    const auto members = members_with({{"feed_url", PostedKind::text}, {"slug", PostedKind::text}});
    const auto object = read_posted_object(errand.call.body, members);
    if (!object) return malformed(object.error());
    SourceCommand command = command_of(*object, errand);
    command.source = text_in(*object, "feed_url");
    if (command.source.empty()) return api_problem(422, "the member feed_url is missing");
    if (object->contains("slug")) command.slug = text_in(*object, "slug");
    if (object->contains("categories")) command.categories = categories_in(*object);
    if (auto wrong = wrong_word(command)) return std::move(*wrong);
    const auto wanted = wanted_subscription(errand.store, command);
    if (const auto* wrong = std::get_if<Outcome>(&wanted)) return answer_with(errand, *wrong);
    const Outcome made = subscribe(errand.store, command, std::get<Subscription>(wanted));
    if (made.kind != Outcome::Kind::done) return answer_with(errand, made);
    const auto slug = std::get<std::string>(made.row.at(0, "slug"));
    note_act(errand, slug, "added");
    return api_json(201, json_of(made.row, 0), location_line("/api/sources/", slug));
}

Response set_source(const ApiErrand& errand) {
    const auto object = read_posted_object(errand.call.body, members_with({}), Nulls::empty);
    if (!object) return malformed(object.error());
    SourceCommand command = command_of(*object, errand);
    command.source = errand.call.name;
    if (auto wrong = wrong_word(command)) return std::move(*wrong);
    if (object->contains("categories")) {
        const auto wanted = categories_in(*object);
        const auto found = errand.store.subscriptions(name_of(SelectionKind::source, command.source).value_or(""));
        const auto before = found.empty() ? std::vector<std::string>() : found.front().categories;
        command.categories = without(wanted, before);
        command.no_categories = without(before, wanted);
    }
    return answer_with(errand, administer(errand.store, command));
}

Response act_on_source(const ApiErrand& errand) {
    SourceCommand command;
    command.action = action_of(errand);
    command.source = errand.call.name;
    return answer_with(errand, administer(errand.store, command));
}

Response describe_source(const ApiErrand& errand) {
    constexpr PostedMember members[] = {
        {"title", PostedKind::text}, {"url", PostedKind::text}, {"entry_link", PostedKind::text}};
    const auto object = read_posted_object(errand.call.body, members);
    if (!object) return malformed(object.error());
    if (auto wrong = wrong_word(command_of(*object, errand))) return std::move(*wrong);
    auto slug = name_of(SelectionKind::source, errand.call.name);
    if (!slug) return api_problem(422, "no address can have that slug");
    const Listing known = errand.store.listing("show_source", {*slug});
    const bool is_new = known.rows.empty();
    if (!is_new) slug = std::get<std::string>(known.at(0, "slug"));  // it may be called otherwise now
    errand.store.act("put_source", {*slug, text_in(*object, "title"), text_in(*object, "url")});
    if (object->contains("entry_link")) set_feed(errand.store, *slug, text_in(*object, "entry_link"));
    note_act(errand, *slug, is_new ? "added" : "updated");
    const std::string row = json_of(errand.store.listing("show_source", {*slug}), 0);
    return is_new ? api_json(201, row, location_line("/api/sources/", *slug)) : api_json(200, row);
}

}  // namespace gazetted
