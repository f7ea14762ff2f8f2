#include "feeds/read_feed/xml_feed.hpp"

#include "feeds/entry.hpp"
#include "feeds/feed_date.hpp"
#include "feeds/read_feed.hpp"
#include "feeds/read_feed/elements.hpp"
#include "feeds/read_feed/text_forms.hpp"
#include "feeds/read_feed/xml.hpp"
#include "feeds/url.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace gazetted {
namespace {

using Attributes = std::span<const XmlAttribute>;

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
bool equal_letters(std::string_view name, std::string_view lower_name) {
    return name.size() == lower_name.size() &&
           std::equal(name.begin(), name.end(), lower_name.begin(), [](char a, char b) { return lower(a) == b; });
}

/// The attribute of that name, of no namespace of its own first of all; empty where there is none.
std::string_view attribute(Attributes attributes, std::string_view lower_name) {
    for (const XmlAttribute& a : attributes) {
        if (a.name.space != Namespace::xml && a.name.space != Namespace::xmlns && equal_letters(a.name.local, lower_name))
            return a.value;
    }
    return {};
}

const XmlAttribute* xml_attribute(Attributes attributes, std::string_view name) {
    const auto found = std::find_if(attributes.begin(), attributes.end(), [&](const XmlAttribute& a) {
        return a.name.space == Namespace::xml && a.name.local == name;
    });
    return found == attributes.end() ? nullptr : &*found;
}

std::string_view first_of(Attributes attributes, std::initializer_list<std::string_view> names) {
    for (const std::string_view name : names) {
        if (const std::string_view value = attribute(attributes, name); !value.empty()) return value;
    }
    return {};
}

/// What an open element is, and where its text began.
struct Frame {
    const ElementRule* rule = nullptr;
    bool is_inline = false;  ///< markup within a text construct
    bool wants_text = false;
    std::size_t text_begin = 0;
    std::size_t bases = 0;      ///< as many as outside of it
    std::size_t languages = 0;  ///< likewise
};

/// The text construct that is being read. They never nest.
struct OpenConstruct {
    std::string type;
    bool is_base64 = false;
    bool has_markup = false;
    std::string source;
    // Whether one <div> holds it all (RFC 4287 section 3.1.1.3), and where that begins and ends.
    std::size_t top_elements = 0;
    std::size_t inline_depth = 0;
    bool is_div = false;
    std::size_t div_open = 0, div_begin = 0, div_end = 0;
};

struct FormatName {
    std::string_view version;
    ParsedFormat format;
};
constexpr FormatName rss_versions[] = {{"0.91", ParsedFormat::rss091u},
                                       {"0.92", ParsedFormat::rss092},
                                       {"0.93", ParsedFormat::rss093},
                                       {"0.94", ParsedFormat::rss094}};

class XmlFeedReader final : public XmlEvents {
public:
    XmlFeedReader(std::string_view document, std::string_view url) : document_(document), url_(url) {}

    void start_element(const XmlName& name, Attributes attributes) override {
        if (construct_depth_ == 0 && holds_stray_markup()) {
            construct_ = {};
            construct_.type = "text";
            construct_depth_ = frames_.size();
            construct_begin_ = frames_.back().text_begin;
        }
        if (construct_depth_ > 0) return start_inline(name, attributes);
        Frame frame;
        frame.text_begin = text_.size();
        frame.bases = bases_.size();
        frame.languages = languages_.size();
        take_base_and_language(attributes);
        frame.rule = &rule_of(name);
        frames_.push_back(frame);
        if (frame.rule->kind == ElementKind::unknown) return;
        start(*frame.rule, name, attributes);
    }

    void end_element() override {
        const Frame frame = frames_.back();
        if (frame.is_inline) {
            end_inline();
        } else {
            if (frame.rule->kind != ElementKind::unknown) end(frame);
            if (construct_depth_ == frames_.size()) construct_depth_ = 0;
            text_.resize(frame.text_begin);
            frames_.pop_back();
        }
        bases_.resize(frame.bases);
        languages_.resize(frame.languages);
    }

    bool wants_text() const override { return !frames_.empty() && (construct_depth_ > 0 || frames_.back().wants_text); }

    void text(std::string_view piece) override {
        if (construct_depth_ > 0 && construct_.type == "xhtml" && construct_.has_markup) {
            append_escaped(piece, text_);
        } else {
            text_.append(piece);
        }
        if (construct_depth_ > 0 && construct_.inline_depth == 0 && !trimmed(piece).empty()) construct_.top_elements += 2;
    }

    bool is_done() const override { return false; }

    Result<Feed> take() && {
        if (!has_root_) {
            return Error{ErrorKind::unsupported,
                         is_page_ ? "a page, not a feed" : "not a feed: no element of RSS or Atom is at its root"};
        }
        finish_feed();
        return std::move(feed_);
    }

private:
    // --- Where we are

