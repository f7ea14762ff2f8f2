#include "daemon/shelf.hpp"

namespace gazetted {

namespace {

// The same document behind a count of references that is this loop's own: cores that count in one place wait for one another.
std::shared_ptr<const Document> counted_here(std::shared_ptr<const Document> document) {
    const auto* bare = document.get();
    return {std::make_shared<const std::shared_ptr<const Document>>(std::move(document)), bare};
}

}  // namespace

const std::shared_ptr<const Document>& Shelf::find(std::string_view path, Instant now) {
    if (const auto item = items_.find(path); item != items_.end()) {
        const auto& [document, standing] = item->second;
        if (standing->is_current() && !(document->due && *document->due <= now)) {
            standing->note_use();
            return document;
        }
        items_.erase(item);
    }
    auto found = publisher_.find_to_keep(path, now);
    if (!found.standing) return not_kept_ = std::move(found.document);
    auto document = counted_here(std::move(found.document));
    const std::string_view key = document->path;
    return items_.insert_or_assign(key, Item{std::move(document), std::move(found.standing)}).first->second.document;
}

void Shelf::tidy() {
    not_kept_.reset();
    // Read first: what is withdrawn meanwhile is met the next time.
    const auto withdrawals = publisher_.withdrawals();
    if (withdrawals == withdrawals_seen_) return;
    withdrawals_seen_ = withdrawals;
    std::erase_if(items_, [](const auto& item) { return !item.second.standing->is_current(); });
}

}  // namespace gazetted
