#include "daemon/listen_address.hpp"

#include "daemon/ip_address.hpp"

#include <algorithm>
#include <charconv>

namespace gazetted {
namespace {

constexpr std::string_view tls_scheme = "https:", unix_scheme = "unix:", passed_scheme = "systemd";
constexpr std::size_t name_bytes_max = 255;  // of FileDescriptorName=

Error malformed(std::string message) { return {ErrorKind::malformed, std::move(message)}; }
std::string quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

bool has_control(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; });
}

Result<TcpAddress> parse_tcp(std::string_view text) {
    const std::string message =
        quoted(text) + " is not ADDR:PORT, [V6]:PORT, :PORT, unix:/PATH or systemd:NAME, perhaps after https:";
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos) return malformed(message);
    TcpAddress address;
    const auto [end, error] = std::from_chars(text.data() + colon + 1, text.data() + text.size(), address.port);
    if (error != std::errc() || end != text.data() + text.size()) return malformed(message);

    std::string_view host = text.substr(0, colon);
    if (host.empty()) host = "0.0.0.0";
    if (host == "localhost") host = "127.0.0.1";
    const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
    if (bracketed) host = host.substr(1, host.size() - 2);
    const bool is_v6 = host.find(':') != std::string_view::npos;
    if (bracketed != is_v6 || !parse_ip_address(host)) return malformed(message + "; ADDR is an IP address");
    address.host = host;
    return address;
}

Result<UnixAddress> parse_unix(std::string_view path) {
    if (!path.starts_with('/') || path.ends_with('/') || has_control(path))
        return malformed(quoted(path) + " is no path for a socket, such as unix:/run/gazetted/http.sock");
    if (path.size() > UnixAddress::path_bytes_max)
        return Error{ErrorKind::too_large, "a socket's path has at most " + std::to_string(UnixAddress::path_bytes_max) +
                                               " bytes, and " + quoted(path) + " has " + std::to_string(path.size())};
    return UnixAddress{std::string(path)};
}

Result<PassedAddress> parse_passed(std::string_view text) {
    if (text.empty()) return PassedAddress{};
    const std::string_view name = text.substr(1);
    if (name.empty() || name.size() > name_bytes_max || name.find(':') != std::string_view::npos || has_control(name))
        return malformed(quoted(name) + " is no name of a socket, such as systemd:gazetted.socket");
    return PassedAddress{std::string(name)};
}

template <class Address>
Result<ListenAddress> with_scheme(const Result<Address>& where, bool tls) {
    if (!where) return where.error();
    return ListenAddress{*where, tls};
}

}  // namespace

Result<ListenAddress> parse_listen_address(std::string_view text) {
    const bool tls = text.starts_with(tls_scheme);
    const std::string_view where = tls ? text.substr(tls_scheme.size()) : text;
    if (where.starts_with(unix_scheme)) {
        if (tls) return malformed(quoted(text) + ": a Unix socket never leaves the machine and speaks no TLS");
        return with_scheme(parse_unix(where.substr(unix_scheme.size())), tls);
    }
    const std::string_view behind = where.substr(std::min(passed_scheme.size(), where.size()));
    if (where.starts_with(passed_scheme) && (behind.empty() || behind.front() == ':'))
        return with_scheme(parse_passed(behind), tls);
    return with_scheme(parse_tcp(where), tls);
}

std::string to_string(const TcpAddress& address) {
    const bool v6 = address.host.find(':') != std::string::npos;
    return (v6 ? "[" + address.host + "]" : address.host) + ":" + std::to_string(address.port);
}

std::string to_string(const ListenAddress& address) {
    std::string text(address.tls ? tls_scheme : std::string_view());
    if (const auto* tcp = std::get_if<TcpAddress>(&address.where)) return text += to_string(*tcp);
    if (const auto* file = std::get_if<UnixAddress>(&address.where)) return text.append(unix_scheme) += file->path;
    const auto& name = std::get<PassedAddress>(address.where).name;
    return text.append(passed_scheme) += name.empty() ? "" : ":" + name;
}

}  // namespace gazetted
