#include "daemon/posted_json.hpp"

#include "daemon/listing.hpp"
#include "feeds/date_time.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>

namespace gazetted {

namespace {

namespace json = boost::json;

constexpr std::size_t depth_max = 8;
constexpr std::size_t name_bytes_shown = 64;

using Fault = std::optional<std::string>;

std::string quoted(std::string_view name) { return "the member " + harmless(name.substr(0, name_bytes_shown)); }

bool is_count(const json::value& value, std::uint64_t max) {
    if (value.is_uint64()) return value.get_uint64() <= max;
    return value.is_int64() && value.get_int64() >= 0 && static_cast<std::uint64_t>(value.get_int64()) <= max;
}

Fault fault_of(json::object& object, std::span<const PostedMember> members);

Fault fault_of_each(json::array& list, std::string_view name, std::span<const PostedMember> members) {
    for (json::value& item : list) {
        if (!item.is_object()) return quoted(name) + " is no array of objects";
        if (auto fault = fault_of(item.get_object(), members)) return fault;
    }
    return std::nullopt;
}

Fault fault_of(json::value& value, const PostedMember& member) {
    const auto unless = [&](bool is_right, const char* what) -> Fault {
        return is_right ? std::nullopt : Fault(quoted(member.name) + " is no " + what);
    };
    switch (member.kind) {
        case PostedKind::text:
            return unless(value.is_string(), "text");
        case PostedKind::time:
            return unless(value.is_string() && parse_rfc3339(value.get_string()), "time such as 2021-12-08T10:18:31Z");
        case PostedKind::flag:
            return unless(value.is_bool(), "true or false");
        case PostedKind::count:
            return unless(is_count(value, INT64_MAX), "whole number from 0 on");
        case PostedKind::small_count:
            return unless(is_count(value, INT32_MAX), "whole number from 0 to 2147483647");
        case PostedKind::degrees:
            return unless(value.is_number(), "number");
        case PostedKind::texts:
            return unless(
                value.is_array() && std::ranges::all_of(value.get_array(), [](const auto& v) { return v.is_string(); }),
                "array of texts");
        case PostedKind::object:
            return value.is_object() ? fault_of(value.get_object(), member.members) : unless(false, "object");
        case PostedKind::objects:
            return value.is_array() ? fault_of_each(value.get_array(), member.name, member.members)
                                    : unless(false, "array of objects");
    }
    return std::nullopt;
}

void remove_nulls(json::object& object) {
    for (auto it = object.begin(); it != object.end();) it = it->value().is_null() ? object.erase(it) : it + 1;
}

/// Nulls::empty.
void fill_nulls(json::object& object, std::span<const PostedMember> members) {
    for (auto& [name, value] : object) {
        if (!value.is_null()) continue;
        const auto member = std::ranges::find(members, std::string_view(name.data(), name.size()), &PostedMember::name);
        if (member != members.end() && member->kind == PostedKind::small_count)
            value = 0;
        else
            value.emplace_string();
    }
}

Fault fault_of(json::object& object, std::span<const PostedMember> members) {
    remove_nulls(object);
    for (auto& [name, value] : object) {
        const auto member = std::ranges::find(members, std::string_view(name.data(), name.size()), &PostedMember::name);
        if (member == members.end()) return quoted({name.data(), name.size()}) + " is not known";
        if (auto fault = fault_of(value, *member)) return fault;
    }
    return std::nullopt;
}

}  // namespace

Result<json::value> parse_posted(std::string_view text) {
    json::error_code error;
    auto value = json::parse(json::string_view(text.data(), text.size()), error, {}, {.max_depth = depth_max});
    if (error == json::error::too_deep) return Error{ErrorKind::too_large, "the JSON is more than eight deep"};
    if (error) return Error{ErrorKind::malformed, "this is no JSON: " + error.message()};
    if (!value.is_object()) return Error{ErrorKind::malformed, "this is no JSON object"};
    return value;
}

Result<json::object> read_posted_object(std::string_view text, std::span<const PostedMember> members, Nulls nulls) {
    auto value = parse_posted(text);
    if (!value) return value.error();
    json::object object = std::move(value->get_object());
    if (nulls == Nulls::empty) fill_nulls(object, members);
    if (auto fault = fault_of(object, members)) return Error{ErrorKind::unsupported, *fault};
    return object;
}

std::string text_in(const json::object& object, std::string_view name) {
    const json::value* value = object.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

void apply_patch(json::object& target, const json::object& patch) {
    for (const auto& [name, value] : patch) {
        if (value.is_null()) {
            target.erase(name);
        } else if (const json::object* inner = value.if_object()) {
            json::value& member = target[name];
            if (!member.is_object()) member.emplace_object();
            apply_patch(member.get_object(), *inner);
        } else {
            target[name] = value;
        }
    }
}

}  // namespace gazetted
