// What a request costs: allocations, instructions, and bytes while it is awaited.
#include "tests/hot_path/count_allocations.hpp"
#include "tests/support/fake_site.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>
#include <memory>
#include <thread>

namespace gazetted {
namespace {

using namespace std::chrono_literals;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool is_sanitised = true;
#else
constexpr bool is_sanitised = false;
#endif

constexpr std::string_view path = "/category/renminyoudianbao.atom";

/// What a feed reader sends, beside the line with its method: about 360 bytes in all.
std::string reader_fields(const std::string& etag, const std::string& coding = "gzip, deflate") {
    std::string fields =
        "Host: feeds.site.example\r\n"
        "User-Agent: Mozilla/5.0 (compatible; SampleReader/2.4.1; +https://reader.example/fetcher; 12 subscribers)\r\n"
        "Accept: application/atom+xml, application/rss+xml;q=0.9, application/xml;q=0.8, text/xml;q=0.7, */*;q=0.1\r\n"

        "Accept-Encoding: " +
        coding + "\r\n";
    if (!etag.empty()) fields += "If-None-Match: " + etag + "\r\n";
    return fields + "\r\n";
}

std::string request_line(std::string_view method) { return std::string(method) + " " + std::string(path) + " HTTP/1.1\r\n"; }

std::string etag_of(const std::string& response) {
    const auto begin = response.find("\r\nETag: ") + 8;
    return response.substr(begin, response.find("\r\n", begin) - begin);
}

/// A loop of its own whose one document is in the cache with every coding, and a client whose own allocations do not count.
class HotPath : public testing::Test {
protected:
    void SetUp() override {
        if (is_sanitised) GTEST_SKIP() << "a sanitiser brings its own allocator";
        leave_this_thread_uncounted();
        running_ = std::make_unique<RunningServer>(config());
        running_->site.set_repeated(5'000);
        fetch(running_->port(), std::string(path));
        const auto has_every_coding = [&] {
            const auto document = running_->publisher().find(path, {});
            return document && document->representations.contains(ContentCoding::br);
        };
        for (const auto end = std::chrono::steady_clock::now() + 5s; !has_every_coding();) {
            ASSERT_LT(std::chrono::steady_clock::now(), end);
            std::this_thread::yield();
        }
    }
    static ServerConfig config() {
        ServerConfig config;
        config.loops = 1;
        return config;
    }

    /// Of the calmest of several batches: once a second the Date line is made anew.
    std::size_t allocations_of_a_hundred(const std::string& request, bool is_head = false) {
        RawConnection connection(running_->port());
        auto least = std::numeric_limits<std::size_t>::max();
        for (int batch = 0; batch < 10; ++batch) {
            const auto before = counted_allocations();
            for (int i = 0; i < 100; ++i) {
                connection.send(request);
                EXPECT_GT(connection.receive(is_head).size(), 0U);
            }
            least = std::min(least, counted_allocations() - before);
        }
        return least;
    }

    std::unique_ptr<RunningServer> running_;
};

TEST_F(HotPath, CountsWhatIsAllocatedAtAll) {
    EXPECT_GT(allocations_of_a_hundred("GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n"), 100U);
}

TEST_F(HotPath, AllocatesNothingFor304) {
    const auto etag = etag_of(fetch(running_->port(), std::string(path), "Accept-Encoding: gzip\r\n"));
    EXPECT_EQ(allocations_of_a_hundred(request_line("GET") + reader_fields(etag)), 0U);
}

TEST_F(HotPath, AllocatesNothingForHead) {
    EXPECT_EQ(allocations_of_a_hundred(request_line("HEAD") + reader_fields(""), true), 0U);
}

TEST_F(HotPath, AllocatesNothingForACompressedBody) {
    EXPECT_EQ(allocations_of_a_hundred(request_line("GET") + reader_fields("")), 0U);
}

TEST_F(HotPath, AllocatesNothingForAPlainBody) {
    EXPECT_EQ(allocations_of_a_hundred(request_line("GET") + reader_fields("", "identity")), 0U);
}

TEST_F(HotPath, KeepsAnIdleConnectionInLessThanAKilobyte) {
    constexpr std::size_t many = 200;
    std::vector<std::unique_ptr<RawConnection>> connections;
    const auto connect_and_ask = [&] {
        connections.push_back(std::make_unique<RawConnection>(running_->port()));
        connections.back()->send(request_line("HEAD") + reader_fields(""));
        EXPECT_GT(connections.back()->receive(true).size(), 0U);
    };
    connect_and_ask();
    const auto before = counted_bytes();
    while (connections.size() <= many) connect_and_ask();
    const auto each = (counted_bytes() - before) / static_cast<std::ptrdiff_t>(many);
    EXPECT_LE(each, 1'024);
    RecordProperty("bytes_each", static_cast<int>(each));
    std::printf("an idle connection: %td bytes\n", each);
}

/// User instructions of the probe from its start to its end, with so many 304s in between; none where it cannot be run.
std::uint64_t instructions(std::size_t rounds) {
    const auto folder = std::filesystem::path(GAZETTED_BUILD_DIR);
    const auto log = (folder / "hot_path.log").string(), said = (folder / "hot_path.port").string();
    std::filesystem::remove(said);
    auto* probe = ::popen(("exec valgrind --tool=callgrind --callgrind-out-file=/dev/null --log-file='" + log + "' '" +
                           (folder / "hot_path_probe").string() + "' > '" + said + "'")
                              .c_str(),
                          "w");
    unsigned short port = 0;
    std::string etag;
    for (const auto end = std::chrono::steady_clock::now() + 120s; etag.empty() && std::chrono::steady_clock::now() < end;) {
        std::ifstream(said) >> port >> etag;
        std::this_thread::sleep_for(20ms);
    }
    if (!etag.empty()) {
        const auto request = request_line("GET") + reader_fields(etag);
        std::vector<std::unique_ptr<RawConnection>> connections;
        for (int i = 0; i < 32; ++i) connections.push_back(std::make_unique<RawConnection>(port));
        for (std::size_t round = 0; round < rounds; ++round) {
            for (const auto& connection : connections) connection->send(request);
            for (const auto& connection : connections) EXPECT_TRUE(connection->receive().starts_with("HTTP/1.1 304 "));
        }
    }
    ::pclose(probe);
    std::ifstream file(log);
    for (std::string word; file >> word;) {
        std::uint64_t collected = 0;
        if (word == "Collected" && file >> word >> collected) return collected;
    }
    return 0;
}

// tests/CMakeLists.txt builds the probe as operators get the daemon, whatever the preset is.
TEST(Instructions, AreFewFor304) {
    if (is_sanitised) GTEST_SKIP() << "valgrind cannot run what is sanitised";
    if (std::system("command -v valgrind > /dev/null") != 0) GTEST_SKIP() << "valgrind is not installed";
    constexpr std::size_t few = 25, many = 225;
    const auto of_few = instructions(few), of_many = instructions(many);
    ASSERT_GT(of_few, 0U);
    const auto each = (of_many - of_few) / (32 * (many - few));
    std::printf("a 304: %ju instructions, its request %zu bytes\n", static_cast<std::uintmax_t>(each),
                (request_line("GET") + reader_fields("\"0123456789abcdef0123456789abcdef-gz\"")).size());
    EXPECT_LE(each, 6'500U);
    EXPECT_GE(each, 1'000U) << "that many cannot do it";
}

}  // namespace
}  // namespace gazetted
