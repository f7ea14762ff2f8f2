#include "feeds/html_gate.hpp"

#include "feeds/ascii.hpp"
#include "feeds/html_allowlist.hpp"
#include "feeds/html_nesting.hpp"
#include "feeds/html_tag.hpp"
#include "feeds/sanitise_html.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

namespace gazetted {
namespace {

constexpr std::string_view blanks = " \t\n\r\f";

/// The tokenizer of HTML section 13.2.5, without its states for content that is dropped here anyway.
class Gate {
public:
    explicit Gate(std::string_view html) : html_(html), tags_{html} { out_.reserve(html.size() + html.size() / 8); }

    std::string run() && {
        while (tags_.at < html_.size()) {
            const std::size_t open = std::min(html_.find('<', tags_.at), html_.size());
            write_text(html_.substr(tags_.at, open - tags_.at));
            tags_.at = open;
            if (tags_.at < html_.size()) read_markup();
        }
        nesting_.finish();
        return std::move(out_);
    }

private:
    /// `tags_.at` stands on a `<`.
    void read_markup() {
        const std::size_t before = tags_.at;
        if (is_html_letter(tags_.peek(1))) {
            ++tags_.at;
            read_start_tag();
        } else if (tags_.peek(1) == '/' && is_html_letter(tags_.peek(2))) {
            tags_.at += 2;
            read_end_tag();
        } else if (html_.substr(tags_.at).starts_with("<!--")) {
            skip_comment();
        } else if (html_.substr(tags_.at).starts_with("<![CDATA[") && nesting_.in_foreign_content()) {
            skip_past("]]>");
        } else if (tags_.peek(1) == '!' || tags_.peek(1) == '?' || (tags_.peek(1) == '/' && tags_.at + 2 < html_.size())) {
            skip_past(">");
        } else {
            ++tags_.at;
            write_text("&lt;");
            return;
        }
        // Two texts with nothing left between them must not grow into one character reference.
        if (tags_.at > before) gap_ = true;
    }

    void skip_past(std::string_view end) {
        const std::size_t found = html_.find(end, tags_.at);
        tags_.at = found == std::string_view::npos ? html_.size() : found + end.size();
    }

    void skip_comment() {
        tags_.at += 4;
        if (tags_.peek(0) == '>') {
            ++tags_.at;
        } else if (tags_.peek(0) == '-' && tags_.peek(1) == '>') {
            tags_.at += 2;
        } else {
            const std::size_t plain = html_.find("-->", tags_.at);
            const std::size_t odd = html_.substr(0, plain).find("--!>", tags_.at);
            tags_.at = odd != std::string_view::npos ? odd + 4 : plain != std::string_view::npos ? plain + 3 : html_.size();
        }
    }

    void write_text(std::string_view text) {
        if (text.empty() || nesting_.drops_content()) return;
        if (std::exchange(gap_, false) && ends_in_a_reference()) out_.append("<!---->");
        out_.append(text);
    }

    bool ends_in_a_reference() const {
        static constexpr std::size_t reference_bytes_max = 40;
        for (std::size_t i = out_.size(); i > 0 && out_.size() - i < reference_bytes_max; --i) {
            const char c = out_[i - 1];
            if (c == '&') return true;
            if (!is_html_letter(c) && !(c >= '0' && c <= '9') && c != '#') return false;
        }
        return false;
    }

    void read_end_tag() {
        const std::string name = tags_.read_name();
        tags_.skip_attributes();
        if (tags_.at >= html_.size()) return;  // a tag without its end is no tag
        ++tags_.at;
        if (name == "noscript") in_noscript_ = false;
        nesting_.end(name);
    }

    static std::string written(const std::vector<HtmlAttribute>& attributes) {
        std::string to;
        for (const HtmlAttribute& attribute : attributes) {
            to.append(" ").append(attribute.name).append("=\"");
            for (const char c : attribute.value) {
                if (c == '"') {
                    to.append("&quot;");
                } else {
                    to.push_back(c);
                }
            }
            to.push_back('"');
        }
        return to;
    }

    void read_start_tag() {
        const std::string name = tags_.read_name();
        const HtmlElement* element = find_html_element(name);
        const HtmlAttributes attributes = tags_.read_attributes(element);
        if (tags_.at >= html_.size()) return;  // a tag without its end is no tag
        const bool self_closing = html_[tags_.at - 1] == '/';
        ++tags_.at;
        if (name == "noscript") in_noscript_ = true;
        if (element && element->written == "img" && is_same_picture(attributes)) return;
        const bool is_raw =
            element && (element->reading == ElementReading::raw || element->reading == ElementReading::raw_text);
        // A drawing has no raw content; of its writing the text alone is wanted.
        if (is_raw && !(nesting_.in_foreign_content() && nesting_.drops_content())) {
            read_raw_content(*element, attributes.hidden);
        } else {
            const bool is_endless = element && element->reading == ElementReading::dropped && !ends_later(name);
            nesting_.start({.name = name,
                            .element = is_endless ? nullptr : element,
                            .attributes = written(attributes.kept),
                            .hidden = attributes.hidden,
                            .self_closing = self_closing});
        }
        const bool is_told = attributes.video == last_video_ && name != "iframe";
        if (!attributes.video.empty() && !is_told) write_video_link(attributes);
    }

