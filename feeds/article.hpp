#pragma once

#include "feeds/date_time.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gazetted {

struct Person {
    std::string name;
    std::string email;  ///< empty: none
    std::string uri;    ///< empty: none
    friend bool operator==(const Person&, const Person&) = default;
};

/// What a file is to its article.
enum class EnclosureRole {
    enclosure,   ///< to be downloaded
    media,       ///< image, sound or video beside the text (Media RSS)
    thumbnail,   ///< stands for the article; readers learn its type by fetching it
    transcript,  ///< of a podcast episode (podcast namespace)
    chapters,    ///< of a podcast episode
};

struct Enclosure {
    std::string url;
    std::string media_type;
    std::optional<std::uint64_t> length_bytes;
    EnclosureRole role = EnclosureRole::enclosure;
    std::string title = {};
    std::string language = {};
    std::optional<std::chrono::seconds> duration = {};
    std::optional<std::uint32_t> width = {};
    std::optional<std::uint32_t> height = {};
    friend bool operator==(const Enclosure&, const Enclosure&) = default;
};

struct CategoryTerm {
    std::string slug;
    std::string title;  ///< empty: the slug stands for it
    friend bool operator==(const CategoryTerm&, const CategoryTerm&) = default;
};

struct Tag {
    std::string name;
    std::string scheme = {};  ///< an absolute URI that says whose tag it is; empty: nobody's
    std::string label = {};   ///< what people read; empty: the name
    friend bool operator==(const Tag&, const Tag&) = default;
};

/// WGS 84, degrees.
struct Point {
    double latitude = 0;
    double longitude = 0;
    friend bool operator==(const Point&, const Point&) = default;
};

struct Location {
    std::optional<Point> point;
    std::string name;
    friend bool operator==(const Location&, const Location&) = default;
};

/// What a podcast says of an episode. Its sound is an enclosure.
struct Episode {
    std::optional<std::uint32_t> season;
    std::optional<std::uint32_t> number;
    std::string kind;  ///< `full`, `trailer`, `bonus` or empty
    std::optional<bool> is_explicit;
    friend bool operator==(const Episode&, const Episode&) = default;
};

/// Where an aggregated article came from, as its own feed said it (RFC 4287 section 4.2.11). Empty: not said.
struct Origin {
    std::string entry_id;    ///< where it is not the article's
    std::string entry_link;  ///< where it is not the article's
    std::string feed_id;
    std::string feed_link;
    std::string home_link;
    std::string title;
    std::string subtitle;
    std::string icon;
    std::string logo;
    std::string rights;
    std::string language;
    std::vector<Person> authors;
    friend bool operator==(const Origin&, const Origin&) = default;
};

/// An article of another source that tells the same story.
struct Retelling {
    std::string source;       ///< what the source is called
    std::string link;         ///< empty: our own page is the link
    std::int64_t number = 0;  ///< names that page
    friend bool operator==(const Retelling&, const Retelling&) = default;
};

/// A stored row with what belongs to it, as other programs wrote it: nothing in here is trusted yet.
struct Article {
    std::string id;           ///< the entry id, for life
    std::int64_t number = 0;  ///< names the page /article/{number}; 0 before it is stored
    std::string url;          ///< empty: our own page is the link
    std::string title;        ///< plain text
    std::vector<Person> authors;
    std::string summary;  ///< raw HTML
    std::string content;  ///< raw HTML
    std::string language;
    std::string direction;  ///< in which the text runs: `ltr`, `rtl` or empty
    Instant published;
    std::optional<Instant> updated;  ///< none: the same as published
    std::optional<Instant> withdrawn;
    std::int64_t revision = 0;             ///< grows with every change of this article
    std::vector<CategoryTerm> categories;  ///< by slug
    std::vector<Tag> tags;                 ///< by name
    std::vector<Enclosure> enclosures;
    std::string rights;         ///< plain text
    std::string comments_link;  ///< the page where people discuss it
    Location location;
    Episode episode;
    std::optional<Origin> origin;       ///< none: it began here
    std::vector<Retelling> retellings;  ///< oldest first; where they and it belong, the oldest of all is shown
};

}  // namespace gazetted
