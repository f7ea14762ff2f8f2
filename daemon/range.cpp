#include "daemon/range.hpp"

#include "daemon/negotiate.hpp"
#include "feeds/ascii.hpp"

#include <algorithm>
#include <limits>
#include <optional>

namespace gazetted {

namespace {

// Digits and nothing else; what is too large for any body stays too large.
std::optional<std::size_t> read_number(std::string_view digits) {
    if (digits.empty()) return std::nullopt;
    constexpr auto number_max = std::numeric_limits<std::size_t>::max() / 16;
    std::size_t number = 0;
    for (const char digit : digits) {
        if (digit < '0' || digit > '9') return std::nullopt;
        number = std::min(number * 10 + static_cast<std::size_t>(digit - '0'), number_max);
    }
    return number;
}

// `-5`: the last five, or all where there are fewer.
std::variant<WholeBody, NoSuchRange, ByteRange> read_suffix(std::string_view digits, std::size_t body_bytes) {
    const auto wanted = read_number(digits);
    if (!wanted) return WholeBody{};
    const auto bytes = std::min(*wanted, body_bytes);
    if (bytes == 0) return NoSuchRange{};
    return ByteRange{.first = body_bytes - bytes, .bytes = bytes};
}

}  // namespace

std::variant<WholeBody, NoSuchRange, ByteRange> read_range(std::string_view field, std::size_t body_bytes) {
    const auto unit_end = field.find('=');
    if (unit_end == std::string_view::npos || !equal_ignoring_case(field.substr(0, unit_end), "bytes")) return WholeBody{};
    auto list = field.substr(unit_end + 1);
    const auto range = take_element(list);
    if (!take_element(list).empty()) return WholeBody{};
    const auto dash = range.find('-');
    if (dash == std::string_view::npos) return WholeBody{};
    if (dash == 0) return read_suffix(range.substr(1), body_bytes);

    const auto first = read_number(range.substr(0, dash));
    const auto last_digits = range.substr(dash + 1);
    const auto last = last_digits.empty() ? std::numeric_limits<std::size_t>::max() : read_number(last_digits);
    if (!first || !last || *last < *first) return WholeBody{};
    if (*first >= body_bytes) return NoSuchRange{};
    return ByteRange{.first = *first, .bytes = std::min(*last, body_bytes - 1) - *first + 1};
}

}  // namespace gazetted
