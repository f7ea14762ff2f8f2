#include "tests/support/memory_group.hpp"

#include <unistd.h>

#include <chrono>
#include <fstream>
#include <sstream>
#include <thread>

namespace gazetted {

namespace fs = std::filesystem;

namespace {

/// Where this process is, by /proc/self/cgroup: `4:memory:/somewhere`, or `0::/somewhere` in version 2.
fs::path own_group(bool is_version_2) {
    std::ifstream lines("/proc/self/cgroup");
    for (std::string line; std::getline(lines, line);) {
        const auto path = line.substr(line.find(':', line.find(':') + 1) + 1);
        if (is_version_2 && line.starts_with("0::")) return "/sys/fs/cgroup" + path;
        if (!is_version_2 && line.find(":memory:") != std::string::npos) return "/sys/fs/cgroup/memory" + path;
    }
    return {};
}

bool write(const fs::path& file, const std::string& value) {
    std::ofstream out(file);
    return static_cast<bool>(out << value << std::flush);
}

}  // namespace

MemoryGroup::MemoryGroup(unsigned megabytes_max) : is_version_2_(fs::exists("/sys/fs/cgroup/cgroup.controllers")) {
    folder_ = own_group(is_version_2_) / ("gazetted-test-" + std::to_string(getpid()));
    std::error_code error;
    fs::create_directory(folder_, error);
    const std::string bytes = std::to_string(megabytes_max * 1'048'576ULL);
    const bool is_limited =
        !error && (is_version_2_ ? write(folder_ / "memory.max", bytes) && write(folder_ / "memory.swap.max", "0")
                                 : write(folder_ / "memory.limit_in_bytes", bytes));
    if (!is_limited) trouble_ = error ? error.message() : "its memory cannot be limited";
}

MemoryGroup::~MemoryGroup() {
    std::error_code ignored;
    for (int tries = 0; tries < 500 && !fs::remove(folder_, ignored) && ignored; ++tries)
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
}

std::vector<std::string> MemoryGroup::launcher() const {
    return {"sh", "-c", "echo $$ > '" + (folder_ / "cgroup.procs").string() + "' && exec \"$@\"", "sh"};
}

std::string MemoryGroup::read(const char* file_2, const char* file_1) const {
    std::ifstream file(folder_ / (is_version_2_ ? file_2 : file_1));
    return {std::istreambuf_iterator<char>(file), {}};
}

double MemoryGroup::peak_mb() const {
    const std::string bytes = read("memory.peak", "memory.max_usage_in_bytes");
    return bytes.empty() ? -1 : std::stod(bytes) / 1'048'576;
}

int MemoryGroup::killed() const {
    std::istringstream words(read("memory.events", "memory.oom_control"));
    std::string name;
    for (int count = 0; words >> name >> count;)
        if (name == "oom_kill") return count;
    return -1;
}

}  // namespace gazetted
