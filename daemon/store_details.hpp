#pragma once

#include "daemon/store.hpp"

#include <boost/json.hpp>

namespace gazetted {

// What belongs to an article, as complete_articles says it and as merge_articles() writes it: one shape for both ways.

std::vector<Person> people_of(const boost::json::value&);
boost::json::array json_of(const std::vector<Person>&);

/// `[name, scheme, label]` each; the first of neighbours with one name counts.
std::vector<Tag> tags_of(const boost::json::value&);
boost::json::array json_of(const std::vector<Tag>&);

/// `[url, type, length, role, title, language, seconds, width, height]` each.
std::vector<Enclosure> enclosures_of(const boost::json::value&);
boost::json::array json_of(const std::vector<Enclosure>&);

/// `[title, slug, url, number]` each.
std::vector<Retelling> retellings_of(const boost::json::value&);

/// The word of the tables.
std::string_view word_of(EnclosureRole);

/// The members that few articles have: `details`, null where it has none of them.
void take_details(Article&, const boost::json::value&);
boost::json::value details_of(const Article&);

/// `[icon, logo, rights, entry_link, podcast_category, podcast_explicit]`, and `removed, sunset_url` where it may end.
SelectionProfile profile_of(const boost::json::value&);

}  // namespace gazetted
