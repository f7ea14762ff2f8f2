#include "daemon/precondition.hpp"

namespace gazetted {

namespace {

// Suffixes that proxies put behind the tag inside its quotes when they code the body themselves (Apache, Jetty, Akamai).
std::string_view without_proxy_suffix(std::string_view opaque) {
    for (const std::string_view suffix : {"--gzip", "-gzip", ";gzip", "--br", "-br", ";br", "-zstd", ";zstd", "-df"})
        if (opaque.ends_with(suffix)) return opaque.substr(0, opaque.size() - suffix.size());
    return opaque;
}

struct EntityTag {
    std::string_view opaque;  // without its quotes
    bool weak = false;
};

// Lenient: quotes may be missing, and Apache 2.2 wrote its suffix behind them.
EntityTag parse_tag(std::string_view text) {
    EntityTag tag;
    tag.weak = text.starts_with("W/") || text.starts_with("w/");
    if (tag.weak) text.remove_prefix(2);
    if (text.starts_with('"')) {
        text.remove_prefix(1);
        text = text.substr(0, text.find('"'));
    }
    tag.opaque = text;
    return tag;
}

// RFC 9110 section 8.8.3.2. A weak comparison overlooks what proxies did to the tag on its way.
bool any_tag_matches(std::string_view list, std::string_view etag, bool weak_comparison) {
    if (list == etag || list == "*") return true;  // almost every reader has one and returns it as it came
    const auto ours = parse_tag(etag).opaque;
    for (auto element = take_element(list); !element.empty(); element = take_element(list)) {
        const auto tag = parse_tag(element);
        if (weak_comparison ? tag.opaque == ours || without_proxy_suffix(tag.opaque) == ours : !tag.weak && tag.opaque == ours)
            return true;
    }
    return false;
}

// Two-digit years are read from the document's point of view, so that this stays without a clock. None where the document has
// no date that another one could be compared with.
std::optional<std::chrono::sys_seconds> parse_date(const Document& document, std::string_view text) {
    if (!document.has_last_modified) return std::nullopt;
    return parse_http_date(text, document.last_modified);
}

}  // namespace

namespace {

Verdict evaluate(const RequestView& request, const Document& document, std::string_view etag) {
    if (!request.if_match.empty()) {
        if (!any_tag_matches(request.if_match, etag, false)) return Verdict::failed;
    } else if (!request.if_unmodified_since.empty()) {
        const auto date = parse_date(document, request.if_unmodified_since);
        if (date && document.last_modified > *date) return Verdict::failed;
    }
    if (!request.if_none_match.empty())
        return any_tag_matches(request.if_none_match, etag, true) ? Verdict::not_modified : Verdict::send;
    if (request.if_modified_since.empty()) return Verdict::send;
    const auto date = parse_date(document, request.if_modified_since);
    if (!date) return Verdict::send;
    // An ambiguous second says nothing of what the reader has; only a later one does.
    const bool has_it = document.last_modified_is_ambiguous ? document.last_modified < *date : document.last_modified <= *date;
    return has_it ? Verdict::not_modified : Verdict::send;
}

}  // namespace

Verdict evaluate(const RequestView& request, const Document& document, const Representation& representation) {
    return evaluate(request, document, representation.etag);
}

const Representation* named_representation(const RequestView& request, const Document& document, const CodingWishes& wishes) {
    // A delta is in no coding, so its reader has the identity's tag.
    const int quality_min = wants_feed_delta(request.a_im) ? 0 : 1;
    for (const auto tags : {request.if_match, request.if_none_match, request.if_range})
        for (const auto& [coding, representation] : document.representations)
            if (!tags.empty() && tags != "*" && wishes.quality(coding) >= quality_min &&
                any_tag_matches(tags, representation.etag, true))
                return &representation;
    return nullptr;
}

const AbsentRepresentation* named_other_gzip(const RequestView& request, const Document& document, const CodingWishes& wishes) {
    if (!document.other_gzip || request.if_none_match.empty() || !wishes.accept(ContentCoding::gzip)) return nullptr;
    const auto& absent = *document.other_gzip;
    return evaluate(request, document, absent.etag) == Verdict::not_modified ? &absent : nullptr;
}

NamedInstance named_older_instance(const RequestView& request, const Document& document) {
    NamedInstance named;
    if (document.older.empty() || !wants_feed_delta(request.a_im)) return named;
    auto list = request.if_none_match;
    std::size_t tags = 0;
    for (auto element = take_element(list); !element.empty(); element = take_element(list)) {
        named.is_one_of_several = ++tags > 1;
        auto hash = parse_tag(element).opaque;
        hash = hash.substr(0, hash.find_first_of("-;"));  // of whatever coding
        for (const auto& before : document.older)
            if (before.hash == hash && (!named.instance || before.newer.size() < named.instance->newer.size())) {
                named.instance = &before;
                named.tag = element;
            }
    }
    return named;
}

bool if_range_holds(const RequestView& request, const Document& document, const Representation& representation) {
    if (request.if_range.empty()) return true;
    if (request.if_range.find('"') != std::string_view::npos) return request.if_range == representation.etag;
    const auto wishes = coding_wishes(request.accept_encoding);
    for (const auto coding : {ContentCoding::gzip, ContentCoding::zstd, ContentCoding::br})
        if (wishes.accept(coding)) return false;
    return !document.last_modified_is_ambiguous && parse_date(document, request.if_range) == document.last_modified;
}

}  // namespace gazetted
