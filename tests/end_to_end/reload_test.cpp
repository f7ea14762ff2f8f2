#include "tests/support/daemon_process.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/test_database.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

namespace gazetted {
namespace {

/// A daemon whose configuration file is written again, and SIGHUP.
class Reloaded : public testing::Test {
protected:
    Reloaded() { write("[log]\nlevel = \"info\"\n"); }
    void write(const std::string& toml) const { std::ofstream(file_) << toml; }
    /// Sends SIGHUP; whether the log says so before long.
    bool says(const DaemonProcess& daemon, const std::string& line) const {
        kill(daemon.pid(), SIGHUP);
        for (int i = 0; i < 500; ++i) {
            if (daemon.log().find(line) != std::string::npos) return true;
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        }
        return false;
    }
    std::vector<std::string> arguments() const { return {"--database", database_.url(), "--config", file_}; }

    const TemporaryFolder folder_;
    const std::string file_ = folder_.path() / "gazetted.toml";
    const TestDatabase database_;
};

TEST_F(Reloaded, TakesWhatCanChangeAndNamesWhatCannot) {
    const DaemonProcess daemon(arguments());
    write("[log]\nlevel = \"debug\"\n[polling]\nenabled = false\n[server]\nloops = 7\n");
    EXPECT_TRUE(says(daemon, "reload_partial needs_restart=server.loops")) << daemon.log();
    EXPECT_NE(daemon.log().find("reloaded changed=polling.enabled,log.level"), std::string::npos) << daemon.log();
    EXPECT_EQ(daemon.get("/all.atom").status, 200);
}

TEST_F(Reloaded, AppliesNewTimesToWhoComesThen) {
    const DaemonProcess daemon(arguments());
    write("[server]\nconnections_max = 1\nidle_timeout = \"1s\"\n");
    EXPECT_TRUE(says(daemon, "reloaded changed=server.connections_max,server.idle_timeout")) << daemon.log();
    EXPECT_EQ(daemon.get("/all.atom").status, 200);
}

TEST_F(Reloaded, ChangesNothingWhereAnythingIsWrong) {
    const DaemonProcess daemon(arguments());
    write("[log]\nlevel = \"debug\"\n[server]\nlisen = []\nidle_timeout = \"0s\"\n");
    EXPECT_TRUE(says(daemon, "unknown key server.lisen, did you mean server.listen?: nothing was changed")) << daemon.log();
    EXPECT_NE(daemon.log().find(":5: server.idle_timeout must be from"), std::string::npos) << daemon.log();
    EXPECT_EQ(daemon.log().find("reloaded"), std::string::npos) << daemon.log();
    EXPECT_EQ(daemon.get("/all.atom").status, 200);
    write("[log]\nlevel = \"debug\"\n");
    EXPECT_TRUE(says(daemon, "reloaded changed=log.level")) << daemon.log();
}

}  // namespace
}  // namespace gazetted
