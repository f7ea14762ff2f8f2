#include "feeds/url.hpp"

#include "feeds/ascii.hpp"
#include "feeds/text.hpp"

#include <idn2.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace gazetted {
namespace {

bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

/// What browsers read: no tabs and line ends anywhere, no controls and blanks at either end (WHATWG URL 4.4, steps 1 to 3).
std::string without_ignored(std::string_view text) {
    while (!text.empty() && static_cast<unsigned char>(text.front()) <= ' ') text.remove_prefix(1);
    while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.remove_suffix(1);
    std::string result(text);
    std::erase_if(result, [](char c) { return c == '\t' || c == '\n' || c == '\r'; });
    return result;
}

/// The scheme as it is written, without its colon; empty where there is none (RFC 3986 section 3.1).
std::string_view written_scheme(std::string_view text) {
    if (text.empty() || !is_letter(text.front())) return {};
    const auto end = std::find_if(text.begin(), text.end(),
                                  [](char c) { return !(is_letter(c) || is_digit(c) || c == '+' || c == '-' || c == '.'); });
    if (end == text.end() || *end != ':') return {};
    return text.substr(0, static_cast<std::size_t>(end - text.begin()));
}

/// The schemes whose URLs have a host and a path, with their default ports (WHATWG URL 4.2, without file).
constexpr std::array<std::pair<std::string_view, std::string_view>, 5> special_schemes{
    {{"http", "80"}, {"https", "443"}, {"ftp", "21"}, {"ws", "80"}, {"wss", "443"}}};

std::optional<std::string_view> default_port(std::string_view scheme) {
    for (const auto& [name, port] : special_schemes) {
        if (name == scheme) return port;
    }
    return std::nullopt;
}

void append_escaped(std::string& to, char c) {
    static constexpr char digits[] = "0123456789ABCDEF";
    const auto byte = static_cast<unsigned char>(c);
    to.push_back('%');
    to.push_back(digits[byte >> 4U]);
    to.push_back(digits[byte & 0xFU]);
}

/// What a component may hold as it is.
using Plain = std::array<bool, 256>;

/// Unreserved characters and sub-delims, but for the apostrophe, which ends attributes elsewhere; and `also`.
constexpr Plain plain_and(std::string_view also) {
    Plain plain{};
    for (const std::string_view part : {std::string_view("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"),
                                        std::string_view("-._~!$&()*+,;="), also})
        for (const char c : part) plain[static_cast<unsigned char>(c)] = true;
    return plain;
}
constexpr Plain plain_in_user = plain_and(":");
constexpr Plain plain_in_path = plain_and(":@/");
constexpr Plain plain_in_tail = plain_and(":@/?");

/// `text` with everything escaped that RFC 3986 has no place for; escapes that are there stay.
std::string escaped(std::string_view text, const Plain& plain) {
    std::string result;
    result.reserve(text.size());
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        const bool escape = c == '%' && at + 2 < text.size() && is_hex(text[at + 1]) && is_hex(text[at + 2]);
        if (escape || plain[static_cast<unsigned char>(c)]) {
            result.push_back(c);
        } else {
            append_escaped(result, c);
        }
    }
    return result;
}

/// An absolute URL with a host, in pieces that are ready to be written.
struct Parts {
    std::string scheme;
    std::string authority;
    std::string path;                  ///< starts with a slash
    std::optional<std::string> query;  ///< without its question mark
    std::optional<std::string> fragment;

    std::string str() const {
        std::string result = scheme + "://" + authority + path;
        if (query) result.append("?").append(*query);
        if (fragment) result.append("#").append(*fragment);
        return result;
    }
};

/// RFC 3986 section 5.2.4, and `%2e` counts as a dot.
std::string without_dot_segments(std::string_view path) {
    const auto dots = [](std::string_view segment) -> int {
        int count = 0;
        while (!segment.empty()) {
            if (segment.front() == '.') {
                segment.remove_prefix(1);
            } else if (segment.size() >= 3 && segment[0] == '%' && segment[1] == '2' && lower(segment[2]) == 'e') {
                segment.remove_prefix(3);
            } else {
                return 0;
            }
            ++count;
        }
        return count;
    };
    std::string result;
    std::vector<std::size_t> starts;  // where each kept segment's slash is
    while (!path.empty()) {
        path.remove_prefix(1);  // the slash
        const std::size_t end = std::min(path.find('/'), path.size());
        const std::string_view segment = path.substr(0, end);
        const bool last = end == path.size();
        path.remove_prefix(end);
        const int count = dots(segment);
        if (count == 2 && !starts.empty()) {
            result.resize(starts.back());
            starts.pop_back();
        }
        if (count == 1 || count == 2) {
            if (last) result.push_back('/');
            continue;
        }
        starts.push_back(result.size());
        result.push_back('/');
        result.append(segment);
    }
    return result.empty() ? "/" : result;
}

