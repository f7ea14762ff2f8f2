#include "daemon/masked.hpp"

#include <algorithm>
#include <cstddef>

namespace gazetted {
namespace {

constexpr std::string_view mask = "***";

/// From `user:` to the last `@`: a password that should have been percent-encoded may hold slashes.
std::string without_password_before_host(std::string_view word) {
    const std::size_t at = word.rfind('@');
    const std::size_t colon = word.find(':');
    if (at == std::string_view::npos || colon > at) return std::string(word);
    return std::string(word.substr(0, colon + 1)).append(mask).append(word.substr(at));
}

/// Of each URL in the text; a text without any may be a proxy, which needs no scheme.
std::string without_user_information(std::string_view text) {
    if (text.find("://") == std::string_view::npos) return without_password_before_host(text);
    std::string out;
    for (;;) {
        const std::size_t scheme_end = text.find("://");
        if (scheme_end == std::string_view::npos) return out += text;
        const std::size_t begin = scheme_end + 3;
        const std::string_view word = text.substr(begin, text.find_first_of(" \t", begin) - begin);
        out += text.substr(0, begin);
        out += without_password_before_host(word);
        text.remove_prefix(begin + word.size());
    }
}

/// How long a value is that libpq reads at the beginning of `text`, as a keyword's or, until `&`, a URL's parameter.
std::size_t value_bytes(std::string_view text, bool is_url) {
    const bool is_quoted = text.starts_with('\'');
    std::size_t end = is_quoted ? 1 : 0;
    for (; end < text.size(); ++end) {
        if (text[end] == '\\')
            ++end;
        else if (is_quoted && text[end] == '\'')
            return end + 1;
        else if (!is_quoted &&
                 (std::string_view(" \t\n").find(text[end]) != std::string_view::npos || (is_url && text[end] == '&')))
            return end;
    }
    return text.size();
}

std::string without_password_values(std::string_view text) {
    constexpr std::string_view word = "password";
    const bool is_url = text.find("://") != std::string_view::npos;
    std::string out;
    for (;;) {
        const std::size_t found = text.find(word);
        if (found == std::string_view::npos) return out += text;
        const std::size_t equals = text.find_first_not_of(" \t", found + word.size());
        const bool is_assignment = equals != std::string_view::npos && text[equals] == '=';
        const std::size_t value =
            is_assignment ? std::min(text.find_first_not_of(" \t", equals + 1), text.size()) : found + word.size();
        out += text.substr(0, value);
        if (is_assignment) out += mask;
        text.remove_prefix(is_assignment ? value + value_bytes(text.substr(value), is_url) : value);
    }
}

}  // namespace

std::string masked(std::string_view text) { return without_password_values(without_user_information(text)); }

}  // namespace gazetted
