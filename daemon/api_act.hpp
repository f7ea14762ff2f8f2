#pragma once

#include "daemon/administer.hpp"
#include "daemon/api_route.hpp"
#include "daemon/store.hpp"

#include <string>

namespace gazetted {

/// A call by somebody who may make it.
struct ApiErrand {
    Store& store;
    const ApiCall& call;
    std::string user_name;
};

/// Does what the call's operation says. Each act that changes something is a line in the log. Throws StoreUnavailable.
Response api_act(const ApiErrand&);

/// The operations of articles and sources; the others are in api_act.cpp.
Response publish_articles(const ApiErrand&);
Response replace_article(const ApiErrand&);
Response correct_article(const ApiErrand&);
Response show_stored_article(const ApiErrand&);
Response act_on_article(const ApiErrand&);  ///< withdraw, restore and publish
Response add_source(const ApiErrand&);
Response describe_source(const ApiErrand&);
Response set_source(const ApiErrand&);
Response act_on_source(const ApiErrand&);  ///< show, pause, resume, accept and remove

/// What was done, with a line in the log; or why nothing was.
Response answer_with(const ApiErrand&, const Outcome&);
Response malformed(const Error&);

/// 200 or 201 with one JSON object.
Response api_json(unsigned status, const std::string& object, std::string_view extra_fields = {});
/// 400 for what is no JSON, 422 for what it says.
unsigned status_of(const Error&);
/// `rename` of rename_category.
std::string action_of(const ApiErrand&);

/// Said of each act: who did what to what.
void note_act(const ApiErrand&, std::string_view name, std::string_view result);

}  // namespace gazetted