/// WHATWG URL 3.5: one number of an IPv4 address, decimal, octal or hexadecimal.
std::optional<std::uint64_t> ipv4_number(std::string_view text) {
    unsigned base = 10;
    if (text.size() >= 2 && text[0] == '0' && lower(text[1]) == 'x') {
        base = 16;
        text.remove_prefix(2);
    } else if (text.size() >= 2 && text[0] == '0') {
        base = 8;
        text.remove_prefix(1);
    }
    std::uint64_t value = 0;
    for (const char c : text) {
        if (!is_hex(c)) return std::nullopt;
        const unsigned digit = is_digit(c) ? static_cast<unsigned>(c - '0') : static_cast<unsigned>(lower(c) - 'a') + 10U;
        if (digit >= base) return std::nullopt;
        value = std::min<std::uint64_t>(value * base + digit, std::uint64_t{1} << 40U);
    }
    return value;
}

bool ends_in_a_number(std::string_view host) {
    if (host.ends_with('.')) host.remove_suffix(1);
    const std::string_view last = host.substr(host.rfind('.') + 1);
    if (last.empty()) return false;
    return std::all_of(last.begin(), last.end(), is_digit) ||
           (last.size() >= 2 && last[0] == '0' && lower(last[1]) == 'x' && ipv4_number(last).has_value());
}

/// Four decimal numbers, as every form of it names one address; empty where it names none.
std::string ipv4_address(std::string_view host) {
    if (host.ends_with('.')) host.remove_suffix(1);
    std::vector<std::uint64_t> numbers;
    while (numbers.size() < 5) {
        const std::size_t end = std::min(host.find('.'), host.size());
        if (end == 0) return {};
        const auto number = ipv4_number(host.substr(0, end));
        if (!number) return {};
        numbers.push_back(*number);
        if (end == host.size()) break;
        host.remove_prefix(end + 1);
    }
    if (numbers.size() > 4) return {};
    std::uint64_t address = numbers.back();
    if (address >= std::uint64_t{1} << (8U * (5U - numbers.size()))) return {};
    for (std::size_t i = 0; i + 1 < numbers.size(); ++i) {
        if (numbers[i] > 255) return {};
        address |= numbers[i] << (8U * (3U - i));
    }
    std::string result;
    for (unsigned shift = 32; shift > 0; shift -= 8) {
        result.append(std::to_string((address >> (shift - 8U)) & 0xFFU));
        if (shift > 8) result.push_back('.');
    }
    return result;
}

struct Idn2Free {
    void operator()(char* memory) const { idn2_free(memory); }
};

