#include "feeds/html_writer.hpp"

#include "feeds/html_attributes.hpp"

#include <algorithm>
#include <utility>

namespace gazetted {
namespace {

/// Null: there is none.
const HtmlAttribute* find_attribute(std::span<const HtmlAttribute> attributes, std::string_view name) {
    const auto found =
        std::find_if(attributes.begin(), attributes.end(), [&](const HtmlAttribute& it) { return it.name == name; });
    return found == attributes.end() ? nullptr : &*found;
}

/// The first link of what canonical_srcset() made; it may hold commas but ends in none.
std::string first_of_srcset(std::string_view srcset) {
    std::string_view link = srcset.substr(0, srcset.find(' '));
    if (link.ends_with(',')) link.remove_suffix(1);
    return std::string(link);
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

}  // namespace

void HtmlWriter::open(const HtmlElement* element, Attributes attributes) {
    if (left_out_ > 0) {
        ++left_out_;
        return;
    }
    Open opened{.element = element, .start = out_.size(), .solid = solid_, .sources = sources_};
    if (element && !element->written.empty()) opened.kind = begin(*element, attributes, opened);
    opened.inner = out_.size();
    if (opened.kind == Kind::left_out) {
        left_out_ = 1;
        return;
    }
    if (opened.kind == Kind::wrapper && element->name == "pre") pre_start_ = opened.inner;
    open_.push_back(opened);
}

HtmlWriter::Kind HtmlWriter::begin(const HtmlElement& element, Attributes attributes, Open& opened) {
    if (find_attribute(attributes, "hidden")) return Kind::left_out;
    if (element.reading == ElementReading::leaf) {
        write_leaf(element, attributes);
        return Kind::left_out;
    }
    if (element.name == "a") return begin_link(element, attributes);
    if (element.name == "video" || element.name == "audio") return begin_player(element, attributes, opened);
    const std::size_t start = out_.size();
    write_start(element, attributes, ">");
    if (element.name == "span" && out_.size() - start == std::string_view("<span>").size()) {
        out_.resize(start);  // says nothing
        return Kind::unwrapped;
    }
    return Kind::wrapper;
}

void HtmlWriter::text(std::string_view text) {
    if (left_out_ > 0) return;
    // A parser skips the first line end inside <pre>.
    if (out_.size() == pre_start_) text.remove_prefix(std::min(text.find_first_not_of('\n'), text.size()));
    if (!is_blank(text)) ++solid_;
    append_escaped_legal_html(out_, text);
}

void HtmlWriter::close() {
    if (left_out_ > 0) {
        --left_out_;
        return;
    }
    const Open closed = open_.back();
    open_.pop_back();
    if (closed.kind == Kind::wrapper) end_wrapper(closed);
    if (closed.kind == Kind::player) end_player(closed);
    if (closed.kind == Kind::link) {
        end_wrapper(closed);
        in_link_ = false;
    }
}

std::string HtmlWriter::finish() && {
    constexpr std::string_view blanks = " \t\n";
    out_.erase(out_.find_last_not_of(blanks) + 1);
    out_.erase(0, std::min(out_.find_first_not_of(blanks), out_.size()));
    return std::move(out_);
}

/// A wrapper around nothing is taken back, a blank in a phrase stays one.
void HtmlWriter::end_wrapper(const Open& closed) {
    const ElementReading reading = closed.element->reading;
    const bool in_row = reading == ElementReading::table_part && closed.element->name != "caption";
    if (solid_ != closed.solid || in_row) {
        out_.append("</").append(closed.element->name).append(">");
    } else if (reading == ElementReading::block || reading == ElementReading::table_part) {
        out_.resize(closed.start);
    } else {
        out_.erase(closed.start, closed.inner - closed.start);
    }
}

void HtmlWriter::write_start(const HtmlElement& element, Attributes attributes, std::string_view end) {
    out_.append("<").append(element.name);
    for (const std::string_view name : html_attributes_of_all()) write_attribute(element, attributes, name);
    for (const std::string_view name : element.attributes) write_attribute(element, attributes, name);
    out_.append(end);
}

/// False: there is none, or none that is fit.
bool HtmlWriter::write_attribute(const HtmlElement& element, Attributes attributes, std::string_view name) {
    const HtmlAttribute* found = attributes.empty() ? nullptr : find_attribute(attributes, name);
    if (!found || !canonical_html_attribute(element.name, name, found->value, base_url_, canonical_)) return false;
    append_attribute(name, canonical_);
    return true;
}

void HtmlWriter::append_attribute(std::string_view name, std::string_view value) {
    out_.append(" ").append(name).append("=\"");
    append_escaped_html(out_, value);
    out_.append("\"");
}

void HtmlWriter::write_leaf(const HtmlElement& element, Attributes attributes) {
    if (element.name == "img") return write_image(element, attributes);
    if (element.name == "source") return write_source(element, attributes);
    if (element.name == "hr") ++solid_;
    write_start(element, attributes, "/>");
}

HtmlWriter::Kind HtmlWriter::begin_link(const HtmlElement& element, Attributes attributes) {
    if (in_link_ || !find_attribute(attributes, "href")) return Kind::unwrapped;
    const std::size_t start = out_.size();
    out_.append("<a");
    for (const std::string_view name : html_attributes_of_all()) write_attribute(element, attributes, name);
    if (!write_attribute(element, attributes, "href")) {
        out_.resize(start);
        return Kind::unwrapped;
    }
    write_attribute(element, attributes, "hreflang");
    out_.append(" rel=\"noopener noreferrer\">");
    in_link_ = true;
    return Kind::link;
}

/// The link that a script would have loaded late, else the one that is there.
std::string HtmlWriter::source_link(Attributes attributes) const {
    for (const std::string_view name : lazy_src_attributes()) {
        const HtmlAttribute* late = find_attribute(attributes, name);
        // Some scripts keep more than an address there.
        if (!late || late->value.find_first_of("{}<> ") != std::string_view::npos) continue;
        if (std::string link = media_link(late->value, base_url_); !link.empty()) return link;
    }
    const HtmlAttribute* src = find_attribute(attributes, "src");
    return src ? media_link(src->value, base_url_) : std::string();
}

std::string HtmlWriter::source_set(Attributes attributes) const {
    for (const std::string_view name : lazy_srcset_attributes()) {
        const HtmlAttribute* late = find_attribute(attributes, name);
        if (std::string set = late ? canonical_srcset(late->value, base_url_) : std::string(); !set.empty()) return set;
    }
    const HtmlAttribute* srcset = find_attribute(attributes, "srcset");
    return srcset ? canonical_srcset(srcset->value, base_url_) : std::string();
}

void HtmlWriter::write_image(const HtmlElement& element, Attributes attributes) {
    const std::string srcset = source_set(attributes);
    std::string src = source_link(attributes);
    if (src.empty()) src = first_of_srcset(srcset);
    if (src.empty()) return;
    ++solid_;
    out_.append("<img");
    append_attribute("src", src);
    if (!srcset.empty()) append_attribute("srcset", srcset);
    const HtmlAttribute* alt = find_attribute(attributes, "alt");
    const bool has_alt = alt && canonical_html_attribute("img", "alt", alt->value, base_url_, canonical_);
    append_attribute("alt", has_alt ? canonical_ : std::string());
    for (const std::string_view name : html_attributes_of_all()) write_attribute(element, attributes, name);
    for (const std::string_view name : {"sizes", "width", "height"}) write_attribute(element, attributes, name);
    out_.append("/>");
}

void HtmlWriter::write_source(const HtmlElement& element, Attributes attributes) {
    const std::string_view parent = open_.empty() || !open_.back().element ? std::string_view() : open_.back().element->name;
    const bool picture = parent == "picture";
    if (!picture && parent != "video" && parent != "audio") return;
    const std::string link = picture ? source_set(attributes) : source_link(attributes);
    if (link.empty()) return;
    if (!picture) ++sources_;
    out_.append("<source");
    append_attribute(picture ? "srcset" : "src", link);
    for (const std::string_view name : {"sizes", "media", "type"}) write_attribute(element, attributes, name);
    out_.append("/>");
}

HtmlWriter::Kind HtmlWriter::begin_player(const HtmlElement& element, Attributes attributes, Open& opened) {
    const std::string src = source_link(attributes);
    opened.has_source = !src.empty();
    out_.append("<").append(element.name).append(" controls=\"\" preload=\"none\"");
    if (opened.has_source) append_attribute("src", src);
    for (const std::string_view name : html_attributes_of_all()) write_attribute(element, attributes, name);
    for (const std::string_view name : {"poster", "width", "height"}) write_attribute(element, attributes, name);
    out_.append(">");
    return Kind::player;
}

/// Without anything to play, what remains is what stands inside for those who cannot play it.
void HtmlWriter::end_player(const Open& closed) {
    if (!closed.has_source && sources_ == closed.sources) {
        out_.erase(closed.start, closed.inner - closed.start);
        return;
    }
    ++solid_;
    out_.append("</").append(closed.element->name).append(">");
}

}  // namespace gazetted
