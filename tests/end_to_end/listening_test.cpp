// Where and how the daemon is reached, as an operator configures it.

#include "daemon/descriptor.hpp"
#include "tests/support/daemon_process.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/test_database.hpp"
#include "tests/support/tls_client.hpp"

#include <gtest/gtest.h>

#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <functional>
#include <thread>

namespace gazetted {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

TEST(Activation, LosesNoRequestWhileTheDaemonRestarts) {
    const TestDatabase database;
    const Descriptor socket = kept_socket();
    auto daemon = std::make_unique<DaemonProcess>(std::vector<std::string>{"--database", database.url()}, socket);
    const auto port = daemon->port();
    ASSERT_EQ(daemon->get_until("/all.atom", 200, "").status, 200);

    std::atomic<bool> over{false};
    std::atomic<int> asked{0}, failed{0};
    std::vector<std::thread> readers;
    for (int reader = 0; reader < 4; ++reader)
        readers.emplace_back([&] {
            while (!over) {
                ++asked;
                if (http_get(port, "/healthz").status != 200) ++failed;
            }
        });
    for (int restart = 0; restart < 4; ++restart) {
        std::this_thread::sleep_for(50ms);
        EXPECT_EQ(daemon->stop(), 0);
        daemon = std::make_unique<DaemonProcess>(std::vector<std::string>{"--database", database.url()}, socket);
    }
    over = true;
    for (auto& reader : readers) reader.join();
    EXPECT_GT(asked, 100);
    EXPECT_EQ(failed, 0) << "of " << asked;
    EXPECT_NE(daemon->log().find(" passed_as=web"), std::string::npos) << daemon->log();
    EXPECT_NE(daemon->log().find("base_url=http://127.0.0.1:" + std::to_string(port)), std::string::npos) << daemon->log();
}

TEST(Activation, SaysWhatToDoWhereSystemdPassedNothing) {
    const TestDatabase database;
    const auto result = run_command({GAZETTED_BINARY, "serve", "--database", database.url(), "--listen", "systemd"});
    EXPECT_EQ(result.exit_status, 1);
    EXPECT_NE(result.err.find(
                  "cannot listen on systemd (--listen): systemd passed us no such socket: enable and start gazetted.socket"),
              std::string::npos)
        << result.err;
}

class OverTls : public testing::Test {
protected:
    OverTls() {
        files_ = {folder_ / "certificate.pem", folder_ / "key.pem"};
        make_certificate(files_, {.serial = "1"});
        std::ofstream(configuration()) << "[server.tls]\ncertificate = \"" << files_.certificate.string() << "\"\nkey = \""
                                       << files_.key.string() << "\"\n";
    }
    std::string configuration() const { return folder_ / "gazetted.toml"; }

    static unsigned short tls_port_of(const DaemonProcess& daemon) {
        const std::string log = daemon.log(), before = "address=https:127.0.0.1:";
        const auto at = log.find(before);
        return at == std::string::npos ? 0 : static_cast<unsigned short>(std::stoi(log.substr(at + before.size())));
    }
    std::string serial_at(unsigned short port) const {
        TlsConnection connection(port);
        return connection.serial();
    }
    bool comes_to_be(const std::function<bool()>& claim) const {
        for (const auto end = std::chrono::steady_clock::now() + 10s; std::chrono::steady_clock::now() < end;) {
            if (claim()) return true;
            std::this_thread::sleep_for(20ms);
        }
        return false;
    }

    const TemporaryFolder temporary_;
    const fs::path folder_ = temporary_.path();
    CertificateFiles files_;
};

TEST_F(OverTls, ACertificateThatChangesIsShownWithoutARestart) {
    const TestDatabase database;
    DaemonProcess daemon({"--database", database.url(), "--config", configuration(), "--listen", "https:127.0.0.1:0"});
    const auto port = tls_port_of(daemon);
    EXPECT_EQ(serial_at(port), "1");

    make_certificate(files_, {.serial = "2"});
    EXPECT_TRUE(comes_to_be([&] { return serial_at(port) == "2"; }));

    std::ofstream(files_.key) << "broken";
    EXPECT_TRUE(comes_to_be([&] { return daemon.log().find("certificate_refused") != std::string::npos; }));
    EXPECT_EQ(serial_at(port), "2");

    make_certificate(files_, {.serial = "3", .lasts = 1h});
    EXPECT_TRUE(comes_to_be([&] { return serial_at(port) == "3"; }));
    EXPECT_TRUE(comes_to_be([&] { return daemon.log().find("certificate_expires_soon") != std::string::npos; }));
    kill(daemon.pid(), SIGHUP);
    EXPECT_TRUE(comes_to_be([&] { return daemon.log().find("reloaded changed=") != std::string::npos; }));
    EXPECT_NE(http_get(daemon.status_port(), "/metrics").body.find("\ngazetted_certificate_expires_seconds "),
              std::string::npos);
    EXPECT_EQ(daemon.stop(), 0);
}

TEST_F(OverTls, TheCertificateIsChecked) {
    const TestDatabase database;
    const std::vector<std::string> check = {GAZETTED_BINARY, "check",    "--database",
                                            database.url(),  "--config", configuration()};
    auto result = run_command(check);
    EXPECT_EQ(result.exit_status, 0) << result.err;
    EXPECT_NE(result.out.find("\n# certificate: ok, until 20"), std::string::npos) << result.out;
    make_certificate(files_, {.lasts = 1h});
    EXPECT_NE(run_command(check).err.find("nearly over"), std::string::npos);
    fs::remove(files_.key);
    result = run_command(check);
    EXPECT_EQ(result.exit_status, 1);
    EXPECT_NE(result.err.find("server.tls.key " + files_.key.string() + ": No such file or directory"), std::string::npos);
}

TEST_F(OverTls, CurlAgrees) {
    if (run_command({"sh", "-c", "command -v curl"}).exit_status != 0) GTEST_SKIP() << "curl is not installed";
    const TestDatabase database;
    DaemonProcess daemon({"--database", database.url(), "--config", configuration(), "--listen", "https:127.0.0.1:0"});
    const auto url = "https://127.0.0.1:" + std::to_string(tls_port_of(daemon));
    const auto result = run_command({"curl", "-skS", "--http1.1", "-w", "%{http_code} %{num_connects}\n", "-o", "/dev/null",
                                     url + "/all.atom", "-o", "/dev/null", url + "/healthz"});
    EXPECT_EQ(result.exit_status, 0) << result.err;
    EXPECT_EQ(result.out, "200 1\n200 0\n") << "two requests on one connection";
}

}  // namespace
}  // namespace gazetted
