#include "feeds/tracking_parameters.hpp"

#include "feeds/ascii.hpp"

#include <algorithm>
#include <string_view>

namespace gazetted {
namespace {

/// Of advertisers, networks and mailers. Short names that a site may mean something by are none.
constexpr std::string_view names[] = {
    "_ga",    "_gl",    "_hsenc",    "_hsmi",   "_openstat",   "action_object_map", "action_ref_map", "action_type_map",
    "dclid",  "fbclid", "gbraid",    "gclid",   "gclsrc",      "hsctatracking",     "igshid",         "li_fat_id",
    "mc_cid", "mc_eid", "mkt_tok",   "msclkid", "oly_anon_id", "oly_enc_id",        "rb_clickid",     "srsltid",
    "ttclid", "twclid", "vero_conv", "vero_id", "wbraid",      "wickedid",          "yclid",          "ysclid",
};
constexpr std::string_view beginnings[] = {"utm_", "mtm_", "hsa_"};

bool is_tracking(std::string_view parameter) {
    const std::string name = lower_case(parameter.substr(0, parameter.find('=')));
    return std::any_of(std::begin(beginnings), std::end(beginnings), [&](auto begin) { return name.starts_with(begin); }) ||
           std::find(std::begin(names), std::end(names), name) != std::end(names);
}

}  // namespace

std::string without_tracking_parameters(std::string url) {
    const std::size_t end = std::min(url.find('#'), url.size());
    const std::size_t mark = url.find('?');
    if (mark >= end) return url;
    std::string kept;
    bool is_first = true, is_whole = true;
    for (std::size_t at = mark + 1; at <= end;) {
        const std::size_t stop = std::min(url.find('&', at), end);
        const std::string_view parameter = std::string_view(url).substr(at, stop - at);
        at = stop + 1;
        if (is_tracking(parameter)) {
            is_whole = false;
            continue;
        }
        kept.append(is_first ? "?" : "&").append(parameter);
        is_first = false;
    }
    return is_whole ? url : url.substr(0, mark) + kept + url.substr(end);
}

}  // namespace gazetted
