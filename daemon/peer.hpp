#pragma once

#include "daemon/ip_address.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace gazetted {

/// The other end of a connection: an address, or none where it came over a Unix socket.
using Peer = std::optional<IpAddress>;
/// For logs: the address, or `unix`.
std::string to_string(const Peer&);

/// Who may say for whom they speak (`server.trusted_proxies`).
struct TrustedProxies {
    static constexpr std::size_t networks_max = 64;
    std::vector<Network> networks;
    bool unix_peers = false;
    bool trusts(const Peer&) const noexcept;
    friend bool operator==(const TrustedProxies&, const TrustedProxies&) = default;
};

}  // namespace gazetted
