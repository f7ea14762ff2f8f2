#include "daemon/outgoing_address.hpp"

#include "feeds/ascii.hpp"
#include "feeds/text.hpp"
#include "feeds/url.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace gazetted {
namespace {

enum class Opening {
    never,     ///< but for networks_allowed
    as_local,  ///< by Reach::local_networks
    as_v4,     ///< as the IPv4 address in its last four bytes
};

struct ClosedRange {
    Network network;
    std::string_view what;
    Opening opening;
};

ClosedRange closed(std::string_view network, std::string_view what, Opening opening = Opening::never) {
    return {parse_network(network).value(), what, opening};
}

/// The first that fits counts.
const std::vector<ClosedRange>& closed_ranges() {
    static const std::vector<ClosedRange> ranges = {
        // Metadata services hand out credentials of the machine. Azure's is in public space.
        closed("169.254.169.254", "a cloud's metadata service"),
        closed("169.254.170.2", "a cloud's metadata service"),
        closed("100.100.100.200", "a cloud's metadata service"),
        closed("168.63.129.16", "a cloud's metadata service"),
        closed("fd00:ec2::254", "a cloud's metadata service"),
        closed("fd20:ce::254", "a cloud's metadata service"),

        closed("0.0.0.0/8", "unspecified"),
        closed("10.0.0.0/8", "private", Opening::as_local),
        closed("100.64.0.0/10", "behind a carrier's address translation", Opening::as_local),
        closed("127.0.0.0/8", "loopback", Opening::as_local),
        closed("169.254.0.0/16", "link-local", Opening::as_local),
        closed("172.16.0.0/12", "private", Opening::as_local),
        closed("192.0.0.0/24", "reserved for protocols"),
        closed("192.0.2.0/24", "reserved for documentation"),
        closed("192.88.99.0/24", "a relay of 6to4"),
        closed("192.168.0.0/16", "private", Opening::as_local),
        closed("198.18.0.0/15", "reserved for benchmarks", Opening::as_local),
        closed("198.51.100.0/24", "reserved for documentation"),
        closed("203.0.113.0/24", "reserved for documentation"),
        closed("224.0.0.0/4", "multicast"),
        closed("255.255.255.255", "broadcast"),
        closed("240.0.0.0/4", "reserved"),

        closed("::", "unspecified"),
        closed("::1", "loopback", Opening::as_local),
        closed("::/96", "an obsolete form of IPv4"),
        closed("64:ff9b::/96", "a translation of IPv4", Opening::as_v4),
        closed("64:ff9b:1::/48", "a local translation of IPv4"),
        closed("100::/64", "a black hole"),
        closed("2001::/23", "reserved for protocols, Teredo among them"),
        closed("2001:db8::/32", "reserved for documentation"),
        closed("2002::/16", "IPv4 inside 6to4"),
        closed("3fff::/20", "reserved for documentation"),
        closed("fc00::/7", "private", Opening::as_local),
        closed("fe80::/10", "link-local", Opening::as_local),
        closed("fec0::/10", "site-local"),
        closed("ff00::/8", "multicast"),
    };
    return ranges;
}

/// WHATWG Fetch, "bad port", from 1024 on; what is below is closed as a whole.
constexpr std::array<std::uint16_t, 19> ports_browsers_block = {1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000,
                                                                6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080};
/// What answers anybody who reaches it: databases, caches, queues, control of containers and clusters.
constexpr std::array<std::uint16_t, 21> ports_of_services = {1433, 1521, 2181, 2375, 2376, 2379, 2380, 3306,  3389,  5432, 5433,
                                                             5672, 5984, 6379, 6380, 9042, 9200, 9300, 10250, 11211, 27017};

bool contains(const auto& list, std::uint16_t port) { return std::find(list.begin(), list.end(), port) != list.end(); }

const IpAddress& first_of_unicast() {
    static const IpAddress address = parse_ip_address("2000::").value();
    return address;
}

/// The last four bytes as an IPv4 address.
IpAddress embedded_v4(const IpAddress& address) {
    IpAddress v4 = parse_ip_address("0.0.0.0").value();
    std::copy(address.bytes.end() - 4, address.bytes.end(), v4.bytes.end() - 4);
    return v4;
}

std::string why_not_address(const IpAddress& address, Reach reach, const OutgoingPolicy& policy) {
    const auto holds = [&](const Network& network) { return network.contains(address); };
    if (std::any_of(policy.networks_allowed.begin(), policy.networks_allowed.end(), holds)) return {};
    for (const auto& range : closed_ranges()) {
        if (!range.network.contains(address)) continue;
        if (range.opening == Opening::as_local && reach == Reach::local_networks) return {};
        if (range.opening == Opening::as_v4) {
            const auto why = why_not_address(embedded_v4(address), reach, policy);
            return why.empty() ? why : "is a translation of " + to_string(embedded_v4(address)) + ", which " + why;
        }
        return "is " + std::string(range.what) + " (" + to_string(range.network) + ")";
    }
    static const Network unicast{first_of_unicast(), 3};
    if (!address.is_v4() && !unicast.contains(address)) return "is reserved (outside 2000::/3)";
    const auto& own = policy.own_addresses;
    if (reach == Reach::internet && std::find(own.begin(), own.end(), address) != own.end()) return "is of this machine";
    return {};
}

Error malformed(std::string message) { return {ErrorKind::malformed, std::move(message)}; }

/// RFC 3986 section 3.2.1.
bool is_of_userinfo(char c) {
    return is_letter(c) || is_digit(c) || std::string_view("-._~!$&'()*+,;=:%").find(c) != std::string_view::npos;
}

/// What is wrong with the part between the slashes as it was written; empty: nothing.
std::string_view fault_of_authority(std::string_view authority) {
    if (authority.empty()) return "it names no host";
    if (authority.find_first_of(" \\") != std::string_view::npos) return "there is a blank or a backslash in its host";
    const auto at = authority.rfind('@');
    const auto userinfo = authority.substr(0, at == std::string_view::npos ? 0 : at);
    if (!std::all_of(userinfo.begin(), userinfo.end(), is_of_userinfo)) return "its user name holds what must be escaped";
    return {};
}

std::uint16_t default_port(std::string_view scheme) { return scheme == "https" ? 443 : 80; }

/// `host:port` of a canonical URL.
bool take_host_and_port(std::string_view text, WebAddress& into) {
    const auto bracket = text.starts_with('[') ? text.find(']') : 0;
    const auto colon = text.find(':', bracket);
    const auto host = text.substr(0, colon);
    into.port = default_port(into.scheme);
    if (colon != std::string_view::npos) {
        const auto digits = text.substr(colon + 1);
        std::from_chars(digits.data(), digits.data() + digits.size(), into.port);
    }
    if (!host.starts_with('[')) {
        into.host = host;
        return host.size() <= 253;
    }
    into.host = host.substr(1, host.size() - 2);
    return parse_ip_address(into.host).has_value();
}

}  // namespace

