#include "daemon/for_people.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace gazetted {

std::string grouped(std::uint64_t number) {
    std::string text = std::to_string(number);
    for (std::size_t at = text.size(); at > 3;) text.insert(at -= 3, 1, ',');
    return text;
}

std::string rounded(double number) {
    if (number >= 100) return grouped(static_cast<std::uint64_t>(std::llround(number)));
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), number >= 10 ? "%.1f" : "%.2f", std::max(number, 0.0));
    std::string result = text.data();
    if (result.find('.') != std::string::npos) {
        result.erase(result.find_last_not_of('0') + 1);
        if (result.back() == '.') result.pop_back();
    }
    return result;
}

std::string bytes_text(double bytes) {
    constexpr std::array<const char*, 5> units = {" B", " kB", " MB", " GB", " TB"};
    std::size_t unit = 0;
    for (; bytes >= 1'000 && unit + 1 < units.size(); ++unit) bytes /= 1'000;
    return rounded(bytes) + units.at(unit);
}

std::string span_text(std::chrono::duration<double> span) {
    struct Unit {
        std::uint64_t seconds;
        const char* name;
    };
    constexpr std::array<Unit, 4> units = {{{86'400, "day"}, {3'600, "hour"}, {60, "minute"}, {1, "second"}}};
    const auto seconds = static_cast<std::uint64_t>(std::max(span.count(), 0.0));
    const auto* unit = std::find_if(units.begin(), units.end() - 1, [&](const Unit& u) { return seconds >= u.seconds; });
    const auto count = seconds / unit->seconds;
    return grouped(count) + " " + unit->name + (count == 1 ? "" : "s");
}

}  // namespace gazetted
