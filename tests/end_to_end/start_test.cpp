// A start that takes its time, and who wants it to end meanwhile.

#include "tests/support/child_process.hpp"
#include "tests/support/daemon_process.hpp"
#include "tests/support/recording_upstream.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/test_database.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <chrono>
#include <csignal>
#include <functional>
#include <string>
#include <thread>

namespace gazetted {
namespace {

using namespace std::chrono_literals;

bool holds_within(std::chrono::seconds time, const std::function<bool()>& claim) {
    for (const auto end = std::chrono::steady_clock::now() + time; std::chrono::steady_clock::now() < end;
         std::this_thread::sleep_for(20ms))
        if (claim()) return true;
    return claim();
}

/// The service manager's end of NOTIFY_SOCKET.
class Notified {
public:
    explicit Notified(const std::string& path) : socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        path.copy(address.sun_path, sizeof address.sun_path - 1);
        EXPECT_EQ(::bind(socket_.number(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    }
    /// All that was said so far.
    const std::string& heard() {
        char message[1'024];
        for (ssize_t bytes = 0; (bytes = ::recv(socket_.number(), message, sizeof message, 0)) > 0;)
            heard_.append(message, static_cast<std::size_t>(bytes)) += '\n';
        return heard_;
    }

private:
    Descriptor socket_;
    std::string heard_;
};

TEST(Start, GoesOnWithoutADatabaseThatTakesConnectionsAndSaysNothing) {
    const RecordingUpstream silent(RecordingUpstream::Speech::hang);
    DaemonProcess daemon(
        {"--database", "host=127.0.0.1 port=" + std::to_string(silent.port()) + " dbname=x connect_timeout=2"});
    EXPECT_EQ(http_get(daemon.status_port(), "/healthz").status, 200);
    EXPECT_EQ(http_get(daemon.status_port(), "/readyz").status, 503);
    EXPECT_EQ(daemon.get("/all.atom").status, 503);
    EXPECT_EQ(daemon.stop(), 0);
}

TEST(Start, SaysThatItIsNotOverWhileTheSchemaTakesLongAndEndsWhenItIsTold) {
    const EmptyDatabase database;
    const TemporaryFolder folder;
    const ChildProcess other_node(
        {"psql", database.url(), "-qXc", "SELECT pg_advisory_lock(7449377577803539812), pg_sleep(60)"}, folder.path() / "psql");
    const auto locks = [&] {
        return run_command(
                   {"psql", database.url(), "-qXAtc", "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted"})
            .out;
    };
    ASSERT_TRUE(holds_within(10s, [&] { return locks() == "1\n"; }));
    Notified manager(folder.path() / "notify");
    const ChildProcess daemon({"env", "NOTIFY_SOCKET=" + (folder.path() / "notify").string(), GAZETTED_BINARY, "serve",
                               "--listen", "127.0.0.1:0", "--status-listen", "127.0.0.1:0", "--database", database.url()},
                              folder.path() / "daemon.log");
    EXPECT_TRUE(holds_within(20s, [&] { return manager.heard().find("EXTEND_TIMEOUT_USEC=") != std::string::npos; }));
    EXPECT_EQ(manager.heard().find("READY=1"), std::string::npos);
    ASSERT_EQ(::kill(daemon.pid(), SIGTERM), 0);
    EXPECT_TRUE(holds_within(4s, [&] { return daemon.has_ended(); }));
}

}  // namespace
}  // namespace gazetted
