#include "daemon/fetch.hpp"

#include "feeds/ascii.hpp"

#include <algorithm>

namespace gazetted {

std::string_view to_string(FetchOutcome outcome) {
    switch (outcome) {
        case FetchOutcome::answered:
            return "answered";
        case FetchOutcome::refused_url:
            return "refused_url";
        case FetchOutcome::refused_address:
            return "refused_address";
        case FetchOutcome::name_not_found:
            return "name_not_found";
        case FetchOutcome::cannot_connect:
            return "cannot_connect";
        case FetchOutcome::tls_failed:
            return "tls_failed";
        case FetchOutcome::timed_out:
            return "timed_out";
        case FetchOutcome::too_slow:
            return "too_slow";
        case FetchOutcome::too_large:
            return "too_large";
        case FetchOutcome::too_many_redirects:
            return "too_many_redirects";
        case FetchOutcome::bad_redirect:
            return "bad_redirect";
        case FetchOutcome::broken_off:
            return "broken_off";
        case FetchOutcome::undecodable:
            return "undecodable";
        case FetchOutcome::not_http:
            return "not_http";
        case FetchOutcome::stopped:
            return "stopped";
    }
    return "unknown";
}

const std::string* FetchResult::field(std::string_view name) const {
    const auto found =
        std::find_if(fields.begin(), fields.end(), [&](const auto& field) { return equal_ignoring_case(field.first, name); });
    return found == fields.end() ? nullptr : &found->second;
}

}  // namespace gazetted
