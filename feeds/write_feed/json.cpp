#include "feeds/lawful.hpp"
#include "feeds/sanitise_html.hpp"
#include "feeds/text.hpp"
#include "feeds/write_feed.hpp"
#include "feeds/write_feed/files.hpp"
#include "feeds/write_feed/formats.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <cassert>
#include <optional>
#include <string_view>
#include <utility>

namespace gazetted {
namespace {

namespace json = boost::json;

/// What JSON Feed has no member for is in `_gazetted` (JSON Feed 1.1, extensions; docs/formats.md), beside what it belongs to.
constexpr std::string_view extension = "_gazetted";

void set(json::object& object, std::string_view name, const std::string& value) {
    if (!value.empty()) object[name] = value;
}

template <class Number>
void set(json::object& object, std::string_view name, const std::optional<Number>& value) {
    if (value) object[name] = *value;
}

void set_extension(json::object& object, json::object members) {
    if (!members.empty()) object[extension] = std::move(members);
}

json::object author_object(const Person& person) {
    json::object author{{"name", person.name}};
    set(author, "url", person.uri);
    json::object more;
    set(more, "email", person.email);
    set_extension(author, std::move(more));
    return author;
}

/// As an attachment has it, with what only we say set apart.
json::object attachment_object(const Enclosure* file) {
    json::object attachment{{"url", file->url}, {"mime_type", file->media_type}};
    set(attachment, "title", file->title);
    set(attachment, "size_in_bytes", file->length_bytes);
    if (file->duration) attachment["duration_in_seconds"] = file->duration->count();
    json::object more;
    if (file->role == EnclosureRole::media) more["role"] = "media";
    set(more, "language", file->language);
    set(more, "width", file->width);
    set(more, "height", file->height);
    set_extension(attachment, std::move(more));
    return attachment;
}

json::object thumbnail_object(const Enclosure* file) {
    json::object thumbnail{{"url", file->url}};
    set(thumbnail, "width", file->width);
    set(thumbnail, "height", file->height);
    return thumbnail;
}

json::object podcast_file_object(const Enclosure* file) {
    json::object object{{"url", file->url}, {"mime_type", file->media_type}};
    set(object, "language", file->language);
    return object;
}

template <class Values, class ToJson>
void set_array(json::object& object, const char* name, const Values& values, ToJson to_json) {
    if (values.empty()) return;
    json::array array(object.storage());
    array.reserve(values.size());
    for (const auto& value : values) array.emplace_back(to_json(value));
    object[name] = std::move(array);
}

json::object retelling_object(const Retelling& retelling) {
    json::object object{{"url", retelling.link}};
    set(object, "title", retelling.source);
    return object;
}

json::object location_object(const Location& location) {
    json::object object;
    set(object, "name", location.name);
    if (location.point) {
        object["latitude"] = location.point->latitude;
        object["longitude"] = location.point->longitude;
    }
    return object;
}

json::object episode_object(const Episode& episode) {
    json::object object;
    set(object, "season", episode.season);
    set(object, "episode", episode.number);
    set(object, "kind", episode.kind);
    set(object, "explicit", episode.is_explicit);
    return object;
}

/// With the names that JSON Feed has for a feed.
json::object origin_object(const Origin& origin) {
    json::object object;
    set(object, "item_id", origin.entry_id);
    set(object, "id", origin.feed_id);
    set(object, "title", origin.title);
    set(object, "description", origin.subtitle);
    set(object, "home_page_url", origin.home_link);
    set(object, "feed_url", origin.feed_link);
    set(object, "icon", origin.logo);
    set(object, "favicon", origin.icon);
    set(object, "rights", origin.rights);
    set(object, "language", origin.language);
    set_array(object, "authors", origin.authors, author_object);
    return object;
}

/// Where JSON Feed's tags, which are for people, do not tell term, scheme and label.
json::array categories_array(const Entry& entry) {
    json::array categories;
    bool says_more = false;
    const auto add = [&](const Tag& tag) {
        json::object object{{"term", tag.name}};
        set(object, "scheme", tag.scheme);
        set(object, "label", tag.label);
        says_more = says_more || object.size() > 1;
        categories.push_back(std::move(object));
    };
    for (const CategoryTerm& term : entry.categories)
        add({.name = term.slug, .scheme = entry.category_scheme, .label = term.title});
    for (const Tag& tag : entry.tags) add(tag);
    return says_more ? categories : json::array();
}

void set_object(json::object& object, std::string_view name, json::object members) {
    if (!members.empty()) object[name] = std::move(members);
}

json::object item_extension(const Entry& entry) {
    json::object more;
    set(more, "direction", entry.direction);
    // `summary` is plain text; where there is no content, content_html is the summary.
    set(more, "summary_html", entry.summary.str());
    if (auto categories = categories_array(entry); !categories.empty()) more["categories"] = std::move(categories);
    set(more, "rights", entry.rights);
    set(more, "comments_url", entry.comments_link);
    set(more, "via_url", entry.via_link);
    set_array(more, "retellings", entry.retellings, retelling_object);
    if (entry.origin) set_object(more, "source", origin_object(*entry.origin));
    set_object(more, "location", location_object(entry.location));
    set_object(more, "podcast", episode_object(entry.episode));
    set_array(more, "transcripts", files_of(entry, EnclosureRole::transcript), podcast_file_object);
    set_array(more, "chapters", files_of(entry, EnclosureRole::chapters), podcast_file_object);
    set_array(more, "thumbnails", files_of(entry, EnclosureRole::thumbnail), thumbnail_object);
    return more;
}

void set_attachments(json::object& item, const Entry& entry) {
    auto files = files_of(entry, EnclosureRole::enclosure);
    const auto media = files_of(entry, EnclosureRole::media);
    files.insert(files.end(), media.begin(), media.end());
    set_array(item, "attachments", files, attachment_object);
    const auto thumbnails = files_of(entry, EnclosureRole::thumbnail);
    if (!thumbnails.empty()) {
        item["image"] = thumbnails.front()->url;
    } else if (const auto image =
                   std::ranges::find_if(media, [](const Enclosure* file) { return file->media_type.starts_with("image/"); });
               image != media.end()) {
        item["image"] = (*image)->url;
    }
}

json::object head_extension(const FeedHead& head) {
    json::object more{{"id", legal_xml_text(head.id)}, {"updated", to_rfc3339(head.updated)}};
    more["generator"] = json::object{{"name", "Gazetted"}, {"version", GAZETTED_VERSION}};
    set(more, "rights", legal_xml_text(head.rights));
    if (head.ttl > std::chrono::minutes{0}) more["ttl_minutes"] = head.ttl.count();
    for (const HistoryLink& link : head.history)
        if (link.relation == "first" || link.relation == "previous") more[link.relation + "_url"] = link.target;
    if (head.podcast)
        more["podcast"] =
            json::object{{"category", legal_xml_text(head.podcast->category)}, {"explicit", head.podcast->is_explicit}};
    return more;
}

}  // namespace

std::string write_json_item(const Entry& entry) {
    json::object item;
    item["id"] = entry.id;
    item["url"] = entry.link;
    set(item, "external_url", entry.external_link);
    item["title"] = entry.title;
    // The one member an item cannot do without besides its id (JSON Feed 1.1, items).
    item["content_html"] = entry.content.empty() ? entry.summary.str() : entry.content.str();
    if (const std::string summary = text_of_html(entry.summary); !summary.empty()) item["summary"] = summary;
    item["date_published"] = to_rfc3339(entry.published);
    item["date_modified"] = to_rfc3339(entry.updated);
    set_array(item, "authors", entry.authors, author_object);
    set_array(item, "tags", labels_of(entry), [](const std::string& label) { return json::string(label); });
    set(item, "language", entry.language);
    set_attachments(item, entry);
    set_extension(item, item_extension(entry));
    return json::serialize(item);
}

Envelope json_envelope(const FeedHead& head) {
    json::object feed;
    feed["version"] = "https://jsonfeed.org/version/1.1";
    feed["title"] = legal_xml_text(head.title);
    feed["home_page_url"] = head.home_link;
    feed["feed_url"] = head.self_link;
    if (!head.subtitle.empty()) feed["description"] = legal_xml_text(head.subtitle);
    if (const std::string language = language_tag(head.language); !language.empty()) feed["language"] = language;
    if (!head.author.empty()) feed["authors"] = json::array{json::object{{"name", legal_xml_text(head.author)}}};
    for (const HistoryLink& link : head.history)
        if (link.relation == "next") feed["next_url"] = link.target;
    set(feed, "icon", head.logo);
    set(feed, "favicon", head.icon);
    set_array(feed, "hubs", head.hubs, [](const std::string& hub) { return json::object{{"type", "WebSub"}, {"url", hub}}; });
    set_extension(feed, head_extension(head));
    std::string bytes = json::serialize(feed);
    assert(bytes.ends_with('}'));
    bytes.pop_back();
    return {.head = bytes + ",\"items\":[", .tail = "\n]}\n", .separator = ","};
}

}  // namespace gazetted
