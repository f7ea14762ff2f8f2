#include "feeds/sanitise_html.hpp"
#include "feeds/text.hpp"
#include "feeds/write_feed.hpp"
#include "feeds/write_feed/formats.hpp"

#include <boost/json.hpp>

#include <cassert>
#include <utility>

namespace gazetted {
namespace {

namespace json = boost::json;

json::object author_object(const Person& person) {
    json::object author{{"name", person.name}};
    if (!person.uri.empty()) author["url"] = person.uri;
    return author;
}

json::object attachment_object(const Enclosure& enclosure) {
    json::object attachment{{"url", enclosure.url}, {"mime_type", enclosure.media_type}};
    if (enclosure.length_bytes) attachment["size_in_bytes"] = *enclosure.length_bytes;
    return attachment;
}

template <class Values, class ToJson>
void set_array(json::object& object, const char* name, const Values& values, ToJson to_json) {
    if (values.empty()) return;
    json::array array(object.storage());
    array.reserve(values.size());
    for (const auto& value : values) array.emplace_back(to_json(value));
    object[name] = std::move(array);
}

}  // namespace

std::string write_json_item(const Entry& entry) {
    json::object item;
    item["id"] = entry.id;
    item["url"] = entry.link;
    item["title"] = entry.title;
    // The one member an item cannot do without besides its id (JSON Feed 1.1, items).
    item["content_html"] = entry.content.empty() ? entry.summary.str() : entry.content.str();
    if (const std::string summary = text_of_html(entry.summary); !summary.empty()) item["summary"] = summary;
    item["date_published"] = to_rfc3339(entry.published);
    item["date_modified"] = to_rfc3339(entry.updated);
    set_array(item, "authors", entry.authors, author_object);
    set_array(item, "tags", labels_of(entry), [](const std::string& label) { return json::string(label); });
    if (!entry.language.empty()) item["language"] = entry.language;
    set_array(item, "attachments", entry.enclosures, attachment_object);
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
    std::string bytes = json::serialize(feed);
    assert(bytes.ends_with('}'));
    bytes.pop_back();
    return {.head = bytes + ",\"items\":[", .tail = "\n]}\n", .separator = ","};
}

}  // namespace gazetted
