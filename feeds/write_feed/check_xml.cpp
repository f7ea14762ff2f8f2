#include "feeds/write_feed/check.hpp"

#include <libxml/parser.h>

#include <algorithm>
#include <map>
#include <memory>
#include <new>
#include <set>
#include <utility>
#include <vector>

namespace gazetted {
namespace {

struct ContextDeleter {
    void operator()(xmlParserCtxt* context) const { xmlFreeParserCtxt(context); }
};

constexpr std::string_view atom_namespace = "http://www.w3.org/2005/Atom";

bool is_rfc3339(std::string_view text) { return parse_rfc3339(text).has_value(); }

/// RSS 2.0 takes RFC 822 with its zone as a number, we write none but UTC: an HTTP date but for its zone.
bool is_rfc822(std::string_view text) {
    constexpr std::string_view zone = "+0000";
    if (!text.ends_with(zone)) return false;
    text.remove_suffix(zone.size());
    return parse_http_date(std::string(text) + "GMT", {}).has_value();
}

bool is_said(std::string_view text) { return !text.empty(); }

/// A child that a feed or an entry must have, exactly once, or may have once; its text is looked at.
struct Rule {
    std::string_view parent;
    std::string_view name;
    bool is_wanted;
    bool (*is_right)(std::string_view text);
};
constexpr Rule atom_rules[] = {
    {"feed", "id", true, is_said},
    {"feed", "title", true, is_said},
    {"feed", "updated", true, is_rfc3339},
    {"entry", "id", true, is_said},
    {"entry", "title", true, is_said},
    {"entry", "updated", true, is_rfc3339},
    {"entry", "published", true, is_rfc3339},
};
constexpr Rule rss_rules[] = {
    {"channel", "title", true, is_said},
    {"channel", "link", true, is_web_address},
    {"channel", "description", true, is_said},
    {"channel", "lastBuildDate", true, is_rfc822},
    {"item", "title", true, is_said},
    {"item", "link", true, is_web_address},
    {"item", "guid", true, is_said},
    {"item", "pubDate", true, is_rfc822},
    {"item", "comments", false, is_web_address},
};

/// Looks at a document as it passes by: memory stays flat.
class Inspection {
public:
    explicit Inspection(FeedFormat format) : is_rss_(format == FeedFormat::rss) {}

    void begin(std::string_view name, std::string_view space, const xmlChar** attributes, int count) {
        // An element of another namespace is nobody's title.
        const bool is_own = space == (is_rss_ ? std::string_view() : atom_namespace);
        if (path_.empty() && !(is_own && name == (is_rss_ ? "rss" : "feed"))) note("the root is " + std::string(name));
        if (is_own && is_entry(name)) {
            ++entries_;
            counts_.clear();
        }
        if (is_own && is_rss_ && name == "enclosure") require_attributes(attributes, count, {"url", "length", "type"});
        look_at_addresses(attributes, count);
        path_.emplace_back(is_own ? std::string(name) : std::string());
        watched_ = rule_here();
        text_.clear();
    }

    void text(std::string_view part) {
        if (watched_ != nullptr) text_ += part;
    }

    void end() {
        if (watched_ != nullptr) settle(*watched_);
        watched_ = nullptr;
        const std::string name = std::move(path_.back());
        path_.pop_back();
        if (is_entry(name)) {
            require_all(name);
        } else if (path_.empty()) {
            require_all(is_rss_ ? "channel" : "feed");
        }
    }

    void note(const std::string& fault) {
        if (!fault_) fault_ = entries_ == 0 ? fault : "entry " + std::to_string(entries_) + ": " + fault;
    }
    const Fault& fault() const { return fault_; }

private:
    /// Whether an element of that name, here, is an entry.
    bool is_entry(std::string_view name) const {
        return is_rss_ ? path_.size() == 2 && name == "item" : path_.size() == 1 && name == "entry";
    }

    const Rule* rule_here() const {
        if (path_.size() < 2) return nullptr;
        const auto fits = [&](const Rule& rule) { return rule.name == path_.back() && rule.parent == path_[path_.size() - 2]; };
        const auto find = [&](const auto& rules) {
            const auto* found = std::ranges::find_if(rules, fits);
            return found == std::end(rules) ? nullptr : found;
        };
        return is_rss_ ? find(rss_rules) : find(atom_rules);
    }

