#include "daemon/forwarded.hpp"

#include "daemon/negotiate.hpp"
#include "feeds/ascii.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace gazetted {
namespace {

bool is_escaped(std::string_view text, std::size_t at) {
    const auto before = text.substr(0, at);
    const auto backslashes = before.size() - (before.find_last_not_of('\\') + 1);
    return backslashes % 2 == 1;
}

/// Takes off what stands behind the last `separator` outside quotes. Quotes are matched from the right: the nearest proxy
/// wrote the end, and an open quote that a client left further to the left does not reach into it.
std::string_view take_last(std::string_view& text, char separator) {
    bool quoted = false;
    for (std::size_t at = text.size(); at-- > 0;) {
        if (text[at] == '"' && !is_escaped(text, at)) quoted = !quoted;
        if (text[at] != separator || quoted) continue;
        const auto last = text.substr(at + 1);
        text = text.substr(0, at);
        return last;
    }
    return std::exchange(text, {});
}

std::optional<std::string> unquoted(std::string_view text) {
    if (!text.starts_with('"')) return std::string(text);
    if (text.size() < 2 || !text.ends_with('"') || is_escaped(text, text.size() - 1)) return std::nullopt;
    std::string plain;
    for (std::size_t at = 1; at + 1 < text.size(); ++at) {
        if (text[at] == '\\') ++at;
        plain += text[at];
    }
    return plain;
}

/// A port of RFC 7239 section 6.2, behind its colon; nothing at all is right too.
bool is_port_or_nothing(std::string_view text) {
    if (text.empty()) return true;
    unsigned port = 0;
    const auto [end, error] = std::from_chars(text.data() + 1, text.data() + text.size(), port);
    const bool is_number = error == std::errc() && end == text.data() + text.size() && port <= 65'535;
    return text.front() == ':' && text.size() > 1 && (is_number || text[1] == '_');
}

/// `192.0.2.1`, `192.0.2.1:80`, `[2001:db8::1]`, `[2001:db8::1]:80`. Without brackets IPv6 is what X-Forwarded-For holds.
std::optional<IpAddress> address_of(std::string_view node) {
    const bool bracketed = node.starts_with('[');
    const bool bare_v6 = !bracketed && std::count(node.begin(), node.end(), ':') > 1;
    const auto address_end = std::min(bracketed ? node.find(']') : bare_v6 ? node.size() : node.find(':'), node.size());
    const auto address = parse_ip_address(node.substr(bracketed ? 1 : 0, address_end - (bracketed ? 1 : 0)));
    const auto rest = node.substr(std::min(address_end + (bracketed ? 1 : 0), node.size()));
    const bool closed = !bracketed || address_end < node.size();
    if (!address || !closed || !is_port_or_nothing(rest)) return std::nullopt;
    return *address;
}

/// Of an element of RFC 7239 section 4, `for=192.0.2.1;proto=https`.
std::optional<IpAddress> forwarded_for(std::string_view element) {
    std::optional<IpAddress> address;
    bool seen = false;
    while (!element.empty()) {
        const auto pair = without_blanks(take_last(element, ';'));
        const auto equals = pair.find('=');
        if (equals == std::string_view::npos || !equal_ignoring_case(pair.substr(0, equals), "for")) continue;
        if (std::exchange(seen, true)) return std::nullopt;
        const auto node = unquoted(pair.substr(equals + 1));
        if (node) address = address_of(*node);
    }
    return address;
}

std::optional<IpAddress> x_forwarded_for(std::string_view element) { return address_of(element); }

template <class AddressIn>
Peer nearest_untrusted(Peer hop, std::string_view field, const TrustedProxies& trusted, AddressIn address_in) {
    for (std::size_t hops = 0; hops < forwarded_hops_max && trusted.trusts(hop) && !field.empty(); ++hops) {
        const auto element = without_blanks(take_last(field, ','));
        if (element.empty()) continue;
        const auto before = address_in(element);
        if (!before) return hop;
        hop = before;
    }
    return hop;
}

}  // namespace

Peer client_of(const Peer& peer, const ForwardedFields& fields, const TrustedProxies& trusted) {
    if (!trusted.trusts(peer)) return peer;
    const auto forwarded = nearest_untrusted(peer, fields.forwarded, trusted, forwarded_for);
    if (fields.x_forwarded_for.empty()) return forwarded;
    const auto x_forwarded = nearest_untrusted(peer, fields.x_forwarded_for, trusted, x_forwarded_for);
    if (fields.forwarded.empty() || forwarded == x_forwarded) return x_forwarded;
    return peer;
}

}  // namespace gazetted
