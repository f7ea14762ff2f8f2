// Links, ids, categories, media, places and what else an element says by itself.

#include "feeds/ascii.hpp"
#include "feeds/feed_date.hpp"
#include "feeds/read_feed/text_forms.hpp"
#include "feeds/read_feed/xml_feed_reader.hpp"
#include "feeds/url.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace gazetted {
namespace {

/// An address that was escaped twice, or once within CDATA: `&amp;` stands in none.
std::string with_ampersands(std::string_view address) {
    static constexpr std::string_view references[] = {"&amp;", "&#38;", "&#038;", "&#x26;"};
    std::string out;
    for (std::size_t at = 0; at < address.size();) {
        const std::string_view rest = address.substr(at);
        const auto* found = std::find_if(std::begin(references), std::end(references),
                                         [&](std::string_view reference) { return rest.starts_with(reference); });
        out.push_back(rest.front());
        at += found == std::end(references) ? 1 : found->size();
    }
    return out;
}

}  // namespace

void XmlFeedReader::start_link(const XmlName& name, Attributes attributes) {
    has_address_ = !is_room_left(members().links);
    if (has_address_) return;
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
    // RSS has the address as text; who writes it as Atom does means the same.
    if (has_address_ && !is_atom_ && name.prefix.empty() && link_.rel.empty()) members().link = link_.href;
    if (has_address_) return add_link(std::move(link_));
    // The text is the address, and where there is none an attribute that should be called href.
    link_.href = absolute(first_of(attributes, {"url", "uri"}), link_base());
    collect();
}

