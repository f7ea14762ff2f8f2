#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gazetted {

// The words of dates, in the languages that feeds are written in. All take lower case (with_plain_date_signs makes it).

enum class DayHalf : std::uint8_t { none, morning, afternoon };

/// Lower case (Latin, Greek, Cyrillic); the signs that Chinese, Japanese and Korean put behind year, month and day become
/// hyphens and blanks, those of typesetters what is typed for them.
std::string with_plain_date_signs(std::string_view raw, bool& is_korean);

/// 1 to 12, 0 for no month. Abbreviations of three letters and more count; ones with a full stop do not.
int month_of(std::string_view word);
/// Names and abbreviations; with a full stop as Polish writes them.
bool is_weekday(std::string_view word);
/// Words that say nothing: `de` in Spanish and Portuguese, `г.` behind a year in Russian, the monotonic clock of Go.
bool is_filler(std::string_view word);
DayHalf day_half(std::string_view word);
std::optional<std::chrono::minutes> zone_offset(std::string_view name);

}  // namespace gazetted
