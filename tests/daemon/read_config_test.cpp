#include "daemon/read_config.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace gazetted {
namespace {

class ReadConfig : public testing::Test {
protected:
    void SetUp() override { std::filesystem::create_directories(folder_); }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    std::filesystem::path file(const std::string& toml) const {
        std::ofstream(folder_ / "g.toml") << toml;
        return folder_ / "g.toml";
    }
    const std::filesystem::path folder_ =
        std::filesystem::path(testing::TempDir()) / ("read_config-" + std::to_string(getpid()));
};

TEST_F(ReadConfig, PrefersTheCommandLineThenTheEnvironmentThenTheFile) {
    CommandLine line{
        .options = {.database_url = "", .data = "", .config_file = file("[database]\nurl = 'file'\n"), .log_level = ""},
        .command = CheckCommand{}};
    EXPECT_EQ(read_config(line, "")->database.url, "file");
    EXPECT_EQ(read_config(line, "environment")->database.url, "environment");
    line.options.data = "folder";
    EXPECT_EQ(read_config(line, "environment")->database.data, "folder");
    EXPECT_EQ(read_config(line, "environment")->database.url, "");
    line.options.data = "";
    line.options.database_url = "option";
    EXPECT_EQ(read_config(line, "environment")->database.url, "option");
}

TEST_F(ReadConfig, LetsServeChangeWhatItNamesAndNothingElse) {
    ServeCommand serve;
    serve.listen = {{TcpAddress{"::1", 9000}}};
    serve.status_off = true;
    serve.title = "News";
    const auto path = file("[server]\nidle_timeout = '5s'\n[site]\ntitle = 'Old'\n");
    const Config config =
        read_config({.options = {.database_url = "", .data = "", .config_file = path, .log_level = "error"}, .command = serve},
                    "")
            .value();
    EXPECT_EQ(config.server.listen, serve.listen);
    EXPECT_FALSE(config.server.status_enabled);
    EXPECT_EQ(config.server.idle_timeout, std::chrono::seconds(5));
    EXPECT_EQ(config.site.title, "News");
    EXPECT_EQ(config.site.base_url, "http://[::1]:9000");
    EXPECT_EQ(config.log.level, "error");
}

TEST_F(ReadConfig, KeepsTheBaseUrlThatIsConfigured) {
    const auto path = file("[site]\nbase_url = 'https://x.example'\n");
    const CommandLine line{.options = {.database_url = "", .data = "", .config_file = path, .log_level = ""},
                           .command = ServeCommand{}};
    EXPECT_EQ(read_config(line, "")->site.base_url, "https://x.example");
}

TEST_F(ReadConfig, NamesTheFileThatIsMissingWrongOrTooLarge) {
    CommandLine line{.options = {.database_url = "", .data = "", .config_file = folder_ / "none.toml", .log_level = ""},
                     .command = CheckCommand{}};
    EXPECT_NE(read_config(line, "").error().message.find("none.toml: cannot be read"), std::string::npos);
    line.options.config_file = file("\n[sit]\n");
    EXPECT_TRUE(read_config(line, "").error().message.ends_with("g.toml:2: unknown section [sit], did you mean site?"));
    line.options.config_file = file(std::string((1 << 20) + 1, '\n'));
    EXPECT_NE(read_config(line, "").error().message.find("larger than 1 MiB"), std::string::npos);
    line.options.config_file = file(std::string(1 << 20, '\n'));
    EXPECT_TRUE(read_config(line, ""));
}

}  // namespace
}  // namespace gazetted
