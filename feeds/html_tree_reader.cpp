#include "feeds/html_tree_reader.hpp"

#include "feeds/html_gate.hpp"
#include "feeds/html_writer.hpp"
#include "feeds/sanitise_html.hpp"
#include "feeds/text.hpp"

#include <gumbo.h>

#include <algorithm>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace gazetted {
namespace {

struct DestroyTree {
    void operator()(GumboOutput* output) const { gumbo_destroy_output(&kGumboDefaultOptions, output); }
};
using HtmlTree = std::unique_ptr<GumboOutput, DestroyTree>;

HtmlTree parse_fragment(const std::string& html) {
    GumboOptions options = kGumboDefaultOptions;
    options.fragment_context = GUMBO_TAG_DIV;
    options.max_errors = 0;  // each error would keep a copy of the parser's stack
    return HtmlTree(gumbo_parse_with_options(&options, html.data(), html.size()));
}

std::string_view name_of(const GumboElement& element) {
    if (element.tag != GUMBO_TAG_UNKNOWN) return gumbo_normalized_tagname(element.tag);
    // The gate wrote it in lower case, with a blank or the tag's end behind the name.
    std::string_view tag(element.original_tag.data, element.original_tag.length);
    tag.remove_prefix(std::min<std::size_t>(tag.size(), 1));
    return tag.substr(0, tag.find_first_of(" />"));
}

template <class T>
std::span<T* const> items_of(const GumboVector& vector) {
    return {reinterpret_cast<T* const*>(vector.data), vector.length};
}

/// Tells the writer a tree.
class Walk {
public:
    explicit Walk(std::string_view base_url) : writer_(base_url) {}

    std::string run(const GumboNode& root) && {
        tell_children(root.v.element);
        return std::move(writer_).finish();
    }

private:
    void tell_children(const GumboElement& element) {
        // The gate bounds the depth; whatever it may have missed shall not overflow the stack.
        static constexpr std::size_t depth_max = 4 * HtmlLimits::depth_max;
        if (depth_ >= depth_max) return;
        ++depth_;
        for (const GumboNode* child : items_of<GumboNode>(element.children)) tell(*child);
        --depth_;
    }

    void tell(const GumboNode& node) {
        switch (node.type) {
            case GUMBO_NODE_ELEMENT:
                return tell_element(node.v.element);
            case GUMBO_NODE_TEXT:
            case GUMBO_NODE_WHITESPACE:
                return writer_.text(legal_xml_text(node.v.text.text));  // references may name what the gate kept out
            default:
                return;  // the gate lets no comments, templates or sections in but its own
        }
    }

    void tell_element(const GumboElement& tree) {
        attributes_.clear();
        for (const GumboAttribute* attribute : items_of<GumboAttribute>(tree.attributes))
            attributes_.push_back({attribute->name, attribute->value});
        writer_.open(tree.tag_namespace == GUMBO_NAMESPACE_HTML ? find_html_element(name_of(tree)) : nullptr, attributes_);
        tell_children(tree);
        writer_.close();
    }

    HtmlWriter writer_;
    std::vector<HtmlAttribute> attributes_;
    std::size_t depth_ = 0;
};

/// The first `bytes_max` bytes, without a character that is cut in two.
std::string_view start_of(std::string_view html, std::size_t bytes_max) {
    if (html.size() <= bytes_max) return html;
    std::size_t end = bytes_max;
    while (end > 0 && (static_cast<unsigned char>(html[end]) & 0xC0U) == 0x80) --end;
    return html.substr(0, end);
}

std::string sanitise_once(std::string_view html, std::string_view base_url) {
    const std::string gated = through_html_gate(html);
    const HtmlTree tree = parse_fragment(gated);
    return Walk(base_url).run(*tree->root);
}

}  // namespace

std::string sanitise_by_tree(std::string_view html, std::string_view base_url) {
    std::string legal(start_of(html, HtmlLimits::bytes_max));
    std::replace(legal.begin(), legal.end(), '\f', ' ');  // white space in HTML, illegal in XML
    legal = legal_xml_text(legal);
    // What was misnested can come out in a shape that reads a little differently the next time, and so can what references
    // named: the shape that stays is the one to publish. The second reading nearly always finds it.
    static constexpr int readings_max = 6;
    std::string result = sanitise_once(legal, base_url);
    for (int reading = 1; reading < readings_max; ++reading) {
        std::string again = sanitise_once(result, base_url);
        if (again == result) break;
        result = std::move(again);
    }
    return result;
}

}  // namespace gazetted
