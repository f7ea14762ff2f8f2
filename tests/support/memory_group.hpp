#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace gazetted {

/// A control group (version 2 or 1) below this process's own, whose processes together have so much memory and no swap. Gone
/// when they are.
class MemoryGroup {
public:
    explicit MemoryGroup(unsigned megabytes_max);
    ~MemoryGroup();
    MemoryGroup(const MemoryGroup&) = delete;
    MemoryGroup& operator=(const MemoryGroup&) = delete;

    /// Why there is none; empty: there is one.
    const std::string& trouble() const { return trouble_; }
    /// Before a program and its arguments: it becomes that program, in the group.
    std::vector<std::string> launcher() const;
    double peak_mb() const;
    /// Processes that the kernel ended to make room.
    int killed() const;

private:
    std::string read(const char* file_2, const char* file_1) const;
    std::filesystem::path folder_;
    bool is_version_2_ = false;
    std::string trouble_;
};

}  // namespace gazetted
