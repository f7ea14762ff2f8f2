#include "feeds/read_feed/json_feed.hpp"

#include "feeds/feed_date.hpp"
#include "feeds/read_feed.hpp"
#include "feeds/read_feed/list_room.hpp"
#include "feeds/read_feed/mend_json.hpp"
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

/// What JSON Feed has no member for, beside what it belongs to: our own extension (docs/formats.md). Empty in other feeds.
const json::object& more_of(const json::object& object) {
    static const json::object nothing;
    const json::object* more = object_of(object, "_gazetted");
    return more ? *more : nothing;
}

std::optional<bool> flag_of(const json::object& object, std::string_view name) {
    const json::value* value = object.if_contains(name);
    const bool* flag = value ? value->if_bool() : nullptr;
    return flag ? std::optional(*flag) : std::nullopt;
}

/// Calls `read` with each object of a list; one that stands there without a list is one of one.
template <class Read>
void for_each_object(const json::object& object, std::string_view name, Read read) {
    if (const json::object* only = object_of(object, name)) return read(*only);
    const json::array* values = array_of(object, name);
    if (!values) return;
    for (const json::value& value : *values)
        if (const json::object* element = value.if_object()) read(*element);
}

TextConstruct construct(std::string value, std::string type) {
    TextConstruct text;
    text.value = trimmed(value);
    if (!text.value.empty()) text.type = std::move(type);
    return text;
}

void read_person(const json::object& object, std::string_view url, ListRoom& room, std::vector<Person>& people) {
    Person person{.name = text_of(object, "name"), .email = {}, .uri = absolute(text_of(object, "url"), url)};
    person.email = text_of(more_of(object), "email");
    if (person.email.empty() && person.uri.starts_with("mailto:")) person.email = person.uri.substr(7);
    const bool is_nobody = person.name.empty() && person.uri.empty();
    const bool is_known = std::find(people.begin(), people.end(), person) != people.end();
    if (!is_nobody && !is_known && room.take(people)) people.push_back(std::move(person));
}

/// A person whose name stands where an object should.
void read_name(const json::object& object, std::string_view name, ListRoom& room, std::vector<Person>& people) {
    const json::value* value = object.if_contains(name);
    if (!value || !value->is_string()) return;
    Person person{.name = std::string(trimmed(text_of(object, name))), .email = {}, .uri = {}};
    if (!person.name.empty() && room.take(people)) people.push_back(std::move(person));
}

void read_people(const json::object& object, std::string_view url, ListRoom& room, std::vector<Person>& people) {
    for (const char* name : {"author", "authors"}) read_name(object, name, room, people);
    // What version 1.0 called author stands beside authors in many feeds of version 1.1.
    if (const json::object* author = object_of(object, "author")) read_person(*author, url, room, people);
    for_each_object(object, "authors", [&](const json::object& author) { read_person(author, url, room, people); });
}

void add_link(ParsedMembers& members, ListRoom& room, std::string rel, std::string href, std::string type) {
    if (href.empty() || !room.take(members.links)) return;
    members.links.push_back(
        {.rel = std::move(rel), .href = std::move(href), .type = std::move(type), .title = {}, .language = {}, .length = {}});
}

ParsedMedia& media_of(ParsedEntry& entry) {
    if (!entry.media) entry.media = std::make_unique<ParsedMedia>();
    return *entry.media;
}

/// What an enclosure has no member for is told once more in the words of Media RSS, as in the other formats.
void read_attachment(const json::object& attachment, std::string_view url, ListRoom& room, ParsedEntry& entry) {
    const json::object& more = more_of(attachment);
    ParsedMediaContent file{.url = absolute(text_of(attachment, "url"), url),
                            .type = text_of(attachment, "mime_type"),
                            .medium = {},
                            .length = text_of(attachment, "size_in_bytes"),
                            .width = text_of(more, "width"),
                            .height = text_of(more, "height"),
                            .title = text_of(attachment, "title"),
                            .language = text_of(more, "language"),
                            .duration = text_of(attachment, "duration_in_seconds")};
    if (file.url.empty()) return;
    const bool is_media = text_of(more, "role") == "media";
    const bool says_more = !(file.width + file.height + file.title + file.language + file.duration).empty();
    if (!is_media && room.take(entry.enclosures)) entry.enclosures.push_back({file.url, file.type, file.length});
    if ((is_media || says_more) && room.take(media_of(entry).contents)) entry.media->contents.push_back(std::move(file));
}

ParsedPodcast& podcast_of(ParsedMembers& members) {
    if (!members.podcast) members.podcast = std::make_unique<ParsedPodcast>();
    return *members.podcast;
}

