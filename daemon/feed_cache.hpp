#pragma once

#include "daemon/document.hpp"
#include "daemon/standing.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace gazetted {

/// Documents by path, bounded in bytes. A crawler that asks for everything once does not push out what is asked for again and
/// again: S3-FIFO (Yang et al., SOSP 2023). New documents wait in a small queue, a tenth of the bytes; those asked for again
/// move to the main queue; of those dropped from the small one the name is remembered, so that a second coming is believed at
/// once. Searches have a queue of their own, another tenth, first in, first out unless asked for again: however many there are,
/// they push out nothing else. Only insert() and exchange() drop documents, so nothing is lost while nothing can be rendered.
/// One thread at a time, but for withdrawals().
class FeedCache {
public:
    explicit FeedCache(std::size_t bytes_max) : bytes_max_(bytes_max) {}
    FeedCache(const FeedCache&) = delete;
    FeedCache& operator=(const FeedCache&) = delete;

    struct Found {
        std::shared_ptr<const Document> document;  ///< null: not here
        bool stale = false;
        std::shared_ptr<Standing> standing;
    };
    /// Counts as a use.
    Found find(std::string_view path);
    /// The same, without being counted.
    std::shared_ptr<const Document> peek(std::string_view path) const;

    /// Under `document->path`; replaces what is there and keeps its place. A document larger than all the room is not kept.
    void insert(std::shared_ptr<const Document> document);
    /// Puts `better` in the place of `current`, stale where that is stale. Nothing where `current` is no longer here, or where
    /// there is no room for `better`.
    void exchange(const Document& current, std::shared_ptr<const Document> better);
    void erase(std::string_view path);

    /// What shows the category; the paths of documents marked stale, which stay where they are.
    std::vector<std::string> mark_stale(std::int64_t category_id);
    void mark_stale(std::string_view path);

    void each(const std::function<void(const std::shared_ptr<const Document>&)>& visit) const;
    std::size_t documents() const noexcept { return entries_.size(); }
    std::size_t bytes() const noexcept { return small_.bytes + main_.bytes + searches_.bytes; }
    /// Documents dropped to make room, ever.
    std::uint64_t evictions() const noexcept { return evictions_; }
    /// Grows whenever a document that was given out stops being current. From any thread.
    std::uint64_t withdrawals() const noexcept { return withdrawals_.load(std::memory_order_acquire); }

private:
    struct Entry {
        std::shared_ptr<const Document> document;
        std::shared_ptr<Standing> standing;
        bool stale = false;
        bool in_main = false;
        bool is_search = false;
        std::list<std::string_view>::iterator place;
    };
    struct Queue {
        std::list<std::string_view> paths;  // oldest first; views of the documents' own paths
        std::size_t bytes = 0;
    };
    using Entries = std::unordered_map<std::string_view, Entry>;

    Queue& queue_of(const Entry& entry) {
        if (entry.is_search) return searches_;
        return entry.in_main ? main_ : small_;
    }
    void index(const Document&);
    void unindex(const Document&);
    void withdraw(const Entry&);
    void take_out(Entries::iterator);
    void make_room();
    void shrink_small();
    void shrink(Queue&);
    void remember(std::string_view path);

    std::size_t bytes_max_;
    Entries entries_;
    Queue small_, main_, searches_;
    std::deque<std::size_t> ghosts_;  // hashes of paths dropped from the small queue, oldest first
    std::unordered_multiset<std::size_t> ghost_set_;
    std::set<std::pair<std::int64_t, std::string_view>> by_category_;
    std::uint64_t evictions_ = 0;
    std::atomic<std::uint64_t> withdrawals_ = 0;
};

}  // namespace gazetted
