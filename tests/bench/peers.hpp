#pragma once

#include "tests/bench/served_feed.hpp"
#include "tests/support/child_process.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace gazetted {

/// A server to compare with: its name, and whether it is installed here.
struct KnownPeer {
    std::string name;
    bool is_installed;
};
std::vector<KnownPeer> known_peers();

/// A server that answers on 127.0.0.1.
struct RunningPeer {
    std::string name;
    unsigned short port;
    ChildProcess process;
};

/// The file as the peers will find it under `folder`; once for all, since their validators depend on when it was written.
void write_document_root(const ServedFile& file, const std::filesystem::path& folder);

/// Starts a known peer as one thread or process as far as it can be, over the document root under `folder`, and returns when it
/// answers; `origin` is the port of a server that has the file. Throws std::runtime_error with the end of its log.
RunningPeer start_peer(const std::string& name, const ServedFile& file, unsigned short origin,
                       const std::filesystem::path& folder);

}  // namespace gazetted
