#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace gazetted::jekyll {

/// Unicode normalisation form KC, in which Addressable puts every part of a URL; ill-formed input is returned as it came.
std::string to_nfkc(std::string_view);

/// Each letter to its lower case (simple mapping).
std::string to_lower(std::string_view);

/// Calls back with every code point's bytes and whether it is of \p{M}, \p{L} or \p{Nd}. Ill-formed bytes come one by one.
void for_each_letter(std::string_view, const std::function<void(std::string_view bytes, bool is_word)>&);

}  // namespace gazetted::jekyll
