#pragma once

#include "feeds/article.hpp"
#include "feeds/date_time.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace gazetted {

// What a feed of the world says, whatever its format: the one type that reading ends in. Values are as they were written, not
// sanitised and not shortened; all are well-formed UTF-8 of characters that XML allows. Empty: not said.

/// RFC 4287 section 3.1, and what older formats have in its place.
struct TextConstruct {
    std::string value;
    std::string type;      ///< `text`, `html`, `xhtml` or a media type
    std::string language;  ///< xml:lang in force
    std::string base;      ///< xml:base in force, absolute; empty: the address of the feed
    std::string source;    ///< where the content is, when it is not here (RFC 4287 section 4.1.3.2)
    bool empty() const noexcept { return value.empty() && source.empty(); }
};

struct ParsedLink {
    std::string rel;
    std::string href;
    std::string type;
    std::string title;
    std::string language;
    std::string length;
};

struct ParsedCategory {
    std::string term;
    std::string scheme;
    std::string label;
};

struct ParsedGenerator {
    std::string name;
    std::string uri;
    std::string version;
};

struct ParsedImage {
    std::string url;
    std::string title;
    std::string link;
    std::string width;
    std::string height;
    std::string description;
};

struct ParsedCloud {
    std::string domain;
    std::string port;
    std::string path;
    std::string procedure;
    std::string protocol;
};

struct ParsedTextInput {
    std::string title;
    std::string description;
    std::string name;
    std::string link;
};

/// A file beside an episode, not in it.
struct ParsedPodcastFile {
    std::string url;
    std::string type;
    std::string language;
};

/// The podcast namespaces of Apple and of the Podcast Index, as far as a reader shows them.
struct ParsedPodcast {
    std::optional<bool> block;
    std::optional<bool> is_explicit;
    std::string duration;
    std::string keywords;
    std::string episode;
    std::string season;
    std::string episode_type;
    std::vector<ParsedPodcastFile> transcripts;
    std::vector<ParsedPodcastFile> chapters;
};

struct ParsedPosition {
    double longitude = 0;
    double latitude = 0;
    std::optional<double> altitude;
};

/// GeoRSS; a box is its two corners. Either the coordinates or the name may be missing.
struct ParsedPlace {
    std::string name;
    std::string type;  ///< Point, LineString, Polygon, Box
    std::vector<ParsedPosition> coordinates;
};

struct ParsedThumbnail {
    std::string url;
    std::string width;
    std::string height;
};

struct ParsedCredit {
    std::string role;
    std::string scheme;
    std::string name;
};

struct ParsedMediaContent {
    std::string url;
    std::string type;
    std::string medium;
    std::string length;
    std::string width;
    std::string height;
    std::string title;
    std::string language;
    std::string duration;  ///< in seconds
};

/// Media RSS 1.5.1 beyond what enclosures say.
struct ParsedMedia {
    std::vector<ParsedMediaContent> contents;
    std::vector<ParsedThumbnail> thumbnails;
    std::vector<ParsedCredit> credits;
    std::string rating;
    std::string rating_scheme;
    std::string restriction_relationship;
    std::vector<std::string> restriction;
    std::string license_type;
    std::string license_url;
    std::string license;
    std::string player;
    std::string player_text;
};

/// RFC 4685 section 3.
struct ParsedReply {
    std::string ref;
    std::string href;
    std::string source;
    std::string type;
};

struct ParsedEnclosure {
    std::string url;
    std::string type;
    std::string length;  ///< as written
};

/// What feeds, entries and the sources of entries have in common.
struct ParsedMembers {
    TextConstruct title;
    TextConstruct subtitle;
    TextConstruct rights;
    TextConstruct info;
    std::string id;
    std::string link;  ///< the page for people
    std::vector<ParsedLink> links;
    std::optional<Instant> published;  ///< none: undated, the caller decides
    std::optional<Instant> updated;
    std::optional<Instant> created;
    std::optional<Instant> expired;
    std::optional<Instant> valid_from;
    std::optional<Instant> valid_until;
    std::string language;
    std::vector<Person> authors;
    std::vector<Person> contributors;
    Person publisher;
    std::vector<ParsedCategory> categories;
    ParsedImage image;
    std::string icon;
    std::string logo;
    std::string license;
    std::string comments;
    std::string comment_post;
    std::string comment_feed;
    std::string comment_count;
    std::unique_ptr<ParsedPodcast> podcast;
    std::unique_ptr<ParsedPlace> place;
};

struct ParsedSource;

struct ParsedEntry : ParsedMembers {
    TextConstruct summary;
    std::vector<TextConstruct> contents;
    std::vector<ParsedEnclosure> enclosures;
    std::optional<bool> id_is_permalink;
    std::string direction;      ///< `ltr`, `rtl` or empty
    std::string original_id;    ///< where it was published first (dc:identifier)
    std::string original_link;  ///< before a service put its own in place (feedburner)
    std::unique_ptr<ParsedSource> source;
    std::unique_ptr<ParsedMedia> media;
    std::unique_ptr<ParsedReply> reply;
};

/// What only whole feeds say.
struct ParsedHead : ParsedMembers {
    ParsedGenerator generator;
    std::string docs;
    std::string ttl;
    std::string new_location;
    std::string skip_hours;  ///< RSS, as written, with blanks between
    std::string skip_days;   ///< the same
    std::string update_period;
    std::string update_frequency;
    ParsedCloud cloud;
    ParsedTextInput text_input;
};

/// Where an entry came from (RFC 4287 section 4.2.11, RSS 2.0 source).
struct ParsedSource : ParsedHead {
    std::string url;
};

/// RSS versions as they say themselves: 0.91 in the dialects of Userland and Netscape.
enum class ParsedFormat {
    rss,
    rss090,
    rss091n,
    rss091u,
    rss092,
    rss093,
    rss094,
    rss10,
    rss20,
    atom,
    atom03,
    atom10,
    json10,
    json11
};

/// An entry that was taken back (RFC 6721).
struct DeletedEntry {
    std::string id;
    std::optional<Instant> when;
};

struct Feed {
    ParsedFormat format = ParsedFormat::rss;
    std::string encoding;     ///< what it was decoded from
    std::string fault;        ///< what had to be mended first, one sentence; empty: well-formed
    bool is_cut_off = false;  ///< it ends before its end: what was read is good, but there was more
    bool has_more = false;    ///< entries beyond the limit were left out
    ParsedHead head;
    std::vector<ParsedEntry> entries;   ///< in the order of the document
    std::vector<DeletedEntry> deleted;  ///< the same
};

}  // namespace gazetted
