#pragma once

#include "daemon/config.hpp"

#include <toml++/toml.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

// Of the configuration's own sources only: what toml++ reads stops here.

namespace gazetted {

/// What is wrong with a value; none: it was taken.
using Complaint = std::optional<std::string>;

/// What a value is where it does not come as TOML but as a text, from the environment.
enum class ValueKind { text, number, flag, list };

/// How a value comes into a Config, and how TOML would write what is there.
struct ValueAccess {
    ValueKind kind = ValueKind::text;
    std::function<Complaint(Config&, const toml::node&)> take;
    std::function<std::string(const Config&)> show;
};

struct ConfigKey {
    std::string section;
    std::string name;
    ValueAccess value;
    std::string dotted() const { return section + "." + name; }
};

/// In the order of systemd/gazetted.toml.
const std::vector<ConfigKey>& config_key_table();

/// Null: no key is called so.
const ConfigKey* find_config_key(std::string_view dotted);

}  // namespace gazetted
