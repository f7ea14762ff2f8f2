#pragma once

#include <string_view>

namespace gazetted {

/// The label of the encoding that bytes look like that nobody named and that are no UTF-8: by which sequences of bytes an
/// encoding allows, and by which of its letters are frequent. windows-1252 where nothing else fits.
std::string_view sniff_charset(std::string_view bytes);

/// Mostly UTF-8, with a few bytes that are not: cut or damaged, rather than another encoding.
bool looks_like_broken_utf8(std::string_view bytes);

/// Whether bytes that are UTF-8 are so beyond doubt, though an encoding called `name` was declared: where they have more of its
/// sequences than a text of another encoding has by chance, or are none of the declared one.
bool is_surely_utf8(std::string_view bytes, std::string_view name);

}  // namespace gazetted