    bool in_entry() const { return entry_ != nullptr; }
    ParsedMembers& members() {
        if (source_) return *source_;
        if (entry_) return *entry_;
        return feed_.head;
    }
    /// Null within an entry that is not in its source.
    ParsedHead* head() {
        if (source_) return source_;
        return entry_ ? nullptr : &feed_.head;
    }
    std::string_view base() const { return bases_.empty() ? url_ : std::string_view(bases_.back()); }
    std::string_view stated_base() const { return bases_.empty() ? std::string_view() : std::string_view(bases_.back()); }
    std::string_view language() const { return languages_.empty() ? std::string_view() : std::string_view(languages_.back()); }
    /// What relative links are resolved against: xml:base, else the channel's page, else where the feed was found. Atom's links
    /// stay as they are where neither xml:base nor the feed's address is known.
    std::string_view link_base() const {
        if (!bases_.empty()) return bases_.back();
        const bool may_use_page = entry_ && !(is_atom_ && url_.empty());
        if (may_use_page && !url_scheme(feed_.head.link).empty()) return feed_.head.link;
        return url_;
    }
    /// The same for the links in HTML, which Atom leaves to xml:base alone (RFC 4287 section 3.1.1.2).
    std::string_view html_base() const { return is_atom() ? base() : link_base(); }

    bool is_atom() const { return is_atom_; }

    /// Markup where plain text should be is text of that markup.
    bool holds_stray_markup() const {
        if (frames_.empty()) return false;
        const ElementKind kind = frames_.back().rule->kind;
        return kind == ElementKind::category || kind == ElementKind::id || kind == ElementKind::plain ||
               kind == ElementKind::part;
    }

    const ElementRule& rule_of(const XmlName& name) {
        static constexpr ElementRule nothing{};
        static constexpr ElementRule part{.kind = ElementKind::part};
        if (frames_.empty()) return root_rule(name);
        const Frame& parent = frames_.back();
        part_ = nullptr;
        switch (parent.rule->kind) {
            case ElementKind::unknown:
                // A feed within something else still is one; nothing else within the unknown counts.
                if (!has_root_) return root_rule(name);
                if (const ElementRule& rule = element_rule(name.space, name.local); rule.kind == ElementKind::entry && !entry_)
                    return rule;
                return nothing;
            case ElementKind::image:
                part_ = image_part(members().image, name.local);
                break;
            case ElementKind::text_input:
                part_ = head() ? text_input_part(head()->text_input, name.local) : nullptr;
                break;
            case ElementKind::person:
                part_ = person_ ? person_part(*person_, name.local) : nullptr;
                break;
            case ElementKind::root:
            case ElementKind::channel:
            case ElementKind::entry:
            case ElementKind::source:
            case ElementKind::transparent: {
                const ElementRule& rule = element_rule(name.space, name.local);
                return rule.kind == ElementKind::root ? nothing : rule;
            }
            default:
                return nothing;
        }
        return part_ ? part : nothing;
    }

    const ElementRule& root_rule(const XmlName& name) {
        static constexpr ElementRule nothing{};
        const ElementRule& rule = element_rule(name.space, name.local);
        if (frames_.empty() && equal_letters(name.local, "html")) is_page_ = true;
        const bool is_root = rule.kind == ElementKind::root || rule.kind == ElementKind::channel;
        return is_root ? rule : nothing;
    }

    void take_base_and_language(Attributes attributes) {
        if (const XmlAttribute* stated = xml_attribute(attributes, "base")) {
            // An address that cannot be is no base.
            if (auto resolved = resolve_url(stated->value, base())) bases_.push_back(*std::move(resolved));
        }
        if (const XmlAttribute* stated = xml_attribute(attributes, "lang"))
            languages_.push_back(language_tag(trimmed(stated->value)));
    }

    // --- Markup within text constructs

    void start_inline(const XmlName& name, Attributes attributes) {
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
        if (!is_xml) construct_.type = "xhtml";
        construct_.has_markup = true;
        OpenConstruct& c = construct_;
        if (c.inline_depth == 0) {
            ++c.top_elements;
            c.is_div = equal_letters(name.local, "div");
            c.div_open = text_.size();
        }
        write_tag(name, attributes);
        if (c.inline_depth == 0) c.div_begin = text_.size();
        ++c.inline_depth;
        names_.push_back(text_name(name));
        frames_.push_back(frame);
    }

    /// Elements of XHTML lose their prefix; others keep how they are written.
    static std::string text_name(const XmlName& name) {
        const bool is_html = name.space == Namespace::xhtml || name.space == Namespace::core;
        return is_html ? lower_case(name.local) : std::string(name.local);
    }

