#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace gazetted {

/// Who reads, as its User-Agent says. Nobody checks what it says.
struct ReaderAgent {
    /// Printable ASCII, 1 to name_bytes_max: the name we know it by, else its first product or the word after `compatible;`.
    /// Views the field or a constant.
    std::string_view name = unnamed;
    std::optional<std::uint32_t> subscribers;  ///< of a service that reads for many, where it says for how many
    std::string_view feed;                     ///< the service's own number of the feed; empty: none was given

    static constexpr std::string_view unnamed = "unnamed";
    static constexpr std::string_view browser = "a browser";
    static constexpr std::size_t name_bytes_max = 64;
    static constexpr std::size_t feed_bytes_max = 64;
    static constexpr std::uint32_t subscribers_max = 100'000'000;  ///< more is nonsense, and counts as none said
    static constexpr std::size_t looked_at_bytes_max = 1'024;      ///< of a field; what stands behind is not read
};

/// Pure; allocates nothing. Time in proportion to looked_at_bytes_max at most.
ReaderAgent reader_agent(std::string_view user_agent) noexcept;

}  // namespace gazetted
