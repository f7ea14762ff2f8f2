#include "tests/support/daemon_process.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

namespace gazetted {
namespace {

CommandResult gazetted(std::vector<std::string> arguments, const std::string& standard_input = "") {
    arguments.insert(arguments.begin(), GAZETTED_BINARY);
    return run_command(arguments, standard_input);
}

TEST(Commands, SayWhichVersionThisIs) {
    EXPECT_EQ(gazetted({"version"}).out, gazetted({"--version"}).out);
    EXPECT_TRUE(gazetted({"version"}).out.starts_with("gazetted 0."));
}

TEST(Commands, EndWithTwoAfterAMistypedCommand) {
    const CommandResult result = gazetted({"sevre"});
    EXPECT_EQ(result.exit_status, 2);
    EXPECT_EQ(result.out, "");
    EXPECT_EQ(result.err, "gazetted: unknown command sevre, did you mean serve?\nSee gazetted --help\n");
}

TEST(Commands, EndWithZeroAfterHelp) {
    const CommandResult result = gazetted({"import", "jekyll", "--help"});
    EXPECT_EQ(result.exit_status, 0);
    EXPECT_TRUE(result.out.find("--local-dates") != std::string::npos && result.err.empty()) << result.out << result.err;
}

TEST(Commands, SayWhatToDoWhereNoDatabaseIsNamed) {
    // The file of an installed daemon names one; this test is not about it.
    if (std::filesystem::exists("/etc/gazetted/gazetted.toml")) GTEST_SKIP() << "Gazetted is installed here";
    unsetenv("GAZETTED_DATABASE");
    for (const char* command : {"serve", "migrate", "stats", "psql", "check"}) {
        const CommandResult result = gazetted({command});
        EXPECT_EQ(result.exit_status, 1) << command;
        EXPECT_TRUE(result.err.starts_with("gazetted: no database named: give --data DIR")) << command << ": " << result.err;
    }
}

TEST(Commands, SanitizeWhatComesOnStdin) {
    const CommandResult result =
        gazetted({"sanitize", "--base", "https://x.example/a/"}, "<p onclick=x><a href=../b>hi</a><script>1</script>");
    EXPECT_EQ(result.exit_status, 0);
    EXPECT_EQ(result.out.find("script"), std::string::npos) << result.out;
    EXPECT_NE(result.out.find("href=\"https://x.example/b\""), std::string::npos) << result.out;
}

TEST(Commands, WorkOnAPrivatePostgresOneAfterTheOther) {
    const auto folder = std::filesystem::temp_directory_path() / ("gazetted-commands-" + std::to_string(getpid()));
    const std::string data = folder / "data";
    EXPECT_NE(gazetted({"migrate", "--data", data}).out.find("applied 0001_articles.sql\n"), std::string::npos);
    EXPECT_NE(gazetted({"migrate", "--data", data}).out.find("nothing to do"), std::string::npos);
    const auto insert = gazetted(
        {"psql", "--data", data, "--", "-qc",
         "INSERT INTO articles (url, title, published) VALUES ('https://x.example/1', 'One', '2021-12-08 10:18:31Z')"});
    EXPECT_EQ(insert.exit_status, 0) << insert.err;
    EXPECT_EQ(gazetted({"stats", "--json", "--data", data}).out,
              "{\"articles\":1,\"held\":0,\"withdrawn\":0,\"categories\":0,\"newest\":\"2021-12-08T10:18:31Z\","
              "\"feeds\":[],\"readers\":[]}\n");
    EXPECT_NE(gazetted({"stats", "--data", data}).out.find("\nNobody has asked for a feed in these days.\n"),
              std::string::npos);
    const auto unknown = gazetted({"stats", "--category", "none", "--data", data});
    EXPECT_EQ(unknown.exit_status, 1);
    EXPECT_EQ(unknown.err, "gazetted: there is no category none: gazetted stats --json names those that are read\n");
    EXPECT_EQ(gazetted({"check", "--data", data}).out,
              "configuration: ok\nlisten: 127.0.0.1:8080\nstatus: 127.0.0.1:8081\ndatabase: ok\nschema: ok\n");
    EXPECT_NE(gazetted({"render", "/all.atom", "--data", data}).out.find(">One<"), std::string::npos);
    EXPECT_EQ(gazetted({"render", "/category/none.atom", "--data", data}).exit_status, 1);
    EXPECT_EQ(gazetted({"psql", "--data", data, "--", "-c", "SELECT no_such_column"}).exit_status, 1);
    std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace gazetted
