#pragma once

#include "feeds/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

namespace gazetted {

/// An IP address, never a name, and a port; port 0 lets the kernel choose.
struct TcpAddress {
    std::string host = "127.0.0.1";
    unsigned short port = 8080;
    friend bool operator==(const TcpAddress&, const TcpAddress&) = default;
};
/// A socket file, made at start and removed at stop.
struct UnixAddress {
    static constexpr std::size_t path_bytes_max = 107;  ///< the kernel's, unix(7)
    std::string path;                                   ///< absolute
    friend bool operator==(const UnixAddress&, const UnixAddress&) = default;
};
/// Sockets that the service manager made and passed to us, sd_listen_fds(3).
struct PassedAddress {
    std::string name;  ///< FileDescriptorName= of a .socket unit; empty: all that are not named elsewhere
    friend bool operator==(const PassedAddress&, const PassedAddress&) = default;
};

/// Where we listen.
struct ListenAddress {
    std::variant<TcpAddress, UnixAddress, PassedAddress> where = TcpAddress{};
    bool tls = false;  ///< speaks HTTPS, with the certificate of `server.tls`; never on a Unix socket
    friend bool operator==(const ListenAddress&, const ListenAddress&) = default;
};

/// `ADDR:PORT`, `[V6]:PORT`, `localhost:PORT` (127.0.0.1), `:PORT` (every IPv4 address), `unix:/PATH`, `systemd` or
/// `systemd:NAME`; with `https:` before any of them but `unix:`, TLS.
Result<ListenAddress> parse_listen_address(std::string_view);
/// As parse_listen_address() reads it: for messages and logs.
std::string to_string(const ListenAddress&);
/// `ADDR:PORT` or `[V6]:PORT`, for messages and links.
std::string to_string(const TcpAddress&);

}  // namespace gazetted
