#pragma once

#include <cstdint>
#include <string_view>

namespace gazetted {

/// The vocabularies that feeds are written in. RSS, RSS 1.0 and Atom are one: what their elements share means the same.
enum class Namespace : std::uint8_t {
    core,
    rdf,
    xml,
    xmlns,
    xhtml,
    svg,
    mathml,
    content,
    dc,
    dcterms,
    media,
    itunes,
    podcast,
    googleplay,
    georss,
    gml,
    geo,
    slash,
    wfw,
    syndication,
    creative_commons,
    thread,
    feedburner,
    admin,
    rss_link,
    its,
    tombstones,
    opml,  ///< ours, in the list of subscriptions
    other,
};

/// By address, letter case and a missing final slash aside; `other` where it is none of ours.
Namespace namespace_of_uri(std::string_view uri);
/// What a prefix means by custom where nobody declares it; `other` where it is none of ours.
Namespace namespace_of_prefix(std::string_view prefix);

}  // namespace gazetted
