#include "daemon/respond.hpp"

#include "daemon/embedded.hpp"
#include "daemon/negotiate.hpp"
#include "daemon/precondition.hpp"
#include "daemon/range.hpp"

#include <algorithm>
#include <cassert>

namespace gazetted {

namespace {

constexpr std::string_view vary_line = "Vary: Accept-Encoding\r\n";
constexpr std::string_view allow_line = "Allow: GET, HEAD, OPTIONS\r\n";
constexpr std::string_view no_store_line = "Cache-Control: no-store\r\n";
constexpr std::string_view hour_line = "Cache-Control: public, max-age=3600\r\n";
// What we make ourselves is no page: nothing in it runs, loads or is guessed at.
constexpr std::string_view safe_fields =
    "Content-Security-Policy: default-src 'none'; style-src 'self'; sandbox\r\n"
    "X-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\n";
constexpr std::string_view page_fields =
    "Content-Security-Policy: default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors "
    "'none'\r\nX-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\n";
// Any site's script may read a feed, conditionally (https://fetch.spec.whatwg.org/#http-cors-protocol).
constexpr std::string_view preflight_fields =
    "Access-Control-Allow-Origin: *\r\nAccess-Control-Allow-Methods: GET, HEAD, OPTIONS\r\n"
    "Access-Control-Allow-Headers: A-IM, Accept, Cache-Control, If-Match, If-Modified-Since, If-None-Match, If-Range, "
    "If-Unmodified-Since, Range\r\n"
    "Access-Control-Max-Age: 86400\r\n";

struct StatusTitle {
    unsigned status;
    std::string_view title;
};
constexpr StatusTitle status_titles[] = {
    {200, "OK"},
    {201, "Created"},
    {204, "No Content"},
    {206, "Partial Content"},
    {226, "IM Used"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {416, "Range Not Satisfiable"},
    {417, "Expectation Failed"},
    {422, "Unprocessable Content"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {503, "Service Unavailable"},
    {505, "HTTP Version Not Supported"},
};

std::string_view title_of(unsigned status) {
    const auto* row =
        std::find_if(std::begin(status_titles), std::end(status_titles), [&](const auto& r) { return r.status == status; });
    assert(row != std::end(status_titles));
    return row->title;
}

struct OwnedParts {
    OwnedParts(std::string head_, std::string body_) : head(std::move(head_)), body(std::move(body_)) {}
    std::string head, body;
    std::shared_ptr<const Document> document = nullptr;
};

// RFC 9110 section 8.6: 204 has no Content-Length, everything else that we make does.
Response make_response(unsigned status, std::string_view fields, std::string body = {},
                       std::string_view protection = safe_fields) {
    std::string head = "HTTP/1.1 " + std::to_string(status) + " ";
    head.append(title_of(status)).append("\r\n");
    if (status != 204) head += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    head.append(fields).append(protection);
    const auto owned = std::make_shared<const OwnedParts>(std::move(head), std::move(body));
    return {.status = status, .head = {owned->head}, .body = owned->body, .owner = owned, .document = nullptr};
}

Response redirect(std::string_view path) {
    return make_response(308, "Location: " + std::string(path) + "\r\n" + std::string(hour_line));
}

std::shared_ptr<const Document> make_style_sheet(std::string_view name) {
    std::string css;
    for (const auto& file : embedded_pages())
        if (file.name == name) css = file.bytes;
    assert(!css.empty());
    Document document;
    document.media_type = "text/css; charset=utf-8";
    document.has_last_modified = false;
    document.representations = make_representations(std::move(css));
    return with_slow_codings(*finish_document(std::move(document)));
}

const std::shared_ptr<const Document>& style_sheet_document(std::string_view file) {
    static const auto of_the_site = make_style_sheet("style.css"), of_the_status = make_style_sheet("status.css");
    return file == "status.css" ? of_the_status : of_the_site;
}

std::variant<WholeBody, NoSuchRange, ByteRange> granted_range(const RequestView& request, const Document& document,
                                                              const Representation& representation) {
    if (request.range.empty() || !request.is_get() || !if_range_holds(request, document, representation)) return WholeBody{};
    return read_range(request.range, representation.body.size());
}

std::string_view fields_of_any_part(const Representation& representation) {
    const std::string_view whole = representation.head;
    const auto status_end = whole.find("\r\n") + 2;
    return whole.substr(whole.find("\r\n", status_end) + 2);
}

// RFC 3229: what is newer than what the reader has, where that is shorter than the whole. `im` lets caches that know the RFC
// keep it, `no-store` keeps it from all others.
std::optional<Response> delta(const RequestView& request, const std::shared_ptr<const Document>& document,
                              const Representation& selected, std::string_view vary) {
    const auto& identity = document->representations.identity();
    const auto before = named_older_instance(request, *document);
    if (!before.instance || !request.is_get() || !coding_wishes(request.accept_encoding).accept(ContentCoding::identity))
        return std::nullopt;
    auto body = write_delta(*document->instance, *before.instance);
    if (body.size() >= selected.body.size()) return std::nullopt;
    std::string head = "HTTP/1.1 226 IM Used\r\nContent-Length: " + std::to_string(body.size()) + "\r\nIM: feed\r\n";
    // RFC 3229 section 10.5.1: which of its tags the entries are newer than.
    if (before.is_one_of_several) head.append("Delta-Base: ").append(before.tag).append("\r\n");
    head.append("Cache-Control: no-store, im\r\nVary: A-IM, ").append(vary.substr(std::string_view("Vary: ").size()));
    head += fields_of_any_part(identity);
    const auto owned = std::make_shared<OwnedParts>(std::move(head), std::move(body));
    owned->document = document;
    return Response{.status = 226, .head = {owned->head}, .body = owned->body, .owner = owned, .document = document.get()};
}

struct HeadOfPart {
    HeadOfPart(std::string head_, std::shared_ptr<const Document> document_)
        : head(std::move(head_)), document(std::move(document_)) {}
    std::string head;
    std::shared_ptr<const Document> document;
};

Response partial(const std::shared_ptr<const Document>& document, const Representation& representation, const ByteRange& range,
                 const std::array<std::string_view, 2>& more_lines) {
    std::string head = "HTTP/1.1 206 Partial Content\r\nContent-Length: " + std::to_string(range.bytes) + "\r\n";
    head += "Content-Range: bytes " + std::to_string(range.first) + "-" + std::to_string(range.first + range.bytes - 1) + "/" +
            std::to_string(representation.body.size()) + "\r\n";
    head += fields_of_any_part(representation);
    const auto owner = std::make_shared<const HeadOfPart>(std::move(head), document);
    const auto body = std::string_view(representation.body).substr(range.first, range.bytes);
    return {.status = 206,
            .head = {owner->head, more_lines[0], more_lines[1]},
            .body = body,
            .owner = owner,
            .document = owner->document.get()};
}

Response unsatisfiable(const Representation& representation) {
    return problem(416, "the range begins behind the end", 0,
                   "Content-Range: bytes */" + std::to_string(representation.body.size()) + "\r\n");
}

constexpr std::string_view methods[] = {"GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE", "PATCH", "CONNECT", "TRACE"};

Asked answered(Response response) { return {.address = std::nullopt, .answer = std::move(response)}; }

Response options(bool cross_origin) {
    return make_response(204,
                         std::string(allow_line) + std::string(cross_origin ? preflight_fields : "") + std::string(hour_line));
}

bool is_feed(const Address& address) {
    return std::holds_alternative<FeedAddress>(address) || std::holds_alternative<ArchiveAddress>(address) ||
           std::holds_alternative<CatalogueAddress>(address);
}

// The query of a target; a target without one has an empty one.
std::string_view query_of(std::string_view target) {
    const auto mark = target.find('?');
    return mark == std::string_view::npos ? std::string_view{} : target.substr(mark + 1);
}

// What may be elsewhere or nowhere, and so is looked up before anybody is sent there; a search is as costly as it is there.
bool may_be_absent(const Address& address) {
    if (std::holds_alternative<ArticlePageAddress>(address) || std::holds_alternative<ArchiveAddress>(address)) return true;
    const Selection* selection = selection_of(address);
    return selection != nullptr && !selection->is_all() && !selection->is_search();
}

Asked ask_for_known_path(const RequestView& request, ParsedPath path, const VariantLimits& limits) {
    if (request.method == "OPTIONS") return answered(options(is_feed(path.address)));
    if (!request.is_read()) return answered(problem(405, "this address is only read", 0, allow_line));
    if (const auto wrong = read_query(path, query_of(request.target), limits)) return answered(problem(400, *wrong));
    const auto nothing_to_search_for = [] {
        return answered(problem(400, "q wants words to search for; /search.html asks for them"));
    };
    if (!path.negotiated) {
        if (lacks_search(path.address)) return nothing_to_search_for();
        if (!path.canonical && !may_be_absent(path.address)) return answered(redirect(canonical_path(path.address)));
        return {.address = path.address, .answer = {}, .respelled = !path.canonical};
    }
    auto feed = std::get<FeedAddress>(path.address);
    if (!path.canonical && !may_be_absent(path.address))
        return answered(redirect(negotiated_path(feed.selection, feed.variant)));
    const auto format = choose_format(request.accept, request.fetch_mode);
    if (!format)
        return {.address = CategoryPageAddress{feed.selection, feed.variant.before},
                .answer = {},
                .negotiated = true,
                .respelled = !path.canonical};
    if (lacks_search(path.address)) return nothing_to_search_for();
    feed.format = *format;
    return {.address = feed, .answer = {}, .negotiated = true, .respelled = !path.canonical};
}

}  // namespace

Asked ask(const RequestView& request, const VariantLimits& limits) {
    if (std::find(std::begin(methods), std::end(methods), request.method) == std::end(methods))
        return answered(problem(501, "the method is not one we know"));
    if (request.method == "OPTIONS" && request.target == "*") return answered(options(false));
    if (!request.target.starts_with('/') || request.target.find('#') != std::string_view::npos)
        return answered(problem(400, "the request target is not a path"));
    const auto path_text = request.target.substr(0, request.target.find('?'));
    if (path_text == "/style.css") {
        if (request.method == "OPTIONS") return answered(options(false));
        if (!request.is_read()) return answered(problem(405, "this address is only read", 0, allow_line));
        return answered(style_sheet_answer(request, "style.css"));
    }
    const auto path = parse_path(path_text);
    if (!path) return answered(problem(404, "there is nothing at this address"));
    return ask_for_known_path(request, *path, limits);
}

Response respond(const RequestView& request, const std::shared_ptr<const Document>& document, std::string_view configured_line,
                 bool negotiated) {
    const std::string_view cache_control_line =
        document->cache_control_line.empty() ? configured_line : std::string_view(document->cache_control_line);
    const auto wishes = coding_wishes(request.accept_encoding);
    const auto* selected = &document->representations.at(choose_coding(wishes, document->representations));
    auto verdict = evaluate(request, *document, *selected);
    if (verdict != Verdict::not_modified) {
        if (const auto* named = named_representation(request, *document, wishes)) selected = named;
        verdict = evaluate(request, *document, *selected);
    }
    const auto& representation = *selected;
    assert(!representation.head.empty());
    const std::string_view vary = negotiated ? std::string_view(document->negotiated_fields) : vary_line;
    const auto not_modified = [&](std::string_view head) {
        return Response{
            .status = 304, .head = {head, vary, cache_control_line}, .body = {}, .owner = document, .document = document.get()};
    };
    if (verdict == Verdict::not_modified) return not_modified(representation.not_modified_head);
    if (const auto* other = named_other_gzip(request, *document, wishes)) return not_modified(other->not_modified_head);
    if (verdict == Verdict::failed) return problem(412, "the document is not the one that the request names");
    if (auto newer = delta(request, document, representation, vary)) return std::move(*newer);
    const auto range = granted_range(request, *document, representation);
    if (std::holds_alternative<NoSuchRange>(range)) return unsatisfiable(representation);
    if (const auto* part = std::get_if<ByteRange>(&range))
        return partial(document, representation, *part, {vary, cache_control_line});
    return {.status = 200,
            .head = {representation.head, vary, cache_control_line},
            .body = representation.body,
            .owner = document,
            .document = document.get(),
            .whole = negotiated ? nullptr : &representation};
}

Response moved(const RequestView& request, const Asked& asked, Address now, const VariantLimits& limits) {
    if (!asked.negotiated) return redirect(canonical_path(now));
    // Accept may have chosen the page, which has no variant, and may choose otherwise there.
    const auto variant = parse_variant(query_of(request.target), limits).value_or(FeedVariant{});
    const auto path = [&](const auto& kind) -> std::string {
        if constexpr (requires { kind.selection; }) return negotiated_path(kind.selection, variant);
        return canonical_path(kind);
    };
    return redirect(std::visit(path, now));
}

Response problem(unsigned status, std::string_view detail, unsigned retry_after_s, std::string_view extra_fields) {
    std::string fields = "Content-Type: application/problem+json\r\n" + std::string(no_store_line);
    if (retry_after_s > 0) fields += "Retry-After: " + std::to_string(retry_after_s) + "\r\n";
    fields.append(extra_fields);
    std::string body = R"({"type":"about:blank","title":")";
    body.append(title_of(status)).append(R"(","status":)").append(std::to_string(status));
    body.append(R"(,"detail":")").append(detail).append("\"}\n");
    return make_response(status, fields, std::move(body));
}

Response plain_text(unsigned status, std::string_view media_type, std::string_view text, std::string_view extra_fields) {
    std::string fields = "Content-Type: " + std::string(media_type) + "\r\n" + std::string(no_store_line);
    return make_response(status, fields.append(extra_fields), std::string(text));
}

Response uncached_page(std::string_view html) {
    return make_response(200, "Content-Type: text/html; charset=utf-8\r\n" + std::string(no_store_line), std::string(html),
                         page_fields);
}

Response style_sheet_answer(const RequestView& request, std::string_view file) {
    auto answer = respond(request, style_sheet_document(file), hour_line, false);
    answer.document = nullptr;  // its address is nobody's
    return answer;
}

Response for_method(std::string_view method, Response response) {
    if (method == "HEAD") {
        response.body = {};
        response.whole = nullptr;
    }
    return response;
}

std::string cache_control(const CacheConfig& config) {
    return "public, max-age=" + std::to_string(config.max_age.count()) +
           ", stale-while-revalidate=" + std::to_string(config.stale_while_revalidate.count()) +
           ", stale-if-error=" + std::to_string(config.stale_if_error.count());
}

std::string head_text(const Response& response) {
    std::string text;
    for (const auto part : response.head) text.append(part);
    return text;
}

}  // namespace gazetted
