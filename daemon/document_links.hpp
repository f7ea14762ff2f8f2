#pragma once

#include "daemon/address.hpp"

#include <string>
#include <vector>

namespace gazetted {

/// One link of a `Link` field (RFC 8288). The target is absolute and percent-encoded.
struct DocumentLink {
    std::string relation;
    std::string target;
    std::string media_type;  ///< a hint; empty: none is given
    friend bool operator==(const DocumentLink&, const DocumentLink&) = default;
};

/// First the canonical address (RFC 6596): a document is also reached by the address without a format, with any query, and
/// through a proxy of any name. Then the same articles in the other formats. `base_url` has no slash at its end.
std::vector<DocumentLink> links_of(const Address&, const std::string& base_url);

/// The line with its CRLF; empty where there are no links.
std::string link_field(const std::vector<DocumentLink>&);

}  // namespace gazetted
