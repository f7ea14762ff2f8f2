#include "daemon/store_details.hpp"

#include <array>
#include <charconv>
#include <utility>

namespace gazetted {

namespace {

namespace json = boost::json;

std::string text(const json::value& value) { return std::string(value.as_string()); }

/// Empty where there is no such member.
std::string member(const json::object& object, std::string_view name) {
    const json::value* value = object.if_contains(name);
    return value == nullptr ? std::string() : text(*value);
}

template <class Number>
std::optional<Number> number(const json::value* value) {
    if (value == nullptr || value->is_null()) return std::nullopt;
    return value->to_number<Number>();
}

template <class Number>
json::value json_of(const std::optional<Number>& number) {
    return number ? json::value(*number) : json::value();
}

/// The view writes degrees as texts: exact to the last digit, which JSON's numbers are not in every library.
std::optional<double> degrees(const json::object& object, std::string_view name) {
    const std::string written = member(object, name);
    double value = 0;
    const auto read = std::from_chars(written.data(), written.data() + written.size(), value);
    if (read.ec != std::errc{} || read.ptr != written.data() + written.size()) return std::nullopt;
    return value;
}

void set(json::object& object, std::string_view name, const std::string& value) {
    if (!value.empty()) object[name] = value;
}

constexpr std::array<std::string_view, 5> role_words = {"enclosure", "media", "thumbnail", "transcript", "chapters"};

EnclosureRole role_of(std::string_view word) {
    for (std::size_t i = 0; i < role_words.size(); ++i)
        if (role_words[i] == word) return static_cast<EnclosureRole>(i);
    return EnclosureRole::enclosure;
}

// --- Origin: the members of articles.origin --------------------------------------------------------------------------------

struct OriginText {
    std::string_view name;
    std::string Origin::*value;
};
constexpr OriginText origin_texts[] = {
    {"entry_id", &Origin::entry_id}, {"entry_url", &Origin::entry_link},
    {"feed_id", &Origin::feed_id},   {"feed_url", &Origin::feed_link},
    {"url", &Origin::home_link},     {"title", &Origin::title},
    {"subtitle", &Origin::subtitle}, {"icon", &Origin::icon},
    {"logo", &Origin::logo},         {"rights", &Origin::rights},
    {"language", &Origin::language},
};

Origin origin_of(const json::object& object) {
    Origin origin;
    for (const auto& [name, value] : origin_texts) origin.*value = member(object, name);
    if (const json::value* authors = object.if_contains("authors")) origin.authors = people_of(*authors);
    return origin;
}

json::object json_of(const Origin& origin) {
    json::object object;
    for (const auto& [name, value] : origin_texts) set(object, name, origin.*value);
    if (!origin.authors.empty()) object["authors"] = json_of(origin.authors);
    return object;
}

}  // namespace

std::string_view word_of(EnclosureRole role) { return role_words.at(static_cast<std::size_t>(role)); }

std::vector<Person> people_of(const json::value& authors) {
    std::vector<Person> people;
    for (const json::value& author : authors.as_array()) {
        const json::object& object = author.as_object();
        people.push_back({member(object, "name"), member(object, "email"), member(object, "uri")});
    }
    return people;
}

json::array json_of(const std::vector<Person>& people) {
    json::array list;
    for (const Person& person : people) {
        json::object object{{"name", person.name}};
        set(object, "email", person.email);
        set(object, "uri", person.uri);
        list.push_back(std::move(object));
    }
    return list;
}

std::vector<Tag> tags_of(const json::value& triples) {
    std::vector<Tag> tags;
    for (const json::value& triple : triples.as_array()) {
        Tag tag{.name = text(triple.at(0)), .scheme = text(triple.at(1)), .label = text(triple.at(2))};
        if (tags.empty() || tags.back().name != tag.name) tags.push_back(std::move(tag));
    }
    return tags;
}

json::array json_of(const std::vector<Tag>& tags) {
    json::array list;
    for (const Tag& tag : tags) list.push_back(json::array{tag.name, tag.scheme, tag.label});
    return list;
}

std::vector<Enclosure> enclosures_of(const json::value& rows) {
    std::vector<Enclosure> enclosures;
    for (const json::value& row : rows.as_array()) {
        Enclosure& enclosure = enclosures.emplace_back();
        enclosure.url = text(row.at(0));
        enclosure.media_type = text(row.at(1));
        enclosure.length_bytes = number<std::uint64_t>(&row.at(2));
        enclosure.role = role_of(row.at(3).as_string());
        enclosure.title = text(row.at(4));
        enclosure.language = text(row.at(5));
        if (const auto seconds = number<std::int64_t>(&row.at(6))) enclosure.duration = std::chrono::seconds(*seconds);
        enclosure.width = number<std::uint32_t>(&row.at(7));
        enclosure.height = number<std::uint32_t>(&row.at(8));
    }
    return enclosures;
}

json::array json_of(const std::vector<Enclosure>& enclosures) {
    json::array list;
    for (const Enclosure& enclosure : enclosures) {
        const auto seconds = enclosure.duration ? std::optional(enclosure.duration->count()) : std::nullopt;
        list.push_back(json::array{enclosure.url, enclosure.media_type, json_of(enclosure.length_bytes),
                                   json::string(word_of(enclosure.role)), enclosure.title, enclosure.language, json_of(seconds),
                                   json_of(enclosure.width), json_of(enclosure.height)});
    }
    return list;
}

std::vector<Retelling> retellings_of(const json::value& rows) {
    std::vector<Retelling> retellings;
    for (const json::value& row : rows.as_array()) {
        const std::string title = text(row.at(0));
        retellings.push_back({.source = title.empty() ? text(row.at(1)) : title,
                              .link = row.at(2).is_null() ? std::string() : text(row.at(2)),
                              .number = row.at(3).to_number<std::int64_t>()});
    }
    return retellings;
}

void take_details(Article& article, const json::value& details) {
    const json::object& object = details.as_object();
    article.direction = member(object, "direction");
    article.rights = member(object, "rights");
    article.comments_link = member(object, "comments_url");
    article.location.name = member(object, "place");
    const auto latitude = degrees(object, "latitude");
    const auto longitude = degrees(object, "longitude");
    if (latitude && longitude) article.location.point = {.latitude = *latitude, .longitude = *longitude};
    article.episode = {.season = number<std::uint32_t>(object.if_contains("season")),
                       .number = number<std::uint32_t>(object.if_contains("episode")),
                       .kind = member(object, "episode_kind"),
                       .is_explicit = {}};
    if (const json::value* is_explicit = object.if_contains("explicit")) article.episode.is_explicit = is_explicit->as_bool();
    if (const json::value* origin = object.if_contains("origin")) article.origin = origin_of(origin->as_object());
}

json::value details_of(const Article& article) {
    json::object object;
    set(object, "direction", article.direction);
    set(object, "rights", article.rights);
    set(object, "comments_url", article.comments_link);
    set(object, "place", article.location.name);
    if (const auto& point = article.location.point) {
        object["latitude"] = point->latitude;
        object["longitude"] = point->longitude;
    }
    if (article.episode.season) object["season"] = *article.episode.season;
    if (article.episode.number) object["episode"] = *article.episode.number;
    set(object, "episode_kind", article.episode.kind);
    if (article.episode.is_explicit) object["explicit"] = *article.episode.is_explicit;
    if (article.origin && article.origin != Origin{}) object["origin"] = json_of(*article.origin);
    return object.empty() ? json::value() : json::value(std::move(object));
}

SelectionProfile profile_of(const json::value& profile) {
    SelectionProfile out{.icon = text(profile.at(0)),
                         .logo = text(profile.at(1)),
                         .rights = text(profile.at(2)),
                         .entry_link = profile.at(3).as_string() == "page" ? EntryLink::page : EntryLink::source,
                         .podcast = {}};
    if (std::string category = text(profile.at(4)); !category.empty())
        out.podcast = Podcast{.category = std::move(category), .is_explicit = profile.at(5).as_bool()};
    if (profile.as_array().size() <= 6) return out;
    if (const auto removed = number<std::int64_t>(&profile.at(6))) out.removed = Instant(std::chrono::microseconds(*removed));
    out.sunset_link = text(profile.at(7));
    return out;
}

}  // namespace gazetted
