#include "feeds/read_feed/text_forms.hpp"

#include "feeds/ascii.hpp"
#include "feeds/html_allowlist.hpp"
#include "feeds/html_references.hpp"
#include "feeds/read_feed.hpp"
#include "feeds/read_feed/references.hpp"
#include "feeds/text.hpp"
#include "feeds/url.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>

namespace gazetted {
namespace {

constexpr std::string_view blanks = " \t\n\r\f";
constexpr bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f'; }

bool is_mail_sign(char c) { return is_letter(c) || is_digit(c) || c == '.' || c == '-' || c == '_' || c == '+' || c == '%'; }

struct TypeName {
    std::string_view media_type;
    std::string_view name;
};
constexpr TypeName type_names[] = {{"text/plain", "text"}, {"plain", "text"},
                                   {"text/html", "html"},  {"application/xhtml+xml", "xhtml"},
                                   {"escaped", "html"},    {"xml", "xhtml"}};

}  // namespace

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
    return text;
}

std::string construct_type(std::string_view attribute, std::string_view otherwise) {
    const std::string type = lower_case(trimmed(attribute.substr(0, attribute.find(';'))));
    if (type.empty()) return std::string(otherwise);
    const auto* known =
        std::find_if(std::begin(type_names), std::end(type_names), [&](const TypeName& t) { return t.media_type == type; });
    return known == std::end(type_names) ? type : std::string(known->name);
}

bool is_base64_type(std::string_view type) {
    return type.find('/') != std::string_view::npos && !type.starts_with("text/") && !type.ends_with("+xml") &&
           !type.ends_with("/xml") && !type.ends_with("json");
}

bool decode_base64(std::string_view text, std::string& out) {
    std::string bytes;
    bytes.reserve(text.size() / 4 * 3 + 3);
    std::uint32_t bits = 0;
    int count = 0;
    for (const char c : text) {
        if (is_blank(c) || c == '=') continue;
        const int value = c >= 'A' && c <= 'Z'   ? c - 'A'
                          : c >= 'a' && c <= 'z' ? c - 'a' + 26
                          : is_digit(c)          ? c - '0' + 52
                          : c == '+' || c == '-' ? 62
                          : c == '/' || c == '_' ? 63
                                                 : -1;
        if (value < 0) return false;
        bits = bits << 6U | static_cast<std::uint32_t>(value);
        count += 6;
        if (count < 8) continue;
        count -= 8;
        bytes.push_back(static_cast<char>(bits >> static_cast<unsigned>(count) & 0xFFU));
    }
    if (!is_utf8(bytes)) return false;
    out = legal_xml_text(bytes);
    return true;
}

bool looks_like_html(std::string_view text) {
    bool has_sign = false;
    for (std::size_t at = text.find_first_of("<&"); at != std::string_view::npos; at = text.find_first_of("<&", at + 1)) {
        if (text[at] == '&') {
            const std::size_t end = text.substr(at, 34).find(';');
            if (end == std::string_view::npos || end < 2) continue;
            const std::string_view name = text.substr(at + 1, end - 1);
            const bool is_numeric = name.front() == '#' && name.size() > 1;
            const bool is_named = std::all_of(name.begin(), name.end(), [](char c) { return is_letter(c) || is_digit(c); });
            if (!is_numeric && !is_named) continue;
            if (!is_numeric && name != "amp" && name != "lt" && name != "gt" && name != "quot" && html_entity(name) == 0)
                return false;
            has_sign = true;
            continue;
        }
        std::size_t begin = at + 1;
        const bool is_end = begin < text.size() && text[begin] == '/';
        if (is_end) ++begin;
        std::size_t end = begin;
        while (end < text.size() && (is_letter(text[end]) || is_digit(text[end]))) ++end;
        if (end == begin) continue;
        if (!find_html_element(lower_case(text.substr(begin, end - begin)))) return false;
        has_sign = has_sign || (is_end && end < text.size() && text[end] == '>');
    }
    return has_sign;
}

