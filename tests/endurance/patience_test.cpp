// Clients who cost a server time and connections do not cost other readers their answers.

#include "daemon/descriptor_limit.hpp"
#include "tests/endurance/long_form.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/daemon_process.hpp"
#include "tests/support/http_load.hpp"
#include "tests/support/sample_text.hpp"
#include "tests/support/slow_clients.hpp"
#include "tests/support/test_database.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <thread>

namespace gazetted {
namespace {

using namespace std::chrono_literals;

const std::string target = "/category/metals.atom";

/// What readers' slowest hundredth may take beside slow clients: by their usual time where the machine has nothing else to
/// do, and at all.
constexpr double usual_times_max = 1.2;
constexpr double p99_ms_max = 1'000;

/// The times of two kinds of windows, taken in turn, since a machine drifts.
struct Windows {
    std::vector<double> usual_ms, beside_ms;
    std::string wrong;  ///< the first answer that was not right
};

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values.at(values.size() / 2);
}

class Patience : public ::testing::Test {
protected:
    void SetUp() override {
        std::string statements = "INSERT INTO categories (slug) VALUES ('metals');";
        for (std::uint64_t number = 0; number < 20; ++number)
            statements += "INSERT INTO articles (id, title, content) VALUES ('urn:a:" + std::to_string(number) + "', '" +
                          sample_title(number) + "', '" + sample_html(number, 3'000) + "');";
        database.run(
            statements +
            "INSERT INTO article_categories (article_id, category_id) SELECT a.id, c.id FROM articles a, categories c");
        // Many must be able to stay, or there is nothing to bear with.
        std::ofstream(folder + "/gazetted.toml") << "server.connections_max = 15000\nserver.idle_timeout = \"1h\"\n";
        descriptors = raise_descriptor_limit();
        daemon = std::make_unique<DaemonProcess>(
            std::vector<std::string>{"--config", folder + "/gazetted.toml", "--database", database.url()});
        body_bytes = daemon->get_until(target, 200, "<entry").body.size();
    }
    ~Patience() override { std::filesystem::remove_all(folder); }

    /// Readers who ask now and then, not as fast as they can: what they wait is the server's doing.
    LoadResult read_for(std::chrono::milliseconds time) const {
        HttpLoad readers({.port = daemon->port(),
                          .request = "GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: identity\r\n\r\n",
                          .body_bytes = body_bytes,
                          .connections = 16,
                          .pause = 5ms});
        readers.run(100ms);
        return readers.run(time);
    }

    /// Windows without and beside what `begin` starts, which goes on until its result is destroyed.
    Windows take_in_turn(const std::function<std::shared_ptr<void>()>& begin) const {
        Windows windows;
        const int pairs = is_long_form() ? 5 : 1;
        const auto length = is_long_form() ? 5s : 1s;
        for (int pair = 0; pair < pairs; ++pair) {
            take(windows.usual_ms, windows.wrong, length);
            const auto others = begin();
            std::this_thread::sleep_for(is_long_form() ? 3s : 500ms);
            take(windows.beside_ms, windows.wrong, length);
        }
        return windows;
    }
    void take(std::vector<double>& times_ms, std::string& wrong, std::chrono::milliseconds length) const {
        const auto result = read_for(length);
        if (result.wrong > 0 && wrong.empty()) wrong = result.first_wrong;
        if (result.answers == 0 && wrong.empty()) wrong = "no answer came in time";
        times_ms.push_back(result.percentile_us(0.99) / 1e3);
    }

    void expect_readers_served(const Windows& windows) const {
        EXPECT_EQ(windows.wrong, "");
        const double usual = median(windows.usual_ms), beside = median(windows.beside_ms);
        RecordProperty("usual_p99_ms", std::to_string(usual));
        RecordProperty("p99_ms", std::to_string(beside));
        std::printf("p99 of a reader: usually %.2f ms, now %.2f ms\n", usual, beside);
        EXPECT_LT(beside, p99_ms_max);
        if (is_long_form()) {
            EXPECT_LE(beside, usual * usual_times_max);
        }
    }

