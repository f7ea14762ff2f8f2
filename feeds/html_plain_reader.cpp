#include "feeds/html_plain_reader.hpp"

#include "feeds/html_allowlist.hpp"
#include "feeds/html_references.hpp"
#include "feeds/html_tag.hpp"
#include "feeds/html_writer.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <span>
#include <utility>
#include <vector>

namespace gazetted {
namespace {

using enum ElementReading;

/// Far below those of HtmlLimits: what is written is to stay within them when it is read again.
struct Limits {
    static constexpr std::size_t bytes_max = std::size_t{256} << 10;
    static constexpr std::size_t written_bytes_max = std::size_t{512} << 10;
    static constexpr std::size_t tag_bytes_max = std::size_t{16} << 10;
    static constexpr std::size_t depth_max = 64;
};

/// Their content has rules of its own, or what is left of them may be read another way.
constexpr std::string_view surprising[] = {"table", "audio", "video", "picture", "source", "ruby", "rt", "rp"};
constexpr std::string_view ended_by_others[] = {"p", "li", "dd", "dt"};
constexpr std::string_view headings[] = {"h1", "h2", "h3", "h4", "h5", "h6"};

bool is_one_of(std::string_view name, std::span<const std::string_view> names) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

class Reader {
public:
    Reader(std::string_view html, std::string_view base_url)
        : tags_{html},
          writer_(base_url),
          is_literal_(html.find('&') == std::string_view::npos && html.find('\r') == std::string_view::npos) {
        writer_.reserve(html.size() + html.size() / 4);
    }

    /// False: this is not for us.
    bool run() {
        while (!tags_.at_end()) {
            const std::size_t open = std::min(tags_.html.find('<', tags_.at), tags_.html.size());
            if (!read_text(tags_.html.substr(tags_.at, open - tags_.at))) return false;
            tags_.at = open;
            if (!tags_.at_end() && !read_markup()) return false;
        }
        return end_all() && writer_.bytes() <= Limits::written_bytes_max;
    }

    std::string written() && { return std::move(writer_).finish(); }

private:
    struct Open {
        const HtmlElement* read = nullptr;
        std::string_view written;
        ElementReading reading = ordinary;
    };

    // --- Text -------------------------------------------------------------------------------------------------------------

    bool read_text(std::string_view text) {
        if (text.empty()) return true;
        if (pre_begins_ && static_cast<unsigned char>(text.front()) <= ' ') return false;
        pre_begins_ = false;
        for (std::size_t at = 0; at < text.size();) {
            const std::size_t end = is_literal_ ? text.size() : std::min(text.find_first_of("&\r", at), text.size());
            if (end > at) writer_.text(text.substr(at, end - at));
            at = end;
            if (at == text.size()) return true;
            if (text[at] == '\r') {
                // One line end, if the next character is here to be seen.
                if (++at == text.size()) return false;
                if (text[at] != '\n') writer_.text("\n");
                continue;
            }
            const HtmlReference reference = read_html_reference(text.substr(at), false);
            if (reference.kind == HtmlReference::Kind::surprising) return false;
            writer_.text(reference.text);
            at += reference.bytes;
        }
        return true;
    }

    /// The kept attributes with their references resolved.
    bool resolve(HtmlAttributes& attributes) {
        resolved_.clear();
        resolved_.resize(attributes.kept.size());
        for (std::size_t i = 0; i < attributes.kept.size(); ++i) {
            std::string_view& value = attributes.kept[i].value;
            std::size_t next = is_literal_ ? std::string_view::npos : value.find_first_of("&\r");
            if (next == std::string_view::npos) continue;
            std::string& resolved = resolved_[i];
            std::size_t at = 0;
            for (; next != std::string_view::npos; next = value.find_first_of("&\r", at)) {
                if (value[next] == '\r') return false;
                const HtmlReference reference = read_html_reference(value.substr(next), true);
                if (reference.kind == HtmlReference::Kind::surprising) return false;
                resolved.append(value, at, next - at);
                resolved.append(reference.text);
                at = next + reference.bytes;
            }
            resolved.append(value, at);
            value = resolved;
        }
        return true;
    }

    // --- Tags -------------------------------------------------------------------------------------------------------------

