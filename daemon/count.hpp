#pragma once

#include <atomic>
#include <cstdint>

namespace gazetted {

/// A number that one thread raises and any thread reads. Costs what a plain number costs.
class Count {
public:
    void add(std::uint64_t more = 1) noexcept { value_.store(get() + more, std::memory_order_relaxed); }
    std::uint64_t get() const noexcept { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::uint64_t> value_ = 0;
};

}  // namespace gazetted
