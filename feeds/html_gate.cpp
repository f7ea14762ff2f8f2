#include "feeds/html_gate.hpp"

#include "feeds/html_allowlist.hpp"
#include "feeds/html_nesting.hpp"
#include "feeds/sanitise_html.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace gazetted {
namespace {

constexpr std::string_view blanks = " \t\n\r\f";
constexpr std::size_t name_bytes_max = 64;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
bool is_letter(char c) { return lower(c) >= 'a' && lower(c) <= 'z'; }
bool is_blank(char c) { return blanks.find(c) != std::string_view::npos; }

/// An element may be hidden by its style alone. Two pixels and more are a picture, less is there to count readers.
struct StyleReading {
    bool hidden = false;
    bool narrow = false;
    bool low = false;
};

bool is_tiny_length(std::string_view value) { return value == "0" || value == "0px" || value == "1px" || value == "1"; }

StyleReading read_style(std::string_view style) {
    StyleReading reading;
    while (!style.empty()) {
        const std::size_t end = std::min(style.find(';'), style.size());
        std::string declaration;
        for (const char c : style.substr(0, end)) {
            if (!is_blank(c)) declaration.push_back(lower(c));
        }
        style.remove_prefix(std::min(end + 1, style.size()));
        const std::size_t important = declaration.find('!');
        const std::string_view plain = std::string_view(declaration).substr(0, important);
        if (plain == "display:none" || plain == "visibility:hidden") reading.hidden = true;
        if (plain.starts_with("width:")) reading.narrow = is_tiny_length(plain.substr(6));
        if (plain.starts_with("height:")) reading.low = is_tiny_length(plain.substr(7));
    }
    return reading;
}

/// The tokenizer of HTML section 13.2.5, without its states for content that is dropped here anyway.
class Gate {
public:
    explicit Gate(std::string_view html) : html_(html) { out_.reserve(html.size() + html.size() / 8); }

    std::string run() && {
        while (at_ < html_.size()) {
            const std::size_t open = std::min(html_.find('<', at_), html_.size());
            write_text(html_.substr(at_, open - at_));
            at_ = open;
            if (at_ < html_.size()) read_markup();
        }
        nesting_.finish();
        return std::move(out_);
    }

private:
    char peek(std::size_t ahead) const { return at_ + ahead < html_.size() ? html_[at_ + ahead] : '\0'; }

    /// `at_` stands on a `<`.
    void read_markup() {
        const std::size_t before = at_;
        if (is_letter(peek(1))) {
            ++at_;
            read_start_tag();
        } else if (peek(1) == '/' && is_letter(peek(2))) {
            at_ += 2;
            read_end_tag();
        } else if (html_.substr(at_).starts_with("<!--")) {
            skip_comment();
        } else if (html_.substr(at_).starts_with("<![CDATA[") && nesting_.in_foreign_content()) {
            skip_past("]]>");
        } else if (peek(1) == '!' || peek(1) == '?' || (peek(1) == '/' && at_ + 2 < html_.size())) {
            skip_past(">");
        } else {
            ++at_;
            write_text("&lt;");
            return;
        }
        // Two texts with nothing left between them must not grow into one character reference.
        if (at_ > before) gap_ = true;
    }

    void skip_past(std::string_view end) {
        const std::size_t found = html_.find(end, at_);
        at_ = found == std::string_view::npos ? html_.size() : found + end.size();
    }

    void skip_comment() {
        at_ += 4;
        if (peek(0) == '>') {
            ++at_;
        } else if (peek(0) == '-' && peek(1) == '>') {
            at_ += 2;
        } else {
            const std::size_t plain = html_.find("-->", at_);
            const std::size_t odd = html_.substr(0, plain).find("--!>", at_);
            at_ = odd != std::string_view::npos ? odd + 4 : plain != std::string_view::npos ? plain + 3 : html_.size();
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
            if (!is_letter(c) && !(c >= '0' && c <= '9') && c != '#') return false;
        }
        return false;
    }

    std::string read_tag_name() {
        const std::size_t start = at_;
        while (at_ < html_.size() && !is_blank(html_[at_]) && html_[at_] != '/' && html_[at_] != '>') ++at_;
        std::string name(html_.substr(start, std::min(at_ - start, name_bytes_max)));
        for (char& c : name) c = lower(c);
        return name;
    }

    struct Attribute {
        std::string name;
        std::string_view value;
    };

    /// False at a tag's end. Escapes in the value are left for the parser.
    bool read_attribute(Attribute& attribute) {
        while (at_ < html_.size() && (is_blank(html_[at_]) || html_[at_] == '/')) ++at_;
        if (at_ >= html_.size() || html_[at_] == '>') return false;
        const std::size_t start = at_++;
        while (at_ < html_.size() && !is_blank(html_[at_]) && html_[at_] != '/' && html_[at_] != '>' && html_[at_] != '=')
            ++at_;
        attribute.name = html_.substr(start, std::min(at_ - start, name_bytes_max));
        for (char& c : attribute.name) c = lower(c);
        attribute.value = {};
        skip_blanks();
        if (peek(0) != '=') return true;
        ++at_;
        skip_blanks();
        attribute.value = read_value();
        return true;
    }

    void skip_blanks() {
        while (at_ < html_.size() && is_blank(html_[at_])) ++at_;
    }

