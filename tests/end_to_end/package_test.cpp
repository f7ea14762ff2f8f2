#include "tests/support/child_process.hpp"
#include "tests/support/daemon_process.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

namespace gazetted {
namespace {

namespace fs = std::filesystem;

/// The Debian package, as cpack makes it of this build.
class Package : public testing::Test {
protected:
    /// Empty where it could not be made.
    std::string made() const {
        const CommandResult packed =
            run_command({"cpack", "--config", GAZETTED_BUILD_DIR "/CPackConfig.cmake", "-B", folder()});
        EXPECT_EQ(packed.exit_status, 0) << packed.out << packed.err;
        for (const auto& entry : fs::directory_iterator(folder()))
            if (entry.path().extension() == ".deb") return entry.path();
        return {};
    }
    std::string folder() const { return folder_.path(); }

private:
    const TemporaryFolder folder_;
};

TEST_F(Package, IsWhatDebianExpects) {
    if (!is_installed("dpkg-shlibdeps")) GTEST_SKIP() << "dpkg-dev is not installed";
    const std::string package = made();
    ASSERT_NE(package, "");
    EXPECT_NE(run_command({"dpkg-deb", "--field", package, "Depends"}).out.find("libpqxx"), std::string::npos);
    EXPECT_EQ(run_command({"dpkg-deb", "--info", package, "conffiles"}).out, "/etc/gazetted/gazetted.toml\n");
    ASSERT_EQ(run_command({"dpkg-deb", "--extract", package, folder() + "/tree"}).exit_status, 0);
    const auto sections = run_command({"readelf", "--section-headers", folder() + "/tree/usr/bin/gazetted"});
    EXPECT_EQ(sections.out.find(".symtab"), std::string::npos) << "it is stripped";
    EXPECT_NE(sections.out.find(".text"), std::string::npos) << sections.err;
    for (const char* file : {"lib/systemd/system/gazetted.service", "lib/systemd/system/gazetted.socket",
                             "lib/sysusers.d/gazetted.conf", "lib/tmpfiles.d/gazetted.conf", "share/man/man8/gazetted.8.gz",
                             "share/man/man5/gazetted.toml.5.gz", "share/bash-completion/completions/gazetted",
                             "share/gazetted/prometheus-rules.yml", "share/gazetted/grafana-dashboard.json"})
        EXPECT_TRUE(fs::exists(folder() + "/tree/usr/" + file)) << file;
    if (!is_installed("lintian")) GTEST_SKIP() << "lintian is not installed";
    const auto judged = run_command({"lintian", "--allow-root", "--fail-on", "error", package});
    EXPECT_EQ(judged.exit_status, 0) << judged.out << judged.err;
}

}  // namespace
}  // namespace gazetted