namespace {

/// Where the first `@` has an address around it; `begin == end`: nowhere.
struct MailAddress {
    std::size_t begin = 0;
    std::size_t end = 0;
};
MailAddress find_mail_address(std::string_view text) {
    const std::size_t at = text.find('@');
    if (at == std::string_view::npos) return {};
    std::size_t begin = at;
    while (begin > 0 && (is_mail_sign(text[begin - 1]) || text[begin - 1] == '\'')) --begin;
    while (begin < at && text[begin] == '\'') ++begin;
    std::size_t end = at + 1;
    while (end < text.size() && is_mail_sign(text[end])) ++end;
    while (end > at + 1 && text[end - 1] == '.') --end;
    const bool is_address = begin < at && text.substr(at + 1, end - at - 1).find('.') != std::string_view::npos;
    return is_address ? MailAddress{begin, end} : MailAddress{};
}

/// Without the addresses of others, which stand behind a comma or by themselves.
std::string_view before_next_address(std::string_view text) {
    const MailAddress next = find_mail_address(text);
    if (next.begin == next.end) return text;
    const std::size_t separator = text.substr(0, next.begin).find_last_of(",;");
    return text.substr(0, std::min(separator, next.begin));
}

/// Without the parentheses around all of it, or one that has no other.
std::string_view without_parentheses(std::string_view name) {
    const std::size_t close = name.find(')');
    if (name.starts_with('(') && (close == std::string_view::npos || close + 1 == name.size())) name.remove_prefix(1);
    if (name.ends_with(')') && name.find('(') == std::string_view::npos) name.remove_suffix(1);
    return name;
}

}  // namespace

Person read_person(std::string_view text) {
    text = trimmed(text);
    auto [begin, end] = find_mail_address(text);
    if (begin == end) return {.name = std::string(text), .email = {}, .uri = {}};
    Person person{.name = {}, .email = std::string(text.substr(begin, end - begin)), .uri = {}};
    if (begin >= 7 && text.substr(begin - 7, 7) == "mailto:") begin -= 7;
    if (text.substr(end).starts_with("?subject=")) end = std::min(text.find_first_of(" )>", end), text.size());
    const std::string_view before = trimmed(text.substr(0, begin));
    const std::string_view after = trimmed(before_next_address(text.substr(end)));
    std::string name(before);
    if (before.empty() || without_parentheses(after) != before) name.append(" ").append(after);
    for (const std::string_view pair : {"()", "<>", "[]", "( )", "< >", "' '", "&lt;&gt;", "&lt; &gt;"}) {
        if (const std::size_t found = name.find(pair); found != std::string::npos) name.erase(found, pair.size());
    }
    std::string_view left = trimmed(name);
    while (!left.empty() && (left.front() == ',' || left.front() == ';')) left = trimmed(left.substr(1));
    while (!left.empty() && (left.back() == ',' || left.back() == ';')) left = trimmed(left.substr(0, left.size() - 1));
    person.name = trimmed(without_parentheses(left));
    return person;
}

std::vector<Person> inherited(const std::vector<Person>& people) {
    std::size_t bytes = 0;
    for (const Person& person : people) bytes += sizeof person + person.name.size() + person.email.size() + person.uri.size();
    return bytes <= FeedLimits::authors_bytes_max ? people : std::vector<Person>();
}

std::vector<ParsedCategory> inherited(const std::vector<ParsedCategory>& categories) {
    std::size_t bytes = 0;
    for (const ParsedCategory& c : categories) bytes += sizeof c + c.term.size() + c.scheme.size() + c.label.size();
    return bytes <= FeedLimits::categories_bytes_max ? categories : std::vector<ParsedCategory>();
}

std::string inherited(const std::string& language) {
    return language.size() <= FeedLimits::language_bytes_max ? language : std::string();
}

std::vector<std::string> read_keywords(std::string_view text) {
    const std::string_view separators = text.find(',') == std::string_view::npos ? blanks : std::string_view(",");
    std::vector<std::string> words;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find_first_of(separators), text.size());
        if (const std::string_view word = trimmed(text.substr(0, end)); !word.empty()) words.emplace_back(word);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return words;
}

void append_escaped(std::string_view text, std::string& out) {
    std::size_t copied = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (c != '&' && c != '<' && c != '>') continue;
        out.append(text.substr(copied, at - copied)).append(c == '&' ? "&amp;" : c == '<' ? "&lt;" : "&gt;");
        copied = at + 1;
    }
    out.append(text.substr(copied));
}

namespace {

/// The end of the tag that begins at `open`, one past its `>`.
std::size_t past_tag(std::string_view html, std::size_t open) {
    char quote = '\0';
    for (std::size_t at = open; at < html.size(); ++at) {
        const char c = html[at];
        if (quote != '\0') {
            if (c == quote) quote = '\0';
        } else if (c == '"' || c == '\'') {
            quote = c;
        } else if (c == '>') {
            return at + 1;
        }
    }
    return html.size();
}

}  // namespace

