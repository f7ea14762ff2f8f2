#pragma once

#include "daemon/respond.hpp"

#include <cstddef>
#include <cstdint>
#include <forward_list>
#include <string>
#include <string_view>
#include <variant>

namespace gazetted {

/// Limits of a request (docs: the configuration has none of them, since no feed reader comes near).
struct HttpLimits {
    static constexpr std::size_t head_bytes_max = 16'384;         ///< 431 beyond
    static constexpr std::size_t request_line_bytes_max = 8'192;  ///< 414 beyond
    static constexpr std::size_t host_bytes_max = 261;            ///< a name of 255 (RFC 1035) and a port; 400 beyond
    static constexpr std::size_t fields_max = 100;                ///< 431 beyond
    static constexpr std::size_t body_bytes_max = 65'536;         ///< read and ignored up to here; 413 beyond
    static constexpr std::size_t upload_bytes_max = 8'388'608;    ///< of what the API takes in; 413 beyond
    static constexpr std::size_t empty_lines_max = 4;             ///< before a request line (RFC 9112 section 2.2)
};

/// The head of one request.
struct RequestHead {
    RequestView view;            ///< into the bytes given to read_head(), or into `joined`
    std::size_t head_bytes = 0;  ///< consumed, empty lines before it included
    bool http_1_0 = false;
    bool keep_alive = false;        ///< as version and Connection say
    bool expects_continue = false;  ///< waits with its body for a 100 or a final answer
    /// What is in the way of an answer; a byte tells who has to look whether anything is.
    enum class Obstacle : unsigned char {
        none,
        expectation,  ///< 1: an Expect that is not 100-continue: 417
        length,       ///< a body beyond body_bytes_max: 413, but where uploads are taken in
    };
    Obstacle obstacle = Obstacle::none;
    bool chunked = false;
    std::uint64_t content_length = 0;
    std::forward_list<std::string> joined;  ///< fields that came on several lines, and what had to be written otherwise

    bool has_body() const noexcept { return chunked || content_length > 0; }
};
struct NeedMore {};
/// Answer it and close: where the next request begins is not to be known.
struct Refusal {
    unsigned status = 400;
    std::string_view reason;  ///< a sentence for problem()
};

using HeadRead = std::variant<NeedMore, RequestHead, Refusal>;

/// The request that `bytes` begin with. Strict where leniency has let requests be smuggled (RFC 9112 sections 2.2,
/// 3, 5.1, 6.3): bare CR or LF, blanks before a colon, folded lines, lengths that disagree, codings other than chunked, no Host
/// or several. A request line that is wrong or too long is refused before the head is complete.
HeadRead read_head(std::string_view bytes);

}  // namespace gazetted
