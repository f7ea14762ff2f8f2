#include "feeds/json_writer.hpp"

namespace gazetted {

void JsonWriter::append_text(std::string_view text) {
    static constexpr std::string_view hex = "0123456789abcdef";
    out_.push_back('"');
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out_.push_back('\\');
            out_.push_back(c);
        } else if (c == '\n') {
            out_.append("\\n");
        } else if (static_cast<unsigned char>(c) < 0x20) {
            out_.append("\\u00")
                .append(1, hex[static_cast<unsigned char>(c) >> 4U])
                .append(1, hex[static_cast<unsigned char>(c) & 15U]);
        } else {
            out_.push_back(c);
        }
    }
    out_.push_back('"');
}

}  // namespace gazetted
