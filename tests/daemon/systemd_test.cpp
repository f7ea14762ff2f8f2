#include "daemon/systemd.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstring>
#include <fstream>
#include <sstream>

namespace gazetted {
namespace {

/// The service manager's end of NOTIFY_SOCKET, in the abstract namespace.
class Supervisor : public testing::Test {
protected:
    void SetUp() override {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        const std::string name = "gazetted-test-" + std::to_string(getpid());
        std::memcpy(address.sun_path + 1, name.data(), name.size());
        const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
        socket_ = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        ASSERT_EQ(bind(socket_, reinterpret_cast<const sockaddr*>(&address), size), 0) << std::strerror(errno);
        setenv("NOTIFY_SOCKET", ("@" + name).c_str(), 1);
    }
    void TearDown() override {
        for (const char* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"}) unsetenv(name);
        close(socket_);
    }
    /// Empty: nothing came in that time.
    std::string received(std::chrono::milliseconds patience = std::chrono::seconds(5)) const {
        const timeval wait{patience.count() / 1000, (patience.count() % 1000) * 1000};
        setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
        std::array<char, 512> bytes{};
        const auto size = recv(socket_, bytes.data(), bytes.size(), 0);
        return size > 0 ? std::string(bytes.data(), static_cast<std::size_t>(size)) : "";
    }

private:
    int socket_ = -1;
};

TEST_F(Supervisor, HearsThatWeAreReadyAndThatWeStop) {
    notify_ready("serving http://x\nSTOPPING=1");
    EXPECT_EQ(received(), "READY=1\nSTATUS=serving http://x STOPPING=1");
    notify_status("draining");
    EXPECT_EQ(received(), "STATUS=draining");
    notify_stopping();
    EXPECT_EQ(received(), "STOPPING=1");
}

TEST_F(Supervisor, GetsSignsOfLifeAgainAndAgain) {
    setenv("WATCHDOG_USEC", "20000", 1);
    const WatchdogPinger pinger([] { return true; });
    for (int i = 0; i < 3; ++i) EXPECT_EQ(received(), "WATCHDOG=1");
}

TEST_F(Supervisor, GetsNoSignOfLifeFromAHungDaemon) {
    setenv("WATCHDOG_USEC", "2000", 1);
    std::atomic<int> asked = 0;
    const WatchdogPinger pinger([&asked] { return ++asked < 1; });
    EXPECT_EQ(received(std::chrono::milliseconds(100)), "");
    EXPECT_GE(asked, 2);
}

TEST_F(Supervisor, IsNotPingedWhereItHasNoWatchdog) {
    const WatchdogPinger pinger([] { return true; });
    EXPECT_EQ(watchdog_timeout(), std::nullopt);
    EXPECT_EQ(received(std::chrono::milliseconds(50)), "");
}

TEST_F(Supervisor, HasAWatchdogOnlyForTheProcessItNamed) {
    setenv("WATCHDOG_USEC", "1000000", 1);
    EXPECT_EQ(watchdog_timeout(), std::chrono::seconds(1));
    setenv("WATCHDOG_PID", "1", 1);
    EXPECT_EQ(watchdog_timeout(), std::nullopt);
}

/// A service manager that starts us with sockets of its own, sd_listen_fds(3).
class Activation : public testing::Test {
protected:
    void SetUp() override {
        // Descriptors begin at 3, which belongs to somebody in this process: it is put back afterwards.
        kept_ = Descriptor(fcntl(first, F_DUPFD_CLOEXEC, 100));
        const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
        ASSERT_EQ(dup2(socket, first), first);
        if (socket != first) close(socket);
        setenv("LISTEN_FDS", "1", 1);
        setenv("LISTEN_FDNAMES", "web", 1);
    }
    void TearDown() override {
        for (const char* name : {"LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES"}) unsetenv(name);
        if (kept_) dup2(kept_.number(), first);
    }
    static constexpr int first = 3;

private:
    Descriptor kept_;
};

TEST_F(Activation, HandsOverItsSocketsOnce) {
    setenv("LISTEN_PID", std::to_string(getpid()).c_str(), 1);
    auto sockets = take_passed_sockets();
    ASSERT_EQ(sockets.size(), 1U);
    EXPECT_EQ(sockets.front().name, "web");
    EXPECT_EQ(sockets.front().descriptor.number(), first);
    EXPECT_EQ(fcntl(first, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC) << "no program of ours inherits it";
    EXPECT_EQ(getenv("LISTEN_FDS"), nullptr);
    EXPECT_TRUE(take_passed_sockets().empty());
}

TEST_F(Activation, IsNotForUsWhereItNamesAnotherProcess) {
    setenv("LISTEN_PID", "1", 1);
    EXPECT_TRUE(take_passed_sockets().empty());
    close(first);
}

struct CommandResult {
    int status = -1;
    std::string output;
};

CommandResult run(const std::string& command) {
    FILE* pipe = popen((command + " 2>&1").c_str(), "r");
    if (pipe == nullptr) return {};
    CommandResult result;
    std::array<char, 4096> bytes{};
    while (const std::size_t size = fread(bytes.data(), 1, bytes.size(), pipe)) result.output.append(bytes.data(), size);
    result.status = pclose(pipe);
    return result;
}

bool has_systemd_analyze() { return run("systemd-analyze --version").status == 0; }

TEST(ServiceUnit, IsAcceptedBySystemdWithItsSocket) {
    if (!has_systemd_analyze()) GTEST_SKIP() << "systemd-analyze is not installed";
    // A tree of its own, since verify wants the named program and the targets to exist.
    const std::string tree =
        "tree=$(mktemp -d) && trap 'rm -rf $tree' EXIT && mkdir -p $tree/usr/bin $tree/usr/lib/systemd/system && "
        "install -m 755 /bin/true $tree/usr/bin/gazetted && install -D -m 755 /bin/true $tree/bin/kill && "
        "cp " GAZETTED_SOURCE_DIR "/systemd/gazetted.service " GAZETTED_SOURCE_DIR
        "/systemd/gazetted.socket $tree/usr/lib/systemd/system/ && "
        "for t in sysinit basic shutdown sockets multi-user network network-online; do "
        "printf '[Unit]\\nDescription=%s\\n' $t > $tree/usr/lib/systemd/system/$t.target; done && ";
    const CommandResult verified = run(tree + "systemd-analyze verify --man=no --root=$tree gazetted.service gazetted.socket");
    EXPECT_EQ(verified.status, 0) << verified.output;
    EXPECT_EQ(verified.output.find("gazetted.service:"), std::string::npos) << verified.output;
    EXPECT_EQ(verified.output.find("gazetted.socket:"), std::string::npos) << verified.output;
}

TEST(ServiceUnit, IsExposedLittle) {
    if (!has_systemd_analyze()) GTEST_SKIP() << "systemd-analyze is not installed";
    // Tenths; the front door is TCP on any address, and PostgreSQL may be on another machine.
    const CommandResult judged = run("systemd-analyze security --no-pager --offline=true --threshold=11 " GAZETTED_SOURCE_DIR
                                     "/systemd/gazetted.service");
    EXPECT_EQ(judged.status, 0) << judged.output;
}

TEST(ServiceUnit, ExplainsEveryHardeningLine) {
    std::ifstream unit(GAZETTED_SOURCE_DIR "/systemd/gazetted.service");
    ASSERT_TRUE(unit.good());
    bool explained = false;
    bool hardening = false;
    int settings = 0;
    for (std::string line; std::getline(unit, line);) {
        if (line.starts_with("# Hardening")) hardening = true;
        if (!hardening || line.empty() || line.starts_with("[")) {
            explained = false;
            continue;
        }
        if (line.starts_with("#")) {
            explained = true;
            continue;
        }
        if (line.starts_with("WantedBy")) continue;
        EXPECT_TRUE(explained) << line;
        ++settings;
    }
    EXPECT_GT(settings, 15);
}

}  // namespace
}  // namespace gazetted
