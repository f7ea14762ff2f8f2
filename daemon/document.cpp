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
    "frame-src https:; base-uri 'none'; form-action 'none'\r\n"
    "X-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\n";
constexpr std::string_view feed_fields =
    "Content-Security-Policy: default-src 'none'; style-src 'self'; sandbox\r\n"
    "X-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\n"
    "Access-Control-Allow-Origin: *\r\nAccess-Control-Expose-Headers: Accept-Ranges, Content-Range, ETag, Last-Modified, "
    "Link\r\n";

void make_heads(const Document& document, ContentCoding coding, Representation& representation) {
    const auto always = "ETag: " + representation.etag + "\r\n" + std::string(is_page(document) ? page_fields : feed_fields);
    representation.head = "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(representation.body.size()) + "\r\n";
    representation.head += "Content-Type: " + document.media_type + "\r\n";
    if (coding != ContentCoding::identity)
        representation.head.append("Content-Encoding: ").append(name_of(coding)).append("\r\n");
    representation.head += "Accept-Ranges: bytes\r\nLast-Modified: " + to_http_date(document.last_modified) + "\r\n";
    representation.head += link_field(document.links) + always;
    representation.not_modified_head = "HTTP/1.1 304 Not Modified\r\n" + always;
}

void add_coding(std::map<ContentCoding, Representation>& made, ContentCoding coding, std::string etag, std::string_view body) {
    auto coded = encode(body, coding);
    if (coded.size() >= body.size()) return;
    made[coding] = {.body = std::move(coded), .etag = std::move(etag), .head = {}, .not_modified_head = {}};
}

std::size_t cost_of(const Document& document) {
    std::size_t bytes = sizeof(Document) + document.path.size() + document.negotiated_fields.size();
    for (const auto& [coding, made] : document.representations)
        bytes += node_bytes + made.body.size() + made.head.size() + made.not_modified_head.size();
    for (const auto& [id, kept] : document.fragments)
        bytes += 2 * node_bytes + id.size() + (kept.fragment ? kept.fragment->size() : 0);
    bytes += document.instance ? document.instance->places.size() * sizeof(FeedInstance::Place) : 0;
    for (const auto& before : document.older)
        bytes += node_bytes + before.newer.size() * sizeof(std::shared_ptr<const Fragment>);
    return bytes;
}

}  // namespace

std::map<ContentCoding, Representation> make_representations(std::string body) {
    const auto hash = hash_of(body);
    std::map<ContentCoding, Representation> made;
    add_coding(made, ContentCoding::gzip, "\"" + hash + "-gz\"", body);
    made[ContentCoding::identity] = {.body = std::move(body), .etag = "\"" + hash + "\"", .head = {}, .not_modified_head = {}};
    return made;
}

std::shared_ptr<const Document> finish_document(Document document) {
    document.path = canonical_path(document.address);
    document.negotiated_fields = "Vary: Accept, Accept-Encoding, Sec-Fetch-Mode\r\nContent-Location: " + document.path + "\r\n";
    for (auto& [coding, representation] : document.representations) make_heads(document, coding, representation);
    document.bytes = cost_of(document);
    return std::make_shared<const Document>(std::move(document));
}

bool wants_slow_codings(const Document& document) {
    const auto& made = document.representations;
    return made.at(ContentCoding::identity).body.size() >= slow_coding_bytes_min && !made.contains(ContentCoding::br) &&
           !made.contains(ContentCoding::zstd);
}

std::shared_ptr<const Document> with_slow_codings(const Document& document) {
    Document more = document;
    const auto& identity = more.representations.at(ContentCoding::identity);
    const auto opaque = identity.etag.substr(0, identity.etag.size() - 1);
    // The suffixes are none that a proxy puts there for a coding of its own making.
    add_coding(more.representations, ContentCoding::zstd, opaque + "-zstandard\"", identity.body);
    add_coding(more.representations, ContentCoding::br, opaque + "-brotli\"", identity.body);
    if (more.instance) more.older = older_instances(*more.instance);
    return finish_document(std::move(more));
}

}  // namespace gazetted