    void settle(const Rule& rule) {
        const std::string what(rule.name);
        if (!rule.is_right(text_)) note(what + " is none: " + text_.substr(0, 80));
        const bool is_of_entry = rule.parent == "entry" || rule.parent == "item";
        if (++(is_of_entry ? counts_ : head_counts_)[rule.name] > 1) note("more than one " + what);
        if (is_of_entry && (rule.name == "id" || rule.name == "guid") && !ids_.insert(text_).second)
            note("another entry has the id " + text_.substr(0, 80));
    }

    void require_all(std::string_view parent) {
        const auto look = [&](const auto& rules) {
            for (const Rule& rule : rules) {
                const auto& counts = rule.parent == "entry" || rule.parent == "item" ? counts_ : head_counts_;
                if (rule.parent == parent && rule.is_wanted && !counts.contains(rule.name))
                    note("no " + std::string(rule.name));
            }
        };
        is_rss_ ? look(rss_rules) : look(atom_rules);
    }

    /// Five pointers each: name, prefix, namespace, begin and end of the value.
    static std::string_view name_of(const xmlChar** attribute) { return reinterpret_cast<const char*>(attribute[0]); }
    static std::string_view value_of(const xmlChar** attribute) {
        const char* begin = reinterpret_cast<const char*>(attribute[3]);
        return {begin, static_cast<std::size_t>(attribute[4] - attribute[3])};
    }

    void look_at_addresses(const xmlChar** attributes, int count) {
        for (int i = 0; i < count; ++i) {
            const auto name = name_of(attributes + 5 * i);
            const auto value = value_of(attributes + 5 * i);
            if ((name == "href" || name == "url") && !is_web_address(value))
                note(std::string(name) + " is no absolute address");
        }
    }

    void require_attributes(const xmlChar** attributes, int count, const std::vector<std::string_view>& wanted) {
        for (const std::string_view each : wanted) {
            bool is_there = false;
            for (int i = 0; i < count; ++i)
                is_there = is_there || (name_of(attributes + 5 * i) == each && !value_of(attributes + 5 * i).empty());
            if (!is_there) note("no " + std::string(each) + " of an enclosure");
        }
    }

    bool is_rss_;
    std::vector<std::string> path_;  ///< names of our own elements; empty for others
    const Rule* watched_ = nullptr;
    std::string text_;
    std::map<std::string_view, int> counts_;  ///< of the entry
    std::map<std::string_view, int> head_counts_;
    std::set<std::string> ids_;
    std::size_t entries_ = 0;
    Fault fault_;
};

Inspection& inspection(void* user) { return *static_cast<Inspection*>(user); }

std::string_view view(const xmlChar* text) {
    return text == nullptr ? std::string_view() : reinterpret_cast<const char*>(text);
}

void on_begin(void* user, const xmlChar* name, const xmlChar*, const xmlChar* space, int, const xmlChar**, int count, int,
              const xmlChar** attributes) {
    inspection(user).begin(view(name), view(space), attributes, count);
}
void on_end(void* user, const xmlChar*, const xmlChar*, const xmlChar*) { inspection(user).end(); }
void on_text(void* user, const xmlChar* text, int length) {
    inspection(user).text({reinterpret_cast<const char*>(text), static_cast<std::size_t>(length)});
}

}  // namespace

/// Strict, and without a tree: memory stays flat. Our own bytes declare no entity, so the library's limits on length may go.
Fault xml_feed_fault(std::initializer_list<std::string_view> parts, FeedFormat format) {
    Inspection seen(format);
    xmlSAXHandler handler{};
    handler.initialized = XML_SAX2_MAGIC;
    handler.startElementNs = on_begin;
    handler.endElementNs = on_end;
    handler.characters = on_text;
    handler.cdataBlock = on_text;
    const std::unique_ptr<xmlParserCtxt, ContextDeleter> context(xmlCreatePushParserCtxt(&handler, &seen, nullptr, 0, nullptr));
    if (!context) throw std::bad_alloc();
    xmlCtxtUseOptions(context.get(), XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_HUGE);
    for (const std::string_view part : parts) xmlParseChunk(context.get(), part.data(), static_cast<int>(part.size()), 0);
    xmlParseChunk(context.get(), nullptr, 0, 1);
    if (context->wellFormed == 0 || context->nsWellFormed == 0) seen.note("not well-formed XML");
    return seen.fault();
}

}  // namespace gazetted
