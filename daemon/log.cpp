#include "daemon/log.hpp"

#include "feeds/text.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/sinks/systemd_sink.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>

namespace gazetted {
namespace {

constexpr std::array spdlog_levels = {spdlog::level::trace, spdlog::level::debug, spdlog::level::info, spdlog::level::warn,
                                      spdlog::level::err};

spdlog::level::level_enum spdlog_level(std::string_view word) {
    if (word == "trace") return spdlog::level::trace;
    if (word == "debug") return spdlog::level::debug;
    if (word == "warning") return spdlog::level::warn;
    if (word == "error") return spdlog::level::err;
    return spdlog::level::info;
}

/// systemd.exec(5): JOURNAL_STREAM holds device and inode of the stream; it is inherited also where stderr went elsewhere.
bool stderr_is_journal() {
    const char* stream = std::getenv("JOURNAL_STREAM");
    struct stat status {};
    if (stream == nullptr || fstat(2, &status) != 0) return false;
    return stream == std::to_string(status.st_dev) + ":" + std::to_string(status.st_ino);
}

bool is_plain(char c) {
    const bool letter_or_digit = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    return letter_or_digit || std::string_view("-_.:/@+,%~?&;[]").find(c) != std::string_view::npos;
}

/// Length of a character that a reader must not meet raw: C1 controls, U+2028, U+2029 and the direction marks. 0: none here.
std::size_t unwelcome_bytes(std::string_view text) {
    const auto at = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
    if (at(0) == 0xC2 && at(1) >= 0x80 && at(1) <= 0x9F) return 2;
    if (at(0) == 0xD8 && at(1) == 0x9C) return 2;
    if (at(0) == 0xE2 && at(1) == 0x80 && (at(2) == 0x8E || at(2) == 0x8F || (at(2) >= 0xA8 && at(2) <= 0xAE))) return 3;
    if (at(0) == 0xE2 && at(1) == 0x81 && at(2) >= 0xA6 && at(2) <= 0xA9) return 3;
    return 0;
}

void append_escaped(std::string& out, char c) {
    constexpr std::string_view digits = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(c);
    out += "\\x";
    out += digits[byte >> 4U];
    out += digits[byte & 15U];
}

void append_quoted(std::string& out, std::string_view value) {
    const bool utf8 = is_utf8(value);
    out += '"';
    for (std::size_t i = 0; i < value.size();) {
        const char c = value[i];
        const std::size_t unwelcome = unwelcome_bytes(value.substr(i));
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (c == '\n') {
            out += "\\n";
        } else if (static_cast<unsigned char>(c) < 0x20 || c == '\x7f' || (!utf8 && static_cast<unsigned char>(c) >= 0x80)) {
            append_escaped(out, c);
        } else if (unwelcome > 0) {
            for (const char byte : value.substr(i, unwelcome)) append_escaped(out, byte);
            i += unwelcome;
            continue;
        } else {
            out += c;
        }
        ++i;
    }
    out += '"';
}

/// At most log_value_bytes_max bytes, never ending inside a character.
std::string_view cut(std::string_view value) {
    if (value.size() <= log_value_bytes_max) return value;
    std::size_t size = log_value_bytes_max;
    while (size > log_value_bytes_max - 4 && (static_cast<unsigned char>(value[size]) & 0xC0U) == 0x80U) --size;
    return value.substr(0, size);
}

}  // namespace

std::string log_line(std::string_view event, std::initializer_list<LogField> fields) {
    std::string line(event);
    for (const LogField& field : fields) {
        const std::string_view value = cut(field.value);
        line += ' ';
        line += field.key;
        line += '=';
        if (!value.empty() && std::all_of(value.begin(), value.end(), is_plain)) {
            line += value;
        } else {
            append_quoted(line, value);
        }
        if (value.size() < field.value.size()) line += "...";
    }
    return line;
}

void start_log(const LogConfig& config) {
    std::shared_ptr<spdlog::logger> logger;
    if (stderr_is_journal()) {
        logger = std::make_shared<spdlog::logger>("gazetted", std::make_shared<spdlog::sinks::systemd_sink_mt>("gazetted"));
    } else {
        logger = std::make_shared<spdlog::logger>("gazetted", std::make_shared<spdlog::sinks::stderr_sink_mt>());
        logger->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %-7l %v");
    }
    logger->set_level(spdlog_level(config.level));
    logger->flush_on(spdlog::level::trace);
    spdlog::set_default_logger(std::move(logger));
}

void set_log_level(const LogConfig& config) { spdlog::default_logger()->set_level(spdlog_level(config.level)); }

void log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) noexcept {
    try {
        const auto spdlog_level = spdlog_levels.at(static_cast<std::size_t>(level));
        if (spdlog::should_log(spdlog_level)) spdlog::log(spdlog_level, "{}", log_line(event, fields));
    } catch (...) {
        // A full disk or a lost journal must not end what was worth a line.
    }
}

}  // namespace gazetted
