#pragma once

#include "daemon/ip_address.hpp"

#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <mutex>
#include <unordered_map>

namespace gazetted {

/// How many connections each subscriber has (subscriber_of()), so that one of them cannot take all. Holds an entry only for
/// those that have any, so it is never larger than the connections are many. Thread-safe; the lock is taken when a connection
/// begins and ends, never by a request.
class AddressCounts {
public:
    explicit AddressCounts(std::size_t per_address_max);

    /// One connection's place in the count, until it ends.
    class Place {
    public:
        Place() = default;
        Place(Place&&) noexcept;
        Place& operator=(Place&&) noexcept;
        ~Place();
        explicit operator bool() const noexcept { return counts_ != nullptr; }

    private:
        friend class AddressCounts;
        Place(AddressCounts& counts, const IpAddress& subscriber) : counts_(&counts), subscriber_(subscriber) {}
        AddressCounts* counts_ = nullptr;
        IpAddress subscriber_;
    };
    /// None: the address has as many as it may. A place must not outlive this.
    Place take_place(const IpAddress&);

    std::size_t addresses() const;
    /// For places that are taken from now on.
    void set_per_address_max(std::size_t);

private:
    void give_back(const IpAddress& subscriber);

    // Readers choose their addresses, hence the secret: nobody shall make all of them fall into one bucket.
    struct Hash {
        std::uint64_t secret;
        std::size_t operator()(const IpAddress&) const noexcept;
    };
    mutable std::mutex mutex_;
    std::size_t per_address_max_;
    std::pmr::unsynchronized_pool_resource memory_;
    std::pmr::unordered_map<IpAddress, std::uint32_t, Hash> counts_;
};

}  // namespace gazetted
