#include "feeds/lawful.hpp"
#include "feeds/sanitise_html.hpp"
#include "feeds/text.hpp"
#include "feeds/write_feed.hpp"
#include "feeds/write_feed/atom.hpp"
#include "feeds/write_feed/extensions.hpp"
#include "feeds/write_feed/files.hpp"
#include "feeds/write_feed/formats.hpp"

#include <cstddef>
#include <set>
#include <string_view>
#include <utility>

namespace gazetted {
namespace {

constexpr std::size_t description_characters_max = 300;

/// `<description>` is HTML in every reader: plain text is escaped once more, lest `a <b> c` lose its middle.
std::string as_html(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        if (c == '&') {
            out += "&amp;";
        } else if (c == '<') {
            out += "&lt;";
        } else {
            out += c;
        }
    }
    return out;
}

std::string description_of(const Entry& entry) {
    if (!entry.summary.empty()) return entry.summary.str();
    return as_html(first_words_of_html(entry.content, description_characters_max));
}

/// RSS readers expect one enclosure an item, with a length; Atom's links name the others.
void append_enclosures(pugi::xml_node item, const Entry& entry) {
    bool is_first = true;
    for (const Enclosure* file : files_of(entry, EnclosureRole::enclosure)) {
        if (std::exchange(is_first, false)) {
            pugi::xml_node node = item.append_child("enclosure");
            append_attribute(node, "url", file->url);
            append_attribute(node, "length", std::to_string(file->length_bytes.value_or(0)));
            append_attribute(node, "type", file->media_type);
        } else {
            pugi::xml_node link = append_atom_link(item, "atom:link", {"enclosure", file->media_type, file->url});
            if (file->length_bytes) append_attribute(link, "length", std::to_string(*file->length_bytes));
        }
    }
}

/// Everybody reads the name; those who know Atom the rest as well.
void append_authors(pugi::xml_node item, const Entry& entry) {
    for (const Person& author : entry.authors) append_element(item, "dc:creator", author.name);
    for (const Person& author : entry.authors)
        if (!author.email.empty() || !author.uri.empty()) append_atom_person(item, "atom:author", author);
}

/// `<category>` is for people: the label. A term that differs from its label is said in Atom's words.
void append_categories(pugi::xml_node item, const Entry& entry) {
    std::set<std::string> named;
    const auto append = [&](const Tag& tag) {
        const std::string& label = tag.label.empty() ? tag.name : tag.label;
        if (!named.insert(label).second && tag.scheme.empty()) return;
        pugi::xml_node category = append_element(item, "category", label);
        if (!tag.scheme.empty()) append_attribute(category, "domain", tag.scheme);
        if (!tag.label.empty()) append_atom_category(item, "atom:category", tag);
    };
    for (const CategoryTerm& term : entry.categories)
        append({.name = term.slug, .scheme = entry.category_scheme, .label = term.title});
    for (const Tag& tag : entry.tags) append(tag);
}

void append_origin(pugi::xml_node item, const Entry& entry) {
    if (!entry.external_link.empty()) append_atom_link(item, "atom:link", {"related", "text/html", entry.external_link});
    if (!entry.via_link.empty()) append_atom_link(item, "atom:link", {"via", "text/html", entry.via_link});
    append_retellings(item, "atom:link", entry);
    if (!entry.origin) return;
    if (!entry.origin->feed_link.empty())
        append_attribute(append_element(item, "source", entry.origin->title), "url", entry.origin->feed_link);
    append_atom_source(item, *entry.origin, "atom:");
}

/// RSS wants all three, and the title and link to be the channel's.
void append_image(pugi::xml_node channel, const FeedHead& head, const std::string& title) {
    if (head.logo.empty()) return;
    pugi::xml_node image = channel.append_child("image");
    append_element(image, "url", head.logo);
    append_element(image, "title", title);
    append_element(image, "link", head.home_link);
}

}  // namespace

std::string write_rss_item(const Entry& entry) {
    pugi::xml_document document;
    pugi::xml_node item = document.append_child("item");
    append_element(item, "title", entry.title);
    append_element(item, "link", entry.link);
    append_attribute(append_element(item, "guid", entry.id), "isPermaLink", entry.id == entry.link ? "true" : "false");
    append_element(item, "pubDate", to_rfc822(entry.published));
    if (entry.updated != entry.published) append_element(item, "atom:updated", to_rfc3339(entry.updated));
    append_authors(item, entry);
    append_categories(item, entry);
    if (!entry.language.empty()) append_element(item, "dc:language", entry.language);
    if (!entry.rights.empty()) append_element(item, "dc:rights", entry.rights);
    if (!entry.comments_link.empty()) append_element(item, "comments", entry.comments_link);
    append_origin(item, entry);
    if (const std::string description = description_of(entry); !description.empty()) {
        append_html(item, "description", description);
    }
    if (!entry.content.empty()) append_html(item, "content:encoded", entry.content.str());
    append_enclosures(item, entry);
    append_extensions(item, entry);
    return xml_bytes(item);
}

Envelope rss_envelope(const FeedHead& head) {
    pugi::xml_document document;
    pugi::xml_node rss = document.append_child("rss");
    append_attribute(rss, "version", "2.0");
    declare_namespaces(rss, FeedFormat::rss);
    if (head.is_archive) append_attribute(rss, "xmlns:fh", "http://purl.org/syndication/history/1.0");
    pugi::xml_node channel = rss.append_child("channel");
    const std::string title = legal_xml_text(head.title);
    append_element(channel, "title", title);
    append_element(channel, "link", head.home_link);
    const std::string subtitle = legal_xml_text(head.subtitle);
    append_element(channel, "description", subtitle.empty() ? title : subtitle);
    append_atom_link(channel, "atom:link", {"self", "application/rss+xml", head.self_link});
    for (const std::string& hub : head.hubs) append_atom_link(channel, "atom:link", {"hub", "", hub});
    for (const HistoryLink& link : head.history)
        append_atom_link(channel, "atom:link", {link.relation.c_str(), "application/rss+xml", link.target});
    if (head.is_archive) channel.append_child("fh:archive");
    append_element(channel, "atom:id", legal_xml_text(head.id));
    if (const std::string language = language_tag(head.language); !language.empty())
        append_element(channel, "language", language);
    if (!head.author.empty()) append_element(channel, "dc:creator", legal_xml_text(head.author));
    if (!head.rights.empty()) append_element(channel, "copyright", legal_xml_text(head.rights));
    append_image(channel, head, title);
    if (!head.icon.empty()) append_element(channel, "atom:icon", head.icon);
    append_element(channel, "lastBuildDate", to_rfc822(head.updated));
    if (head.ttl > std::chrono::minutes{0}) append_element(channel, "ttl", std::to_string(head.ttl.count()));
    append_element(channel, "generator", "Gazetted " GAZETTED_VERSION);
    append_element(channel, "docs", "https://www.rssboard.org/rss-specification");
    append_head_extensions(channel, head);
    return xml_envelope(rss, "</channel></rss>");
}

}  // namespace gazetted
