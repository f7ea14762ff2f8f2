#pragma once

#include "daemon/config.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace gazetted {

/// One key as it counts in the end.
struct Setting {
    std::string key;
    std::string value;   ///< as TOML writes it, secrets masked
    std::string origin;  ///< `default`, `FILE:LINE`, `credential NAME`, the variable or the option
};

struct EffectiveConfig {
    Config config;
    std::vector<Setting> settings;  ///< every key, in the order of systemd/gazetted.toml
};

/// Names and values; those of variables are as `environ` has them.
using Texts = std::map<std::string, std::string, std::less<>>;

/// A configuration in the making: each layer writes over those before it, and whatever is wrong in any of them is kept until
/// the end. A layer that names one of database.url and database.data thereby takes the other one back.
class ConfigLayers {
public:
    void add_file(std::string_view toml, std::string_view file_name);
    /// Files of systemd's LoadCredential=, those that are called like a key.
    void add_credentials(const Texts&);
    /// `GAZETTED_SERVER_LISTEN` is server.listen, `GAZETTED_DATABASE` is short for `GAZETTED_DATABASE_URL`. Lists are separated
    /// by blanks; an empty variable says nothing. One that begins like a section's and names no key is wrong.
    void add_environment(const Texts&);
    /// The way in for what the command line parsed already.
    Config& change(const std::string& key, const std::string& origin);

    /// An error names everything that is wrong, a line each.
    Result<EffectiveConfig> result() const;

private:
    void take(const std::string& key, const std::string& text, const std::string& origin);
    void take_other_database_back(const std::string& key);
    Config config_;
    std::map<std::string, std::string> origins_;
    std::vector<std::string> faults_;
};

/// The variable that a key has: `server.tls.key` is `GAZETTED_SERVER_TLS_KEY`.
std::string variable_of(std::string_view key);

}  // namespace gazetted
