#include "feeds/sanitise_html.hpp"
#include "feeds/text.hpp"
#include "feeds/write_feed.hpp"
#include "feeds/write_feed/formats.hpp"
#include "feeds/write_feed/xml.hpp"

#include <cstddef>
#include <span>
#include <string_view>

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

/// RSS readers expect one enclosure an item, with a length; Media RSS names the others.
void append_enclosures(pugi::xml_node item, std::span<const Enclosure> enclosures) {
    if (enclosures.empty()) return;
    const Enclosure& first = enclosures.front();
    pugi::xml_node node = item.append_child("enclosure");
    append_attribute(node, "url", first.url);
    append_attribute(node, "length", std::to_string(first.length_bytes.value_or(0)));
    append_attribute(node, "type", first.media_type);
    for (const Enclosure& other : enclosures.subspan(1)) {
        pugi::xml_node media = item.append_child("media:content");
        append_attribute(media, "url", other.url);
        if (other.length_bytes) append_attribute(media, "fileSize", std::to_string(*other.length_bytes));
        append_attribute(media, "type", other.media_type);
    }
}

void append_self_link(pugi::xml_node channel, const FeedHead& head) {
    pugi::xml_node self = channel.append_child("atom:link");
    append_attribute(self, "rel", "self");
    append_attribute(self, "type", "application/rss+xml");
    append_attribute(self, "href", head.self_link);
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
    for (const Person& author : entry.authors) append_element(item, "dc:creator", author.name);
    for (const std::string& label : labels_of(entry)) append_element(item, "category", label);
    if (!entry.language.empty()) append_element(item, "dc:language", entry.language);
    if (const std::string description = description_of(entry); !description.empty()) {
        append_html(item, "description", description);
    }
    if (!entry.content.empty()) append_html(item, "content:encoded", entry.content.str());
    append_enclosures(item, entry.enclosures);
    return xml_bytes(item);
}

Envelope rss_envelope(const FeedHead& head) {
    pugi::xml_document document;
    pugi::xml_node rss = document.append_child("rss");
    append_attribute(rss, "version", "2.0");
    append_attribute(rss, "xmlns:atom", "http://www.w3.org/2005/Atom");
    append_attribute(rss, "xmlns:content", "http://purl.org/rss/1.0/modules/content/");
    append_attribute(rss, "xmlns:dc", "http://purl.org/dc/elements/1.1/");
    append_attribute(rss, "xmlns:media", "http://search.yahoo.com/mrss/");
    pugi::xml_node channel = rss.append_child("channel");
    const std::string title = legal_xml_text(head.title);
    append_element(channel, "title", title);
    append_element(channel, "link", head.home_link);
    append_element(channel, "description", head.subtitle.empty() ? title : legal_xml_text(head.subtitle));
    append_self_link(channel, head);
    if (const std::string language = language_tag(head.language); !language.empty())
        append_element(channel, "language", language);
    append_element(channel, "lastBuildDate", to_rfc822(head.updated));
    append_element(channel, "generator", "Gazetted " GAZETTED_VERSION);
    append_element(channel, "docs", "https://www.rssboard.org/rss-specification");
    return xml_envelope(rss, "</channel></rss>");
}

}  // namespace gazetted
