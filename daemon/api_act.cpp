#include "daemon/api_act.hpp"

#include "daemon/administer.hpp"
#include "daemon/log.hpp"
#include "daemon/posted_json.hpp"

#include <algorithm>
#include <charconv>

namespace gazetted {

namespace {

struct KindStatus {
    Outcome::Kind kind;
    unsigned status;
};
constexpr std::size_t number_digits_max = 18;  // all of which fit in 64 bits
constexpr KindStatus statuses[] = {{Outcome::Kind::missing, 404}, {Outcome::Kind::taken, 409}, {Outcome::Kind::refused, 422}};

// --- lists -------------------------------------------------------------------------------------------------------------------

/// `after` and `limit`; none where the limit is no number that we take.
std::optional<Paging> paging_of(const ApiCall& call) {
    Paging page{.after = call.parameter("after").value_or(""), .limit = ApiLimits::rows_default};
    if (const auto limit = call.parameter("limit")) {
        const auto [end, error] = std::from_chars(limit->data(), limit->data() + limit->size(), page.limit);
        if (error != std::errc() || end != limit->data() + limit->size()) return std::nullopt;
    }
    return page.limit >= 1 && page.limit <= ApiLimits::rows_max ? std::optional(page) : std::nullopt;
}

template <class Command>
Response list(const ApiErrand& errand, Command command) {
    const auto page = paging_of(errand.call);
    if (!page) return api_problem(400, "limit is no number from 1 to " + std::to_string(ApiLimits::rows_max));
    command.page = *page;
    std::optional<Page> found = page_of(errand.store, command);
    if (!found) return api_problem(404, "there is no such category");
    return api_json(200, json_of(std::move(*found)));
}

Response list_articles(const ApiErrand& errand) {
    ArticleCommand command;
    command.category = errand.call.parameter("category").value_or("");
    const std::string after = errand.call.parameter("after").value_or("");
    if (!std::ranges::all_of(after, [](char c) { return c >= '0' && c <= '9'; }) || after.size() > number_digits_max)
        return api_problem(400, "after is no number of an article, as the list has it");
    return list(errand, command);
}

Response list_categories(const ApiErrand& errand) { return list(errand, CategoryCommand{}); }

Response list_sources(const ApiErrand& errand) {
    SourceCommand command;
    const std::string which = errand.call.parameter("which").value_or("all");
    command.failing = which == "failing";
    command.silent = which == "silent";
    if (!command.failing && !command.silent && which != "all")
        return api_problem(400, "which is none of all, failing and silent");
    return list(errand, command);
}

// --- categories --------------------------------------------------------------------------------------------------------------

using Text = std::optional<std::string> CategoryCommand::*;
using Limit = std::optional<unsigned> CategoryCommand::*;

struct CategoryMember {
    PostedMember posted;
    Text text = nullptr;
    Limit limit = nullptr;
};
constexpr CategoryMember category_members[] = {
    {{"title", PostedKind::text}, &CategoryCommand::title},
    {{"description", PostedKind::text}, &CategoryCommand::description},
    {{"language", PostedKind::text}, &CategoryCommand::language},
    {{"icon_url", PostedKind::text}, &CategoryCommand::icon},
    {{"logo_url", PostedKind::text}, &CategoryCommand::logo},
    {{"entry_link", PostedKind::text}, &CategoryCommand::entry_link},
    {{"keep_days", PostedKind::small_count}, nullptr, &CategoryCommand::keep_days},
    {{"keep_articles", PostedKind::small_count}, nullptr, &CategoryCommand::keep_articles}};

CategoryCommand category_command(const ApiErrand& errand) {
    CategoryCommand command;
    command.action = action_of(errand);
    command.slug = errand.call.name;
    return command;
}

Response set_category(const ApiErrand& errand) {
    std::vector<PostedMember> members;
    for (const CategoryMember& member : category_members) members.push_back(member.posted);
    const auto object = read_posted_object(errand.call.body, members, Nulls::empty);
    if (!object) return malformed(object.error());
    CategoryCommand command = category_command(errand);
    for (const auto& [posted, text, limit] : category_members) {
        if (!object->contains(posted.name)) continue;
        if (text != nullptr)
            command.*text = text_in(*object, posted.name);
        else
            command.*limit = object->at(posted.name).to_number<unsigned>();
    }
    return answer_with(errand, administer(errand.store, command));
}

Response add_category(const ApiErrand& errand) {
    constexpr PostedMember members[] = {{"slug", PostedKind::text},
                                        {"title", PostedKind::text},
                                        {"description", PostedKind::text},
                                        {"language", PostedKind::text}};
    const auto object = read_posted_object(errand.call.body, members);
    if (!object) return malformed(object.error());
    CategoryCommand command = category_command(errand);
    command.slug = text_in(*object, "slug");
    command.title = text_in(*object, "title");
    command.description = text_in(*object, "description");
    command.language = text_in(*object, "language");
    const Outcome outcome = administer(errand.store, command);
    if (outcome.kind != Outcome::Kind::done) return answer_with(errand, outcome);
    note_act(errand, command.slug, "done");
    const std::string slug = std::get<std::string>(outcome.row.at(0, "slug"));
    return api_json(201, json_of(outcome.row, 0), location_line("/api/categories/", slug));
}

/// Rename and merge: one text says into what.
Response move_category(const ApiErrand& errand) {
    CategoryCommand command = category_command(errand);
    const PostedMember members[] = {{command.action == "rename" ? "slug" : "into", PostedKind::text}};
    const auto object = read_posted_object(errand.call.body, members);
    if (!object) return malformed(object.error());
    command.other = text_in(*object, members[0].name);
    if (command.other.empty()) return api_problem(422, "the member " + std::string(members[0].name) + " is missing");
    return answer_with(errand, administer(errand.store, command));
}

Response act_on_category(const ApiErrand& errand) {
    CategoryCommand command = category_command(errand);
    command.at = errand.call.parameter("at");
    command.sunset_link = errand.call.parameter("sunset_url");
    return answer_with(errand, administer(errand.store, command));
}

struct Operation {
    std::string_view name;
    Response (*act)(const ApiErrand&);
};
constexpr Operation operations[] = {
    {"list_articles", list_articles},      {"publish_articles", publish_articles}, {"show_article", show_stored_article},
    {"replace_article", replace_article},  {"correct_article", correct_article},   {"withdraw_article", act_on_article},
    {"restore_article", act_on_article},   {"publish_article", act_on_article},    {"list_categories", list_categories},
    {"add_category", add_category},        {"show_category", act_on_category},     {"set_category", set_category},
    {"remove_category", act_on_category},  {"rename_category", move_category},     {"merge_category", move_category},
    {"restore_category", act_on_category}, {"list_sources", list_sources},         {"add_source", add_source},
    {"show_source", act_on_source},        {"describe_source", describe_source},   {"set_source", set_source},
    {"pause_source", act_on_source},       {"resume_source", act_on_source},       {"accept_source", act_on_source},
    {"remove_source", act_on_source},
};

}  // namespace

Response api_act(const ApiErrand& errand) {
    const auto* operation = std::ranges::find(operations, errand.call.route->operation, &Operation::name);
    if (operation == std::end(operations)) throw std::logic_error("the operation is nobody's");
    try {
        return operation->act(errand);
    } catch (const StoreUnavailable&) {
        throw;
    } catch (const std::runtime_error& error) {
        return api_problem(422, error.what());  // the tables refuse a value
    }
}

Response api_json(unsigned status, const std::string& object, std::string_view extra_fields) {
    return plain_text(status, "application/json", object + "\n", extra_fields);
}

Response answer_with(const ApiErrand& errand, const Outcome& outcome) {
    for (const auto& [kind, status] : statuses)
        if (kind == outcome.kind) return api_problem(status, outcome.sentence);
    if (!outcome.sentence.empty()) note_act(errand, errand.call.name, "done");
    return api_json(200, json_of(outcome.row, 0));
}

Response malformed(const Error& error) { return api_problem(status_of(error), error.message); }

unsigned status_of(const Error& error) { return error.kind == ErrorKind::unsupported ? 422 : 400; }

std::string action_of(const ApiErrand& errand) {
    const std::string_view operation = errand.call.route->operation;
    return std::string(operation.substr(0, operation.find('_')));
}

void note_act(const ApiErrand& errand, std::string_view name, std::string_view result) {
    log(LogLevel::info, "administered",
        {{"user", errand.user_name}, {"act", errand.call.route->operation}, {"name", name}, {"result", result}});
}

}  // namespace gazetted
