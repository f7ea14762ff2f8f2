#pragma once

#include "daemon/config.hpp"
#include "daemon/document.hpp"
#include "daemon/request_view.hpp"

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace gazetted {

/// The parts of an answer, each ready to be sent as it is, so that nothing is copied for a request, and formatted only for a
/// range or a delta. Pure value;
/// what it points to it also owns, but for the Cache-Control line, which the caller keeps.
struct Response {
    unsigned status = 200;
    /// In the order of the wire: status line and fields, each line with its CRLF. All but `Date`, `Server`, `Connection` and
    /// the empty line.
    std::array<std::string_view, 3> head;
    std::string_view body;  ///< empty for HEAD and 304
    std::shared_ptr<const void> owner;
    const Document* document = nullptr;  ///< what this is an answer with, whole, in part or not at all; null: with none
    /// The body is all of this, and every answer for which that is so has the same head. Null: one made for its request.
    const Representation* whole = nullptr;
};
/// The head's parts joined, for tests and logs.
std::string head_text(const Response&);

/// What a request's target asks of us before any document is looked at.
struct Asked {
    std::optional<Address> address;  ///< the document to find; none: `answer` is complete
    std::optional<Response> answer;  ///< 308, 404, 405, 400, style sheet ...
    bool negotiated = false;         ///< the answer varies by Accept
    bool respelled = false;          ///< the document's address is spelled otherwise: moved() to it, where there is a document
};

/// Pure: no clock, no socket, no database.
Asked ask(const RequestView&, const VariantLimits& = {});

/// RFC 9110 sections 12.5.3 (Accept-Encoding), 13 (conditional requests) and 14 (a range of bytes, to GET only); RFC 3229 for
/// `A-IM: feed`.
/// `cache_control_line` is the configured `Cache-Control: ...\r\n`; it outlives the response.
Response respond(const RequestView&, const std::shared_ptr<const Document>&, std::string_view cache_control_line,
                 bool negotiated);

/// 308 to where the document that was asked for is now, as it was asked for: with or without a format, the variant kept.
Response moved(const RequestView&, const Asked&, Address now, const VariantLimits&);

/// RFC 9457 problem, `no-store`; `retry_after_s` where waiting helps (0: none). `extra_fields` are lines with CRLF; `detail`
/// is a sentence of ours, without quotes or backslashes, and never repeats what the request said.
Response problem(unsigned status, std::string_view detail, unsigned retry_after_s = 0, std::string_view extra_fields = {});

/// A text that nobody keeps: what the status addresses and the API answer. `extra_fields` are lines with CRLF.
Response plain_text(unsigned status, std::string_view media_type, std::string_view text, std::string_view extra_fields = {});

/// A page that nobody keeps. Nothing in it runs; its forms ask where it came from.
Response uncached_page(std::string_view html);

/// One of the style sheets that the binary carries (daemon/pages), which caches keep for an hour.
Response style_sheet_answer(const RequestView&, std::string_view file);

/// As it goes out to a request with this method: HEAD gets no body, and Content-Length stays (RFC 9110 section 9.3.2).
Response for_method(std::string_view method, Response);

/// `public, max-age=60, stale-while-revalidate=300, stale-if-error=86400` (RFC 9111, RFC 5861).
std::string cache_control(const CacheConfig&);

}  // namespace gazetted
