#pragma once

#include "feeds/parsed_feed.hpp"
#include "feeds/read_feed/namespaces.hpp"

#include <cstdint>
#include <string_view>

namespace gazetted {

/// What an element is to a reader; what it says goes where its rule points.
enum class ElementKind : std::uint8_t {
    unknown,      ///< with all inside
    transparent,  ///< what is inside counts as if it stood outside
    root,
    channel,
    entry,
    source,
    image,
    text_input,
    person,
    construct,    ///< a text construct
    content,      ///< one of several
    description,  ///< an entry's summary, a second one its content; a feed's subtitle
    plain,        ///< text
    address,      ///< text that is an absolute or relative URL
    date,
    valid,
    language,  ///< of RSS
    id,
    link,  ///< in attributes (Atom) or as text (RSS)
    category,
    keywords,  ///< categories apart by commas or blanks
    generator,
    enclosure,
    cloud,
    podcast,  ///< text, for ParsedPodcast
    podcast_flag,
    podcast_block,
    podcast_file,   ///< in attributes
    image_address,  ///< an attribute `href`, for the image
    license,        ///< text or an attribute `rdf:resource`
    reply,
    deleted_entry,  ///< in attributes
    original_id,
    original_link,
    original_enclosure,
    skipped_time,    ///< an hour or a day, one of several
    fallback_title,  ///< counts where there is no title
    place,           ///< GeoRSS, GML, W3C
    place_name,
    media_content,
    media_thumbnail,
    media_credit,
    media_rating,
    media_restriction,
    media_license,
    media_player,
    media_peer,
    // Within an image, a text input, a person.
    part,
    phrase,  ///< markup where a name or an address should be: its text is of the element around it
};

enum class PersonRole : std::uint8_t { author, contributor, publisher };

struct ElementRule {
    Namespace space = Namespace::core;
    std::string_view name = {};  ///< lower case
    ElementKind kind = ElementKind::unknown;
    std::string_view type = {};  ///< of a construct without one of its own
    TextConstruct ParsedMembers::*construct = nullptr;
    std::string ParsedMembers::*plain = nullptr;
    std::string ParsedHead::*head = nullptr;  ///< what only feeds have
    std::optional<Instant> ParsedMembers::*date = nullptr;
    std::string ParsedPodcast::*podcast = nullptr;
    std::optional<bool> ParsedPodcast::*flag = nullptr;
    std::vector<ParsedPodcastFile> ParsedPodcast::*files = nullptr;
    PersonRole role = PersonRole::author;
};

/// In any letter case. A rule of kind `unknown` for what is none of ours.
const ElementRule& element_rule(Namespace, std::string_view name);

/// Where an element within an image, a text input or a person goes, by its name alone; null: nowhere.
std::string* image_part(ParsedImage&, std::string_view name);
std::string* text_input_part(ParsedTextInput&, std::string_view name);
std::string* person_part(Person&, std::string_view name);

}  // namespace gazetted
