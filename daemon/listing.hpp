#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace gazetted {

/// Rows for people and scripts, with the names of their columns. Texts come from anybody.
struct Listing {
    using Texts = std::vector<std::string>;
    struct Decimal {
        std::string digits;  ///< as PostgreSQL and JSON write it, such as `0.4`
        bool operator==(const Decimal&) const = default;
    };
    using Value = std::variant<std::monostate, bool, std::int64_t, Decimal, std::string, Texts>;
    std::vector<std::string> columns;
    std::vector<std::vector<Value>> rows;  ///< a value for each column

    std::size_t place_of(std::string_view column) const;
    const Value& at(std::size_t row, std::string_view column) const;
};

/// A part of a list.
struct Page {
    Listing rows;           ///< one more than `limit` says that there are more
    std::string_view name;  ///< of what is listed
    std::string_view key;   ///< the column that says after which row to go on
    std::size_t limit = 0;
};

/// A text that a terminal shows and does not obey: control characters, and those that turn the direction of writing, become
/// U+FFFD, or a space where they are white space.
std::string harmless(std::string_view);

/// One line a row under a line of names, in columns; long texts are cut.
std::string table_of(const Listing&);
/// One line a column of the first row.
std::string lines_of(const Listing&);
/// The row as one JSON object on a line, without any character that a terminal would obey.
std::string json_of(const Listing&, std::size_t row);
/// Takes the row too many off; the key of the last one left, where there are more.
std::optional<std::string> cut(Page&);
/// `{"NAME":[...],"after":...}`, which is null where there are no more.
std::string json_of(Page);

}  // namespace gazetted
