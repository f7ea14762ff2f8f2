#pragma once

#include "daemon/access_line.hpp"
#include "daemon/config.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace gazetted {

/// The way of access lines from one loop's thread to the one that writes them. push() copies bytes into a ring: no lock, no
/// allocation, no format, and never a wait.
class AccessQueue {
public:
    static constexpr std::size_t bytes_max = std::size_t{1} << 20;  ///< some 6,000 lines; a power of two

    /// Of the loop: false where there is no room, so that the line is lost.
    bool push(const AccessLine&) noexcept;
    /// Of the writer: appends the lines there are, in this format, until `text` has `text_bytes_max` or more; how many lines.
    std::size_t pop(std::string& text, std::size_t text_bytes_max, LogFormat = LogFormat::text);

private:
    void put(std::uint64_t at, const void* bytes, std::size_t count) noexcept;
    void get(std::uint64_t at, void* bytes, std::size_t count) const noexcept;

    std::unique_ptr<char[]> ring_ = std::make_unique_for_overwrite<char[]>(bytes_max);
    // Bytes ever written and read; each is the other side's to read only.
    alignas(64) std::atomic<std::uint64_t> written_ = 0;
    alignas(64) std::atomic<std::uint64_t> read_ = 0;
};

}  // namespace gazetted
