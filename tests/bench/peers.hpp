#pragma once

#include "tests/bench/served_feed.hpp"

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace gazetted {

/// A child process that ends with us; killed where it does not stop within five seconds.
class Child {
public:
    /// `arguments` without a shell, the first looked up in PATH and in the folders of daemons. Output goes to `log`.
    Child(const std::vector<std::string>& arguments, const std::filesystem::path& log);
    ~Child();
    Child(Child&& other) noexcept : pid_(other.pid_) { other.pid_ = -1; }
    Child& operator=(Child&&) = delete;
    pid_t pid() const { return pid_; }
    bool has_ended() const;

private:
    pid_t pid_;
};

/// In PATH or where daemons lie.
bool is_installed(std::string_view program);

/// A server to compare with: its name, and whether it is installed here.
struct Peer {
    std::string name;
    bool is_installed;
};
std::vector<Peer> known_peers();

/// A server that answers on 127.0.0.1.
struct RunningPeer {
    std::string name;
    unsigned short port;
    Child process;
};

/// The file as the peers will find it under `folder`; once for all, since their validators depend on when it was written.
void write_document_root(const ServedFile& file, const std::filesystem::path& folder);

/// Starts a known peer as one thread or process as far as it can be, over the document root under `folder`, and returns when it
/// answers; `origin` is the port of a server that has the file. Throws std::runtime_error with the end of its log.
RunningPeer start_peer(const std::string& name, const ServedFile& file, unsigned short origin,
                       const std::filesystem::path& folder);

}  // namespace gazetted
