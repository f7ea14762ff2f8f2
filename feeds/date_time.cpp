#include "feeds/date_time.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>
#include <cstdint>

namespace gazetted {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::sys_days;
using std::chrono::sys_seconds;
using std::chrono::year_month_day;

constexpr std::array<std::string_view, 7> weekday_names = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 7> long_weekday_names = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                                "Thursday", "Friday", "Saturday"};
constexpr std::array<std::string_view, 12> month_names = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr sys_seconds first_second = sys_days{std::chrono::year{1} / 1 / 1};
constexpr sys_seconds end_of_years = sys_days{std::chrono::year{10'000} / 1 / 1};

struct CivilTime {
    int year = 1;
    unsigned month = 1;
    unsigned day = 1;
    int hour = 0;
    int minute = 0;
    int second = 0;
    unsigned weekday = 0;
};

CivilTime civil_time(Instant instant) {
    const auto second = std::chrono::floor<seconds>(instant);
    assert(second >= first_second && second < end_of_years);
    const auto day = std::chrono::floor<days>(second);
    const year_month_day date{day};
    const std::chrono::hh_mm_ss time{second - day};
    return {.year = int{date.year()},
            .month = unsigned{date.month()},
            .day = unsigned{date.day()},
            .hour = static_cast<int>(time.hours().count()),
            .minute = static_cast<int>(time.minutes().count()),
            .second = static_cast<int>(time.seconds().count()),
            .weekday = std::chrono::weekday{day}.c_encoding()};
}

template <std::size_t Digits, class Integer>
void append_digits(std::string& out, Integer value) {
    std::array<char, Digits> digits{};
    for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit, value /= 10)
        *digit = static_cast<char>('0' + value % 10);
    out.append(digits.data(), digits.size());
}

void append_clock(std::string& out, const CivilTime& time) {
    append_digits<2>(out, time.hour);
    out += ':';
    append_digits<2>(out, time.minute);
    out += ':';
    append_digits<2>(out, time.second);
}

/// RFC 822 and RFC 9110 share all but the zone's name.
std::string written_for_mail(Instant instant, std::string_view zone) {
    const CivilTime time = civil_time(instant);
    std::string out;
    out.reserve(32);
    out.append(weekday_names[time.weekday]).append(", ");
    append_digits<2>(out, time.day);
    out.append(" ").append(month_names[time.month - 1]).append(" ");
    append_digits<4>(out, time.year);
    out += ' ';
    append_clock(out, time);
    return out.append(zone);
}

/// Takes one piece after the other from the front of a text; once a piece is missing, `ok` stays false.
struct Cursor {
    std::string_view rest;
    bool ok = true;

    bool take(std::string_view literal) {
        const bool there = rest.starts_with(literal);
        if (there) rest.remove_prefix(literal.size());
        return there;
    }
    void expect(std::string_view literal) { ok = take(literal) && ok; }
    bool digit_next() const { return ok && !rest.empty() && rest.front() >= '0' && rest.front() <= '9'; }
    int digit() {
        ok = digit_next();
        if (!ok) return 0;
        const int value = rest.front() - '0';
        rest.remove_prefix(1);
        return value;
    }
    int digits(int count) {
        int value = 0;
        for (int i = 0; i < count; ++i) value = value * 10 + digit();
        return value;
    }
    /// Which of `names` comes next.
    template <std::size_t Count>
    unsigned name(const std::array<std::string_view, Count>& names) {
        const auto found = std::ranges::find_if(names, [this](std::string_view each) { return rest.starts_with(each); });
        ok = ok && found != names.end();
        if (!ok) return 0;
        rest.remove_prefix(found->size());
        return static_cast<unsigned>(found - names.begin());
    }
    bool finished() const { return ok && rest.empty(); }
};

year_month_day date_of(int year, unsigned month, unsigned day) {
    return std::chrono::year{year} / std::chrono::month{month} / std::chrono::day{day};
}

/// 24 hours, and 60 seconds for a leap second.
std::optional<seconds> clock_time(Cursor& cursor) {
    const int hour = cursor.digits(2);
    cursor.expect(":");
    const int minute = cursor.digits(2);
    cursor.expect(":");
    const int second = cursor.digits(2);
    if (!cursor.ok || hour > 23 || minute > 59 || second > 60) return std::nullopt;
    return hours{hour} + minutes{minute} + seconds{second};
}

std::chrono::microseconds fraction(Cursor& cursor) {
    std::int64_t value = 0;
    std::int64_t unit = 100'000;
    do {
        value += cursor.digit() * unit;
        unit /= 10;
    } while (cursor.digit_next());
    return std::chrono::microseconds{value};
}

std::optional<minutes> zone_offset(Cursor& cursor) {
    if (cursor.take("Z") || cursor.take("z")) return minutes{0};
    const bool west = cursor.take("-");
    if (!west) cursor.expect("+");
    const int hour = cursor.digits(2);
    cursor.expect(":");
    const int minute = cursor.digits(2);
    if (!cursor.ok || hour > 23 || minute > 59) return std::nullopt;
    const minutes offset = hours{hour} + minutes{minute};
    return west ? -offset : offset;
}

std::optional<Instant> read_rfc3339(std::string_view text) {
    Cursor cursor{text};
    const int year = cursor.digits(4);
    cursor.expect("-");
    const int month = cursor.digits(2);
    cursor.expect("-");
    const auto date = date_of(year, static_cast<unsigned>(month), static_cast<unsigned>(cursor.digits(2)));
    if (!cursor.take("t")) cursor.expect("T");
    const bool is_leap_second = cursor.rest.substr(0, 8).ends_with(":60");
    const auto time = clock_time(cursor);
    const auto part = cursor.take(".") ? fraction(cursor) : std::chrono::microseconds{0};
    const auto offset = zone_offset(cursor);
    if (!cursor.finished() || !time || !offset || !date.ok()) return std::nullopt;

    const sys_seconds second = sys_days{date} + *time - *offset;
    if (second < first_second || second >= end_of_years) return std::nullopt;
    // Leap seconds are the last of a month in UTC (RFC 3339 section 5.7); ours is then the first of the next.
    const auto day = std::chrono::floor<days>(second);
    if (is_leap_second && (second != day || year_month_day{day}.day() != std::chrono::day{1})) return std::nullopt;
    return second + part;
}

std::optional<sys_seconds> on_date(const year_month_day& date, const std::optional<seconds>& time, const Cursor& cursor) {
    if (!cursor.finished() || !time || !date.ok() || int{date.year()} < 1) return std::nullopt;
    return sys_days{date} + *time;
}

/// `Sun, 06 Nov 1994 08:49:37 GMT`
std::optional<sys_seconds> read_imf_fixdate(std::string_view text) {
    Cursor cursor{text};
    cursor.name(weekday_names);
    cursor.expect(", ");
    const int day = cursor.digits(2);
    cursor.expect(" ");
    const unsigned month = cursor.name(month_names) + 1;
    cursor.expect(" ");
    const int year = cursor.digits(4);
    cursor.expect(" ");
    const auto time = clock_time(cursor);
    cursor.expect(" GMT");
    return on_date(date_of(year, month, static_cast<unsigned>(day)), time, cursor);
}

/// `Sunday, 06-Nov-94 08:49:37 GMT`: the latest such year that is not more than 50 years ahead of `now`.
std::optional<sys_seconds> read_rfc850_date(std::string_view text, sys_seconds now) {
    Cursor cursor{text};
    cursor.name(long_weekday_names);
    cursor.expect(", ");
    const int day = cursor.digits(2);
    cursor.expect("-");
    const unsigned month = cursor.name(month_names) + 1;
    cursor.expect("-");
    const int short_year = cursor.digits(2);
    cursor.expect(" ");
    const auto time = clock_time(cursor);
    cursor.expect(" GMT");

    const auto today = std::chrono::floor<days>(now);
    const sys_seconds latest = sys_days{year_month_day{today} + std::chrono::years{50}} + (now - today);
    const int century = int{year_month_day{today}.year()} / 100 * 100;
    for (const int base : {century + 100, century, century - 100}) {
        const auto found = on_date(date_of(base + short_year, month, static_cast<unsigned>(day)), time, cursor);
        if (found && *found <= latest) return found;
    }
    return std::nullopt;
}

/// `Sun Nov  6 08:49:37 1994`
std::optional<sys_seconds> read_asctime(std::string_view text) {
    Cursor cursor{text};
    cursor.name(weekday_names);
    cursor.expect(" ");
    const unsigned month = cursor.name(month_names) + 1;
    cursor.expect(" ");
    const int day = cursor.take(" ") ? cursor.digits(1) : cursor.digits(2);
    cursor.expect(" ");
    const auto time = clock_time(cursor);
    cursor.expect(" ");
    return on_date(date_of(cursor.digits(4), month, static_cast<unsigned>(day)), time, cursor);
}

}  // namespace

std::string to_rfc3339(Instant instant) {
    const CivilTime time = civil_time(instant);
    std::string out;
    out.reserve(20);
    append_digits<4>(out, time.year);
    out += '-';
    append_digits<2>(out, time.month);
    out += '-';
    append_digits<2>(out, time.day);
    out += 'T';
    append_clock(out, time);
    out += 'Z';
    return out;
}

std::string to_rfc822(Instant instant) { return written_for_mail(instant, " +0000"); }

std::string to_http_date(Instant instant) { return written_for_mail(instant, " GMT"); }

Result<Instant> parse_rfc3339(std::string_view text) {
    if (const auto instant = read_rfc3339(text)) return *instant;
    return Error{ErrorKind::malformed, "not an RFC 3339 date with time and zone, such as 2021-12-08T10:18:31Z"};
}

std::optional<sys_seconds> parse_http_date(std::string_view text, sys_seconds now) {
    if (const auto found = read_imf_fixdate(text)) return found;
    if (const auto found = read_rfc850_date(text, now)) return found;
    return read_asctime(text);
}

}  // namespace gazetted
