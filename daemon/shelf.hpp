#pragma once

#include "daemon/publisher.hpp"

#include <cstdint>
#include <memory>
#include <string_view>
#include <unordered_map>

namespace gazetted {

/// The documents that one loop has given out, at hand without a lock: a request for one of them looks at nothing that another
/// loop writes. One thread.
class Shelf {
public:
    explicit Shelf(Publisher& publisher) noexcept : publisher_(publisher) {}
    Shelf(const Shelf&) = delete;
    Shelf& operator=(const Shelf&) = delete;

    /// As Publisher::find(), and counted by its cache in the same way. Good until the next call.
    const std::shared_ptr<const Document>& find(std::string_view path, Instant now);
    /// Lets go of what is not current any more. Call it now and then: until then replaced documents stay in memory.
    void tidy();

    std::size_t documents() const noexcept { return items_.size(); }

private:
    struct Item {
        std::shared_ptr<const Document> document;
        std::shared_ptr<Standing> standing;
    };
    std::unordered_map<std::string_view, Item> items_;  // by their own paths
    std::shared_ptr<const Document> not_kept_;          // what the last find() gave
    std::uint64_t withdrawals_seen_ = 0;
    Publisher& publisher_;
};

}  // namespace gazetted
