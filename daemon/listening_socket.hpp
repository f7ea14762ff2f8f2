#pragma once

#include "daemon/config.hpp"
#include "daemon/descriptor.hpp"
#include "daemon/peer.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace gazetted {

/// Which addresses a listener serves.
enum class Door { public_site, status };

/// A socket that the service manager made for us; `name` is its FileDescriptorName=.
struct PassedSocket {
    Descriptor descriptor;
    std::string name;
};

/// A socket file that goes when we do, unless another daemon has put its own there meanwhile.
class SocketFile {
public:
    SocketFile() = default;
    explicit SocketFile(std::string path);
    ~SocketFile();
    SocketFile(SocketFile&&) noexcept;
    SocketFile& operator=(SocketFile&&) noexcept;

private:
    std::string path_;
    unsigned long device_ = 0, inode_ = 0;
};

/// A stream socket that listens; non-blocking.
struct ListeningSocket {
    Descriptor descriptor;
    Door door = Door::public_site;
    ListenAddress address;  ///< where it does listen: with the port in use, of a passed socket too
    std::string passed_as;  ///< its name, where the service manager keeps it open while nobody serves
    SocketFile file;

    bool is_passed() const noexcept { return !passed_as.empty(); }
    bool is_unix() const noexcept { return std::holds_alternative<UnixAddress>(address.where); }
};

/// What accepts for one address: either one socket for each loop, among which the kernel deals connections (SO_REUSEPORT), or
/// one that all loops watch.
using SharedListening = std::vector<std::shared_ptr<ListeningSocket>>;

/// Listens on everything that is configured, in its order, the status listener last. Throws std::runtime_error where that
/// cannot be; its message names the address, the option and what to do. A socket file that is left from a daemon that ended is
/// replaced, one that somebody listens on never.
std::vector<SharedListening> listen_on(const ServerConfig&, std::size_t loops, std::vector<PassedSocket> passed);

/// A connection that was accepted, non-blocking, and whose it is; no descriptor: errno says why.
struct AcceptedSocket {
    AcceptedSocket(Descriptor descriptor_, const Peer& peer_) : descriptor(std::move(descriptor_)), peer(peer_) {}
    Descriptor descriptor;
    Peer peer;
};
AcceptedSocket accept_from(const ListeningSocket&);

}  // namespace gazetted
