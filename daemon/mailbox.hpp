#pragma once

#include "daemon/descriptor.hpp"

#include <functional>
#include <mutex>
#include <vector>

namespace gazetted {

/// The way back onto a loop for other threads, who may come after it has ended.
class Mailbox {
public:
    using Letter = std::function<void()>;  ///< must not throw

    Mailbox();  ///< throws std::system_error where the system refuses

    /// From any thread: runs `letter` on the loop's, or never.
    void post(Letter letter);

    /// Can be read while there are letters.
    int descriptor() const noexcept { return arrival_.number(); }
    /// Runs all that have come, in their order. On the loop's thread, as is close().
    void open() noexcept;
    /// What came and what comes is dropped.
    void close();

private:
    const Descriptor arrival_;
    std::mutex mutex_;
    std::vector<Letter> letters_;
    bool is_closed_ = false;
};

}  // namespace gazetted