    const TestDatabase database;
    const std::string folder = make_private_directory();
    std::size_t descriptors = 0;
    std::unique_ptr<DaemonProcess> daemon;
    std::size_t body_bytes = 0;
};

class WithSlowClients : public Patience, public ::testing::WithParamInterface<Habit> {};

TEST_P(WithSlowClients, ReadersAreServedAsEver) {
    const bool is_idle = GetParam() == Habit::idle;
    const std::size_t clients = is_long_form() ? (is_idle ? 10'000 : 1'000) : (is_idle ? 2'000 : 300);
    if (descriptors < clients + 200)
        GTEST_SKIP() << clients << " connections want more than " << descriptors << " descriptors (ulimit -Hn)";
    const auto windows =
        take_in_turn([&] { return std::make_shared<SlowClients>(daemon->port(), target, GetParam(), clients); });
    expect_readers_served(windows);
    EXPECT_EQ(daemon->get(target).status, 200);
}

INSTANTIATE_TEST_SUITE_P(Patience, WithSlowClients,
                         ::testing::Values(Habit::idle, Habit::slow_head, Habit::slow_body, Habit::slow_reader,
                                           Habit::many_ranges),
                         [](const auto& test) { return std::string(to_string(test.param)); });

TEST_F(Patience, TenThousandIdleAndAThousandSlowClientsAtOnceLeaveReadersTheirTimes) {
    const std::size_t idle = is_long_form() ? 10'000 : 1'000;
    const std::size_t slow = is_long_form() ? 1'000 : 100;
    if (descriptors < idle + slow + 200)
        GTEST_SKIP() << idle + slow << " connections want more than " << descriptors << " descriptors (ulimit -Hn)";
    struct Crowd {
        SlowClients idle, slow_heads, slow_readers;
    };
    expect_readers_served(take_in_turn([&] {
        const auto port = daemon->port();
        return std::shared_ptr<void>(new Crowd{{port, target, Habit::idle, idle},
                                               {port, target, Habit::slow_head, slow / 2},
                                               {port, target, Habit::slow_reader, slow / 2}},
                                     [](void* crowd) { delete static_cast<Crowd*>(crowd); });
    }));
}

struct Attack {
    const char* name;
    std::vector<std::string> options;
};
void PrintTo(const Attack& attack, std::ostream* out) { *out << attack.name; }

/// The modes of slowhttptest with a thousand connections, as its manual shows them.
class UnderSlowhttptest : public Patience, public ::testing::WithParamInterface<Attack> {
protected:
    void SetUp() override {
        if (!is_long_form()) GTEST_SKIP() << "slowhttptest takes minutes: ./test --long";
        if (!is_installed("slowhttptest")) GTEST_SKIP() << "slowhttptest is not installed";
        Patience::SetUp();
    }
};

TEST_P(UnderSlowhttptest, ReadersAreServedAsEver) {
    std::vector<std::string> command = {"slowhttptest",
                                        "-c",
                                        "1000",
                                        "-r",
                                        "1000",
                                        "-l",
                                        "60",
                                        "-p",
                                        "3",
                                        "-u",
                                        "http://127.0.0.1:" + std::to_string(daemon->port()) + target};
    command.insert(command.end(), GetParam().options.begin(), GetParam().options.end());
    expect_readers_served(take_in_turn([&] { return std::make_shared<ChildProcess>(command, folder + "/slowhttptest.log"); }));
}

INSTANTIATE_TEST_SUITE_P(Patience, UnderSlowhttptest,
                         ::testing::Values(Attack{"header", {"-H", "-i", "2", "-t", "GET", "-x", "24"}},
                                           Attack{"body", {"-B", "-i", "2", "-s", "8192", "-t", "POST", "-x", "10"}},
                                           Attack{"range", {"-R", "-t", "HEAD", "-a", "10", "-b", "3000"}},
                                           Attack{"read", {"-X", "-w", "10", "-y", "20", "-n", "1", "-z", "32", "-k", "3"}}),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace gazetted
