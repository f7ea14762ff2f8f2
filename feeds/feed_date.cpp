#include "feeds/feed_date.hpp"

#include "feeds/feed_date_names.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

namespace gazetted {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool all_digits(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), is_digit); }

/// Up to nine digits; -1 for anything else.
int number(std::string_view text) {
    if (!all_digits(text) || text.size() > 9) return -1;
    int value = 0;
    for (const char c : text) value = value * 10 + (c - '0');
    return value;
}

int full_year(std::string_view digits) {
    const int year = number(digits);
    return digits.size() > 2 ? year : year < 70 ? 2000 + year : 1900 + year;
}

/// What was found so far; -1: not said.
struct Found {
    int year = -1;
    int month = -1;
    int day = -1;
    int hour = -1;
    int minute = 0;
    int second = 0;
    bool has_zone = false;
    bool has_offset = false;  ///< of digits, whose name may follow
    minutes zone{0};
    DayHalf half = DayHalf::none;
};

std::optional<Instant> instant_of(const Found& f) {
    if (f.year < 1 || f.year > 9999 || f.month < 1 || f.month > 12) return std::nullopt;
    const std::chrono::year_month_day date(std::chrono::year(f.year), std::chrono::month(static_cast<unsigned>(f.month)),
                                           std::chrono::day(static_cast<unsigned>(std::max(f.day, 1))));
    if (f.day == 0 || !date.ok()) return std::nullopt;
    int hour = std::max(f.hour, 0);
    if (f.half != DayHalf::none) {
        if (f.hour > 12 && f.half == DayHalf::morning) return std::nullopt;
        if (f.hour <= 12) hour = hour % 12 + (f.half == DayHalf::afternoon ? 12 : 0);
    }
    const bool is_midnight_after = hour == 24 && f.minute == 0 && f.second == 0;
    if ((hour > 23 && !is_midnight_after) || f.minute > 59 || f.second > 60) return std::nullopt;
    const Instant instant =
        Instant(std::chrono::sys_days(date)) + std::chrono::hours(hour) + minutes(f.minute) + seconds(f.second) - f.zone;
    // The zero time of Go and of .NET is in the year 1, whatever its zone: nobody set it.
    const Instant first = std::chrono::sys_days(std::chrono::year(2) / 1 / 1);
    const Instant end = std::chrono::sys_days(std::chrono::year(10000) / 1 / 1);
    if (instant < first || instant >= end) return std::nullopt;
    return instant;
}

/// `+0100`, `+01:00`, `-5`.
bool read_offset(std::string_view text, Found& found) {
    if (text.size() < 2 || (text.front() != '+' && text.front() != '-')) return false;
    std::string digits;
    for (const char c : text.substr(1)) {
        if (c != ':' || digits.size() > 2) digits.push_back(c);
    }
    if (!all_digits(digits) || digits.size() > 4) return false;
    const std::size_t minute_digits = digits.size() > 2 ? 2 : 0;
    const int hours = number(std::string_view(digits).substr(0, digits.size() - minute_digits));
    const int rest = minute_digits == 0 ? 0 : number(std::string_view(digits).substr(digits.size() - 2));
    if (hours > 23 || rest > 59) return false;
    found.zone = minutes((text.front() == '-' ? -1 : 1) * (hours * 60 + rest));
    found.has_zone = true;
    found.has_offset = true;
    return true;
}

/// `GMT`, `EST`, `GMT+0100`, `Etc/GMT`, `Europe/Brussels`. Names that nobody knows are read as UTC.
bool read_zone(std::string_view text, Found& found) {
    if (text.empty()) return false;
    if (read_offset(text, found)) return true;
    if (text == "+00:00z" || text == "+0000z") return read_offset(text.substr(0, text.size() - 1), found);  // said twice
    if (text.front() == '+' || text.front() == '-') return false;
    const std::size_t sign = text.find_first_of("+-");
    if (sign != std::string_view::npos) {
        const std::string_view name = text.substr(0, sign);
        return (name == "gmt" || name == "utc") && read_offset(text.substr(sign), found);
    }
    if (text.starts_with("etc/")) text.remove_prefix(4);
    const bool is_name =
        std::all_of(text.begin(), text.end(), [](char c) { return (c >= 'a' && c <= 'z') || c == '/' || c == '_'; });
    if (!is_name) return false;
    found.zone = zone_offset(text).value_or(minutes(0));
    found.has_zone = true;
    return true;
}

