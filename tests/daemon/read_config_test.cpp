#include "daemon/read_config.hpp"

#include "daemon/masked.hpp"

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
    const Texts environment = {{"GAZETTED_DATABASE", "environment"}};
    EXPECT_EQ(read_config(line, {})->config.database.url, "file");
    EXPECT_EQ(read_config(line, environment)->config.database.url, "environment");
    EXPECT_EQ(read_config(line, {{"GAZETTED_DATABASE_DATA", "own"}})->config.database.url, "");
    line.options.data = "folder";
    EXPECT_EQ(read_config(line, environment)->config.database.data, "folder");
    EXPECT_EQ(read_config(line, environment)->config.database.url, "");
    line.options.data = "";
    line.options.database_url = "option";
    EXPECT_EQ(read_config(line, environment)->config.database.url, "option");
}

/// The value of a key and who said so.
std::string told(const Result<EffectiveConfig>& effective, const std::string& key) {
    if (!effective) return effective.error().message;
    for (const Setting& setting : effective->settings)
        if (setting.key == key) return setting.value + " of " + setting.origin;
    return "no such key";
}

TEST_F(ReadConfig, TakesEveryKeyFromTheEnvironment) {
    const CommandLine line{
        .options = {.database_url = "", .data = "", .config_file = file("[log]\nlevel = 'error'\n"), .log_level = ""},
        .command = CheckCommand{}};
    const auto effective = read_config(line, {{"GAZETTED_SERVER_LISTEN", ":80 systemd:web"},
                                              {"GAZETTED_SERVER_LOOPS", "3"},
                                              {"GAZETTED_POLLING_ENABLED", "false"},
                                              {"GAZETTED_CACHE_BYTES_MAX", "2MiB"},
                                              {"GAZETTED_SITE_TITLE", ""}});
    EXPECT_EQ(told(effective, "server.listen"), "[\"0.0.0.0:80\", \"systemd:web\"] of GAZETTED_SERVER_LISTEN");
    EXPECT_EQ(told(effective, "server.loops"), "3 of GAZETTED_SERVER_LOOPS");
    EXPECT_EQ(told(effective, "polling.enabled"), "false of GAZETTED_POLLING_ENABLED");
    EXPECT_EQ(told(effective, "cache.bytes_max"), "\"2MiB\" of GAZETTED_CACHE_BYTES_MAX");
    EXPECT_EQ(told(effective, "site.title"), "\"\" of default") << "an empty variable says nothing";
    EXPECT_EQ(told(effective, "site.base_url"), "\"http://localhost:80\" of from server.listen");
    EXPECT_TRUE(told(effective, "log.level").ends_with("g.toml:2"));
    EXPECT_EQ(variable_of("server.tls.key"), "GAZETTED_SERVER_TLS_KEY");
}

TEST_F(ReadConfig, NamesEveryWrongVariableWithTheFilesFaults) {
    const CommandLine line{
        .options = {.database_url = "", .data = "", .config_file = file("[log]\nlevle = 'x'\n"), .log_level = ""},
        .command = CheckCommand{}};
    const std::string faults = read_config(line, {{"GAZETTED_SERVER_LISEN", ":80"},
                                                  {"GAZETTED_SERVER_LOOPS", "many"},
                                                  {"GAZETTED_DATABASE", "a"},
                                                  {"GAZETTED_DATABASE_DATA", "b"},
                                                  {"GAZETTED_LONG", "1"}})
                                   .error()
                                   .message;
    EXPECT_NE(faults.find("g.toml:2: unknown key log.levle, did you mean log.level?\n"), std::string::npos) << faults;
    EXPECT_NE(faults.find("unknown variable GAZETTED_SERVER_LISEN, did you mean GAZETTED_SERVER_LISTEN?"), std::string::npos)
        << faults;
    EXPECT_NE(faults.find("GAZETTED_SERVER_LOOPS: server.loops wants a whole number"), std::string::npos) << faults;
    EXPECT_NE(faults.find("only one may be given"), std::string::npos) << faults;
    EXPECT_EQ(faults.find("GAZETTED_LONG"), std::string::npos) << faults;
}

TEST_F(ReadConfig, TakesSecretsFromCredentialsAndShowsNone) {
    std::ofstream(folder_ / "database.url") << "postgresql://u:se@cret@h/d?sslpassword=pp&x=1\n";
    std::ofstream(folder_ / "another") << "not ours";
    const CommandLine line{
        .options = {.database_url = "", .data = "", .config_file = file("[database]\ndata = 'own'\n"), .log_level = ""},
        .command = CheckCommand{}};
    const auto effective = read_config(line, {{"CREDENTIALS_DIRECTORY", folder_}});
    EXPECT_EQ(effective->config.database.url, "postgresql://u:se@cret@h/d?sslpassword=pp&x=1");
    EXPECT_EQ(effective->config.database.data, "");
    EXPECT_EQ(told(effective, "database.url"), "\"postgresql://u:***@h/d?sslpassword=***&x=1\" of credential database.url");
    EXPECT_EQ(read_config(line, {{"CREDENTIALS_DIRECTORY", folder_}, {"GAZETTED_DATABASE", "e"}})->config.database.url, "e");
}

TEST(Masked, HidesPasswordsHoweverTheyAreWritten) {
    EXPECT_EQ(masked("postgresql:///news?host=/run"), "postgresql:///news?host=/run");
    EXPECT_EQ(masked("postgresql://u@h/d"), "postgresql://u@h/d");
    EXPECT_EQ(masked("http://u:a/b:c@proxy:3128"), "http://u:***@proxy:3128");
    EXPECT_EQ(masked("u:a/b:c@proxy:3128"), "u:***@proxy:3128");
    EXPECT_EQ(masked("host=h password=a&b dbname=d"), "host=h password=*** dbname=d");
    EXPECT_EQ(masked("password = 'it\\'s me' host=h"), "password = *** host=h");
    EXPECT_EQ(masked("host=h password=a\\ b"), "host=h password=***");
    EXPECT_EQ(masked("host=h passfile=/f require_auth=password user=u"), "host=h passfile=/f require_auth=password user=u");
}

TEST_F(ReadConfig, LetsServeChangeWhatItNamesAndNothingElse) {
    ServeCommand serve;
    serve.listen = {{TcpAddress{"::1", 9000}}};
    serve.status_off = true;
    serve.title = "News";
    const auto path = file("[server]\nidle_timeout = '5s'\n[site]\ntitle = 'Old'\n");
    const Config config =
        read_config({.options = {.database_url = "", .data = "", .config_file = path, .log_level = "error"}, .command = serve},
                    {})
            .value()
            .config;
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
    EXPECT_EQ(read_config(line, {})->config.site.base_url, "https://x.example");
}

TEST_F(ReadConfig, NamesTheFileThatIsMissingWrongOrTooLarge) {
    CommandLine line{.options = {.database_url = "", .data = "", .config_file = folder_ / "none.toml", .log_level = ""},
                     .command = CheckCommand{}};
    EXPECT_NE(read_config(line, {}).error().message.find("none.toml: cannot be read"), std::string::npos);
    line.options.config_file = file("\n[sit]\n");
    EXPECT_TRUE(read_config(line, {}).error().message.ends_with("g.toml:2: unknown section [sit], did you mean site?"));
    line.options.config_file = file(std::string((1 << 20) + 1, '\n'));
    EXPECT_NE(read_config(line, {}).error().message.find("larger than 1 MiB"), std::string::npos);
    line.options.config_file = file(std::string(1 << 20, '\n'));
    EXPECT_TRUE(read_config(line, {}));
}

}  // namespace
}  // namespace gazetted
