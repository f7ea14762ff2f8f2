#pragma once

#include "daemon/config.hpp"

#include <functional>

namespace gazetted {

/// The configuration as a start would read it now.
using RereadConfig = std::function<Result<Config>()>;

/// `gazetted serve`: runs until SIGTERM or SIGINT and returns the exit status. Starts although the database is away (feeds are
/// answered 503 and /readyz says so until it comes); throws std::runtime_error where waiting cannot help: a schema newer than
/// this program, an address in use, a private PostgreSQL that cannot be started. SIGHUP reads the configuration again and takes
/// what can change meanwhile (plan_reload()), or, where anything in it is wrong, nothing.
int serve(const Config&, const RereadConfig&);

}  // namespace gazetted
