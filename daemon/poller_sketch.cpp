#include "daemon/poller_sketch.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace gazetted {

namespace {

constexpr unsigned index_bits = 8;
static_assert(PollerSketch::registers == std::size_t{1} << index_bits);
constexpr std::uint8_t rank_max = 64 - index_bits + 1;

}  // namespace

bool PollerSketch::add(std::uint64_t hash) noexcept {
    auto& place = registers_[hash >> (64 - index_bits)];
    const auto rank = std::min<int>(std::countl_zero(hash << index_bits) + 1, rank_max);
    if (rank <= place) return false;
    place = static_cast<std::uint8_t>(rank);
    return true;
}

void PollerSketch::merge(const PollerSketch& other) noexcept {
    for (std::size_t i = 0; i < registers; ++i) registers_[i] = std::max(registers_[i], other.registers_[i]);
}

std::uint64_t PollerSketch::estimate() const {
    constexpr double count = registers;
    constexpr double alpha = 0.7213 / (1 + 1.079 / count);
    double sum = 0;
    for (const auto rank : registers_) sum += std::ldexp(1.0, -rank);
    const double raw = alpha * count * count / sum;
    const auto empty = std::count(registers_.begin(), registers_.end(), 0);
    if (raw > 2.5 * count || empty == 0) return static_cast<std::uint64_t>(std::llround(raw));
    return static_cast<std::uint64_t>(std::llround(count * std::log(count / static_cast<double>(empty))));
}

std::optional<PollerSketch> PollerSketch::from_bytes(std::string_view bytes) {
    PollerSketch sketch;
    if (bytes.size() != registers) return std::nullopt;
    for (std::size_t i = 0; i < registers; ++i) {
        sketch.registers_[i] = static_cast<std::uint8_t>(bytes[i]);
        if (sketch.registers_[i] > rank_max) return std::nullopt;
    }
    return sketch;
}

}  // namespace gazetted
