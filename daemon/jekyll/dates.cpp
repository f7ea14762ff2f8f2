#include "daemon/jekyll/dates.hpp"

#include "feeds/ascii.hpp"

#include <date/tz.h>

#include <algorithm>
#include <array>

namespace gazetted::jekyll {

namespace {

using std::chrono::days;
using std::chrono::local_days;
using std::chrono::local_seconds;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::sys_seconds;

constexpr std::size_t text_bytes_max = 100;

struct NamedNumber {
    std::string_view name;
    int value;
};
constexpr std::array<NamedNumber, 12> months{{{"jan", 1},
                                              {"feb", 2},
                                              {"mar", 3},
                                              {"apr", 4},
                                              {"may", 5},
                                              {"jun", 6},
                                              {"jul", 7},
                                              {"aug", 8},
                                              {"sep", 9},
                                              {"oct", 10},
                                              {"nov", 11},
                                              {"dec", 12}}};
/// Minutes east of Greenwich of the names that Ruby knows and people write; any other name counts for nothing, as in Ruby.
constexpr std::array<NamedNumber, 13> zone_names{{{"z", 0},
                                                  {"utc", 0},
                                                  {"gmt", 0},
                                                  {"est", -300},
                                                  {"edt", -240},
                                                  {"cst", -360},
                                                  {"cdt", -300},
                                                  {"mst", -420},
                                                  {"mdt", -360},
                                                  {"pst", -480},
                                                  {"pdt", -420},
                                                  {"cet", 60},
                                                  {"jst", 540}}};

/// A cursor over one short text.
class Cursor {
public:
    explicit Cursor(std::string_view text) : text_(text) {}
    bool done() const { return text_.empty(); }
    char peek() const { return text_.empty() ? '\0' : text_.front(); }
    bool take(char c) {
        if (peek() != c) return false;
        text_.remove_prefix(1);
        return true;
    }
    bool take_any(std::string_view characters) {
        const auto start = text_.size();
        while (!done() && characters.find(peek()) != std::string_view::npos) text_.remove_prefix(1);
        return text_.size() != start;
    }
    std::string_view take_digits() {
        std::size_t n = 0;
        while (n < text_.size() && is_digit(text_[n])) ++n;
        return split(n);
    }
    std::string take_word() {
        std::size_t n = 0;
        while (n < text_.size() && is_letter(text_[n])) ++n;
        std::string word(split(n));
        for (char& c : word) c = is_letter(c) ? static_cast<char>(c | 0x20) : c;
        return word;
    }
    std::string_view rest() const { return text_; }

private:
    std::string_view split(std::size_t n) {
        const auto taken = text_.substr(0, n);
        text_.remove_prefix(n);
        return taken;
    }
    std::string_view text_;
};

std::optional<int> number(std::string_view digits, std::size_t digits_max) {
    if (digits.empty() || digits.size() > digits_max) return std::nullopt;
    int value = 0;
    for (const char c : digits) value = value * 10 + (c - '0');
    return value;
}

std::optional<local_days> make_day(int year, int month, int day) {
    if (year < 1 || year > 9999 || month < 1 || day < 1) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                           std::chrono::day(static_cast<unsigned>(day))};
    if (!date.ok()) return std::nullopt;
    return local_days(date);
}

/// Ruby's rule for years of two digits.
int full_year(std::string_view digits, int year) { return digits.size() > 2 ? year : year + (year < 69 ? 2000 : 1900); }

std::optional<int> month_of(std::string_view word) {
    for (const auto& [name, value] : months)
        if (word.starts_with(name)) return value;
    return std::nullopt;
}

/// `8 Dec 2021` behind its day's number, or `Dec 8, 2021` from its start.
std::optional<local_days> take_named_month(Cursor& cursor, std::optional<int> day) {
    cursor.take_any(" -");
    const auto month = month_of(cursor.take_word());
    if (!month) return std::nullopt;
    cursor.take_any(" .-");
    if (!day) {
        day = number(cursor.take_digits(), 2);
        cursor.take_word();  // 8th
        cursor.take_any(" ,");
    }
    const auto digits = cursor.take_digits();
    const auto year = number(digits, 4);
    if (!day || !year) return std::nullopt;
    return make_day(full_year(digits, *year), *month, *day);
}

std::optional<local_days> take_day(Cursor& cursor) {
    if (is_letter(cursor.peek())) {
        Cursor weekday = cursor;
        if (!month_of(weekday.take_word())) {
            weekday.take_any(" ,");
            cursor = weekday;
        }
    }
    if (is_letter(cursor.peek())) return take_named_month(cursor, std::nullopt);
    const auto first = cursor.take_digits();
    if (first.size() == 8)
        return make_day(*number(first.substr(0, 4), 4), *number(first.substr(4, 2), 2), *number(first.substr(6), 2));
    const auto a = number(first, 4);
    if (!a) return std::nullopt;
    const char separator = cursor.peek();
    if (separator == ' ' || is_letter(separator)) return take_named_month(cursor, a);
    if (std::string_view("-/.").find(separator) == std::string_view::npos) return std::nullopt;
    cursor.take(separator);
    if (is_letter(cursor.peek())) return take_named_month(cursor, a);
    const auto b = number(cursor.take_digits(), 2);
    if (!b || !cursor.take(separator)) return std::nullopt;
    const auto last = cursor.take_digits();
    const auto c = number(last, 4);
    if (!c) return std::nullopt;
    if (first.size() <= 2 && last.size() == 4) return make_day(*c, *b, *a);
    return make_day(full_year(first, *a), *b, *c);
}

struct TimeOfDay {
    seconds since_midnight{0};
    bool has_seconds = false;
};

std::optional<TimeOfDay> take_time(Cursor& cursor) {
    const auto hour = number(cursor.take_digits(), 2);
    if (!hour || !cursor.take(':')) return std::nullopt;
    const auto minute_digits = cursor.take_digits();
    const auto minute = number(minute_digits, 2);
    if (!minute || *minute > 59 || minute_digits.size() != 2) return std::nullopt;
    TimeOfDay time;
    int second = 0;
    if (cursor.take(':')) {
        const auto digits = number(cursor.take_digits(), 2);
        if (!digits || *digits > 60) return std::nullopt;
        second = *digits;
        time.has_seconds = true;
        if (cursor.take('.') || cursor.take(',')) cursor.take_digits();
    }
    int hours = *hour;
    Cursor ahead = cursor;
    ahead.take_any(" ");
    const auto half = ahead.take_word();
    if (half == "am" || half == "pm") {
        hours = hours % 12 + (half == "pm" ? 12 : 0);
        cursor = ahead;
    }
    if (hours > 24 || (hours == 24 && (*minute > 0 || second > 0))) return std::nullopt;
    time.since_midnight = seconds(hours * 3600 + *minute * 60 + second);
    return time;
}

struct Zone {
    std::optional<minutes> offset;  ///< none: none was named
};

std::optional<Zone> take_zone(Cursor& cursor) {
    cursor.take_any(" \t");
    if (cursor.done()) return Zone{};
    const char sign = cursor.peek();
    if (sign == '+' || sign == '-') {
        cursor.take(sign);
        const auto digits = cursor.take_digits();
        const auto hours = number(digits.substr(0, std::min<std::size_t>(digits.size(), 2)), 2);
        if (!hours || digits.size() > 4) return std::nullopt;
        const auto behind =
            digits.size() > 2 ? digits.substr(2) : (cursor.take(':') ? cursor.take_digits() : std::string_view());
        const int minute = behind.empty() ? 0 : number(behind, 2).value_or(99);
        if (*hours > 24 || minute > 59 || !cursor.done()) return std::nullopt;
        const minutes offset(*hours * 60 + minute);
        return Zone{sign == '-' ? -offset : offset};
    }
    const auto word = cursor.take_word();
    if (word.empty()) return std::nullopt;
    if (!cursor.done()) return Zone{};  // Asia/Shanghai: Ruby passes over it
    for (const auto& [name, value] : zone_names)
        if (word == name) return Zone{minutes(value)};
    return Zone{};
}

/// Psych takes only `yyyy-m-d hh:mm:ss` for a timestamp, with `Z` or an offset at most behind it.
bool is_yaml_timestamp(const YamlValue& value, bool has_seconds) {
    return !value.quoted && has_seconds && value.text.size() > 5 && value.text[4] == '-' && is_digit(value.text[0]);
}

bool in_years(sys_seconds time) {
    using namespace std::chrono;
    return time >= sys_days(year(1) / 1 / 1) && time < sys_days(year(9999) / 12 / 31) + days(1);
}

}  // namespace