std::string with_characters(std::string_view html) {
    std::string out;
    std::size_t copied = 0;
    std::size_t tag_end = 0;
    for (std::size_t at = html.find_first_of("<&"); at != std::string_view::npos; at = html.find_first_of("<&", at)) {
        if (html[at] == '<') {
            const bool is_tag = at + 1 < html.size() && (is_letter(html[at + 1]) || html[at + 1] == '/' || html[at + 1] == '!');
            if (is_tag && at >= tag_end) tag_end = past_tag(html, at);
            ++at;
            continue;
        }
        const HtmlReference reference = read_html_reference(html.substr(at), false);
        // An apostrophe may end the value of an attribute, and nothing else.
        const bool is_shown = reference.text.size() > 1 || (reference.text == "'" && at >= tag_end);
        if (reference.kind != HtmlReference::Kind::character || !is_shown) {
            ++at;
            continue;
        }
        out.append(html, copied, at - copied).append(reference.text);
        at += reference.bytes;
        copied = at;
    }
    return out.append(html, copied);
}

namespace {

constexpr std::string_view embedding[] = {"applet", "base", "blink",  "body", "embed", "frame",  "frameset",
                                          "head",   "html", "iframe", "link", "meta",  "object", "param"};

}  // namespace

/// Where `</name` stands, or the end of all.
static std::size_t end_tag_of(std::string_view lower_name, std::string_view html, std::size_t from) {
    for (std::size_t at = html.find("</", from); at != std::string_view::npos; at = html.find("</", at + 2))
        if (lower_case(html.substr(at + 2, lower_name.size())) == lower_name) return at;
    return html.size();
}

std::string without_embedding(std::string html) {
    std::string out;
    std::size_t copied = 0;
    for (std::size_t open = html.find('<'); open != std::string::npos; open = html.find('<', open)) {
        std::size_t begin = open + 1;
        const bool is_end = begin < html.size() && html[begin] == '/';
        if (is_end) ++begin;
        std::size_t end = begin;
        while (end < html.size() && end - begin < 16 && is_letter(html[end])) ++end;
        const std::string name = lower_case(std::string_view(html).substr(begin, end - begin));
        const bool is_raw = !is_end && (name == "script" || name == "style");
        const bool is_dropped = is_raw || std::find(std::begin(embedding), std::end(embedding), name) != std::end(embedding);
        if (!is_dropped) {
            ++open;
            continue;
        }
        out.append(html, copied, open - copied);
        copied = past_tag(html, is_raw ? end_tag_of(name, html, end) : open);
        open = copied;
    }
    if (copied == 0) return html;
    return out.append(html, copied);
}

/// Names of hosts have no letter case (RFC 3986 section 6.2.2.1); the rest of an address is not ours to change.
static std::string with_lower_case_host(std::string_view url) {
    std::string out(url);
    const std::size_t begin = out.find("://");
    if (begin == std::string::npos || out.front() != 'h') return out;
    const std::size_t end = std::min(out.find_first_of("/?#", begin + 3), out.size());
    if (out.find('@', begin) < end) return out;
    std::transform(out.begin() + static_cast<std::ptrdiff_t>(begin), out.begin() + static_cast<std::ptrdiff_t>(end),
                   out.begin() + static_cast<std::ptrdiff_t>(begin), lower);
    return out;
}

bool is_absolute(std::string_view address) {
    // Nearly all are.
    return address.starts_with("https://") || address.starts_with("http://") || !url_scheme(address).empty();
}

/// Nobody sees the other blanks that an editor put around an address either.
static std::string_view trimmed_address(std::string_view address) {
    static constexpr std::string_view blank_characters[] = {"\u00A0", "\u3000", "\u200B", "\uFEFF"};
    for (std::size_t before = address.size() + 1; address.size() < before;) {
        before = address.size();
        address = trimmed(address);
        for (const std::string_view blank : blank_characters) {
            if (address.starts_with(blank)) address.remove_prefix(blank.size());
            if (address.ends_with(blank)) address.remove_suffix(blank.size());
        }
    }
    return address;
}