/// ASCII, by UTS 46; empty where the name cannot be one.
std::string ascii_host(const std::string& host) {
    const bool ascii = std::all_of(host.begin(), host.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    if (ascii) return lower_case(host);
    if (!is_utf8(host) || host.size() > 1024) return {};
    char* converted = nullptr;
    const int status = idn2_to_ascii_8z(host.c_str(), &converted, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
    const std::unique_ptr<char, Idn2Free> owner(converted);
    return status == IDN2_OK ? lower_case(converted) : std::string();
}

/// The host as it is written in a URL; empty where it is none (WHATWG URL 3.5).
std::string canonical_host(std::string_view written) {
    if (written.starts_with('[')) {
        if (written.size() < 4 || written.back() != ']') return {};
        const std::string_view inner = written.substr(1, written.size() - 2);
        const bool fit = std::all_of(inner.begin(), inner.end(), [](char c) { return is_hex(c) || c == ':' || c == '.'; });
        return fit && inner.find(':') != std::string_view::npos ? lower_case(written) : std::string();
    }
    const std::string host = ascii_host(percent_decode(written));
    const bool fit = std::all_of(host.begin(), host.end(), [](char c) {
        return static_cast<unsigned char>(c) > ' ' && c != 0x7F &&
               std::string_view("#%/:<>?@[\\]^`{|}\"'").find(c) == std::string_view::npos;
    });
    if (host.empty() || !fit || host == ".") return {};
    return ends_in_a_number(host) ? ipv4_address(host) : host;
}

/// `user@host:port`, canonical; no value where the host or the port is none.
std::optional<std::string> canonical_authority(std::string_view written, std::string_view scheme) {
    std::string result;
    if (const std::size_t at = written.rfind('@'); at != std::string_view::npos) {
        if (at > 0) result = escaped(written.substr(0, at), plain_in_user) + "@";
        written.remove_prefix(at + 1);
    }
    const std::size_t colon = written.find(':', written.starts_with('[') ? std::min(written.find(']'), written.size()) : 0);
    const std::string host = canonical_host(written.substr(0, colon));
    if (host.empty()) return std::nullopt;
    result.append(host);
    if (colon == std::string_view::npos) return result;
    std::string_view port = written.substr(colon + 1);
    if (!std::all_of(port.begin(), port.end(), is_digit)) return std::nullopt;
    while (port.size() > 1 && port.front() == '0') port.remove_prefix(1);
    if (port.size() > 5 || (port.size() == 5 && port > "65535")) return std::nullopt;
    if (port.empty() || port == default_port(scheme)) return result;
    return result.append(":").append(port);
}

/// Takes query and fragment off the end of `rest`.
void split_tail(std::string_view& rest, Parts& parts) {
    if (const std::size_t hash = rest.find('#'); hash != std::string_view::npos) {
        parts.fragment = escaped(rest.substr(hash + 1), plain_in_tail);
        rest = rest.substr(0, hash);
    }
    if (const std::size_t mark = rest.find('?'); mark != std::string_view::npos) {
        parts.query = escaped(rest.substr(mark + 1), plain_in_tail);
        rest = rest.substr(0, mark);
    }
}

std::string canonical_path(std::string_view path) { return without_dot_segments(escaped(path, plain_in_path)); }

/// `rest` follows the scheme's colon (or stands alone) and begins with two slashes of either kind.
std::optional<Parts> parse_with_authority(std::string scheme, std::string_view rest) {
    Parts parts{.scheme = std::move(scheme), .authority = {}, .path = {}, .query = {}, .fragment = {}};
    split_tail(rest, parts);
    std::string slashed(rest);
    std::replace(slashed.begin(), slashed.end(), '\\', '/');
    std::string_view view = slashed;
    while (view.starts_with('/')) view.remove_prefix(1);
    const std::size_t path = std::min(view.find('/'), view.size());
    auto authority = canonical_authority(view.substr(0, path), parts.scheme);
    if (!authority) return std::nullopt;
    parts.authority = std::move(*authority);
    parts.path = path == view.size() ? "/" : canonical_path(view.substr(path));
    return parts;
}

/// The base must have a host: nothing can be resolved against `mailto:`.
std::optional<Parts> parse_base(std::string_view base) {
    const std::string text = without_ignored(base);
    const std::string_view scheme = written_scheme(text);
    std::string name = lower_case(scheme);
    if (!default_port(name)) return std::nullopt;
    return parse_with_authority(std::move(name), std::string_view(text).substr(scheme.size() + 1));
}

/// RFC 3986 section 5.2.2 for a reference without scheme and authority.
Parts against(const Parts& base, std::string_view reference) {
    Parts parts{.scheme = base.scheme, .authority = base.authority, .path = base.path, .query = {}, .fragment = {}};
    split_tail(reference, parts);
    std::string path(reference);
    std::replace(path.begin(), path.end(), '\\', '/');
    if (path.empty()) {
        if (!parts.query) parts.query = base.query;
    } else if (path.front() == '/') {
        parts.path = canonical_path(path);
    } else {
        parts.path = canonical_path(base.path.substr(0, base.path.rfind('/') + 1) + path);
    }
    return parts;
}

/// A URL whose scheme has no hosts that we know of: nothing to canonicalise but its characters.
std::string opaque_url(std::string_view scheme, std::string_view rest) {
    const std::size_t hash = std::min(rest.find('#'), rest.size());
    std::string result = std::string(scheme) + ":" + escaped(rest.substr(0, hash), plain_in_tail);
    if (hash < rest.size()) result += "#" + escaped(rest.substr(hash + 1), plain_in_tail);
    return result;
}

bool is_slash(std::string_view text, std::size_t at) { return at < text.size() && (text[at] == '/' || text[at] == '\\'); }

/// True of most links: `//host/path?query` in the very characters that would be written. False decides nothing.
bool is_plainly_canonical(std::string_view rest) {
    if (!rest.starts_with("//")) return false;
    const std::size_t slash = rest.find('/', 2);
    if (slash == std::string_view::npos) return false;
    const std::string_view host = rest.substr(2, slash - 2);
    const auto is_of_name = [](char c) { return (c >= 'a' && c <= 'z') || is_digit(c) || c == '-' || c == '.'; };
    if (host.empty() || !std::all_of(host.begin(), host.end(), is_of_name)) return false;
    // A last label that begins with a digit may be a number, and the host an address.
    const std::size_t last_label = host.rfind('.') + 1;
    if (last_label == host.size() || !is_letter(host[last_label])) return false;
    bool in_query = false;
    for (std::size_t at = slash; at < rest.size(); ++at) {
        if (rest[at] == '?' && !in_query) {
            in_query = true;
        } else if (!plain_in_path[static_cast<unsigned char>(rest[at])]) {
            return false;
        } else if (!in_query && rest[at] == '.' && rest[at - 1] == '/') {
            return false;  // a segment of dots, perhaps
        }
    }
    return true;
}

/// The scheme with its colon, of a link on the web in lower case; empty: another, or not plain.
std::string_view plain_web_scheme(std::string_view url) {
    if (url.starts_with("https:")) return "https:";
    return url.starts_with("http:") ? "http:" : "";
}

/// `reference` against `base` where one look suffices; empty elsewhere.
std::string resolve_at_sight(std::string_view reference, std::string_view base) {
    const std::string_view scheme = plain_web_scheme(reference);
    if (!is_plainly_canonical(reference.substr(scheme.size()))) return {};
    if (!scheme.empty()) return std::string(reference);
    const std::string_view base_scheme = plain_web_scheme(base);
    if (base_scheme.empty() || !is_plainly_canonical(base.substr(base_scheme.size()))) return {};
    return std::string(base_scheme).append(reference);
}

Error no_url(std::string_view reference, std::string_view why) {
    return {ErrorKind::malformed, "no absolute URL in \"" + first_words(to_utf8(reference), 80) + "\": " + std::string(why)};
}

Result<std::string> resolve_against(const std::optional<Parts>& base, std::string_view reference) {
    const std::string text = without_ignored(reference);
    const std::string_view written = written_scheme(text);
    const std::string scheme = lower_case(written);
    std::string_view rest = text;
    if (!scheme.empty()) {
        rest.remove_prefix(scheme.size() + 1);
        if (!default_port(scheme)) return opaque_url(scheme, rest);
    }
    const bool two_slashes = is_slash(rest, 0) && is_slash(rest, 1);
    // `http:path` is relative to a base of the same scheme; against any other it names a host, however few its slashes are.
    if (two_slashes || (!scheme.empty() && !(base && base->scheme == scheme))) {
        if (scheme.empty() && !base) return no_url(reference, "it has no scheme and there is no base");
        const auto parts = parse_with_authority(scheme.empty() ? base->scheme : scheme, rest);
        if (!parts) return no_url(reference, "its host or port is malformed");
        return parts->str();
    }
    if (!base) return no_url(reference, "it is relative and there is no base");
    return against(*base, rest).str();
}

}  // namespace

std::string url_scheme(std::string_view url) { return lower_case(written_scheme(without_ignored(url))); }

struct UrlBase::Known {
    std::string text;
    std::optional<Parts> parts;  ///< none: nothing can be resolved against it
};

UrlBase::UrlBase(std::string_view base) : known_(std::make_unique<Known>(Known{std::string(base), parse_base(base)})) {}
UrlBase::~UrlBase() = default;

Result<std::string> UrlBase::resolve(std::string_view reference) const {
    if (std::string url = resolve_at_sight(reference, known_->text); !url.empty()) return url;
    return resolve_against(known_->parts, reference);
}

Result<std::string> resolve_url(std::string_view reference, std::string_view base) {
    if (std::string url = resolve_at_sight(reference, base); !url.empty()) return url;
    return resolve_against(parse_base(base), reference);
}

std::string without_feed_scheme(std::string_view url) {
    if (url_scheme(url) != "feed") return std::string(url);
    url.remove_prefix(url.find(':') + 1);
    return url.starts_with("//") ? "http:" + std::string(url) : std::string(url);
}

}  // namespace gazetted
