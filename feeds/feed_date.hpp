#pragma once

#include "feeds/date_time.hpp"

#include <optional>
#include <string_view>

namespace gazetted {

/// Dates as feeds write them: RFC 822 with all its sins, RFC 3339, W3CDTF and ISO 8601 fragments, asctime, month and weekday
/// names of some twenty languages, American order with slashes, 12-hour clocks, named zones. A missing zone is UTC (Korean
/// forms: +09:00), missing parts are the earliest that fit, two digits of a year are 1970 to 2069. No value where the text is
/// no date, or a date that is none (25 o'clock, the 99th): never now.
std::optional<Instant> parse_feed_date(std::string_view);

}  // namespace gazetted
