#include "daemon/log.hpp"

#include "daemon/clock.hpp"
#include "daemon/log_text.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/sinks/systemd_sink.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>

#include <array>
#include <cstdlib>
#include <memory>

namespace gazetted {
namespace {

constexpr std::array level_words = {"trace", "debug", "info", "warning", "error"};
constexpr std::array spdlog_levels = {spdlog::level::trace, spdlog::level::debug, spdlog::level::info, spdlog::level::warn,
                                      spdlog::level::err};

spdlog::level::level_enum spdlog_level(std::string_view word) {
    if (word == "trace") return spdlog::level::trace;
    if (word == "debug") return spdlog::level::debug;
    if (word == "warning") return spdlog::level::warn;
    if (word == "error") return spdlog::level::err;
    return spdlog::level::info;
}

// Set before any thread is there.
LogFormat format = LogFormat::text;

/// systemd.exec(5): JOURNAL_STREAM holds device and inode of the stream; it is inherited also where stderr went elsewhere.
bool stderr_is_journal() {
    const char* stream = std::getenv("JOURNAL_STREAM");
    struct stat status {};
    if (stream == nullptr || fstat(2, &status) != 0) return false;
    return stream == std::to_string(status.st_dev) + ":" + std::to_string(status.st_ino);
}

}  // namespace

std::string log_line(std::string_view event, std::initializer_list<LogField> fields) {
    std::string line(event);
    for (const LogField& field : fields) {
        const std::string_view value = cut_for_log(field.value, log_value_bytes_max);
        line += ' ';
        line += field.key;
        line += '=';
        append_logged(line, value);
        if (value.size() < field.value.size()) line += "...";
    }
    return line;
}

std::string json_log_line(LogLevel level, Instant time, std::string_view event, std::initializer_list<LogField> fields) {
    const auto since = time - std::chrono::floor<std::chrono::seconds>(time);
    const auto ms = std::to_string(1'000 + std::chrono::floor<std::chrono::milliseconds>(since).count()).substr(1);
    std::string moment = to_rfc3339(time);
    moment.insert(moment.size() - 1, "." + ms);
    std::string line =
        R"({"time":")" + moment + R"(","level":")" + level_words.at(static_cast<std::size_t>(level)) + R"(","event":)";
    append_json_string(line, event);
    for (const LogField& field : fields) {
        line += ',';
        append_json_string(line, field.key);
        line += ':';
        const std::string_view value = cut_for_log(field.value, log_value_bytes_max);
        if (field.is_bare)
            line += value;
        else
            append_json_string(line, value.size() < field.value.size() ? std::string(value) + "..." : value);
    }
    return line + "}";
}

void start_log(const LogConfig& config) {
    std::shared_ptr<spdlog::logger> logger;
    if (stderr_is_journal()) {
        logger = std::make_shared<spdlog::logger>("gazetted", std::make_shared<spdlog::sinks::systemd_sink_mt>("gazetted"));
    } else {
        logger = std::make_shared<spdlog::logger>("gazetted", std::make_shared<spdlog::sinks::stderr_sink_mt>());
        logger->set_pattern(config.format == LogFormat::json ? "%v" : "%Y-%m-%dT%H:%M:%S.%e%z %-7l %v");
    }
    logger->set_level(spdlog_level(config.level));
    logger->flush_on(spdlog::level::trace);
    spdlog::set_default_logger(std::move(logger));
    format = config.format;
}

void set_log_level(const LogConfig& config) { spdlog::default_logger()->set_level(spdlog_level(config.level)); }

void log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) noexcept {
    try {
        const auto spdlog_level = spdlog_levels.at(static_cast<std::size_t>(level));
        if (!spdlog::should_log(spdlog_level)) return;
        spdlog::log(spdlog_level, "{}",
                    format == LogFormat::json ? json_log_line(level, now_utc(), event, fields) : log_line(event, fields));
    } catch (...) {
        // A full disk or a lost journal must not end what was worth a line.
    }
}

}  // namespace gazetted
