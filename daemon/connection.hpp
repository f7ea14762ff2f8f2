#pragma once

#include <string>

namespace gazetted {

/// For `--dbname` of PostgreSQL's programs: the same without the password, which everybody on the machine could read there. It
/// goes into PGPASSWORD, for the programs that this process starts.
std::string connection_for_programs(const std::string& database_url);

}  // namespace gazetted
