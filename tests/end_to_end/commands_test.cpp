#include "tests/support/daemon_process.hpp"
#include "tests/support/test_database.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <thread>

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

TEST(Commands, NameEverythingThatIsWrongWithAConfiguration) {
    const auto file = std::filesystem::temp_directory_path() / ("gazetted-wrong-" + std::to_string(getpid()) + ".toml");
    std::ofstream(file) << "[server]\nlisen = []\nloops = -1\n";
    const CommandResult result = gazetted({"check", "--offline", "--config", file.string()});
    std::filesystem::remove(file);
    EXPECT_EQ(result.exit_status, 1);
    EXPECT_EQ(result.out, "");
    const std::string at = "gazetted: " + file.string();
    EXPECT_EQ(result.err, at + ":2: unknown key server.lisen, did you mean server.listen?\n" + at +
                              ":3: server.loops must be from 0 to 256\n");
}

TEST(Commands, SanitizeWhatComesOnStdin) {
    const CommandResult result =
        gazetted({"sanitize", "--base", "https://x.example/a/"}, "<p onclick=x><a href=../b>hi</a><script>1</script>");
    EXPECT_EQ(result.exit_status, 0);
    EXPECT_EQ(result.out.find("script"), std::string::npos) << result.out;
    EXPECT_NE(result.out.find("href=\"https://x.example/b\""), std::string::npos) << result.out;
}