/// Go writes an offset and then how it is called: `+0800 CST`, `+0300 +03`.
bool names_offset(std::string_view text, Found& found) {
    Found named;
    return std::exchange(found.has_offset, false) && read_zone(text, named) && (!named.has_offset || named.zone == found.zone);
}

/// `10:14`, `10:14:55`, `10:14:55.123`, with a zone or half of the day right behind it or not.
bool read_clock(std::string_view text, Found& found) {
    const auto is_of_clock = [](char c) { return is_digit(c) || c == ':' || c == '.' || c == ','; };
    const auto end = static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_of_clock) - text.begin());
    std::string_view clock = text.substr(0, end);
    const std::string_view rest = text.substr(end);
    while (!clock.empty() && (clock.back() == '.' || clock.back() == ',')) clock.remove_suffix(1);
    std::array<int, 3> parts{0, 0, 0};
    std::size_t count = 0;
    while (!clock.empty()) {
        const std::size_t stop = std::min(clock.find_first_of(":.,"), clock.size());
        const int value = stop <= 2 ? number(clock.substr(0, stop)) : -1;
        if (value < 0 || count == 3) return false;
        parts[count++] = value;
        const char next = stop < clock.size() ? clock[stop] : '\0';
        clock.remove_prefix(std::min(stop + 1, clock.size()));
        if (next == ':') continue;
        if (!clock.empty() && (count != 3 || !all_digits(clock))) return false;  // a fraction, cut off
        break;
    }
    if (count < 2 || found.hour >= 0) return false;
    found.hour = parts[0];
    found.minute = parts[1];
    found.second = parts[2];
    if (rest.empty()) return true;
    found.half = day_half(rest);
    return found.half != DayHalf::none || read_zone(rest, found);
}

/// Dates of digits alone, `d` for each digit: where year, month, day and the day of the year are in them.
struct Shape {
    std::string_view shape;
    struct Span {
        std::size_t at = 0;
        std::size_t size = 0;
    } year, month, day, ordinal;
};

/// ISO 8601 and what came of it. A day of the year below 100 after two digits reads like a year of five, and is refused.
constexpr Shape shapes[] = {{"dddd-dd-dd", {0, 4}, {5, 2}, {8, 2}, {}},  {"dddd-d-dd", {0, 4}, {5, 1}, {7, 2}, {}},
                            {"dddd-dd-d", {0, 4}, {5, 2}, {8, 1}, {}},   {"dddd-d-d", {0, 4}, {5, 1}, {7, 1}, {}},
                            {"dddd/dd/dd", {0, 4}, {5, 2}, {8, 2}, {}},  {"dddd/d/d", {0, 4}, {5, 1}, {7, 1}, {}},
                            {"dddd/d/dd", {0, 4}, {5, 1}, {7, 2}, {}},   {"dddd/dd/d", {0, 4}, {5, 2}, {8, 1}, {}},
                            {"dddd-ddd-dd", {0, 4}, {5, 3}, {9, 2}, {}}, {"dddddddd", {0, 4}, {4, 2}, {6, 2}, {}},
                            {"dddd-dd", {0, 4}, {5, 2}, {}, {}},         {"dddd", {0, 4}, {}, {}, {}},
                            {"dddd-ddd", {0, 4}, {}, {}, {5, 3}},        {"ddddddd", {0, 4}, {}, {}, {4, 3}},
                            {"dd-dd-dd", {0, 2}, {3, 2}, {6, 2}, {}},    {"dddddd", {0, 2}, {2, 2}, {4, 2}, {}},
                            {"ddddd", {0, 2}, {}, {}, {2, 3}},           {"dd-ddd", {0, 2}, {}, {}, {3, 3}},
                            {"-dddd", {1, 2}, {3, 2}, {}, {}},           {"-dd-dd", {1, 2}, {4, 2}, {}, {}},
                            {"dd/dd/dddd", {6, 4}, {0, 2}, {3, 2}, {}},  {"dd/dd/dd", {6, 2}, {0, 2}, {3, 2}, {}},
                            {"d/d/dddd", {4, 4}, {0, 1}, {2, 1}, {}},    {"d/dd/dddd", {5, 4}, {0, 1}, {2, 2}, {}},
                            {"dd/d/dddd", {5, 4}, {0, 2}, {3, 1}, {}}};

