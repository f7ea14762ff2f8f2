#include "feeds/read_feed/xml.hpp"

#include "feeds/ascii.hpp"
#include "feeds/read_feed.hpp"
#include "feeds/read_feed/declared_entities.hpp"
#include "feeds/read_feed/namespaces_in_force.hpp"
#include "feeds/read_feed/references.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace gazetted {
namespace {

constexpr bool is_space(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

/// What may stand in a name, as far as ASCII goes; all beyond may.
constexpr std::array<bool, 256> name_bytes = [] {
    std::array<bool, 256> table{};
    for (std::size_t c = 0; c < 256; ++c)
        table[c] = c >= 0x80 || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                   c == '.' || c == '_' || c == ':';
    return table;
}();
constexpr bool is_name_byte(char c) { return name_bytes[static_cast<unsigned char>(c)]; }
constexpr bool starts_name(char c) { return is_name_byte(c) && !(c >= '0' && c <= '9') && c != '-' && c != '.'; }

constexpr std::string_view replacement_character = "\xEF\xBF\xBD";

struct OpenElement {
    std::string_view name;       ///< as written, prefix and all
    std::size_t namespaces = 0;  ///< in force outside of it
};

struct RawAttribute {
    std::string_view name;
    std::string_view value;
};

class Scanner {
public:
    Scanner(std::string_view document, bool is_encoding_sure, XmlEvents& events)
        : text_(document), events_(events), is_encoding_sure_(is_encoding_sure) {}

    Result<XmlOutcome> run() {
        while (at_ < text_.size() && !refusal_ && !is_over_) {
            const std::size_t open = std::min(text_.find('<', at_), text_.size());
            if (open != at_) read_text(open);
            if (at_ < text_.size() && !refusal_) read_markup();
        }
        if (refusal_) return *std::move(refusal_);
        if (!open_.empty()) note("the document ends inside <" + std::string(open_.back().name) + ">");
        const bool is_cut_off = !open_.empty() && !events_.is_whole();
        if (!has_root_) note("there is no element");
        while (!open_.empty()) close();
        return XmlOutcome{std::move(fault_), is_cut_off};
    }

private:
    char peek(std::size_t ahead) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
    bool starts(std::string_view what) const { return text_.compare(at_, what.size(), what) == 0; }

    void note(std::string what) {
        if (!fault_.empty()) return;
        const auto end = text_.begin() + static_cast<std::ptrdiff_t>(std::min(at_, text_.size()));
        fault_ = "line " + std::to_string(1 + std::count(text_.begin(), end, '\n')) + ": " + std::move(what);
    }

    void refuse(ErrorKind kind, std::string message) {
        if (!refusal_) refusal_ = Error{kind, std::move(message)};
    }

    /// Text up to `end`, where markup or the end of the document stands.
    void read_text(std::size_t end) {
        const std::string_view raw = text_.substr(at_, end - at_);
        if (open_.empty()) {
            if (!std::all_of(raw.begin(), raw.end(), is_space)) note("text before the document");
            at_ = end;
            return;
        }
        const bool has_reference = raw.find('&') != std::string_view::npos;
        if (has_section_end_ && raw.find("]]>") != std::string_view::npos) note("]]> outside of CDATA");
        if (!events_.wants_text()) {
            if (has_reference && fault_.empty()) {
                scratch_.clear();
                if (!append_decoded(raw, scratch_)) note("a reference to nothing");
            }
        } else if (!has_reference && !(has_return_ && raw.find('\r') != std::string_view::npos)) {
            events_.text(raw);
        } else {
            scratch_.clear();
            if (!append_decoded(raw, scratch_)) note("a reference to nothing");
            events_.text(scratch_);
        }
        at_ = end;
    }

    void read_markup() {
        const char next = peek(1);
        if (starts_name(next)) return read_start_tag();
        if (next == '/') return read_end_tag();
        if (next == '!') {
            if (starts("<!--")) return skip_comment();
            if (starts("<![CDATA[")) return read_character_data();
            if ((starts("<!DOCTYPE") || starts("<!doctype")) && open_.empty() && !std::exchange(has_document_type_, true))
                return read_document_type();
            return stray_open();
        }
        if (next == '?') return skip_instruction();
        stray_open();
    }

    /// A `<` that starts no markup is text.
    void stray_open() {
        note("a < that starts nothing");
        if (!open_.empty() && events_.wants_text()) events_.text("<");
        ++at_;
    }

    /// Where `mark` ends, from `from` on; the end of the document where it is not there.
    std::size_t past(std::string_view mark, std::size_t from) {
        const std::size_t found = text_.find(mark, std::min(from, text_.size()));
        if (found != std::string_view::npos) return found + mark.size();
        note("the document ends before " + std::string(mark));
        return text_.size();
    }

    void skip_comment() {
        const std::size_t begin = at_ + 4;
        const std::size_t end = past("-->", begin);
        if (const std::size_t dashes = text_.find("--", begin); dashes + 3 < end) note("-- within a comment");
        at_ = end;
    }

    void skip_instruction() {
        if (starts("<?xml") && is_space(peek(5)) && at_ != 0) note("an XML declaration within the document");
        at_ = past("?>", at_ + 2);
    }

    void read_character_data() {
        const std::size_t begin = at_ + 9;
        const std::size_t end = past("]]>", begin);
        const bool is_whole = text_.substr(begin, end - begin).ends_with("]]>");
        const std::string_view data = text_.substr(begin, end - begin - (is_whole ? 3 : 0));
        if (open_.empty()) note("CDATA outside of the document");
        if (!open_.empty() && events_.wants_text()) {
            if (!has_return_ || data.find('\r') == std::string_view::npos) {
                events_.text(data);
            } else {
                scratch_.assign(data);
                normalise_line_ends(scratch_);
                events_.text(scratch_);
            }
        }
        at_ = end;
    }

    static void normalise_line_ends(std::string& text) {
        std::size_t to = 0;
        for (std::size_t from = 0; from < text.size(); ++from) {
            if (text[from] == '\r' && from + 1 < text.size() && text[from + 1] == '\n') continue;
            text[to++] = text[from] == '\r' ? '\n' : text[from];
        }
        text.resize(to);
    }

    /// The `]` that only white space parts from a `>`; npos: the document ends before.
    std::size_t end_of_subset(std::size_t at) const {
        for (at = text_.find(']', at); at != std::string_view::npos; at = text_.find(']', at + 1)) {
            const std::size_t next = text_.find_first_not_of(" \t\r\n", at + 1);
            if (next != std::string_view::npos && text_[next] == '>') return at;
        }
        return at;
    }

    /// Inert whatever it names: nothing is fetched. Entities that it declares are short texts, or refused.
    void read_document_type() {
        std::size_t end = text_.find_first_of("[>", at_);
        if (end == std::string_view::npos) {
            at_ = past(">", at_);
            return;
        }
        if (text_[end] == '[') {
            const std::size_t close = end_of_subset(end);
            const auto entities = DeclaredEntities::read(text_.substr(end + 1, close - end - 1));
            if (!entities) return refuse(entities.error().kind, entities.error().message);
            end = text_.find('>', close == std::string_view::npos ? end : close);
            if (!entities->empty()) substitute(*entities, std::min(end, text_.size()));
        }
        if (end == std::string_view::npos) note("the document ends within its DOCTYPE");
        at_ = end == std::string_view::npos ? text_.size() : end + 1;
    }

    void substitute(const DeclaredEntities& entities, std::size_t from) {
        auto document = entities.substituted(text_, from);
        if (!document) return refuse(document.error().kind, document.error().message);
        substituted_ = *std::move(document);
        text_ = substituted_;
    }

    bool read_name(std::size_t& at, std::string_view& name) {
        const std::size_t begin = at;
        while (at < text_.size() && is_name_byte(text_[at])) ++at;
        name = text_.substr(begin, at - begin);
        if (name.size() > FeedLimits::name_bytes_max) {
            refuse(ErrorKind::too_large, "a name of more than " + std::to_string(FeedLimits::name_bytes_max) + " bytes");
            return false;
        }
        const auto is_beyond_ascii = [](char c) { return static_cast<unsigned char>(c) >= 0x80; };
        if (name.find(replacement_character) != std::string_view::npos ||
            (!is_encoding_sure_ && std::any_of(name.begin(), name.end(), is_beyond_ascii))) {
            refuse(ErrorKind::malformed, "a name with bytes that are no text");
            return false;
        }
        return true;
    }

    void read_end_tag() {
        std::size_t at = at_ + 2;
        std::string_view name;
        if (!read_name(at, name)) return;
        std::size_t end = at;
        while (end < text_.size() && text_[end] != '>' && text_[end] != '<') ++end;
        if (name.empty() && end < text_.size() && !open_.empty()) return stray_open();
        const bool is_whole = end < text_.size() && text_[end] == '>';
        if (!is_whole || !std::all_of(text_.begin() + static_cast<std::ptrdiff_t>(at),
                                      text_.begin() + static_cast<std::ptrdiff_t>(end), is_space))
            note("an end tag that does not end");
        // A document that is cut in the tag that would close it still is cut off.
        const bool is_cut = end == text_.size();
        at_ = is_whole ? end + 1 : end;
        if (!is_cut) close_as_far_as(name);
    }

    void close_as_far_as(std::string_view name) {
        if (!open_.empty() && open_.back().name == name) {
            close();
            return;
        }
        note("</" + std::string(name) + "> closes nothing that is open");
        const auto found = std::find_if(open_.rbegin(), open_.rend(),
                                        [&](const OpenElement& element) { return equal_ignoring_case(element.name, name); });
        if (found == open_.rend()) return;
        const std::size_t left = static_cast<std::size_t>(open_.rend() - found) - 1;
        while (open_.size() > left) close();
    }

    void close() {
        namespaces_.leave(open_.back().namespaces);
        open_.pop_back();
        events_.end_element();
        if (!open_.empty()) return;
        is_over_ = events_.is_whole();
        if (is_over_) check_rest();
    }

    /// After the root nothing may follow but comments, instructions and white space; whatever else does is not looked at.
    void check_rest() {
        while (at_ < text_.size()) {
            if (is_space(text_[at_])) {
                ++at_;
            } else if (starts("<!--")) {
                skip_comment();
            } else if (starts("<?") && !starts("<?xml ")) {
                skip_instruction();
            } else {
                return note("something follows the document");
            }
        }
    }

    void read_start_tag() {
        const std::size_t begin = at_;
        std::size_t at = at_ + 1;
        std::string_view name;
        if (!read_name(at, name)) return;
        raw_attributes_.clear();
        bool is_empty = false;
        for (;;) {
            const std::size_t blank = at;
            while (at < text_.size() && is_space(text_[at])) ++at;
            if (at - begin > FeedLimits::tag_bytes_max) return refuse_tag();
            if (at >= text_.size()) {
                // What is left of a tag says nothing for sure.
                note("the document ends within a tag");
                at_ = at;
                return;
            }
            const char c = text_[at];
            if (c == '>') {
                ++at;
                break;
            }
            if (c == '/' && at + 1 < text_.size() && text_[at + 1] == '>') {
                is_empty = true;
                at += 2;
                break;
            }
            if (c == '<') {
                note("a tag that does not end");
                break;
            }
            if (!starts_name(c)) {
                note("a sign between attributes");
                ++at;
                continue;
            }
            if (at == blank) note("no blank before an attribute");
            if (!read_attribute(at)) return;
        }
        at_ = at;
        open(name, is_empty);
    }

    void refuse_tag() {
        refuse(ErrorKind::too_large, "a tag of more than " + std::to_string(FeedLimits::tag_bytes_max >> 10) + " KB");
    }

    bool read_attribute(std::size_t& at) {
        RawAttribute attribute;
        if (!read_name(at, attribute.name)) return false;
        while (at < text_.size() && is_space(text_[at])) ++at;
        if (at < text_.size() && text_[at] == '=') {
            ++at;
            while (at < text_.size() && is_space(text_[at])) ++at;
            if (!read_value(at, attribute.value)) return false;
        } else {
            note("an attribute without a value");
        }
        const auto twin = std::find_if(raw_attributes_.begin(), raw_attributes_.end(),
                                       [&](const RawAttribute& other) { return other.name == attribute.name; });
        if (twin != raw_attributes_.end()) {
            const std::string what = "the attribute " + std::string(attribute.name.substr(0, 64)) + " twice in one tag";
            // The root says what the document is: it cannot be two things.
            if (!open_.empty()) {
                note(what);
                return true;
            }
            refuse(ErrorKind::malformed, what);
            return false;
        }
        if (raw_attributes_.size() == FeedLimits::attributes_max) {
            refuse(ErrorKind::too_large, "more than " + std::to_string(FeedLimits::attributes_max) + " attributes in one tag");
            return false;
        }
        raw_attributes_.push_back(attribute);
        return true;
    }

    bool read_value(std::size_t& at, std::string_view& value) {
        const char quote = at < text_.size() ? text_[at] : '\0';
        std::size_t end = 0;
        if (quote == '"' || quote == '\'') {
            ++at;
            end = text_.substr(0, at + FeedLimits::tag_bytes_max + 1).find(quote, at);
            if (end == std::string_view::npos) {
                if (text_.size() - at > FeedLimits::tag_bytes_max) {
                    refuse_tag();
                    return false;
                }
                note("the document ends within a tag");
                end = text_.size();
            }
            value = text_.substr(at, end - at);
            at = std::min(end + 1, text_.size());
            if (value.find('<') != std::string_view::npos) note("a < within an attribute");
            return true;
        }
        note("an attribute without quotes");
        end = at;
        while (end < text_.size() && !is_space(text_[end]) && text_[end] != '>' && text_[end] != '<') ++end;
        if (end > at && text_[end - 1] == '/' && end < text_.size() && text_[end] == '>') --end;
        value = text_.substr(at, end - at);
        at = end;
        return true;
    }

    void open(std::string_view name, bool is_empty) {
        if (open_.size() == FeedLimits::depth_max)
            return refuse(ErrorKind::too_large, "elements nested deeper than " + std::to_string(FeedLimits::depth_max));
        has_root_ = true;
        open_.push_back({name, namespaces_.count()});
        declare();
        if (refusal_) return;
        attributes_.clear();
        values_.clear();
        values_.reserve(raw_attributes_.size());  // views into it must not move
        for (const RawAttribute& raw : raw_attributes_) attributes_.push_back({resolve(raw.name, true), decoded(raw.value)});
        events_.start_element(resolve(name, false), attributes_);
        if (is_empty) close();
    }

    std::string_view decoded(std::string_view raw) {
        if (std::none_of(raw.begin(), raw.end(), [](char c) { return c == '&' || c == '\n' || c == '\r' || c == '\t'; }))
            return raw;
        // White space that stands there is a blank, a reference to it means itself (XML 1.0 section 3.3.3).
        std::string with_blanks;
        with_blanks.reserve(raw.size());
        for (std::size_t at = 0; at < raw.size(); ++at)
            if (!raw.substr(at).starts_with("\r\n")) with_blanks.push_back(is_space(raw[at]) ? ' ' : raw[at]);
        std::string& value = values_.emplace_back();
        if (!append_decoded(with_blanks, value)) note("a reference to nothing");
        return value;
    }

    void declare() {
        for (const RawAttribute& raw : raw_attributes_) {
            const auto prefix = declared_prefix(raw.name);
            if (prefix && !namespaces_.declare(*prefix, raw.value))
                return refuse(ErrorKind::too_large,
                              "more than " + std::to_string(FeedLimits::namespaces_max) + " namespaces in force at once");
        }
    }

    XmlName resolve(std::string_view name, bool is_attribute) {
        const auto [resolved, is_declared] = namespaces_.resolve(name, is_attribute);
        if (!is_declared) note("the prefix " + std::string(resolved.prefix) + " is not declared");
        return resolved;
    }

    std::string_view text_;
    std::string substituted_;  ///< the document where it declares entities: what `text_` views then
    XmlEvents& events_;
    bool is_encoding_sure_;
    std::size_t at_ = 0;
    std::vector<OpenElement> open_;
    NamespacesInForce namespaces_;
    std::vector<RawAttribute> raw_attributes_;
    std::vector<XmlAttribute> attributes_;
    std::vector<std::string> values_;
    std::string scratch_;
    std::string fault_;
    std::optional<Error> refusal_;
    // What most documents do not hold at all is not looked for in each text.
    bool has_return_ = text_.find('\r') != std::string_view::npos;
    bool has_section_end_ = text_.find("]]>") != std::string_view::npos;
    bool has_root_ = false;
    bool has_document_type_ = false;
    bool is_over_ = false;
};

}  // namespace

Result<XmlOutcome> scan_xml(std::string_view document, bool is_encoding_sure, XmlEvents& events) {
    return Scanner(document, is_encoding_sure, events).run();
}

}  // namespace gazetted
