#include "daemon/listing.hpp"

#include "feeds/text.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <cassert>
#include <cstdio>

namespace gazetted {

namespace {

constexpr std::size_t cell_characters_max = 60;

/// The next character of legal UTF-8, and how many bytes it has.
struct Character {
    char32_t code = 0;
    std::size_t bytes = 1;
};
Character first_character(std::string_view text) {
    const auto lead = static_cast<unsigned char>(text.front());
    const std::size_t bytes = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    char32_t code = bytes == 1 ? lead : lead & (0x7fU >> bytes);
    for (std::size_t i = 1; i < bytes; ++i) code = code << 6 | (static_cast<unsigned char>(text[i]) & 0x3fU);
    return {code, bytes};
}

/// C0, DEL, C1, and the bidirectional controls (UAX #9), which make a line look like another one.
bool is_obeyed(char32_t code) {
    return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x61c || code == 0x200e || code == 0x200f ||
           (code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

/// How many columns of a terminal it takes: two for the scripts of East Asia, whose letters are that wide.
std::size_t width_of(std::string_view text) {
    std::size_t width = 0;
    while (!text.empty()) {
        const auto [code, bytes] = first_character(text);
        const bool is_wide = (code >= 0x1100 && code <= 0x115f) || (code >= 0x2e80 && code <= 0xa4cf) ||
                             (code >= 0xac00 && code <= 0xd7a3) || (code >= 0xf900 && code <= 0xfaff) ||
                             (code >= 0xfe30 && code <= 0xfe6f) || (code >= 0xff00 && code <= 0xff60) ||
                             (code >= 0x1f300 && code <= 0x1faff) || (code >= 0x20000 && code <= 0x3fffd);
        width += is_wide ? 2 : 1;
        text.remove_prefix(bytes);
    }
    return width;
}

struct TextOf {
    std::string operator()(std::monostate) const { return "-"; }
    std::string operator()(bool value) const { return value ? "yes" : "no"; }
    std::string operator()(std::int64_t value) const { return std::to_string(value); }
    std::string operator()(const Listing::Decimal& value) const { return value.digits; }
    std::string operator()(const std::string& value) const { return value.empty() ? "-" : harmless(value); }
    std::string operator()(const Listing::Texts& values) const {
        std::string joined;
        for (const std::string& value : values) joined += (joined.empty() ? "" : ", ") + harmless(value);
        return joined.empty() ? "-" : joined;
    }
};

struct JsonOf {
    std::string operator()(std::monostate) const { return "null"; }
    std::string operator()(bool value) const { return value ? "true" : "false"; }
    std::string operator()(std::int64_t value) const { return std::to_string(value); }
    std::string operator()(const Listing::Decimal& value) const { return value.digits; }
    std::string operator()(const std::string& value) const { return boost::json::serialize(boost::json::string(value)); }
    std::string operator()(const Listing::Texts& values) const {
        std::string list;
        for (const std::string& value : values) list += (list.empty() ? "" : ",") + (*this)(value);
        return "[" + list + "]";
    }
};

}  // namespace

std::size_t Listing::place_of(std::string_view column) const {
    const auto found = std::ranges::find(columns, column);
    assert(found != columns.end());
    return static_cast<std::size_t>(found - columns.begin());
}

const Listing::Value& Listing::at(std::size_t row, std::string_view column) const { return rows.at(row).at(place_of(column)); }

std::string harmless(std::string_view text) {
    const std::string legal = to_utf8(text);
    std::string shown;
    for (std::string_view rest = legal; !rest.empty();) {
        const auto [code, bytes] = first_character(rest);
        if (code == '\t' || code == '\n' || code == '\r')
            shown += ' ';
        else if (is_obeyed(code))
            shown += "\xEF\xBF\xBD";
        else
            shown.append(rest.substr(0, bytes));
        rest.remove_prefix(bytes);
    }
    return shown;
}

std::string table_of(const Listing& listing) {
    std::vector<std::vector<std::string>> lines = {listing.columns};
    for (const auto& row : listing.rows) {
        auto& line = lines.emplace_back();
        for (const auto& value : row) line.push_back(first_words(std::visit(TextOf{}, value), cell_characters_max));
    }
    std::vector<std::size_t> widths(listing.columns.size());
    for (const auto& line : lines)
        for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], width_of(line[i]));
    std::string text;
    for (const auto& line : lines) {
        for (std::size_t i = 0; i < line.size(); ++i) {
            text += line[i];
            if (i + 1 < line.size()) text.append(widths[i] - width_of(line[i]) + 2, ' ');
        }
        text += '\n';
    }
    return text;
}

std::string lines_of(const Listing& listing) {
    std::size_t width = 0;
    for (const std::string& column : listing.columns) width = std::max(width, column.size());
    std::string text;
    for (std::size_t i = 0; i < listing.columns.size(); ++i)
        text += listing.columns[i] + std::string(width - listing.columns[i].size() + 2, ' ') +
                std::visit(TextOf{}, listing.rows.at(0)[i]) + '\n';
    return text;
}

std::string json_of(const Listing& listing, std::size_t row) {
    std::string json = "{";
    for (std::size_t i = 0; i < listing.columns.size(); ++i)
        json += (i > 0 ? "," : "") + JsonOf{}(listing.columns[i]) + ":" + std::visit(JsonOf{}, listing.rows.at(row)[i]);
    json += "}";
    // Beyond ASCII there is something in strings only, where an escape says the same.
    std::string text;
    for (std::string_view rest = json; !rest.empty();) {
        const auto [code, bytes] = first_character(rest);
        if (is_obeyed(code)) {
            char escape[7];
            std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(code));
            text += escape;
        } else {
            text.append(rest.substr(0, bytes));
        }
        rest.remove_prefix(bytes);
    }
    return text;
}

std::optional<std::string> cut(Page& page) {
    auto& rows = page.rows.rows;
    if (rows.size() <= page.limit) return std::nullopt;
    rows.resize(page.limit);
    return std::visit(TextOf{}, page.rows.at(page.limit - 1, page.key));
}

std::string json_of(Page page) {
    const bool has_more = cut(page).has_value();
    Listing next{.columns = {"after"}, .rows = {{std::monostate()}}};
    if (has_more) next.rows = {{page.rows.at(page.limit - 1, page.key)}};
    std::string text = "{\"" + std::string(page.name) + "\":[";
    for (std::size_t row = 0; row < page.rows.rows.size(); ++row) text += (row > 0 ? "," : "") + json_of(page.rows, row);
    return text + "]," + json_of(next, 0).substr(1);
}

}  // namespace gazetted
