#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace gazetted {

/// The major version of the data in a directory, by its PG_VERSION; 0 where there is none.
int cluster_version(const std::filesystem::path& data_directory);

/// The folder with `postgres` and `initdb` of this major version, or of the newest installed where `version` is 0: Debian's
/// /usr/lib/postgresql, then PATH, then what pg_config says.
std::optional<std::filesystem::path> postgres_programs(int version);

/// The program of a client for servers of this major version, such as pg_dump: Debian's own of that version, else the name as
/// it stands, for PATH.
std::string client_program(const std::string& name, int version);

}  // namespace gazetted
