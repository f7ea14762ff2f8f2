#include "feeds/html_writer.hpp"

#include "feeds/html_allowlist.hpp"
#include "feeds/html_attributes.hpp"
#include "feeds/sanitise_html.hpp"

#include <gumbo.h>

#include <algorithm>
#include <span>

namespace gazetted {
namespace {

std::string_view name_of(const GumboElement& element) {
    if (element.tag != GUMBO_TAG_UNKNOWN) return gumbo_normalized_tagname(element.tag);
    // The gate wrote it in lower case, with a blank or the tag's end behind the name.
    std::string_view tag(element.original_tag.data, element.original_tag.length);
    tag.remove_prefix(std::min<std::size_t>(tag.size(), 1));
    return tag.substr(0, tag.find_first_of(" />"));
}

std::span<GumboNode* const> children_of(const GumboElement& element) {
    return {reinterpret_cast<GumboNode* const*>(element.children.data), element.children.length};
}

const char* attribute_of(const GumboElement& element, std::string_view name) {
    const GumboAttribute* attribute = gumbo_get_attribute(&element.attributes, std::string(name).c_str());
    return attribute ? attribute->value : nullptr;
}

/// White space, also the kinds that collapse_space() keeps: they show nothing either.
bool is_blank(std::string_view text) {
    static constexpr std::string_view invisible[] = {
        "\xC2\xA0",     "\xC2\x85",     "\xE3\x80\x80", "\xE2\x80\x8B", "\xE2\x80\xA8", "\xE2\x80\xA9", "\xE2\x80\xAF",
        "\xE2\x81\x9F", "\xEF\xBB\xBF", "\xE2\x80\x83", "\xE2\x80\x82", "\xE2\x80\x89", "\xC2\xAD"};
    while (!text.empty()) {
        if (static_cast<unsigned char>(text.front()) <= ' ') {
            text.remove_prefix(1);
            continue;
        }
        const auto found =
            std::find_if(std::begin(invisible), std::end(invisible), [&](std::string_view i) { return text.starts_with(i); });
        if (found == std::end(invisible)) return false;
        text.remove_prefix(found->size());
    }
    return true;
}

class Writer {
public:
    explicit Writer(std::string_view base_url) : base_url_(base_url) {}

    std::string run(const GumboNode& root) && {
        write_children(root.v.element);
        constexpr std::string_view blanks = " \t\n";
        out_.erase(out_.find_last_not_of(blanks) + 1);
        out_.erase(0, std::min(out_.find_first_not_of(blanks), out_.size()));
        return std::move(out_);
    }

private:
    void write_children(const GumboElement& element) {
        // The gate bounds the depth; whatever it may have missed shall not overflow the stack.
        static constexpr std::size_t depth_max = 4 * HtmlLimits::depth_max;
        if (depth_ >= depth_max) return;
        ++depth_;
        for (const GumboNode* child : children_of(element)) write_node(*child);
        --depth_;
    }

    void write_node(const GumboNode& node) {
        switch (node.type) {
            case GUMBO_NODE_ELEMENT:
                return write_element(node);
            case GUMBO_NODE_TEXT:
            case GUMBO_NODE_WHITESPACE:
                return write_text(node.v.text.text);
            default:
                return;  // the gate lets no comments, templates or sections in but its own
        }
    }

    void write_text(std::string_view text) {
        // A parser skips the first line end inside <pre>.
        if (out_.size() == pre_start_) text.remove_prefix(std::min(text.find_first_not_of('\n'), text.size()));
        if (!is_blank(text)) ++solid_;
        append_escaped_html(out_, text);
    }

    void write_element(const GumboNode& node) {
        const GumboElement& tree = node.v.element;
        const HtmlElement* element = find_html_element(name_of(tree));
        if (!element || element->written.empty() || tree.tag_namespace != GUMBO_NAMESPACE_HTML) return write_children(tree);
        if (attribute_of(tree, "hidden")) return;
        if (element->name == "img") return write_image(tree, *element);
        if (element->name == "source") return write_source(node, *element);
        if (element->reading == ElementReading::leaf) return write_leaf(tree, *element);
        if (element->name == "a") return write_link(tree, *element);
        if (element->name == "video" || element->name == "audio") return write_player(tree, *element);
        const std::size_t start = out_.size();
        write_start(tree, *element, ">");
        if (element->name == "span" && out_.size() - start == std::string_view("<span>").size()) {
            out_.resize(start);  // says nothing
            return write_children(tree);
        }
        write_content(tree, *element, start);
    }

    /// Content and end tag; a wrapper around nothing is taken back, a blank in a phrase stays one.
    void write_content(const GumboElement& tree, const HtmlElement& element, std::size_t start) {
        const std::size_t inner = out_.size();
        const std::size_t solid = solid_;
        if (element.name == "pre") pre_start_ = inner;
        write_children(tree);
        const bool in_row = element.reading == ElementReading::table_part && element.name != "caption";
        if (solid_ != solid || in_row) {
            out_.append("</").append(element.name).append(">");
        } else if (element.reading == ElementReading::block || element.reading == ElementReading::table_part) {
            out_.resize(start);
        } else {
            out_.erase(start, inner - start);
        }
    }

