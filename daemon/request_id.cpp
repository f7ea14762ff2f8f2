#include "daemon/request_id.hpp"

#include "feeds/ascii.hpp"

#include <algorithm>

namespace gazetted {

namespace {

// Nothing that a log, a field or a shell takes for more than a character.
bool is_allowed(char c) {
    return is_letter(c) || is_digit(c) || std::string_view("-._~+/=:@").find(c) != std::string_view::npos;
}

}  // namespace

RequestId::RequestId(std::string_view given) noexcept {
    if (given.size() > bytes_max || !std::all_of(given.begin(), given.end(), is_allowed)) return;
    std::copy(given.begin(), given.end(), text_.begin());
    bytes_ = static_cast<std::uint8_t>(given.size());
}

// SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): each state once in 2^64, and no two states give the same.
RequestId RequestIds::next() noexcept {
    std::uint64_t mixed = state_ += 0x9e3779b97f4a7c15U;
    mixed = (mixed ^ (mixed >> 30U)) * 0xbf58476d1ce4e5b9U;
    mixed = (mixed ^ (mixed >> 27U)) * 0x94d049bb133111ebU;
    mixed ^= mixed >> 31U;
    std::array<char, 16> digits{};
    for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit, mixed >>= 4U) *digit = "0123456789abcdef"[mixed & 15U];
    return RequestId({digits.data(), digits.size()});
}

}  // namespace gazetted
