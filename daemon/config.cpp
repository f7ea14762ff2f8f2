#include "daemon/config.hpp"

#include "daemon/config_values.hpp"
#include "daemon/suggestion.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <functional>
#include <optional>

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

Complaint take_cache_bytes(Config& config, const toml::node& node) {
    constexpr Range range{std::size_t{1} << 20, std::size_t{1} << 40};
    const auto value = node.value_exact<std::string>();
    if (!value) return "wants a size in quotes, such as \"256MiB\"";
    const auto parsed = parse_size(*value);
    if (!parsed) return "is wrong: " + parsed.error().message;
    if (*parsed < range.least || *parsed > range.most) return "must be from \"1MiB\" to \"1024GiB\"";
    config.cache.bytes_max = *parsed;
    return std::nullopt;
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
        {"server", "listen", take_listen},
        {"server", "status_listen", take_status_listen},
        {"server", "loops", count(&Config::server, &ServerConfig::loops, {0, 256})},
        {"server", "connections_max", count(&Config::server, &ServerConfig::connections_max, {1, 1'000'000})},
        {"server", "idle_timeout", duration(&Config::server, &ServerConfig::idle_timeout, 1s, 1h)},
        {"server", "request_timeout", duration(&Config::server, &ServerConfig::request_timeout, 1s, 1h)},
        {"server", "write_timeout", duration(&Config::server, &ServerConfig::write_timeout, 1s, 1h)},
        {"server", "drain_timeout", duration(&Config::server, &ServerConfig::drain_timeout, 0s, 1h)},
        {"cache", "bytes_max", take_cache_bytes},
        {"cache", "max_age", duration(&Config::cache, &CacheConfig::max_age, 0s, 8'760h)},
        {"cache", "stale_while_revalidate", duration(&Config::cache, &CacheConfig::stale_while_revalidate, 0s, 8'760h)},
        {"cache", "stale_if_error", duration(&Config::cache, &CacheConfig::stale_if_error, 0s, 8'760h)},
        {"database", "url", text(&Config::database, &DatabaseConfig::url)},
        {"database", "data", take_data},
        {"database", "workers", count(&Config::database, &DatabaseConfig::workers, {1, 64})},
        {"log", "level", take_log_level},
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

std::optional<Error> take_section(Config& config, std::string_view section, const toml::table& values, const Place& place) {
    for (const auto& [name, node] : values) {
        const auto key = std::find_if(keys().begin(), keys().end(), [&, wanted = name.str()](const Key& k) {
            return k.section == section && k.name == wanted;
        });
        const std::string given = std::string(section) + "." + std::string(name.str());
        if (key == keys().end()) {
            return place.error(name.source(), "unknown key " + given + suggestion(given, config_keys()));
        }
        if (const Complaint complaint = key->take(config, node)) return place.error(node.source(), given + " " + *complaint);
    }
    return std::nullopt;
}

Result<Config> config_of(const toml::table& document, const Place& place) {
    Config config;
    const std::vector<std::string> sections = section_names();
    for (const auto& [name, node] : document) {
        const std::string section(name.str());
        if (std::find(sections.begin(), sections.end(), section) == sections.end()) {
            const std::string what = node.is_table() ? "unknown section [" + section + "]" : "unknown key " + section;
            return place.error(name.source(), what + suggestion(section, sections));
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

std::vector<std::string> config_keys() {
    std::vector<std::string> names;
    for (const Key& key : keys()) names.push_back(dotted(key));
    return names;
}

}  // namespace gazetted
