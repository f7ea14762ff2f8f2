#pragma once

#include <mutex>
#include <optional>

namespace gazetted {

/// Lets another thread end a call that waits for a server: the socket is shut down, and the call fails at once. Thread-safe.
class Interruption {
public:
    /// What waits now fails, and so does what is watched from now on.
    void begin();

    /// Watches a socket that stays open meanwhile; one at a time.
    class Watch {
    public:
        Watch(Interruption&, int socket);
        ~Watch();
        Watch(const Watch&) = delete;
        Watch& operator=(const Watch&) = delete;

    private:
        Interruption& interruption_;
    };

private:
    std::mutex mutex_;
    std::optional<int> socket_;
    bool has_begun_ = false;
};

}  // namespace gazetted
