#include "feeds/read_feed/json_feed.hpp"

#include "feeds/feed_date.hpp"
#include "feeds/read_feed.hpp"
#include "feeds/read_feed/list_room.hpp"
#include "feeds/read_feed/text_forms.hpp"
#include "feeds/text.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <memory>
#include <utility>

namespace gazetted {
namespace {

namespace json = boost::json;

/// Ids, since some feeds have numbers for them. Beyond these a double does not know which whole number was written, and two ids
/// would become one.
std::string text_of(double number) {
    constexpr double exact_max = 9'007'199'254'740'992;
    if (!(std::abs(number) < exact_max)) return {};
    std::array<char, 32> digits;
    return {digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr};
}

/// Text as it is; a number in its shortest form. Characters that XML forbids go: escapes may hold what no other format can.
std::string text_of(const json::object& object, std::string_view name) {
    const json::value* value = object.if_contains(name);
    if (!value) return {};
    if (const json::string* string = value->if_string()) return legal_xml_text(std::string_view(*string));
    if (value->is_int64() || value->is_uint64()) return json::serialize(*value);
    if (value->is_double()) return text_of(value->get_double());
    return {};
}

const json::array* array_of(const json::object& object, std::string_view name) {
    const json::value* value = object.if_contains(name);
    return value ? value->if_array() : nullptr;
}

const json::object* object_of(const json::object& object, std::string_view name) {
    const json::value* value = object.if_contains(name);
    return value ? value->if_object() : nullptr;
}

TextConstruct construct(std::string value, std::string type) {
    TextConstruct text;
    text.value = trimmed(value);
    if (!text.value.empty()) text.type = std::move(type);
    return text;
}

void read_person(const json::object& object, std::string_view url, ListRoom& room, std::vector<Person>& people) {
    Person person{.name = text_of(object, "name"), .email = {}, .uri = absolute(text_of(object, "url"), url)};
    if (person.uri.starts_with("mailto:")) person.email = person.uri.substr(7);
    const bool is_nobody = person.name.empty() && person.uri.empty();
    const bool is_known = std::find(people.begin(), people.end(), person) != people.end();
    if (!is_nobody && !is_known && room.take(people)) people.push_back(std::move(person));
}

void read_people(const json::object& object, std::string_view url, ListRoom& room, std::vector<Person>& people) {
    if (const json::array* authors = array_of(object, "authors")) {
        for (const json::value& author : *authors) {
            if (const json::object* o = author.if_object()) read_person(*o, url, room, people);
        }
    }
    // What version 1.0 called author stands beside authors in many feeds of version 1.1.
    if (const json::object* author = object_of(object, "author")) read_person(*author, url, room, people);
}

void add_link(ParsedMembers& members, ListRoom& room, std::string rel, std::string href, std::string type) {
    if (href.empty() || !room.take(members.links)) return;
    members.links.push_back(
        {.rel = std::move(rel), .href = std::move(href), .type = std::move(type), .title = {}, .language = {}, .length = {}});
}

void read_attachments(const json::object& item, std::string_view url, ListRoom& room, ParsedEntry& entry) {
    const json::array* attachments = array_of(item, "attachments");
    if (!attachments) return;
    for (const json::value& value : *attachments) {
        const json::object* attachment = value.if_object();
        if (!attachment) continue;
        ParsedEnclosure enclosure{absolute(text_of(*attachment, "url"), url), text_of(*attachment, "mime_type"),
                                  text_of(*attachment, "size_in_bytes")};
        if (!enclosure.url.empty() && room.take(entry.enclosures)) entry.enclosures.push_back(std::move(enclosure));
    }
}

/// Each once.
void read_tags(const json::object& item, ListRoom& room, std::vector<ParsedCategory>& categories) {
    const json::array* tags = array_of(item, "tags");
    if (!tags) return;
    for (const json::value& tag : *tags) {
        const json::string* text = tag.if_string();
        if (!text || room.is_used_up() || categories.size() == FeedLimits::list_max) continue;
        const std::string legal = legal_xml_text(std::string_view(*text));
        const std::string_view term = trimmed(legal);
        const bool is_known =
            std::any_of(categories.begin(), categories.end(), [&](const ParsedCategory& c) { return c.term == term; });
        if (!term.empty() && !is_known && room.take(categories))
            categories.push_back({.term = std::string(term), .scheme = {}, .label = {}});
    }
}

ParsedEntry read_item(const json::object& item, std::string_view url, ListRoom& room) {
    ParsedEntry entry;
    entry.id = trimmed(text_of(item, "id"));
    entry.link = absolute(text_of(item, "url"), url);
    const std::string external = absolute(text_of(item, "external_url"), url);
    add_link(entry, room, "alternate", entry.link, "text/html");
    add_link(entry, room, "related", external, "text/html");
    if (entry.link.empty()) entry.link = external;
    entry.title = construct(text_of(item, "title"), "text");
    entry.summary = construct(text_of(item, "summary"), "text");
    TextConstruct html = construct(text_of(item, "content_html"), "html");
    html.value = with_absolute_links(std::move(html.value), entry.link.empty() ? url : std::string_view(entry.link));
    TextConstruct plain = construct(text_of(item, "content_text"), "text");
    if (!html.empty()) entry.contents.push_back(std::move(html));
    if (!plain.empty()) entry.contents.push_back(std::move(plain));
    entry.published = parse_feed_date(text_of(item, "date_published"));
    entry.updated = parse_feed_date(text_of(item, "date_modified"));
    entry.language = text_of(item, "language");
    entry.image.url = absolute(text_of(item, "image"), url);
    if (entry.image.url.empty()) entry.image.url = absolute(text_of(item, "banner_image"), url);
    read_people(item, url, room, entry.authors);
    read_tags(item, room, entry.categories);
    read_attachments(item, url, room, entry);
    return entry;
}

void read_head(const json::object& document, std::string_view url, ListRoom& room, ParsedHead& head) {
    head.title = construct(text_of(document, "title"), "text");
    head.subtitle = construct(text_of(document, "description"), "text");
    head.link = absolute(text_of(document, "home_page_url"), url);
    add_link(head, room, "alternate", head.link, "text/html");
    add_link(head, room, "self", absolute(text_of(document, "feed_url"), url), "application/feed+json");
    add_link(head, room, "next", absolute(text_of(document, "next_url"), url), "application/feed+json");
    if (const json::array* hubs = array_of(document, "hubs")) {
        for (const json::value& hub : *hubs) {
            const json::object* o = hub.if_object();
            if (o) add_link(head, room, "hub", absolute(text_of(*o, "url"), url), "");
        }
    }
    head.language = text_of(document, "language");
    head.icon = absolute(text_of(document, "favicon"), url);
    head.image.url = absolute(text_of(document, "icon"), url);
    head.id = absolute(text_of(document, "feed_url"), url);
    read_people(document, url, room, head.authors);
}

}  // namespace

Result<Feed> read_json_feed(std::string_view text, std::string_view url) {
    static constexpr std::size_t depth_max = 32;
    json::monotonic_resource memory;
    json::parse_options options;
    options.max_depth = depth_max;
    json::error_code error;
    const json::value value = json::parse({text.data(), text.size()}, error, &memory, options);
    if (error) return Error{ErrorKind::malformed, "not JSON: " + error.message()};
    const json::object* document = value.if_object();
    if (!document) return Error{ErrorKind::unsupported, "JSON, but no feed: not an object"};
    const std::string version = text_of(*document, "version");
    const json::array* items = array_of(*document, "items");
    if (version.find("jsonfeed.org/version") == std::string::npos &&
        !(items && (document->contains("title") || document->contains("version"))))
        return Error{ErrorKind::unsupported, "JSON, but no feed: no version of JSON Feed"};
    Feed feed;
    feed.format = version.find("version/1.1") != std::string::npos ? ParsedFormat::json11 : ParsedFormat::json10;
    ListRoom room;
    read_head(*document, url, room, feed.head);
    const bool is_base = !feed.head.link.empty() && feed.head.link.size() <= FeedLimits::base_bytes_max;
    const std::string_view base = is_base ? std::string_view(feed.head.link) : url;
    if (!items) return feed;
    for (const json::value& item : *items) {
        const json::object* object = item.if_object();
        if (!object) continue;
        if (feed.entries.size() == FeedLimits::entries_max) {
            feed.has_more = true;
            break;
        }
        ParsedEntry& entry = feed.entries.emplace_back(read_item(*object, base, room));
        if (entry.authors.empty()) entry.authors = inherited(feed.head.authors);
        if (entry.language.empty()) entry.language = inherited(feed.head.language);
    }
    return feed;
}

}  // namespace gazetted
