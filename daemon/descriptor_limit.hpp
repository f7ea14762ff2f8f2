#pragma once

#include "daemon/config.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace gazetted {

/// How many descriptors this process, and those it starts from now on, may have open (RLIMIT_NOFILE): raised as far as it goes.
std::size_t raise_descriptor_limit();

/// Those that serve no reader: listeners, loops, the database's connections, the log, and some for files that come and go.
std::size_t descriptors_reserved(const Config&);

/// `server.connections_max`, or less where a process with that many descriptors could not have them. At least one.
std::size_t connections_possible(const Config&, std::size_t descriptors_max);

/// One sentence where connections_possible() is less than is configured, saying what to do.
std::optional<std::string> descriptor_shortage(const Config&, std::size_t descriptors_max);

}  // namespace gazetted
