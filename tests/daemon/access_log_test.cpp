#include "daemon/access_log.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <system_error>
#include <thread>

namespace gazetted {
namespace {

using namespace std::chrono_literals;

const std::chrono::sys_seconds moment{1'638'958'711s};  // 2021-12-08 10:18:31

AccessLine line_for(std::string_view target) {
    return {.client = parse_ip_address("192.0.2.7").value(),
            .time = moment,
            .method = "GET",
            .target = target,
            .status = 200,
            .body_bytes = 1'234};
}

// ---- one line

TEST(AccessLine, IsInTheCommonFormat) {
    EXPECT_EQ(to_string(line_for("/all.atom")),
              "192.0.2.7 - - [08/Dec/2021:10:18:31 +0000] \"GET /all.atom HTTP/1.1\" 200 1234\n");
    EXPECT_EQ(to_string({.client = std::nullopt, .time = moment, .status = 400}),
              "- - - [08/Dec/2021:10:18:31 +0000] \"-\" 400 -\n");
    EXPECT_EQ(to_string({.client = parse_ip_address("2001:db8::1").value(),
                         .time = moment,
                         .method = "HEAD",
                         .target = "/",
                         .http_1_0 = true,
                         .status = 304}),
              "2001:db8::1 - - [08/Dec/2021:10:18:31 +0000] \"HEAD / HTTP/1.0\" 304 -\n");
}

TEST(AccessLine, IsOneLineOfAsciiWhateverAClientWrites) {
    const std::string hostile = "/\" 200 1\n10.0.0.1 - - [x] \"GET /\\\r\t\x1b[31m\x7f\xff\xc3\xa9";
    EXPECT_EQ(to_string(line_for(hostile)),
              "192.0.2.7 - - [08/Dec/2021:10:18:31 +0000] \"GET /\\\" 200 1\\n10.0.0.1 - - [x] \\\"GET "
              "/\\\\\\r\\t\\x1b[31m\\x7f\\xff\\xc3\\xa9 HTTP/1.1\" 200 1234\n");
}

TEST(AccessLine, CutsLongTargetsAndSaysSo) {
    const std::string fits(AccessLine::target_bytes_max, 'a');
    EXPECT_NE(to_string(line_for(fits)).find(" " + fits + " "), std::string::npos);
    EXPECT_NE(to_string(line_for(fits + "b")).find(" " + fits + "... "), std::string::npos);
}

// ---- the queue

TEST(AccessQueue, GivesBackWhatWasPutIn) {
    AccessQueue queue;
    const std::string too_long(AccessLine::target_bytes_max + 1, 'a');
    const AccessLine refused{.client = std::nullopt, .time = moment, .status = 400};
    auto named = line_for("/named");
    named.request_id = "0123456789abcdef";
    std::string text, expected;
    // Round the ring several times.
    for (int round = 0; round < 2'000; ++round) {
        for (const auto& line : {line_for("/all.atom"), line_for(too_long), refused, named}) {
            ASSERT_TRUE(queue.push(line));
            expected = to_string(line);
            text.clear();
            ASSERT_EQ(queue.pop(text, 1), 1U);
            ASSERT_EQ(text, expected);
        }
    }
    EXPECT_EQ(queue.pop(text, 1'000'000), 0U);
}

TEST(AccessQueue, HasRoomForSoManyBytesAndThenNone) {
    AccessQueue queue;
    std::size_t lines = 0;
    while (queue.push(line_for("/all.atom"))) ++lines;
    EXPECT_GT(lines, AccessQueue::bytes_max / 200);
    EXPECT_LT(lines, AccessQueue::bytes_max / 20);
    std::string text;
    EXPECT_EQ(queue.pop(text, 1), 1U);
    EXPECT_TRUE(queue.push(line_for("/all.atom")));
    EXPECT_FALSE(queue.push(line_for("/all.atom")));
}

TEST(AccessQueue, GoesFromOneThreadToAnotherInOrder) {
    AccessQueue queue;
    constexpr int lines = 50'000;
    std::jthread loop([&] {
        for (int i = 0; i < lines; ++i)
            while (!queue.push(line_for("/" + std::to_string(i)))) std::this_thread::yield();
    });
    for (int i = 0; i < lines;) {
        std::string text;
        queue.pop(text, 10'000);
        std::istringstream stream(text);
        for (std::string line; std::getline(stream, line); ++i)
            ASSERT_NE(line.find("GET /" + std::to_string(i) + " HTTP"), std::string::npos) << line;
    }
}

// ---- the file

struct AccessLogFile : testing::Test {
    AccessLogFile() { std::signal(SIGPIPE, SIG_IGN); }
    std::string text(const std::string& name) const {
        std::ostringstream text;
        text << std::ifstream(folder / name).rdbuf();
        return text.str();
    }
    static bool holds_within_five_seconds(const std::function<bool()>& claim) {
        for (int i = 0; i < 500 && !claim(); ++i) std::this_thread::sleep_for(10ms);
        return claim();
    }
    const TemporaryFolder temporary;
    const std::filesystem::path folder = temporary.path();
    const std::string path = folder / "access.log";
};

TEST_F(AccessLogFile, HoldsTheLinesOfAllLoops) {
    {
        AccessLog log(path);
        auto& queue = log.add_queue();
        auto& other = log.add_queue();
        EXPECT_TRUE(queue.push(line_for("/one")));
        EXPECT_TRUE(other.push(line_for("/two")));
        EXPECT_TRUE(holds_within_five_seconds([&] { return log.written() == 2; }));
        queue.push(line_for("/at the end"));
    }
    EXPECT_EQ(text("access.log"),
              to_string(line_for("/one")) + to_string(line_for("/two")) + to_string(line_for("/at the end")));
    AccessLog(path).add_queue().push(line_for("/after a restart"));
    EXPECT_TRUE(text("access.log").ends_with(to_string(line_for("/after a restart"))));
    struct stat status {};
    ASSERT_EQ(::stat(path.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0007U, 0U) << "addresses are nobody else's business";
}

TEST_F(AccessLogFile, IsOpenedAnewAfterItWasRotated) {
    AccessLog log(path);
    auto& queue = log.add_queue();
    queue.push(line_for("/before"));
    ASSERT_TRUE(holds_within_five_seconds([&] { return log.written() == 1; }));
    std::filesystem::rename(path, folder / "access.log.1");
    log.reopen();
    ASSERT_TRUE(holds_within_five_seconds([&] { return std::filesystem::exists(path); }));
    queue.push(line_for("/after"));
    ASSERT_TRUE(holds_within_five_seconds([&] { return log.written() == 2; }));
    EXPECT_EQ(text("access.log.1"), to_string(line_for("/before")));
    EXPECT_EQ(text("access.log"), to_string(line_for("/after")));
}

TEST_F(AccessLogFile, StaysWhereItIsWhileItCannotBeOpenedAnew) {
    AccessLog log(path);
    auto& queue = log.add_queue();
    std::filesystem::rename(folder, folder.string() + ".away");
    log.reopen();
    queue.push(line_for("/all.atom"));
    EXPECT_TRUE(holds_within_five_seconds([&] { return log.written() == 1; }));
    std::filesystem::rename(folder.string() + ".away", folder);
    EXPECT_EQ(text("access.log"), to_string(line_for("/all.atom")));
}

TEST_F(AccessLogFile, LosesLinesToAFullDiskAndCountsThem) {
    AccessLog log("/dev/full");
    auto& queue = log.add_queue();
    for (int i = 0; i < 3; ++i) queue.push(line_for("/all.atom"));
    EXPECT_TRUE(holds_within_five_seconds([&] { return log.lost() == 3; }));
    EXPECT_EQ(log.written(), 0U);
}

TEST_F(AccessLogFile, LosesLinesToAPipeThatNobodyReadsAndStillEnds) {
    ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
    const int reader = ::open(path.c_str(), O_RDONLY | O_NONBLOCK);
    std::size_t pushed = 0;
    {
        AccessLog log(path);
        auto& queue = log.add_queue();
        // More than a pipe holds.
        for (; pushed < 5'000; ++pushed) ASSERT_TRUE(queue.push(line_for("/all.atom")));
        EXPECT_TRUE(holds_within_five_seconds([&] { return queue.push(line_for("/all.atom")); }));
    }
    ::close(reader);
}

TEST_F(AccessLogFile, LosesLinesToAPipeWhoseReaderIsGone) {
    ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
    const int reader = ::open(path.c_str(), O_RDONLY | O_NONBLOCK);
    AccessLog log(path);
    auto& queue = log.add_queue();
    ::close(reader);
    queue.push(line_for("/all.atom"));
    EXPECT_TRUE(holds_within_five_seconds([&] { return log.lost() == 1; }));
}

TEST_F(AccessLogFile, SaysWhichFileCannotBeOpened) {
    try {
        const AccessLog log((folder / "nowhere" / "access.log").string());
        FAIL() << "it was opened";
    } catch (const std::system_error& error) {
        EXPECT_NE(std::string(error.what()).find("nowhere/access.log"), std::string::npos);
    }
}

}  // namespace
}  // namespace gazetted