    /// `at` stands on a `<`.
    bool read_markup() {
        if (is_html_letter(tags_.peek(1))) {
            tags_.at += 1;
            return read_start_tag();
        }
        if (tags_.peek(1) == '/' && is_html_letter(tags_.peek(2))) {
            tags_.at += 2;
            return read_end_tag();
        }
        if (tags_.peek(1) == '!') return skip_comment();
        if (tags_.peek(1) == '/' || tags_.peek(1) == '?') return false;
        writer_.text("<");
        pre_begins_ = false;
        ++tags_.at;
        return true;
    }

    bool skip_comment() {
        const std::string_view rest = tags_.html.substr(tags_.at);
        if (pre_begins_ || !rest.starts_with("<!--") || rest.substr(4).starts_with('>') || rest.substr(4).starts_with("->"))
            return false;
        const std::size_t end = rest.find("-->", 4);
        if (end == std::string_view::npos || rest.substr(0, end).find("--!>") != std::string_view::npos) return false;
        tags_.at += end + 3;
        return true;
    }

    bool read_start_tag() {
        const HtmlElement* element = find_html_element(tags_.read_name());
        if (!element || element->written.empty() || element->reading == table_part || element->reading == raw_text ||
            is_one_of(element->name, surprising))
            return false;
        HtmlAttributes attributes = tags_.read_attributes(element);
        if (tags_.at_end() || !resolve(attributes)) return false;
        ++tags_.at;
        if (attributes.hidden) attributes.kept.push_back({"hidden", {}});
        return make_room_for(*element) && start(*element, attributes.kept);
    }

    bool start(const HtmlElement& read, std::span<const HtmlAttribute> attributes) {
        const HtmlElement* element = read.name == read.written ? &read : find_html_element(read.written);
        const std::size_t before = writer_.bytes();
        writer_.open(element, attributes);
        if (read.reading == leaf) {
            writer_.close();
        } else {
            open_.push_back({.read = &read, .written = element->name, .reading = read.reading});
        }
        // Where a <pre> begins with a line end, or with something that may go, the parser's rule about it takes hold.
        if (pre_begins_ && !(element->name == "code" && before != writer_.bytes())) return false;
        pre_begins_ = pre_begins_ || element->name == "pre";
        return open_.size() <= Limits::depth_max && writer_.bytes() <= before + Limits::tag_bytes_max;
    }

    bool read_end_tag() {
        const HtmlElement* element = find_html_element(tags_.read_name());
        while (is_html_blank(tags_.peek(0))) ++tags_.at;
        if (pre_begins_ || !element || tags_.peek(0) != '>') return false;
        ++tags_.at;
        if (element->reading == formatting) {
            if (open_.empty() || open_.back().reading != formatting || open_.back().written != element->written) return false;
            end_innermost();
            return true;
        }
        for (std::size_t i = open_.size(); i > 0; --i) {
            if (open_[i - 1].read == element) return end_from(i - 1);
        }
        return false;
    }

    // --- Nesting ----------------------------------------------------------------------------------------------------------

    void end_innermost() {
        open_.pop_back();
        writer_.close();
    }

    /// Ends the element at `index` with what is open in it, where HTML lets its end tag be left out.
    bool end_from(std::size_t index) {
        const bool is_block = open_[index].reading == block;
        for (std::size_t i = index + 1; i < open_.size(); ++i) {
            const bool may_be_left_out = is_block && is_one_of(open_[i].written, ended_by_others);
            if (open_[i].reading != ordinary && !may_be_left_out) return false;
        }
        while (open_.size() > index) end_innermost();
        return true;
    }

    /// At the end of all only formatting goes on, to where no text is.
    bool end_all() {
        for (; !open_.empty(); end_innermost()) {
            if (open_.back().reading == formatting) return false;
        }
        return true;
    }

    /// Ends what the start tag ends without saying so, where that is the innermost element.
    bool make_room_for(const HtmlElement& element) {
        if (element.reading == formatting)
            return std::none_of(open_.begin(), open_.end(), [&](const Open& it) { return it.written == element.written; });
        if (element.reading != block) return element.name != "hr" || end_paragraph();
        if (element.reading == block && !end_item(element.written)) return false;
        if (!end_paragraph()) return false;
        // A heading right inside another ends it, and what stands between the two may be unwrapped.
        return !is_one_of(element.name, headings) ||
               std::none_of(open_.begin(), open_.end(), [](const Open& it) { return is_one_of(it.written, headings); });
    }

