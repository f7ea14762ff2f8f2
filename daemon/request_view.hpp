#pragma once

#include <cstring>
#include <string_view>

namespace gazetted {

/// What of a request decides the answer. Views into the request's buffer; a field that came on several lines is joined with
/// commas (RFC 9110 section 5.3).
struct RequestView {
    std::string_view method = {};
    std::string_view target = {};  ///< origin-form; absolute-form was reduced to it
    std::string_view if_match = {};
    std::string_view if_none_match = {};
    std::string_view if_modified_since = {};
    std::string_view if_unmodified_since = {};
    std::string_view if_range = {};
    std::string_view range = {};
    std::string_view a_im = {};  ///< instance manipulations (RFC 3229)
    std::string_view accept = {};
    std::string_view accept_encoding = {};
    std::string_view user_agent = {};
    std::string_view forwarded = {};        ///< RFC 7239; worth what its sender is
    std::string_view x_forwarded_for = {};  ///< likewise
    std::string_view request_id = {};       ///< X-Request-Id; likewise
    std::string_view fetch_mode = {};       ///< Sec-Fetch-Mode: `navigate` is a browser

    // Asked several times a request: == calls memcmp() for these few bytes.
    bool is_get() const noexcept { return method.size() == 3 && std::memcmp(method.data(), "GET", 3) == 0; }
    bool is_head() const noexcept { return method.size() == 4 && std::memcmp(method.data(), "HEAD", 4) == 0; }
    bool is_read() const noexcept { return is_get() || is_head(); }
};

}  // namespace gazetted
