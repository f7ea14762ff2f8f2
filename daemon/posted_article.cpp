#include "daemon/posted_article.hpp"

#include "daemon/posted_json.hpp"
#include "daemon/store_details.hpp"

#include <cmath>

namespace gazetted {

namespace {

namespace json = boost::json;

constexpr PostedMember person_members[] = {{"name", PostedKind::text}, {"email", PostedKind::text}, {"uri", PostedKind::text}};
constexpr PostedMember tag_members[] = {{"name", PostedKind::text}, {"scheme", PostedKind::text}, {"label", PostedKind::text}};
constexpr PostedMember enclosure_members[] = {
    {"url", PostedKind::text},           {"media_type", PostedKind::text},
    {"length_bytes", PostedKind::count}, {"role", PostedKind::text},
    {"title", PostedKind::text},         {"language", PostedKind::text},
    {"width", PostedKind::small_count},  {"duration_seconds", PostedKind::small_count},
    {"height", PostedKind::small_count}};
constexpr PostedMember origin_members[] = {
    {"entry_id", PostedKind::text}, {"entry_url", PostedKind::text}, {"feed_id", PostedKind::text},
    {"feed_url", PostedKind::text}, {"url", PostedKind::text},       {"title", PostedKind::text},
    {"subtitle", PostedKind::text}, {"icon", PostedKind::text},      {"logo", PostedKind::text},
    {"rights", PostedKind::text},   {"language", PostedKind::text},  {"authors", PostedKind::objects, person_members}};
constexpr PostedMember article_members[] = {
    {"id", PostedKind::text},
    {"number", PostedKind::count},
    {"url", PostedKind::text},
    {"title", PostedKind::text},
    {"authors", PostedKind::objects, person_members},
    {"summary", PostedKind::text},
    {"content", PostedKind::text},
    {"language", PostedKind::text},
    {"published", PostedKind::time},
    {"updated", PostedKind::time},
    {"withdrawn", PostedKind::flag},
    {"source", PostedKind::text},
    {"categories", PostedKind::texts},
    {"tags", PostedKind::objects, tag_members},
    {"enclosures", PostedKind::objects, enclosure_members},
    {"direction", PostedKind::text},
    {"rights", PostedKind::text},
    {"comments_url", PostedKind::text},
    {"latitude", PostedKind::degrees},
    {"longitude", PostedKind::degrees},
    {"place", PostedKind::text},
    {"season", PostedKind::small_count},
    {"episode", PostedKind::small_count},
    {"episode_kind", PostedKind::text},
    {"explicit", PostedKind::flag},
    {"origin", PostedKind::object, origin_members},
};

json::value value_of(const json::object& object, std::string_view name) {
    const json::value* value = object.if_contains(name);
    return value == nullptr ? json::value() : *value;
}

json::array array_of(const json::object& object, std::string_view name) {
    const json::value* value = object.if_contains(name);
    return value == nullptr ? json::array() : value->as_array();
}

std::optional<Instant> time_of(const json::object& object, std::string_view name) {
    const json::value* value = object.if_contains(name);
    return value == nullptr ? std::nullopt : std::optional(parse_rfc3339(value->as_string()).value());
}

/// A number of JSON may be a last digit off in our library. Nine decimals are a tenth of a millimetre.
double degrees_of(const json::value& value) { return std::nearbyint(value.to_number<double>() * 1e9) / 1e9; }

json::array tag_rows(const json::array& tags) {
    json::array rows;
    for (const json::value& tag : tags) {
        const json::object& object = tag.as_object();
        rows.push_back(json::array{text_in(object, "name"), text_in(object, "scheme"), text_in(object, "label")});
    }
    return rows;
}

json::array enclosure_rows(const json::array& enclosures) {
    json::array rows;
    for (const json::value& enclosure : enclosures) {
        const json::object& object = enclosure.as_object();
        rows.push_back(json::array{text_in(object, "url"), text_in(object, "media_type"), value_of(object, "length_bytes"),
                                   text_in(object, "role"), text_in(object, "title"), text_in(object, "language"),
                                   value_of(object, "duration_seconds"), value_of(object, "width"),
                                   value_of(object, "height")});
    }
    return rows;
}

/// The words of roles are checked here: who reads the tables takes what he does not know for an enclosure.
bool is_role(std::string_view word) {
    if (word.empty()) return true;
    for (const EnclosureRole role : {EnclosureRole::enclosure, EnclosureRole::media, EnclosureRole::thumbnail,
                                     EnclosureRole::transcript, EnclosureRole::chapters})
        if (word == word_of(role)) return true;
    return false;
}

PostedArticle posted(json::object members) {
    PostedArticle out;
    Article& article = out.article;
    std::optional<Point> point;
    if (members.contains("latitude"))
        point = {.latitude = degrees_of(members.at("latitude")), .longitude = degrees_of(members.at("longitude"))};
    members.erase("latitude");
    members.erase("longitude");
    const json::value whole(std::move(members));
    const json::object& object = whole.get_object();
    // Takes everything else that few articles have, and resets what it does not find.
    take_details(article, whole);
    article.location.point = point;
    article.id = text_in(object, "id");
    article.url = text_in(object, "url");
    article.title = text_in(object, "title");
    article.authors = people_of(array_of(object, "authors"));
    article.summary = text_in(object, "summary");
    article.content = text_in(object, "content");
    article.language = text_in(object, "language");
    const auto published = time_of(object, "published");
    out.has_published = published.has_value();
    article.published = published.value_or(Instant{});
    article.updated = time_of(object, "updated");
    for (const json::value& slug : array_of(object, "categories"))
        article.categories.push_back({std::string(slug.as_string()), ""});
    article.tags = tags_of(tag_rows(array_of(object, "tags")));
    article.enclosures = enclosures_of(enclosure_rows(array_of(object, "enclosures")));
    if (object.contains("source")) out.source = text_in(object, "source");
    if (const json::value* withdrawn = object.if_contains("withdrawn")) out.withdrawn = withdrawn->as_bool();
    return out;
}

}  // namespace

Result<PostedArticle> read_posted_article(std::string_view text) {
    auto object = read_posted_object(text, article_members);
    if (!object) return object.error();
    for (const json::value& enclosure : array_of(*object, "enclosures"))
        if (!is_role(text_in(enclosure.as_object(), "role")))
            return Error{ErrorKind::unsupported,
                         "an enclosure's role is none of enclosure, media, thumbnail, transcript, chapters"};
    if (object->contains("latitude") != object->contains("longitude"))
        return Error{ErrorKind::unsupported, "there is one of latitude and longitude: give both or neither"};
    return posted(std::move(*object));
}

Result<std::string> merge_patch(std::string_view target, std::string_view patch) {
    auto read = parse_posted(patch);
    if (!read) return read.error();
    json::object merged = json::parse(json::string_view(target.data(), target.size())).as_object();
    apply_patch(merged, read->as_object());
    return json::serialize(merged);
}

bool is_same_json(std::string_view one, std::string_view other) {
    const auto left = parse_posted(one), right = parse_posted(other);
    return left && right && *left == *right;
}

std::string text_member(std::string_view text, std::string_view name) {
    const auto read = parse_posted(text);
    return read ? text_in(read->as_object(), name) : std::string();
}

}  // namespace gazetted