    void write_start(const GumboElement& tree, const HtmlElement& element, std::string_view end) {
        out_.append("<").append(element.name);
        for (const std::string_view name : html_attributes_of_all()) write_attribute(tree, element, name);
        for (const std::string_view name : element.attributes) write_attribute(tree, element, name);
        out_.append(end);
    }

    void write_attribute(const GumboElement& tree, const HtmlElement& element, std::string_view name) {
        const char* value = attribute_of(tree, name);
        if (!value) return;
        if (canonical_html_attribute(element.name, name, value, base_url_, canonical_)) append_attribute(name, canonical_);
    }

    void append_attribute(std::string_view name, std::string_view value) {
        out_.append(" ").append(name).append("=\"");
        append_escaped_html(out_, value);
        out_.append("\"");
    }

    void write_leaf(const GumboElement& tree, const HtmlElement& element) {
        if (element.name == "hr") ++solid_;
        write_start(tree, element, "/>");
    }

    void write_link(const GumboElement& tree, const HtmlElement& element) {
        const char* href = attribute_of(tree, "href");
        if (!href || in_link_ || !canonical_html_attribute("a", "href", href, base_url_, canonical_))
            return write_children(tree);
        const std::size_t start = out_.size();
        write_start(tree, element, " rel=\"noopener noreferrer\">");
        in_link_ = true;
        write_content(tree, element, start);
        in_link_ = false;
    }

    /// The link that a script would have loaded late, else the one that is there.
    std::string source_link(const GumboElement& tree) const {
        for (const std::string_view name : lazy_src_attributes()) {
            const char* value = attribute_of(tree, name);
            // Some scripts keep more than an address there.
            if (!value || std::string_view(value).find_first_of("{}<> ") != std::string_view::npos) continue;
            if (std::string link = media_link(value, base_url_); !link.empty()) return link;
        }
        const char* src = attribute_of(tree, "src");
        return src ? media_link(src, base_url_) : std::string();
    }

    std::string source_set(const GumboElement& tree) const {
        for (const std::string_view name : lazy_srcset_attributes()) {
            const char* value = attribute_of(tree, name);
            if (std::string set = value ? canonical_srcset(value, base_url_) : std::string(); !set.empty()) return set;
        }
        const char* srcset = attribute_of(tree, "srcset");
        return srcset ? canonical_srcset(srcset, base_url_) : std::string();
    }

    void write_image(const GumboElement& tree, const HtmlElement& element) {
        const std::string srcset = source_set(tree);
        std::string src = source_link(tree);
        if (src.empty()) src = srcset.substr(0, srcset.find_first_of(" ,"));
        if (src.empty()) return;
        ++solid_;
        out_.append("<img");
        append_attribute("src", src);
        if (!srcset.empty()) append_attribute("srcset", srcset);
        const char* alt = attribute_of(tree, "alt");
        append_attribute(
            "alt", alt && canonical_html_attribute("img", "alt", alt, base_url_, canonical_) ? canonical_ : std::string());
        for (const std::string_view name : html_attributes_of_all()) write_attribute(tree, element, name);
        for (const std::string_view name : {"sizes", "width", "height"}) write_attribute(tree, element, name);
        out_.append("/>");
    }

    void write_source(const GumboNode& node, const HtmlElement& element) {
        const std::string_view parent = node.parent ? name_of(node.parent->v.element) : std::string_view();
        const bool picture = parent == "picture";
        if (!picture && parent != "video" && parent != "audio") return;
        const std::string link = picture ? source_set(node.v.element) : source_link(node.v.element);
        if (link.empty()) return;
        if (!picture) ++sources_;
        out_.append("<source");
        append_attribute(picture ? "srcset" : "src", link);
        for (const std::string_view name : {"sizes", "media", "type"}) write_attribute(node.v.element, element, name);
        out_.append("/>");
    }

    /// Without anything to play, what remains is what stands inside for those who cannot play it.
    void write_player(const GumboElement& tree, const HtmlElement& element) {
        const std::size_t start = out_.size();
        const std::size_t sources = sources_;
        const std::string src = source_link(tree);
        out_.append("<").append(element.name).append(" controls=\"\" preload=\"none\"");
        if (!src.empty()) append_attribute("src", src);
        for (const std::string_view name : html_attributes_of_all()) write_attribute(tree, element, name);
        for (const std::string_view name : {"poster", "width", "height"}) write_attribute(tree, element, name);
        out_.append(">");
        const std::size_t inner = out_.size();
        write_children(tree);
        if (src.empty() && sources_ == sources) {
            out_.erase(start, inner - start);
            return;
        }
        ++solid_;
        out_.append("</").append(element.name).append(">");
    }

    std::string_view base_url_;
    std::string out_;
    std::string canonical_;
    std::size_t depth_ = 0;
    std::size_t solid_ = 0;    ///< things written that a person sees
    std::size_t sources_ = 0;  ///< of players
    std::size_t pre_start_ = std::string::npos;
    bool in_link_ = false;
};

}  // namespace

std::string write_safe_html(const GumboInternalNode& root, std::string_view base_url) { return Writer(base_url).run(root); }

}  // namespace gazetted
