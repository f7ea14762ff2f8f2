#pragma once

#include "daemon/access_log.hpp"
#include "daemon/certificates.hpp"
#include "daemon/config.hpp"
#include "daemon/listening_socket.hpp"
#include "daemon/polling_ledger.hpp"
#include "daemon/publisher.hpp"
#include "daemon/readership_inbox.hpp"
#include "daemon/status_board.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace gazetted {

/// What the status listener answers; called on a loop's thread, so it must not block.
struct StatusReport {
    bool ready = true;
    std::string reason;  ///< one sentence where not ready
};

/// Where a server does listen: with the port that the kernel chose, and with the address of a passed socket.
struct BoundListener {
    ListenAddress address;
    Door door = Door::public_site;
    std::string passed_as;  ///< by the service manager; else empty
};

/// Who hears of answers; they outlive the server. Null: nobody.
struct Observers {
    ReadershipInbox* readers = nullptr;
    AccessLog* access_log = nullptr;
    const PollingLedger* polling = nullptr;
    StatusBoard* board = nullptr;
};

class Api;

/// HTTP/1.1 over Beast: one event loop a core, each with its own SO_REUSEPORT acceptor; a conversation never leaves its loop.
class Server {
public:
    /// Binds and listens; throws what listen_on() throws. Nothing is accepted before run(). `api` answers on the status
    /// listener, or nobody does; it outlives the server.
    Server(const ServerConfig&, std::string cache_control, Publisher&, std::function<StatusReport()> status,
           const Observers& observers = {}, std::vector<PassedSocket> passed = {}, const VariantLimits& = {},
           Api* api = nullptr);
    ~Server();

    /// Serves on `loops` threads until drain(); returns when the last conversation ended or the drain time-out passed.
    void run();
    /// From any thread: answers who has connected by now, accepts nobody any more, lets running answers finish, closes idle
    /// connections. Who connects to a passed socket meanwhile waits there for the next daemon.
    void drain();
    /// From any thread: limits and times, for what comes from now on. Where to listen and how many loops stay as they are.
    void take_limits(const ServerConfig&);
    /// From any thread that may wait for files: see Certificates::refresh(). Nothing where no listener speaks TLS.
    void refresh_certificates(Certificates::Read);
    /// From any thread: no loop hangs. What the service manager's watchdog is told; true before run().
    bool is_alive() const;
    /// From any thread: what /metrics tells.
    Figures figures() const;
    /// In the order of the configuration, the status listener last.
    const std::vector<BoundListener>& listeners() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace gazetted
