#pragma once

#include "daemon/command_line.hpp"
#include "daemon/config_layers.hpp"

#include <string>

namespace gazetted {

/// The configuration that a command runs with. The command line beats the environment (`GAZETTED_*`), which beats systemd's
/// credentials (files in its CREDENTIALS_DIRECTORY that are called like a key), which beat the file: --config, else
/// /etc/gazetted/gazetted.toml where it exists. A base URL that nothing names is made from the first listener. The error where
/// a file cannot be read or anything is wrong names all of it, a line each; a missing database is none yet.
Result<EffectiveConfig> read_config(const CommandLine&, const Texts& environment);

/// The error of a command that needs a database where none was named: what to do about it.
Error no_database_named();

}  // namespace gazetted
