#include "tests/support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>

namespace gazetted {
namespace {

namespace fs = std::filesystem;

/// `DESTDIR=… cmake --install`, as a packager calls it.
class Install : public testing::Test {
protected:
    int install() const {
        const std::string command =
            "DESTDIR='" + tree_.path().string() + "' cmake --install '" GAZETTED_BUILD_DIR "' --prefix /usr >/dev/null";
        return std::system(command.c_str());
    }
    std::set<std::string> files() const {
        std::set<std::string> found;
        for (const auto& entry : fs::recursive_directory_iterator(tree_.path()))
            if (entry.is_regular_file()) found.insert("/" + fs::relative(entry.path(), tree_.path()).string());
        return found;
    }
    fs::path in_tree(const std::string& file) const { return tree_.path().string() + file; }

private:
    const TemporaryFolder tree_;
};

TEST_F(Install, PutsEveryFileWhereSystemdAndOperatorsLookForIt) {
    ASSERT_EQ(install(), 0);
    const auto found = files();
    for (const char* file :
         {"/usr/bin/gazetted", "/usr/lib/systemd/system/gazetted.service", "/usr/lib/systemd/system/gazetted.socket",
          "/usr/lib/sysusers.d/gazetted.conf", "/usr/lib/tmpfiles.d/gazetted.conf", "/etc/gazetted/gazetted.toml",
          "/usr/share/doc/gazetted/docs/sql.md"})
        EXPECT_TRUE(found.contains(file)) << file;
    for (const std::string& file : found) EXPECT_TRUE(file.starts_with("/usr/") || file.starts_with("/etc/gazetted/")) << file;
}

TEST_F(Install, NeverWritesOverTheOperatorsConfiguration) {
    ASSERT_EQ(install(), 0);
    std::ofstream(in_tree("/etc/gazetted/gazetted.toml")) << "# mine\n";
    ASSERT_EQ(install(), 0);
    std::ifstream configuration(in_tree("/etc/gazetted/gazetted.toml"));
    std::string line;
    std::getline(configuration, line);
    EXPECT_EQ(line, "# mine");
}

}  // namespace
}  // namespace gazetted
