#include "daemon/command_line.hpp"

#include <gtest/gtest.h>

namespace gazetted {
namespace {

using Arguments = std::vector<std::string>;

CommandLine parsed(const Arguments& arguments) {
    auto answer = parse_command_line(arguments);
    if (const auto* usage = std::get_if<UsageAnswer>(&answer)) throw std::runtime_error(usage->text);
    return std::get<CommandLine>(answer);
}

UsageAnswer answered(const Arguments& arguments) {
    auto answer = parse_command_line(arguments);
    const auto* usage = std::get_if<UsageAnswer>(&answer);
    return usage ? *usage : UsageAnswer{-1, "taken as a command"};
}

std::string complaint(const Arguments& arguments) {
    const UsageAnswer answer = answered(arguments);
    EXPECT_EQ(answer.exit_status, 2);
    return answer.text.substr(0, answer.text.find('\n'));
}

const std::vector<Arguments> all_commands = {{"serve"},
                                             {"migrate"},
                                             {"import"},
                                             {"import", "jekyll"},
                                             {"sanitize"},
                                             {"read"},
                                             {"render"},
                                             {"psql"},
                                             {"backup"},
                                             {"restore"},
                                             {"check"},
                                             {"stats"},
                                             {"version"},
                                             {"category"},
                                             {"category", "list"},
                                             {"category", "remove"},
                                             {"tag"},
                                             {"tag", "merge"},
                                             {"author"},
                                             {"author", "rename"},
                                             {"source"},
                                             {"source", "show"},
                                             {"article"},
                                             {"article", "explain"},
                                             {"rule"},
                                             {"rule", "add"},
                                             {"rule", "test"},
                                             {"rule", "apply"}};

TEST(CommandLine, TakesGlobalOptionsBeforeAndAfterTheCommand) {
    for (const Arguments& arguments : {Arguments{"--data", "var", "--log-level", "debug", "migrate"},
                                       Arguments{"migrate", "--data", "var", "--log-level=debug"},
                                       Arguments{"--data=var", "migrate", "--log-level", "debug"}}) {
        const CommandLine line = parsed(arguments);
        EXPECT_TRUE(std::holds_alternative<MigrateCommand>(line.command));
        EXPECT_EQ(line.options.data, "var");
        EXPECT_EQ(line.options.log_level, "debug");
    }
    EXPECT_EQ(parsed({"import", "jekyll", "site", "--database", "postgresql:///x"}).options.database_url, "postgresql:///x");
    EXPECT_EQ(parsed({"stats", "--config", "c.toml"}).options.config_file, "c.toml");
}

TEST(CommandLine, ReadsWhereToServe) {
    const auto serve = std::get<ServeCommand>(parsed({"serve", "--listen", ":80", "--listen", "[::1]:81", "--status-listen",
                                                      "127.0.0.1:9", "--base-url", "https://x.example/", "--title", "News"})
                                                  .command);
    EXPECT_EQ(serve.listen, (std::vector<ListenAddress>{{TcpAddress{"0.0.0.0", 80}}, {TcpAddress{"::1", 81}}}));
    EXPECT_EQ(serve.status_listen, (ListenAddress{TcpAddress{"127.0.0.1", 9}}));
    EXPECT_EQ(serve.base_url, "https://x.example");
    EXPECT_EQ(serve.title, "News");
    EXPECT_FALSE(serve.status_off);
    EXPECT_TRUE(std::get<ServeCommand>(parsed({"serve", "--status-listen", "off"}).command).status_off);
}

TEST(CommandLine, ReadsWhatAnOperatorWants) {
    const auto remove =
        std::get<CategoryCommand>(parsed({"category", "remove", "news", "--at", "2027-01-31", "--json"}).command);
    EXPECT_EQ(remove.action + " " + remove.slug + " " + remove.at.value_or(""), "remove news 2027-01-31");
    EXPECT_TRUE(remove.json);
    const auto merge = std::get<SelectionCommand>(parsed({"author", "merge", "A. Author", "Ann"}).command);
    EXPECT_EQ(merge.kind, SelectionKind::author);
    EXPECT_EQ(merge.action + " " + merge.name + " " + merge.other, "merge A. Author Ann");
    const auto list = std::get<ArticleCommand>(parsed({"article", "list", "--limit", "10000"}).command);
    EXPECT_EQ(list.page.limit, 10'000U);
    EXPECT_EQ(answered({"article", "list", "--limit", "10001"}).exit_status, 2);
    EXPECT_TRUE(complaint({"category", "renmae", "a", "b"}).ends_with("did you mean rename?"));
}

TEST(CommandLine, ReadsOneFileOrManyNotBoth) {
    const auto read = std::get<ReadCommand>(parsed({"read", "a.xml", "--url", "https://x.example/", "--sanitize"}).command);
    EXPECT_EQ(read.file, "a.xml");
    EXPECT_EQ(read.url, "https://x.example/");
    EXPECT_TRUE(read.sanitise && !read.batch);
    EXPECT_TRUE(std::get<ReadCommand>(parsed({"read", "--batch"}).command).batch);
    EXPECT_NE(complaint({"read"}).find("file"), std::string::npos);
    EXPECT_NE(complaint({"read", "a.xml", "--batch"}), "");
}

TEST(CommandLine, LeavesTheConfigurationAloneWhereNothingIsSaid) {
    const auto serve = std::get<ServeCommand>(parsed({"serve"}).command);
    EXPECT_TRUE(serve.listen.empty());
    EXPECT_FALSE(serve.status_listen || serve.base_url || serve.title || serve.status_off);
}

TEST(CommandLine, ReadsAnImport) {
    const auto import =
        std::get<ImportJekyllCommand>(parsed({"import", "jekyll", "my site", "--local-dates", "--prune", "--strict"}).command);
    EXPECT_EQ(import.site_directory, "my site");
    EXPECT_TRUE(import.options.local_dates && import.options.prune && import.strict);
}

TEST(CommandLine, HandsPsqlWhatStandsAfterTheDashes) {
    const auto psql = std::get<PsqlCommand>(parsed({"psql", "--data", "var", "--", "-c", "SELECT 1", "--csv"}).command);
    EXPECT_EQ(psql.arguments, (Arguments{"-c", "SELECT 1", "--csv"}));
    EXPECT_TRUE(std::get<PsqlCommand>(parsed({"psql"}).command).arguments.empty());
    EXPECT_EQ(complaint({"psql", "-c", "SELECT 1"}), "gazetted: what psql is to get stands after --: gazetted psql -- -c");
}

TEST(CommandLine, ReadsTheSmallCommands) {
    EXPECT_EQ(std::get<SanitizeCommand>(parsed({"sanitize", "--base", "https://x"}).command).base_url, "https://x");
    EXPECT_EQ(std::get<RenderCommand>(parsed({"render", "/all.atom"}).command).address, "/all.atom");
    EXPECT_EQ(std::get<RenderCommand>(parsed({"export", "opml"}).command).address, "/feeds.opml");
    EXPECT_EQ(std::get<RenderCommand>(parsed({"export", "opml", "--tags", "--group", "language", "--authors"}).command).address,
              "/feeds.opml?group=language&with=authors,tags");
    EXPECT_EQ(answered({"export", "opml", "--group", "colour"}).exit_status, 2);
    EXPECT_TRUE(std::holds_alternative<ExportSubscriptionsCommand>(parsed({"export", "opml", "--subscriptions"}).command));
    EXPECT_EQ(answered({"export", "opml", "--subscriptions", "--tags"}).exit_status, 2);
    EXPECT_NE(complaint({"export"}).find("opml"), std::string::npos) << complaint({"export"});
    EXPECT_TRUE(std::get<StatsCommand>(parsed({"stats", "--json"}).command).json);
    const auto readers = std::get<StatsCommand>(parsed({"stats", "--category", "news", "--days", "31"}).command);
    EXPECT_EQ(readers.category, "news");
    EXPECT_EQ(readers.days, 31U);
    for (const char* days : {"0", "32", "-1", "x"}) {
        const auto answer = parse_command_line({"stats", "--days", days});
        ASSERT_TRUE(std::holds_alternative<UsageAnswer>(answer)) << days;
        EXPECT_EQ(std::get<UsageAnswer>(answer).exit_status, 2);
    }
    EXPECT_TRUE(std::holds_alternative<CheckCommand>(parsed({"check"}).command));
    EXPECT_TRUE(std::holds_alternative<VersionCommand>(parsed({"version"}).command));
    EXPECT_TRUE(std::holds_alternative<VersionCommand>(parsed({"--version"}).command));
}

TEST(CommandLine, NamesTheNearestCommandOrOption) {
    EXPECT_EQ(complaint({"sevre"}), "gazetted: unknown command sevre, did you mean serve?");
    EXPECT_EQ(complaint({"import", "jekil", "x"}), "gazetted: unknown command jekil, did you mean jekyll?");
    EXPECT_EQ(complaint({"serve", "--lisen", ":80"}), "gazetted: unknown option --lisen, did you mean --listen?");
    EXPECT_EQ(complaint({"serve", "--databse", "x"}), "gazetted: unknown option --databse, did you mean --database?");
    EXPECT_EQ(complaint({"qqqqqqqqq"}), "gazetted: unknown command qqqqqqqqq");
    EXPECT_EQ(complaint({"category", "add", "--", "-dash", "--config", "F"}),
              "gazetted: --config stands behind --, where nothing is an option: give it before");
}

TEST(CommandLine, SaysWhatIsMissing) {
    EXPECT_TRUE(complaint({}).starts_with("gazetted: a command is missing: serve, import")) << complaint({});
    EXPECT_EQ(complaint({"import"}), "gazetted: a command is missing: jekyll, opml");
    EXPECT_NE(complaint({"import", "jekyll"}).find("site_directory"), std::string::npos) << complaint({"import", "jekyll"});
    EXPECT_NE(complaint({"render"}).find("address"), std::string::npos) << complaint({"render"});
    EXPECT_NE(complaint({"migrate", "--data"}).find("--data"), std::string::npos);
}

TEST(CommandLine, RefusesValuesThatMeanNothing) {
    EXPECT_NE(complaint({"serve", "--listen", "80"}).find("\"80\" is not ADDR:PORT"), std::string::npos);
    EXPECT_NE(complaint({"serve", "--status-listen", "of"}).find("or off"), std::string::npos);
    EXPECT_NE(complaint({"serve", "--base-url", "example.org"}).find("no base URL"), std::string::npos);
    EXPECT_NE(complaint({"migrate", "--log-level", "loud"}).find("no log level"), std::string::npos);
    EXPECT_NE(complaint({"migrate", "--data", "a", "--database", "b"}).find("--data"), std::string::npos);
    EXPECT_EQ(complaint({"migrate", "now"}), "gazetted: unexpected argument now");
    EXPECT_EQ(complaint({"migrate", "--to", "x"}), "gazetted: --to wants a whole number, not x");
    for (const char* group : {"colour", "2"})
        EXPECT_EQ(complaint({"export", "opml", "--group", group}),
                  "gazetted: --group: " + std::string(group) + " not in {language,kind}");
    EXPECT_EQ(complaint({"sanitize", "--base", "garbage"}), "gazetted: --base: \"garbage\" is no http or https address");
    EXPECT_EQ(complaint({"read", "-", "--url", "garbage"}), "gazetted: --url: \"garbage\" is no http or https address");
}

TEST(CommandLine, ExplainsEveryCommandWithAnExample) {
    for (Arguments arguments : all_commands) {
        std::string name = "gazetted";
        for (const std::string& word : arguments) name += " " + word;
        arguments.emplace_back("--help");
        const UsageAnswer answer = answered(arguments);
        EXPECT_EQ(answer.exit_status, 0) << name;
        EXPECT_NE(answer.text.find("Example:\n  gazetted "), std::string::npos) << name << "\n" << answer.text;
        EXPECT_NE(answer.text.find("Usage: " + name), std::string::npos) << name << "\n" << answer.text;
    }
    const std::string all = answered({"--help"}).text;
    for (const Arguments& arguments : all_commands)
        EXPECT_NE(all.find("\n  " + arguments.front() + " "), std::string::npos) << all;
}

}  // namespace
}  // namespace gazetted
