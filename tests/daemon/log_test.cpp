#include "daemon/log.hpp"

#include <gtest/gtest.h>

namespace gazetted {
namespace {

TEST(LogLine, IsAnEventWordThenKeysAndValues) {
    EXPECT_EQ(log_line("rendered", {{"address", "/all.atom"}, {"bytes", 7}, {"renewed", true}}),
              "rendered address=/all.atom bytes=7 renewed=true");
    EXPECT_EQ(log_line("stopped", {}), "stopped");
}

TEST(LogLine, QuotesWhatIsNotPlain) {
    EXPECT_EQ(log_line("e", {{"title", "two words"}}), "e title=\"two words\"");
    EXPECT_EQ(log_line("e", {{"title", ""}}), "e title=\"\"");
    EXPECT_EQ(log_line("e", {{"title", "a=b"}}), "e title=\"a=b\"");
    EXPECT_EQ(log_line("e", {{"title", "say \"\\\""}}), R"(e title="say \"\\\"")");
    EXPECT_EQ(log_line("e", {{"title", "人民邮电报"}}), "e title=\"人民邮电报\"");
}

TEST(LogLine, IsOneLineWhateverATitleHolds) {
    EXPECT_EQ(log_line("e", {{"title", "x\ny stopped\r\x1b[2J"}}), R"(e title="x\ny stopped\x0d\x1b[2J")");
    EXPECT_EQ(log_line("e", {{"title", "a\u2028b\u0085c"}}), R"(e title="a\xe2\x80\xa8b\xc2\x85c")");
    EXPECT_EQ(log_line("e", {{"title", std::string("a\0b", 3)}}), R"(e title="a\x00b")");
}

TEST(LogLine, ShowsNoTextBackwards) { EXPECT_EQ(log_line("e", {{"title", "a\u202eb"}}), R"(e title="a\xe2\x80\xaeb")"); }

TEST(LogLine, StaysUtf8WhereAValueIsNot) { EXPECT_EQ(log_line("e", {{"title", "a\xff"}}), R"(e title="a\xff")"); }

TEST(LogLine, CutsLongValuesBetweenCharacters) {
    const std::string whole(log_value_bytes_max, 'x');
    EXPECT_EQ(log_line("e", {{"t", whole}}), "e t=" + whole);
    EXPECT_EQ(log_line("e", {{"t", whole + "x"}}), "e t=" + whole + "...");
    const std::string split = whole.substr(1) + "报";
    EXPECT_EQ(log_line("e", {{"t", split}}), "e t=" + whole.substr(1) + "...");
}

TEST(Log, GoesToStderrOutsideSystemd) {
    unsetenv("JOURNAL_STREAM");
    testing::internal::CaptureStderr();
    start_log(LogConfig{.level = "info", .access = ""});
    log(LogLevel::info, "started", {{"title", "{} {0} %s"}});
    log(LogLevel::debug, "hidden");
    const std::string written = testing::internal::GetCapturedStderr();
    EXPECT_NE(written.find(" info    started title=\"{} {0} %s\"\n"), std::string::npos) << written;
    EXPECT_EQ(written.find("hidden"), std::string::npos) << written;
}

TEST(Log, IsAnObjectALineWhereThatIsWanted) {
    unsetenv("JOURNAL_STREAM");
    testing::internal::CaptureStderr();
    start_log(LogConfig{.level = "info", .format = LogFormat::json, .access = ""});
    log(LogLevel::warning, "started", {{"title", "a\nb"}});
    start_log(LogConfig{});
    const std::string written = testing::internal::GetCapturedStderr();
    EXPECT_TRUE(written.starts_with("{\"time\":\"20")) << written;
    EXPECT_TRUE(written.ends_with("Z\",\"level\":\"warning\",\"event\":\"started\",\"title\":\"a\\nb\"}\n")) << written;
}

TEST(Log, GoesToStderrWhereTheJournalIsNotOurStderr) {
    setenv("JOURNAL_STREAM", "1:1", 1);
    testing::internal::CaptureStderr();
    start_log(LogConfig{.level = "debug", .access = ""});
    log(LogLevel::debug, "shown");
    unsetenv("JOURNAL_STREAM");
    EXPECT_NE(testing::internal::GetCapturedStderr().find("shown"), std::string::npos);
}

}  // namespace
}  // namespace gazetted
