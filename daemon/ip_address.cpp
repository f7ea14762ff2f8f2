#include "daemon/ip_address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace gazetted {
namespace {

constexpr std::array<std::uint8_t, 12> v4_prefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr unsigned v4_prefix_bits = 96;
constexpr unsigned address_bits = 128;
constexpr unsigned subscriber_bits = 64;

/// The first `bits` of an address, zeros behind them.
IpAddress masked(IpAddress address, unsigned bits) {
    for (unsigned i = 0; i < address.bytes.size(); ++i) {
        const unsigned kept = std::clamp(static_cast<int>(bits) - static_cast<int>(i * 8), 0, 8);
        address.bytes[i] = static_cast<std::uint8_t>(address.bytes[i] & (0xff00U >> kept));
    }
    return address;
}

std::optional<unsigned> prefix_of(std::string_view text, unsigned bits_max) {
    unsigned bits = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bits);
    const bool is_plain = text.size() == 1 || !text.starts_with('0');
    if (error != std::errc() || end != text.data() + text.size() || !is_plain || bits > bits_max) return std::nullopt;
    return bits;
}

Error malformed(std::string message) { return {ErrorKind::malformed, std::move(message)}; }

}  // namespace

bool IpAddress::is_v4() const noexcept { return std::equal(v4_prefix.begin(), v4_prefix.end(), bytes.begin()); }

bool IpAddress::is_loopback() const noexcept {
    static constexpr IpAddress v6_loopback{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}};
    return *this == v6_loopback || (is_v4() && bytes[v4_prefix.size()] == 127);
}

Result<IpAddress> parse_ip_address(std::string_view text) {
    IpAddress address;
    // inet_pton wants a C text: what does not fit one is no address.
    std::array<char, INET6_ADDRSTRLEN> copy{};
    if (text.size() < copy.size() && text.find('\0') == std::string_view::npos) {
        std::copy(text.begin(), text.end(), copy.begin());
        if (inet_pton(AF_INET6, copy.data(), address.bytes.data()) == 1) return address;
        if (inet_pton(AF_INET, copy.data(), address.bytes.data() + v4_prefix.size()) == 1) {
            std::copy(v4_prefix.begin(), v4_prefix.end(), address.bytes.begin());
            return address;
        }
    }
    return malformed("\"" + std::string(text) + "\" is no IP address");
}

std::optional<IpAddress> ip_address_of(const sockaddr& name) noexcept {
    IpAddress address;
    if (name.sa_family == AF_INET6) {
        std::memcpy(address.bytes.data(), &reinterpret_cast<const sockaddr_in6&>(name).sin6_addr, address.bytes.size());
        return address;
    }
    if (name.sa_family != AF_INET) return std::nullopt;
    std::copy(v4_prefix.begin(), v4_prefix.end(), address.bytes.begin());
    std::memcpy(address.bytes.data() + v4_prefix.size(), &reinterpret_cast<const sockaddr_in&>(name).sin_addr, 4);
    return address;
}

std::string to_string(const IpAddress& address) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (address.is_v4())
        inet_ntop(AF_INET, address.bytes.data() + v4_prefix.size(), text.data(), text.size());
    else
        inet_ntop(AF_INET6, address.bytes.data(), text.data(), text.size());
    return text.data();
}

bool Network::contains(const IpAddress& address) const noexcept { return masked(address, prefix_bits) == first; }

Result<Network> parse_network(std::string_view text) {
    const auto slash = std::min(text.find('/'), text.size());
    const auto address = parse_ip_address(text.substr(0, slash));
    if (!address) return malformed("\"" + std::string(text) + "\" is no address or network, such as 127.0.0.1 or 10.0.0.0/8");
    if (slash == text.size()) return Network{*address, address_bits};

    const bool is_dotted = text.substr(0, slash).find(':') == std::string_view::npos;
    const unsigned bits_before = is_dotted ? v4_prefix_bits : 0;
    const auto bits = prefix_of(text.substr(slash + 1), address_bits - bits_before);
    if (!bits)
        return malformed("\"" + std::string(text) + "\" wants a prefix from 0 to " +
                         std::to_string(address_bits - bits_before));
    const Network network{masked(*address, bits_before + *bits), bits_before + *bits};
    if (network.first != *address)
        return malformed("\"" + std::string(text) + "\" has bits set beyond its prefix, did you mean " + to_string(network) +
                         " or " + to_string(*address) + "?");
    return network;
}

std::string to_string(const Network& network) {
    const bool is_v4_block = network.first.is_v4() && network.prefix_bits >= v4_prefix_bits;
    if (network.prefix_bits == address_bits) return to_string(network.first);
    if (is_v4_block) return to_string(network.first) + "/" + std::to_string(network.prefix_bits - v4_prefix_bits);
    return to_string(network.first) + "/" + std::to_string(network.prefix_bits);
}

IpAddress subscriber_of(const IpAddress& address) noexcept {
    return address.is_v4() ? address : masked(address, subscriber_bits);
}

}  // namespace gazetted
