#pragma once

#include "daemon/command_line.hpp"

#include <string>

namespace gazetted {

/// The configuration that a command runs with. What the command line says beats GAZETTED_DATABASE
/// (`database_from_environment`), which beats the file: --config, else /etc/gazetted/gazetted.toml where it exists. A base URL
/// that nothing names is made from the first listener. An error where the file cannot be read or is wrong; a missing database
/// is none yet.
Result<Config> read_config(const CommandLine&, const std::string& database_from_environment);

/// The error of a command that needs a database where none was named: what to do about it.
Error no_database_named();

}  // namespace gazetted
