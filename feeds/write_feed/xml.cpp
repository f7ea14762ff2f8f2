#include "feeds/write_feed/xml.hpp"

#include <cassert>
#include <cstddef>
#include <utility>

namespace gazetted {
namespace {

struct StringWriter : pugi::xml_writer {
    std::string bytes;
    void write(const void* data, std::size_t size) override { bytes.append(static_cast<const char*>(data), size); }
};

}  // namespace

pugi::xml_node append_element(pugi::xml_node parent, const char* name, const std::string& text) {
    pugi::xml_node node = parent.append_child(name);
    if (!text.empty()) node.append_child(pugi::node_pcdata).set_value(text.c_str());
    return node;
}

pugi::xml_node append_html(pugi::xml_node parent, const char* name, const std::string& html) {
    pugi::xml_node node = parent.append_child(name);
    if (!html.empty()) node.append_child(pugi::node_cdata).set_value(html.c_str());
    return node;
}

void append_attribute(pugi::xml_node node, const char* name, const std::string& value) {
    node.append_attribute(name).set_value(value.c_str());
}

std::string xml_bytes(const pugi::xml_node& node) {
    StringWriter writer;
    node.print(writer, "", pugi::format_raw | pugi::format_no_declaration, pugi::encoding_utf8);
    if (writer.bytes.find('\r') == std::string::npos) return std::move(writer.bytes);
    // A carriage return that stands there is a line feed to every reader (XML 1.0 section 2.11), and an id another id. HTML,
    // where a reference would mean nothing in its CDATA, has none.
    std::string bytes;
    for (const char c : writer.bytes) c == '\r' ? bytes.append("&#13;") : bytes.append(1, c);
    return bytes;
}

Envelope xml_envelope(const pugi::xml_node& root, std::string_view closing_tags) {
    std::string bytes = xml_bytes(root);
    assert(bytes.ends_with(closing_tags));
    bytes.resize(bytes.size() - closing_tags.size());
    return {.head = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n" + bytes,
            .tail = "\n" + std::string(closing_tags) + "\n",
            .separator = ""};
}

}  // namespace gazetted
