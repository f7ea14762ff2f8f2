#include "daemon/readership_inbox.hpp"

#include <random>
#include <utility>

namespace gazetted {

namespace {

// Yesterday's may still be asked for by a loop that has not seen midnight; tomorrow's is agreed upon today.
constexpr std::size_t keys_max = 3;

std::uint64_t random_key() {
    std::random_device device;
    return (std::uint64_t{device()} << 32U) | device();
}

}  // namespace

void ReadershipInbox::put(const Readership& seen) {
    left_out_.fetch_add(seen.left_out, std::memory_order_relaxed);
    const std::lock_guard lock(mutex_);
    const auto before = seen_.left_out + seen.left_out;
    seen_.merge(seen);
    left_out_.fetch_add(seen_.left_out - before, std::memory_order_relaxed);
}

Readership ReadershipInbox::take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(seen_, {});
}

std::uint64_t ReadershipInbox::key_of(std::chrono::sys_days day) {
    const std::lock_guard lock(mutex_);
    return keys_.try_emplace(day, random_key()).first->second;
}

void ReadershipInbox::agree(std::chrono::sys_days day, std::uint64_t key) {
    const std::lock_guard lock(mutex_);
    keys_[day] = key;
    while (keys_.size() > keys_max) keys_.erase(keys_.begin());
}

}  // namespace gazetted
