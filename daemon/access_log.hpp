#pragma once

#include "daemon/access_queue.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace gazetted {

/// Writes the access log on a thread of its own, about ten times a second, so that neither a full nor a slow disk holds up a
/// loop: what finds no room in a loop's queue, or none on the disk, is lost, counted and said in the log.
class AccessLog {
public:
    /// `-` is stdout, anything else a file that is appended to. Throws std::system_error naming it where it cannot be opened.
    explicit AccessLog(std::string path, LogFormat = LogFormat::text);
    /// Writes what is queued; gives up after a second on a pipe that nobody reads.
    ~AccessLog();
    AccessLog(const AccessLog&) = delete;
    AccessLog& operator=(const AccessLog&) = delete;

    /// For one loop's thread; stays as long as the log.
    AccessQueue& add_queue();
    /// From any thread: a line found no room.
    void lose() noexcept;
    /// From any thread: what comes from now on goes into a file that is opened anew, as log rotation wants it.
    void reopen() noexcept;
    std::uint64_t written() const noexcept;  ///< lines
    std::uint64_t lost() const noexcept;     ///< lines

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace gazetted
