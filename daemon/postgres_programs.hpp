#pragma once

#include <filesystem>
#include <optional>

namespace gazetted {

/// The major version of the data in a directory, by its PG_VERSION; 0 where there is none.
int cluster_version(const std::filesystem::path& data_directory);

/// The folder with `postgres` and `initdb` of this major version, or of the newest installed where `version` is 0: Debian's
/// /usr/lib/postgresql, then PATH, then what pg_config says.
std::optional<std::filesystem::path> postgres_programs(int version);

}  // namespace gazetted
