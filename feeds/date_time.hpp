#pragma once

#include "feeds/result.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace gazetted {

/// UTC, in PostgreSQL's resolution. Years 1 to 9999.
using Instant = std::chrono::sys_time<std::chrono::microseconds>;

/// RFC 3339, whole seconds, `2021-12-08T10:18:31Z`. Fractions are cut off, so two formats never disagree by rounding.
std::string to_rfc3339(Instant);
/// RFC 822 with four-digit years as RSS 2.0 wants it: `Wed, 08 Dec 2021 10:18:31 +0000`.
std::string to_rfc822(Instant);
/// RFC 9110 section 5.6.7, IMF-fixdate: `Wed, 08 Dec 2021 10:18:31 GMT`.
std::string to_http_date(Instant);

/// RFC 3339 section 5.6, and nothing else. Zone wanted.
Result<Instant> parse_rfc3339(std::string_view);
/// All three forms of RFC 9110 section 5.6.7; `now` decides the century of a two-digit year (50 years rule).
/// No value where the text is none of them: a recipient ignores such a field.
std::optional<std::chrono::sys_seconds> parse_http_date(std::string_view, std::chrono::sys_seconds now);

}  // namespace gazetted
