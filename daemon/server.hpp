#pragma once

#include "daemon/config.hpp"
#include "daemon/publisher.hpp"

#include <functional>
#include <memory>
#include <string>

namespace gazetted {

/// What the status listener answers; called on a loop's thread, so it must not block.
struct StatusReport {
    bool ready = true;
    std::string reason;  ///< one sentence where not ready
};

/// HTTP/1.1 over Beast: one event loop a core, each with its own SO_REUSEPORT acceptor; a conversation never leaves its loop.
class Server {
public:
    /// Binds and listens; throws std::system_error naming the address. Nothing is accepted before run().
    Server(const ServerConfig&, std::string cache_control, Publisher&, std::function<StatusReport()> status);
    ~Server();

    /// Serves on `loops` threads until drain(); returns when the last conversation ended or the drain time-out passed.
    void run();
    /// From any thread: stops accepting, lets running answers finish, closes idle connections.
    void drain();
    /// From any thread: no loop hangs. What the service manager's watchdog is told; true before run().
    bool is_alive() const;
    /// The ports in use, in the order of `listen` (a configured 0 gets one from the kernel), for logs and tests.
    std::vector<unsigned short> ports() const;
    unsigned short status_port() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace gazetted
