#include "feeds/read_feed.hpp"

#include "feeds/read_feed/charset.hpp"
#include "feeds/read_feed/json_feed.hpp"
#include "feeds/read_feed/mend_json.hpp"
#include "feeds/read_feed/page.hpp"
#include "feeds/read_feed/text_forms.hpp"
#include "feeds/read_feed/xml_feed.hpp"
#include "feeds/text.hpp"

namespace gazetted {
namespace {

Error not_a_feed(std::string_view page, std::string_view url) {
    const std::string feeds = advertised_feeds(page, url);
    return {ErrorKind::unsupported, "a page, not a feed" + (feeds.empty() ? std::string() : "; it names " + feeds)};
}

Result<Feed> read_decoded(const DecodedDocument& document, std::string_view url) {
    const std::string_view text = document.text;
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return Error{ErrorKind::unsupported, "an empty document"};
    if (begin_of_json(text) != std::string_view::npos) return read_json_feed(text, url);
    if (looks_like_page(text)) return not_a_feed(text, url);
    if (text.find('<') == std::string_view::npos) return Error{ErrorKind::unsupported, "not a feed: neither XML nor JSON"};
    auto feed = read_xml_feed(text, !document.is_guess, url);
    if (!feed && feed.error().kind == ErrorKind::unsupported) {
        if (const std::string feeds = advertised_feeds(text, url); !feeds.empty()) return not_a_feed(text, url);
    }
    return feed;
}

Result<Feed> read_bytes(std::string_view bytes, std::string_view content_type, std::string_view url) {
    if (bytes.size() > FeedLimits::bytes_max)
        return Error{ErrorKind::too_large, "more than " + std::to_string(FeedLimits::bytes_max >> 20) + " MB"};
    DecodedDocument document;
    if (auto decoded = decode_document(bytes, content_type, FeedLimits::bytes_max, document); !decoded) return decoded.error();
    auto feed = read_decoded(document, url);
    if (!feed) return feed;
    feed->encoding = document.encoding;
    // What the bytes were is the first thing to be mended.
    if (!document.fault.empty()) feed->fault = document.fault;
    return feed;
}

}  // namespace

Result<Feed> read_feed(std::string_view bytes, std::string_view content_type, std::string_view url) {
    auto feed = read_bytes(bytes, content_type, url);
    // What is told of a document may quote it.
    if (!feed) return Error{feed.error().kind, legal_xml_text(feed.error().message)};
    feed->fault = legal_xml_text(feed->fault);
    return feed;
}

}  // namespace gazetted
