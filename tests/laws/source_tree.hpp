#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace gazetted::laws {

struct SourceFile {
    std::string path;  ///< relative to the tree, with slashes
    std::string text;

    bool in(const std::string& folder) const { return path.starts_with(folder + "/"); }
    std::string stem() const { return std::filesystem::path(path).stem().string(); }
    bool is_cpp() const { return path.ends_with(".cpp") || path.ends_with(".hpp"); }
};

/// What git tracks or would track; where there is no git, every file outside build/ and var/. Text files only.
const std::vector<SourceFile>& source_files();

/// The paths named by `#include` lines, in order.
std::vector<std::string> includes(const SourceFile&);

/// The output of a shell command run in the tree, and its exit status.
struct ShellResult {
    int status = -1;
    std::string output;
};
ShellResult shell(const std::string& command);

}  // namespace gazetted::laws
