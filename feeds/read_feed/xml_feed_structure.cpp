// Feeds, entries, sources, people and images.

#include "feeds/ascii.hpp"
#include "feeds/feed_date.hpp"
#include "feeds/read_feed/text_forms.hpp"
#include "feeds/read_feed/xml_feed_reader.hpp"
#include "feeds/url.hpp"

#include <algorithm>
#include <utility>

namespace gazetted {
namespace {

struct FormatName {
    std::string_view version;
    ParsedFormat format;
};
/// In which the text of an entry runs (W3C Internationalization Tag Set 1.0, section 6.5).
std::string direction_in(Attributes attributes) {
    const auto said = std::find_if(attributes.begin(), attributes.end(), [](const XmlAttribute& a) {
        return a.name.space == Namespace::its && a.name.local == "dir" && (a.value == "ltr" || a.value == "rtl");
    });
    return said == attributes.end() ? std::string() : std::string(said->value);
}

/// Two vocabularies often name the same author, one of them by name alone. True where `people` said it already, or says now,
/// in `last`'s stead, what that one knows.
bool is_told_already(std::span<Person> people, const Person& last, bool is_atom) {
    const auto twin = std::find(people.begin(), people.end(), last);
    if (twin != people.end()) return true;
    const auto is_name_alone = [](const Person& person) { return person.email.empty() && person.uri.empty(); };
    const auto namesake = std::find_if(people.begin(), people.end(), [&](const Person& person) {
        return person.name == last.name && (is_name_alone(person) || is_name_alone(last));
    });
    if (is_atom || last.name.empty() || namesake == people.end()) return false;
    if (is_name_alone(*namesake)) *namesake = last;
    return true;
}

constexpr FormatName rss_versions[] = {{"0.91", ParsedFormat::rss091u},
                                       {"0.92", ParsedFormat::rss092},
                                       {"0.93", ParsedFormat::rss093},
                                       {"0.94", ParsedFormat::rss094}};

}  // namespace

void XmlFeedReader::begin_feed() {
    if (!std::exchange(has_root_, true)) root_depth_ = frames_.size();
}

void XmlFeedReader::start_root(const XmlName& name, Attributes attributes) {
    begin_feed();
    if (equal_ignoring_case(name.local, "rss")) {
        feed_.format = rss_format(trimmed(attribute(attributes, "version")));
    } else if (equal_ignoring_case(name.local, "feed")) {
        is_atom_ = true;
        feed_.format = atom_format(attributes);
    } else {
        feed_.format = rdf_format(attributes);
    }
    take_feed_language();
}

void XmlFeedReader::take_feed_language() {
    feed_languages_ = languages_.size();
    if (!language().empty()) feed_language_ = language();
}

ParsedFormat XmlFeedReader::rss_format(std::string_view version) const {
    const std::string_view head = document_.substr(0, 2048);
    const std::size_t declared = std::min(head.find("<!DOCTYPE"), head.size());
    const std::string_view document_type = head.substr(declared, head.find('>', declared) - declared);
    const auto names = [&](std::string_view what) { return document_type.find(what) != std::string_view::npos; };
    if (version == "0.91" && (names("//DTD RSS 0.91//EN") || names("/rss-0.91.dtd"))) return ParsedFormat::rss091n;
    const auto* known = std::find_if(std::begin(rss_versions), std::end(rss_versions),
                                     [&](const FormatName& f) { return f.version == version; });
    if (known != std::end(rss_versions)) return known->format;
    return version.starts_with("2.") || version == "2" ? ParsedFormat::rss20 : ParsedFormat::rss;
}

bool XmlFeedReader::declares(Attributes attributes, std::string_view beginning) {
    return std::any_of(attributes.begin(), attributes.end(), [&](const XmlAttribute& a) {
        return a.name.space == Namespace::xmlns && lower_case(a.value).starts_with(beginning);
    });
}

ParsedFormat XmlFeedReader::atom_format(Attributes attributes) {
    if (declares(attributes, "http://www.w3.org/2005/atom")) return ParsedFormat::atom10;
    const std::string_view version = attribute(attributes, "version");
    if (version == "1.0") return ParsedFormat::atom10;
    if (declares(attributes, "http://purl.org/atom/ns#") || version == "0.3") return ParsedFormat::atom03;
    return ParsedFormat::atom;
}

ParsedFormat XmlFeedReader::rdf_format(Attributes attributes) {
    if (declares(attributes, "http://my.netscape.com/rdf/simple/0.9") ||
        declares(attributes, "http://channel.netscape.com/rdf/simple/0.9"))
        return ParsedFormat::rss090;
    return ParsedFormat::rss10;
}

void XmlFeedReader::take_channel_attributes(Attributes attributes) {
    if (const std::string_view href = attribute(attributes, "href"); !href.empty() && is_room_left(members().links))
        add_link({.rel = {}, .href = absolute_link(href, link_base()), .type = {}, .title = {}, .language = {}, .length = {}});
    if (!members().updated) members().updated = parse_feed_date(attribute(attributes, "lastmod"));
}

void XmlFeedReader::start_channel(Attributes attributes) {
    if (!has_root_) take_channel_attributes(attributes);
    begin_feed();
    take_feed_language();
}

void XmlFeedReader::start_entry(Attributes attributes) {
    if (source_ || is_skipping()) return;
    if (!has_root_) {
        begin_feed();
        is_atom_ = true;
        feed_.format = ParsedFormat::atom10;
        take_feed_language();
    }
    person_ = nullptr;  // of the feed, where its end is missing
    // An item never holds another: the end of the first is missing.
    if (entry_) end_entry();
    latitude_ = longitude_ = {};
    if (feed_.entries.size() == FeedLimits::entries_max) {
        feed_.has_more = true;
        entry_ = &surplus_.emplace_back();
        return;
    }
    entry_ = &feed_.entries.emplace_back();
    // What is in force for all of the feed is less than what the feed says in its own words.
    entry_language_ = languages_.size() == feed_languages_ ? std::string_view() : language();
    entry_->direction = direction_in(attributes);
    take_channel_attributes(attributes);
    if (const std::string_view about = attribute(attributes, "about"); !about.empty()) about_ = about;
}

void XmlFeedReader::end_entry() {
    if (!entry_) return;
    if (entry_->id.empty() && !about_.empty()) entry_->id = about_;
    about_.clear();
    finish_entry(*entry_);
    ranks_.erase(std::remove_if(ranks_.begin(), ranks_.end(), [this](const auto& r) { return is_of_entry(r.first); }),
                 ranks_.end());
    entry_ = nullptr;
    source_ = nullptr;
    media_depth_ = 0;
    latitude_ = longitude_ = {};
    surplus_.clear();
}

bool XmlFeedReader::is_of_entry(const TextConstruct* construct) const {
    const ParsedHead& head = feed_.head;
    return construct != &head.title && construct != &head.subtitle && construct != &head.rights && construct != &head.info;
}

void XmlFeedReader::finish_dates(ParsedMembers& m, std::optional<Instant>& dublin_core) {
    const auto date = std::exchange(dublin_core, std::nullopt);
    const bool has_update = m.updated.has_value();
    if (!has_update) m.updated = date;
    // Nothing is published after it was updated.
    if (!m.published && (!has_update || date <= m.updated)) m.published = date;
}

void XmlFeedReader::finish_links(ParsedMembers& m) {
    if (m.link.empty()) {
        const auto page = std::find_if(m.links.begin(), m.links.end(),
                                       [](const ParsedLink& l) { return l.rel == "alternate" && !l.href.empty(); });
        if (page != m.links.end()) m.link = page->href;
    }
}

void XmlFeedReader::finish_entry(ParsedEntry& entry) {
    finish_links(entry);
    finish_dates(entry, dublin_core_dates_.of_entry);
    // Many formats have one date of the two; both are of the entry, none is of the clock.
    const ParsedHead& head = feed_.head;
    set_once(entry.language, entry_language_);
    set_once(entry.language, inherited(head.language));
    set_once(entry.language, feed_language_);
    if (entry.language.empty() && !entry.contents.empty()) entry.language = entry.contents.front().language;
    if (entry.authors.empty() && is_atom_)
        entry.authors = inherited(entry.source && !entry.source->authors.empty() ? entry.source->authors : head.authors);
    if (entry.categories.empty() && !entry.source) entry.categories = inherited(head.categories);
    if (entry.link.empty() && (url_scheme(entry.id) == "http" || url_scheme(entry.id) == "https") &&
        (is_atom_ || entry.id_is_permalink != false))
        entry.link = entry.id;
    // An episode without a page of its own; a picture is none.
    const auto file = std::find_if(entry.enclosures.begin(), entry.enclosures.end(),
                                   [](const ParsedEnclosure& e) { return !lower_case(e.type).starts_with("image/"); });
    if (entry.link.empty() && file != entry.enclosures.end()) entry.link = file->url;
    if (!entry.published) entry.published = entry.updated;
    if (!entry.updated) entry.updated = entry.published;
    if (entry.title.empty() && !fallback_title_.empty()) entry.title = std::move(fallback_title_);
    fallback_title_ = {};
}

void XmlFeedReader::finish_feed() {
    if (entry_) end_entry();
    set_once(feed_.head.language, feed_language_);
    finish_links(feed_.head);
    finish_dates(feed_.head, dublin_core_dates_.of_feed);
    const auto self =
        std::find_if(feed_.head.links.begin(), feed_.head.links.end(), [](const ParsedLink& l) { return l.rel == "self"; });
    if (self != feed_.head.links.end()) set_once(feed_.head.link, self->href);
    set_once(feed_.head.link, url_);
    set_once(feed_.head.image.url, feed_.head.logo);
    if (feed_.head.authors.empty() && is_web_master_) feed_.head.authors.push_back(feed_.head.publisher);
}

void XmlFeedReader::start_deleted_entry(Attributes attributes) {
    const std::string_view ref = trimmed(attribute(attributes, "ref"));
    if (entry_ || ref.empty() || feed_.deleted.size() == FeedLimits::entries_max) return;
    feed_.deleted.push_back({.id = std::string(ref), .when = parse_feed_date(attribute(attributes, "when"))});
}

void XmlFeedReader::start_source(Attributes attributes) {
    collect();
    if (!entry_) return;
    // Atom's element may say more of the source that RSS's has named.
    if (!entry_->source) entry_->source = std::make_unique<ParsedSource>();
    source_ = entry_->source.get();
    set_address_once(source_->url, attribute(attributes, "url"));
}

void XmlFeedReader::end_source(std::string_view text) {
    if (source_ && source_->title.empty() && !text.empty())
        source_->title = {.value = std::string(text), .type = "text", .language = {}, .base = {}, .source = {}};
    if (source_) {
        const bool states_language = languages_.size() > frames_.back().languages;
        if (states_language) set_once(source_->language, language());
        finish_links(*source_);
        finish_dates(*source_, dublin_core_dates_.of_source);
    }
    source_ = nullptr;
}

void XmlFeedReader::start_image(Attributes attributes) {
    set_address_once(members().image.url, first_of(attributes, {"url", "href"}));
}

void XmlFeedReader::end_part(std::string_view text) {
    if (!part_ || !part_->empty()) return;
    const bool is_address = part_ == &members().image.url || part_ == &members().image.link ||
                            (head() && part_ == &head()->text_input.link) || (person_ && part_ == &person_->uri);
    *part_ = is_address ? absolute(text, link_base()) : std::string(text);
    part_ = nullptr;
}

void XmlFeedReader::start_image_address(Attributes attributes) {
    set_address_once(members().image.url, first_of(attributes, {"href", "url"}));
    collect();
}

void XmlFeedReader::start_person(const ElementRule& rule) {
    collect();
    person_ = nullptr;
    if (rule.role == PersonRole::publisher) {
        is_web_master_ = is_web_master_ || (rule.name == "webmaster" && !entry_);
        person_ = &members().publisher;
        return;
    }
    auto& people = rule.role == PersonRole::author ? members().authors : members().contributors;
    if (!has_room(people)) return;
    person_ = &people.emplace_back();
}

void XmlFeedReader::end_person(const ElementRule& rule, std::string_view text) {
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
        if (is_nobody || is_told_already(std::span(people).first(people.size() - 1), last, is_atom_)) people.pop_back();
    }
    person_ = nullptr;
}

}  // namespace gazetted
