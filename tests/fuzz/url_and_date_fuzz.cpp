// A resolved URL resolves to itself, and a date that was read is written as it was meant.

#include "feeds/date_time.hpp"
#include "feeds/url.hpp"

#include <cassert>
#include <chrono>
#include <cstdint>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace gazetted;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto url = resolve_url(text, "https://base.example/a/b?c#d")) {
        const auto again = resolve_url(*url, "");
        assert(again && *again == *url);
        // A blank in front changes nothing but that no short cut is taken.
        const auto slowly = resolve_url(" " + std::string(text), " https://base.example/a/b?c#d");
        assert(slowly && *slowly == *url);
    }
    if (const auto instant = parse_rfc3339(text)) {
        const auto again = parse_rfc3339(to_rfc3339(*instant));
        assert(again && *again == std::chrono::floor<std::chrono::seconds>(*instant));
    }
    const std::chrono::sys_seconds now(std::chrono::seconds(1'790'000'000));
    if (const auto seconds = parse_http_date(text, now)) assert(parse_http_date(to_http_date(*seconds), now) == *seconds);
    return 0;
}