void XmlFeedReader::add_link(ParsedLink link) {
    static constexpr std::string_view iana = "http://www.iana.org/assignments/relation/";
    if (link.rel.starts_with(iana)) link.rel.erase(0, iana.size());
    // Registered relations mean the same in any letters (RFC 8288 section 2.1.1), addresses do not.
    if (link.rel.find(':') == std::string::npos) link.rel = lower_case(link.rel);
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

void XmlFeedReader::end_link(std::string_view text) {
    if (has_address_) return;
    const bool may_be_escaped = text.find('&') != std::string_view::npos;
    const std::string mended = may_be_escaped ? with_ampersands(text) : std::string();
    if (may_be_escaped) text = mended;
    if (!text.empty()) link_.href = absolute_link(text, entry_ || !stated_base().empty() ? link_base() : url_);
    // The text of an element is the page of RSS, whatever links of Atom stood before it.
    if (!text.empty() && link_.rel.empty()) members().link = link_.href;
    const bool says_something = !(link_.href + link_.rel + link_.type + link_.length + link_.language).empty();
    if (says_something) add_link(std::move(link_));
    link_ = {};
}

void XmlFeedReader::end_id(std::string_view text) {
    ParsedMembers& m = members();
    if (text.empty() || !m.id.empty()) return;
    m.id = text;
    if (!entry_ || source_) return;
    const std::string scheme = url_scheme(text);
    const bool is_address = scheme == "http" || scheme == "https";
    entry_->id_is_permalink = is_permalink_ && !is_atom() && m.link.empty();
    if (*entry_->id_is_permalink && is_address) m.link = text;
}

void XmlFeedReader::start_category(const XmlName& name, Attributes attributes) {
    collect();
    category_ = {.term = std::string(first_of(attributes, {"term", "text"})),
                 .scheme = std::string(first_of(attributes, {"scheme", "domain"})),
                 .label = std::string(attribute(attributes, "label"))};
    if (category_.scheme.empty() && name.space == Namespace::media)
        category_.scheme = "http://search.yahoo.com/mrss/category_schema";
    if (name.space == Namespace::itunes) {
        category_.scheme = itunes_scheme;
        // Subcategories stand within their category.
        add_category();
        frames_.back().rule = &transparent_;
    }
}

void XmlFeedReader::end_category(std::string_view text) {
    if (category_.term.empty()) category_.term = text;
    add_category();
}

bool XmlFeedReader::says_last_category_again() const {
    if (is_atom_ || !entry_ || source_ || category_.label.empty() || entry_->categories.empty()) return false;
    const ParsedCategory& last = entry_->categories.back();
    return last.label.empty() && last.term == category_.label && last.scheme == category_.scheme;
}

void XmlFeedReader::add_category() {
    auto& categories = members().categories;
    if (says_last_category_again()) {
        categories.back() = std::move(category_);
        category_ = {};
        return;
    }
    const auto is_same = [this](const ParsedCategory& c) {
        return c.term == category_.term && c.scheme == category_.scheme && c.label == category_.label;
    };
    const bool says_something = !is_same({}) && std::none_of(categories.begin(), categories.end(), is_same);
    if (says_something && has_room(categories)) categories.push_back(std::move(category_));
    category_ = {};
}

void XmlFeedReader::end_keywords(std::string_view text) {
    for (std::string& word : read_keywords(text)) {
        category_ = {.term = std::move(word), .scheme = {}, .label = {}};
        add_category();
    }
}

void XmlFeedReader::start_generator(Attributes attributes) {
    collect();
    if (!head()) return;
    ParsedGenerator& generator = head()->generator;
    const std::string_view uri = first_of(attributes, {"uri", "url", "href", "resource"});
    set_address_once(generator.uri, uri);
    set_once(generator.version, attribute(attributes, "version"));
    if (const std::string_view resource = attribute(attributes, "resource"); !resource.empty())
        set_once(generator.name, resource);
}

void XmlFeedReader::start_enclosure(Attributes attributes) {
    if (!entry_ || !is_room_left(entry_->enclosures)) return;
    add_enclosure({absolute(first_of(attributes, {"url", "href"}), link_base()),
                   std::string(trimmed(attribute(attributes, "type"))), std::string(trimmed(attribute(attributes, "length")))});
}

void XmlFeedReader::add_enclosure(ParsedEnclosure enclosure) {
    if (!entry_ || source_ || enclosure.url.empty() || !has_room(entry_->enclosures)) return;
    auto& all = entry_->enclosures;
    const bool is_known = std::any_of(all.begin(), all.end(), [&](const ParsedEnclosure& e) { return e.url == enclosure.url; });
    if (!is_known) all.push_back(std::move(enclosure));
}

void XmlFeedReader::start_cloud(Attributes attributes) {
    if (!head()) return;
    head()->cloud = {.domain = std::string(attribute(attributes, "domain")),
                     .port = std::string(attribute(attributes, "port")),
                     .path = std::string(attribute(attributes, "path")),
                     .procedure = std::string(attribute(attributes, "registerprocedure")),
                     .protocol = std::string(attribute(attributes, "protocol"))};
}

void XmlFeedReader::start_license(Attributes attributes) {
    const std::string_view resource = first_of(attributes, {"resource", "url", "href"});
    set_license(resource);
    collect();
}

void XmlFeedReader::set_license(std::string_view reference) {
    if (reference.empty() || !is_room_left(members().links)) return;
    add_link(
        {.rel = "license", .href = absolute(reference, link_base()), .type = {}, .title = {}, .language = {}, .length = {}});
}

void XmlFeedReader::start_reply(Attributes attributes) {
    if (!entry_ || entry_->reply) return;
    entry_->reply = std::make_unique<ParsedReply>(ParsedReply{.ref = std::string(attribute(attributes, "ref")),
                                                              .href = std::string(attribute(attributes, "href")),
                                                              .source = std::string(attribute(attributes, "source")),
                                                              .type = std::string(attribute(attributes, "type"))});
}

void XmlFeedReader::end_valid(std::string_view text) {
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(';'), text.size());
        const std::string_view part = trimmed(text.substr(0, end));
        if (part.starts_with("start=")) members().valid_from = parse_feed_date(part.substr(6));
        if (part.starts_with("end=")) members().valid_until = parse_feed_date(part.substr(4));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
}

void XmlFeedReader::start_podcast_file(const ElementRule& rule, Attributes attributes) {
    const std::string_view url = first_of(attributes, {"url", "href"});
    if (url.empty() || !has_room(podcast().*rule.files)) return;
    (podcast().*rule.files)
        .push_back({.url = absolute(url, link_base()),
                    .type = std::string(attribute(attributes, "type")),
                    .language = std::string(attribute(attributes, "language"))});
}

void XmlFeedReader::start_media_content(Attributes attributes) {
    media_depth_ = 0;
    if (!entry_ || source_) return;
    // What is inside says something of the entry, too.
    frames_.back().rule = &transparent_;
    const std::string_view url = trimmed(attribute(attributes, "url"));
    if (url.empty() || !has_room(media().contents)) return;
    media().contents.push_back({.url = absolute(url, link_base()),
                                .type = std::string(attribute(attributes, "type")),
                                .medium = std::string(attribute(attributes, "medium")),
                                .length = std::string(attribute(attributes, "filesize")),
                                .width = std::string(attribute(attributes, "width")),
                                .height = std::string(attribute(attributes, "height")),
                                .title = {},
                                .language = std::string(attribute(attributes, "lang")),
                                .duration = std::string(attribute(attributes, "duration"))});
    media_depth_ = frames_.size();
}

