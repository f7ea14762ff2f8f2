#include "feeds/html_tag.hpp"

#include "feeds/ascii.hpp"
#include "feeds/sanitise_html.hpp"

#include <algorithm>
#include <cstdint>
#include <span>

namespace gazetted {
namespace {

constexpr std::size_t name_bytes_max = 64;

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
            if (!is_html_blank(c)) declaration.push_back(lower(c));
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

/// Takes those attributes of a tag that the allow-list names, the first of each name.
class Sieve {
public:
    Sieve(const HtmlElement* element, std::vector<HtmlAttribute>& kept) : element_(element), kept_(kept) {}

    void take(std::string_view name, std::string_view value) {
        std::uint64_t bit = 1;
        if (!take_of(html_attributes_of_all(), name, value, bit) && element_) take_of(element_->attributes, name, value, bit);
    }

private:
    bool take_of(std::span<const std::string_view> names, std::string_view name, std::string_view value, std::uint64_t& bit) {
        for (const std::string_view allowed : names) {
            if (allowed == name) {
                if ((seen_ & bit) == 0) kept_.push_back({allowed, value});
                seen_ |= bit;
                return true;
            }
            bit <<= 1U;
        }
        return false;
    }

    const HtmlElement* element_;
    std::vector<HtmlAttribute>& kept_;
    std::uint64_t seen_ = 0;
};

}  // namespace

bool is_html_blank(char c) noexcept { return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f'; }

bool is_html_letter(char c) noexcept { return lower(c) >= 'a' && lower(c) <= 'z'; }

std::string HtmlTags::read_name() {
    const std::size_t start = at;
    while (!at_end() && !is_html_blank(html[at]) && html[at] != '/' && html[at] != '>') ++at;
    std::string name(html.substr(start, std::min(at - start, name_bytes_max)));
    for (char& c : name) c = lower(c);
    return name;
}

/// False at a tag's end.
bool HtmlTags::read_attribute(Read& attribute) {
    while (!at_end() && (is_html_blank(html[at]) || html[at] == '/')) ++at;
    if (at_end() || html[at] == '>') return false;
    const std::size_t start = at++;
    while (!at_end() && !is_html_blank(html[at]) && html[at] != '/' && html[at] != '>' && html[at] != '=') ++at;
    attribute.name = html.substr(start, std::min(at - start, name_bytes_max));
    for (char& c : attribute.name) c = lower(c);
    attribute.value = {};
    skip_blanks();
    if (peek(0) != '=') return true;
    ++at;
    skip_blanks();
    attribute.value = read_value();
    return true;
}

void HtmlTags::skip_blanks() {
    while (!at_end() && is_html_blank(html[at])) ++at;
}

std::string_view HtmlTags::read_value() {
    const char quote = peek(0);
    const std::size_t start = quote == '"' || quote == '\'' ? at + 1 : at;
    if (start == at) {
        while (!at_end() && !is_html_blank(html[at]) && html[at] != '>') ++at;
        return html.substr(start, at - start);
    }
    const std::size_t end = std::min(html.find(quote, start), html.size());
    at = std::min(end + 1, html.size());
    return html.substr(start, end - start);
}

void HtmlTags::skip_attributes() {
    Read ignored;
    while (read_attribute(ignored)) {
    }
}

HtmlAttributes HtmlTags::read_attributes(const HtmlElement* element) {
    HtmlAttributes result;
    Sieve sieve(element, result.kept);
    std::size_t count = 0;
    std::size_t bytes = 0;
    bool narrow = false;
    bool low = false;
    bool lazy = false;  // a placeholder may be tiny, what replaces it is not
    const bool picture = element && element->written == "img";
    const std::string_view player = element ? player_attribute(element->name) : std::string_view();
    for (Read attribute; read_attribute(attribute);) {
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
        if (!player.empty() && result.video.empty() && attribute.name.ends_with(player))
            result.video = video_page(attribute.value);
        if (attribute.name == "title") result.title = attribute.value;
        sieve.take(attribute.name, attribute.value);
    }
    if (picture && narrow && low && !lazy) result.hidden = true;
    return result;
}

}  // namespace gazetted
