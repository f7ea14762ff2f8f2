#pragma once

#include "daemon/peer.hpp"

#include <cstddef>
#include <string_view>

namespace gazetted {

/// What a proxy says; several lines of a field are joined with commas (RFC 9110 section 5.3).
struct ForwardedFields {
    std::string_view forwarded = {};        ///< RFC 7239
    std::string_view x_forwarded_for = {};  ///< its predecessor: addresses alone
};

/// Proxies in a row that are asked; what stands before them is not looked at.
constexpr std::size_t forwarded_hops_max = 16;

/// Whose request it is: the nearest hop that is not a trusted proxy, read from the right, where the nearest proxy adds what it
/// knows. What an untrusted peer says counts for nothing. Where a trusted proxy names no address (`unknown`, an obfuscated
/// `_name`, something malformed) the proxy itself is the answer, so what a client writes to the left can neither forge an
/// address nor hide its own. Where both fields came and disagree, one of them passed the proxy unread: the peer is the answer.
Peer client_of(const Peer& peer, const ForwardedFields&, const TrustedProxies&);

}  // namespace gazetted
