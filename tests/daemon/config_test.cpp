#include "daemon/config.hpp"

#include "daemon/config_layers.hpp"
#include "daemon/reload_config.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

namespace gazetted {
namespace {

Result<Config> parse_config(const std::string& toml, const std::string& file_name) {
    ConfigLayers layers;
    layers.add_file(toml, file_name);
    const auto effective = layers.result();
    if (!effective) return effective.error();
    return effective->config;
}

/// What is configured where nothing is said, but for the base URL, which is guessed.
Config nothing_said() {
    Config config;
    config.site.base_url = base_url_of(config.server);
    return config;
}

std::string error_of(const std::string& toml) {
    const auto config = parse_config(toml, "g.toml");
    return config ? "no error" : config.error().message;
}

std::string read_source(const std::string& path) {
    std::ifstream file(GAZETTED_SOURCE_DIR "/" + path);
    EXPECT_TRUE(file.good()) << path;
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

/// `section.key` -> the value as systemd/gazetted.toml writes it, commented or not.
std::vector<std::pair<std::string, std::string>> shipped_keys() {
    std::vector<std::pair<std::string, std::string>> keys;
    std::istringstream lines(read_source("systemd/gazetted.toml"));
    std::string section;
    for (std::string line; std::getline(lines, line);) {
        std::smatch match;
        if (std::regex_match(line, match, std::regex(R"(\[([\w.]+)\])"))) section = match[1];
        if (std::regex_match(line, match, std::regex(R"(#?(\w+) = (.+))")))
            keys.emplace_back(section + "." + match[1].str(), match[2]);
    }
    return keys;
}

TEST(Config, IsAllDefaultsWhereNothingIsWritten) { EXPECT_EQ(parse_config("", "g.toml").value(), nothing_said()); }

TEST(Config, TakesEveryKindOfValue) {
    const Config config = parse_config(R"([site]
base_url = "https://news.example.org/"
entries_max = 20
entries_wanted_max = 100
feed_bytes_max = "64KiB"
[server]
listen = ["[::1]:80", ":8080"]
status_listen = "off"
idle_timeout = "2min"
[cache]
bytes_max = "64MiB"
[database]
data = "/var/lib/gazetted"
[log]
level = "debug"
format = "json"
)",
                                       "g.toml")
                              .value();
    EXPECT_EQ(config.site.base_url, "https://news.example.org");
    EXPECT_EQ(config.site.entries_max, 20U);
    EXPECT_EQ(config.site.entries_wanted_max, 100U);
    EXPECT_EQ(config.site.feed_bytes_max, std::size_t{64} << 10);
    EXPECT_EQ(config.server.listen, (std::vector<ListenAddress>{{TcpAddress{"::1", 80}}, {TcpAddress{"0.0.0.0", 8080}}}));
    EXPECT_FALSE(config.server.status_enabled);
    EXPECT_EQ(config.server.idle_timeout, std::chrono::minutes(2));
    EXPECT_EQ(config.cache.bytes_max, std::size_t{64} << 20);
    EXPECT_EQ(config.database.data, "/var/lib/gazetted");
    EXPECT_EQ(config.log.level, "debug");
    EXPECT_EQ(config.log.format, LogFormat::json);
}

TEST(Config, NamesTheLineAndTheNearestKeyOfAnUnknownOne) {
    EXPECT_EQ(error_of("[server]\n\nlisen = []\n"), "g.toml:3: unknown key server.lisen, did you mean server.listen?");
    EXPECT_EQ(error_of("[sevrer]\n"), "g.toml:1: unknown section [sevrer], did you mean server?");
    EXPECT_EQ(error_of("[log]\nzzzzzzzzzzzz = 1\n"), "g.toml:2: unknown key log.zzzzzzzzzzzz");
    EXPECT_EQ(error_of("title = 'x'\n"), "g.toml:1: unknown key title, did you mean site?");
}

TEST(Config, RefusesTheWrongType) {
    EXPECT_EQ(error_of("[site]\ntitle = 7\n"), "g.toml:2: site.title wants a text in quotes");
    EXPECT_EQ(error_of("[site]\nentries_max = '7'\n"), "g.toml:2: site.entries_max wants a whole number");
    EXPECT_EQ(error_of("[site]\nentries_max = 7.0\n"), "g.toml:2: site.entries_max wants a whole number");
    EXPECT_EQ(error_of("[server]\nidle_timeout = 60\n"),
              "g.toml:2: server.idle_timeout wants a duration in quotes, such as \"60s\"");
    EXPECT_EQ(error_of("[log]\nformat = 'xml'\n"), "g.toml:2: log.format is wrong: it is \"text\" or \"json\"");
    EXPECT_EQ(error_of("server = 1\n"), "g.toml:1: server is a section: write [server]");
}

TEST(Config, HoldsNumbersToTheirRangeAtTheLimitAndOnePast) {
    EXPECT_EQ(error_of("[site]\nentries_max = 1000\n"), "no error");
    EXPECT_EQ(error_of("[site]\nentries_max = 1\n"), "no error");
    EXPECT_EQ(error_of("[site]\nentries_max = 1001\n"), "g.toml:2: site.entries_max must be from 1 to 1000");
    EXPECT_EQ(error_of("[site]\nentries_max = 0\n"), "g.toml:2: site.entries_max must be from 1 to 1000");
    EXPECT_EQ(error_of("[database]\nworkers = -1\n"), "g.toml:2: database.workers must be from 1 to 64");
    EXPECT_EQ(error_of("[server]\nidle_timeout = '1h'\n"), "no error");
    EXPECT_EQ(error_of("[server]\nidle_timeout = '3601s'\n"), "g.toml:2: server.idle_timeout must be from \"1s\" to \"1h\"");
    EXPECT_EQ(error_of("[cache]\nbytes_max = '1MiB'\n"), "no error");
    EXPECT_EQ(error_of("[site]\nfeed_bytes_max = '16KiB'\n"), "no error");
    EXPECT_EQ(error_of("[site]\nfeed_bytes_max = '16383B'\n"),
              "g.toml:2: site.feed_bytes_max must be from \"16KiB\" to \"64MiB\"");
    EXPECT_EQ(error_of("[site]\nentries_wanted_max = 1001\n"), "g.toml:2: site.entries_wanted_max must be from 1 to 1000");
    EXPECT_EQ(error_of("[cache]\nbytes_max = '1048575B'\n"), "g.toml:2: cache.bytes_max must be from \"1MiB\" to \"1024GiB\"");
}

TEST(Config, TakesWhatFeedsSayOfAskingAndOfHubs) {
    const auto config = parse_config("[site]\nttl = '2h'\nhubs = ['https://hub.example/', 'http://other.example']\n", "g.toml");
    ASSERT_TRUE(config);
    EXPECT_EQ(config->site.ttl, std::chrono::hours(2));
    EXPECT_EQ(config->site.hubs, (std::vector<std::string>{"https://hub.example/", "http://other.example/"}));
    EXPECT_EQ(error_of("[site]\nttl = '721h'\n"), "g.toml:2: site.ttl must be from \"0s\" to \"720h\"");
    for (const char* hubs : {"['javascript:x']", "['/hub']"})
        EXPECT_EQ(error_of("[site]\nhubs = " + std::string(hubs) + "\n"),
                  "g.toml:2: site.hubs wants addresses in quotes, http or https");
    EXPECT_EQ(error_of("[site]\nhubs = [7]\n"), "g.toml:2: site.hubs wants addresses in quotes");
    const std::string eight = "'https://h','https://h','https://h','https://h','https://h','https://h','https://h','https://h'";
    EXPECT_EQ(error_of("[site]\nhubs = [" + eight + "]\n"), "no error");
    EXPECT_NE(error_of("[site]\nhubs = [" + eight + ",'https://h']\n").find("at most 8"), std::string::npos);
}

TEST(Config, RefusesNumbersThatWouldWrapAround) {
    EXPECT_NE(error_of("[cache]\nmax_age = '18446744073709551616s'\n"), "no error");
    EXPECT_NE(error_of("[cache]\nbytes_max = '17179869185GiB'\n"), "no error");
    EXPECT_NE(error_of("[cache]\nmax_age = '-1s'\n"), "no error");
}

TEST(Config, NamesEverythingThatIsWrongInTheOrderOfTheLines) {
    EXPECT_EQ(error_of("[site]\ntitel = 'x'\nentries_max = 0\n[cahce]\n[log]\nlevel = 'loud'\n"),
              "g.toml:2: unknown key site.titel, did you mean site.title?\n"
              "g.toml:3: site.entries_max must be from 1 to 1000\n"
              "g.toml:4: unknown section [cahce], did you mean cache?\n"
              "g.toml:6: log.level is wrong: it is one of \"trace\", \"debug\", \"info\", \"warning\" and \"error\"");
}

TEST(Config, NamesTheLineOfBrokenToml) {
    EXPECT_TRUE(error_of("[site]\ntitle = \"x\n").starts_with("g.toml:2: ")) << error_of("[site]\ntitle = \"x\n");
}

TEST(Config, RefusesTwoDatabases) {
    EXPECT_EQ(error_of("[database]\nurl = 'a'\ndata = 'b'\n"), "g.toml:3: database.url and database.data exclude each other");
}

TEST(Config, TakesSectionsWithinSections) {
    const Config config =
        parse_config("[server]\nlisten = ['https::443']\n[server.tls]\ncertificate = '/c.pem'\nkey = '/k.pem'\n", "g.toml")
            .value();
    EXPECT_EQ(config.server.listen, (std::vector<ListenAddress>{{TcpAddress{"0.0.0.0", 443}, true}}));
    EXPECT_EQ(config.server.tls, (TlsConfig{"/c.pem", "/k.pem"}));
    EXPECT_EQ(error_of("[server.tls]\nkye = 'x'\n"), "g.toml:2: unknown key server.tls.kye, did you mean server.tls.key?");
    EXPECT_EQ(error_of("[server]\ntls = 'x'\n"), "g.toml:2: server.tls is a section: write [server.tls]");
    EXPECT_EQ(error_of("[server.tsl]\nkey = 'x'\n"), "g.toml:1: unknown key server.tsl, did you mean server.tls?");
}

TEST(Config, ReadsWhomToTrust) {
    const Config config =
        parse_config("[server]\ntrusted_proxies = ['127.0.0.1', '10.0.0.0/8', '::1', 'unix']\n", "g.toml").value();
    EXPECT_TRUE(config.server.trusted_proxies.unix_peers);
    EXPECT_EQ(config.server.trusted_proxies.networks,
              (std::vector<Network>{parse_network("127.0.0.1").value(), parse_network("10.0.0.0/8").value(),
                                    parse_network("::1").value()}));
    EXPECT_EQ(error_of("[server]\ntrusted_proxies = []\n"), "no error");
    EXPECT_EQ(
        error_of("[server]\n\ntrusted_proxies = ['10.0.0.1/8']\n"),
        "g.toml:3: server.trusted_proxies is wrong: \"10.0.0.1/8\" has bits set beyond its prefix, did you mean 10.0.0.0/8 "
        "or 10.0.0.1?");
    EXPECT_NE(error_of("[server]\ntrusted_proxies = 'unix'\n"), "no error");
}

TEST(Config, TrustsSoManyNetworksAndNoMore) {
    const auto listed = [](std::size_t networks) {
        std::string list = "'::1'";
        for (std::size_t i = 1; i < networks; ++i) list += ", '::1'";
        return error_of("[server]\ntrusted_proxies = [" + list + "]\n");
    };
    EXPECT_EQ(listed(TrustedProxies::networks_max), "no error");
    EXPECT_TRUE(
        listed(TrustedProxies::networks_max + 1).starts_with("g.toml:2: server.trusted_proxies wants a list of at most 64"));
}

TEST(Config, ReadsWhoMayConnectToUnixSockets) {
    const Config config = parse_config("[server]\nunix_mode = '0600'\nunix_group = 'www-data'\n", "g.toml").value();
    EXPECT_EQ(config.server.unix_access, (UnixAccess{0600, "www-data"}));
    EXPECT_EQ(error_of("[server]\nunix_mode = '0777'\n"), "no error");
    for (const char* mode : {"'1777'", "'888'", "'66'", "'00660'", "'rw-'", "'0x1f'", "432"})
        EXPECT_NE(error_of(std::string("[server]\nunix_mode = ") + mode + "\n"), "no error") << mode;
}

TEST(Config, FindsKeysThatNeedEachOther) {
    Config config;
    EXPECT_FALSE(contradiction_in(config));
    config.server.tls.certificate = "c.pem";
    EXPECT_EQ(contradiction_in(config)->message, "server.tls.certificate and server.tls.key are given together or not at all");
    config.server.tls.key = "k.pem";
    EXPECT_FALSE(contradiction_in(config));
    config.server.tls = {};
    config.server.listen.push_back({TcpAddress{"::1", 443}, true});
    EXPECT_EQ(contradiction_in(config)->message,
              "listening on https:[::1]:443 needs server.tls.certificate and server.tls.key");
    config.server.listen.clear();
    config.server.status.tls = true;
    EXPECT_NE(contradiction_in(config)->message.find("the status listener speaks no TLS"), std::string::npos);
}

TEST(BaseUrl, IsAnAddressWithoutASlashAtItsEnd) {
    EXPECT_EQ(parse_base_url("http://x/").value(), "http://x");
    EXPECT_EQ(parse_base_url("https://x:8//").value(), "https://x:8");
    for (const char* text :
         {"", "x", "ftp://x", "http://", "https:///", "http://x/?q", "http://x#f", "http://x y", "http://x/\"", "//x"}) {
        EXPECT_FALSE(parse_base_url(text)) << text;
    }
}

TEST(BaseUrl, HasNoPathSinceRedirectsAndPagesLeadToTheTopOfAHost) {
    for (const char* text : {"https://example.org/feeds", "https://example.org/feeds/", "http://x:8/a/b", "http://x//y"}) {
        const auto parsed = parse_base_url(text);
        ASSERT_FALSE(parsed) << text;
        EXPECT_EQ(parsed.error().message,
                  "\"" + std::string(text) +
                      "\" has a path, and redirects and pages lead to the top of a host: give the site a "
                      "host of its own, such as https://feeds.example.org");
    }
}

TEST(BaseUrl, FollowsTheFirstListenerWhereNoneIsConfigured) {
    ServerConfig server;
    EXPECT_EQ(base_url_of(server), "http://127.0.0.1:8080");
    server.listen = {{TcpAddress{"::1", 80}}};
    EXPECT_EQ(base_url_of(server), "http://[::1]:80");
    server.listen = {{TcpAddress{"0.0.0.0", 8080}}};
    EXPECT_EQ(base_url_of(server), "http://localhost:8080");
    server.listen = {{UnixAddress{"/run/a.sock"}}, {PassedAddress{}}, {TcpAddress{"192.0.2.1", 8443}, true}};
    EXPECT_EQ(base_url_of(server), "https://192.0.2.1:8443");
    server.listen = {{UnixAddress{"/run/a.sock"}}};
    EXPECT_EQ(base_url_of(server), "http://localhost");
}

/// One value of each kind that is not its default.
constexpr const char* unusual = R"([site]
title = "a \"b\" \\ \u0001 \u65b0"
hubs = ["https://hub.example/"]
ttl = "90s"
[server]
listen = [":80", "unix:/run/g.sock", "systemd:web", "https:[::1]:443"]
status_listen = "off"
trusted_proxies = ["10.0.0.0/8", "unix"]
unix_mode = "0600"
[server.tls]
certificate = "/c"
key = "/k"
[cache]
bytes_max = "3MiB"
[polling]
enabled = false
networks_allowed = ["10.1.0.0/16", "fd00::/8"]
)";

TEST(Settings, AreWrittenAsTheFileTakesThem) {
    ConfigLayers layers;
    layers.add_file(unusual, "g.toml");
    const EffectiveConfig effective = layers.result().value();
    std::string toml;
    for (const Setting& setting : effective.settings)
        toml += setting.key + " = " + setting.value + "  # " + setting.origin + "\n";
    EXPECT_EQ(parse_config(toml, "printed").value(), effective.config) << toml;
    EXPECT_NE(toml.find("site.ttl = \"90s\"  # g.toml:4\n"), std::string::npos) << toml;
    EXPECT_NE(toml.find("cache.max_age = \"1min\"  # default\n"), std::string::npos) << toml;
    EXPECT_EQ(effective.settings.size(), config_keys().size());
}

TEST(Reload, TakesWhatCanChangeAndNamesWhatCannot) {
    const Config running = nothing_said();
    Config wanted = running;
    wanted.log.level = "debug";
    wanted.polling.enabled = false;
    wanted.server.idle_timeout = std::chrono::seconds(5);
    wanted.server.loops = 3;
    wanted.site.title = "News";
    const Reload plan = plan_reload(running, wanted);
    EXPECT_EQ(plan.changed, (std::vector<std::string>{"server.idle_timeout", "polling.enabled", "log.level"}));
    EXPECT_EQ(plan.needs_restart, (std::vector<std::string>{"site.title", "server.loops"}));
    EXPECT_EQ(plan.running.server.idle_timeout, std::chrono::seconds(5));
    EXPECT_EQ(plan.running.site.title, "");
    EXPECT_EQ(plan_reload(plan.running, wanted).needs_restart, plan.needs_restart) << "it is still to come";
}

TEST(ShippedConfig, NamesEveryKeyInOrder) {
    std::vector<std::string> names;
    for (const auto& [key, value] : shipped_keys()) names.push_back(key);
    EXPECT_EQ(names, config_keys());
}

TEST(ShippedConfig, ShowsTheDefaultOfEveryKey) {
    std::string toml;
    std::string section;
    for (const auto& [key, value] : shipped_keys()) {
        if (key == "database.url") continue;
        const std::string its_section = key.substr(0, key.rfind('.'));
        if (its_section != section) toml += "[" + its_section + "]\n";
        section = its_section;
        toml += key.substr(key.rfind('.') + 1) + " = " + value + "\n";
    }
    EXPECT_EQ(parse_config(toml, "g.toml").value(), nothing_said()) << toml;
}

TEST(ShippedConfig, ChangesNothingButTheDatabase) {
    Config shipped = parse_config(read_source("systemd/gazetted.toml"), "gazetted.toml").value();
    EXPECT_EQ(shipped.database.url, "postgresql:///gazetted");
    shipped.database.url.clear();
    EXPECT_EQ(shipped, nothing_said());
}

/// The keys that stand in the document between a heading's first words and the end of its paragraph.
std::set<std::string> keys_after(const std::string& document, const std::string& words) {
    const std::size_t begin = document.find(words);
    EXPECT_NE(begin, std::string::npos) << words;
    const std::string paragraph = document.substr(begin, document.find("\n\n", begin) - begin);
    std::set<std::string> named;
    for (const std::string& key : config_keys())
        if (paragraph.find("`" + key + "`") != std::string::npos ||
            (key.starts_with("polling.") && paragraph.find("`polling.*`") != std::string::npos))
            named.insert(key);
    return named;
}

TEST(ConfigurationDocument, SaysWhatAReloadChanges) {
    Config other = parse_config(R"([server]
connections_max = 1
connections_per_address_max = 1
trusted_proxies = ["unix"]
idle_timeout = "9s"
request_timeout = "9s"
write_timeout = "9s"
drain_timeout = "9s"
[polling]
enabled = false
conditional_min = "2h"
whole_min = "2h"
interval_max = "2h"
host_spacing = "2s"
transfers_max = 2
networks_allowed = ["10.0.0.0/8"]
proxy = "http://p"
user_agent = "x"
[log]
level = "error"
)",
                                "g.toml")
                       .value();
    const auto changed = plan_reload(nothing_said(), other).changed;
    EXPECT_EQ(keys_after(read_source("docs/configuration.md"), "takes effect at once"),
              std::set<std::string>(changed.begin(), changed.end()));
}

TEST(ConfigurationDocument, ListsEveryKeyWithItsDefault) {
    const std::string document = read_source("docs/configuration.md");
    for (const auto& [key, value] : shipped_keys()) {
        const std::string shown = key == "database.url" ? "\"\"" : value;
        EXPECT_NE(document.find("| `" + key + "` | `" + shown + "` |"), std::string::npos) << key << " with default " << shown;
    }
    const std::regex row(R"(\| `(\w+(\.\w+)+)` \|)");
    const std::vector<std::string> known = config_keys();
    for (std::sregex_iterator at(document.begin(), document.end(), row), end; at != end; ++at) {
        EXPECT_NE(std::find(known.begin(), known.end(), (*at)[1].str()), known.end()) << (*at)[1].str() << " is no key";
    }
}

}  // namespace
}  // namespace gazetted
