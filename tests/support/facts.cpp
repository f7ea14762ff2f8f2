#include "tests/support/facts.hpp"

#include "feeds/sanitise_html.hpp"
#include "feeds/text.hpp"
#include "tests/support/fact_collector.hpp"

#include <boost/json.hpp>
#include <pugixml.hpp>

#include <cstdlib>
#include <map>
#include <stdexcept>

namespace gazetted {
namespace {

namespace json = boost::json;

template <class Number>
std::string digits(const std::optional<Number>& number) {
    return number ? std::to_string(*number) : std::string();
}

std::string seconds_of(const Enclosure& file) { return file.duration ? std::to_string(file.duration->count()) : std::string(); }

std::string degrees_in(const std::string& text) { return degrees(std::strtod(text.c_str(), nullptr)); }

// --- The entry ------------------------------------------------------------------------------------------------------------

void add_file(Collector& to, const Enclosure& file) {
    switch (file.role) {
        case EnclosureRole::enclosure:
            to.file("enclosure", {file.url, file.media_type, digits(file.length_bytes)});
            to.more({file.title, file.language, seconds_of(file), digits(file.width), digits(file.height)}, file.url);
            break;
        case EnclosureRole::media:
            to.file("media", {file.url, file.media_type, digits(file.length_bytes)});
            to.more({file.title, file.language, seconds_of(file), digits(file.width), digits(file.height)}, file.url);
            break;
        case EnclosureRole::thumbnail:
            to.file("thumbnail", {file.url, digits(file.width), digits(file.height)});
            break;
        case EnclosureRole::transcript:
            to.file("transcript", {file.url, file.media_type, file.language});
            break;
        case EnclosureRole::chapters:
            to.file("chapters", {file.url, file.media_type, file.language});
            break;
    }
}

void add_origin(Collector& to, const Origin& origin) {
    to.add("origin.entry_id", origin.entry_id);
    to.add("origin.id", origin.feed_id);
    to.add("origin.feed", origin.feed_link);
    to.add("origin.home", origin.home_link);
    to.add("origin.title", origin.title);
    to.add("origin.subtitle", origin.subtitle);
    to.add("origin.icon", origin.icon);
    to.add("origin.logo", origin.logo);
    to.add("origin.rights", origin.rights);
    to.add("origin.language", origin.language);
    for (const Person& author : origin.authors) to.add("origin.author", joined({author.name, author.email, author.uri}));
}

// --- XML --------------------------------------------------------------------------------------------------------------------

std::string text_in(pugi::xml_node element) {
    std::string text;
    for (const auto part : element.children())
        if (part.type() == pugi::node_pcdata || part.type() == pugi::node_cdata) text += part.value();
    return text;
}

std::string text_of(pugi::xml_node parent, const std::string& name) { return text_in(parent.child(name.c_str())); }
std::vector<pugi::xml_node> children_of(pugi::xml_node parent, const std::string& name) {
    std::vector<pugi::xml_node> found;
    for (const auto child : parent.children(name.c_str())) found.push_back(child);
    return found;
}
std::string attribute(pugi::xml_node node, const char* name) { return node.attribute(name).value(); }

std::string person(pugi::xml_node node, const std::string& prefix) {
    return joined({text_of(node, prefix + "name"), text_of(node, prefix + "email"), text_of(node, prefix + "uri")});
}

void add_xml_origin(Collector& to, pugi::xml_node entry, const std::string& prefix) {
    to.add("origin.entry_id", text_of(entry, "dc:identifier"));
    const auto source = entry.child((prefix + "source").c_str());
    to.add("origin.id", text_of(source, prefix + "id"));
    to.add("origin.title", text_of(source, prefix + "title"));
    to.add("origin.subtitle", text_of(source, prefix + "subtitle"));
    to.add("origin.rights", text_of(source, prefix + "rights"));
    to.add("origin.icon", text_of(source, prefix + "icon"));
    to.add("origin.logo", text_of(source, prefix + "logo"));
    to.add("origin.language", attribute(source, "xml:lang"));
    for (const auto author : children_of(source, prefix + "author")) to.add("origin.author", person(author, prefix));
    for (const auto link : children_of(source, prefix + "link"))
        to.add(attribute(link, "rel") == "self" ? "origin.feed" : "origin.home", attribute(link, "href"));
}

void add_media(Collector& to, pugi::xml_node entry, const std::set<std::string>& enclosures) {
    for (const auto media : entry.children("media:content")) {
        const std::string url = attribute(media, "url");
        if (!enclosures.contains(url)) to.file("media", {url, attribute(media, "type"), attribute(media, "fileSize")});
        to.more({text_of(media, "media:title"), attribute(media, "lang"), attribute(media, "duration"),
                 attribute(media, "width"), attribute(media, "height")},
                url);
    }
    for (const auto thumbnail : entry.children("media:thumbnail"))
        to.file("thumbnail", {attribute(thumbnail, "url"), attribute(thumbnail, "width"), attribute(thumbnail, "height")});
}

void add_xml_extensions(Collector& to, pugi::xml_node entry) {
    to.add("direction", attribute(entry, "its:dir"));
    for (const std::string name : {"transcript", "chapters"})
        for (const auto file : children_of(entry, "podcast:" + name))
            to.file(name, {attribute(file, "url"), attribute(file, "type"), attribute(file, "language")});
    to.add("season", text_of(entry, "itunes:season"));
    to.add("episode", text_of(entry, "podcast:episode"));
    to.add("kind", text_of(entry, "itunes:episodeType"));
    to.add("explicit", text_of(entry, "itunes:explicit"));
    to.add("place", text_of(entry, "georss:featurename"));
    if (const std::string point = text_of(entry, "georss:point"); !point.empty()) {
        const auto blank = point.find(' ');
        to.add("point", degrees_in(point.substr(0, blank)) + " " + degrees_in(point.substr(blank + 1)));
    }
}

Facts facts_in_atom(pugi::xml_node entry) {
    Collector to;
    for (const char* name : {"id", "title", "published", "updated", "rights", "summary", "content"})
        to.add(name, text_of(entry, name));
    to.add("language", attribute(entry, "xml:lang"));
    const std::map<std::string, std::string> relations = {
        {"alternate", "link"}, {"related", "external"}, {"via", "via"}, {"replies", "comments"}};
    std::set<std::string> enclosures;
    for (const auto link : entry.children("link")) {
        if (attribute(link, "rel") == "enclosure") {
            enclosures.insert(attribute(link, "href"));
            to.file("enclosure", {attribute(link, "href"), attribute(link, "type"), attribute(link, "length")});
        } else {
            to.add(relations.at(attribute(link, "rel")), attribute(link, "href"));
        }
    }
    for (const auto author : entry.children("author")) to.add("author", person(author, ""));
    for (const auto category : entry.children("category"))
        to.add("category", joined({attribute(category, "term"), attribute(category, "scheme"), attribute(category, "label")}));
    add_media(to, entry, enclosures);
    add_xml_extensions(to, entry);
    add_xml_origin(to, entry, "");
    return to.facts;
}

void add_rss_authors(Collector& to, pugi::xml_node item) {
    std::multiset<std::string> told;
    for (const auto author : item.children("atom:author")) {
        to.add("author", person(author, "atom:"));
        told.insert(text_of(author, "atom:name"));
    }
    for (const auto creator : item.children("dc:creator")) {
        if (const auto found = told.find(text_in(creator)); found != told.end()) {
            told.erase(found);
        } else {
            to.add("author", joined({text_in(creator), "", ""}));
        }
    }
}

void add_rss_categories(Collector& to, pugi::xml_node item) {
    for (const auto category : item.children("category")) {
        // A term that is not its label stands beside it.
        const auto exact = category.next_sibling();
        if (std::string(exact.name()) == "atom:category")
            to.add("category", joined({attribute(exact, "term"), attribute(exact, "scheme"), attribute(exact, "label")}));
        else
            to.add("category", joined({text_in(category), attribute(category, "domain"), ""}));
    }
}

Facts facts_in_rss(pugi::xml_node item, bool has_summary) {
    Collector to;
    to.add("id", text_of(item, "guid"));
    for (const char* name : {"title", "link", "comments"}) to.add(name, text_of(item, name));
    to.add("rights", text_of(item, "dc:rights"));
    to.add("language", text_of(item, "dc:language"));
    const std::string date = text_of(item, "pubDate");
    const auto published = parse_http_date(date.substr(0, date.size() - 5) + "GMT", {});
    to.add("published", to_rfc3339(published.value()));
    const std::string updated = text_of(item, "atom:updated");
    to.add("updated", updated.empty() ? to_rfc3339(*published) : updated);
    if (has_summary) to.add("summary", text_of(item, "description"));
    to.add("content", text_of(item, "content:encoded"));
    add_rss_authors(to, item);
    add_rss_categories(to, item);
    std::set<std::string> enclosures;
    const auto enclosure = [&](const std::string& url, const std::string& type, const std::string& length) {
        enclosures.insert(url);
        to.file("enclosure", {url, type, length});
    };
    for (const auto node : item.children("enclosure")) {
        // RSS wants a number where nobody knows it.
        const std::string length = attribute(node, "length");
        enclosure(attribute(node, "url"), attribute(node, "type"), length == "0" ? "" : length);
    }
    for (const auto link : item.children("atom:link")) {
        const std::string relation = attribute(link, "rel");
        if (relation == "enclosure") enclosure(attribute(link, "href"), attribute(link, "type"), attribute(link, "length"));
        if (relation == "related") to.add("external", attribute(link, "href"));
        if (relation == "via") to.add("via", attribute(link, "href"));
    }
    add_media(to, item, enclosures);
    add_xml_extensions(to, item);
    add_xml_origin(to, item, "atom:");
    return to.facts;
}

/// RSS describes an item without a summary by the first words of its content.
bool has_summary(pugi::xml_node item) {
    const auto words = [](const std::string& html) {
        return first_words(text_of_html(sanitise_html(html, "https://e.example/")), 300);
    };
    const std::string derived = words(text_of(item, "content:encoded"));
    return derived.empty() || derived != words(text_of(item, "description"));
}

std::vector<Facts> facts_in_xml(std::string_view bytes, FeedFormat format) {
    pugi::xml_document document;
    const auto result =
        document.load_buffer(bytes.data(), bytes.size(), pugi::parse_default | pugi::parse_ws_pcdata, pugi::encoding_utf8);
    if (!result) throw std::runtime_error(result.description());
    std::vector<Facts> facts;
    if (format == FeedFormat::atom) {
        for (const auto entry : document.child("feed").children("entry")) facts.push_back(facts_in_atom(entry));
    } else {
        for (const auto item : document.child("rss").child("channel").children("item"))
            facts.push_back(facts_in_rss(item, has_summary(item)));
    }
    return facts;
}

// --- JSON -------------------------------------------------------------------------------------------------------------------

/// Text or number as text; empty where there is none.
std::string value_of(const json::object& object, const char* name) {
    const json::value* value = object.if_contains(name);
    if (value == nullptr) return {};
    return value->is_string() ? json::value_to<std::string>(*value) : json::serialize(*value);
}

json::object object_of(const json::object& object, const char* name) {
    const json::value* value = object.if_contains(name);
    return value == nullptr ? json::object() : value->as_object();
}

json::array array_of(const json::object& object, const char* name) {
    const json::value* value = object.if_contains(name);
    return value == nullptr ? json::array() : value->as_array();
}

std::string json_person(const json::object& author) {
    return joined({value_of(author, "name"), value_of(object_of(author, "_gazetted"), "email"), value_of(author, "url")});
}

void add_json_origin(Collector& to, const json::object& source) {
    to.add("origin.entry_id", value_of(source, "item_id"));
    to.add("origin.id", value_of(source, "id"));
    to.add("origin.feed", value_of(source, "feed_url"));
    to.add("origin.home", value_of(source, "home_page_url"));
    to.add("origin.title", value_of(source, "title"));
    to.add("origin.subtitle", value_of(source, "description"));
    to.add("origin.icon", value_of(source, "favicon"));
    to.add("origin.logo", value_of(source, "icon"));
    to.add("origin.rights", value_of(source, "rights"));
    to.add("origin.language", value_of(source, "language"));
    for (const auto& author : array_of(source, "authors")) to.add("origin.author", json_person(author.as_object()));
}

void add_json_files(Collector& to, const json::object& item, const json::object& more) {
    for (const auto& value : array_of(item, "attachments")) {
        const auto& file = value.as_object();
        const json::object extra = object_of(file, "_gazetted");
        const std::string url = value_of(file, "url");
        to.file(value_of(extra, "role") == "media" ? "media" : "enclosure",
                {url, value_of(file, "mime_type"), value_of(file, "size_in_bytes")});
        to.more({value_of(file, "title"), value_of(extra, "language"), value_of(file, "duration_in_seconds"),
                 value_of(extra, "width"), value_of(extra, "height")},
                url);
    }
    for (const auto& value : array_of(more, "thumbnails")) {
        const auto& file = value.as_object();
        to.file("thumbnail", {value_of(file, "url"), value_of(file, "width"), value_of(file, "height")});
    }
    for (const auto& [name, role] : {std::pair{"transcripts", "transcript"}, {"chapters", "chapters"}})
        for (const auto& value : array_of(more, name)) {
            const auto& file = value.as_object();
            to.file(role, {value_of(file, "url"), value_of(file, "mime_type"), value_of(file, "language")});
        }
}

void add_json_categories(Collector& to, const json::object& item, const json::object& more) {
    if (!more.contains("categories"))
        for (const auto& tag : array_of(item, "tags")) to.add("category", joined({std::string(tag.as_string()), "", ""}));
    for (const auto& value : array_of(more, "categories")) {
        const auto& category = value.as_object();
        to.add("category", joined({value_of(category, "term"), value_of(category, "scheme"), value_of(category, "label")}));
    }
}

Facts facts_in_json(const json::object& item) {
    Collector to;
    const json::object more = object_of(item, "_gazetted");
    to.add("id", value_of(item, "id"));
    to.add("title", value_of(item, "title"));
    to.add("link", value_of(item, "url"));
    to.add("external", value_of(item, "external_url"));
    to.add("via", value_of(more, "via_url"));
    to.add("published", value_of(item, "date_published"));
    to.add("updated", value_of(item, "date_modified"));
    to.add("language", value_of(item, "language"));
    to.add("direction", value_of(more, "direction"));
    to.add("rights", value_of(more, "rights"));
    to.add("comments", value_of(more, "comments_url"));
    const std::string summary = value_of(more, "summary_html");
    to.add("summary", summary);
    if (value_of(item, "content_html") != summary) to.add("content", value_of(item, "content_html"));
    for (const auto& author : array_of(item, "authors")) to.add("author", json_person(author.as_object()));
    add_json_categories(to, item, more);
    add_json_files(to, item, more);
    const json::object podcast = object_of(more, "podcast");
    for (const char* name : {"season", "episode", "kind", "explicit"}) to.add(name, value_of(podcast, name));
    const json::object location = object_of(more, "location");
    to.add("place", value_of(location, "name"));
    if (location.contains("latitude"))
        to.add("point", degrees_in(value_of(location, "latitude")) + " " + degrees_in(value_of(location, "longitude")));
    add_json_origin(to, object_of(more, "source"));
    return to.facts;
}

}  // namespace

Facts facts_of(const Entry& entry) {
    Collector to;
    to.add("id", entry.id);
    to.add("title", entry.title);
    to.add("link", entry.link);
    to.add("external", entry.external_link);
    to.add("via", entry.via_link);
    to.add("published", to_rfc3339(entry.published));
    to.add("updated", to_rfc3339(entry.updated));
    to.add("language", entry.language);
    to.add("direction", entry.direction);
    to.add("rights", entry.rights);
    to.add("comments", entry.comments_link);
    to.add("summary", entry.summary.str());
    to.add("content", entry.content.str());
    for (const Person& author : entry.authors) to.add("author", joined({author.name, author.email, author.uri}));
    for (const CategoryTerm& term : entry.categories)
        to.add("category", joined({term.slug, entry.category_scheme, term.title}));
    for (const Tag& tag : entry.tags) to.add("category", joined({tag.name, tag.scheme, tag.label}));
    for (const Enclosure& file : entry.enclosures) add_file(to, file);
    to.add("season", digits(entry.episode.season));
    to.add("episode", digits(entry.episode.number));
    to.add("kind", entry.episode.kind);
    if (entry.episode.is_explicit) to.add("explicit", *entry.episode.is_explicit ? "true" : "false");
    to.add("place", entry.location.name);
    if (entry.location.point)
        to.add("point", degrees(entry.location.point->latitude) + " " + degrees(entry.location.point->longitude));
    if (entry.origin) add_origin(to, *entry.origin);
    return to.facts;
}

std::vector<Facts> facts_in(std::string_view document, FeedFormat format) {
    if (format != FeedFormat::json) return facts_in_xml(document, format);
    std::vector<Facts> facts;
    const json::value parsed = json::parse(document);
    for (const auto& item : parsed.at("items").as_array()) facts.push_back(facts_in_json(item.as_object()));
    return facts;
}

}  // namespace gazetted
