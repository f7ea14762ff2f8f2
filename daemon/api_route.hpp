#pragma once

#include "daemon/respond.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>

namespace gazetted {

/// Limits of what is posted (docs/api.md).
struct ApiLimits {
    static constexpr std::size_t item_bytes_max = std::size_t{2} << 20;  ///< one line of many; that item is refused beyond
    static constexpr std::size_t items_max = 1'000;                      ///< 413 beyond
    static constexpr std::size_t rows_max = 1'000;                       ///< of a list; 400 beyond
    static constexpr std::size_t rows_default = 50;
};

enum class ApiBody {
    none,
    json,         ///< application/json
    merge_patch,  ///< application/merge-patch+json (RFC 7396)
    one_or_many,  ///< application/json, or application/x-ndjson: an object a line
};

/// One thing that can be asked of the API. docs/openapi.json describes each; a test holds the two together.
struct ApiRoute {
    std::string_view method;
    std::string_view path;       ///< `{...}` stands for one segment
    std::string_view operation;  ///< what it is called in the description, in the log and in api_act.cpp
    std::string_view scope;      ///< of scope_words; empty: nobody is asked for a token
    ApiBody body = ApiBody::none;
    std::string_view parameters = {};  ///< of the query, with blanks between
};

// PUT where the address names the whole of what is sent, PATCH where a part of it, DELETE where the address has nothing to show
// afterwards, POST for all that is none of these (RFC 9110 section 9.3, RFC 5789).
inline constexpr ApiRoute api_routes[] = {
    {"GET", "/api/openapi.json", "describe", ""},
    {"GET", "/api/articles", "list_articles", "read", ApiBody::none, "category after limit"},
    {"POST", "/api/articles", "publish_articles", "publish", ApiBody::one_or_many},
    {"GET", "/api/articles/{id}", "show_article", "read"},
    {"PUT", "/api/articles/{id}", "replace_article", "publish", ApiBody::json},
    {"PATCH", "/api/articles/{id}", "correct_article", "publish", ApiBody::merge_patch},
    {"DELETE", "/api/articles/{id}", "withdraw_article", "publish"},
    {"POST", "/api/articles/{id}/restore", "restore_article", "publish"},
    {"POST", "/api/articles/{id}/publish", "publish_article", "publish"},
    {"GET", "/api/categories", "list_categories", "read", ApiBody::none, "after limit"},
    {"POST", "/api/categories", "add_category", "admin", ApiBody::json},
    {"GET", "/api/categories/{slug}", "show_category", "read"},
    {"PATCH", "/api/categories/{slug}", "set_category", "admin", ApiBody::merge_patch},
    {"DELETE", "/api/categories/{slug}", "remove_category", "admin", ApiBody::none, "at sunset_url"},
    {"POST", "/api/categories/{slug}/rename", "rename_category", "admin", ApiBody::json},
    {"POST", "/api/categories/{slug}/merge", "merge_category", "admin", ApiBody::json},
    {"POST", "/api/categories/{slug}/restore", "restore_category", "admin"},
    {"GET", "/api/sources", "list_sources", "read", ApiBody::none, "after limit which"},
    {"POST", "/api/sources", "add_source", "admin", ApiBody::json},
    {"GET", "/api/sources/{slug}", "show_source", "read"},
    {"PUT", "/api/sources/{slug}", "describe_source", "admin", ApiBody::json},
    {"PATCH", "/api/sources/{slug}", "set_source", "admin", ApiBody::merge_patch},
    {"POST", "/api/sources/{slug}/pause", "pause_source", "admin"},
    {"POST", "/api/sources/{slug}/resume", "resume_source", "admin"},
    {"POST", "/api/sources/{slug}/accept", "accept_source", "admin"},
    {"DELETE", "/api/sources/{slug}", "remove_source", "admin"},
};

/// What a request means. The body comes later.
struct ApiCall {
    const ApiRoute* route = nullptr;
    std::string name;  ///< what stands for `{...}`, decoded
    std::string token;
    std::map<std::string, std::string, std::less<>> parameters;  ///< decoded, each that the route has
    bool is_many = false;                                        ///< an object a line
    std::uint64_t body_bytes = 0;                                ///< as announced; 0 where the route takes none
    std::string body;

    /// None where it was not given.
    std::optional<std::string> parameter(std::string_view name_of_it) const;
};

/// What of a request's head the API alone looks at.
struct ApiFields {
    std::string_view authorization;
    std::string_view content_type;
    bool are_ambiguous = false;  ///< one of them came twice
};
/// `head` is that of a request, empty line and all, which read_head() has accepted.
ApiFields api_fields(std::string_view head);

struct ApiRequest {
    const RequestView& view;
    ApiFields fields;
    bool is_chunked = false;
    std::uint64_t content_length = 0;
};

/// /api and all below it.
bool is_api(std::string_view target);

/// What is asked, or why it is not to be had. Pure; whether the token is worth anything is another matter.
std::variant<ApiCall, Response> ask_api(const ApiRequest&);

/// `Location: ` of what is called so under a path.
std::string location_line(std::string_view under, std::string_view name);

/// As problem(); `detail` may hold anything.
Response api_problem(unsigned status, std::string_view detail, std::string_view extra_fields = {}, unsigned retry_after_s = 0);
/// 401 (RFC 6750 section 3): with no token at all there is no error to name.
Response no_token();
Response wrong_token();
/// 403: the token is not for this.
Response insufficient_scope(std::string_view wanted);

}  // namespace gazetted
