#include "daemon/rendering_times.hpp"

namespace gazetted {

namespace {

struct PlaceOf {
    std::size_t operator()(const FeedAddress& feed) const {
        if (feed.format == FeedFormat::atom) return 0;
        return feed.format == FeedFormat::rss ? 1 : 2;
    }
    std::size_t operator()(const ArchiveAddress& archive) const { return archive.format == FeedFormat::atom ? 0 : 1; }
    std::size_t operator()(const CategoryPageAddress&) const { return 3; }
    std::size_t operator()(const ArticlePageAddress&) const { return 3; }
    std::size_t operator()(const IndexPageAddress&) const { return 3; }
    std::size_t operator()(const CatalogueAddress&) const { return 4; }
};

}  // namespace

void RenderingTimes::note_rendering(const Address& address, Histogram::Duration duration) noexcept {
    renderings_[is_search(address) ? search_place : std::visit(PlaceOf{}, address)].add(duration);
}

void RenderingTimes::note_bytes(const Document* previous, const Document& document, Instant now) noexcept {
    if (!previous || previous->shown.revision >= document.shown.revision) return;
    if (std::holds_alternative<FeedAddress>(document.address)) commit_to_bytes_.add(now - document.shown.changed);
}

std::map<std::string_view, Histogram::Snapshot> RenderingTimes::by_format() const {
    std::map<std::string_view, Histogram::Snapshot> times;
    for (std::size_t i = 0; i < formats.size(); ++i) times[formats[i]] = renderings_[i].snapshot();
    return times;
}

}  // namespace gazetted