    void write_tag(const XmlName& name, Attributes attributes) {
        text_.append("<").append(text_name(name));
        if (!name.prefix.empty() && name.space == Namespace::svg) text_.append(" xmlns=\"http://www.w3.org/2000/svg\"");
        if (!name.prefix.empty() && name.space == Namespace::mathml)
            text_.append(" xmlns=\"http://www.w3.org/1998/Math/MathML\"");
        for (const XmlAttribute& a : attributes) {
            const bool is_declaration = a.name.space == Namespace::xmlns;
            if (is_declaration && (a.value == "http://www.w3.org/1999/xhtml" || a.name.prefix == "xmlns")) continue;
            text_.append(" ");
            if (!a.name.prefix.empty()) text_.append(a.name.prefix).append(":");
            text_.append(a.name.local).append("=\"");
            for (std::string_view value = a.value; !value.empty();) {
                const std::size_t end = value.find_first_of("&<>\"");
                text_.append(value.substr(0, end));
                if (end == std::string_view::npos) break;
                text_.append(value[end] == '&' ? "&amp;" : value[end] == '<' ? "&lt;" : value[end] == '>' ? "&gt;" : "&quot;");
                value.remove_prefix(end + 1);
            }
            text_.append("\"");
        }
        text_.append(">");
    }

    void end_inline() {
        static constexpr std::string_view void_elements[] = {"br",    "hr",   "img",  "input", "area",   "base",  "col",
                                                             "embed", "link", "meta", "param", "source", "track", "wbr"};
        frames_.pop_back();
        const std::string& name = names_.back();
        --construct_.inline_depth;
        if (construct_.inline_depth == 0) construct_.div_end = text_.size();
        const bool is_void = std::find(std::begin(void_elements), std::end(void_elements), name) != std::end(void_elements);
        if (is_void && text_.ends_with('>')) {
            text_.back() = ' ';
            text_.append("/>");
        } else if (!is_void) {
            text_.append("</").append(name).append(">");
        }
        names_.pop_back();
    }

    // --- Elements that mean something

    void collect() { frames_.back().wants_text = true; }

    void start(const ElementRule& rule, const XmlName& name, Attributes attributes) {
        switch (rule.kind) {
            case ElementKind::root:
                return start_root(name, attributes);
            case ElementKind::channel:
                return start_channel(attributes);
            case ElementKind::entry:
                return start_entry(attributes);
            case ElementKind::source:
                return start_source(attributes);
            case ElementKind::image:
                return start_image(attributes);
            case ElementKind::person:
                return start_person(rule);
            case ElementKind::construct:
            case ElementKind::content:
            case ElementKind::description:
            case ElementKind::fallback_title:
                return start_construct(rule, attributes);
            case ElementKind::link:
                return start_link(attributes);
            case ElementKind::category:
                return start_category(name, attributes);
            case ElementKind::generator:
                return start_generator(attributes);
            case ElementKind::enclosure:
                return start_enclosure(attributes);
            case ElementKind::cloud:
                return start_cloud(attributes);
            case ElementKind::image_address:
                return start_image_address(attributes);
            case ElementKind::podcast_url:
                podcast().*rule.podcast = absolute(first_of(attributes, {"url", "href"}), link_base());
                return;
            case ElementKind::license:
                return start_license(attributes);
            case ElementKind::reply:
                return start_reply(attributes);
            case ElementKind::id:
                is_permalink_ = !equal_letters(attribute(attributes, "ispermalink"), "false");
                return collect();
            case ElementKind::place:
                place_element_ = lower_case(name.local);
                return collect();
            case ElementKind::media_content:
                return start_media_content(attributes);
            case ElementKind::media_thumbnail:
                return start_thumbnail(attributes);
            case ElementKind::media_credit:
                return start_credit(attributes);
            case ElementKind::media_restriction:
                if (in_entry()) media().restriction_relationship = attribute(attributes, "relationship");
                return collect();
            case ElementKind::media_license:
                if (in_entry()) {
                    media().license_type = attribute(attributes, "type");
                    media().license_url = attribute(attributes, "href");
                }
                return collect();
            case ElementKind::media_player:
                if (in_entry()) media().player = absolute(attribute(attributes, "url"), link_base());
                return;
            case ElementKind::transparent:
            case ElementKind::text_input:
            case ElementKind::unknown:
                return;
            default:
                return collect();
        }
    }

