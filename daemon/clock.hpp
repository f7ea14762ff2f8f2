#pragma once

#include "feeds/date_time.hpp"

#include <chrono>

namespace gazetted {

/// What the machine's clock says, for whoever hands it on as an argument.
inline Instant now_utc() { return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now()); }

}  // namespace gazetted
