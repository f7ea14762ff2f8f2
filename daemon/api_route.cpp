#include "daemon/api_route.hpp"

#include "daemon/embedded.hpp"
#include "daemon/http.hpp"
#include "daemon/token.hpp"
#include "feeds/ascii.hpp"
#include "feeds/text.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>

namespace gazetted {

namespace {

constexpr std::string_view api_prefix = "/api";
constexpr std::array<std::string_view, 9> methods = {"GET",    "HEAD",  "POST",    "PUT",    "PATCH",
                                                     "DELETE", "TRACE", "OPTIONS", "CONNECT"};
constexpr std::string_view json_type = "application/json";
constexpr std::string_view patch_type = "application/merge-patch+json";
constexpr std::string_view lines_type = "application/x-ndjson";

/// The first part of `text` up to the separator, which is taken off it.
std::string_view take_part(std::string_view& text, char separator) {
    const auto end = std::min(text.find(separator), text.size());
    const auto part = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return part;
}

bool is_name(std::string_view segment) { return segment.starts_with('{'); }

/// Whether the path is one of those that the pattern stands for; what stands for `{...}` is put into `name`, still encoded.
bool matches(std::string_view pattern, std::string_view path, std::string_view& name) {
    if (std::ranges::count(pattern, '/') != std::ranges::count(path, '/')) return false;
    while (!pattern.empty()) {
        const auto wanted = take_part(pattern, '/'), segment = take_part(path, '/');
        if (is_name(wanted) ? segment.empty() : segment != wanted) return false;
        if (is_name(wanted)) name = segment;
    }
    return true;
}

bool is_method_of(const ApiRoute& route, std::string_view method) {
    return route.method == method || (route.method == "GET" && method == "HEAD");
}

/// Escapes are whole, and what they stand for is text.
bool is_decodable(std::string_view encoded) {
    for (auto at = encoded.find('%'); at != std::string_view::npos; at = encoded.find('%', at + 1)) {
        const auto is_hexadecimal = [](char c) { return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'f'); };
        if (at + 2 >= encoded.size() || !is_hexadecimal(encoded[at + 1]) || !is_hexadecimal(encoded[at + 2])) return false;
    }
    const std::string decoded = percent_decode(encoded);
    return is_utf8(decoded) && decoded.find('\0') == std::string::npos;
}

bool has_word(std::string_view words, std::string_view word) {
    while (!words.empty())
        if (take_part(words, ' ') == word) return true;
    return false;
}

/// Of a query, into the call; a sentence where it is not one.
std::string_view read_parameters(std::string_view query, ApiCall& call) {
    while (!query.empty()) {
        std::string_view value = take_part(query, '&');
        const auto name = take_part(value, '=');
        if (!has_word(call.route->parameters, name)) return "there is no such parameter here";
        if (!is_decodable(value)) return "a parameter is not percent-encoded UTF-8";
        if (!call.parameters.emplace(name, percent_decode(value)).second) return "a parameter is given twice";
    }
    return {};
}

/// RFC 6750 section 2.1. None: there is none of ours.
std::string_view token_in(std::string_view authorization) {
    constexpr std::string_view scheme = "Bearer ";
    if (!equal_ignoring_case(authorization.substr(0, scheme.size()), scheme)) return {};
    return without_blanks(authorization.substr(scheme.size()));
}

std::string_view types_of(ApiBody body) {
    if (body == ApiBody::merge_patch) return patch_type;
    return body == ApiBody::one_or_many ? "application/json, application/x-ndjson" : json_type;
}

/// Without parameters such as charset: JSON is UTF-8 whatever they say (RFC 8259 section 11).
std::string media_type_of(std::string_view content_type) {
    return lower_case(without_blanks(content_type.substr(0, content_type.find(';'))));
}

std::optional<Response> refusal_of_body(const ApiRequest& request, ApiCall& call) {
    const ApiBody body = call.route->body;
    if (request.is_chunked) return api_problem(411, "say how long the body is with Content-Length");
    if (request.content_length > (body == ApiBody::none ? HttpLimits::body_bytes_max : HttpLimits::upload_bytes_max))
        return api_problem(413, "the body is too long");
    if (body == ApiBody::none) return std::nullopt;
    const std::string type = media_type_of(request.fields.content_type);
    call.is_many = body == ApiBody::one_or_many && type == lines_type;
    if (!call.is_many && type != (body == ApiBody::merge_patch ? patch_type : json_type)) {
        const std::string field = body == ApiBody::merge_patch ? "Accept-Patch: " : "Accept: ";
        return api_problem(415, "the body has another Content-Type than is wanted here",
                           field + std::string(types_of(body)) + "\r\n");
    }
    call.body_bytes = request.content_length;
    return std::nullopt;
}

const EmbeddedFile& description() { return embedded_api().front(); }

std::string allow_line(std::string_view path) {
    std::string allowed;
    for (const ApiRoute& route : api_routes) {
        std::string_view name;
        if (!matches(route.path, path, name)) continue;
        allowed += (allowed.empty() ? "Allow: " : ", ") + std::string(route.method);
        if (route.method == "GET") allowed += ", HEAD";
    }
    return allowed.empty() ? allowed : allowed + "\r\n";
}

}  // namespace

