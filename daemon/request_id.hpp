#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace gazetted {

/// What a request is called in logs and in `X-Request-Id`, so that an answer and the lines about it can be put together. Empty:
/// it has no name, since there is nothing to tell of it.
class RequestId {
public:
    static constexpr std::size_t bytes_max = 64;

    RequestId() noexcept = default;
    /// What another program has named a request: 1 to bytes_max letters, digits and `-._~+/=:@`; else it stays empty.
    explicit RequestId(std::string_view given) noexcept;

    void clear() noexcept { bytes_ = 0; }
    bool empty() const noexcept { return bytes_ == 0; }
    std::string_view text() const noexcept { return {text_.data(), bytes_}; }

private:
    std::array<char, bytes_max> text_{};
    std::uint8_t bytes_ = 0;
};

/// Names of 16 hexadecimal digits, which no other loop, process or node that began with another seed gives but by chance of 1
/// to 2^64. One thread's.
class RequestIds {
public:
    explicit RequestIds(std::uint64_t seed) noexcept : state_(seed) {}
    RequestId next() noexcept;

private:
    std::uint64_t state_;
};

}  // namespace gazetted
