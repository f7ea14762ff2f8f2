#include "daemon/api_route.hpp"

#include "daemon/embedded.hpp"
#include "daemon/http.hpp"
#include "daemon/user.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include <algorithm>
#include <set>
#include <sstream>

namespace gazetted {
namespace {

namespace json = boost::json;

const std::string some_token = "crawler." + std::string(64, 'a');

struct Wish {
    std::string method = "GET", target, authorization = "Bearer " + some_token, content_type = {};
    std::uint64_t content_length = 0;
    bool is_chunked = false;
};

std::variant<ApiCall, Response> ask(const Wish& wish) {
    const RequestView view{.method = wish.method, .target = wish.target};
    return ask_api({.view = view,
                    .fields = {.authorization = wish.authorization, .content_type = wish.content_type},
                    .is_chunked = wish.is_chunked,
                    .content_length = wish.content_length});
}

Response refusal_of(const Wish& wish) {
    auto asked = ask(wish);
    if (auto* response = std::get_if<Response>(&asked)) return std::move(*response);
    ADD_FAILURE() << wish.method << " " << wish.target << " is taken for a call";
    return {};
}

ApiCall call_of(const Wish& wish) {
    auto asked = ask(wish);
    if (auto* call = std::get_if<ApiCall>(&asked)) return std::move(*call);
    ADD_FAILURE() << head_text(std::get<Response>(asked));
    ApiCall none;
    none.route = &api_routes[0];
    return none;
}

TEST(ApiRoute, FindsWhatIsAskedAndAboutWhat) {
    EXPECT_EQ(call_of({.target = "/api/articles"}).route->operation, "list_articles");
    EXPECT_EQ(call_of({.method = "HEAD", .target = "/api/articles"}).route->operation, "list_articles");
    const ApiCall one = call_of({.method = "DELETE", .target = "/api/articles/https%3A%2F%2Fa.example%2F%E6%96%B0%3Fx"});
    EXPECT_EQ(one.route->operation, "withdraw_article");
    EXPECT_EQ(one.name, "https://a.example/新?x");
    EXPECT_EQ(one.token, some_token);
    const ApiCall part = call_of({.target = "/api/categories?after=a%20b&limit=7"});
    EXPECT_EQ(part.parameter("after"), "a b");
    EXPECT_EQ(part.parameter("limit"), "7");
    EXPECT_EQ(part.parameter("other"), std::nullopt);
}

TEST(ApiRoute, IsAFolderOfItsOwn) {
    for (const char* target : {"/api", "/api/", "/api?x", "/api/articles"}) EXPECT_TRUE(is_api(target)) << target;
    for (const char* target : {"/apis", "/", "/ap", "/metrics", "/API"}) EXPECT_FALSE(is_api(target)) << target;
}

TEST(ApiRoute, SaysWhatIsNotThere) {
    for (const char* target :
         {"/api", "/api/", "/api/article", "/api/articles/", "/api/articles/a/b", "/api/articles//publish"})
        EXPECT_EQ(refusal_of({.target = target}).status, 404) << target;
    const Response wrong = refusal_of({.method = "PUT", .target = "/api/articles"});
    EXPECT_EQ(wrong.status, 405);
    EXPECT_NE(head_text(wrong).find("\r\nAllow: GET, HEAD, POST\r\n"), std::string::npos) << head_text(wrong);
    EXPECT_EQ(refusal_of({.method = "BREW", .target = "/api/articles"}).status, 501);
}

TEST(ApiRoute, RefusesAddressesThatAreNoText) {
    for (const char* target :
         {"/api/articles/%", "/api/articles/%4", "/api/articles/%zz", "/api/articles/%00", "/api/articles/%ff",
          "/api/articles?after=%c3", "/api/articles?nothing=1", "/api/articles?limit=1&limit=2", "/api/articles/x?limit=1"})
        EXPECT_EQ(refusal_of({.target = target}).status, 400) << target;
}

TEST(ApiRoute, AsksWhoeverCallsForAToken) {
    for (const char* authorization : {"", "Basic eDp5", "Bearer", "Bearer ", "Token x"}) {
        const Response refusal = refusal_of({.target = "/api/articles", .authorization = authorization});
        EXPECT_EQ(refusal.status, 401) << authorization;
        EXPECT_NE(head_text(refusal).find("\r\nWWW-Authenticate: Bearer realm=\"gazetted\"\r\n"), std::string::npos);
        EXPECT_NE(head_text(refusal).find("\r\nCache-Control: no-store\r\n"), std::string::npos);
    }
    EXPECT_EQ(call_of({.target = "/api/articles", .authorization = "bearer   " + some_token}).token, some_token);
    const Response wrong = refusal_of({.target = "/api/articles", .authorization = "Bearer x"});
    EXPECT_EQ(wrong.status, 401) << "whatever else is wrong";
    EXPECT_NE(head_text(wrong).find("error=\"invalid_token\""), std::string::npos) << head_text(wrong);
    EXPECT_EQ(refusal_of({.target = "/api/openapi.json", .authorization = ""}).status, 200);
}

TEST(ApiRoute, WantsABodyOfTheRightTypeAndLength) {
    const Wish one{
        .method = "POST", .target = "/api/articles", .content_type = "Application/JSON; charset=utf-8", .content_length = 9};
    EXPECT_FALSE(call_of(one).is_many);
    EXPECT_EQ(call_of(one).body_bytes, 9U);
    Wish other = one;
    other.content_type = "application/x-ndjson";
    EXPECT_TRUE(call_of(other).is_many);
    other.content_type = "text/plain";
    EXPECT_NE(head_text(refusal_of(other)).find("415 Unsupported Media Type\r\n"), std::string::npos);
    EXPECT_NE(head_text(refusal_of(other)).find("\r\nAccept: application/json, application/x-ndjson\r\n"), std::string::npos);
    other = one;
    other.is_chunked = true;
    EXPECT_EQ(refusal_of(other).status, 411);
    other = one;
    other.content_length = HttpLimits::upload_bytes_max;
    EXPECT_EQ(call_of(other).body_bytes, HttpLimits::upload_bytes_max);
    ++other.content_length;
    EXPECT_EQ(refusal_of(other).status, 413);
    const Wish patch{.method = "PATCH", .target = "/api/articles/x", .content_type = "application/json", .content_length = 2};
    EXPECT_NE(head_text(refusal_of(patch)).find("\r\nAccept-Patch: application/merge-patch+json\r\n"), std::string::npos);
}

TEST(ApiRoute, TakesNoLongBodyWhereNoneIsWanted) {
    EXPECT_EQ(call_of({.target = "/api/articles", .content_length = HttpLimits::body_bytes_max}).body_bytes, 0U);
    EXPECT_EQ(refusal_of({.target = "/api/articles", .content_length = HttpLimits::body_bytes_max + 1}).status, 413);
}

TEST(ApiFields, AreFoundInAHeadWhateverTheirCase) {
    const ApiFields fields = api_fields(
        "\r\nGET http://x.example:80/ HTTP/1.1\r\nHost: x\r\nAUTHORIZATION:  Bearer a:b \r\ncontent-type:text/x\r\n\r\n");
    EXPECT_EQ(fields.authorization, "Bearer a:b");
    EXPECT_EQ(fields.content_type, "text/x");
    EXPECT_FALSE(fields.are_ambiguous);
    EXPECT_TRUE(api_fields("GET / HTTP/1.1\r\nAuthorization: a\r\nauthorization: b\r\n\r\n").are_ambiguous);
}

TEST(ApiProblem, IsJsonWhateverItSays) {
    const Response problem = api_problem(422, "a \"quote\", a \\ and a\nline");
    EXPECT_EQ(json::parse(std::string(problem.body)).at("detail").as_string(), "a \"quote\", a \\ and a\nline");
    EXPECT_NE(head_text(problem).find("Content-Type: application/problem+json\r\n"), std::string::npos);
}

// --- the description ---------------------------------------------------------------------------------------------------------

json::object description() { return json::parse(std::string(embedded_api().front().bytes)).as_object(); }

std::set<std::string> keys_of(const json::value& object) {
    std::set<std::string> keys;
    for (const auto& [key, value] : object.as_object()) keys.emplace(key);
    return keys;
}

std::set<std::string> names_in(const json::object& holder, std::string_view where) {
    std::set<std::string> names;
    if (const auto* parameters = holder.if_contains("parameters"))
        for (const auto& parameter : parameters->as_array())
            if (parameter.at("in").as_string() == where) names.emplace(parameter.at("name").as_string());
    return names;
}

std::set<std::string> words_of(std::string_view text) {
    std::set<std::string> words;
    std::istringstream stream{std::string(text)};
    for (std::string word; stream >> word;) words.insert(word);
    return words;
}

std::set<std::string> types_of(ApiBody body) {
    if (body == ApiBody::none) return {};
    if (body == ApiBody::merge_patch) return {"application/merge-patch+json"};
    if (body == ApiBody::json) return {"application/json"};
    return {"application/json", "application/x-ndjson"};
}

TEST(OpenApi, DescribesEveryRouteAndNoOther) {
    const json::object document = description();
    EXPECT_EQ(document.at("openapi").as_string(), "3.1.0");
    std::set<std::pair<std::string, std::string>> described, known;
    for (const auto& [path, item] : document.at("paths").as_object())
        for (const auto& key : keys_of(item))
            if (key != "parameters") described.emplace(path, key);
    for (const ApiRoute& route : api_routes) {
        std::string method(route.method);
        std::ranges::transform(method, method.begin(), [](char c) { return static_cast<char>(c - 'A' + 'a'); });
        known.emplace(route.path, method);
        if (!described.contains({std::string(route.path), method})) continue;
        const auto& item = document.at("paths").at(route.path).as_object();
        const auto& operation = item.at(method).as_object();
        EXPECT_EQ(operation.at("operationId").as_string(), route.operation);
        EXPECT_EQ(names_in(operation, "query"), words_of(route.parameters)) << route.operation;
        EXPECT_EQ(names_in(item, "path").size(), route.path.find('{') == std::string_view::npos ? 0U : 1U) << route.operation;
        const auto* body = operation.if_contains("requestBody");
        EXPECT_EQ(body ? keys_of(body->at("content")) : std::set<std::string>(), types_of(route.body)) << route.operation;
        const auto& security = operation.at("security").as_array();
        if (route.scope.empty())
            EXPECT_TRUE(security.empty()) << route.operation;
        else
            EXPECT_EQ(security.at(0).at("token").at(0).as_string(), route.scope) << route.operation;
    }
    EXPECT_EQ(described, known);
}

TEST(OpenApi, NamesTheScopesThatThereAre) {
    std::set<std::string_view> wanted, known;
    for (const ApiRoute& route : api_routes)
        if (!route.scope.empty()) wanted.insert(route.scope);
    for (const ScopeWord& scope : scope_words) known.insert(scope.word);
    EXPECT_EQ(wanted, known);
}

TEST(OpenApi, HasLimitsThatAreOurs) {
    const std::string text(embedded_api().front().bytes);
    EXPECT_EQ(HttpLimits::upload_bytes_max, 8U << 20);
    EXPECT_NE(text.find("longer than 8 MiB, or there are more than 1,000 articles"), std::string::npos);
    EXPECT_EQ(ApiLimits::items_max, 1'000U);
    EXPECT_EQ(ApiLimits::item_bytes_max, 2U << 20);
    EXPECT_NE(text.find("at most 1,000 and 2 MiB each"), std::string::npos);
    EXPECT_NE(text.find("\"maximum\": " + std::to_string(ApiLimits::rows_max)), std::string::npos);
}

}  // namespace
}  // namespace gazetted