void read_podcast_files(const json::object& more, const char* name, std::string_view url, ListRoom& room, ParsedEntry& entry,
                        std::vector<ParsedPodcastFile> ParsedPodcast::*member) {
    for_each_object(more, name, [&](const json::object& file) {
        auto& files = podcast_of(entry).*member;
        if (room.take(files))
            files.push_back({absolute(text_of(file, "url"), url), text_of(file, "mime_type"), text_of(file, "language")});
    });
}

void read_place(const json::object& location, ParsedEntry& entry) {
    entry.place = std::make_unique<ParsedPlace>();
    entry.place->name = text_of(location, "name");
    const json::value* latitude = location.if_contains("latitude");
    const json::value* longitude = location.if_contains("longitude");
    if (!latitude || !latitude->is_number() || !longitude || !longitude->is_number()) return;
    entry.place->type = "Point";
    entry.place->coordinates = {
        {.longitude = longitude->to_number<double>(), .latitude = latitude->to_number<double>(), .altitude = {}}};
}

void read_source(const json::object& object, std::string_view url, ListRoom& room, ParsedEntry& entry) {
    entry.original_id = text_of(object, "item_id");
    entry.source = std::make_unique<ParsedSource>();
    ParsedSource& source = *entry.source;
    source.id = text_of(object, "id");
    source.title = construct(text_of(object, "title"), "text");
    source.subtitle = construct(text_of(object, "description"), "text");
    source.rights = construct(text_of(object, "rights"), "text");
    source.url = absolute(text_of(object, "feed_url"), url);
    source.link = absolute(text_of(object, "home_page_url"), url);
    source.icon = absolute(text_of(object, "favicon"), url);
    source.logo = absolute(text_of(object, "icon"), url);
    source.language = text_of(object, "language");
    read_people(object, url, room, source.authors);
}

void read_categories(const json::object& more, ListRoom& room, std::vector<ParsedCategory>& categories) {
    for_each_object(more, "categories", [&](const json::object& category) {
        if (room.take(categories))
            categories.push_back({text_of(category, "term"), text_of(category, "scheme"), text_of(category, "label")});
    });
}

/// What our own feeds say of an item beyond JSON Feed.
void read_extension(const json::object& more, std::string_view url, ListRoom& room, ParsedEntry& entry) {
    if (more.empty()) return;
    entry.direction = text_of(more, "direction");
    entry.rights = construct(text_of(more, "rights"), "text");
    entry.comments = absolute(text_of(more, "comments_url"), url);
    add_link(entry, room, "via", absolute(text_of(more, "via_url"), url), "text/html");
    read_categories(more, room, entry.categories);
    if (const json::object* source = object_of(more, "source")) read_source(*source, url, room, entry);
    if (const json::object* location = object_of(more, "location")) read_place(*location, entry);
    if (const json::object* podcast = object_of(more, "podcast")) {
        podcast_of(entry).season = text_of(*podcast, "season");
        podcast_of(entry).episode = text_of(*podcast, "episode");
        podcast_of(entry).episode_type = text_of(*podcast, "kind");
        podcast_of(entry).is_explicit = flag_of(*podcast, "explicit");
    }
    read_podcast_files(more, "transcripts", url, room, entry, &ParsedPodcast::transcripts);
    read_podcast_files(more, "chapters", url, room, entry, &ParsedPodcast::chapters);
    for_each_object(more, "thumbnails", [&](const json::object& file) {
        if (room.take(media_of(entry).thumbnails))
            entry.media->thumbnails.push_back(
                {absolute(text_of(file, "url"), url), text_of(file, "width"), text_of(file, "height")});
    });
}

/// Each once.
void read_tag(std::string_view tag, ListRoom& room, std::vector<ParsedCategory>& categories) {
    if (room.is_used_up() || categories.size() == FeedLimits::list_max) return;
    const std::string legal = legal_xml_text(tag);
    const std::string_view term = trimmed(legal);
    const bool is_known =
        std::any_of(categories.begin(), categories.end(), [&](const ParsedCategory& c) { return c.term == term; });
    if (!term.empty() && !is_known && room.take(categories))
        categories.push_back({.term = std::string(term), .scheme = {}, .label = {}});
}

