#include "daemon/jekyll/letters.hpp"

#include <utf8proc.h>

#include <array>
#include <cstdlib>
#include <memory>

namespace gazetted::jekyll {

namespace {

struct Free {
    void operator()(utf8proc_uint8_t* bytes) const { std::free(bytes); }
};

struct Decoded {
    utf8proc_int32_t code_point = -1;  ///< -1: ill-formed
    std::size_t bytes = 1;
};

Decoded decode_first(std::string_view text) {
    Decoded decoded;
    const auto n = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                    static_cast<utf8proc_ssize_t>(text.size()), &decoded.code_point);
    if (n <= 0) return {};
    decoded.bytes = static_cast<std::size_t>(n);
    return decoded;
}

bool is_word(utf8proc_int32_t code_point) {
    if (code_point < 0) return false;
    const auto category = utf8proc_category(code_point);
    return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_ND;
}

}  // namespace

static_assert(UTF8PROC_CATEGORY_LU == 1 && UTF8PROC_CATEGORY_ME == 8 && UTF8PROC_CATEGORY_ND == 9,
              "letters, marks and decimal digits stand side by side");

std::string to_nfkc(std::string_view text) {
    utf8proc_uint8_t* raw = nullptr;
    const auto options = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT);
    const auto n = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                static_cast<utf8proc_ssize_t>(text.size()), &raw, options);
    const std::unique_ptr<utf8proc_uint8_t, Free> owner(raw);
    if (n < 0) return std::string(text);
    return {reinterpret_cast<const char*>(owner.get()), static_cast<std::size_t>(n)};
}

std::string to_lower(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const auto decoded = decode_first(text);
        std::array<utf8proc_uint8_t, 4> bytes{};
        const auto n = decoded.code_point < 0 ? 0 : utf8proc_encode_char(utf8proc_tolower(decoded.code_point), bytes.data());
        if (n > 0)
            out.append(reinterpret_cast<const char*>(bytes.data()), static_cast<std::size_t>(n));
        else
            out += text.front();
        text.remove_prefix(decoded.bytes);
    }
    return out;
}

void for_each_letter(std::string_view text, const std::function<void(std::string_view, bool)>& visit) {
    while (!text.empty()) {
        const auto decoded = decode_first(text);
        visit(text.substr(0, decoded.bytes), is_word(decoded.code_point));
        text.remove_prefix(decoded.bytes);
    }
}

}  // namespace gazetted::jekyll