std::string why_not_port(std::uint16_t port, const OutgoingPolicy& policy) {
    const bool is_web = port == 80 || port == 443;
    if (is_web || contains(policy.ports_allowed, port)) return {};
    const bool is_closed = port < 1024 || contains(ports_browsers_block, port) || contains(ports_of_services, port);
    return is_closed ? "port " + std::to_string(port) + " is no port of the web" : std::string();
}

std::string why_not_connect(const IpAddress& address, std::uint16_t port, Reach reach, const OutgoingPolicy& policy) {
    if (auto why = why_not_address(address, reach, policy); !why.empty()) return to_string(address) + " " + why;
    return why_not_port(port, policy);
}

Result<WebAddress> parse_web_address(std::string_view url) {
    if (url.size() > outgoing_url_bytes_max)
        return Error{ErrorKind::too_large, "an address has at most " + std::to_string(outgoing_url_bytes_max) + " bytes"};
    WebAddress address;
    const auto colon = std::min(url.find("://"), url.size());
    address.scheme = lower_case(url.substr(0, colon));
    if (address.scheme != "http" && address.scheme != "https") return malformed("only http:// and https:// are fetched");
    const auto is_control = [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; };
    if (std::any_of(url.begin(), url.end(), is_control)) return malformed("there are control characters in the address");

    const auto authority = url.substr(colon + 3, url.find_first_of("/?#", colon + 3) - colon - 3);
    if (const auto fault = fault_of_authority(authority); !fault.empty()) return malformed(std::string(fault));
    const auto canonical = resolve_url(url, "");
    if (!canonical) return malformed("its host or port is malformed");  // the error there may show a password

    std::string_view rest = std::string_view(*canonical).substr(address.scheme.size() + 3);
    const auto path = rest.find('/');
    std::string_view host_and_port = rest.substr(0, path);
    if (const auto at = host_and_port.find('@'); at != std::string_view::npos) {
        address.credentials = percent_decode(host_and_port.substr(0, at));
        host_and_port.remove_prefix(at + 1);
    }
    if (!take_host_and_port(host_and_port, address)) return malformed("its host is no name and no address");
    rest = rest.substr(path);
    address.url = address.scheme + "://" + std::string(host_and_port) + std::string(rest.substr(0, rest.find('#')));
    return address;
}

}  // namespace gazetted
