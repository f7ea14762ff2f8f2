#pragma once

#include <cstddef>
#include <string_view>
#include <variant>

namespace gazetted {

/// What a Range field asks of a representation (RFC 9110 section 14.1.2).
struct WholeBody {};    ///< no range, several, another unit, or what is malformed: the field counts for nothing
struct NoSuchRange {};  ///< 416: it begins behind the end
struct ByteRange {
    std::size_t first = 0;
    std::size_t bytes = 0;  ///< at least one
};

/// One range is granted. Several are answered with the whole body, as section 14.2 allows: a feed is small, and pieces of it in
/// multipart would be no smaller.
std::variant<WholeBody, NoSuchRange, ByteRange> read_range(std::string_view field, std::size_t body_bytes);

}  // namespace gazetted
