#include "daemon/config.hpp"
#include "tests/support/daemon_process.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <sstream>

namespace gazetted {
namespace {

std::string read_source(const std::string& path) {
    std::ifstream file(GAZETTED_SOURCE_DIR "/" + path);
    EXPECT_TRUE(file.good()) << path;
    return {std::istreambuf_iterator<char>(file), {}};
}

/// A page as it is read: without escaped hyphens and changes of font.
std::string manual(const std::string& name) {
    std::string page = std::regex_replace(read_source("docs/man/" + name), std::regex(R"(\\f[BIR])"), "");
    return std::regex_replace(page, std::regex(R"(\\-)"), "-");
}

std::set<std::string> matches(const std::string& text, const std::string& pattern) {
    const std::regex expression(pattern);
    std::set<std::string> found;
    for (std::sregex_iterator at(text.begin(), text.end(), expression), end; at != end; ++at) found.insert((*at)[1]);
    return found;
}

/// What a command's help says, section by section.
struct Help {
    std::set<std::string> options, subcommands;
};
Help help_of(std::vector<std::string> command) {
    command.insert(command.begin(), GAZETTED_BINARY);
    command.emplace_back("--help");
    const std::string text = run_command(command).out;
    const std::size_t at = text.find("\nSubcommands:\n");
    Help help{.options = matches(text, R"(\n  (?:-h,)?(--[a-z-]+))"), .subcommands = {}};
    if (at != std::string::npos)
        help.subcommands = matches(text.substr(at, text.find("\n\n", at) - at + 1), R"(\n  ([a-z]+) )");
    return help;
}

/// `import jekyll` -> its options.
void collect(const std::vector<std::string>& command, std::map<std::string, std::set<std::string>>& all) {
    const Help help = help_of(command);
    std::string name;
    for (const std::string& word : command) name += (name.empty() ? "" : " ") + word;
    if (help.subcommands.empty() || command.empty()) all[name] = help.options;
    for (const std::string& subcommand : help.subcommands) {
        std::vector<std::string> inner = command;
        inner.push_back(subcommand);
        collect(inner, all);
    }
}

TEST(Manual, HasEveryCommandWithEveryOptionAndNoOther) {
    std::map<std::string, std::set<std::string>> helped, documented;
    collect({}, helped);
    EXPECT_GT(helped.size(), 20U);
    std::istringstream lines(manual("gazetted.8"));
    std::string command;
    for (std::string line; std::getline(lines, line);) {
        std::smatch match;
        if (std::regex_match(line, match, std::regex(R"(\.SS gazetted ([a-z]+(?: [a-z]+)*)(?: [A-Z\[].*)?)"))) {
            command = match[1];
            documented[command].insert("--help");
        }
        if (line.starts_with(".SH EXIT")) break;
        if (std::regex_match(line, match, std::regex(R"((?:-h, )?(--[a-z-]+).*)"))) documented[command].insert(match[1]);
    }
    EXPECT_EQ(documented, helped);
}

TEST(Manual, HasEveryKeyWithItsDefault) {
    std::vector<std::string> documented, known;
    const std::string configuration = read_source("docs/configuration.md");
    std::istringstream lines(manual("gazetted.toml.5"));
    std::string section;
    for (std::string line; std::getline(lines, line);) {
        std::smatch match;
        if (std::regex_match(line, match, std::regex(R"(\.SH \[([a-z.]+)\])"))) section = match[1];
        if (!std::regex_match(line, match, std::regex(R"((\w+) = (.+))"))) continue;
        documented.push_back(section + "." + match[1].str());
        EXPECT_NE(configuration.find("| `" + documented.back() + "` | `" + match[2].str() + "` |"), std::string::npos) << line;
    }
    EXPECT_EQ(documented, config_keys());
}

TEST(Completion, OffersWhatTheHelpNames) {
    const auto offered = [](const std::string& words, const std::string& count) {
        const std::string script = "gazetted() { '" GAZETTED_BINARY "' \"$@\"; }; . '" GAZETTED_SOURCE_DIR
                                   "/systemd/gazetted.bash-completion'; COMP_WORDS=(" +
                                   words + "); COMP_CWORD=" + count + "; _gazetted; printf '%s,' \"${COMPREPLY[@]}\"";
        return run_command({"bash", "-c", script}).out;
    };
    EXPECT_EQ(offered("gazetted st", "1"), "stats,");
    EXPECT_EQ(offered("gazetted import ''", "2"), "jekyll,opml,");
    EXPECT_EQ(offered("gazetted stats --d", "2"), "--data,--database,--days,");
    EXPECT_EQ(offered("gazetted --log-level warning category re", "4"), "rename,remove,restore,");
    EXPECT_EQ(offered("gazetted --log-level w", "2"), "warning,");
    EXPECT_EQ(offered("gazetted user re", "2"), "renew,revoke,");
    EXPECT_EQ(offered("gazetted user add --s", "3"), "--scope,");
}

}  // namespace
}  // namespace gazetted