std::optional<SiteZone> SiteZone::find(const std::string& name) {
    try {
        SiteZone zone;
        zone.zone_ = date::locate_zone(name);
        zone.to_local(sys_seconds{});  // a zone's file is read when it is first asked
        return zone;
    } catch (const std::exception&) {
        return std::nullopt;
    }
}

local_seconds SiteZone::to_local(sys_seconds time) const {
    return local_seconds(time.time_since_epoch() + (zone_ ? zone_->get_info(time).offset : seconds(0)));
}

sys_seconds SiteZone::to_utc(local_seconds time) const {
    if (!zone_) return sys_seconds(time.time_since_epoch());
    return zone_->to_sys(date::local_seconds(time.time_since_epoch()), date::choose::earliest);
}

std::optional<sys_seconds> read_date(const YamlValue& value, const SiteZone& zone, ZonelessTimestamp zoneless) {
    if (value.kind != YamlValue::Kind::text || value.text.size() > text_bytes_max) return std::nullopt;
    Cursor cursor(value.text);
    cursor.take_any(" \t");
    const auto day = take_day(cursor);
    if (!day) return std::nullopt;
    const bool behind = cursor.take_any(" \tTt,");
    TimeOfDay time;
    if (is_digit(cursor.peek())) {
        const auto read = behind ? take_time(cursor) : std::nullopt;
        if (!read) return std::nullopt;
        time = *read;
    }
    const auto named = take_zone(cursor);
    if (!named) return std::nullopt;
    const local_seconds local = *day + time.since_midnight;
    const bool as_utc = zoneless == ZonelessTimestamp::utc && cursor.done() && is_yaml_timestamp(value, time.has_seconds) &&
                        !is_letter(value.text.back());
    sys_seconds result;
    if (named->offset)
        result = sys_seconds(local.time_since_epoch() - *named->offset);
    else
        result = as_utc ? sys_seconds(local.time_since_epoch()) : zone.to_utc(local);
    return in_years(result) ? std::optional(result) : std::nullopt;
}

std::optional<sys_seconds> read_file_name_date(std::string_view text, const SiteZone& zone) {
    Cursor cursor(text);
    const auto first = cursor.take_digits();
    const auto year = number(first, 4);
    if (!year || !cursor.take('-')) return std::nullopt;
    const auto month = number(cursor.take_digits(), 2);
    if (!month || !cursor.take('-')) return std::nullopt;
    const auto day = number(cursor.take_digits(), 2);
    if (!day || !cursor.done()) return std::nullopt;
    const auto date = make_day(full_year(first, *year), *month, *day);
    if (!date) return std::nullopt;
    const auto time = zone.to_utc(local_seconds(*date));
    return in_years(time) ? std::optional(time) : std::nullopt;
}

}  // namespace gazetted::jekyll
