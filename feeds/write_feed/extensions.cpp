#include "feeds/write_feed/extensions.hpp"

#include "feeds/text.hpp"
#include "feeds/write_feed/files.hpp"
#include "feeds/write_feed/xml.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

namespace gazetted {
namespace {

struct Namespace {
    const char* declaration;
    const char* name;
};
constexpr Namespace namespaces[] = {
    {"xmlns:dc", "http://purl.org/dc/elements/1.1/"},
    {"xmlns:georss", "http://www.georss.org/georss"},
    {"xmlns:its", "http://www.w3.org/2005/11/its"},
    {"xmlns:itunes", "http://www.itunes.com/dtds/podcast-1.0.dtd"},
    {"xmlns:media", "http://search.yahoo.com/mrss/"},
    {"xmlns:podcast", "https://podcastindex.org/namespace/1.0"},
    {"xmlns:sy", "http://purl.org/rss/1.0/modules/syndication/"},
};

/// The shortest digits that read back as the same number, never with an exponent.
std::string degrees(double value) {
    std::array<char, 512> text{};
    const auto written = std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
    return {text.data(), written.ptr};
}

template <class Number>
void append_number(pugi::xml_node node, const char* name, const std::optional<Number>& number) {
    if (number) append_attribute(node, name, std::to_string(*number));
}

bool is_of(const Enclosure& file, std::string_view main_type) { return file.media_type.starts_with(main_type); }

const char* medium_of(const Enclosure& file) {
    if (is_of(file, "image/")) return "image";
    if (is_of(file, "audio/")) return "audio";
    return is_of(file, "video/") ? "video" : "document";
}

/// Media RSS 1.5.1. A title is an element inside, as plain text.
void append_media_content(pugi::xml_node entry, const Enclosure& file) {
    pugi::xml_node media = entry.append_child("media:content");
    append_attribute(media, "url", file.url);
    append_number(media, "fileSize", file.length_bytes);
    append_attribute(media, "type", file.media_type);
    append_attribute(media, "medium", medium_of(file));
    if (file.duration) append_attribute(media, "duration", std::to_string(file.duration->count()));
    append_number(media, "height", file.height);
    append_number(media, "width", file.width);
    if (!file.language.empty()) append_attribute(media, "lang", file.language);
    if (!file.title.empty()) append_attribute(append_element(media, "media:title", file.title), "type", "plain");
}

/// The entry's own element for an enclosure has an address, a type and a length.
bool says_more_than_an_enclosure(const Enclosure& file) {
    return !file.title.empty() || !file.language.empty() || file.duration || file.width || file.height;
}

void append_files(pugi::xml_node entry, const Entry& from) {
    for (const Enclosure* file : files_of(from, EnclosureRole::enclosure))
        if (says_more_than_an_enclosure(*file)) append_media_content(entry, *file);
    for (const Enclosure* file : files_of(from, EnclosureRole::media)) append_media_content(entry, *file);
    for (const Enclosure* file : files_of(from, EnclosureRole::thumbnail)) {
        pugi::xml_node thumbnail = entry.append_child("media:thumbnail");
        append_attribute(thumbnail, "url", file->url);
        append_number(thumbnail, "height", file->height);
        append_number(thumbnail, "width", file->width);
    }
}

void append_podcast_file(pugi::xml_node entry, const char* name, const Enclosure& file) {
    pugi::xml_node node = entry.append_child(name);
    append_attribute(node, "url", file.url);
    append_attribute(node, "type", file.media_type);
    if (!file.language.empty()) append_attribute(node, "language", file.language);
}

/// An entry is an episode where it says anything that only an episode has.
bool is_episode(const Entry& entry) {
    return entry.episode != Episode{} || !files_of(entry, EnclosureRole::transcript).empty() ||
           !files_of(entry, EnclosureRole::chapters).empty();
}

void append_number_in_both(pugi::xml_node entry, const char* itunes, const char* podcast,
                           const std::optional<std::uint32_t>& number) {
    if (!number) return;
    for (const char* name : {itunes, podcast}) append_element(entry, name, std::to_string(*number));
}

void append_episode(pugi::xml_node entry, const Entry& from) {
    const auto sounds = files_of(from, EnclosureRole::enclosure);
    const auto timed = std::ranges::find_if(sounds, [](const Enclosure* file) { return file->duration.has_value(); });
    if (timed != sounds.end()) append_element(entry, "itunes:duration", std::to_string((*timed)->duration->count()));
    append_number_in_both(entry, "itunes:season", "podcast:season", from.episode.season);
    append_number_in_both(entry, "itunes:episode", "podcast:episode", from.episode.number);
    if (!from.episode.kind.empty()) append_element(entry, "itunes:episodeType", from.episode.kind);
    if (from.episode.is_explicit) append_element(entry, "itunes:explicit", *from.episode.is_explicit ? "true" : "false");
    if (const auto images = files_of(from, EnclosureRole::thumbnail); is_episode(from) && !images.empty())
        append_attribute(entry.append_child("itunes:image"), "href", images.front()->url);
    for (const Enclosure* file : files_of(from, EnclosureRole::transcript))
        append_podcast_file(entry, "podcast:transcript", *file);
    for (const Enclosure* file : files_of(from, EnclosureRole::chapters)) append_podcast_file(entry, "podcast:chapters", *file);
}

void append_location(pugi::xml_node entry, const Location& location) {
    if (location.point)
        append_element(entry, "georss:point", degrees(location.point->latitude) + ' ' + degrees(location.point->longitude));
    if (!location.name.empty()) append_element(entry, "georss:featurename", location.name);
}

/// The syndication module says how many times a period.
struct Period {
    std::chrono::minutes length;
    const char* name;
};
constexpr Period periods[] = {{std::chrono::hours{1}, "hourly"},
                              {std::chrono::hours{24}, "daily"},
                              {std::chrono::hours{24 * 7}, "weekly"},
                              {std::chrono::hours{24 * 30}, "monthly"}};

void append_update_period(pugi::xml_node head, std::chrono::minutes ttl) {
    if (ttl <= std::chrono::minutes{0}) return;
    const auto* period = std::ranges::find_if(periods, [&](const Period& each) { return ttl <= each.length; });
    if (period == std::end(periods)) --period;
    append_element(head, "sy:updatePeriod", period->name);
    append_element(head, "sy:updateFrequency", std::to_string(std::max<std::int64_t>(1, period->length / ttl)));
}

void append_podcast_head(pugi::xml_node head, const FeedHead& about) {
    append_attribute(head.append_child("itunes:category"), "text", legal_xml_text(about.podcast->category));
    append_element(head, "itunes:explicit", about.podcast->is_explicit ? "true" : "false");
    if (!about.logo.empty()) append_attribute(head.append_child("itunes:image"), "href", about.logo);
    append_element(head, "itunes:author", legal_xml_text(about.author.empty() ? about.title : about.author));
}

}  // namespace

std::vector<const Enclosure*> files_of(const Entry& entry, EnclosureRole role) {
    std::vector<const Enclosure*> files;
    for (const Enclosure& file : entry.enclosures)
        if (file.role == role) files.push_back(&file);
    return files;
}

void declare_namespaces(pugi::xml_node root, FeedFormat format) {
    if (format == FeedFormat::atom) {
        append_attribute(root, "xmlns", "http://www.w3.org/2005/Atom");
    } else {
        append_attribute(root, "xmlns:atom", "http://www.w3.org/2005/Atom");
        append_attribute(root, "xmlns:content", "http://purl.org/rss/1.0/modules/content/");
    }
    for (const auto& [declaration, name] : namespaces) append_attribute(root, declaration, name);
    append_attribute(root, "its:version", "1.0");
}

void append_extensions(pugi::xml_node entry, const Entry& from) {
    if (!from.direction.empty()) append_attribute(entry, "its:dir", from.direction);
    append_files(entry, from);
    append_episode(entry, from);
    append_location(entry, from.location);
}

void append_head_extensions(pugi::xml_node head, const FeedHead& about) {
    append_update_period(head, about.ttl);
    if (about.podcast && !about.podcast->category.empty()) append_podcast_head(head, about);
}

}  // namespace gazetted