    void end(const Frame& frame) {
        const ElementRule& rule = *frame.rule;
        const std::string_view text = trimmed(std::string_view(text_).substr(frame.text_begin));
        switch (rule.kind) {
            case ElementKind::entry:
                return end_entry();
            case ElementKind::source:
                return end_source(text);
            case ElementKind::person:
                return end_person(rule, text);
            case ElementKind::construct:
            case ElementKind::content:
            case ElementKind::description:
            case ElementKind::fallback_title:
                return end_construct(rule, frame);
            case ElementKind::plain:
                if (rule.plain) set_once(members().*rule.plain, text);
                if (rule.head && head()) set_once(head()->*rule.head, text);
                return;
            case ElementKind::address:
                if (rule.plain) set_once(members().*rule.plain, absolute(text, link_base()));
                if (rule.head && head()) set_once(head()->*rule.head, absolute(text, link_base()));
                return;
            case ElementKind::license:
                if (!text.empty()) set_license(absolute(text, link_base()));
                return;
            case ElementKind::date: {
                auto& member = members().*rule.date;
                const auto instant = parse_feed_date(text);
                if (instant && !member) member = instant;
                // Dublin Core has one date for all that happens to a resource.
                if (rule.space == Namespace::dc && instant && !members().published) members().published = instant;
                return;
            }
            case ElementKind::valid:
                return end_valid(text);
            case ElementKind::id:
                return end_id(text);
            case ElementKind::link:
                return end_link(text);
            case ElementKind::category:
                return end_category(text);
            case ElementKind::keywords:
                return end_keywords(text);
            case ElementKind::generator:
                if (head() && !text.empty()) head()->generator.name = text;
                return;
            case ElementKind::podcast:
                set_once(podcast().*rule.podcast, text);
                return;
            case ElementKind::podcast_flag: {
                // Only the values that Apple's specification has, to the letter, say something.
                const std::string_view exact = std::string_view(text_).substr(frame.text_begin);
                const bool is_yes = exact == "yes" || exact == "true";
                if (is_yes || exact == "no" || exact == "false" || exact == "clean") podcast().*rule.flag = is_yes;
                return;
            }
            case ElementKind::podcast_block:
                podcast().block = std::string_view(text_).substr(frame.text_begin) == "yes";
                return;
            case ElementKind::original_link:
                if (entry_) set_once(entry_->original_link, text);
                return;
            case ElementKind::original_enclosure:
                // A service that counts downloads put its own address in place.
                if (entry_ && !entry_->enclosures.empty() && !text.empty())
                    entry_->enclosures.back().url = absolute(text, link_base());
                return;
            case ElementKind::place:
                return end_place(text);
            case ElementKind::media_credit:
                if (in_entry() && !media().credits.empty()) media().credits.back().name = text;
                return;
            case ElementKind::media_rating:
                if (in_entry()) set_once(media().rating, text);
                return;
            case ElementKind::media_restriction:
                if (in_entry()) media().restriction = read_keywords(text);
                return;
            case ElementKind::media_license:
                if (in_entry()) media().license = text;
                return;
            case ElementKind::part:
                return end_part(text);
            default:
                return;
        }
    }

    static void set_once(std::string& member, std::string_view text) {
        if (member.empty()) member = text;
    }

    template <class Value>
    static bool has_room(const std::vector<Value>& list) {
        return list.size() < FeedLimits::list_max;
    }

    ParsedPodcast& podcast() {
        auto& pointer = members().podcast;
        if (!pointer) pointer = std::make_unique<ParsedPodcast>();
        return *pointer;
    }

    /// Only within an entry.
    ParsedMedia& media() {
        if (!entry_->media) entry_->media = std::make_unique<ParsedMedia>();
        return *entry_->media;
    }

    // --- Feeds and entries

    void start_root(const XmlName& name, Attributes attributes) {
        has_root_ = true;
        if (equal_letters(name.local, "rss")) {
            feed_.format = rss_format(trimmed(attribute(attributes, "version")));
        } else if (equal_letters(name.local, "feed")) {
            is_atom_ = true;
            feed_.format = atom_format(attributes, name);
        } else {
            feed_.format = rdf_format(attributes);
        }
        if (!languages_.empty()) feed_.head.language = languages_.back();
    }

    ParsedFormat rss_format(std::string_view version) const {
        if (version == "0.91" && document_.substr(0, 2048).find("//DTD RSS 0.91//EN") != std::string_view::npos)
            return ParsedFormat::rss091n;
        const auto* known = std::find_if(std::begin(rss_versions), std::end(rss_versions),
                                         [&](const FormatName& f) { return f.version == version; });
        if (known != std::end(rss_versions)) return known->format;
        return version.starts_with("2.") || version == "2" ? ParsedFormat::rss20 : ParsedFormat::rss;
    }

    static bool declares(Attributes attributes, std::string_view beginning) {
        return std::any_of(attributes.begin(), attributes.end(), [&](const XmlAttribute& a) {
            return a.name.space == Namespace::xmlns && lower_case(a.value).starts_with(beginning);
        });
    }

    static ParsedFormat atom_format(Attributes attributes, const XmlName&) {
        if (declares(attributes, "http://www.w3.org/2005/atom")) return ParsedFormat::atom10;
        const std::string_view version = attribute(attributes, "version");
        if (version == "1.0") return ParsedFormat::atom10;
        if (declares(attributes, "http://purl.org/atom/ns#") || version == "0.3") return ParsedFormat::atom03;
        return ParsedFormat::atom;
    }

    static ParsedFormat rdf_format(Attributes attributes) {
        if (declares(attributes, "http://my.netscape.com/rdf/simple/0.9") ||
            declares(attributes, "http://channel.netscape.com/rdf/simple/0.9"))
            return ParsedFormat::rss090;
        return ParsedFormat::rss10;
    }

    /// CDF says in attributes what RSS says in elements.
    void take_channel_attributes(Attributes attributes) {
        if (const std::string_view href = attribute(attributes, "href"); !href.empty())
            add_link(
                {.rel = {}, .href = absolute_link(href, link_base()), .type = {}, .title = {}, .language = {}, .length = {}});
        if (!members().updated) members().updated = parse_feed_date(attribute(attributes, "lastmod"));
    }

