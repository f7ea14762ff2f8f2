#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gazetted {

/// How many different pollers there were, without a list of them: HyperLogLog (Flajolet and others, AofA 2007) with 256
/// registers. Two nodes' sketches under one key make the sketch of both. What is in a register says of nobody that he came:
/// one in 256 of all addresses raises the same one.
class PollerSketch {
public:
    static constexpr std::size_t registers = 256;

    /// `hash` is uniform over 64 bits and keyed; true where the sketch changed.
    bool add(std::uint64_t hash) noexcept;
    void merge(const PollerSketch&) noexcept;
    /// Standard error 6.5 %, less below a hundred.
    std::uint64_t estimate() const;

    /// As stored: one byte a register.
    std::string bytes() const { return {registers_.begin(), registers_.end()}; }
    /// None where it is not as stored.
    static std::optional<PollerSketch> from_bytes(std::string_view);

    friend bool operator==(const PollerSketch&, const PollerSketch&) = default;

private:
    std::array<std::uint8_t, registers> registers_{};
};

}  // namespace gazetted
