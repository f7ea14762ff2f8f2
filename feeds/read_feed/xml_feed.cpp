#include "feeds/read_feed/xml_feed.hpp"

#include "feeds/ascii.hpp"
#include "feeds/feed_date.hpp"
#include "feeds/lawful.hpp"
#include "feeds/read_feed/text_forms.hpp"
#include "feeds/read_feed/xml_feed_reader.hpp"
#include "feeds/url.hpp"

#include <algorithm>
#include <utility>

namespace gazetted {

namespace {

/// Room for all hours, or all days, and some that are none.
constexpr std::size_t skipped_bytes_max = 256;

}  // namespace

void XmlFeedReader::start_element(const XmlName& name, Attributes attributes) {
    if (lacks_end_before(name)) end_early();
    if (construct_depth_ == 0 && holds_stray_markup()) {
        construct_ = {};
        construct_.bases = bases_.size();
        construct_.type = "text";
        construct_depth_ = frames_.size();
        construct_begin_ = frames_.back().text_begin;
    }
    if (construct_depth_ > 0) return start_inline(name, attributes);
    Frame frame;
    frame.text_begin = text_.size();
    frame.bases = bases_.size();
    frame.languages = languages_.size();
    frame.dimensions = dimensions(name, attributes);
    take_base_and_language(attributes);
    frame.rule = &rule_of(name, attributes);
    frames_.push_back(frame);
    if (frame.rule->kind == ElementKind::unknown) return;
    start(*frame.rule, name, attributes);
}

bool XmlFeedReader::lacks_end_before(const XmlName& name) const {
    static constexpr std::string_view no_html[] = {"item",      "description", "pubdate", "guid",
                                                   "enclosure", "category",    "author",  "comments"};
    const bool is_in_markup = construct_depth_ > 0 && construct_.inline_depth > 0;
    if (is_atom_ || frames_.size() < 2 || is_in_markup || !name.prefix.empty() || name.space != Namespace::core) return false;
    const ElementRule& around = *frames_[frames_.size() - 2].rule;
    const ElementRule& open = *frames_.back().rule;
    const bool is_member =
        around.kind == ElementKind::entry || around.kind == ElementKind::channel || around.kind == transparent_.kind;
    const bool is_text = construct_depth_ > 0 || open.kind == ElementKind::id || open.kind == ElementKind::link ||
                         open.kind == ElementKind::date || open.kind == ElementKind::plain;
    if (!is_member || !is_text) return false;
    if (open.name == "title" && equal_ignoring_case(name.local, "link")) return true;
    return std::any_of(std::begin(no_html), std::end(no_html),
                       [&](std::string_view element) { return equal_ignoring_case(name.local, element); });
}

void XmlFeedReader::end_early() {
    end(frames_.back());
    construct_depth_ = 0;
    text_.resize(frames_.back().text_begin);
    frames_.back().wants_text = false;
    frames_.back().rule = &transparent_;
}

void XmlFeedReader::end_element() {
    const Frame frame = frames_.back();
    if (frame.is_inline) {
        end_inline();
    } else {
        if (frame.rule->kind != ElementKind::unknown) end(frame);
        if (construct_depth_ == frames_.size()) construct_depth_ = 0;
        if (frame.rule->kind != ElementKind::phrase) text_.resize(frame.text_begin);
        frames_.pop_back();
    }
    bases_.resize(frame.bases);
    languages_.resize(frame.languages);
}

void XmlFeedReader::text(std::string_view piece) {
    if (construct_depth_ > 0 && construct_.has_markup) {
        append_escaped(piece, text_);
    } else {
        text_.append(piece);
    }
    if (construct_depth_ > 0 && construct_.inline_depth == 0 && !trimmed(piece).empty()) construct_.top_elements += 2;
}

Result<Feed> XmlFeedReader::take() && {
    if (!has_root_) {
        return Error{ErrorKind::unsupported,
                     is_page_ ? "a page, not a feed" : "not a feed: no element of RSS or Atom is at its root"};
    }
    finish_feed();
    return std::move(feed_);
}

ParsedMembers& XmlFeedReader::members() {
    if (source_) return *source_;
    if (entry_) return *entry_;
    return feed_.head;
}

ParsedHead* XmlFeedReader::head() {
    if (source_) return source_;
    return entry_ ? nullptr : &feed_.head;
}

std::string_view XmlFeedReader::link_base() const {
    if (const std::string_view stated = stated_base(); !stated.empty()) return stated;
    const bool may_use_page = entry_ && !(is_atom_ && url_.empty());
    if (may_use_page && feed_.head.link.size() <= FeedLimits::base_bytes_max && is_absolute(feed_.head.link))
        return feed_.head.link;
    return url_;
}

std::string_view XmlFeedReader::stated_base(std::size_t depth) const {
    Base& base = bases_[depth];
    if (!base.is_resolved) {
        const std::string_view outer = depth > 0 ? stated_base(depth - 1) : std::string_view();
        auto resolved = resolve_url(base.address, outer.empty() ? url_ : outer);
        // An address that cannot be is no base.
        const bool is_base = resolved && resolved->size() <= FeedLimits::base_bytes_max;
        base = {is_base ? *std::move(resolved) : std::string(outer), true};
    }
    return base.address;
}

bool XmlFeedReader::holds_stray_markup() const {
    if (frames_.empty()) return false;
    const ElementKind kind = frames_.back().rule->kind;
    return kind == ElementKind::category || kind == ElementKind::id || kind == ElementKind::plain ||
           kind == ElementKind::generator || kind == ElementKind::part;
}

const ElementRule& XmlFeedReader::rule_of(const XmlName& name, Attributes attributes) {
    static constexpr ElementRule nothing{};
    static constexpr ElementRule part{.kind = ElementKind::part};
    static constexpr ElementRule phrase{.kind = ElementKind::phrase};
    const ElementRule& rule = element_rule(name.space, name.local);
    const bool is_markup =
        (name.space == Namespace::core || name.space == Namespace::xhtml) && rule.kind == ElementKind::unknown;
    if (frames_.empty()) return root_rule(name, attributes);
    const Frame& parent = frames_.back();
    part_ = nullptr;
    switch (parent.rule->kind) {
        case ElementKind::unknown:
            // A feed within something else still is one; nothing else within the unknown counts.
            if (!has_root_) return root_rule(name, attributes);
            return rule.kind == ElementKind::entry && !entry_ ? rule : nothing;
        case ElementKind::image:
            part_ = image_part(members().image, name.local);
            break;
        case ElementKind::text_input:
            part_ = head() ? text_input_part(head()->text_input, name.local) : nullptr;
            break;
        case ElementKind::person:
            part_ = person_ ? person_part(*person_, name.local) : nullptr;
            if (!part_ && !is_atom_ && is_markup) return phrase;
            break;
        case ElementKind::address:
        case ElementKind::language:
        case ElementKind::phrase:
            if (is_markup) return phrase;
            return rule.kind == ElementKind::entry && !entry_ ? rule : nothing;
        case ElementKind::root:
        case ElementKind::channel:
        case ElementKind::entry:
        case ElementKind::source:
        case ElementKind::transparent:
            return rule.kind == ElementKind::root ? nothing : rule;
        default:
            return nothing;
    }
    return part_ ? part : nothing;
}

const ElementRule& XmlFeedReader::root_rule(const XmlName& name, Attributes attributes) {
    static constexpr ElementRule nothing{};
    const ElementRule& rule = element_rule(name.space, name.local);
    if (frames_.empty() && equal_ignoring_case(name.local, "html")) is_page_ = true;
    const bool is_root = rule.kind == ElementKind::root || rule.kind == ElementKind::channel;
    // An Atom Entry Document (RFC 4287 section 2).
    const bool is_entry = frames_.empty() && rule.kind == ElementKind::entry && atom_format(attributes) == ParsedFormat::atom10;
    return is_root || is_entry ? rule : nothing;
}

void XmlFeedReader::take_base_and_language(Attributes attributes) {
    if (const XmlAttribute* stated = xml_attribute(attributes, "base")) bases_.push_back({std::string(stated->value), false});
    if (const XmlAttribute* stated = xml_attribute(attributes, "lang"))
        languages_.push_back(inherited(language_tag(trimmed(stated->value))));
}

void XmlFeedReader::start(const ElementRule& rule, const XmlName& name, Attributes attributes) {
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
            return start_link(name, attributes);
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
        case ElementKind::podcast_file:
            return start_podcast_file(rule, attributes);
        case ElementKind::license:
            return start_license(attributes);
        case ElementKind::reply:
            return start_reply(attributes);
        case ElementKind::deleted_entry:
            return start_deleted_entry(attributes);
        case ElementKind::id:
            is_permalink_ = !equal_ignoring_case(attribute(attributes, "ispermalink"), "false");
            return collect();
        case ElementKind::place:
            place_element_ = lower_case(name.local);
            return collect();
        case ElementKind::media_content:
            return start_media_content(attributes);
        case ElementKind::media_thumbnail:
            return start_thumbnail(attributes);
        case ElementKind::media_peer:
            return add_peer(attributes);
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
            return collect();
        case ElementKind::media_rating:
            if (in_entry()) media().rating_scheme = attribute(attributes, "scheme");
            return collect();
        case ElementKind::transparent:
        case ElementKind::text_input:
        case ElementKind::unknown:
            return;
        default:
            return collect();
    }
}

