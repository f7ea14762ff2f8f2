#pragma once

#include "daemon/config.hpp"
#include "feeds/date_time.hpp"

#include <concepts>
#include <initializer_list>
#include <string>
#include <string_view>

namespace gazetted {

enum class LogLevel { trace, debug, info, warning, error };

/// One `key=value`. Keys are ours: lower case, digits and underscores, the unit at the end (`_ms`, `_bytes`); none is `time`,
/// `level` or `event`, which every line of JSON has.
struct LogField {
    LogField(std::string_view key_, std::string_view value_) : key(key_), value(value_) {}
    LogField(std::string_view key_, const std::string& value_) : key(key_), value(value_) {}
    LogField(std::string_view key_, const char* value_) : key(key_), value(value_) {}
    LogField(std::string_view key_, bool value_) : key(key_), value(value_ ? "true" : "false"), is_bare(true) {}
    template <std::integral Number>
    LogField(std::string_view key_, Number value_) : key(key_), value(std::to_string(value_)), is_bare(true) {}

    std::string_view key;
    std::string value;
    bool is_bare = false;  ///< a number or a truth value, which JSON writes without quotes
};

/// To the journal where systemd connected our stderr to it (JOURNAL_STREAM), else to stderr. Called once, by main, before any
/// thread; what is logged before it goes to stderr. The format stays what it is then.
void start_log(const LogConfig&);

/// From any thread: what is logged from now on.
void set_log_level(const LogConfig&);

/// One line: a fixed event word, then the fields. Thread-safe, never throws.
void log(LogLevel, std::string_view event, std::initializer_list<LogField> fields = {}) noexcept;

/// The line that log() writes. Values from outside cannot end it, forge another or change how a terminal shows it: what is not
/// plain is quoted, controls, line ends, direction marks and ill-formed UTF-8 are escaped, and long values are cut.
std::string log_line(std::string_view event, std::initializer_list<LogField> fields);
/// The same as one JSON object (RFC 8259), whatever the values are, with `time`, `level` and `event` first.
std::string json_log_line(LogLevel, Instant time, std::string_view event, std::initializer_list<LogField> fields);

constexpr std::size_t log_value_bytes_max = 2'000;

}  // namespace gazetted
