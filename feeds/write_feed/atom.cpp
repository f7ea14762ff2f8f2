#include "feeds/write_feed/atom.hpp"
#include "feeds/lawful.hpp"
#include "feeds/text.hpp"
#include "feeds/write_feed.hpp"
#include "feeds/write_feed/extensions.hpp"
#include "feeds/write_feed/files.hpp"
#include "feeds/write_feed/formats.hpp"

#include <set>
#include <string_view>
#include <utility>

namespace gazetted {
namespace {

void append_text(pugi::xml_node parent, const char* name, const std::string& text) {
    append_attribute(append_element(parent, name, text), "type", "text");
}

void append_typed_html(pugi::xml_node parent, const char* name, const SafeHtml& html) {
    if (!html.empty()) append_attribute(append_html(parent, name, html.str()), "type", "html");
}

void append_categories(pugi::xml_node parent, const Entry& entry) {
    std::set<std::string_view> named;
    for (const CategoryTerm& term : entry.categories) {
        named.insert({term.slug, term.title});
        append_atom_category(parent, "category", {.name = term.slug, .scheme = entry.category_scheme, .label = term.title});
    }
    // What a category says already is not repeated, unless it is said by somebody else.
    for (const Tag& tag : entry.tags)
        if (!tag.scheme.empty() || named.insert(tag.name).second) append_atom_category(parent, "category", tag);
}

void append_enclosures(pugi::xml_node parent, const Entry& entry) {
    for (const Enclosure* file : files_of(entry, EnclosureRole::enclosure)) {
        pugi::xml_node link = append_atom_link(parent, "link", {"enclosure", file->media_type, file->url});
        if (file->length_bytes) append_attribute(link, "length", std::to_string(*file->length_bytes));
        if (!file->title.empty()) append_attribute(link, "title", file->title);
        if (!file->language.empty()) append_attribute(link, "hreflang", file->language);
    }
}

void append_links(pugi::xml_node node, const Entry& entry) {
    append_atom_link(node, "link", {"alternate", "text/html", entry.link});
    if (!entry.external_link.empty()) append_atom_link(node, "link", {"related", "text/html", entry.external_link});
    if (!entry.via_link.empty()) append_atom_link(node, "link", {"via", "text/html", entry.via_link});
    append_retellings(node, "link", entry);
    // RFC 4685 section 4.
    if (!entry.comments_link.empty()) append_atom_link(node, "link", {"replies", "text/html", entry.comments_link});
}

}  // namespace

std::string write_atom_entry(const Entry& entry) {
    pugi::xml_document document;
    pugi::xml_node node = document.append_child("entry");
    if (!entry.language.empty()) append_attribute(node, "xml:lang", entry.language);
    append_element(node, "id", entry.id);
    append_text(node, "title", entry.title);
    append_links(node, entry);
    append_element(node, "published", to_rfc3339(entry.published));
    append_element(node, "updated", to_rfc3339(entry.updated));
    for (const Person& author : entry.authors) append_atom_person(node, "author", author);
    append_categories(node, entry);
    append_enclosures(node, entry);
    if (!entry.rights.empty()) append_text(node, "rights", entry.rights);
    if (entry.origin) append_atom_source(node, *entry.origin, "");
    append_extensions(node, entry);
    append_typed_html(node, "summary", entry.summary);
    append_typed_html(node, "content", entry.content);
    return xml_bytes(node);
}

Envelope atom_envelope(const FeedHead& head) {
    pugi::xml_document document;
    pugi::xml_node feed = document.append_child("feed");
    declare_namespaces(feed, FeedFormat::atom);
    if (head.is_archive) append_attribute(feed, "xmlns:fh", "http://purl.org/syndication/history/1.0");
    if (!head.withdrawn.empty()) append_attribute(feed, "xmlns:at", "http://purl.org/atompub/tombstones/1.0");
    if (const std::string language = language_tag(head.language); !language.empty())
        append_attribute(feed, "xml:lang", language);
    const std::string title = legal_xml_text(head.title);
    append_element(feed, "id", legal_xml_text(head.id));
    append_text(feed, "title", title);
    if (!head.subtitle.empty()) append_text(feed, "subtitle", legal_xml_text(head.subtitle));
    append_atom_link(feed, "link", {"self", "application/atom+xml", head.self_link});
    append_atom_link(feed, "link", {"alternate", "text/html", head.home_link});
    for (const std::string& hub : head.hubs) append_atom_link(feed, "link", {"hub", "", hub});
    for (const HistoryLink& link : head.history)
        append_atom_link(feed, "link", {link.relation.c_str(), "application/atom+xml", link.target});
    if (head.is_archive) feed.append_child("fh:archive");
    append_element(feed, "updated", to_rfc3339(head.updated));
    // An entry may have no author only where its feed has one (RFC 4287 section 4.1.2).
    append_atom_person(feed, "author",
                       {.name = head.author.empty() ? title : legal_xml_text(head.author), .email = {}, .uri = {}});
    if (!head.rights.empty()) append_text(feed, "rights", legal_xml_text(head.rights));
    if (!head.icon.empty()) append_element(feed, "icon", head.icon);
    if (!head.logo.empty()) append_element(feed, "logo", head.logo);
    append_attribute(append_element(feed, "generator", "Gazetted"), "version", GAZETTED_VERSION);
    for (const Tombstone& tombstone : head.withdrawn) {
        pugi::xml_node deleted = feed.append_child("at:deleted-entry");
        append_attribute(deleted, "ref", legal_xml_text(tombstone.id));
        append_attribute(deleted, "when", to_rfc3339(tombstone.withdrawn));
    }
    append_head_extensions(feed, head);
    return xml_envelope(feed, "</feed>");
}

// --- What RSS borrows of Atom -----------------------------------------------------------------------------------------------

pugi::xml_node append_atom_link(pugi::xml_node parent, const char* name, const AtomLink& about) {
    pugi::xml_node link = parent.append_child(name);
    append_attribute(link, "rel", about.relation);
    if (!about.type.empty()) append_attribute(link, "type", about.type);
    append_attribute(link, "href", about.url);
    return link;
}

void append_retellings(pugi::xml_node parent, const char* name, const Entry& entry) {
    for (const Retelling& retelling : entry.retellings) {
        pugi::xml_node link = append_atom_link(parent, name, {"via", "text/html", retelling.link});
        if (!retelling.source.empty()) append_attribute(link, "title", retelling.source);
    }
}

void append_atom_person(pugi::xml_node parent, const std::string& name, const Person& person) {
    const std::string prefix = name.substr(0, name.find(':') + 1);
    pugi::xml_node author = parent.append_child(name.c_str());
    append_element(author, (prefix + "name").c_str(), person.name);
    if (!person.uri.empty()) append_element(author, (prefix + "uri").c_str(), person.uri);
    if (!person.email.empty()) append_element(author, (prefix + "email").c_str(), person.email);
}

void append_atom_category(pugi::xml_node parent, const char* name, const Tag& tag) {
    pugi::xml_node category = parent.append_child(name);
    append_attribute(category, "term", tag.name);
    if (!tag.scheme.empty()) append_attribute(category, "scheme", tag.scheme);
    if (!tag.label.empty()) append_attribute(category, "label", tag.label);
}

void append_atom_source(pugi::xml_node parent, const Origin& origin, const std::string& prefix) {
    const auto named = [&](const char* name) { return prefix + name; };
    if (!origin.entry_id.empty()) append_element(parent, "dc:identifier", origin.entry_id);
    Origin feed = origin;
    feed.entry_id.clear();
    feed.entry_link.clear();
    if (feed == Origin{}) return;
    pugi::xml_node source = parent.append_child(named("source").c_str());
    const auto append = [&](const char* name, const std::string& text) {
        if (!text.empty()) append_element(source, named(name).c_str(), text);
    };
    if (!origin.language.empty()) append_attribute(source, "xml:lang", origin.language);
    append("id", origin.feed_id);
    append("title", origin.title);
    append("subtitle", origin.subtitle);
    if (!origin.feed_link.empty()) append_atom_link(source, named("link").c_str(), {"self", "", origin.feed_link});
    if (!origin.home_link.empty())
        append_atom_link(source, named("link").c_str(), {"alternate", "text/html", origin.home_link});
    for (const Person& author : origin.authors) append_atom_person(source, named("author"), author);
    append("rights", origin.rights);
    append("icon", origin.icon);
    append("logo", origin.logo);
}

}  // namespace gazetted