    std::string_view read_value() {
        const char quote = peek(0);
        const std::size_t start = quote == '"' || quote == '\'' ? at_ + 1 : at_;
        if (start == at_) {
            while (at_ < html_.size() && !is_blank(html_[at_]) && html_[at_] != '>') ++at_;
            return html_.substr(start, at_ - start);
        }
        const std::size_t end = std::min(html_.find(quote, start), html_.size());
        at_ = std::min(end + 1, html_.size());
        return html_.substr(start, end - start);
    }

    void read_end_tag() {
        const std::string name = read_tag_name();
        Attribute ignored;
        while (read_attribute(ignored)) {
        }
        if (at_ >= html_.size()) return;  // a tag without its end is no tag
        ++at_;
        nesting_.end(name);
    }

    /// What a start tag's attributes come to.
    struct Attributes {
        std::string written;
        std::string video;  ///< the page of an embedded player
        std::string_view title;
        bool hidden = false;
    };

    Attributes read_attributes(const HtmlElement* element) {
        Attributes result;
        std::uint64_t seen = 0;
        std::size_t count = 0;
        std::size_t bytes = 0;
        bool narrow = false;
        bool low = false;
        bool lazy = false;  // a placeholder may be tiny, what replaces it is not
        const bool picture = element && element->written == "img";
        const bool frame = element && element->name == "iframe";
        for (Attribute attribute; read_attribute(attribute);) {
            bytes += attribute.name.size() + attribute.value.size();
            if (++count > HtmlLimits::attributes_per_tag_max || bytes > HtmlLimits::attribute_bytes_max) continue;
            if (attribute.name == "style") {
                const StyleReading style = read_style(attribute.value);
                result.hidden |= style.hidden;
                narrow |= style.narrow;
                low |= style.low;
                continue;
            }
            lazy |= attribute.name.starts_with("data-") && !attribute.value.empty() &&
                    (attribute.name.find("src") != std::string::npos || attribute.name == "data-original");
            if (attribute.name == "width") narrow |= is_tiny_length(attribute.value);
            if (attribute.name == "height") low |= is_tiny_length(attribute.value);
            // Scripts show what the attribute hides, so texts are kept; a picture behind it is there for someone else.
            if (attribute.name == "hidden" && picture) result.hidden = true;
            if (frame && result.video.empty() && attribute.name.ends_with("src")) result.video = video_page(attribute.value);
            if (attribute.name == "title") result.title = attribute.value;
            write_attribute(attribute, element, seen, result.written);
        }
        if (picture && narrow && low && !lazy) result.hidden = true;
        return result;
    }

    static void write_attribute(const Attribute& attribute, const HtmlElement* element, std::uint64_t& seen, std::string& to) {
        std::uint64_t bit = 1;
        const auto take = [&](std::span<const std::string_view> names) {
            for (const std::string_view name : names) {
                if (name == attribute.name) return true;
                bit <<= 1U;
            }
            return false;
        };
        if (!take(html_attributes_of_all()) && !(element && take(element->attributes))) return;
        if ((seen & bit) != 0) return;  // the first of a name counts
        seen |= bit;
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

    void read_start_tag() {
        const std::string name = read_tag_name();
        const HtmlElement* element = find_html_element(name);
        Attributes attributes = read_attributes(element);
        if (at_ >= html_.size()) return;  // a tag without its end is no tag
        const bool self_closing = html_[at_ - 1] == '/';
        ++at_;
        if (element && element->reading == ElementReading::raw && !nesting_.in_foreign_content()) {
            skip_raw_content(name);
            if (!attributes.video.empty()) write_video_link(attributes);
            return;
        }
        nesting_.start({.name = name,
                        .element = element,
                        .attributes = std::move(attributes.written),
                        .hidden = attributes.hidden,
                        .self_closing = self_closing});
    }

    void skip_raw_content(std::string_view name) {
        while (at_ < html_.size()) {
            at_ = std::min(html_.find("</", at_), html_.size());
            const std::string_view rest = html_.substr(std::min(at_ + 2, html_.size()));
            at_ = std::min(at_ + 2, html_.size());
            if (rest.size() <= name.size() ||
                !(is_blank(rest[name.size()]) || rest[name.size()] == '/' || rest[name.size()] == '>'))
                continue;
            if (!std::equal(name.begin(), name.end(), rest.begin(), [](char a, char b) { return a == lower(b); })) continue;
            return skip_past(">");
        }
    }

    /// A player is a foreign program in the reader's page; a link to the same video is for everyone.
    void write_video_link(const Attributes& attributes) {
        if (nesting_.drops_content() || attributes.hidden) return;
        const std::string_view title =
            attributes.title.find_first_not_of(blanks) == std::string_view::npos ? attributes.video : attributes.title;
        nesting_.start({.name = "a", .element = find_html_element("a"), .attributes = " href=\"" + attributes.video + "\""});
        for (std::size_t at = 0; at < title.size();) {
            const std::size_t open = std::min(title.find('<', at), title.size());
            write_text(title.substr(at, open - at));
            if (open < title.size()) write_text("&lt;");
            at = open + 1;
        }
        nesting_.end("a");
    }

    std::string_view html_;
    std::size_t at_ = 0;
    bool gap_ = false;
    std::string out_;
    HtmlNesting nesting_{out_};
};

}  // namespace

std::string through_html_gate(std::string_view html) { return Gate(html).run(); }

}  // namespace gazetted
