// Whatever goes in: what was read is text that every format of ours can hold, within the limits; and the strict parser's
// well-formed documents are well-formed to us.

#include "feeds/feed_model.hpp"
#include "feeds/read_feed.hpp"
#include "feeds/text.hpp"

#include <libxml/parser.h>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <cassert>
#include <cstdint>
#include <memory>
#include <string>

namespace {

void no_message(void*, const char*, ...) {}

/// Of documents that say nothing of their encoding, and declare nothing.
bool is_well_formed(std::string_view text) {
    xmlSetGenericErrorFunc(nullptr, no_message);
    const std::unique_ptr<xmlDoc, decltype(&xmlFreeDoc)> document(
        xmlReadMemory(text.data(), static_cast<int>(text.size()), nullptr, "UTF-8",
                      XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING),
        &xmlFreeDoc);
    const xmlError* error = xmlGetLastError();
    const bool is_clean = !error || error->level < XML_ERR_ERROR;
    xmlResetLastError();
    return document && is_clean;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace gazetted;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto feed = read_feed(bytes, "", "https://base.example/a/b");
    if (feed) {
        const std::string model = feed_model_json(*feed, {});
        assert(is_utf8(model) && legal_xml_text(model) == model);
        assert(boost::json::parse(model).is_object());
        assert(feed->entries.size() <= FeedLimits::entries_max);
        assert(!feed->is_cut_off || !feed->fault.empty());
    }
    const bool is_plain =
        is_utf8(bytes) && bytes.find("<!") == std::string_view::npos && bytes.find("<?") == std::string_view::npos;
    if (feed && is_plain && bytes.find('<') == 0 && is_well_formed(bytes)) assert(feed->fault.empty());
    return 0;
}
