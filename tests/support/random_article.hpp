#pragma once

#include "feeds/article.hpp"

#include <cstdint>

namespace gazetted {

/// An article that a program could have written: any member may be empty, ordinary or hostile (control characters, ill-formed
/// UTF-8, markup, emoji, text from right to left). The same seed gives the same article; another one another id.
Article random_article(std::uint32_t seed);

}  // namespace gazetted