std::optional<std::string> ApiCall::parameter(std::string_view name_of_it) const {
    const auto found = parameters.find(name_of_it);
    return found == parameters.end() ? std::nullopt : std::optional(found->second);
}

ApiFields api_fields(std::string_view head) {
    ApiFields fields;
    while (!head.empty()) {
        std::string_view value = take_part(head, '\n');
        if (value.ends_with('\r')) value.remove_suffix(1);
        const auto name = take_part(value, ':');
        for (const auto& [wanted, field] :
             {std::pair("Authorization", &fields.authorization), std::pair("Content-Type", &fields.content_type)}) {
            if (!equal_ignoring_case(name, wanted)) continue;
            fields.are_ambiguous = fields.are_ambiguous || !field->empty();
            *field = without_blanks(value);
        }
    }
    return fields;
}

bool is_api(std::string_view target) {
    return target.starts_with(api_prefix) &&
           (target.size() == api_prefix.size() || target[api_prefix.size()] == '/' || target[api_prefix.size()] == '?');
}

std::variant<ApiCall, Response> ask_api(const ApiRequest& request) {
    const auto& view = request.view;
    if (std::ranges::find(methods, view.method) == methods.end()) return api_problem(501, "the method is not one we know");
    std::string_view query = view.target;
    const auto path = take_part(query, '?');
    const std::string allow = allow_line(path);
    if (allow.empty()) return api_problem(404, "there is nothing at this address");
    ApiCall call;
    std::string_view name;
    for (const ApiRoute& route : api_routes)
        if (is_method_of(route, view.method) && matches(route.path, path, name)) call.route = &route;
    if (!call.route) return api_problem(405, "this method is none for this address", allow);
    if (!is_decodable(name)) return api_problem(400, "the address is not percent-encoded UTF-8");
    call.name = percent_decode(name);
    if (const auto fault = read_parameters(query, call); !fault.empty()) return api_problem(400, fault);
    if (request.fields.are_ambiguous) return api_problem(400, "Authorization or Content-Type came twice");
    if (call.route->scope.empty()) return plain_text(200, json_type, description().bytes);
    call.token = token_in(request.fields.authorization);
    if (call.token.empty()) return no_token();
    if (!user_named_in(call.token)) return wrong_token();
    if (auto refusal = refusal_of_body(request, call)) return std::move(*refusal);
    return call;
}

std::string location_line(std::string_view under, std::string_view name) {
    return "Location: " + std::string(under) + percent_encode(name) + "\r\n";
}

Response api_problem(unsigned status, std::string_view detail, std::string_view extra_fields, unsigned retry_after_s) {
    const std::string quoted = boost::json::serialize(boost::json::string(detail.data(), detail.size()));
    return problem(status, std::string_view(quoted).substr(1, quoted.size() - 2), retry_after_s, extra_fields);
}

Response no_token() {
    return api_problem(401, "say who you are: Authorization: Bearer TOKEN", "WWW-Authenticate: Bearer realm=\"gazetted\"\r\n");
}

Response wrong_token() {
    return api_problem(401, "this token is not valid, or not any more",
                       "WWW-Authenticate: Bearer realm=\"gazetted\", error=\"invalid_token\"\r\n");
}

Response insufficient_scope(std::string_view wanted) {
    return api_problem(
        403, "this token is not for that: it wants the scope " + std::string(wanted),
        "WWW-Authenticate: Bearer realm=\"gazetted\", error=\"insufficient_scope\", scope=\"" + std::string(wanted) + "\"\r\n");
}

}  // namespace gazetted
