#include "tests/laws/source_tree.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <sstream>

namespace gazetted::laws {
namespace {

std::vector<std::string> tracked_paths() {
    ShellResult listed = shell("git ls-files --cached --others --exclude-standard 2>/dev/null");
    if (listed.status != 0 || listed.output.empty()) {
        listed = shell("find . -type f -not -path './build/*' -not -path './var/*' -not -path './.git/*' | sed 's#^\\./##'");
    }
    std::vector<std::string> paths;
    std::istringstream lines(listed.output);
    for (std::string line; std::getline(lines, line);) paths.push_back(line);
    return paths;
}

}  // namespace

ShellResult shell(const std::string& command) {
    FILE* pipe = popen(("cd '" GAZETTED_SOURCE_DIR "' && " + command).c_str(), "r");
    if (pipe == nullptr) return {};
    ShellResult result;
    std::array<char, 65536> bytes{};
    while (const std::size_t size = fread(bytes.data(), 1, bytes.size(), pipe)) result.output.append(bytes.data(), size);
    result.status = pclose(pipe);
    return result;
}

const std::vector<SourceFile>& source_files() {
    static const std::vector<SourceFile> files = [] {
        std::vector<SourceFile> found;
        for (const std::string& path : tracked_paths()) {
            std::ifstream file(std::filesystem::path(GAZETTED_SOURCE_DIR) / path, std::ios::binary);
            std::string text{std::istreambuf_iterator<char>(file), {}};
            if (file && text.find('\0') == std::string::npos) found.push_back({path, std::move(text)});
        }
        return found;
    }();
    return files;
}

std::vector<std::string> includes(const SourceFile& file) {
    std::vector<std::string> names;
    std::istringstream lines(file.text);
    for (std::string line; std::getline(lines, line);) {
        const std::size_t hash = line.find_first_not_of(" \t");
        if (hash == std::string::npos || line[hash] != '#') continue;
        const std::size_t word = line.find_first_not_of(" \t", hash + 1);
        if (word == std::string::npos || line.compare(word, 7, "include") != 0) continue;
        const std::size_t open = line.find_first_of("<\"", word);
        const std::size_t close = open == std::string::npos ? open : line.find_first_of(">\"", open + 1);
        if (close != std::string::npos) names.push_back(line.substr(open + 1, close - open - 1));
    }
    return names;
}

TEST(SourceTree, IsFoundAndRead) {
    bool here = false;
    for (const SourceFile& file : source_files()) {
        if (file.path != "tests/laws/source_tree_test.cpp") continue;
        here = true;
        EXPECT_EQ(includes(file).front(), "tests/laws/source_tree.hpp");
    }
    EXPECT_TRUE(here) << "only " << source_files().size() << " files found";
}

}  // namespace gazetted::laws
