#include "daemon/config_key.hpp"

#include "daemon/config_values.hpp"
#include "feeds/lawful.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

namespace gazetted {
namespace {

/// The smallest and the largest value that a key takes.
struct Range {
    std::size_t least;
    std::size_t most;
};

std::string toml_text(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') out += '\\';
        if (byte < 0x20 || byte == 0x7F) {
            out += "\\u00";
            out += digits[byte >> 4U];
            out += digits[byte & 15U];
        } else {
            out += c;
        }
    }
    return out + "\"";
}

template <class Values, class ToText>
std::string list_of(const Values& values, ToText to_text) {
    std::string list;
    for (const auto& value : values) list += (list.empty() ? "" : ", ") + toml_text(to_text(value));
    return "[" + list + "]";
}

/// What a chain of members leads to: `at(&Config::server, &ServerConfig::tls)` is for `config.server.tls`.
template <class... Members>
auto at(Members... members) {
    return [=](auto& config) -> auto& { return (config.*....*members); };
}

template <class Place>
ValueAccess text(Place place, const std::string& wanted = "a text in quotes") {
    return {.kind = ValueKind::text,
            .take = [=](Config& config, const toml::node& node) -> Complaint {
                const auto value = node.value_exact<std::string>();
                if (!value) return "wants " + wanted;
                place(config) = *value;
                return std::nullopt;
            },
            .show = [=](const Config& config) { return toml_text(std::filesystem::path(place(config)).string()); }};
}

Error is_wrong(const Error& error) { return {error.kind, "is wrong: " + error.message}; }

/// A text that `parse` makes a value of.
template <class Place, class Parse, class ToText>
ValueAccess parsed(Place place, const std::string& wanted, Parse parse, ToText to_text) {
    return {.kind = ValueKind::text,
            .take = [=](Config& config, const toml::node& node) -> Complaint {
                const auto value = node.value_exact<std::string>();
                if (!value) return "wants " + wanted;
                const auto result = parse(*value);
                if (!result) return is_wrong(result.error()).message;
                place(config) = *result;
                return std::nullopt;
            },
            .show = [=](const Config& config) { return toml_text(to_text(place(config))); }};
}

/// The same with a smallest and a largest value, both as they are written.
template <class Place, class Parse, class ToText>
ValueAccess parsed_between(const std::string& least, const std::string& most, Place place, const std::string& wanted,
                           Parse parse, ToText to_text) {
    ValueAccess access = parsed(place, wanted, parse, to_text);
    access.take = [=, take_any = access.take](Config& config, const toml::node& node) -> Complaint {
        Config taken;
        if (const Complaint complaint = take_any(taken, node)) return complaint;
        if (place(taken) < *parse(least) || place(taken) > *parse(most))
            return "must be from \"" + least + "\" to \"" + most + "\"";
        place(config) = place(taken);
        return std::nullopt;
    };
    return access;
}

template <class Place>
ValueAccess duration(Place place, const std::string& least, const std::string& most) {
    return parsed_between(least, most, place, "a duration in quotes, such as \"60s\"", parse_duration, duration_text);
}

template <class Place>
ValueAccess size(Place place, const std::string& least, const std::string& most) {
    return parsed_between(least, most, place, "a size in quotes, such as \"256MiB\"", parse_size, size_text);
}

template <class Place>
ValueAccess count(Place place, Range range) {
    return {.kind = ValueKind::number,
            .take = [=](Config& config, const toml::node& node) -> Complaint {
                const auto value = node.value_exact<std::int64_t>();
                if (!value) return "wants a whole number";
                const auto number = static_cast<std::size_t>(*value);
                if (*value < 0 || number < range.least || number > range.most)
                    return "must be from " + std::to_string(range.least) + " to " + std::to_string(range.most);
                place(config) = number;
                return std::nullopt;
            },
            .show = [=](const Config& config) { return std::to_string(place(config)); }};
}

template <class Place>
ValueAccess flag(Place place) {
    return {.kind = ValueKind::flag,
            .take = [=](Config& config, const toml::node& node) -> Complaint {
                const auto value = node.value_exact<bool>();
                if (!value) return "wants true or false";
                place(config) = *value;
                return std::nullopt;
            },
            .show = [=](const Config& config) { return place(config) ? "true" : "false"; }};
}

/// Texts that `add` takes one by one into a value that begins empty.
template <class Value, class Add>
Complaint take_list(Value& into, const toml::node& node, std::pair<std::size_t, std::size_t> sizes, const std::string& wanted,
                    Add add) {
    const toml::array* elements = node.as_array();
    if (!elements || elements->size() < sizes.first || elements->size() > sizes.second) {
        const std::string how_many = sizes.first > 0 ? std::to_string(sizes.first) + " to " + std::to_string(sizes.second)
                                                     : "at most " + std::to_string(sizes.second);
        return "wants a list of " + how_many + " " + wanted;
    }
    Value value;
    for (const toml::node& element : *elements) {
        const auto element_text = element.value_exact<std::string>();
        if (!element_text) return "wants " + wanted.substr(0, wanted.find(',')) + " in quotes";
        if (const Complaint complaint = add(value, *element_text)) return complaint;
    }
    into = std::move(value);
    return std::nullopt;
}

Complaint add_network(std::vector<Network>& networks, const std::string& element) {
    const auto network = parse_network(element);
    if (!network) return is_wrong(network.error()).message;
    networks.push_back(*network);
    return std::nullopt;
}

Result<std::string> base_url_or_none(const std::string& value) {
    if (value.empty()) return value;
    return parse_base_url(value);
}

Result<std::string> log_level(const std::string& value) {
    if (is_log_level(value)) return value;
    return Error{ErrorKind::malformed, "it is one of \"trace\", \"debug\", \"info\", \"warning\" and \"error\""};
}

Result<LogFormat> log_format(const std::string& value) {
    if (value == "text") return LogFormat::text;
    if (value == "json") return LogFormat::json;
    return Error{ErrorKind::malformed, "it is \"text\" or \"json\""};
}
std::string log_format_text(LogFormat format) { return format == LogFormat::json ? "json" : "text"; }

/// The daemon's working directory is nobody's choice.
Result<std::filesystem::path> absolute_folder(const std::string& value) {
    std::filesystem::path folder(value);
    if (folder.empty() || folder.is_absolute()) return folder;
    return Error{ErrorKind::malformed, "it begins with a slash"};
}
std::string folder_text(const std::filesystem::path& folder) { return folder.string(); }

std::string same_text(const std::string& value) { return value; }

ValueAccess hubs() {
    static constexpr std::size_t hubs_max = 8;
    return {.kind = ValueKind::list,
            .take = [](Config& config, const toml::node& node) -> Complaint {
                const auto add = [](std::vector<std::string>& links, const std::string& element) -> Complaint {
                    links.push_back(web_link(element));
                    if (links.back().empty()) return "wants addresses in quotes, http or https";
                    return std::nullopt;
                };
                return take_list(config.site.hubs, node, {0, hubs_max}, "addresses, such as [\"https://hub.example/\"]", add);
            },
            .show = [](const Config& config) { return list_of(config.site.hubs, same_text); }};
}

ValueAccess listen() {
    static constexpr std::size_t listeners_max = 64;
    return {
        .kind = ValueKind::list,
        .take = [](Config& config, const toml::node& node) -> Complaint {
            const auto add = [](std::vector<ListenAddress>& addresses, const std::string& element) -> Complaint {
                const auto address = parse_listen_address(element);
                if (!address) return is_wrong(address.error()).message;
                addresses.push_back(*address);
                return std::nullopt;
            };
            return take_list(config.server.listen, node, {1, listeners_max}, "addresses, such as [\"127.0.0.1:8080\"]", add);
        },
        .show =
            [](const Config& config) {
                return list_of(config.server.listen, [](const ListenAddress& address) { return to_string(address); });
            }};
}

ValueAccess status_listen() {
    return {.kind = ValueKind::text,
            .take = [](Config& config, const toml::node& node) -> Complaint {
                const auto value = node.value_exact<std::string>();
                if (!value) return "wants an address in quotes, or \"off\"";
                if (*value == "off") {
                    config.server.status_enabled = false;
                    return std::nullopt;
                }
                const auto address = parse_listen_address(*value);
                if (!address) return is_wrong(address.error()).message;
                config.server.status = *address;
                config.server.status_enabled = true;
                return std::nullopt;
            },
            .show =
                [](const Config& config) {
                    return toml_text(config.server.status_enabled ? to_string(config.server.status) : "off");
                }};
}

ValueAccess trusted_proxies() {
    return {.kind = ValueKind::list,
            .take = [](Config& config, const toml::node& node) -> Complaint {
                const auto add = [](TrustedProxies& trusted, const std::string& element) -> Complaint {
                    if (element != "unix") return add_network(trusted.networks, element);
                    trusted.unix_peers = true;
                    return std::nullopt;
                };
                return take_list(config.server.trusted_proxies, node, {0, TrustedProxies::networks_max},
                                 "addresses and networks, such as [\"127.0.0.1\", \"10.0.0.0/8\", \"unix\"]", add);
            },
            .show =
                [](const Config& config) {
                    const TrustedProxies& trusted = config.server.trusted_proxies;
                    std::vector<std::string> texts;
                    for (const Network& network : trusted.networks) texts.push_back(to_string(network));
                    if (trusted.unix_peers) texts.emplace_back("unix");
                    return list_of(texts, same_text);
                }};
}

ValueAccess networks_allowed() {
    static constexpr std::size_t networks_max = 64;
    return {.kind = ValueKind::list,
            .take = [](Config& config, const toml::node& node) -> Complaint {
                return take_list(config.polling.networks_allowed, node, {0, networks_max},
                                 "networks, such as [\"10.1.0.0/16\"]", add_network);
            },
            .show =
                [](const Config& config) {
                    return list_of(config.polling.networks_allowed, [](const Network& network) { return to_string(network); });
                }};
}

}  // namespace