    void start_channel(Attributes attributes) {
        if (!has_root_) take_channel_attributes(attributes);
        has_root_ = true;
        if (!languages_.empty()) set_once(feed_.head.language, languages_.back());
    }

    void start_entry(Attributes attributes) {
        if (source_ || is_skipping()) return;
        // An item never holds another: the end of the first is missing.
        if (entry_) end_entry();
        if (feed_.entries.size() == FeedLimits::entries_max) {
            feed_.has_more = true;
            entry_ = &surplus_.emplace_back();
            return;
        }
        entry_ = &feed_.entries.emplace_back();
        entry_->language = language();
        take_channel_attributes(attributes);
        if (const std::string_view about = attribute(attributes, "about"); !about.empty()) about_ = about;
    }

    bool is_skipping() const { return !surplus_.empty() && entry_; }

    void end_entry() {
        if (!entry_) return;
        if (entry_->id.empty() && !about_.empty()) entry_->id = about_;
        about_.clear();
        finish_entry(*entry_);
        ranks_.erase(std::remove_if(ranks_.begin(), ranks_.end(), [this](const auto& r) { return is_of_entry(r.first); }),
                     ranks_.end());
        entry_ = nullptr;
        source_ = nullptr;
        surplus_.clear();
    }

    bool is_of_entry(const TextConstruct* construct) const {
        const ParsedHead& head = feed_.head;
        return construct != &head.title && construct != &head.subtitle && construct != &head.rights && construct != &head.info;
    }

    static void finish_links(ParsedMembers& m) {
        if (m.link.empty()) {
            const auto page = std::find_if(m.links.begin(), m.links.end(),
                                           [](const ParsedLink& l) { return l.rel == "alternate" && !l.href.empty(); });
            if (page != m.links.end()) m.link = page->href;
        }
    }

    void finish_entry(ParsedEntry& entry) {
        finish_links(entry);
        // Many formats have one date of the two; both are of the entry, none is of the clock.
        const ParsedHead& head = feed_.head;
        if (entry.language.empty()) entry.language = head.language;
        if (entry.authors.empty() && is_atom_)
            entry.authors = entry.source && !entry.source->authors.empty() ? entry.source->authors : head.authors;
        if (entry.link.empty() && (url_scheme(entry.id) == "http" || url_scheme(entry.id) == "https") &&
            entry.id_is_permalink != false)
            entry.link = entry.id;
        if (!entry.published) entry.published = entry.updated;
        if (!entry.updated) entry.updated = entry.published;
        if (entry.title.empty() && !fallback_title_.empty()) entry.title = std::move(fallback_title_);
        fallback_title_ = {};
    }

    void finish_feed() {
        if (entry_) end_entry();
        finish_links(feed_.head);
        const auto self =
            std::find_if(feed_.head.links.begin(), feed_.head.links.end(), [](const ParsedLink& l) { return l.rel == "self"; });
        if (self != feed_.head.links.end()) set_once(feed_.head.link, self->href);
        set_once(feed_.head.link, url_);
        set_once(feed_.head.image.url, feed_.head.logo);
        if (feed_.head.authors.empty() && is_web_master_) feed_.head.authors.push_back(feed_.head.publisher);
    }

    void start_source(Attributes attributes) {
        if (!entry_ || entry_->source) return collect();
        entry_->source = std::make_unique<ParsedSource>();
        source_ = entry_->source.get();
        source_->url = absolute(attribute(attributes, "url"), link_base());
        collect();
    }

    void end_source(std::string_view text) {
        if (source_ && source_->title.empty() && !text.empty())
            source_->title = {.value = std::string(text), .type = "text", .language = {}, .base = {}, .source = {}};
        if (source_) finish_links(*source_);
        source_ = nullptr;
    }

    // --- Images and text inputs

    void start_image(Attributes attributes) {
        if (const std::string_view url = first_of(attributes, {"url", "href"}); !url.empty())
            set_once(members().image.url, absolute(url, link_base()));
    }

    void end_part(std::string_view text) {
        if (!part_ || !part_->empty()) return;
        const bool is_address = part_ == &members().image.url || part_ == &members().image.link ||
                                (head() && part_ == &head()->text_input.link) || (person_ && part_ == &person_->uri);
        *part_ = is_address ? absolute(text, link_base()) : std::string(text);
        part_ = nullptr;
    }

    void start_image_address(Attributes attributes) {
        const std::string_view url = first_of(attributes, {"href", "url"});
        if (!url.empty()) set_once(members().image.url, absolute(url, link_base()));
        collect();
    }

    // --- People

    void start_person(const ElementRule& rule) {
        collect();
        if (rule.role == PersonRole::publisher) {
            is_web_master_ = is_web_master_ || (rule.name == "webmaster" && !entry_);
            person_ = &members().publisher;
            return;
        }
        auto& people = rule.role == PersonRole::author ? members().authors : members().contributors;
        if (!has_room(people)) return;
        person_ = &people.emplace_back();
    }