bool read_digits(std::string_view text, Found& found) {
    std::string shape(text);
    std::replace_if(shape.begin(), shape.end(), is_digit, 'd');
    const auto* match = std::find_if(std::begin(shapes), std::end(shapes), [&](const Shape& s) { return s.shape == shape; });
    if (match == std::end(shapes)) return false;
    const auto digits = [&](Shape::Span span) { return text.substr(span.at, span.size); };
    found.year = full_year(digits(match->year));
    found.month = match->month.size == 0 ? 1 : number(digits(match->month));
    found.day = match->day.size == 0 ? 1 : number(digits(match->day));
    if (match->ordinal.size == 0) return true;
    const int ordinal = number(digits(match->ordinal));
    if (ordinal < (match->shape == "ddddd" ? 100 : 1) || ordinal > 366) return false;
    const auto first = std::chrono::sys_days(std::chrono::year(found.year) / 1 / 1);
    const std::chrono::year_month_day date(first + std::chrono::days(ordinal - 1));
    if (static_cast<int>(date.year()) != found.year) return false;
    found.month = static_cast<int>(static_cast<unsigned>(date.month()));
    found.day = static_cast<int>(static_cast<unsigned>(date.day()));
    return true;
}

std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> words;
    std::string word;
    std::size_t depth = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (c == '(') ++depth;
        // ISO 8601 may part a fraction from its second with a comma.
        const bool is_fraction =
            c == ',' && word.find(':') != std::string::npos && at + 1 < text.size() && is_digit(text[at + 1]);
        const bool is_apart = c == ' ' || c == '\t' || c == '\n' || c == '\r' || (c == ',' && !is_fraction) || depth > 0;
        if (!is_apart) word.push_back(c);
        if (is_apart && !word.empty()) words.push_back(std::exchange(word, {}));
        if (c == ')' && depth > 0) --depth;
    }
    if (!word.empty()) words.push_back(std::move(word));
    return words;
}

/// `1st`, `2nd`, `23.` are days as `1`, `2` and `23` are; Hungarian puts the full stop behind the year, too.
std::string_view without_ending(std::string_view word) {
    if (word.ends_with('.') && all_digits(word.substr(0, word.size() - 1))) word.remove_suffix(1);
    if (word.size() > 2 && is_digit(word.front()) &&
        (word.ends_with("st") || word.ends_with("nd") || word.ends_with("rd") || word.ends_with("th")))
        word.remove_suffix(2);
    return word;
}

bool read_number(std::string_view word, Found& found) {
    const int value = number(word);
    if (word.size() <= 2 && found.day < 0) {
        found.day = value;
    } else if (found.year < 0 && (word.size() == 4 || word.size() == 2)) {
        found.year = full_year(word);
    } else if (word.size() == 4 && found.hour >= 0 && value == 0 && !found.has_zone) {
        found.has_zone = true;
    } else {
        return false;
    }
    return true;
}

/// One word of a date; false: it belongs to none.
bool read_word(std::string_view word, bool is_first, Found& found) {
    if (is_first && is_weekday(word)) return true;
    // Half of the day and its clock without a blank: `下午2:30`.
    if (const std::size_t clock = std::min(word.find_first_of("0123456789"), word.size());
        clock > 0 && found.half == DayHalf::none && day_half(word.substr(0, clock)) != DayHalf::none) {
        found.half = day_half(word.substr(0, clock));
        return clock == word.size() || read_word(word.substr(clock), false, found);
    }
    if (word.find(':') != std::string_view::npos && is_digit(word.front())) return read_clock(word, found);
    word = without_ending(word);
    if (all_digits(word)) return read_number(word, found);
    if (found.month < 0 && found.year < 0 && found.day < 0 && is_digit(word.front()) && read_digits(word, found)) return true;
    if (const int month = month_of(word); month > 0 && found.month < 0) {
        found.month = month;
        return true;
    }
    if (is_weekday(word) || is_filler(word)) return true;
    if (found.hour < 0 && (found.year < 0 || word == "at")) return false;
    return found.has_zone ? names_offset(word, found) : read_zone(word, found);
}

