#pragma once

#include "daemon/ip_address.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gazetted {

/// An answer as the access log tells of it. Views into the request.
struct AccessLine {
    std::optional<IpAddress> client;  ///< none: not known
    std::chrono::sys_seconds time;
    std::string_view method = {};  ///< empty: what came was no request
    std::string_view target = {};
    bool http_1_0 = false;
    unsigned status = 200;
    std::uint64_t body_bytes = 0;      ///< sent
    std::string_view request_id = {};  ///< empty: the request has none

    /// What is told of a target; the rest is cut off, as `...` says.
    static constexpr std::size_t target_bytes_max = 2'048;
    static constexpr std::size_t method_bytes_max = 32;
};

/// One line in the Common Log Format of the NCSA: `host ident user [date] "request" status bytes`, with its line end. What a
/// client wrote is escaped as Apache does it: `\"`, `\\`, `\n`, `\x1b`; bytes beyond ASCII too, so that a line is ASCII. The
/// request's id stands for `ident`, which nobody has any more (RFC 1413), so that every program reads the line.
std::string to_string(const AccessLine&);
/// The same as one JSON object, with its line end.
std::string to_json(const AccessLine&);

}  // namespace gazetted