const std::vector<ConfigKey>& config_key_table() {
    static const std::vector<ConfigKey> table = {
        {"site", "base_url", parsed(at(&Config::site, &SiteConfig::base_url), "a URL in quotes", base_url_or_none, same_text)},
        {"site", "title", text(at(&Config::site, &SiteConfig::title))},
        {"site", "entries_max", count(at(&Config::site, &SiteConfig::entries_max), {1, 1'000})},
        {"site", "entries_wanted_max", count(at(&Config::site, &SiteConfig::entries_wanted_max), {1, 1'000})},
        {"site", "feed_bytes_max", size(at(&Config::site, &SiteConfig::feed_bytes_max), "16KiB", "64MiB")},
        {"site", "ttl", duration(at(&Config::site, &SiteConfig::ttl), "0s", "720h")},
        {"site", "hubs", hubs()},
        {"server", "listen", listen()},
        {"server", "status_listen", status_listen()},
        {"server", "loops", count(at(&Config::server, &ServerConfig::loops), {0, 256})},
        {"server", "connections_max", count(at(&Config::server, &ServerConfig::connections_max), {1, 1'000'000})},
        {"server", "connections_per_address_max",
         count(at(&Config::server, &ServerConfig::connections_per_address_max), {1, 1'000'000})},
        {"server", "trusted_proxies", trusted_proxies()},
        {"server", "unix_mode",
         parsed(at(&Config::server, &ServerConfig::unix_access, &UnixAccess::mode), "a mode in quotes, such as \"0660\"",
                parse_file_mode, file_mode_text)},
        {"server", "unix_group", text(at(&Config::server, &ServerConfig::unix_access, &UnixAccess::group))},
        {"server", "idle_timeout", duration(at(&Config::server, &ServerConfig::idle_timeout), "1s", "1h")},
        {"server", "request_timeout", duration(at(&Config::server, &ServerConfig::request_timeout), "1s", "1h")},
        {"server", "write_timeout", duration(at(&Config::server, &ServerConfig::write_timeout), "1s", "1h")},
        {"server", "drain_timeout", duration(at(&Config::server, &ServerConfig::drain_timeout), "0s", "1h")},
        {"server.tls", "certificate",
         text(at(&Config::server, &ServerConfig::tls, &TlsConfig::certificate), "a file in quotes")},
        {"server.tls", "key", text(at(&Config::server, &ServerConfig::tls, &TlsConfig::key), "a file in quotes")},
        {"cache", "bytes_max", size(at(&Config::cache, &CacheConfig::bytes_max), "1MiB", "1024GiB")},
        {"cache", "max_age", duration(at(&Config::cache, &CacheConfig::max_age), "0s", "8760h")},
        {"cache", "stale_while_revalidate", duration(at(&Config::cache, &CacheConfig::stale_while_revalidate), "0s", "8760h")},
        {"cache", "stale_if_error", duration(at(&Config::cache, &CacheConfig::stale_if_error), "0s", "8760h")},
        {"database", "url", text(at(&Config::database, &DatabaseConfig::url))},
        {"database", "data", text(at(&Config::database, &DatabaseConfig::data), "a directory in quotes")},
        {"database", "workers", count(at(&Config::database, &DatabaseConfig::workers), {1, 64})},
        {"polling", "enabled", flag(at(&Config::polling, &PollingConfig::enabled))},
        {"polling", "conditional_min", duration(at(&Config::polling, &PollingConfig::conditional_min), "60s", "720h")},
        {"polling", "whole_min", duration(at(&Config::polling, &PollingConfig::whole_min), "60s", "720h")},
        {"polling", "interval_max", duration(at(&Config::polling, &PollingConfig::interval_max), "60s", "720h")},
        {"polling", "host_spacing", duration(at(&Config::polling, &PollingConfig::host_spacing), "0s", "1h")},
        {"polling", "transfers_max", count(at(&Config::polling, &PollingConfig::transfers_max), {1, 1'000})},
        {"polling", "networks_allowed", networks_allowed()},
        {"polling", "proxy", text(at(&Config::polling, &PollingConfig::proxy))},
        {"polling", "user_agent", text(at(&Config::polling, &PollingConfig::user_agent))},
        {"retention", "folder",
         parsed(at(&Config::retention, &RetentionConfig::folder), "a directory in quotes", absolute_folder, folder_text)},
        {"log", "level",
         parsed(at(&Config::log, &LogConfig::level), "a level in quotes, such as \"info\"", log_level, same_text)},
        {"log", "format",
         parsed(at(&Config::log, &LogConfig::format), "a format in quotes, such as \"json\"", log_format, log_format_text)},
        {"log", "access", text(at(&Config::log, &LogConfig::access))},
    };
    return table;
}

const ConfigKey* find_config_key(std::string_view dotted) {
    const auto& table = config_key_table();
    const auto found = std::find_if(table.begin(), table.end(), [&](const ConfigKey& key) { return key.dotted() == dotted; });
    return found == table.end() ? nullptr : &*found;
}

}  // namespace gazetted