    void end_person(const ElementRule& rule, std::string_view text) {
        if (!person_) return;
        if (person_->name.empty() && person_->email.empty()) {
            const std::string uri = std::move(person_->uri);
            *person_ = read_person(text);
            if (!uri.empty()) person_->uri = uri;
        }
        if (rule.role != PersonRole::publisher) {
            auto& people = rule.role == PersonRole::author ? members().authors : members().contributors;
            const Person& last = people.back();
            const bool is_nobody = last.name.empty() && last.email.empty() && last.uri.empty();
            // Two vocabularies often name the same author.
            const bool is_twin = std::find(people.begin(), people.end() - 1, last) != people.end() - 1;
            if (is_nobody || is_twin) people.pop_back();
        }
        person_ = nullptr;
    }

    // --- Text constructs

    void start_construct(const ElementRule& rule, Attributes attributes) {
        collect();
        construct_depth_ = frames_.size();
        construct_begin_ = text_.size();
        construct_ = {};
        construct_.type = construct_type(attribute(attributes, "type"), rule.type);
        const std::string_view mode = attribute(attributes, "mode");
        construct_.is_base64 = mode == "base64" || is_base64_type(construct_.type);
        construct_.source = absolute(attribute(attributes, "src"), link_base());
    }

    void end_construct(const ElementRule& rule, const Frame& frame) {
        TextConstruct construct = finish_construct(rule, frame);
        construct_depth_ = 0;
        switch (rule.kind) {
            case ElementKind::construct: {
                TextConstruct& member = members().*rule.construct;
                place_construct(member, rule, std::move(construct));
                return;
            }
            case ElementKind::fallback_title:
                if (entry_ && fallback_title_.empty()) fallback_title_ = std::move(construct);
                return;
            case ElementKind::description:
                return add_description(rule, std::move(construct));
            default:
                if (entry_ && !source_ && !construct.empty() && has_room(entry_->contents))
                    entry_->contents.push_back(std::move(construct));
        }
    }

    /// The vocabulary of the format itself comes before Dublin Core, that before those of podcasts and media; the first of
    /// each.
    static int rank(const ElementRule& rule) {
        return rule.space == Namespace::core ? 3 : rule.space == Namespace::dc || rule.space == Namespace::dcterms ? 2 : 1;
    }

