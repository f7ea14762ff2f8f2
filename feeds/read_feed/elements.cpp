#include "feeds/read_feed/elements.hpp"

#include "feeds/ascii.hpp"

#include <algorithm>
#include <array>

namespace gazetted {
namespace {

using Kind = ElementKind;
using Space = Namespace;

constexpr ElementRule simple(Space space, std::string_view name, Kind kind) {
    return {.space = space, .name = name, .kind = kind};
}
constexpr ElementRule construct(Space space, std::string_view name, TextConstruct ParsedMembers::*member,
                                std::string_view type = "text") {
    return {.space = space, .name = name, .kind = Kind::construct, .type = type, .construct = member};
}
constexpr ElementRule content(Space space, std::string_view name, std::string_view type) {
    return {.space = space, .name = name, .kind = Kind::content, .type = type};
}
constexpr ElementRule description(Space space, std::string_view name, std::string_view type) {
    return {.space = space, .name = name, .kind = Kind::description, .type = type};
}
constexpr ElementRule plain(Space space, std::string_view name, std::string ParsedMembers::*member, Kind kind = Kind::plain) {
    return {.space = space, .name = name, .kind = kind, .plain = member};
}
constexpr ElementRule head(Space space, std::string_view name, std::string ParsedHead::*member, Kind kind = Kind::plain) {
    return {.space = space, .name = name, .kind = kind, .head = member};
}
constexpr ElementRule date(Space space, std::string_view name, std::optional<Instant> ParsedMembers::*member) {
    return {.space = space, .name = name, .kind = Kind::date, .date = member};
}
constexpr ElementRule person(Space space, std::string_view name, PersonRole role) {
    return {.space = space, .name = name, .kind = Kind::person, .role = role};
}
constexpr ElementRule podcast(Space space, std::string_view name, std::string ParsedPodcast::*member) {
    return {.space = space, .name = name, .kind = Kind::podcast, .podcast = member};
}
constexpr ElementRule podcast_file(std::string_view name, std::vector<ParsedPodcastFile> ParsedPodcast::*files) {
    return {.space = Space::podcast, .name = name, .kind = Kind::podcast_file, .files = files};
}

constexpr ElementRule rules[] = {
    // Structure
    simple(Space::core, "rss", Kind::root),
    simple(Space::rdf, "rdf", Kind::root),
    simple(Space::core, "rdf", Kind::root),
    simple(Space::core, "feed", Kind::root),
    simple(Space::core, "channel", Kind::channel),
    simple(Space::core, "item", Kind::entry),
    simple(Space::core, "entry", Kind::entry),
    simple(Space::core, "product", Kind::entry),
    simple(Space::core, "items", Kind::transparent),
    simple(Space::core, "tags", Kind::keywords),
    simple(Space::media, "group", Kind::transparent),
    simple(Space::tombstones, "deleted-entry", Kind::deleted_entry),
    simple(Space::core, "source", Kind::source),
    simple(Space::core, "image", Kind::image),
    simple(Space::core, "textinput", Kind::text_input),
    // People
    person(Space::core, "author", PersonRole::author),
    person(Space::core, "managingeditor", PersonRole::author),
    person(Space::dc, "author", PersonRole::author),
    person(Space::dc, "creator", PersonRole::author),
    person(Space::dcterms, "creator", PersonRole::author),
    person(Space::itunes, "author", PersonRole::author),
    person(Space::googleplay, "author", PersonRole::author),
    person(Space::core, "contributor", PersonRole::contributor),
    person(Space::dc, "contributor", PersonRole::contributor),
    person(Space::dc, "publisher", PersonRole::publisher),
    person(Space::core, "webmaster", PersonRole::publisher),
    person(Space::itunes, "owner", PersonRole::publisher),
    // Texts
    construct(Space::core, "title", &ParsedMembers::title),
    construct(Space::dc, "title", &ParsedMembers::title),
    simple(Space::media, "title", Kind::fallback_title),
    simple(Space::itunes, "title", Kind::fallback_title),
    construct(Space::core, "subtitle", &ParsedMembers::subtitle),
    construct(Space::core, "tagline", &ParsedMembers::subtitle),
    construct(Space::itunes, "subtitle", &ParsedMembers::subtitle),
    construct(Space::core, "rights", &ParsedMembers::rights),
    construct(Space::core, "copyright", &ParsedMembers::rights),
    construct(Space::dc, "rights", &ParsedMembers::rights),
    construct(Space::core, "info", &ParsedMembers::info),
    description(Space::core, "description", "html"),
    description(Space::dc, "description", "html"),
    description(Space::media, "description", "html"),
    description(Space::core, "abstract", "text"),
    description(Space::core, "summary", "text"),
    description(Space::itunes, "summary", "text"),
    description(Space::googleplay, "description", "text"),
    content(Space::core, "content", "text"),
    content(Space::core, "body", "xhtml"),
    content(Space::core, "fullitem", "html"),
    content(Space::content, "encoded", "html"),
    content(Space::xhtml, "body", "xhtml"),
    // Dates
    date(Space::core, "published", &ParsedMembers::published),
    date(Space::core, "issued", &ParsedMembers::published),
    date(Space::core, "pubdate", &ParsedMembers::published),
    date(Space::dcterms, "issued", &ParsedMembers::published),
    date(Space::core, "updated", &ParsedMembers::updated),
    date(Space::core, "modified", &ParsedMembers::updated),
    date(Space::core, "lastbuilddate", &ParsedMembers::updated),
    date(Space::dcterms, "modified", &ParsedMembers::updated),
    date(Space::dc, "date", &ParsedMembers::updated),
    date(Space::core, "created", &ParsedMembers::created),
    date(Space::dcterms, "created", &ParsedMembers::created),
    date(Space::core, "expirationdate", &ParsedMembers::expired),
    simple(Space::dcterms, "valid", Kind::valid),
    // Names and addresses
    simple(Space::core, "id", Kind::id),
    simple(Space::core, "guid", Kind::id),
    simple(Space::core, "link", Kind::link),
    head(Space::core, "newlocation", &ParsedHead::new_location),
    head(Space::itunes, "new-feed-url", &ParsedHead::new_location),
    simple(Space::core, "language", Kind::language),
    plain(Space::dc, "language", &ParsedMembers::language),
    plain(Space::core, "icon", &ParsedMembers::icon, Kind::address),
    plain(Space::core, "logo", &ParsedMembers::logo, Kind::address),
    plain(Space::core, "comments", &ParsedMembers::comments, Kind::address),
    plain(Space::wfw, "comment", &ParsedMembers::comment_post, Kind::address),
    plain(Space::wfw, "commentrss", &ParsedMembers::comment_feed, Kind::address),
    plain(Space::slash, "comments", &ParsedMembers::comment_count),
    simple(Space::creative_commons, "license", Kind::license),
    head(Space::core, "docs", &ParsedHead::docs, Kind::address),
    head(Space::core, "ttl", &ParsedHead::ttl),
    simple(Space::core, "skiphours", Kind::transparent),
    simple(Space::core, "skipdays", Kind::transparent),
    head(Space::core, "hour", &ParsedHead::skip_hours, Kind::skipped_time),
    head(Space::core, "day", &ParsedHead::skip_days, Kind::skipped_time),
    head(Space::syndication, "updateperiod", &ParsedHead::update_period),
    head(Space::syndication, "updatefrequency", &ParsedHead::update_frequency),
    simple(Space::core, "category", Kind::category),
    simple(Space::dc, "subject", Kind::category),
    simple(Space::itunes, "category", Kind::category),
    simple(Space::media, "category", Kind::category),
    simple(Space::itunes, "keywords", Kind::keywords),
    simple(Space::media, "keywords", Kind::keywords),
    simple(Space::core, "generator", Kind::generator),
    simple(Space::admin, "generatoragent", Kind::generator),
    simple(Space::core, "enclosure", Kind::enclosure),
    simple(Space::core, "cloud", Kind::cloud),
    simple(Space::itunes, "image", Kind::image_address),
    simple(Space::itunes, "link", Kind::image_address),
    simple(Space::googleplay, "image", Kind::image_address),
    simple(Space::dc, "identifier", Kind::original_id),
    simple(Space::feedburner, "origlink", Kind::original_link),
    simple(Space::feedburner, "origenclosurelink", Kind::original_enclosure),
    simple(Space::thread, "in-reply-to", Kind::reply),
    // Podcasts
    simple(Space::itunes, "block", Kind::podcast_block),
    {.space = Space::itunes, .name = "explicit", .kind = Kind::podcast_flag, .flag = &ParsedPodcast::is_explicit},
    podcast(Space::itunes, "duration", &ParsedPodcast::duration),
    podcast(Space::itunes, "episode", &ParsedPodcast::episode),
    podcast(Space::itunes, "season", &ParsedPodcast::season),
    podcast(Space::itunes, "episodetype", &ParsedPodcast::episode_type),
    simple(Space::googleplay, "block", Kind::podcast_block),
    {.space = Space::googleplay, .name = "explicit", .kind = Kind::podcast_flag, .flag = &ParsedPodcast::is_explicit},
    podcast(Space::podcast, "episode", &ParsedPodcast::episode),
    podcast(Space::podcast, "season", &ParsedPodcast::season),
    podcast_file("transcript", &ParsedPodcast::transcripts),
    podcast_file("chapters", &ParsedPodcast::chapters),
    // Places
    simple(Space::georss, "point", Kind::place),
    simple(Space::georss, "line", Kind::place),
    simple(Space::georss, "polygon", Kind::place),
    simple(Space::georss, "box", Kind::place),
    simple(Space::georss, "where", Kind::transparent),
    simple(Space::georss, "featurename", Kind::place_name),
    simple(Space::gml, "point", Kind::transparent),
    simple(Space::gml, "linestring", Kind::transparent),
    simple(Space::gml, "polygon", Kind::transparent),
    simple(Space::gml, "exterior", Kind::transparent),
    simple(Space::gml, "linearring", Kind::transparent),
    simple(Space::gml, "envelope", Kind::transparent),
    simple(Space::gml, "pos", Kind::place),
    simple(Space::gml, "poslist", Kind::place),
    simple(Space::gml, "lowercorner", Kind::place),
    simple(Space::gml, "uppercorner", Kind::place),
    simple(Space::geo, "point", Kind::transparent),
    simple(Space::geo, "lat", Kind::place),
    simple(Space::geo, "long", Kind::place),
    simple(Space::geo, "lon", Kind::place),
    // Media RSS
    simple(Space::media, "content", Kind::media_content),
    simple(Space::media, "thumbnail", Kind::media_thumbnail),
    simple(Space::media, "credit", Kind::media_credit),
    simple(Space::media, "rating", Kind::media_rating),
    simple(Space::media, "restriction", Kind::media_restriction),
    simple(Space::media, "license", Kind::media_license),
    simple(Space::media, "player", Kind::media_player),
    simple(Space::media, "peerlink", Kind::media_peer),
};

constexpr ElementRule unknown_element{};
constexpr std::size_t name_bytes_max = 32;

constexpr std::uint32_t hash_of(Namespace space, std::string_view name) {
    std::uint32_t hash = 2166136261U + static_cast<std::uint32_t>(space) * 97U;
    for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
    return hash ^ (hash >> 15U);
}

constexpr std::size_t slots = 512;

/// Open addressing.
constexpr std::array<std::uint16_t, slots> index_of_rules = [] {
    std::array<std::uint16_t, slots> index{};
    for (std::size_t rule = 0; rule < std::size(rules); ++rule) {
        std::size_t slot = hash_of(rules[rule].space, rules[rule].name) % slots;
        while (index[slot] != 0) slot = (slot + 1) % slots;
        index[slot] = static_cast<std::uint16_t>(rule + 1);
    }
    return index;
}();

template <class Whole>
struct Part {
    std::string_view name;
    std::string Whole::*member;
};

constexpr Part<ParsedImage> image_parts[] = {{"url", &ParsedImage::url},
                                             {"href", &ParsedImage::url},
                                             {"title", &ParsedImage::title},
                                             {"link", &ParsedImage::link},
                                             {"width", &ParsedImage::width},
                                             {"height", &ParsedImage::height},
                                             {"description", &ParsedImage::description}};
constexpr Part<ParsedTextInput> text_input_parts[] = {{"title", &ParsedTextInput::title},
                                                      {"description", &ParsedTextInput::description},
                                                      {"name", &ParsedTextInput::name},
                                                      {"link", &ParsedTextInput::link}};
constexpr Part<Person> person_parts[] = {{"name", &Person::name},
                                         {"email", &Person::email},
                                         {"uri", &Person::uri},
                                         {"url", &Person::uri},
                                         {"homepage", &Person::uri}};

template <class Whole, std::size_t Count>
std::string* find_part(const Part<Whole> (&parts)[Count], Whole& whole, std::string_view name) {
    const auto* found = std::find_if(std::begin(parts), std::end(parts),
                                     [&](const Part<Whole>& part) { return equal_ignoring_case(part.name, name); });
    return found == std::end(parts) ? nullptr : &(whole.*found->member);
}

}  // namespace

const ElementRule& element_rule(Namespace space, std::string_view name) {
    if (space == Namespace::other || name.size() > name_bytes_max) return unknown_element;
    std::array<char, name_bytes_max> letters{};
    std::transform(name.begin(), name.end(), letters.begin(), lower);
    const std::string_view lowered(letters.data(), name.size());
    for (std::size_t slot = hash_of(space, lowered) % slots; index_of_rules[slot] != 0; slot = (slot + 1) % slots) {
        const ElementRule& rule = rules[index_of_rules[slot] - 1U];
        if (rule.space == space && rule.name == lowered) return rule;
    }
    return unknown_element;
}

std::string* image_part(ParsedImage& image, std::string_view name) { return find_part(image_parts, image, name); }
std::string* text_input_part(ParsedTextInput& input, std::string_view name) { return find_part(text_input_parts, input, name); }
std::string* person_part(Person& person, std::string_view name) { return find_part(person_parts, person, name); }

}  // namespace gazetted