std::string absolute(std::string_view reference, std::string_view base) {
    const std::string_view plain = trimmed_address(reference);
    if (plain.empty() || base.empty() || is_absolute(plain)) return std::string(plain);
    auto resolved = resolve_url(plain, base);
    if (!resolved) return std::string(plain);
    // A host alone has no slash behind it where it has its scheme, and none where it has not.
    const bool is_host = plain.starts_with("//") && plain.find_first_of("/\\?#", 2) == std::string_view::npos;
    if (is_host && resolved->ends_with('/')) resolved->pop_back();
    return *std::move(resolved);
}

std::string absolute_link(std::string_view reference, std::string_view base) {
    return with_lower_case_host(absolute(reference, base));
}

namespace {

constexpr std::string_view link_attributes[] = {"href", "src",    "cite",    "action",   "longdesc", "background",
                                                "data", "usemap", "classid", "codebase", "poster",   "profile"};

/// One pass over the tags of `html`; only values that change are written anew.
class LinkRewriter {
public:
    LinkRewriter(std::string_view html, std::string_view base) : html_(html), base_(base) {}

    /// False: nothing had to change.
    bool run(std::string& out) {
        for (std::size_t open = html_.find('<'); open != std::string_view::npos;
             open = html_.find('<', std::max(at_, open + 1))) {
            at_ = open + 1;
            if (at_ >= html_.size() || !is_letter(html_[at_])) continue;
            while (at_ < html_.size() && html_[at_] != '>' && !is_blank(html_[at_])) ++at_;
            read_attributes(out);
            if (is_too_long(out)) return false;
        }
        if (copied_ == 0 || is_too_long(out)) return false;
        out.append(html_.substr(copied_));
        return true;
    }

private:
    /// Honest HTML does not consist of links.
    bool is_too_long(const std::string& out) const { return out.size() > 2 * html_.size() + (std::size_t{64} << 10); }

    void skip_blanks() {
        while (at_ < html_.size() && is_blank(html_[at_])) ++at_;
    }

    void read_attributes(std::string& out) {
        for (;;) {
            while (at_ < html_.size() && (html_[at_] == '/' || is_blank(html_[at_]))) ++at_;
            if (at_ >= html_.size() || html_[at_] == '>') return;
            const std::size_t begin = at_;
            while (at_ < html_.size() && html_[at_] != '=' && html_[at_] != '>' && !is_blank(html_[at_])) ++at_;
            const std::string_view name = html_.substr(begin, at_ - begin);
            skip_blanks();
            if (at_ >= html_.size() || html_[at_] != '=') {
                if (at_ == begin) ++at_;
                continue;
            }
            ++at_;
            skip_blanks();
            if (at_ >= html_.size()) return;
            const char quote = html_[at_];
            const bool is_quoted = quote == '"' || quote == '\'';
            if (is_quoted) ++at_;
            const std::size_t value = at_;
            const std::size_t end = is_quoted ? html_.find(quote, at_) : html_.find_first_of(" \t\n\r\f>", at_);
            at_ = std::min(end, html_.size());
            rewrite(name, value, at_, out);
            if (is_quoted && at_ < html_.size()) ++at_;
        }
    }

    void rewrite(std::string_view name, std::size_t begin, std::size_t end, std::string& out) {
        const std::string lower = name.size() > 16 ? std::string() : lower_case(name);
        if (std::find(std::begin(link_attributes), std::end(link_attributes), lower) == std::end(link_attributes)) return;
        std::string address;
        append_decoded(html_.substr(begin, end - begin), address);
        const std::string_view plain = trimmed(address);
        if (plain.empty() || is_absolute(plain)) return;
        if (!known_base_) known_base_ = std::make_unique<UrlBase>(base_);
        const auto resolved = known_base_->resolve(plain);
        if (!resolved) return;
        out.append(html_.substr(copied_, begin - copied_));
        for (const char c : *resolved) {
            if (c == '&')
                out.append("&amp;");
            else if (c == '"' || c == '\'')
                out.append(c == '"' ? "&quot;" : "&#39;");
            else
                out.push_back(c);
        }
        copied_ = end;
    }

    std::string_view html_;
    std::string_view base_;
    std::unique_ptr<UrlBase> known_base_;  ///< from the first relative link on
    std::size_t at_ = 0;
    std::size_t copied_ = 0;
};

}  // namespace

std::string with_absolute_links(std::string html, std::string_view base) {
    if (base.empty() || html.find('<') == std::string::npos) return html;
    std::string out;
    return LinkRewriter(html, base).run(out) ? out : html;
}

}  // namespace gazetted
