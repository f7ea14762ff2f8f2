// A date that was read, in whatever form, is written as it was meant: read again, it is the same second.

#include "feeds/date_time.hpp"
#include "feeds/feed_date.hpp"

#include <cassert>
#include <chrono>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace gazetted;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto second = [](Instant instant) { return std::chrono::floor<std::chrono::seconds>(instant); };
    if (const auto instant = parse_feed_date(text)) {
        assert(parse_feed_date(to_rfc3339(*instant)) == second(*instant));
        assert(parse_feed_date(to_rfc822(*instant)) == second(*instant));
    }
    if (const auto instant = parse_rfc3339(text)) {
        const auto again = parse_rfc3339(to_rfc3339(*instant));
        assert(again && *again == second(*instant));
    }
    const std::chrono::sys_seconds now(std::chrono::seconds(1'790'000'000));
    if (const auto seconds = parse_http_date(text, now)) assert(parse_http_date(to_http_date(*seconds), now) == *seconds);
    return 0;
}