/// `02-Jan-2006` and `2005-május-01T10:00+01:00` are three words each, and what follows the day.
std::vector<std::string> take_apart(std::vector<std::string> words) {
    std::vector<std::string> apart;
    for (std::string& word : words) {
        const std::size_t first = word.find('-');
        const std::size_t second = first == std::string::npos ? first : word.find('-', first + 1);
        const bool is_named = second != std::string::npos && all_digits(word.substr(0, first)) &&
                              month_of(word.substr(first + 1, second - first - 1)) > 0;
        if (!is_named) {
            apart.push_back(std::move(word));
            continue;
        }
        apart.push_back(word.substr(0, first));
        apart.push_back(word.substr(first + 1, second - first - 1));
        const std::size_t clock = word.find('t', second);
        apart.push_back(word.substr(second + 1, clock == std::string::npos ? clock : clock - second - 1));
        if (clock != std::string::npos) apart.push_back(word.substr(clock + 1));
    }
    return apart;
}

std::optional<Instant> read_words(const std::string& text, Found found) {
    const std::vector<std::string> words = take_apart(words_of(text));
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (!read_word(words[i], i == 0 && words.size() > 1, found)) return std::nullopt;
    }
    // `Mar` is a day of the week in French, too.
    if (found.month < 0 && !words.empty() && words.front() == "mar") found.month = month_of(words.front());
    if (found.year < 0 || found.month < 1) return std::nullopt;
    return instant_of(found);
}

/// `2024. 3. 5.` of Korea and Hungary and `2024.03.05` are `2024-3-5`: the year comes first in all of them.
std::string with_hyphens(const std::string& text) {
    std::size_t at = 0;
    const auto digits = [&] {
        const std::size_t begin = std::exchange(at, std::min(text.find_first_not_of("0123456789", at), text.size()));
        return text.substr(begin, at - begin);
    };
    const auto skip_stop = [&] {
        if (at == text.size() || text[at] != '.') return false;
        at = std::min(text.find_first_not_of(' ', at + 1), text.size());
        return true;
    };
    const std::string year = digits();
    if (year.size() != 4 || !skip_stop()) return text;
    const std::string month = digits();
    if (month.empty() || month.size() > 2 || !skip_stop()) return text;
    const std::string day = digits();
    if (day.empty() || day.size() > 2) return text;
    const std::string_view between = skip_stop() ? " " : "";
    return year + "-" + month + "-" + day + std::string(between) + text.substr(at);
}

/// `143000Z` after the day is `14:30:00Z`, and `14Z` is `14:00Z`.
std::string with_colons(std::string clock) {
    const std::size_t digits = std::min(clock.find_first_not_of("0123456789"), clock.size());
    const bool is_hour = digits == 2 && (clock.size() == 2 || std::string_view("z+-").find(clock[2]) != std::string_view::npos);
    if (is_hour) return clock.insert(2, ":00");
    if (digits != 4 && digits != 6) return clock;
    if (digits == 6) clock.insert(4, ":");
    return clock.insert(2, ":");
}

/// `20060102150405` of databases is `20060102t150405`. Times of machines have ten or thirteen digits.
std::string with_day_apart(std::string text) {
    if (std::min(text.find_first_not_of("0123456789"), text.size()) == 14) text.insert(8, "t");
    return text;
}

}  // namespace

std::optional<Instant> parse_feed_date(std::string_view raw) {
    static constexpr std::size_t bytes_max = 120;
    if (raw.size() > bytes_max) return std::nullopt;
    bool is_korean = false;
    std::string text = with_plain_date_signs(raw, is_korean);
    Found found;
    if (is_korean) found.zone = std::chrono::hours(9);
    // ISO 8601: digits, then T or a blank, then the rest.
    const std::size_t begin = text.find_first_not_of(" \t\r\n");
    if (begin == std::string::npos) return std::nullopt;
    text.erase(0, begin);
    text.erase(text.find_last_not_of(" \t\r\n") + 1);
    text = with_day_apart(with_hyphens(text));
    const std::size_t end = std::min(text.find_first_not_of("0123456789-/"), text.size());
    Found digits = found;
    if (read_digits(std::string_view(text).substr(0, end), digits) &&
        (end == text.size() || text[end] == 't' || text[end] == ' ' || text[end] == ',')) {
        std::string rest = end == text.size() ? std::string() : text.substr(end + 1);
        if (end < text.size() && text[end] == 't') rest = with_colons(std::move(rest));
        if (auto instant = read_words(rest, digits)) return instant;
        // `2004 Jan 5` begins like a year alone.
        if (end > 4) return std::nullopt;
    }
    return read_words(text, found);
}

}  // namespace gazetted
