#pragma once

#include "daemon/document.hpp"
#include "feeds/feed.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace gazetted {

/// How much a reader wants each coding (RFC 9110 section 12.5.3), in thousandths: below nought it is refused. Identity that is
/// not named is acceptable, but wanted less than anything that is. An empty field is an absent one: identity.
struct CodingWishes {
    static constexpr int refused = -1;
    std::array<int, 4> qualities = {0, refused, refused, refused};
    int& of(ContentCoding coding) { return qualities[static_cast<std::size_t>(coding)]; }
    bool accept(ContentCoding coding) const { return qualities[static_cast<std::size_t>(coding)] > refused; }
    int quality(ContentCoding coding) const { return qualities[static_cast<std::size_t>(coding)]; }
};
CodingWishes coding_wishes(std::string_view accept_encoding);

/// The coding that is wanted most; among equals the smallest. Where nothing made is acceptable, identity: a reader is better
/// served with bytes than with an error.
ContentCoding choose_coding(const CodingWishes&, const Representations& made);

/// Whether an A-IM field asks for the newer entries of a feed alone (RFC 3229 section 10.5.3).
bool wants_feed_delta(std::string_view a_im);

/// RFC 9110 section 12.5.1 for an address without a format: none is the page. A feed, unless HTML is strictly preferred or a
/// browser navigates (`fetch_mode` is Sec-Fetch-Mode); among feeds ties go to Atom, then RSS. Never nothing.
std::optional<FeedFormat> choose_format(std::string_view accept, std::string_view fetch_mode);

/// The next element of a comma-separated list, without the blanks round it; `rest` loses it. Empty elements are skipped; an
/// empty result is the end (RFC 9110 section 5.6.1). Commas inside quoted strings do not divide.
std::string_view take_element(std::string_view& rest);

}  // namespace gazetted
