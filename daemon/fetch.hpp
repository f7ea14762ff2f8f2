#pragma once

#include "daemon/outgoing_address.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gazetted {

/// Fields of a request or response in their order, values byte for byte.
using HttpFields = std::vector<std::pair<std::string, std::string>>;

/// What a fetch may cost. Each is counted while bytes come in, and tested at the limit and one past it.
struct FetchLimits {
    std::size_t transfers_max = 64;                      ///< at once; the rest wait, hosts taking turns
    std::size_t body_bytes_max = std::size_t{16} << 20;  ///< decoded; as many as read_feed() takes
    std::size_t head_bytes_max = std::size_t{64} << 10;  ///< of one response, interim responses and trailers included
    std::size_t expansion_max = 200;                     ///< decoded bytes for each that came, beyond expansion_free_bytes
    std::size_t expansion_free_bytes = std::size_t{1} << 20;
    std::size_t redirect_body_bytes_max = std::size_t{64} << 10;  ///< more is not waited for, and the connection closed
    unsigned redirects_max = 5;
    std::chrono::milliseconds connect_timeout{10'000};  ///< names, TCP and TLS of one hop
    std::chrono::milliseconds total_timeout{60'000};    ///< of all hops together, without waiting for a turn
    std::chrono::milliseconds slow_window{20'000};      ///< once a response has begun, each such time must bring
    std::size_t slow_bytes_min = 2'000;                 ///< so many bytes
};

struct FetchRequest {
    std::string url;  ///< credentials in it become an Authorization field, and are shown nowhere
    /// Exactly these are sent besides Host and Accept-Encoding, values byte for byte. Authorization goes to the origin of `url`
    /// alone, whatever a redirect says.
    HttpFields fields = {};
    Reach reach = Reach::internet;
};

/// A redirect that was followed.
struct FetchHop {
    int status = 0;
    std::string from_url, to_url;  ///< absolute, without credentials and fragment
};

enum class FetchOutcome {
    answered,         ///< whatever the status
    refused_url,      ///< no http or https URL, or a field that cannot be sent
    refused_address,  ///< the address or port is closed (why_not_connect())
    name_not_found,
    cannot_connect,
    tls_failed,  ///< no TLS 1.2, or a certificate that is not to be trusted
    timed_out,   ///< connect_timeout or total_timeout
    too_slow,    ///< slow_bytes_min
    too_large,   ///< body_bytes_max, head_bytes_max or expansion_max
    too_many_redirects,
    bad_redirect,  ///< to nowhere, or to what is no http or https URL
    broken_off,    ///< closed before the end
    undecodable,   ///< not the content coding that it says
    not_http,
    stopped,  ///< the fetcher's end
};
std::string_view to_string(FetchOutcome);  ///< the enumerator's own name: log key and metric label

struct FetchResult {
    FetchOutcome outcome = FetchOutcome::answered;
    std::string reason;  ///< where not `answered`: a sentence for an operator, what happened and what to do. No credentials
    int status = 0;      ///< of the last response; 0: none came
    HttpFields fields;   ///< of the last response
    std::vector<FetchHop> hops;
    std::string effective_url;         ///< asked last, without credentials and fragment
    std::string body;                  ///< decoded; empty where not `answered`
    std::uint64_t bytes_received = 0;  ///< heads and bodies as they came, of all hops
    std::string peer_address;          ///< of the last connection; the proxy's where there is one
    std::chrono::milliseconds took{};  ///< without waiting for a turn

    /// The first field of that name, whatever its case; nullptr: none.
    const std::string* field(std::string_view name) const;
};

}  // namespace gazetted
