#pragma once

#include "feeds/result.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

struct sockaddr;

namespace gazetted {

/// An IPv4 or IPv6 address in binary; IPv4 lies in ::ffff:0:0/96 (RFC 4291 section 2.5.5.2), so that both ways in which a
/// socket shows an IPv4 peer are one value.
struct IpAddress {
    std::array<std::uint8_t, 16> bytes{};
    bool is_v4() const noexcept;
    bool is_loopback() const noexcept;  ///< 127.0.0.0/8 or ::1
    friend bool operator==(const IpAddress&, const IpAddress&) = default;
};
/// Dotted decimal or RFC 4291 section 2.2; no zone, no brackets, no port.
Result<IpAddress> parse_ip_address(std::string_view);
/// None: another family, such as a Unix socket's.
std::optional<IpAddress> ip_address_of(const sockaddr&) noexcept;
/// IPv4 in dotted decimal, IPv6 as RFC 5952 writes it.
std::string to_string(const IpAddress&);

/// A block of addresses.
struct Network {
    IpAddress first;
    unsigned prefix_bits = 128;  ///< of the 128, so 96 more than an IPv4 block is written with
    bool contains(const IpAddress&) const noexcept;
    friend bool operator==(const Network&, const Network&) = default;
};
/// `10.0.0.0/8`, `2001:db8::/32`, or one address. An address with bits set beyond its prefix is an error, since it is as likely
/// that the prefix is the mistake.
Result<Network> parse_network(std::string_view);
std::string to_string(const Network&);

/// What of an address names its owner, for counting: IPv4 whole, of IPv6 the first 64 bits, since a subscriber gets at least
/// so many (RFC 6177).
IpAddress subscriber_of(const IpAddress&) noexcept;

}  // namespace gazetted
