#include "feeds/read_feed/namespaces.hpp"

#include "feeds/ascii.hpp"

#include <algorithm>
#include <array>

namespace gazetted {
namespace {

struct Named {
    std::string_view name;
    Namespace space;
};

/// Lower case and without a final slash or number sign.
constexpr Named by_uri[] = {
    {"http://backend.userland.com/rss", Namespace::core},
    {"http://backend.userland.com/rss2", Namespace::core},
    {"http://backend.userland.com/rss191", Namespace::core},
    {"http://blogs.law.harvard.edu/tech/rss", Namespace::core},
    {"http://cyber.law.harvard.edu/rss", Namespace::core},
    {"http://purl.org/rss/1.0", Namespace::core},
    {"http://purl.org/net/rss1.1", Namespace::core},
    {"http://my.netscape.com/rdf/simple/0.9", Namespace::core},
    {"http://channel.netscape.com/rdf/simple/0.9", Namespace::core},
    {"http://my.netscape.com/publish/formats/rss-0.91.dtd", Namespace::core},

    {"http://purl.org/echo", Namespace::core},
    {"uri/of/echo/namespace", Namespace::core},
    {"http://purl.org/pie", Namespace::core},
    {"http://purl.org/atom/ns", Namespace::core},
    {"http://www.w3.org/2005/atom", Namespace::core},
    {"http://purl.org/rss/1.0/modules/rss091", Namespace::core},
    {"http://www.w3.org/1999/02/22-rdf-syntax-ns", Namespace::rdf},
    {"http://www.w3.org/xml/1998/namespace", Namespace::xml},
    {"http://www.w3.org/2000/xmlns", Namespace::xmlns},
    {"http://www.w3.org/1999/xhtml", Namespace::xhtml},
    {"http://www.w3.org/2000/svg", Namespace::svg},
    {"http://www.w3.org/1998/math/mathml", Namespace::mathml},
    {"http://purl.org/rss/1.0/modules/content", Namespace::content},
    {"http://purl.org/dc/elements/1.1", Namespace::dc},
    {"http://purl.org/dc/elements/1.0", Namespace::dc},
    {"http://purl.org/dc", Namespace::dc},
    {"http://purl.org/dc/terms", Namespace::dcterms},
    {"http://search.yahoo.com/mrss", Namespace::media},
    {"http://search.yahoo.com/mrss.", Namespace::media},
    {"http://tools.search.yahoo.com/mrss", Namespace::media},
    {"http://www.rssboard.org/media-rss", Namespace::media},
    {"http://video.search.yahoo.com/mrss", Namespace::media},
    {"http://www.itunes.com/dtds/podcast-1.0.dtd", Namespace::itunes},
    {"http://example.com/dtds/podcast-1.0.dtd", Namespace::itunes},
    {"https://www.itunes.com/dtds/podcast-1.0.dtd", Namespace::itunes},

    {"https://podcastindex.org/namespace/1.0", Namespace::podcast},
    {"https://github.com/podcastindex-org/podcast-namespace/blob/main/docs/1.0.md", Namespace::podcast},
    {"http://www.google.com/schemas/play-podcasts/1.0", Namespace::googleplay},
    {"http://www.georss.org/georss", Namespace::georss},
    {"http://www.georss.org/georss/10", Namespace::georss},
    {"http://www.opengis.net/gml", Namespace::gml},
    {"http://www.w3.org/2003/01/geo/wgs84_pos", Namespace::geo},
    {"http://purl.org/rss/1.0/modules/slash", Namespace::slash},
    {"http://wellformedweb.org/commentapi", Namespace::wfw},
    {"http://purl.org/rss/1.0/modules/syndication", Namespace::syndication},
    {"http://backend.userland.com/creativecommonsrssmodule", Namespace::creative_commons},
    {"http://cyber.law.harvard.edu/rss/creativecommonsrssmodule.html", Namespace::creative_commons},
    {"http://creativecommons.org/ns", Namespace::creative_commons},
    {"http://web.resource.org/cc", Namespace::creative_commons},
    {"http://purl.org/syndication/thread/1.0", Namespace::thread},
    {"http://rssnamespace.org/feedburner/ext/1.0", Namespace::feedburner},
    {"http://webns.net/mvcb", Namespace::admin},
    {"http://purl.org/rss/1.0/modules/link", Namespace::rss_link},
    {"http://www.w3.org/2005/11/its", Namespace::its},
    {"http://purl.org/atompub/tombstones/1.0", Namespace::tombstones},
    {"urn:x-gazetted:opml", Namespace::opml},
};

constexpr Named by_prefix[] = {
    {"admin", Namespace::admin},
    {"at", Namespace::tombstones},
    {"atom", Namespace::core},
    {"cc", Namespace::creative_commons},
    {"content", Namespace::content},
    {"creativecommons", Namespace::creative_commons},
    {"dc", Namespace::dc},
    {"dcterms", Namespace::dcterms},
    {"feedburner", Namespace::feedburner},
    {"geo", Namespace::geo},
    {"georss", Namespace::georss},
    {"gml", Namespace::gml},
    {"googleplay", Namespace::googleplay},
    {"its", Namespace::its},
    {"itunes", Namespace::itunes},
    {"media", Namespace::media},
    {"podcast", Namespace::podcast},
    {"rdf", Namespace::rdf},
    {"slash", Namespace::slash},
    {"sy", Namespace::syndication},
    {"thr", Namespace::thread},
    {"wfw", Namespace::wfw},
    {"xhtml", Namespace::xhtml},
    {"xml", Namespace::xml},
    {"xmlns", Namespace::xmlns},
    {"svg", Namespace::svg},
};

template <std::size_t Count>
Namespace find(const Named (&table)[Count], std::string_view name) {
    const auto* found =
        std::find_if(std::begin(table), std::end(table), [&](const Named& n) { return equal_ignoring_case(name, n.name); });
    return found == std::end(table) ? Namespace::other : found->space;
}

}  // namespace

Namespace namespace_of_uri(std::string_view uri) {
    while (!uri.empty() && (uri.front() == ' ' || uri.front() == '\t' || uri.front() == '\n')) uri.remove_prefix(1);
    while (!uri.empty() && (uri.back() == ' ' || uri.back() == '\t' || uri.back() == '\n')) uri.remove_suffix(1);
    if (!uri.empty() && (uri.back() == '/' || uri.back() == '#')) uri.remove_suffix(1);
    return find(by_uri, uri);
}

Namespace namespace_of_prefix(std::string_view prefix) { return find(by_prefix, prefix); }

}  // namespace gazetted
