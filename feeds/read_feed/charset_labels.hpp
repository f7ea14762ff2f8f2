#pragma once

#include <string_view>

namespace gazetted {

struct Charset {
    std::string_view name;     ///< as it is told, lower case
    const char* decoder;       ///< what iconv calls it; null: never decoded
    std::string_view aliases;  ///< other labels, a blank between
};

/// All labels of the WHATWG Encoding Standard, section 4.2, and some that feeds use beyond it. `label` is in lower case. Null
/// where nobody knows it.
const Charset* find_charset(std::string_view label);

}  // namespace gazetted
