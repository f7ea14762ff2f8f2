#include "daemon/document.hpp"

#include <memory>
#include <utility>

namespace gazetted {

namespace {

// Below this a second coding saves less than one packet.
constexpr std::size_t slow_coding_bytes_min = 1'024;
// What a map node, a shared_ptr's block and an allocation's head cost beside the bytes themselves.
constexpr std::size_t node_bytes = 128;

bool is_page(const Document& document) { return document.media_type.starts_with("text/html"); }

// A feed shown as a document by a browser must not run what an article smuggled in; a page shows images and videos but runs no
// scripts. Referrers are kept back because image hosts refuse foreign ones. Any site's script may read a feed.
constexpr std::string_view page_fields =
    "Content-Security-Policy: default-src 'none'; style-src 'self'; img-src http: https: data:; media-src http: https:; "
    "frame-src https:; base-uri 'none'; form-action 'self'\r\n"
    "X-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\n";
constexpr std::string_view feed_fields =
    "Content-Security-Policy: default-src 'none'; style-src 'self'; sandbox\r\n"
    "X-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\n"
    "Access-Control-Allow-Origin: *\r\nAccess-Control-Expose-Headers: Accept-Ranges, Content-Range, ETag, Last-Modified, "
    "Link\r\n";

std::string fields_of_every_answer(const Document& document, const std::string& etag) {
    std::string fields = "ETag: " + etag + "\r\n";
    if (document.sunset)
        fields += "Sunset: " + to_http_date(std::chrono::floor<std::chrono::seconds>(*document.sunset)) + "\r\n";
    return fields.append(is_page(document) ? page_fields : feed_fields);
}

std::string not_modified_head(const Document& document, const std::string& etag) {
    return "HTTP/1.1 304 Not Modified\r\n" + fields_of_every_answer(document, etag);
}

void make_heads(const Document& document, ContentCoding coding, Representation& representation) {
    representation.head = "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(representation.body.size()) + "\r\n";
    representation.head += "Content-Type: " + document.media_type + "\r\n";
    if (coding != ContentCoding::identity)
        representation.head.append("Content-Encoding: ").append(name_of(coding)).append("\r\n");
    representation.head += "Accept-Ranges: bytes\r\n";
    if (document.has_last_modified) representation.head += "Last-Modified: " + to_http_date(document.last_modified) + "\r\n";
    representation.head += link_field(document.links) + fields_of_every_answer(document, representation.etag);
    representation.not_modified_head = not_modified_head(document, representation.etag);
}

// What stands behind the hash in a tag: none that a proxy puts there for a coding of its own making.
constexpr std::string_view gzip_suffix = "-gz";
constexpr std::string_view quick_gzip_suffix = "-gz1";

std::string etag_with(std::string_view suffix, const Representation& identity) {
    return identity.etag.substr(0, identity.etag.size() - 1).append(suffix) + "\"";
}

bool is_short(const Representation& identity) { return identity.body.size() < slow_coding_bytes_min; }

// Both tags come from the identity's bytes, so that every node knows the one it has not made.
std::optional<AbsentRepresentation> other_gzip(const Document& document) {
    const auto& identity = document.representations.identity();
    if (!document.representations.contains(ContentCoding::gzip) || is_short(identity)) return std::nullopt;
    const auto& gzip = document.representations.at(ContentCoding::gzip);
    const auto quick = etag_with(quick_gzip_suffix, identity);
    const auto etag = gzip.etag == quick ? etag_with(gzip_suffix, identity) : quick;
    return AbsentRepresentation{.etag = etag, .not_modified_head = not_modified_head(document, etag)};
}

void add_coding(Representations& made, ContentCoding coding, std::string coded, std::string_view suffix) {
    const auto& identity = made.at(ContentCoding::identity);
    if (coded.size() >= identity.body.size()) return;
    made.put(coding, {.body = std::move(coded), .etag = etag_with(suffix, identity), .head = {}, .not_modified_head = {}});
}

std::size_t cost_of(const Document& document) {
    std::size_t bytes = sizeof(Document) + document.path.size() + document.negotiated_fields.size();
    for (const auto& [coding, made] : document.representations)
        bytes += node_bytes + made.body.size() + made.head.size() + made.not_modified_head.size();
    if (document.other_gzip) bytes += document.other_gzip->not_modified_head.size();
    for (const auto& [id, kept] : document.fragments)
        bytes += 2 * node_bytes + id.size() + (kept.fragment ? kept.fragment->size() : 0);
    bytes += document.instance ? document.instance->places.size() * sizeof(FeedInstance::Place) : 0;
    for (const auto& before : document.older)
        bytes += node_bytes + before.newer.size() * sizeof(std::shared_ptr<const Fragment>);
    return bytes;
}

}  // namespace

Representations make_representations(std::string body) {
    Representations made;
    auto etag = "\"" + hash_of(body) + "\"";
    made.put(ContentCoding::identity, {.body = std::move(body), .etag = std::move(etag), .head = {}, .not_modified_head = {}});
    if (const auto& identity = made.identity(); is_short(identity))
        add_coding(made, ContentCoding::gzip, encode(identity.body, ContentCoding::gzip), gzip_suffix);
    else
        add_coding(made, ContentCoding::gzip, gzip_quickly(identity.body), quick_gzip_suffix);
    return made;
}

std::shared_ptr<const Document> finish_document(Document document) {
    document.path = canonical_path(document.address);
    document.path_hash = short_hash_of(document.path);
    document.negotiated_fields = "Vary: Accept, Accept-Encoding, Sec-Fetch-Mode\r\nContent-Location: " + document.path + "\r\n";
    for (auto& [coding, representation] : document.representations) make_heads(document, coding, representation);
    document.other_gzip = other_gzip(document);
    document.bytes = cost_of(document);
    return std::make_shared<const Document>(std::move(document));
}

bool wants_slow_codings(const Document& document) {
    const auto& made = document.representations;
    return !is_short(made.at(ContentCoding::identity)) && !made.contains(ContentCoding::br) &&
           !made.contains(ContentCoding::zstd);
}

std::shared_ptr<const Document> with_slow_codings(const Document& document) {
    Document more = document;
    const auto& body = document.representations.identity().body;
    add_coding(more.representations, ContentCoding::gzip, encode(body, ContentCoding::gzip), gzip_suffix);
    add_coding(more.representations, ContentCoding::zstd, encode(body, ContentCoding::zstd), "-zstandard");
    add_coding(more.representations, ContentCoding::br, encode(body, ContentCoding::br), "-brotli");
    if (more.instance) more.older = older_instances(*more.instance);
    return finish_document(std::move(more));
}

std::shared_ptr<const Document> with_codings_of(const std::shared_ptr<const Document>& document, const Document& other) {
    const bool has_fewer = wants_slow_codings(*document) && !wants_slow_codings(other);
    if (!has_fewer || document->representations.identity().etag != other.representations.identity().etag) return document;
    Document more = *document;
    more.representations = other.representations;
    if (more.instance) more.older = older_instances(*more.instance);
    return finish_document(std::move(more));
}

}  // namespace gazetted
