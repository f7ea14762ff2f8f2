// What comes from outside on lines of the log: tests/cases/log.
#include "daemon/access_line.hpp"
#include "daemon/log.hpp"
#include "daemon/log_text.hpp"
#include "feeds/text.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include <filesystem>
#include <fstream>

namespace gazetted {
namespace {

struct Case {
    std::string name, value;
    std::optional<std::string> text = {}, json = {};
};

std::string bytes_of(const std::string& written) {
    std::string bytes;
    for (std::size_t i = 0; i < written.size(); ++i) {
        if (written[i] != '\\') {
            bytes += written[i];
        } else if (written.at(++i) == 'x') {
            bytes += static_cast<char>(std::stoi(written.substr(i + 1, 2), nullptr, 16));
            i += 2;
        } else {
            bytes += written[i];
        }
    }
    return bytes;
}

void add_line(std::vector<Case>& cases, const std::string& line) {
    if (line.empty() || line.starts_with('#')) return;
    const auto rest = [&line](std::string_view beginning) { return line.substr(std::min(beginning.size(), line.size())); };
    if (line.starts_with("== "))
        cases.push_back({.name = rest("== "), .value = {}});
    else if (line.starts_with("value"))
        cases.back().value = bytes_of(rest("value "));
    else if (line.starts_with("text "))
        cases.back().text = rest("text ");
    else if (line.starts_with("json "))
        cases.back().json = rest("json ");
    else
        ADD_FAILURE() << "not a line of a case: " << line;
}

std::vector<Case> all_cases() {
    std::vector<Case> cases;
    for (const auto& entry : std::filesystem::directory_iterator(GAZETTED_SOURCE_DIR "/tests/cases/log")) {
        std::ifstream file(entry.path());
        for (std::string line; std::getline(file, line);) add_line(cases, line);
    }
    return cases;
}

/// What RFC 8259 reads there; fails where it is none.
boost::json::object object_of(const std::string& line) {
    boost::system::error_code error;
    const auto value = boost::json::parse(line, error);
    EXPECT_FALSE(error) << error.message() << ": " << line;
    return value.is_object() ? value.as_object() : boost::json::object();
}

/// Nothing that a terminal, a journal or another program takes for more than text.
bool is_harmless(std::string_view line) {
    return is_utf8(line) &&
           std::none_of(line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }) &&
           line.find('\x7f') == std::string_view::npos && line.find("\xc2\x9b") == std::string_view::npos &&
           line.find("\u2028") == std::string_view::npos && line.find("\u202e") == std::string_view::npos;
}

constexpr Instant moment = std::chrono::sys_days{std::chrono::year{2021} / 12 / 8} + std::chrono::milliseconds{37'111'007};

TEST(LogValues, AreOnTheLineAsEachCaseSays) {
    const auto cases = all_cases();
    for (const Case& one : cases) {
        ASSERT_TRUE(one.text && one.json) << "a case without a claim: " << one.name;
        EXPECT_EQ(log_line("e", {{"k", one.value}}), "e k=" + *one.text) << one.name;
        const auto json = json_log_line(LogLevel::warning, moment, "e", {{"k", one.value}});
        EXPECT_EQ(json, R"({"time":"2021-12-08T10:18:31.007Z","level":"warning","event":"e","k":)" + *one.json + "}")
            << one.name;
        EXPECT_EQ(object_of(json).at("k").as_string(), to_utf8(one.value)) << one.name;
    }
    EXPECT_GE(cases.size(), 20U);
}

TEST(LogValues, AreHarmlessWhateverTheyAre) {
    std::vector<std::string> values;
    for (int byte = 0; byte < 256; ++byte)
        for (const char* beside : {"", "a", "\\", "\"", "\xe4\xba", "\xc2"})
            values.push_back(std::string(beside) + static_cast<char>(byte) + beside);
    for (const std::string& value : values) {
        const auto text = log_line("e", {{"k", value}});
        EXPECT_TRUE(is_harmless(text)) << text;
        const auto json = json_log_line(LogLevel::info, moment, "e", {{"k", value}, {"after", 1}});
        EXPECT_TRUE(is_harmless(json)) << json;
        EXPECT_EQ(object_of(json).size(), 5U) << json;
        const auto access = to_json({.client = std::nullopt, .time = {}, .method = "GET", .target = value, .status = 404});
        EXPECT_TRUE(is_harmless(access.substr(0, access.size() - 1))) << access;
        EXPECT_EQ(object_of(access).at("target").as_string(), to_utf8(value));
    }
}

TEST(LogValues, ThatAreNumbersAndTruthValuesAreBareInJson) {
    EXPECT_EQ(json_log_line(LogLevel::error, moment, "rendered", {{"bytes", -7}, {"renewed", true}, {"id", "8"}}),
              R"({"time":"2021-12-08T10:18:31.007Z","level":"error","event":"rendered","bytes":-7,"renewed":true,"id":"8"})");
}

TEST(LogValues, ThatAreLongAreCutInJsonToo) {
    const std::string whole(log_value_bytes_max, 'x');
    const auto written = [](const std::string& value) {
        return std::string(object_of(json_log_line(LogLevel::info, moment, "e", {{"k", value}})).at("k").as_string());
    };
    EXPECT_EQ(written(whole), whole);
    EXPECT_EQ(written(whole + "x"), whole + "...");
    EXPECT_EQ(written(whole.substr(1) + "报"), whole.substr(1) + "...");
}

TEST(LogValues, OfTheAccessLogAreJsonWhereThatIsWanted) {
    const AccessLine line{.client = parse_ip_address("192.0.2.7").value(),
                          .time = std::chrono::floor<std::chrono::seconds>(moment),
                          .method = "GET",
                          .target = "/all.atom?\xff\"",
                          .status = 503,
                          .body_bytes = 120,
                          .request_id = "00f1"};
    EXPECT_EQ(to_json(line), R"({"time":"2021-12-08T10:18:31Z","event":"answered","client":"192.0.2.7","method":"GET",)"
                             R"("target":"/all.atom?�\"","version":"1.1","status":503,"body_bytes":120,"request_id":"00f1"})"
                             "\n");
    const auto refused = to_json({.client = std::nullopt, .time = line.time, .status = 400});
    EXPECT_EQ(refused, "{\"time\":\"2021-12-08T10:18:31Z\",\"event\":\"answered\",\"status\":400,\"body_bytes\":0}\n");
    EXPECT_EQ(to_string(line), "192.0.2.7 00f1 - [08/Dec/2021:10:18:31 +0000] \"GET /all.atom?\\xff\\\" HTTP/1.1\" 503 120\n");
}

}  // namespace
}  // namespace gazetted
