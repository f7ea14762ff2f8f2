#include "daemon/address_counts.hpp"

#include <xxhash.h>

#include <cassert>
#include <random>
#include <utility>

namespace gazetted {
namespace {

constexpr std::size_t buckets_at_first = 64;

std::uint64_t make_secret() {
    std::random_device random;
    return (std::uint64_t{random()} << 32) | random();
}

}  // namespace

AddressCounts::AddressCounts(std::size_t per_address_max)
    : per_address_max_(per_address_max), counts_(buckets_at_first, Hash{make_secret()}, {}, &memory_) {}

std::size_t AddressCounts::Hash::operator()(const IpAddress& address) const noexcept {
    return XXH3_64bits_withSeed(address.bytes.data(), address.bytes.size(), secret);
}

AddressCounts::Place AddressCounts::take_place(const IpAddress& address) {
    const auto subscriber = subscriber_of(address);
    const std::lock_guard lock(mutex_);
    auto& count = counts_[subscriber];
    if (count >= per_address_max_) return {};
    ++count;
    return {*this, subscriber};
}

void AddressCounts::give_back(const IpAddress& subscriber) {
    const std::lock_guard lock(mutex_);
    const auto entry = counts_.find(subscriber);
    assert(entry != counts_.end());
    if (--entry->second == 0) counts_.erase(entry);
}

void AddressCounts::set_per_address_max(std::size_t per_address_max) {
    const std::lock_guard lock(mutex_);
    per_address_max_ = per_address_max;
}

std::size_t AddressCounts::addresses() const {
    const std::lock_guard lock(mutex_);
    return counts_.size();
}

AddressCounts::Place::Place(Place&& other) noexcept
    : counts_(std::exchange(other.counts_, nullptr)), subscriber_(other.subscriber_) {}

AddressCounts::Place& AddressCounts::Place::operator=(Place&& other) noexcept {
    std::swap(counts_, other.counts_);
    std::swap(subscriber_, other.subscriber_);
    return *this;
}

AddressCounts::Place::~Place() {
    if (counts_) counts_->give_back(subscriber_);
}

}  // namespace gazetted