TEST(Commands, ReadAFeedOnStdin) {
    const CommandResult whole = gazetted({"read", "-", "--url", "https://x.example/feed"},
                                         "<rss version='2.0'><channel><item><link>/1</link></item></channel></rss>");
    EXPECT_EQ(whole.exit_status, 0) << whole.err;
    EXPECT_NE(whole.out.find(R"("link":"https://x.example/1")"), std::string::npos) << whole.out;
    const CommandResult cut = gazetted({"read", "-"}, "<rss version='2.0'><channel><item><title>One</title>");
    EXPECT_EQ(cut.exit_status, 1);
    EXPECT_NE(cut.out.find(R"("title":"One")"), std::string::npos) << cut.out;
    EXPECT_NE(cut.err.find("the document ends inside <item>"), std::string::npos) << cut.err;
    const CommandResult page = gazetted({"read", "-"}, "<html>no feed</html>");
    EXPECT_EQ(page.exit_status, 1);
    EXPECT_EQ(page.err, "gazetted: -: a page, not a feed\n");
}

TEST(Commands, ReadManyFeedsOneALine) {
    const auto file = std::filesystem::temp_directory_path() / ("gazetted-read-" + std::to_string(getpid()) + ".xml");
    std::ofstream(file) << "<rss version='2.0'><channel><title>a &lt;b>b&lt;/b></title></channel></rss>";
    const std::string line = R"({"id":7,"path":")" + file.string() + "\"}\n";
    const std::string unreadable = R"({"id":"x","path":"/none"})"
                                   "\n"
                                   R"({"id":"y","path":"/"})"
                                   "\n"
                                   R"({"id":"z","path":"-"})"
                                   "\n";
    const CommandResult result = gazetted({"read", "--batch", "--sanitize"}, line + unreadable + line);
    EXPECT_EQ(result.exit_status, 0) << result.err;
    EXPECT_TRUE(result.out.starts_with(R"({"id":7,"format":"rss20")")) << result.out;
    EXPECT_NE(result.out.find(R"("title":"a b")"), std::string::npos) << result.out;
    EXPECT_NE(result.out.find(R"({"id":"x","wellformed":false,"error":"cannot read /none: No such file or directory"})"),
              std::string::npos)
        << result.out;
    EXPECT_NE(result.out.find(R"("error":"cannot read /: Is a directory"})"), std::string::npos) << result.out;
    EXPECT_NE(result.out.find(R"("error":"cannot read -: No such file or directory"})"), std::string::npos) << result.out;
    EXPECT_EQ(std::count(result.out.begin(), result.out.end(), '\n'), 5) << "a line for each";
    std::filesystem::remove(file);
}

TEST(Commands, MigrateOnceWhenTenProcessesStartTogether) {
    const EmptyDatabase database;
    std::vector<CommandResult> results(10);
    {
        std::vector<std::jthread> nodes;
        for (CommandResult& result : results)
            nodes.emplace_back([&] { result = gazetted({"migrate", "--database", database.url()}); });
    }
    std::map<std::string, int> applied;
    for (const CommandResult& result : results) {
        EXPECT_EQ(result.exit_status, 0) << result.err;
        std::istringstream lines(result.out);
        for (std::string line; std::getline(lines, line);)
            if (line.starts_with("applied ")) ++applied[line.substr(8)];
    }
    for (const auto& [name, times] : applied) EXPECT_EQ(times, 1) << name;
    const std::string status = gazetted({"migrate", "--status", "--database", database.url()}).out;
    EXPECT_EQ(std::count(status.begin(), status.end(), '\n'), std::ssize(applied)) << status;
    EXPECT_EQ(status.find("to come"), std::string::npos) << status;
}

TEST(Commands, EndWithOneWherePsqlHasNoConnection) {
    EXPECT_EQ(gazetted({"psql", "--database", "host=127.0.0.1 port=1", "--", "-c", "SELECT 1"}).exit_status, 1);
}

TEST(Commands, CheckWhereRetentionPutsItsArchives) {
    const auto checked = [](const char* folder) {
        setenv("GAZETTED_RETENTION_FOLDER", folder, 1);
        const CommandResult result = gazetted({"check", "--offline", "--quiet"});
        unsetenv("GAZETTED_RETENTION_FOLDER");
        return result;
    };
    EXPECT_EQ(checked("/etc/passwd").err, "gazetted: retention.folder: /etc/passwd is no directory: name one\n");
    EXPECT_EQ(checked("/nowhere/at/all").err,
              "gazetted: retention.folder: /nowhere/at/all cannot be made: there is no directory for it\n");
    EXPECT_TRUE(checked("relative").err.ends_with("retention.folder is wrong: it begins with a slash\n"))
        << checked("relative").err;
    for (const char* folder : {"/etc/passwd", "/nowhere/at/all", "relative"}) EXPECT_EQ(checked(folder).exit_status, 1);
    for (const char* folder : {"", "/tmp", "/tmp/archive-to-be"}) EXPECT_EQ(checked(folder).exit_status, 0);
}

TEST(Commands, WorkOnAPrivatePostgresOneAfterTheOther) {
    const auto folder = std::filesystem::temp_directory_path() / ("gazetted-commands-" + std::to_string(getpid()));
    const std::string data = folder / "data";
    EXPECT_EQ(gazetted({"stats", "--json", "--data", data}).exit_status, 0) << "the first command makes the tables";
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
    const std::string checked = gazetted({"check", "--data", data}).out;
    EXPECT_NE(checked.find("database.data = \"" + data + "\"  # --data\n"), std::string::npos) << checked;
    EXPECT_TRUE(checked.ends_with("# configuration: ok\n# database: ok\n# schema: ok\n")) << checked;
    EXPECT_EQ(gazetted({"check", "--quiet", "--data", data}).out, "");
    EXPECT_NE(gazetted({"render", "/all.atom", "--data", data}).out.find(">One<"), std::string::npos);
    EXPECT_EQ(gazetted({"render", "/category/none.atom", "--data", data}).exit_status, 1);
    EXPECT_EQ(gazetted({"export", "opml", "--data", data}).out, gazetted({"render", "/feeds.opml", "--data", data}).out);
    EXPECT_NE(gazetted({"export", "opml", "--data", data}).out.find("<outline "), std::string::npos);
    EXPECT_EQ(gazetted({"psql", "--data", data, "--", "-c", "SELECT no_such_column"}).exit_status, 1);
    std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace gazetted