void XmlFeedReader::add_peer(Attributes attributes) {
    const std::string_view address = trimmed(attribute(attributes, "href"));
    if (!entry_ || source_ || address.empty() || !has_room(media().contents)) return;
    ParsedMediaContent peer;
    peer.url = absolute(address, link_base());
    peer.type = attribute(attributes, "type");
    media().contents.push_back(std::move(peer));
}

void XmlFeedReader::start_thumbnail(Attributes attributes) {
    const std::string_view url = trimmed(attribute(attributes, "url"));
    const bool has_place = entry_ && (!entry_->media || is_room_left(entry_->media->thumbnails));
    has_address_ = !has_place || !url.empty();
    if (!has_place) return;
    thumbnail_ = {absolute(url, link_base()), std::string(attribute(attributes, "width")),
                  std::string(attribute(attributes, "height"))};
    if (!has_address_) return collect();
    if (has_room(media().thumbnails)) media().thumbnails.push_back(std::move(thumbnail_));
}

void XmlFeedReader::end_thumbnail(std::string_view text) {
    if (has_address_ || !entry_ || text.empty() || !has_room(media().thumbnails)) return;
    thumbnail_.url = absolute(text, link_base());
    media().thumbnails.push_back(std::move(thumbnail_));
}

void XmlFeedReader::start_credit(Attributes attributes) {
    if (!entry_ || !has_room(media().credits)) return;
    collect();
    media().credits.push_back({std::string(attribute(attributes, "role")), std::string(attribute(attributes, "scheme")), {}});
}

std::size_t XmlFeedReader::dimensions(const XmlName& name, Attributes attributes) const {
    if (name.space != Namespace::gml) return 2;
    if (const std::string_view stated = trimmed(attribute(attributes, "srsdimension")); !stated.empty())
        return stated == "3" ? 3 : 2;
    return frames_.empty() ? 2 : frames_.back().dimensions;
}

void XmlFeedReader::end_place(std::string_view text) {
    const std::size_t size = frames_.back().dimensions;
    std::vector<double> numbers;
    for (std::size_t at = 0; at < text.size() && numbers.size() < size * FeedLimits::list_max;) {
        while (at < text.size() && (text[at] == ' ' || text[at] == ',' || text[at] == '\n' || text[at] == '\t')) ++at;
        if (at + 1 < text.size() && text[at] == '+' && text[at + 1] != '-') ++at;
        double number = 0;
        const auto parsed = std::from_chars(text.data() + at, text.data() + text.size(), number);
        if (parsed.ec != std::errc() || !std::isfinite(number)) break;
        numbers.push_back(number);
        at = static_cast<std::size_t>(parsed.ptr - text.data());
    }
    const bool is_half = place_element_ == "lat" || place_element_ == "long" || place_element_ == "lon";
    if (numbers.size() < (is_half ? 1U : size)) return;
    if (is_half) return end_half_place(numbers.front());
    ParsedPlace& here = place();
    if (place_element_ != "uppercorner") here.coordinates.clear();
    for (std::size_t i = 0; i + size <= numbers.size(); i += size)
        here.coordinates.push_back({.longitude = numbers[i + 1],
                                    .latitude = numbers[i],
                                    .altitude = size == 3 ? std::optional(numbers[i + 2]) : std::nullopt});
    here.type = place_type();
}

void XmlFeedReader::end_half_place(double number) {
    (place_element_ == "lat" ? latitude_ : longitude_) = number;
    if (!latitude_ || !longitude_) return;
    place().coordinates = {{.longitude = *longitude_, .latitude = *latitude_, .altitude = {}}};
    place().type = "Point";
}

std::string XmlFeedReader::place_type() const {
    if (place_element_ == "point" || place_element_ == "pos") return "Point";
    if (place_element_ == "line") return "LineString";
    if (place_element_ == "polygon") return "Polygon";
    if (place_element_ == "poslist") return is_in_polygon() ? "Polygon" : "LineString";
    return "Box";
}

}  // namespace gazetted
