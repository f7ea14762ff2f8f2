// A resolved URL resolves to itself, and is fit for an attribute of any format.

#include "feeds/url.hpp"

#include <cassert>
#include <cstdint>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace gazetted;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto url = resolve_url(text, "https://base.example/a/b?c#d")) {
        const auto again = resolve_url(*url, "");
        assert(again && *again == *url);
        assert(url->find_first_of("\"'<>` \t\n") == std::string::npos);
        // A blank in front changes nothing but that no short cut is taken.
        const auto slowly = resolve_url(" " + std::string(text), " https://base.example/a/b?c#d");
        assert(slowly && *slowly == *url);
    }
    return 0;
}
