#include "daemon/config.hpp"

#include "daemon/config_values.hpp"
#include "daemon/suggestion.hpp"
#include "feeds/lawful.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <functional>
#include <optional>
#include <utility>

namespace gazetted {
namespace {

/// What is wrong with a value; none: it was taken.
using Complaint = std::optional<std::string>;
using Take = std::function<Complaint(Config&, const toml::node&)>;

struct Key {
    std::string section;
    std::string name;
    Take take;
};

std::string dotted(const Key& key) { return key.section + "." + key.name; }

/// The smallest and the largest value that a key takes.
struct Range {
    std::size_t least;
    std::size_t most;
};

template <class Member>
Take text(Member Config::*part, std::string Member::*field) {
    return [=](Config& config, const toml::node& node) -> Complaint {
        const auto value = node.value_exact<std::string>();
        if (!value) return "wants a text in quotes";
        config.*part.*field = *value;
        return std::nullopt;
    };
}

template <class Member>
Take count(Member Config::*part, std::size_t Member::*field, Range range) {
    return [=](Config& config, const toml::node& node) -> Complaint {
        const auto value = node.value_exact<std::int64_t>();
        if (!value) return "wants a whole number";
        if (*value < 0 || static_cast<std::size_t>(*value) < range.least || static_cast<std::size_t>(*value) > range.most) {
            return "must be from " + std::to_string(range.least) + " to " + std::to_string(range.most);
        }
        config.*part.*field = static_cast<std::size_t>(*value);
        return std::nullopt;
    };
}

template <class Member>
Take duration(Member Config::*part, std::chrono::seconds Member::*field, std::chrono::seconds least,
              std::chrono::seconds most) {
    return [=](Config& config, const toml::node& node) -> Complaint {
        const auto value = node.value_exact<std::string>();
        if (!value) return "wants a duration in quotes, such as \"60s\"";
        const auto parsed = parse_duration(*value);
        if (!parsed) return "is wrong: " + parsed.error().message;
        if (*parsed < least || *parsed > most) {
            return "must be from \"" + std::to_string(least.count()) + "s\" to \"" + std::to_string(most.count()) + "s\"";
        }
        config.*part.*field = *parsed;
        return std::nullopt;
    };
}

Complaint take_base_url(Config& config, const toml::node& node) {
    const auto value = node.value_exact<std::string>();
    if (!value) return "wants a URL in quotes";
    if (value->empty()) return std::nullopt;
    const auto parsed = parse_base_url(*value);
    if (!parsed) return "is wrong: " + parsed.error().message;
    config.site.base_url = *parsed;
    return std::nullopt;
}

constexpr std::size_t hubs_max = 8;

Complaint take_hubs(Config& config, const toml::node& node) {
    const toml::array* values = node.as_array();
    if (!values || values->size() > hubs_max)
        return "wants a list of at most " + std::to_string(hubs_max) + " addresses, such as [\"https://hub.example/\"]";
    config.site.hubs.clear();
    for (const toml::node& element : *values) {
        const auto value = element.value_exact<std::string>();
        const std::string link = value ? web_link(*value) : std::string();
        if (link.empty()) return "wants addresses in quotes, http or https";
        config.site.hubs.push_back(link);
    }
    return std::nullopt;
}

constexpr std::size_t listeners_max = 64;

Complaint take_listen(Config& config, const toml::node& node) {
    const toml::array* values = node.as_array();
    if (!values || values->empty() || values->size() > listeners_max) {
        return "wants a list of 1 to " + std::to_string(listeners_max) + " addresses, such as [\"127.0.0.1:8080\"]";
    }
    config.server.listen.clear();
    for (const toml::node& element : *values) {
        const auto value = element.value_exact<std::string>();
        if (!value) return "wants addresses in quotes";
        const auto parsed = parse_listen_address(*value);
        if (!parsed) return "is wrong: " + parsed.error().message;
        config.server.listen.push_back(*parsed);
    }
    return std::nullopt;
}

Complaint take_status_listen(Config& config, const toml::node& node) {
    const auto value = node.value_exact<std::string>();
    if (!value) return "wants an address in quotes, or \"off\"";
    config.server.status_enabled = *value != "off";
    if (!config.server.status_enabled) return std::nullopt;
    const auto parsed = parse_listen_address(*value);
    if (!parsed) return "is wrong: " + parsed.error().message;
    config.server.status = *parsed;
    return std::nullopt;
}

template <class Member>
Take flag(Member Config::*part, bool Member::*field) {
    return [=](Config& config, const toml::node& node) -> Complaint {
        const auto value = node.value_exact<bool>();
        if (!value) return "wants true or false";
        config.*part.*field = *value;
        return std::nullopt;
    };
}

constexpr std::size_t networks_allowed_max = 64;

Complaint take_networks_allowed(Config& config, const toml::node& node) {
    const toml::array* values = node.as_array();
    if (!values || values->size() > networks_allowed_max)
        return "wants a list of at most " + std::to_string(networks_allowed_max) + " networks, such as [\"10.1.0.0/16\"]";
    config.polling.networks_allowed.clear();
    for (const toml::node& element : *values) {
        const auto value = element.value_exact<std::string>();
        if (!value) return "wants networks in quotes";
        const auto network = parse_network(*value);
        if (!network) return "is wrong: " + network.error().message;
        config.polling.networks_allowed.push_back(*network);
    }
    return std::nullopt;
}

Complaint take_trusted_proxies(Config& config, const toml::node& node) {
    const toml::array* values = node.as_array();
    if (!values || values->size() > TrustedProxies::networks_max) {
        return "wants a list of at most " + std::to_string(TrustedProxies::networks_max) +
               " addresses and networks, such as [\"127.0.0.1\", \"10.0.0.0/8\", \"unix\"]";
    }
    TrustedProxies trusted;
    for (const toml::node& element : *values) {
        const auto value = element.value_exact<std::string>();
        if (!value) return "wants addresses in quotes";
        if (*value == "unix") {
            trusted.unix_peers = true;
            continue;
        }
        const auto network = parse_network(*value);
        if (!network) return "is wrong: " + network.error().message;
        trusted.networks.push_back(*network);
    }
    config.server.trusted_proxies = std::move(trusted);
    return std::nullopt;
}

Complaint take_unix_mode(Config& config, const toml::node& node) {
    const auto value = node.value_exact<std::string>();
    if (!value) return "wants a mode in quotes, such as \"0660\"";
    const auto mode = parse_file_mode(*value);
    if (!mode) return "is wrong: " + mode.error().message;
    config.server.unix_access.mode = *mode;
    return std::nullopt;
}

Complaint take_unix_group(Config& config, const toml::node& node) {
    const auto value = node.value_exact<std::string>();
    if (!value) return "wants a group in quotes";
    config.server.unix_access.group = *value;
    return std::nullopt;
}

Take tls_file(std::filesystem::path TlsConfig::*field) {
    return [=](Config& config, const toml::node& node) -> Complaint {
        const auto value = node.value_exact<std::string>();
        if (!value) return "wants a file in quotes";
        config.server.tls.*field = *value;
        return std::nullopt;
    };
}

template <class Member>
Take size(Member Config::*part, std::size_t Member::*field, std::string least, std::string most) {
    return [=](Config& config, const toml::node& node) -> Complaint {
        const auto value = node.value_exact<std::string>();
        if (!value) return "wants a size in quotes, such as \"256MiB\"";
        const auto parsed = parse_size(*value);
        if (!parsed) return "is wrong: " + parsed.error().message;
        if (*parsed < *parse_size(least) || *parsed > *parse_size(most))
            return "must be from \"" + least + "\" to \"" + most + "\"";
        config.*part.*field = *parsed;
        return std::nullopt;
    };
}

Complaint take_data(Config& config, const toml::node& node) {
    const auto value = node.value_exact<std::string>();
    if (!value) return "wants a directory in quotes";
    config.database.data = *value;
    return std::nullopt;
}

Complaint take_log_level(Config& config, const toml::node& node) {
    const auto value = node.value_exact<std::string>();
    if (!value || !is_log_level(*value)) return "wants one of \"trace\", \"debug\", \"info\", \"warning\" and \"error\"";
    config.log.level = *value;
    return std::nullopt;
}

const std::vector<Key>& keys() {
    using namespace std::chrono_literals;
    static const std::vector<Key> table = {
        {"site", "base_url", take_base_url},
        {"site", "title", text(&Config::site, &SiteConfig::title)},
        {"site", "entries_max", count(&Config::site, &SiteConfig::entries_max, {1, 1'000})},
        {"site", "entries_wanted_max", count(&Config::site, &SiteConfig::entries_wanted_max, {1, 1'000})},
        {"site", "feed_bytes_max", size(&Config::site, &SiteConfig::feed_bytes_max, "16KiB", "64MiB")},
        {"site", "ttl", duration(&Config::site, &SiteConfig::ttl, 0s, 720h)},
        {"site", "hubs", take_hubs},
        {"server", "listen", take_listen},
        {"server", "status_listen", take_status_listen},
        {"server", "loops", count(&Config::server, &ServerConfig::loops, {0, 256})},
        {"server", "connections_max", count(&Config::server, &ServerConfig::connections_max, {1, 1'000'000})},
        {"server", "connections_per_address_max",
         count(&Config::server, &ServerConfig::connections_per_address_max, {1, 1'000'000})},
        {"server", "trusted_proxies", take_trusted_proxies},
        {"server", "unix_mode", take_unix_mode},
        {"server", "unix_group", take_unix_group},
        {"server", "idle_timeout", duration(&Config::server, &ServerConfig::idle_timeout, 1s, 1h)},
        {"server", "request_timeout", duration(&Config::server, &ServerConfig::request_timeout, 1s, 1h)},
        {"server", "write_timeout", duration(&Config::server, &ServerConfig::write_timeout, 1s, 1h)},
        {"server", "drain_timeout", duration(&Config::server, &ServerConfig::drain_timeout, 0s, 1h)},
        {"server.tls", "certificate", tls_file(&TlsConfig::certificate)},
        {"server.tls", "key", tls_file(&TlsConfig::key)},
        {"cache", "bytes_max", size(&Config::cache, &CacheConfig::bytes_max, "1MiB", "1024GiB")},
        {"cache", "max_age", duration(&Config::cache, &CacheConfig::max_age, 0s, 8'760h)},
        {"cache", "stale_while_revalidate", duration(&Config::cache, &CacheConfig::stale_while_revalidate, 0s, 8'760h)},
        {"cache", "stale_if_error", duration(&Config::cache, &CacheConfig::stale_if_error, 0s, 8'760h)},
        {"database", "url", text(&Config::database, &DatabaseConfig::url)},
        {"database", "data", take_data},
        {"database", "workers", count(&Config::database, &DatabaseConfig::workers, {1, 64})},
        {"polling", "enabled", flag(&Config::polling, &PollingConfig::enabled)},
        {"polling", "conditional_min", duration(&Config::polling, &PollingConfig::conditional_min, 60s, 720h)},
        {"polling", "whole_min", duration(&Config::polling, &PollingConfig::whole_min, 60s, 720h)},
        {"polling", "interval_max", duration(&Config::polling, &PollingConfig::interval_max, 60s, 720h)},
        {"polling", "host_spacing", duration(&Config::polling, &PollingConfig::host_spacing, 0s, 1h)},
        {"polling", "transfers_max", count(&Config::polling, &PollingConfig::transfers_max, {1, 1'000})},
        {"polling", "networks_allowed", take_networks_allowed},
        {"polling", "proxy", text(&Config::polling, &PollingConfig::proxy)},
        {"polling", "user_agent", text(&Config::polling, &PollingConfig::user_agent)},
        {"log", "level", take_log_level},
        {"log", "access", text(&Config::log, &LogConfig::access)},
    };
    return table;
}

std::vector<std::string> section_names() {
    std::vector<std::string> names;
    for (const Key& key : keys()) {
        if (names.empty() || names.back() != key.section) names.push_back(key.section);
    }
    return names;
}

/// Names errors as `file:line: what`.
struct Place {
    std::string_view file_name;
    Error error(const toml::source_region& region, const std::string& what) const {
        return {ErrorKind::malformed, std::string(file_name) + ":" + std::to_string(region.begin.line) + ": " + what};
    }
};

bool is_section(const std::string& name) {
    const std::vector<std::string> names = section_names();
    return std::find(names.begin(), names.end(), name) != names.end();
}

std::optional<Error> take_section(Config& config, std::string_view section, const toml::table& values, const Place& place) {
    for (const auto& [name, node] : values) {
        const auto key = std::find_if(keys().begin(), keys().end(), [&, wanted = name.str()](const Key& k) {
            return k.section == section && k.name == wanted;
        });
        const std::string given = std::string(section) + "." + std::string(name.str());
        if (is_section(given)) {
            if (!node.is_table()) return place.error(node.source(), given + " is a section: write [" + given + "]");
            if (auto error = take_section(config, given, *node.as_table(), place)) return error;
            continue;
        }
        if (key == keys().end()) {
            std::vector<std::string> known = config_keys();
            for (const std::string& other : section_names()) known.push_back(other);
            return place.error(name.source(), "unknown key " + given + suggestion(given, known));
        }
        if (const Complaint complaint = key->take(config, node)) return place.error(node.source(), given + " " + *complaint);
    }
    return std::nullopt;
}

Result<Config> config_of(const toml::table& document, const Place& place) {
    Config config;
    for (const auto& [name, node] : document) {
        const std::string section(name.str());
        if (!is_section(section)) {
            const std::string what = node.is_table() ? "unknown section [" + section + "]" : "unknown key " + section;
            return place.error(name.source(), what + suggestion(section, section_names()));
        }
        if (!node.is_table()) return place.error(node.source(), section + " is a section: write [" + section + "]");
        if (auto error = take_section(config, section, *node.as_table(), place)) return *error;
    }
    if (!config.database.url.empty() && !config.database.data.empty()) {
        return place.error(document["database"]["data"].node()->source(), "database.url and database.data exclude each other");
    }
    return config;
}

}  // namespace

Result<Config> parse_config(std::string_view toml, std::string_view file_name) {
    const Place place{file_name};
    try {
        return config_of(toml::parse(toml, file_name), place);
    } catch (const toml::parse_error& error) {
        return place.error(error.source(), std::string(error.description()));
    }
}

std::optional<Error> contradiction_in(const Config& config) {
    const auto& server = config.server;
    if (server.tls.certificate.empty() != server.tls.key.empty())
        return Error{ErrorKind::malformed, "server.tls.certificate and server.tls.key are given together or not at all"};
    if (server.status_enabled && server.status.tls)
        return Error{ErrorKind::malformed, "the status listener speaks no TLS: leave https: out of server.status_listen"};
    const auto wants_tls =
        std::find_if(server.listen.begin(), server.listen.end(), [](const ListenAddress& listen) { return listen.tls; });
    if (wants_tls != server.listen.end() && server.tls.certificate.empty())
        return Error{ErrorKind::malformed,
                     "listening on " + to_string(*wants_tls) + " needs server.tls.certificate and server.tls.key"};
    return std::nullopt;
}

std::vector<std::string> config_keys() {
    std::vector<std::string> names;
    for (const Key& key : keys()) names.push_back(dotted(key));
    return names;
}

}  // namespace gazetted