    /// Pages show one picture twice, for those who have scripts and for those who have none; its sizes may differ in the query.
    bool is_same_picture(const HtmlAttributes& attributes) {
        std::string_view source;
        for (const HtmlAttribute& attribute : attributes.kept) {
            const auto late = lazy_src_attributes();
            const bool is_late = std::find(late.begin(), late.end(), attribute.name) != late.end();
            if (is_late || (attribute.name == "src" && source.empty())) source = attribute.value;
        }
        source = source.substr(0, source.find('?'));
        const bool is_same = !source.empty() && source == last_picture_ && in_noscript_ != is_last_in_noscript_;
        last_picture_ = source;
        is_last_in_noscript_ = in_noscript_;
        return is_same;
    }

    /// Where the next end tag of `name` begins, or the end of all.
    std::size_t find_end_tag(std::string_view name) const {
        for (std::size_t at = html_.find("</", tags_.at); at != std::string_view::npos; at = html_.find("</", at + 2)) {
            const std::string_view rest = html_.substr(at + 2);
            if (rest.size() <= name.size() ||
                !(is_html_blank(rest[name.size()]) || rest[name.size()] == '/' || rest[name.size()] == '>'))
                continue;
            if (std::equal(name.begin(), name.end(), rest.begin(), [](char a, char b) { return a == lower(b); })) return at;
        }
        return html_.size();
    }

    /// The rest of an article is no part of what never ends. Each byte is searched once for each of a few names.
    bool ends_later(std::string_view name) {
        const auto known = std::find_if(ends_.begin(), ends_.end(), [&](const EndTag& it) { return it.name == name; });
        EndTag& end = known == ends_.end() ? ends_.emplace_back(EndTag{.name = std::string(name)}) : *known;
        if (end.at < tags_.at) end.at = find_end_tag(name);
        return end.at < html_.size();
    }

    void read_raw_content(const HtmlElement& element, bool hidden) {
        const bool is_program = element.name == "script" || element.name == "style";
        const bool is_code = !element.written.empty();
        if (!is_program && !is_code && !ends_later(element.name)) return;
        const std::size_t end = find_end_tag(element.name);
        const std::string_view content = html_.substr(tags_.at, end - tags_.at);
        tags_.at = end;
        if (end < html_.size()) skip_past(">");
        if (element.reading == ElementReading::raw || (hidden && !is_code)) return;
        gap_ = true;
        if (is_code) nesting_.start({.name = "pre", .element = find_html_element("pre"), .attributes = {}, .hidden = hidden});
        write_escaped(content, is_code ? "<&" : "<");
        if (is_code) nesting_.end("pre");
    }

    /// `signs` are those that would be read as markup.
    void write_escaped(std::string_view text, std::string_view signs) {
        for (std::size_t at = 0; at < text.size();) {
            const std::size_t sign = std::min(text.find_first_of(signs, at), text.size());
            write_text(text.substr(at, sign - at));
            if (sign < text.size()) write_text(text[sign] == '<' ? "&lt;" : "&amp;");
            at = sign + 1;
        }
    }

    /// A player is a foreign program in the reader's page; a link to the same video is for everyone.
    void write_video_link(const HtmlAttributes& attributes) {
        if (nesting_.drops_content() || attributes.hidden) return;
        const std::string_view title =
            attributes.title.find_first_not_of(blanks) == std::string_view::npos ? attributes.video : attributes.title;
        nesting_.start({.name = "a", .element = find_html_element("a"), .attributes = " href=\"" + attributes.video + "\""});
        write_escaped(title, "<");
        nesting_.end("a");
        last_video_ = attributes.video;
    }

    struct EndTag {
        std::string name;
        std::size_t at = 0;  ///< before it there is none; where what was read already ends: search again
    };

    std::string_view html_;
    HtmlTags tags_;
    bool gap_ = false;
    bool in_noscript_ = false;
    bool is_last_in_noscript_ = false;
    std::string_view last_picture_;
    std::string last_video_;
    std::vector<EndTag> ends_;  ///< of what is left out, as far as somebody asked
    std::string out_;
    HtmlNesting nesting_{out_};
};

}  // namespace

std::string through_html_gate(std::string_view html) { return Gate(html).run(); }

}  // namespace gazetted
