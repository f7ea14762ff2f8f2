#include "tests/laws/source_tree.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <regex>
#include <set>

namespace gazetted::laws {
namespace {

using Words = std::set<std::string>;

/// Every file that `chosen` picks, with what it includes that starts with one of `forbidden`.
template <class Chosen>
std::vector<std::string> trespasses(Chosen chosen, const Words& forbidden) {
    std::vector<std::string> found;
    for (const SourceFile& file : source_files()) {
        if (!file.is_cpp() || !chosen(file)) continue;
        for (const std::string& name : includes(file)) {
            const bool bad =
                std::any_of(forbidden.begin(), forbidden.end(), [&](const std::string& f) { return name.starts_with(f); });
            if (bad) found.push_back(file.path + " includes " + name);
        }
    }
    return found;
}

const std::vector<std::string> none;

TEST(Law, FeedsIncludesNothingOfTheDaemon) {
    EXPECT_EQ(trespasses([](const SourceFile& f) { return f.in("feeds"); }, {"daemon/", "sql/", "tests/"}), none);
}

TEST(Law, FeedsHasNoClockLogLockFileOrSocket) {
    const Words impure = {"thread", "mutex",   "atomic", "condition_variable", "future",   "fstream",    "filesystem",
                          "ctime",  "spdlog/", "sys/",   "unistd.h",           "netinet/", "boost/asio", "boost/beast",
                          "pqxx/"};
    EXPECT_EQ(trespasses([](const SourceFile& f) { return f.in("feeds"); }, impure), none);
    for (const SourceFile& file : source_files()) {
        EXPECT_FALSE(file.in("feeds") && file.text.find("clock::now") != std::string::npos) << file.path;
    }
}

TEST(Law, TheDaemonIncludesNoTests) {
    EXPECT_EQ(trespasses([](const SourceFile& f) { return f.in("daemon"); }, {"tests/"}), none);
}

TEST(Law, TheEdgesNeverIncludeEachOther) {
    const Words edges = {"server", "fetcher", "store"};
    for (const std::string& edge : edges) {
        Words others;
        for (const std::string& other : edges) {
            if (other != edge) others.insert("daemon/" + other + ".hpp");
        }
        const auto belongs = [&](const SourceFile& f) {
            return f.path.starts_with("daemon/" + edge + ".") || f.in("daemon/" + edge);
        };
        EXPECT_EQ(trespasses(belongs, others), none);
    }
}

/// Third-party headers and the only sources that may name them: by stem, by its beginning (`store_`) or by folder.
const std::map<std::string, Words> homes = {
    {"pqxx/", {"store", "store_", "migrate", "listen", "connection", "private_postgres", "postgres_cluster"}},
    {"libpq-fe.h", {"store", "store_", "migrate", "listen", "connection", "private_postgres", "postgres_cluster"}},
    {"boost/beast", {"server", "server_", "conversation", "boost_src", "http", "http_", "status_", "event_loop"}},
    {"boost/asio", {"server", "server_", "conversation", "boost_src", "http", "http_", "status_", "event_loop"}},
    {"gumbo.h", {"sanitise_html", "html_", "text_of_html"}},
    {"curl/", {"fetcher", "fetcher_"}},
    {"re2/", {"pattern"}},
    {"ctemplate/", {"pages", "pages_", "category_page", "article_page", "index_page"}},
    {"yaml-cpp/", {"import_jekyll", "jekyll", "front_matter"}},
    {"md4c", {"import_jekyll", "jekyll", "markdown"}},
    {"toml", {"config", "config_"}},
    {"CLI/", {"command_line", "command_line_"}},
    {"spdlog/", {"log"}},
    {"openssl/", {"tls", "token"}},
    {"prometheus/", {"metrics"}},
    {"systemd/", {"systemd", "log"}},
    {"pugixml", {"write_feed", "rss", "atom", "opml", "write_"}},
};

bool at_home(const SourceFile& file, const Words& home) {
    const std::string stem = file.stem();
    return std::any_of(home.begin(), home.end(), [&](const std::string& name) {
        return stem == name || (name.ends_with("_") && stem.starts_with(name)) ||
               file.path.find("/" + name + "/") != std::string::npos;
    });
}

TEST(Law, ThirdPartyHeadersStayInTheirFewSources) {
    Words met;
    for (const auto& [header, home] : homes) {
        Words bearers = {header};  // a header of ours that shows the library is as private as the library's own
        for (const SourceFile& file : source_files()) {
            const std::vector<std::string> names = includes(file);
            const bool shows =
                std::any_of(names.begin(), names.end(), [&](const auto& name) { return name.starts_with(header); });
            if (shows && file.path.ends_with(".hpp") && !file.in("tests")) bearers.insert(file.path);
            if (shows) met.insert(header);
        }
        const auto abroad = [&](const SourceFile& f) { return (f.in("feeds") || f.in("daemon")) && !at_home(f, home); };
        EXPECT_EQ(trespasses(abroad, bearers), none);
    }
    EXPECT_TRUE(met.contains("toml") && met.contains("CLI/")) << "the law looks at nothing";
}

/// A statement that awaits must hold no temporary that GCC 12 would destroy twice: no lambda with a capture by value, no
/// brace-initialised aggregate. Captures by reference, of `this` and of nothing are safe.
std::vector<std::string> double_destructions(const std::string& text) {
    static const std::regex lambda(R"(\[([^\]\[]*)\]\s*(\([^()]*\)\s*)?(mutable\s*)?(->\s*[\w:<>]+\s*)?\{)");
    static const std::regex aggregate(R"([A-Za-z_][\w:]*\s*\{\s*\.?\w)");
    static const std::regex safe_capture(R"(\s*(&\s*\w*|this)?(\s*,\s*(&\s*\w+|this))*\s*)");
    static const std::regex declaration(R"(^\s*(if|for|while|switch|do|else|try|struct|class|namespace)\b)");
    std::vector<std::string> found;
    for (std::size_t at = text.find("co_await"); at != std::string::npos; at = text.find("co_await", at + 1)) {
        // The statement reaches from the last `;` or block brace to the `;` at the same depth.
        std::size_t begin = text.find_last_of(";}", at);
        begin = begin == std::string::npos ? 0 : begin + 1;
        if (const std::size_t block = text.substr(begin, at - begin).rfind("{\n"); block != std::string::npos)
            begin += block + 1;
        std::size_t end = at;
        for (int depth = 0; end < text.size(); ++end) {
            const char c = text[end];
            if (c == '(' || c == '{' || c == '[') ++depth;
            if (c == ')' || c == '}' || c == ']') --depth;
            if ((c == ';' && depth <= 0) || depth < -1) break;
        }
        const std::string statement = text.substr(begin, end - begin);
        if (statement.find("//") < statement.find("co_await")) continue;
        if (std::regex_search(statement, declaration) && statement.find("co_await") > statement.find('{')) continue;
        for (std::sregex_iterator m(statement.begin(), statement.end(), lambda), last; m != last; ++m) {
            if (!std::regex_match((*m)[1].str(), safe_capture)) found.push_back(m->str() + " in: " + statement);
        }
        for (std::sregex_iterator m(statement.begin(), statement.end(), aggregate), last; m != last; ++m) {
            found.push_back(m->str() + " in: " + statement);
        }
    }
    return found;
}

TEST(CoroutineLint, SeesWhatGcc12DestroysTwice) {
    EXPECT_FALSE(double_destructions("x();\nco_await run([s] { use(s); });\n").empty());
    EXPECT_FALSE(double_destructions("x();\nauto y = co_await co_spawn(ex, [s = std::move(t)]() mutable { return s; }, use);\n")
                     .empty());
    EXPECT_FALSE(double_destructions("x();\nco_await send(Answer{.status = 1});\n").empty());
    EXPECT_FALSE(double_destructions("co_spawn(co_await this_coro::executor, [s] { use(s); }, detached);\n").empty());
}

TEST(CoroutineLint, LetsPassWhatIsSafe) {
    EXPECT_EQ(double_destructions("x();\nco_await run([&] { use(s); });\nco_await run([this] { go(); });\n"), none);
    EXPECT_EQ(double_destructions("auto work = [s] { use(s); };\nco_await run(std::move(work));\nAnswer a{.status = 1};\n"),
              none);
    EXPECT_EQ(double_destructions("task<> f() {\n    co_await g();\n}\n"), none);
}

TEST(Law, NoAwaitingStatementHoldsATemporaryThatGcc12DestroysTwice) {
    for (const SourceFile& file : source_files()) {
        if (!file.is_cpp() || file.in("tests/laws")) continue;
        for (const std::string& what : double_destructions(file.text)) ADD_FAILURE() << file.path << ": " << what;
    }
}

TEST(Law, EverySourceIsFormatted) {
    if (shell("command -v clang-format").status != 0) GTEST_SKIP() << "clang-format is not installed";
    std::string paths;
    for (const SourceFile& file : source_files()) {
        if (file.is_cpp()) paths += " '" + file.path + "'";
    }
    const ShellResult checked =
        shell("clang-format --dry-run -Werror" + paths + " 2>&1 | grep 'error:' | cut -d: -f1 | sort | uniq -c");
    EXPECT_EQ(checked.output, "");
}

/// Put together here so that this file does not break its own law.
std::string word(const char* first, const char* second) { return std::string(first) + second; }

TEST(Law, NothingIsLeftForLater) {
    const std::vector<std::string> left = {word("TO", "DO"), word("FIX", "ME"), word("XX", "X "), word("HA", "CK ")};
    for (const SourceFile& file : source_files()) {
        if (file.in("tests/cases")) continue;
        for (const std::string& what : left)
            EXPECT_EQ(file.text.find(what), std::string::npos) << file.path << " says " << what;
    }
}

TEST(Law, NoFileIsADrawer) {
    const std::regex drawer("(^|_)(util|utils|common|helper|helpers|manager|misc)(_|$)");
    for (const SourceFile& file : source_files()) EXPECT_FALSE(std::regex_search(file.stem(), drawer)) << file.path;
}

TEST(Law, NoPathOfOneMachineAndNoRegistryIsNamed) {
    const std::vector<std::string> places = {word("/wo", "rk/"),         word("/ro", "ot/"),         word("/home", "/user"),
                                             word("registry.", "npmjs"), word("deb.", "debian.org"), word("pypi.", "org"),
                                             word("rubygems.", "org"),   word("crates.", "io")};
    for (const SourceFile& file : source_files()) {
        if (file.in("tests/cases")) continue;
        for (const std::string& place : places)
            EXPECT_EQ(file.text.find(place), std::string::npos) << file.path << " names " << place;
    }
}

TEST(Law, EveryCaseFolderHoldsACase) {
    const std::filesystem::path cases = std::filesystem::path(GAZETTED_SOURCE_DIR) / "tests/cases";
    if (!std::filesystem::exists(cases)) GTEST_SKIP() << "there are no cases yet";
    for (const auto& entry : std::filesystem::recursive_directory_iterator(cases)) {
        EXPECT_FALSE(entry.is_directory() && std::filesystem::is_empty(entry.path())) << entry.path();
    }
}

TEST(Law, TheTopLevelHoldsOnlyWhatBelongsThere) {
    const Words allowed = {".ci",     ".clang-format", ".gitignore", "CHANGELOG.md", "CMakeLists.txt", "CMakePresets.json",
                           "LICENSE", "README.md",     "daemon",     "docs",         "feeds",          "run",
                           "sql",     "systemd",       "test",       "tests"};
    for (const SourceFile& file : source_files()) {
        EXPECT_TRUE(allowed.contains(file.path.substr(0, file.path.find('/')))) << file.path;
    }
}

}  // namespace
}  // namespace gazetted::laws
