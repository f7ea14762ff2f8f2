#pragma once

#include "feeds/article.hpp"
#include "feeds/html.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace gazetted {

/// One element of a feed, whatever its format: an article made fit to leave the house. Texts hold legal XML characters,
/// links are absolute, HTML is safe.
struct Entry {
    std::string id;
    std::string link;       ///< where a person reads it: the article's url, or our own page
    std::string page_link;  ///< our own page, always
    std::string title;      ///< plain text, one line; never empty
    std::vector<Person> authors;
    SafeHtml summary;  ///< may be empty
    SafeHtml content;
    std::string language;
    Instant published;
    Instant updated;
    std::vector<CategoryTerm> categories;
    std::vector<std::string> tags;
    std::vector<Enclosure> enclosures;
};

/// `base_url` is the configured address of this site, without a slash at its end. A title that is empty becomes the first words
/// of the text, and where there is no text either, the day. People without a name, and addresses that are no absolute http(s)
/// URL, are left out. Pure: the same article gives the same entry.
Entry entry_of(const Article&, std::string_view base_url);

/// The language tag in `text`, `zh_CN` mended to `zh-CN`; empty where it does not look like one (RFC 5646 section 2.1: letters,
/// then parts of one to eight letters or digits). Fit for xml:lang and HTML's lang.
std::string language_tag(std::string_view text);

/// What an entry is filed under, as a person reads it: the titles of its categories, then its tags, each once.
std::vector<std::string> labels_of(const Entry&);

}  // namespace gazetted
