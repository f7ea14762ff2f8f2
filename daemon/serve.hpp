#pragma once

#include "daemon/config.hpp"

namespace gazetted {

/// `gazetted serve`: runs until SIGTERM or SIGINT and returns the exit status. Starts although the database is away (feeds are
/// answered 503 and /readyz says so until it comes); throws std::runtime_error where waiting cannot help: a schema newer than
/// this program, an address in use, a private PostgreSQL that cannot be started.
int serve(const Config&);

}  // namespace gazetted
