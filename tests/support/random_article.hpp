#pragma once

#include "feeds/article.hpp"

#include <cstdint>
#include <string_view>

namespace gazetted {

/// An article that a program could have written: any member may be empty, ordinary or hostile (control characters, ill-formed
/// UTF-8, markup, emoji, text from right to left). The same seed gives the same article; another one another id.
Article random_article(std::uint32_t seed);

/// Likewise; each choice is one of the bytes, and some of them stand in its texts as they are. For fuzzers.
Article article_from(std::string_view bytes);

}  // namespace gazetted
