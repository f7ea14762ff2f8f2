#include "feeds/write_feed.hpp"
#include "feeds/write_feed/formats.hpp"

#include <libxml/parser.h>
#include <boost/json.hpp>

#include <memory>
#include <new>

namespace gazetted {
namespace {

struct ContextDeleter {
    void operator()(xmlParserCtxt* context) const { xmlFreeParserCtxt(context); }
};

void feed_parser(xmlParserCtxt& context, std::string_view bytes) {
    xmlParseChunk(&context, bytes.data(), static_cast<int>(bytes.size()), 0);
}

/// Strict, and without a tree: memory stays flat. Our own bytes declare no entity, so the library's limits on length may go.
bool is_well_formed_xml(std::string_view head, std::string_view fragment, std::string_view tail) {
    xmlSAXHandler no_tree{};
    no_tree.initialized = XML_SAX2_MAGIC;
    const std::unique_ptr<xmlParserCtxt, ContextDeleter> context(
        xmlCreatePushParserCtxt(&no_tree, nullptr, nullptr, 0, nullptr));
    if (!context) throw std::bad_alloc();
    xmlCtxtUseOptions(context.get(), XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_HUGE);
    for (const std::string_view part : {head, fragment, tail}) feed_parser(*context, part);
    xmlParseChunk(context.get(), nullptr, 0, 1);
    return context->wellFormed != 0 && context->nsWellFormed != 0;
}

bool is_json_object(std::string_view fragment) {
    boost::json::error_code error;
    const boost::json::value value = boost::json::parse(fragment, error);
    return !error && value.is_object();
}

}  // namespace

bool is_sound(std::string_view fragment, FeedFormat format) {
    if (format == FeedFormat::json) return is_json_object(fragment);
    const bool is_rss = format == FeedFormat::rss;
    if (!fragment.starts_with(is_rss ? "<item>" : "<entry") || !fragment.ends_with(is_rss ? "</item>" : "</entry>"))
        return false;
    static const Envelope rss = rss_envelope({});
    static const Envelope atom = atom_envelope({});
    const Envelope& envelope = is_rss ? rss : atom;
    return is_well_formed_xml(envelope.head, fragment, envelope.tail);
}

}  // namespace gazetted
