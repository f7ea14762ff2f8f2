#pragma once

#include "feeds/html_allowlist.hpp"
#include "feeds/html_tag.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gazetted {

/// Writes a tree, told element by element, as HTML that is a well-formed XML fragment too: allow-listed elements with
/// allow-listed attributes, links absolute against `base_url`, everything else escaped. Lazy images get the source that a
/// script would have given them; hidden elements go with their content, empty wrappers without. It trusts nobody: what is
/// safe does not depend on who tells the tree.
class HtmlWriter {
public:
    explicit HtmlWriter(std::string_view base_url) : base_url_(base_url) {}

    /// Null: an element that is unwrapped. Attributes have their values with escapes resolved; `hidden` is one of them.
    void open(const HtmlElement*, std::span<const HtmlAttribute>);
    /// Legal in XML.
    void text(std::string_view legal);
    /// The innermost open element. Each is closed.
    void close();

    std::size_t bytes() const noexcept { return out_.size(); }
    void reserve(std::size_t bytes) { out_.reserve(bytes); }
    /// Without the blanks at either end.
    std::string finish() &&;

private:
    using Attributes = std::span<const HtmlAttribute>;
    enum class Kind { unwrapped, wrapper, link, player, left_out };
    struct Open {
        const HtmlElement* element = nullptr;
        Kind kind = Kind::unwrapped;
        std::size_t start = 0;  ///< of its start tag in `out_`
        std::size_t inner = 0;  ///< of its content
        std::size_t solid = 0;
        std::size_t sources = 0;
        bool has_source = false;
    };

    Kind begin(const HtmlElement&, Attributes, Open&);
    void end_wrapper(const Open&);
    void end_player(const Open&);
    void write_start(const HtmlElement&, Attributes, std::string_view end);
    bool write_attribute(const HtmlElement&, Attributes, std::string_view name);
    void append_attribute(std::string_view name, std::string_view value);
    void write_leaf(const HtmlElement&, Attributes);
    void write_image(const HtmlElement&, Attributes);
    void write_source(const HtmlElement&, Attributes);
    Kind begin_link(const HtmlElement&, Attributes);
    Kind begin_player(const HtmlElement&, Attributes, Open&);
    std::string source_link(Attributes) const;
    std::string source_set(Attributes) const;

    std::string_view base_url_;
    std::string out_;
    std::string canonical_;
    std::vector<Open> open_;
    std::size_t left_out_ = 0;  ///< open elements from the outermost that is left out
    std::size_t solid_ = 0;     ///< things written that a person sees
    std::size_t sources_ = 0;   ///< of players
    std::size_t pre_start_ = std::string::npos;
    bool in_link_ = false;
};

}  // namespace gazetted
