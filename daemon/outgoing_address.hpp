#pragma once

#include "daemon/ip_address.hpp"
#include "feeds/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gazetted {

/// Where an upstream may send us. Addresses that strangers may reach on the Internet are open; everything else is closed but
/// for what an operator names.
struct OutgoingPolicy {
    std::vector<Network> networks_allowed = {};  ///< open, whatever they are
    std::vector<IpAddress> own_addresses = {};   ///< of this machine: closed like loopback, though the Internet may know them
    std::vector<std::uint16_t> ports_allowed = {};  ///< beside those that are open anyway
};

/// What one connection is for.
enum class Reach {
    internet,        ///< all that is not closed
    local_networks,  ///< an operator said so: also loopback, private, link-local and this machine's own addresses
};

/// Why the connection must not be made, such as "10.0.0.1 is private (10.0.0.0/8)"; empty: it may be made. Decided on the bytes
/// of the socket that is about to connect, so it does not matter how the address was written, what a name said a moment ago, or
/// how many redirects led here. IPv4 is looked for inside the forms of IPv6 that carry it. Metadata services, multicast,
/// unspecified, reserved and documentation addresses stay closed under Reach::local_networks. Ranges: the special-purpose
/// registries of IANA (RFC 6890).
std::string why_not_connect(const IpAddress&, std::uint16_t port, Reach, const OutgoingPolicy&);

/// The same for the port alone, which is known before an address is: 80, 443 and those from 1024 are open but for what browsers
/// block (WHATWG Fetch, "bad port") and what databases and caches listen on.
std::string why_not_port(std::uint16_t port, const OutgoingPolicy&);

/// What of a URL decides where a request goes, each part canonical.
struct WebAddress {
    std::string scheme;  ///< http or https
    std::string host;    ///< ASCII, lower case; IPv6 without brackets
    std::uint16_t port = 0;
    std::string credentials;  ///< `user:password`, percent-decoded; empty: none
    std::string url;          ///< canonical, without credentials and fragment

    /// What credentials belong to (RFC 6454 section 4).
    bool same_origin(const WebAddress& other) const {
        return scheme == other.scheme && host == other.host && port == other.port;
    }
};
constexpr std::size_t outgoing_url_bytes_max = 8'000;

/// Strict: an absolute http or https URL in which no two parsers see different hosts. Blanks, controls, a backslash before the
/// path, an at sign or a bracket inside the user's name, a host that is empty or no name, a port that is none are refused. The
/// message names no credentials.
Result<WebAddress> parse_web_address(std::string_view url);

}  // namespace gazetted
