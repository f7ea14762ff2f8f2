#pragma once

#include "feeds/html.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace gazetted {

/// Limits before any parser sees the bytes (docs/decisions/): beyond them the rest is dropped, never the whole article.
struct HtmlLimits {
    static constexpr std::size_t bytes_max = std::size_t{1} << 20;
    static constexpr std::size_t depth_max = 256;
    static constexpr std::size_t attributes_per_tag_max = 64;
    static constexpr std::size_t attribute_bytes_max = std::size_t{64} << 10;
};

/// Parsed as a browser would and written again from the tree: allow-listed elements, attributes and URL schemes only, links
/// absolute against `base_url` and without what tracks readers, lazy images repaired, hidden and empty wrappers gone, players
/// of known video hosts turned into links. Idempotent where the result is within bytes_max; linear in the input's size. Never
/// fails: whatever goes in, what comes out is safe in a browser and well-formed as XML.
SafeHtml sanitise_html(std::string_view html, std::string_view base_url);

/// The text a person would read, one line, entities decoded: for summaries and for titles that came as HTML.
std::string text_of_html(const SafeHtml&);
/// first_words() of that text; what follows them is not read.
std::string first_words_of_html(const SafeHtml&, std::size_t characters_max);

}  // namespace gazetted