    /// True where it took the place.
    bool place_construct(TextConstruct& member, const ElementRule& rule, TextConstruct construct) {
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

    void add_description(const ElementRule& rule, TextConstruct construct) {
        if (!entry_ || source_) {
            place_construct(members().subtitle, rule, std::move(construct));
            return;
        }
        TextConstruct copy = rule.space == Namespace::core ? construct : TextConstruct();
        if (place_construct(entry_->summary, rule, std::move(construct))) return;
        if (rule.space == Namespace::core && has_room(entry_->contents)) entry_->contents.push_back(std::move(copy));
    }

    TextConstruct finish_construct(const ElementRule& rule, const Frame& frame) {
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
        if (!is_atom() && c.type == "text" && looks_like_html(construct.value)) c.type = "html";
        // A title is a line of text: it may be emphasised, but frames nothing.
        if (rule.kind == ElementKind::construct && c.type != "text")
            construct.value = without_embedding(std::move(construct.value));
        if (c.type == "html" || c.type == "xhtml")
            construct.value = with_absolute_links(std::move(construct.value), html_base());
        construct.type = std::move(c.type);
        construct.language = language();
        construct.base = stated_base();
        construct.source = std::move(c.source);
        return construct;
    }

    // --- Links

    void start_link(Attributes attributes) {
        link_ = {.rel = std::string(attribute(attributes, "rel")),
                 .href = absolute_link(attribute(attributes, "href"), link_base()),
                 .type = std::string(attribute(attributes, "type")),
                 .title = std::string(attribute(attributes, "title")),
                 .language = std::string(attribute(attributes, "hreflang")),
                 .length = std::string(attribute(attributes, "length"))};
        const auto is_href = [](const XmlAttribute& a) { return a.name.local == "href"; };
        // An empty reference is the base itself (RFC 3986 section 4.4).
        if (link_.href.empty() && std::any_of(attributes.begin(), attributes.end(), is_href)) link_.href = stated_base();
        has_address_ = !link_.href.empty();
        if (has_address_) return add_link(std::move(link_));
        // The text is the address, and where there is none an attribute that should be called href.
        link_.href = absolute(first_of(attributes, {"url", "uri"}), link_base());
        collect();
    }

    void add_link(ParsedLink link) {
        static constexpr std::string_view iana = "http://www.iana.org/assignments/relation/";
        if (link.rel.starts_with(iana)) link.rel.erase(0, iana.size());
        if (link.rel.empty()) link.rel = "alternate";
        const bool has_type = !link.type.empty();
        if (link.rel == "enclosure") add_enclosure({link.href, link.type, link.length});
        if (!has_type) link.type = link.rel == "self" ? "application/atom+xml" : "text/html";
        const bool is_page = link.type == "text/html" || link.type == "application/xhtml+xml" || link.type == "text/plain";
        if (link.rel == "alternate" && is_page && !link.href.empty()) set_once(members().link, link.href);
        if (link.rel == "license") set_once(members().license, link.href);
        if (link.rel == "replies" && has_type && is_page) set_once(members().comments, link.href);
        if (has_room(members().links)) members().links.push_back(std::move(link));
    }

    void end_link(std::string_view text) {
        if (has_address_) return;
        if (!text.empty()) link_.href = absolute_link(text, entry_ || !bases_.empty() ? link_base() : url_);
        // The text of an element is the page of RSS, whatever links of Atom stood before it.
        if (!text.empty() && link_.rel.empty()) members().link = link_.href;
        const bool says_something = !(link_.href + link_.rel + link_.type + link_.length + link_.language).empty();
        if (says_something) add_link(std::move(link_));
        link_ = {};
    }

    void end_id(std::string_view text) {
        ParsedMembers& m = members();
        if (text.empty() || !m.id.empty()) return;
        m.id = text;
        if (!entry_ || source_) return;
        const std::string scheme = url_scheme(text);
        const bool is_address = scheme == "http" || scheme == "https";
        entry_->id_is_permalink = is_permalink_ && !is_atom() && m.link.empty();
        if (*entry_->id_is_permalink && is_address) m.link = text;
    }

    // --- Categories

    void start_category(const XmlName& name, Attributes attributes) {
        collect();
        category_ = {.term = std::string(first_of(attributes, {"term", "text"})),
                     .scheme = std::string(first_of(attributes, {"scheme", "domain"})),
                     .label = std::string(attribute(attributes, "label"))};
        if (category_.scheme.empty() && name.space == Namespace::media)
            category_.scheme = "http://search.yahoo.com/mrss/category_schema";
        if (name.space == Namespace::itunes) {
            category_.scheme = "http://www.itunes.com/";
            // Subcategories stand within their category.
            add_category();
            frames_.back().rule = &transparent_;
        }
    }

    void end_category(std::string_view text) {
        if (category_.term.empty()) category_.term = text;
        add_category();
    }

    void add_category() {
        auto& categories = members().categories;
        if (!(category_.term.empty() && category_.label.empty() && category_.scheme.empty()) && has_room(categories))
            categories.push_back(std::move(category_));
        category_ = {};
    }

    void end_keywords(std::string_view text) {
        for (std::string& word : read_keywords(text)) {
            category_ = {.term = std::move(word), .scheme = {}, .label = {}};
            add_category();
        }
    }

    // --- The rest

    void start_generator(Attributes attributes) {
        collect();
        if (!head()) return;
        ParsedGenerator& generator = head()->generator;
        const std::string_view uri = first_of(attributes, {"uri", "url", "href", "resource"});
        set_once(generator.uri, absolute(uri, link_base()));
        set_once(generator.version, attribute(attributes, "version"));
        if (const std::string_view resource = attribute(attributes, "resource"); !resource.empty())
            set_once(generator.name, resource);
    }

    void start_enclosure(Attributes attributes) {
        add_enclosure({absolute(first_of(attributes, {"url", "href"}), link_base()),
                       std::string(trimmed(attribute(attributes, "type"))),
                       std::string(trimmed(attribute(attributes, "length")))});
    }

    /// Each address once.
    void add_enclosure(ParsedEnclosure enclosure) {
        if (!entry_ || source_ || enclosure.url.empty() || !has_room(entry_->enclosures)) return;
        auto& all = entry_->enclosures;
        const bool is_known =
            std::any_of(all.begin(), all.end(), [&](const ParsedEnclosure& e) { return e.url == enclosure.url; });
        if (!is_known) all.push_back(std::move(enclosure));
    }

    void start_cloud(Attributes attributes) {
        if (!head()) return;
        head()->cloud = {.domain = std::string(attribute(attributes, "domain")),
                         .port = std::string(attribute(attributes, "port")),
                         .path = std::string(attribute(attributes, "path")),
                         .procedure = std::string(attribute(attributes, "registerprocedure")),
                         .protocol = std::string(attribute(attributes, "protocol"))};
    }

    void start_license(Attributes attributes) {
        const std::string_view resource = first_of(attributes, {"resource", "url", "href"});
        if (!resource.empty()) set_license(absolute(resource, link_base()));
        collect();
    }

    void set_license(std::string address) {
        add_link({.rel = "license", .href = std::move(address), .type = {}, .title = {}, .language = {}, .length = {}});
    }

    void start_reply(Attributes attributes) {
        if (!entry_ || entry_->reply) return;
        entry_->reply = std::make_unique<ParsedReply>(ParsedReply{.ref = std::string(attribute(attributes, "ref")),
                                                                  .href = std::string(attribute(attributes, "href")),
                                                                  .source = std::string(attribute(attributes, "source")),
                                                                  .type = std::string(attribute(attributes, "type"))});
    }

    /// `start=2002-10-13T09:00+01:00; end=2002-10-17T17:00+01:00; scheme=W3C-DTF`
    void end_valid(std::string_view text) {
        while (!text.empty()) {
            const std::size_t end = std::min(text.find(';'), text.size());
            const std::string_view part = trimmed(text.substr(0, end));
            if (part.starts_with("start=")) members().valid_from = parse_feed_date(part.substr(6));
            if (part.starts_with("end=")) members().valid_until = parse_feed_date(part.substr(4));
            text.remove_prefix(std::min(end + 1, text.size()));
        }
    }

    // --- Media RSS

    void start_media_content(Attributes attributes) {
        if (!entry_ || source_) return;
        // What is inside says something of the entry, too.
        frames_.back().rule = &transparent_;
        const std::string_view url = attribute(attributes, "url");
        if (url.empty() || !has_room(media().contents)) return;
        media().contents.push_back({.url = absolute(url, link_base()),
                                    .type = std::string(attribute(attributes, "type")),
                                    .medium = std::string(attribute(attributes, "medium")),
                                    .length = std::string(attribute(attributes, "filesize")),
                                    .width = std::string(attribute(attributes, "width")),
                                    .height = std::string(attribute(attributes, "height"))});
    }

    void start_thumbnail(Attributes attributes) {
        const std::string_view url = attribute(attributes, "url");
        if (!entry_ || url.empty() || !has_room(media().thumbnails)) return;
        media().thumbnails.push_back({absolute(url, link_base()), std::string(attribute(attributes, "width")),
                                      std::string(attribute(attributes, "height"))});
    }

    void start_credit(Attributes attributes) {
        collect();
        if (!entry_ || !has_room(media().credits)) return;
        media().credits.push_back(
            {std::string(attribute(attributes, "role")), std::string(attribute(attributes, "scheme")), {}});
    }

    // --- Places

    void end_place(std::string_view text) {
        std::vector<double> numbers;
        for (std::size_t at = 0; at < text.size() && numbers.size() < 2 * FeedLimits::list_max;) {
            while (at < text.size() && (text[at] == ' ' || text[at] == ',' || text[at] == '\n' || text[at] == '\t')) ++at;
            double number = 0;
            const auto parsed = std::from_chars(text.data() + at, text.data() + text.size(), number);
            if (parsed.ec != std::errc()) break;
            numbers.push_back(number);
            at = static_cast<std::size_t>(parsed.ptr - text.data());
        }
        if (numbers.empty()) return;
        auto& place = members().place;
        if (!place) place = std::make_unique<ParsedPlace>();
        if (place_element_ == "lat" || place_element_ == "long" || place_element_ == "lon") {
            if (place->coordinates.empty()) place->coordinates.push_back({0, 0});
            place->coordinates.front()[place_element_ == "lat" ? 1 : 0] = numbers.front();
            place->type = "Point";
            return;
        }
        if (place_element_ != "uppercorner") place->coordinates.clear();
        for (std::size_t i = 0; i + 1 < numbers.size(); i += 2) place->coordinates.push_back({numbers[i + 1], numbers[i]});
        place->type = place_type();
    }

    std::string place_type() const {
        if (place_element_ == "point" || place_element_ == "pos") return "Point";
        if (place_element_ == "line") return "LineString";
        if (place_element_ == "polygon") return "Polygon";
        if (place_element_ == "poslist") return is_in_polygon() ? "Polygon" : "LineString";
        return "Box";
    }

    bool is_in_polygon() const { return frames_.size() > 2 && frames_[frames_.size() - 2].rule->name == "linearring"; }

    static constexpr ElementRule transparent_{.kind = ElementKind::transparent};

    std::string_view document_;
    std::string_view url_;
    Feed feed_;
    ParsedEntry* entry_ = nullptr;      ///< the one that is being read
    ParsedSource* source_ = nullptr;    ///< within it
    std::vector<ParsedEntry> surplus_;  ///< beyond the limit: read and dropped
    Person* person_ = nullptr;
    std::string* part_ = nullptr;
    std::vector<Frame> frames_;
    std::vector<std::string> names_;  ///< of the open markup within a construct
    std::vector<std::string> bases_;
    std::vector<std::string> languages_;
    std::string text_;  ///< of the elements that are open, one after another
    OpenConstruct construct_;
    std::size_t construct_depth_ = 0;  ///< 0: not within a construct
    std::size_t construct_begin_ = 0;
    std::vector<std::pair<const TextConstruct*, int>> ranks_;  ///< of the constructs of the feed, the entry and its source
    TextConstruct fallback_title_;
    ParsedLink link_;
    ParsedCategory category_;
    std::string about_;
    std::string place_element_;
    bool is_permalink_ = true;
    bool has_address_ = false;
    bool has_root_ = false;
    bool is_atom_ = false;
    bool is_web_master_ = false;  ///< the publisher of the feed is
    bool is_page_ = false;
};

}  // namespace

Result<Feed> read_xml_feed(std::string_view document, bool is_encoding_sure, std::string_view url) {
    XmlFeedReader reader(document, url);
    auto scanned = scan_xml(document, is_encoding_sure, reader);
    if (!scanned) return scanned.error();
    auto feed = std::move(reader).take();
    if (!feed) return feed;
    feed->fault = std::move(scanned->fault);
    feed->is_cut_off = scanned->is_cut_off;
    return feed;
}

}  // namespace gazetted
