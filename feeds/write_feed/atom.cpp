#include "feeds/text.hpp"
#include "feeds/write_feed.hpp"
#include "feeds/write_feed/formats.hpp"
#include "feeds/write_feed/xml.hpp"

#include <set>
#include <string_view>

namespace gazetted {
namespace {

void append_text(pugi::xml_node parent, const char* name, const std::string& text) {
    append_attribute(append_element(parent, name, text), "type", "text");
}

void append_typed_html(pugi::xml_node parent, const char* name, const SafeHtml& html) {
    if (!html.empty()) append_attribute(append_html(parent, name, html.str()), "type", "html");
}

pugi::xml_node append_link(pugi::xml_node parent, const char* relation, const std::string& type, const std::string& url) {
    pugi::xml_node link = parent.append_child("link");
    append_attribute(link, "rel", relation);
    append_attribute(link, "type", type);
    append_attribute(link, "href", url);
    return link;
}

/// RFC 4287 section 4.2.1.
void append_author(pugi::xml_node parent, const Person& person) {
    pugi::xml_node author = parent.append_child("author");
    append_element(author, "name", person.name);
    if (!person.uri.empty()) append_element(author, "uri", person.uri);
    if (!person.email.empty()) append_element(author, "email", person.email);
}

void append_categories(pugi::xml_node parent, const Entry& entry) {
    std::set<std::string_view> named;
    for (const CategoryTerm& term : entry.categories) {
        named.insert({term.slug, term.title});
        pugi::xml_node category = parent.append_child("category");
        append_attribute(category, "term", term.slug);
        if (!term.title.empty()) append_attribute(category, "label", term.title);
    }
    for (const std::string& tag : entry.tags) {
        if (named.insert(tag).second) append_attribute(parent.append_child("category"), "term", tag);
    }
}

void append_enclosures(pugi::xml_node parent, const Entry& entry) {
    for (const Enclosure& enclosure : entry.enclosures) {
        pugi::xml_node link = append_link(parent, "enclosure", enclosure.media_type, enclosure.url);
        if (enclosure.length_bytes) append_attribute(link, "length", std::to_string(*enclosure.length_bytes));
    }
}

}  // namespace

std::string write_atom_entry(const Entry& entry) {
    pugi::xml_document document;
    pugi::xml_node node = document.append_child("entry");
    if (!entry.language.empty()) append_attribute(node, "xml:lang", entry.language);
    append_element(node, "id", entry.id);
    append_text(node, "title", entry.title);
    append_link(node, "alternate", "text/html", entry.link);
    append_element(node, "published", to_rfc3339(entry.published));
    append_element(node, "updated", to_rfc3339(entry.updated));
    for (const Person& author : entry.authors) append_author(node, author);
    append_categories(node, entry);
    append_enclosures(node, entry);
    append_typed_html(node, "summary", entry.summary);
    append_typed_html(node, "content", entry.content);
    return xml_bytes(node);
}

Envelope atom_envelope(const FeedHead& head) {
    pugi::xml_document document;
    pugi::xml_node feed = document.append_child("feed");
    append_attribute(feed, "xmlns", "http://www.w3.org/2005/Atom");
    if (head.is_archive) append_attribute(feed, "xmlns:fh", "http://purl.org/syndication/history/1.0");
    if (!head.withdrawn.empty()) append_attribute(feed, "xmlns:at", "http://purl.org/atompub/tombstones/1.0");
    if (const std::string language = language_tag(head.language); !language.empty())
        append_attribute(feed, "xml:lang", language);
    const std::string title = legal_xml_text(head.title);
    append_element(feed, "id", legal_xml_text(head.id));
    append_text(feed, "title", title);
    if (!head.subtitle.empty()) append_text(feed, "subtitle", legal_xml_text(head.subtitle));
    append_link(feed, "self", "application/atom+xml", head.self_link);
    append_link(feed, "alternate", "text/html", head.home_link);
    for (const HistoryLink& link : head.history) append_link(feed, link.relation.c_str(), "application/atom+xml", link.target);
    if (head.is_archive) feed.append_child("fh:archive");
    append_element(feed, "updated", to_rfc3339(head.updated));
    // An entry may have no author only where its feed has one (RFC 4287 section 4.1.2).
    append_author(feed, {.name = head.author.empty() ? title : legal_xml_text(head.author), .email = {}, .uri = {}});
    append_attribute(append_element(feed, "generator", "Gazetted"), "version", GAZETTED_VERSION);
    for (const Tombstone& tombstone : head.withdrawn) {
        pugi::xml_node deleted = feed.append_child("at:deleted-entry");
        append_attribute(deleted, "ref", legal_xml_text(tombstone.id));
        append_attribute(deleted, "when", to_rfc3339(tombstone.withdrawn));
    }
    return xml_envelope(feed, "</feed>");
}

}  // namespace gazetted
