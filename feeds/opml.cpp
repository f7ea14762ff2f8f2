#include "feeds/opml.hpp"

#include "feeds/lawful.hpp"
#include "feeds/text.hpp"
#include "feeds/write_feed/xml.hpp"

namespace gazetted {
namespace {

void append_outline(pugi::xml_node parent, const OpmlOutline& about) {
    pugi::xml_node outline = parent.append_child("outline");
    const std::string title = legal_xml_text(about.title);
    if (!about.feed_link.empty()) append_attribute(outline, "type", about.type);
    append_attribute(outline, "text", title);
    append_attribute(outline, "title", title);
    if (!about.feed_link.empty()) append_attribute(outline, "xmlUrl", about.feed_link);
    if (!about.home_link.empty()) append_attribute(outline, "htmlUrl", about.home_link);
    if (const std::string language = language_tag(about.language); !language.empty()) {
        append_attribute(outline, "language", language);
    }
    if (about.articles) append_attribute(outline, "gazetted:articles", std::to_string(*about.articles));
    if (about.newest) append_attribute(outline, "gazetted:newest", to_rfc3339(*about.newest));
    if (!about.slug.empty()) append_attribute(outline, "gazetted:slug", legal_xml_text(about.slug));
    for (const OpmlOutline& member : about.members) append_outline(outline, member);
}

std::string written(const OpmlOutline& about) {
    pugi::xml_document document;
    append_outline(document, about);
    return xml_bytes(document.first_child());
}

}  // namespace

std::string write_opml(const std::string& title, const std::vector<OpmlOutline>& outlines) {
    pugi::xml_document document;
    pugi::xml_node opml = document.append_child("opml");
    append_attribute(opml, "version", "2.0");
    append_attribute(opml, "xmlns:gazetted", opml_namespace);
    append_element(opml.append_child("head"), "title", legal_xml_text(title));
    // Empty text keeps the element open, so that outlines fit between its tags.
    opml.append_child("body").append_child(pugi::node_pcdata);
    const Envelope envelope = xml_envelope(opml, "</body></opml>");

    std::string bytes = envelope.head;
    for (const OpmlOutline& outline : outlines) bytes += "\n" + written(outline);
    return bytes + envelope.tail;
}

}  // namespace gazetted
