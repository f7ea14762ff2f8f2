#pragma once

#include "daemon/address.hpp"
#include "daemon/ip_address.hpp"
#include "daemon/listen_address.hpp"
#include "daemon/peer.hpp"
#include "feeds/result.hpp"

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gazetted {

/// How the site presents itself; empty texts are taken from the database.
struct SiteConfig {
    std::string base_url;  ///< scheme and authority alone, as parse_base_url() has it; empty: http:// and the first listener
    std::string title;
    std::size_t entries_max = 50;            ///< in one feed
    std::size_t entries_wanted_max = 500;    ///< the same where `?n=` wants so many
    std::size_t feed_bytes_max = 1'000'000;  ///< the oldest entries are dropped beyond it
    std::chrono::seconds ttl{900};           ///< what feeds say of how often to ask; 0: nothing
    std::vector<std::string> hubs;           ///< WebSub: who pushes our feeds
    VariantLimits variant_limits() const { return {.entries_default = entries_max, .entries_max = entries_wanted_max}; }
    friend bool operator==(const SiteConfig&, const SiteConfig&) = default;
};
/// Both in PEM; the certificate first, then those that vouch for it.
struct TlsConfig {
    std::filesystem::path certificate;
    std::filesystem::path key;
    friend bool operator==(const TlsConfig&, const TlsConfig&) = default;
};
/// Who may connect to our Unix sockets.
struct UnixAccess {
    unsigned mode = 0660;
    std::string group;  ///< empty: the process's own
    friend bool operator==(const UnixAccess&, const UnixAccess&) = default;
};
struct ServerConfig {
    std::vector<ListenAddress> listen = {ListenAddress{}};
    ListenAddress status{TcpAddress{"127.0.0.1", 8081}};
    bool status_enabled = true;
    std::size_t loops = 0;  ///< 0: one a core
    std::size_t connections_max = 10'000;
    std::size_t connections_per_address_max = 256;
    TrustedProxies trusted_proxies;
    UnixAccess unix_access;
    std::chrono::seconds idle_timeout{60};
    std::chrono::seconds request_timeout{15};
    std::chrono::seconds write_timeout{30};
    std::chrono::seconds drain_timeout{10};
    TlsConfig tls;
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
/// How upstream feeds are polled (docs/polling.md).
struct PollingConfig {
    bool enabled = true;
    std::chrono::seconds conditional_min = std::chrono::hours{1};  ///< between two requests with a validator
    std::chrono::seconds whole_min = std::chrono::hours{24};       ///< between two answers in full without one
    std::chrono::seconds interval_max = std::chrono::hours{24};
    std::chrono::seconds host_spacing{1};  ///< between two requests to one host
    std::size_t transfers_max = 64;
    std::vector<Network> networks_allowed;  ///< though they are private
    std::string proxy;                      ///< empty: none
    std::string user_agent;                 ///< empty: ours, with the base URL
    friend bool operator==(const PollingConfig&, const PollingConfig&) = default;
};
struct RetentionConfig {
    std::filesystem::path folder;  ///< where articles are archived before they are removed; empty: none is removed
    friend bool operator==(const RetentionConfig&, const RetentionConfig&) = default;
};
/// How lines of the log and of the access log are written.
enum class LogFormat { text, json };
struct LogConfig {
    std::string level = "info";  ///< trace, debug, info, warning or error
    LogFormat format = LogFormat::text;
    std::string access;  ///< the access log's file, or `-` for stdout; empty: none
    friend bool operator==(const LogConfig&, const LogConfig&) = default;
};

/// Parsed and checked once; each part gets its own struct. The keys are those of systemd/gazetted.toml.
struct Config {
    SiteConfig site;
    ServerConfig server;
    CacheConfig cache;
    DatabaseConfig database;
    PollingConfig polling;
    RetentionConfig retention;
    LogConfig log;
    friend bool operator==(const Config&, const Config&) = default;
};

/// What no single key shows: keys that need or exclude each other, once the command line has had its say. None: all is well.
std::optional<Error> contradiction_in(const Config&);

/// Every key as `section.key`, in the order of systemd/gazetted.toml.
std::vector<std::string> config_keys();

/// The keys that say one thing here and another there, in the same order.
std::vector<std::string> differing_keys(const Config&, const Config&);

/// Absolute http or https URL without query or fragment; slashes at its end are taken off.
Result<std::string> parse_base_url(std::string_view);

/// What links are built from where no base URL is configured: the first listener that has a port, as this machine reaches it.
std::string base_url_of(const ServerConfig&);

/// One of the words of LogConfig::level.
bool is_log_level(std::string_view);

}  // namespace gazetted
