#pragma once

#include "feeds/article.hpp"
#include "feeds/html.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace gazetted {

/// Where the entries of a feed point to: to what the article's url names, or to our own page of the article.
enum class EntryLink { source, page };

/// One element of a feed, whatever its format: an article made fit to leave the house. Texts hold legal XML characters,
/// links are absolute, HTML is safe, times are whole seconds.
struct Entry {
    std::string id;
    std::string link;           ///< where a person reads it
    std::string page_link;      ///< our own page, always
    std::string external_link;  ///< the article's url where `link` is our page instead; else empty
    std::string via_link;       ///< where it was published first, of an aggregated or retold article; else empty
    std::string title;          ///< plain text, one line; never empty
    std::vector<Person> authors;
    SafeHtml summary;  ///< may be empty
    SafeHtml content;
    std::string language;
    std::string direction;  ///< `ltr`, `rtl` or empty; summary and content say it too
    Instant published;
    Instant updated;
    std::vector<CategoryTerm> categories;
    std::string category_scheme;  ///< whose terms the categories are: the address that their slugs complete
    std::vector<Tag> tags;
    std::vector<Enclosure> enclosures;
    std::string rights;  ///< plain text
    std::string comments_link;
    Location location;
    Episode episode;
    std::optional<Origin> origin;
    std::vector<Retelling> retellings;  ///< each with a link
};

/// `base_url` is the configured address of this site, without a slash at its end. A title that is empty becomes the first words
/// of the text, and where there is no text either, the day. People without a name, and addresses that are no absolute http(s)
/// URL, are left out. Pure: the same article gives the same entry.
Entry entry_of(const Article&, std::string_view base_url, EntryLink = EntryLink::source);

/// What an entry is filed under, as a person reads it: the titles of its categories, then its tags, each once.
std::vector<std::string> labels_of(const Entry&);

}  // namespace gazetted
