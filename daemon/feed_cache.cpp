#include "daemon/feed_cache.hpp"

#include <algorithm>

namespace gazetted {

FeedCache::Found FeedCache::find(std::string_view path) {
    const auto found = entries_.find(path);
    if (found == entries_.end()) return {};
    const auto& entry = found->second;
    entry.standing->note_use();
    return {entry.document, entry.stale, entry.standing};
}

std::shared_ptr<const Document> FeedCache::peek(std::string_view path) const {
    const auto found = entries_.find(path);
    return found == entries_.end() ? nullptr : found->second.document;
}

void FeedCache::insert(std::shared_ptr<const Document> document) {
    const std::string_view path = document->path;
    Entry entry{.document = document, .standing = std::make_shared<Standing>(), .place = {}};
    entry.is_search = is_search(document->address);
    bool known = false;
    if (const auto old = entries_.find(path); old != entries_.end()) {
        entry.in_main = old->second.in_main;
        entry.standing->uses_ = old->second.standing->uses_.load(std::memory_order_relaxed);
        withdraw(old->second);
        known = true;
        // The keys are views of the old document's path: the place in the queue is kept, the views are made anew.
        auto& queue = queue_of(entry);
        *old->second.place = path;
        entry.place = old->second.place;
        queue.bytes -= old->second.document->bytes;
        unindex(*old->second.document);
        const auto kept = old->second.document;  // until its path is no key any more
        entries_.erase(old);
    } else if (!entry.is_search) {
        entry.in_main = ghost_set_.contains(std::hash<std::string_view>{}(path));
    }
    auto& queue = queue_of(entry);
    if (!known) entry.place = queue.paths.insert(queue.paths.end(), path);
    queue.bytes += document->bytes;
    index(*document);
    entries_.emplace(path, std::move(entry));
    if (document->bytes > bytes_max_) {
        take_out(entries_.find(path));
        ++evictions_;
    }
    make_room();
}

void FeedCache::exchange(const Document& current, std::shared_ptr<const Document> better) {
    const auto found = entries_.find(current.path);
    if (found == entries_.end() || found->second.document.get() != &current || better->bytes > bytes_max_) return;
    const bool stale = found->second.stale;
    const std::string path = better->path;
    insert(std::move(better));
    if (stale) mark_stale(path);
}

void FeedCache::erase(std::string_view path) {
    if (const auto found = entries_.find(path); found != entries_.end()) take_out(found);
}

std::vector<std::string> FeedCache::mark_stale(std::int64_t category_id) {
    std::vector<std::string> paths;
    for (auto row = by_category_.lower_bound({category_id, {}}); row != by_category_.end() && row->first == category_id;
         ++row) {
        mark_stale(row->second);
        paths.emplace_back(row->second);
    }
    return paths;
}

void FeedCache::mark_stale(std::string_view path) {
    const auto found = entries_.find(path);
    if (found == entries_.end() || std::exchange(found->second.stale, true)) return;
    withdraw(found->second);
}

void FeedCache::each(const std::function<void(const std::shared_ptr<const Document>&)>& visit) const {
    for (const auto& [path, entry] : entries_) visit(entry.document);
}

void FeedCache::index(const Document& document) {
    by_category_.emplace(document.shown.category_id, document.path);
    for (const Shown& shown : document.also_shown) by_category_.emplace(shown.category_id, document.path);
}

void FeedCache::unindex(const Document& document) {
    by_category_.erase({document.shown.category_id, document.path});
    for (const Shown& shown : document.also_shown) by_category_.erase({shown.category_id, document.path});
}

// Whoever keeps it asks again from now on.
void FeedCache::withdraw(const Entry& entry) {
    entry.standing->current_.store(false, std::memory_order_release);
    withdrawals_.fetch_add(1, std::memory_order_release);
}

void FeedCache::take_out(Entries::iterator found) {
    withdraw(found->second);
    const auto document = found->second.document;  // the keys are views of its path
    auto& queue = queue_of(found->second);
    queue.bytes -= document->bytes;
    queue.paths.erase(found->second.place);
    unindex(*document);
    entries_.erase(found);
}

void FeedCache::make_room() {
    while (searches_.bytes > bytes_max_ / 10) shrink(searches_);
    while (bytes() > bytes_max_) {
        if (!small_.paths.empty() && (small_.bytes > bytes_max_ / 10 || main_.paths.empty()))
            shrink_small();
        else
            shrink(main_.paths.empty() ? searches_ : main_);
    }
}

void FeedCache::shrink_small() {
    const auto found = entries_.find(small_.paths.front());
    auto& entry = found->second;
    auto& uses = entry.standing->uses_;
    if (uses == 0) {
        remember(found->first);
        take_out(found);
        ++evictions_;
        return;
    }
    small_.bytes -= entry.document->bytes;
    main_.bytes += entry.document->bytes;
    main_.paths.splice(main_.paths.end(), small_.paths, entry.place);
    entry.in_main = true;
    uses = 0;
}

void FeedCache::shrink(Queue& queue) {
    const auto found = entries_.find(queue.paths.front());
    auto& entry = found->second;
    auto& uses = entry.standing->uses_;
    if (uses == 0) {
        take_out(found);
        ++evictions_;
        return;
    }
    // A use that is counted at this instant may be lost; below nought it cannot fall, since only this thread takes away.
    uses.store(static_cast<std::uint8_t>(uses.load() - 1), std::memory_order_relaxed);
    queue.paths.splice(queue.paths.end(), queue.paths, entry.place);
}

// As many names as there are documents: about as much history again as is kept.
void FeedCache::remember(std::string_view path) {
    const auto hash = std::hash<std::string_view>{}(path);
    ghosts_.push_back(hash);
    ghost_set_.insert(hash);
    while (ghosts_.size() > std::max<std::size_t>(entries_.size(), 16)) {
        ghost_set_.erase(ghost_set_.find(ghosts_.front()));
        ghosts_.pop_front();
    }
}

}  // namespace gazetted
