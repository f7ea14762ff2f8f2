#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace gazetted {

/// Hears what changes in the database: one thread with its own connection, which it makes again by itself. All calls come from
/// that thread, one after the other; none after destruction.
class Listener {
public:
    struct Events {
        /// The revisions of all categories (0: the site), read after LISTEN, so that no change falls in between. Called after
        /// each connection, and every `compare_every`, which heals a lost notification.
        std::function<void(const std::map<std::int64_t, std::int64_t>& revisions)> on_connected;
        /// Categories that a commit changed; 0 is the site.
        std::function<void(const std::vector<std::int64_t>& category_ids)> on_changed;
        /// The connection is lost or could not be made; once an outage.
        std::function<void(const std::string& reason)> on_lost;
    };
    struct Times {
        std::chrono::milliseconds compare_every{30'000};
        std::chrono::milliseconds ask_every{5'000};   ///< whether the server is still there: one that hangs says nothing of it
        std::chrono::milliseconds back_off_min{100};  ///< doubles up to the maximum; half of each is random
        std::chrono::milliseconds back_off_max{2'000};
        std::chrono::milliseconds deadline{10'000};  ///< for a statement; a server that hangs longer counts as lost
    };

    Listener(std::string database_url, Events, const Times&);
    Listener(std::string database_url, Events);
    /// Stops the thread; waits for a running call and at most one statement's deadline.
    ~Listener();
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace gazetted
