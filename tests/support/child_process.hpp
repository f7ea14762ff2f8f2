#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace gazetted {

/// In PATH or where daemons lie.
bool is_installed(std::string_view program);

/// A program that ends with us; killed where it does not stop within five seconds.
class ChildProcess {
public:
    /// `arguments` without a shell, the first looked up in PATH and in the folders of daemons. Output goes to `log`.
    ChildProcess(const std::vector<std::string>& arguments, const std::filesystem::path& log);
    ~ChildProcess();
    ChildProcess(ChildProcess&& other) noexcept : pid_(other.pid_) { other.pid_ = -1; }
    ChildProcess& operator=(ChildProcess&&) = delete;
    pid_t pid() const { return pid_; }
    bool has_ended() const;

private:
    pid_t pid_;
};

}  // namespace gazetted
