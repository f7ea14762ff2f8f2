#include "feeds/tracking.hpp"

#include "feeds/ascii.hpp"

#include <algorithm>
#include <array>

namespace gazetted {

namespace {

constexpr std::array<std::string_view, 18> names = {
    "utm_*",                                             // Google Analytics and all who followed it
    "gclid",  "gclsrc", "dclid",   "gbraid",  "wbraid",  // Google Ads
    "fbclid", "igshid", "twclid",  "msclkid",            // Facebook, Instagram, Twitter, Microsoft
    "yclid",  "ysclid",                                  // Yandex
    "mc_cid", "mc_eid", "mkt_tok", "_hsenc",  "_hsmi",   // newsletters of Mailchimp, Marketo, HubSpot
    "spm",                                               // Alibaba
};

bool is_tracking(std::string_view parameter) {
    const std::string name = lower_case(parameter.substr(0, parameter.find('=')));
    return std::ranges::any_of(names, [&](std::string_view known) {
        return known.ends_with('*') ? name.starts_with(known.substr(0, known.size() - 1)) : name == known;
    });
}

}  // namespace

std::span<const std::string_view> tracking_parameters() { return names; }

std::string without_tracking(std::string_view link) {
    const std::size_t end = std::min(link.find('#'), link.size());
    const std::size_t mark = link.substr(0, end).find('?');
    if (mark == std::string_view::npos) return std::string(link);
    std::string kept;
    std::size_t dropped = 0;
    for (std::string_view rest = link.substr(mark + 1, end - mark - 1);;) {
        const std::size_t length = std::min(rest.find('&'), rest.size());
        const std::string_view parameter = rest.substr(0, length);
        if (is_tracking(parameter)) {
            ++dropped;
        } else {
            if (!kept.empty()) kept += '&';
            kept += parameter;
        }
        if (length == rest.size()) break;
        rest.remove_prefix(length + 1);
    }
    if (dropped == 0) return std::string(link);
    return std::string(link.substr(0, mark)) + (kept.empty() ? "" : "?" + kept) + std::string(link.substr(end));
}

}  // namespace gazetted