/// A list, or one text of them with commas between.
void read_tags(const json::object& item, ListRoom& room, std::vector<ParsedCategory>& categories) {
    const json::value* tags = item.if_contains("tags");
    const json::array* list = tags ? tags->if_array() : nullptr;
    const json::string* line = tags ? tags->if_string() : nullptr;
    if (line) {
        for (std::string_view rest(*line); !rest.empty();) {
            const std::size_t end = std::min(rest.find(','), rest.size());
            read_tag(rest.substr(0, end), room, categories);
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
    }
    if (!list) return;
    for (const json::value& tag : *list)
        if (const json::string* text = tag.if_string()) read_tag(*text, room, categories);
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
    const json::object& more = more_of(item);
    entry.summary = construct(text_of(more, "summary_html"), "html");
    TextConstruct html = construct(text_of(item, "content_html"), "html");
    // An item cannot do without a content: where our feeds have none, it is the summary.
    if (!entry.summary.empty() && html.value == entry.summary.value) html = {};
    if (entry.summary.empty()) entry.summary = construct(text_of(item, "summary"), "text");
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
    read_extension(more, url, room, entry);
    if (entry.categories.empty()) read_tags(item, room, entry.categories);
    for_each_object(item, "attachments",
                    [&](const json::object& attachment) { read_attachment(attachment, url, room, entry); });
    return entry;
}

void read_head_extension(const json::object& more, ListRoom& room, ParsedHead& head) {
    if (more.empty()) return;
    if (std::string id = text_of(more, "id"); !id.empty()) head.id = std::move(id);
    head.updated = parse_feed_date(text_of(more, "updated"));
    head.rights = construct(text_of(more, "rights"), "text");
    head.ttl = text_of(more, "ttl_minutes");
    if (const json::object* generator = object_of(more, "generator")) {
        head.generator.name = text_of(*generator, "name");
        head.generator.version = text_of(*generator, "version");
    }
    if (const json::object* podcast = object_of(more, "podcast")) {
        podcast_of(head).is_explicit = flag_of(*podcast, "explicit");
        const std::string category = text_of(*podcast, "category");
        if (!category.empty() && room.take(head.categories))
            head.categories.push_back({.term = category, .scheme = std::string(itunes_scheme), .label = {}});
    }
}

void read_head(const json::object& document, std::string_view url, ListRoom& room, ParsedHead& head) {
    head.title = construct(text_of(document, "title"), "text");
    head.subtitle = construct(text_of(document, "description"), "text");
    head.link = absolute(text_of(document, "home_page_url"), url);
    add_link(head, room, "alternate", head.link, "text/html");
    add_link(head, room, "self", absolute(text_of(document, "feed_url"), url), "application/feed+json");
    add_link(head, room, "next", absolute(text_of(document, "next_url"), url), "application/feed+json");
    for_each_object(document, "hubs",
                    [&](const json::object& hub) { add_link(head, room, "hub", absolute(text_of(hub, "url"), url), ""); });
    head.language = text_of(document, "language");
    head.icon = absolute(text_of(document, "favicon"), url);
    head.image.url = absolute(text_of(document, "icon"), url);
    head.id = absolute(text_of(document, "feed_url"), url);
    read_people(document, url, room, head.authors);
    read_head_extension(more_of(document), room, head);
}

}  // namespace

Result<Feed> read_json_feed(std::string_view text, std::string_view url) {
    static constexpr std::size_t depth_max = 32;
    json::monotonic_resource memory;
    json::parse_options options;
    options.max_depth = depth_max;
    json::error_code error;
    json::value value = json::parse({text.data(), text.size()}, error, &memory, options);
    std::string fault;
    bool is_cut_off = false;
    if (error) {
        fault = "not JSON: " + error.message();
        options.allow_trailing_commas = true;
        json::error_code error_again;
        const MendedJson mended = mend_json(text);
        is_cut_off = mended.is_cut_off;
        value = json::parse(mended.text, error_again, &memory, options);
        if (error_again) return Error{ErrorKind::malformed, fault};
    }
    const json::object* document = value.if_object();
    if (!document) return Error{ErrorKind::unsupported, "JSON, but no feed: not an object"};
    const std::string version = text_of(*document, "version");
    const json::array* items = array_of(*document, "items");
    if (version.find("jsonfeed.org/version") == std::string::npos &&
        !(items && (document->contains("title") || document->contains("version"))))
        return Error{ErrorKind::unsupported, "JSON, but no feed: no version of JSON Feed"};
    Feed feed;
    feed.fault = std::move(fault);
    feed.is_cut_off = is_cut_off;
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
        if (entry.categories.empty() && !entry.source) entry.categories = inherited(feed.head.categories);
        if (entry.language.empty()) entry.language = inherited(feed.head.language);
    }
    return feed;
}

}  // namespace gazetted