void XmlFeedReader::end(const Frame& frame) {
    const ElementRule& rule = *frame.rule;
    const std::string_view text = trimmed(std::string_view(text_).substr(frame.text_begin));
    switch (rule.kind) {
        case ElementKind::entry:
            return end_entry();
        case ElementKind::source:
            return end_source(text);
        case ElementKind::transparent:
            if (media_depth_ == frames_.size()) media_depth_ = 0;
            return;
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
            if (rule.plain) set_address_once(members().*rule.plain, text);
            if (rule.head && head()) set_address_once(head()->*rule.head, text);
            return;
        case ElementKind::language:
            // The list of RSS is in lower case; a tag means the same in any (RFC 5646 section 2.1.1).
            return set_once(members().language, lower_case(text));
        case ElementKind::license:
            return set_license(text);
        case ElementKind::date: {
            auto& member = rule.space == Namespace::dc ? dublin_core_date() : members().*rule.date;
            if (const auto instant = parse_feed_date(text); instant && !member) member = instant;
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
        case ElementKind::skipped_time:
            if (head() && !entry_ && (head()->*rule.head).size() + text.size() < skipped_bytes_max)
                (head()->*rule.head).append((head()->*rule.head).empty() ? "" : " ").append(text);
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
        case ElementKind::podcast_block: {
            // Apple writes it with a capital letter.
            const std::string_view exact = std::string_view(text_).substr(frame.text_begin);
            podcast().block = exact == "yes" || exact == "Yes";
            return;
        }
        case ElementKind::original_id:
            if (entry_ && !source_) set_once(entry_->original_id, text);
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
        case ElementKind::place_name:
            set_once(place().name, text);
            return;
        case ElementKind::media_credit:
            if (in_entry() && !text.empty() && !media().credits.empty()) media().credits.back().name = text;
            return;
        case ElementKind::media_thumbnail:
            return end_thumbnail(text);
        case ElementKind::media_rating:
            if (in_entry()) set_once(media().rating, text);
            return;
        case ElementKind::media_player:
            if (in_entry()) set_once(media().player_text, text);
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

void XmlFeedReader::set_once(std::string& member, std::string_view text) {
    if (member.empty()) member = text;
}

void XmlFeedReader::set_address_once(std::string& member, std::string_view reference) {
    if (member.empty() && !reference.empty()) member = absolute(reference, link_base());
}

std::optional<Instant>& XmlFeedReader::dublin_core_date() {
    return source_ ? dublin_core_dates_.of_source : entry_ ? dublin_core_dates_.of_entry : dublin_core_dates_.of_feed;
}

ParsedPodcast& XmlFeedReader::podcast() {
    auto& pointer = members().podcast;
    if (!pointer) pointer = std::make_unique<ParsedPodcast>();
    return *pointer;
}

ParsedPlace& XmlFeedReader::place() {
    auto& pointer = members().place;
    if (!pointer) pointer = std::make_unique<ParsedPlace>();
    return *pointer;
}

ParsedMedia& XmlFeedReader::media() {
    if (!entry_->media) entry_->media = std::make_unique<ParsedMedia>();
    return *entry_->media;
}

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