    bool end_paragraph() {
        for (std::size_t i = open_.size(); i > 0; --i) {
            if (open_[i - 1].written != "p") continue;
            if (i != open_.size()) return false;
            end_innermost();
            return true;
        }
        return true;
    }

    bool end_item(std::string_view name) {
        const bool item = name == "li";
        if (!item && name != "dd" && name != "dt") return true;
        for (std::size_t i = open_.size(); i > 0; --i) {
            const Open& open = open_[i - 1];
            if (item ? open.written == "li" : open.written == "dd" || open.written == "dt") {
                if (i != open_.size()) return false;
                end_innermost();
                return true;
            }
            const bool transparent = open.written == "address" || open.written == "div" || open.written == "p";
            if (open.reading == block && !transparent) return true;
        }
        return true;
    }

    HtmlTags tags_;
    HtmlWriter writer_;
    bool is_literal_;  ///< no character stands for another
    std::vector<Open> open_;
    std::vector<std::string> resolved_;
    bool pre_begins_ = false;  ///< nothing has been written in a <pre> yet
};

constexpr auto is_plain_ascii = [] {
    std::array<bool, 256> result{};
    for (std::size_t c = 0x20; c < 0x7F; ++c) result[c] = true;
    for (const char c : {'\t', '\n', '\r'}) result[static_cast<unsigned char>(c)] = true;
    return result;
}();

/// The bytes of the character that begins with the lead, 0x80 and above: 0 where it is ill-formed, or where XML forbids it or
/// a parser replaces it. `text` begins with it.
std::size_t bytes_of_character(std::string_view text) {
    const auto byte = [&](std::size_t at) { return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U; };
    const auto is_tail = [&](std::size_t at) { return (byte(at) & 0xC0U) == 0x80; };
    const unsigned lead = byte(0);
    const unsigned next = byte(1);
    if (!is_tail(1)) return 0;
    if (lead < 0xE0) return lead > 0xC2 || (lead == 0xC2 && next >= 0xA0) ? 2 : 0;  // C1 controls stand behind C2
    if (!is_tail(2)) return 0;
    if (lead < 0xF0) {
        const bool is_overlong_or_surrogate = (lead == 0xE0 && next < 0xA0) || (lead == 0xED && next > 0x9F);
        const bool is_noncharacter = lead == 0xEF && ((next == 0xB7 && byte(2) >= 0x90 && byte(2) <= 0xAF) ||  //
                                                      (next == 0xBF && byte(2) > 0xBD));
        return is_overlong_or_surrogate || is_noncharacter ? 0 : 3;
    }
    // Planes 1 and 2, where emoji and rare ideographs are, without their ends, where noncharacters are.
    return lead == 0xF0 && next > 0x90 && next < 0xAF && (next & 0xFU) != 0xF && is_tail(3) ? 4 : 0;
}

/// Three bytes that need no second look, as nearly all of Chinese is; at least four are there.
bool is_plain_three(const char* text) {
    std::array<unsigned char, 4> bytes{};
    std::memcpy(bytes.data(), text, bytes.size());
    const unsigned lead = bytes[0];
    return lead > 0xE0 && lead < 0xEF && lead != 0xED && ((bytes[1] ^ 0x80U) | (bytes[2] ^ 0x80U)) < 0x40;
}

/// Well-formed UTF-8 without a character that XML forbids or a parser replaces: what is nearly always true of an article.
bool is_unsurprising(std::string_view text) {
    for (std::size_t at = 0;;) {
        while (at < text.size() && is_plain_ascii[static_cast<unsigned char>(text[at])]) ++at;
        while (at + 4 <= text.size() && is_plain_three(text.data() + at)) at += 3;
        if (at == text.size()) return true;
        const auto lead = static_cast<unsigned char>(text[at]);
        const std::size_t bytes = lead < 0x80 ? std::size_t{is_plain_ascii[lead]} : bytes_of_character(text.substr(at));
        if (bytes == 0) return false;
        at += bytes;
    }
}

}  // namespace

std::optional<std::string> sanitise_plain_html(std::string_view html, std::string_view base_url) {
    if (html.size() > Limits::bytes_max || !is_unsurprising(html)) return std::nullopt;
    Reader reader(html, base_url);
    if (!reader.run()) return std::nullopt;
    return std::move(reader).written();
}

}  // namespace gazetted
