#include "tests/laws/source_tree.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <regex>
#include <string>
#include <vector>

namespace gazetted::laws {
namespace {

using std::filesystem::path;

/// The targets of `[text](target)` and `![text](target)` in a Markdown file that name a file of the tree.
std::vector<std::string> links_into_the_tree(const SourceFile& document) {
    static const std::regex link(R"(\]\(([^)#\s]+)[^)]*\))");
    std::vector<std::string> targets;
    for (std::sregex_iterator it(document.text.begin(), document.text.end(), link), end; it != end; ++it) {
        const std::string target = (*it)[1];
        if (target.find("://") == std::string::npos)
            targets.push_back((path(document.path).parent_path() / target).lexically_normal());
    }
    return targets;
}

TEST(Documents, LinkOnlyToWhatIsThere) {
    std::size_t seen = 0;
    for (const SourceFile& file : source_files()) {
        if (!file.path.ends_with(".md") || file.in("tests")) continue;
        for (const std::string& target : links_into_the_tree(file)) {
            EXPECT_TRUE(std::filesystem::exists(path(GAZETTED_SOURCE_DIR) / target)) << file.path << " links to " << target;
            ++seen;
        }
    }
    EXPECT_GT(seen, 3U);
}

TEST(Documents, GiveEachDecisionANumberOfItsOwn) {
    std::map<std::string, std::string> decisions;
    for (const SourceFile& file : source_files()) {
        if (!file.in("docs/decisions")) continue;
        const auto [other, is_new] = decisions.emplace(file.stem().substr(0, 4), file.path);
        EXPECT_TRUE(is_new) << file.path << " and " << other->second;
    }
    EXPECT_FALSE(decisions.empty());
}

}  // namespace
}  // namespace gazetted::laws
