#pragma once

#include "feeds/read_feed.hpp"

#include <cstddef>
#include <vector>

namespace gazetted {

/// Room in the lists of one feed and its entries: list_max in each, items_max in all of them.
class ListRoom {
public:
    /// Whether one more may be put into the list; counts it where it may.
    template <class Value>
    bool take(const std::vector<Value>& list) {
        return list.size() < FeedLimits::list_max && items_++ < FeedLimits::items_max;
    }
    /// Whether take() would say so now.
    template <class Value>
    bool is_left(const std::vector<Value>& list) const noexcept {
        return list.size() < FeedLimits::list_max && items_ < FeedLimits::items_max;
    }
    bool is_used_up() const noexcept { return items_ >= FeedLimits::items_max; }

private:
    std::size_t items_ = 0;
};

}  // namespace gazetted
