// Whatever goes in: what comes out is a fixed point, well-formed, and its text can be read.

#include "feeds/sanitise_html.hpp"
#include "feeds/text.hpp"

#include <pugixml.hpp>

#include <cassert>
#include <cstdint>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view html(reinterpret_cast<const char*>(data), size);
    const gazetted::SafeHtml once = gazetted::sanitise_html(html, "https://base.example/a/b");
    assert(once == gazetted::sanitise_html(once.str(), "https://base.example/a/b"));
    assert(gazetted::is_utf8(once.str()));
    pugi::xml_document document;
    assert(document.load_string(("<div>" + once.str() + "</div>").c_str()));
    gazetted::text_of_html(once);
    return 0;
}
