#pragma once

#include "daemon/publisher.hpp"
#include "daemon/server.hpp"

#include <sys/socket.h>

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace gazetted {

/// A finished document of this address with that text.
struct FakeDocument {
    Address address;
    std::string text = "an article ";
    std::size_t repeated = 200;  ///< so that gzip pays
    std::int64_t category_id = 0;
    std::int64_t revision = 1;
    bool ambiguous = false;
    std::optional<Instant> due = {};
};
std::shared_ptr<const Document> make_document(const FakeDocument&);

/// In place of the database: what a Render would find there. Records the renderings; can be away, slow, or lacking.
class FakeSite {
public:
    std::function<Publisher::Render()> make_render();

    void set_away(bool away);
    void set_repeated(std::size_t times);  ///< how long documents are
    /// Renderings wait in the middle of their work until released.
    void hold();
    void release();
    /// Until that many renderings have begun or ended; false after five seconds.
    bool wait_until_begun(std::size_t renderings);
    bool wait_until_ended(std::size_t renderings);
    std::size_t begun() const;
    std::size_t ended() const;

    std::set<std::string> missing;             ///< slugs that name nothing
    std::set<std::string> faulty;              ///< slugs whose rendering throws what is no StoreUnavailable
    std::set<std::string> refused;             ///< slugs whose rendering throws StatementFailed
    std::set<std::string> withdrawn;           ///< paths
    std::set<std::string> removed;             ///< slugs
    std::map<std::string, std::string> moved;  ///< slugs, and those of today
    std::map<std::string, std::int64_t> category_ids;
    std::int64_t site_revision = 1;
    std::string text = "an article ";
    std::optional<Instant> due;
    void write(const std::string& new_text);

private:
    Publication render(const Address&);
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    bool away_ = false, held_ = false;
    std::size_t repeated_ = 200;
    std::size_t begun_ = 0, ended_ = 0;
};

/// A server on ports of the kernel's choice with a fake site behind it; drained at the end.
class RunningServer {
public:
    explicit RunningServer(ServerConfig config = {}, Publisher::Limits limits = {}, std::vector<PassedSocket> passed = {},
                           Api* api = nullptr);
    ~RunningServer();
    /// Of the first TCP listener, and of the status listener.
    unsigned short port() const { return port_of(Door::public_site); }
    unsigned short status_port() const { return port_of(Door::status); }
    Server& server() { return *server_; }
    Publisher& publisher() { return *publisher_; }
    FakeSite site;
    StatusReport report;
    ReadershipInbox readers;
    StatusBoard board;

private:
    unsigned short port_of(Door) const;
    std::unique_ptr<Publisher> publisher_;
    std::unique_ptr<Server> server_;
    std::thread thread_;
};

/// One connection; times out after five seconds.
class RawConnection {
public:
    explicit RawConnection(unsigned short port, const std::string& address = "127.0.0.1");
    explicit RawConnection(const std::string& unix_path);
    ~RawConnection();
    RawConnection(const RawConnection&) = delete;
    RawConnection& operator=(const RawConnection&) = delete;
    void send(std::string_view bytes) const;
    /// One response: head, and the body as Content-Length says (none after a 304, a 204 or where `head_only`).
    std::string receive(bool head_only = false);
    /// Everything until the peer closes.
    std::string receive_rest();
    bool is_closed();  ///< within five seconds

private:
    void connect(const sockaddr* name, unsigned bytes);
    bool fill();
    int socket_;
    std::string unused_;
};

/// One request on a connection of its own.
std::string fetch(unsigned short port, const std::string& target, const std::string& fields = {},
                  const std::string& method = "GET");

}  // namespace gazetted
