#include "daemon/access_line.hpp"

#include "daemon/log_text.hpp"
#include "daemon/request_id.hpp"
#include "feeds/date_time.hpp"

#include <array>
#include <cstdio>

namespace gazetted {

namespace {

constexpr std::array<const char*, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

std::string date_of(std::chrono::sys_seconds moment) {
    const auto day = std::chrono::floor<std::chrono::days>(moment);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss time(moment - day);
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "[%02u/%s/%04d:%02d:%02d:%02d +0000]", static_cast<unsigned>(date.day()),
                  months.at(static_cast<unsigned>(date.month()) - 1), static_cast<int>(date.year()),
                  static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                  static_cast<int>(time.seconds().count()));
    return text.data();
}

void append_escaped(std::string& line, std::string_view text, std::size_t bytes_max) {
    constexpr std::string_view digits = "0123456789abcdef";
    for (const char c : text.substr(0, bytes_max)) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            (line += '\\') += c;
        } else if (c == '\n' || c == '\r' || c == '\t') {
            (line += '\\') += c == '\n' ? 'n' : c == '\r' ? 'r' : 't';
        } else if (byte < 0x20 || byte > 0x7e) {
            ((line += "\\x") += digits[byte >> 4U]) += digits[byte & 15U];
        } else {
            line += c;
        }
    }
    if (text.size() > bytes_max) line += "...";
}

}  // namespace

std::string to_string(const AccessLine& access) {
    std::string line = access.client ? to_string(*access.client) : "-";
    line.append(" ").append(access.request_id.empty() ? "-" : access.request_id).append(" - " + date_of(access.time) + " \"");
    if (access.method.empty()) {
        line += '-';
    } else {
        append_escaped(line, access.method, AccessLine::method_bytes_max);
        line += ' ';
        append_escaped(line, access.target, AccessLine::target_bytes_max);
        line += access.http_1_0 ? " HTTP/1.0" : " HTTP/1.1";
    }
    line += "\" " + std::to_string(access.status) + ' ';
    return line + (access.body_bytes > 0 ? std::to_string(access.body_bytes) : "-") + '\n';
}

std::string to_json(const AccessLine& access) {
    std::string line = R"({"time":")" + to_rfc3339(access.time) + R"(","event":"answered")";
    const auto add_text = [&](const char* key, std::string_view text, std::size_t bytes_max) {
        line.append(",\"").append(key).append("\":");
        const auto cut = cut_for_log(text, bytes_max);
        append_json_string(line, cut.size() < text.size() ? std::string(cut) + "..." : cut);
    };
    if (access.client) add_text("client", to_string(*access.client), std::string_view::npos);
    if (!access.method.empty()) {
        add_text("method", access.method, AccessLine::method_bytes_max);
        add_text("target", access.target, AccessLine::target_bytes_max);
        line.append(R"(,"version":)").append(access.http_1_0 ? R"("1.0")" : R"("1.1")");
    }
    line += R"(,"status":)" + std::to_string(access.status) + R"(,"body_bytes":)" + std::to_string(access.body_bytes);
    if (!access.request_id.empty()) add_text("request_id", access.request_id, RequestId::bytes_max);
    return line + "}\n";
}

}  // namespace gazetted
