#pragma once

#include "feeds/result.hpp"

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace gazetted {

/// Where we listen: an IP address, never a name, and a port; port 0 lets the kernel choose.
struct ListenAddress {
    std::string host = "127.0.0.1";
    unsigned short port = 8080;
    friend bool operator==(const ListenAddress&, const ListenAddress&) = default;
};
/// `ADDR:PORT`, `[V6]:PORT`, `localhost:PORT` (127.0.0.1) or `:PORT` (every IPv4 address).
Result<ListenAddress> parse_listen_address(std::string_view);
/// `ADDR:PORT` or `[V6]:PORT`, for messages and links.
std::string to_string(const ListenAddress&);

/// How the site presents itself; empty texts are taken from the database.
struct SiteConfig {
    std::string base_url;  ///< without a slash at its end; empty: http:// and the first listener
    std::string title;
    std::size_t entries_max = 50;  ///< in one feed
    friend bool operator==(const SiteConfig&, const SiteConfig&) = default;
};
struct ServerConfig {
    std::vector<ListenAddress> listen = {ListenAddress{}};
    ListenAddress status{"127.0.0.1", 8081};
    bool status_enabled = true;
    std::size_t loops = 0;  ///< 0: one a core
    std::size_t connections_max = 10'000;
    std::chrono::seconds idle_timeout{60};
    std::chrono::seconds request_timeout{15};
    std::chrono::seconds write_timeout{30};
    std::chrono::seconds drain_timeout{10};
    friend bool operator==(const ServerConfig&, const ServerConfig&) = default;
};
struct CacheConfig {
    std::size_t bytes_max = std::size_t{256} << 20;
    std::chrono::seconds max_age{60};
    std::chrono::seconds stale_while_revalidate{300};
    std::chrono::seconds stale_if_error{86'400};
    friend bool operator==(const CacheConfig&, const CacheConfig&) = default;
};
struct DatabaseConfig {
    std::string url;             ///< one of url and data
    std::filesystem::path data;  ///< a private PostgreSQL's directory
    std::size_t workers = 2;     ///< connections that render
    friend bool operator==(const DatabaseConfig&, const DatabaseConfig&) = default;
};
struct LogConfig {
    std::string level = "info";  ///< trace, debug, info, warning or error
    friend bool operator==(const LogConfig&, const LogConfig&) = default;
};

/// Parsed and checked once; each part gets its own struct. The keys are those of systemd/gazetted.toml.
struct Config {
    SiteConfig site;
    ServerConfig server;
    CacheConfig cache;
    DatabaseConfig database;
    LogConfig log;
    friend bool operator==(const Config&, const Config&) = default;
};

/// Unknown keys, wrong types and values out of range are errors: `gazetted.toml:12: unknown key server.lisen, did you mean
/// server.listen?`. Durations are texts such as "60s", sizes such as "256MiB".
Result<Config> parse_config(std::string_view toml, std::string_view file_name);

/// Every key as `section.key`, in the order of systemd/gazetted.toml.
std::vector<std::string> config_keys();

/// Absolute http or https URL without query or fragment; slashes at its end are taken off.
Result<std::string> parse_base_url(std::string_view);

/// What links are built from where no base URL is configured: http:// and the first listener, as this machine reaches it.
std::string base_url_of(const ServerConfig&);

/// One of the words of LogConfig::level.
bool is_log_level(std::string_view);

}  // namespace gazetted
