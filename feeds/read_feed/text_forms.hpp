#pragma once

#include "feeds/parsed_feed.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace gazetted {

/// Whose terms the categories of Apple's podcasts are.
inline constexpr std::string_view itunes_scheme = "http://www.itunes.com/";

std::string_view trimmed(std::string_view);

/// `text` for `text/plain` and so on; other media types in lower case, without parameters.
std::string construct_type(std::string_view attribute, std::string_view otherwise);
/// Whether a construct of this media type carries base64 (RFC 4287 section 4.1.3.3).
bool is_base64_type(std::string_view type);
/// RFC 4648 section 4, line ends and missing padding allowed; nothing where it is not base64 of legal UTF-8.
bool decode_base64(std::string_view text, std::string& out);

/// Text of no stated type that is HTML: it has an end tag or a reference, and knows no element but those of articles.
bool looks_like_html(std::string_view);

/// `Name (mail@host)`, `mail@host (Name)`, `Name <mail@host>`, either alone.
Person read_person(std::string_view);

/// The people of a feed as those of an entry that names none; nobody where they are more than a line.
std::vector<Person> inherited(const std::vector<Person>& people);
/// Likewise its categories.
std::vector<ParsedCategory> inherited(const std::vector<ParsedCategory>& categories);
/// Likewise a language.
std::string inherited(const std::string& language);

/// Apart at commas, or at blanks where there is no comma.
std::vector<std::string> read_keywords(std::string_view);

/// Appends `text` with `&`, `<`, `>` as references.
void append_escaped(std::string_view text, std::string& out);

/// `html` with the references to apostrophes and to characters beyond ASCII as these characters: it means the same.
std::string with_characters(std::string_view html);

/// `html` without the tags of what embeds, frames or steers, and without scripts and styles; all else as it was.
std::string without_embedding(std::string html);

/// Whether an address has a scheme.
bool is_absolute(std::string_view address);
/// `reference` against `base` where it is relative; as it came, but for blanks around it, where it is not or where there is no
/// base: an id or an address is not ours to rewrite.
std::string absolute(std::string_view reference, std::string_view base);
/// The same for what people follow, with the host in lower case.
std::string absolute_link(std::string_view reference, std::string_view base);
/// `html` with the relative addresses in its attributes made absolute; all else byte for byte as it was. Unchanged where
/// that would make it far longer. Linear.
std::string with_absolute_links(std::string html, std::string_view base);

}  // namespace gazetted
