#include "daemon/peer.hpp"

#include <algorithm>

namespace gazetted {

std::string to_string(const Peer& peer) { return peer ? to_string(*peer) : "unix"; }

bool TrustedProxies::trusts(const Peer& peer) const noexcept {
    if (!peer) return unix_peers;
    return std::any_of(networks.begin(), networks.end(), [&](const Network& network) { return network.contains(*peer); });
}

}  // namespace gazetted
