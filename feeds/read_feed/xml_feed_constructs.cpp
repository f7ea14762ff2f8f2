// Text constructs, and the markup within them.

#include "feeds/ascii.hpp"
#include "feeds/read_feed/text_forms.hpp"
#include "feeds/read_feed/xml_feed_reader.hpp"

#include <algorithm>

namespace gazetted {

void XmlFeedReader::start_inline(const XmlName& name, Attributes attributes) {
    Frame frame;
    frame.is_inline = true;
    frame.bases = bases_.size();
    frame.languages = languages_.size();
    take_base_and_language(attributes);
    const bool is_xml = construct_.type == "xhtml" || construct_.type.ends_with("xml");
    if (!is_xml && !construct_.has_markup) {
        // Said to be escaped, but it is not. What was text so far is text of that markup.
        const std::string before = text_.substr(construct_begin_);
        text_.resize(construct_begin_);
        if (construct_.type == "text")
            append_escaped(before, text_);
        else
            text_.append(before);
    }
    if (construct_.type == "text") construct_.type = "xhtml";
    construct_.has_markup = true;
    OpenConstruct& c = construct_;
    if (c.inline_depth == 0) {
        ++c.top_elements;
        c.is_div = equal_ignoring_case(name.local, "div");
    }
    write_tag(name, attributes);
    if (c.inline_depth == 0) c.div_begin = text_.size();
    ++c.inline_depth;
    names_.push_back(text_name(name));
    frame.text_begin = text_.size();
    frames_.push_back(frame);
}

std::string XmlFeedReader::text_name(const XmlName& name) {
    const bool is_html = name.space == Namespace::xhtml || name.space == Namespace::core;
    return is_html ? lower_case(name.local) : std::string(name.local);
}

void XmlFeedReader::append_attribute_value(std::string_view value) {
    for (const char c : value) {
        if (c == '&')
            text_.append("&amp;");
        else if (c == '<' || c == '>')
            text_.append(c == '<' ? "&lt;" : "&gt;");
        else if (c == '"')
            text_.append("&quot;");
        else
            text_.push_back(c);
    }
}

bool XmlFeedReader::is_address(const XmlName& attribute) {
    static constexpr std::string_view addresses[] = {"href", "src", "cite", "poster", "longdesc"};
    return attribute.prefix.empty() &&
           std::find(std::begin(addresses), std::end(addresses), attribute.local) != std::end(addresses);
}

std::string XmlFeedReader::rebased(std::string_view reference) {
    ++rebased_;
    return trimmed(reference).empty() ? std::string(stated_base()) : absolute(reference, stated_base());
}

void XmlFeedReader::write_tag(const XmlName& name, Attributes attributes) {
    text_.append("<").append(text_name(name));
    if (!name.prefix.empty() && name.space == Namespace::svg) text_.append(" xmlns=\"http://www.w3.org/2000/svg\"");
    if (!name.prefix.empty() && name.space == Namespace::mathml) text_.append(" xmlns=\"http://www.w3.org/1998/Math/MathML\"");
    for (const XmlAttribute& a : attributes) {
        const bool is_declaration = a.name.space == Namespace::xmlns;
        if (is_declaration && (a.value == "http://www.w3.org/1999/xhtml" || a.name.prefix == "xmlns")) continue;
        if (is_rebased() && a.name.space == Namespace::xml && a.name.local == "base") continue;
        text_.append(" ");
        if (!a.name.prefix.empty()) text_.append(a.name.prefix).append(":");
        text_.append(a.name.local).append("=\"");
        if (is_rebased() && is_address(a.name))
            append_attribute_value(rebased(a.value));
        else
            append_attribute_value(a.value);
        text_.append("\"");
    }
    text_.append(">");
}

void XmlFeedReader::end_inline() {
    static constexpr std::string_view void_elements[] = {"br",    "hr",   "img",  "input", "area",   "base",  "col",
                                                         "embed", "link", "meta", "param", "source", "track", "wbr"};
    const bool is_empty = frames_.back().text_begin == text_.size();
    frames_.pop_back();
    const std::string& name = names_.back();
    --construct_.inline_depth;
    if (construct_.inline_depth == 0) construct_.div_end = text_.size();
    const bool is_html = construct_.type == "html" || construct_.type == "xhtml";
    const bool is_void = std::find(std::begin(void_elements), std::end(void_elements), name) != std::end(void_elements);
    if (is_void && is_empty) {
        text_.back() = ' ';
        text_.append("/>");
    } else if (!is_void || !is_html) {
        text_.append("</").append(name).append(">");
    }
    names_.pop_back();
}

void XmlFeedReader::start_construct(const ElementRule& rule, Attributes attributes) {
    // Atom 0.3 has one content around several that say the same.
    if (rule.kind == ElementKind::content && lower_case(attribute(attributes, "type")).starts_with("multipart/")) {
        frames_.back().rule = &transparent_;
        return;
    }
    collect();
    construct_depth_ = frames_.size();
    construct_begin_ = text_.size();
    construct_ = {};
    construct_.bases = bases_.size();
    construct_.type = construct_type(attribute(attributes, "type"), rule.type);
    const std::string_view mode = attribute(attributes, "mode");
    construct_.is_base64 = mode == "base64" || is_base64_type(construct_.type);
    construct_.source = absolute(attribute(attributes, "src"), link_base());
}

void XmlFeedReader::end_construct(const ElementRule& rule, const Frame& frame) {
    TextConstruct construct = finish_construct(rule, frame);
    construct_depth_ = 0;
    switch (rule.kind) {
        case ElementKind::construct: {
            TextConstruct& member = members().*rule.construct;
            place_construct(member, rule, std::move(construct));
            return;
        }
        case ElementKind::fallback_title:
            if (is_in_media_content()) set_once(media().contents.back().title, construct.value);
            if (entry_ && fallback_title_.empty()) fallback_title_ = std::move(construct);
            return;
        case ElementKind::description:
            return add_description(rule, std::move(construct));
        default:
            if (entry_ && !source_ && !construct.empty() && has_room(entry_->contents))
                entry_->contents.push_back(std::move(construct));
    }
}

int XmlFeedReader::rank(const ElementRule& rule) {
    return rule.space == Namespace::core ? 3 : rule.space == Namespace::dc || rule.space == Namespace::dcterms ? 2 : 1;
}

bool XmlFeedReader::place_construct(TextConstruct& member, const ElementRule& rule, TextConstruct construct) {
    if (construct.empty()) return true;
    const auto known = std::find_if(ranks_.begin(), ranks_.end(), [&](const auto& r) { return r.first == &member; });
    const int before = member.empty() || known == ranks_.end() ? 0 : known->second;
    if (before >= rank(rule)) return false;
    member = std::move(construct);
    if (known == ranks_.end())
        ranks_.emplace_back(&member, rank(rule));
    else
        known->second = rank(rule);
    return true;
}

void XmlFeedReader::add_description(const ElementRule& rule, TextConstruct construct) {
    if (!entry_ || source_) {
        place_construct(members().subtitle, rule, std::move(construct));
        return;
    }
    TextConstruct copy = rule.space == Namespace::core ? construct : TextConstruct();
    if (place_construct(entry_->summary, rule, std::move(construct))) return;
    if (rule.space == Namespace::core && has_room(entry_->contents)) entry_->contents.push_back(std::move(copy));
}

TextConstruct XmlFeedReader::finish_construct(const ElementRule& rule, const Frame& frame) {
    OpenConstruct& c = construct_;
    std::string_view value = std::string_view(text_).substr(frame.text_begin);
    if (c.type == "xhtml" && c.top_elements == 1 && c.is_div && feed_.format == ParsedFormat::atom10)
        value = std::string_view(text_).substr(c.div_begin, c.div_end - c.div_begin);
    TextConstruct construct;
    construct.value = trimmed(value);
    if (c.is_base64) {
        std::string decoded;
        if (decode_base64(construct.value, decoded)) construct.value = std::move(decoded);
    }
    // Text is as much a part of XML as elements are (RFC 4287 section 4.1.3.3).
    const bool is_xml = c.type == "xhtml" || c.type.ends_with("+xml") || c.type.ends_with("/xml");
    if (is_xml && !c.is_base64 && !c.has_markup && feed_.format == ParsedFormat::atom10) {
        std::string escaped;
        append_escaped(construct.value, escaped);
        construct.value = std::move(escaped);
    }
    if (!is_atom() && c.type == "text" && looks_like_html(construct.value)) c.type = "html";
    // A title is a line of text: it may be emphasised, but frames nothing.
    if (rule.kind == ElementKind::construct && c.type != "text")
        construct.value = without_embedding(std::move(construct.value));
    if (rule.kind == ElementKind::construct && c.type == "html") construct.value = with_characters(construct.value);
    if (c.type == "html" || c.type == "xhtml") construct.value = with_absolute_links(std::move(construct.value), html_base());
    construct.type = std::move(c.type);
    construct.language = language();
    construct.base = stated_base();
    construct.source = std::move(c.source);
    return construct;
}

}  // namespace gazetted
