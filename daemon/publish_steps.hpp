#pragma once

#include "daemon/publish.hpp"

#include <exception>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <vector>

// The steps that feeds (publish.cpp) and pages (publish_pages.cpp) have in common, between their rows and their bytes.

namespace gazetted {

/// Entries of one archive document, where no article among so many begins another; twenty on average.
constexpr std::size_t archive_articles_max = 100;

/// Null: there was none.
using DocumentPointer = std::shared_ptr<const Document>;

/// What the site is called: as configured, else as the database says. Never empty.
std::string site_title(const SelectionHead&, const SiteConfig&);
FeedHead feed_head(const Window&, const FeedAddress&, const SiteConfig&);

/// Gives the document Last-Modified and what it shows. `now` bounds Last-Modified.
void validate_by(Document&, const SelectionHead&, const std::vector<Article>&, Instant now);

/// Tells of a removal to come; from then on the document is no longer true.
void announce_end(Document&, const Window&);

/// What `make` makes of the article, or none where it cannot: the article is set aside then, and its neighbours are published.
template <class Make>
auto unless_broken(Document& document, const Article& article, Make make) -> decltype(make(article)) {
    try {
        return make(article);
    } catch (const std::bad_alloc&) {
        throw;
    } catch (const std::exception& error) {
        document.set_aside.emplace(article.id, Document::SetAside{.revision = article.revision, .reason = error.what()});
    }
    return std::nullopt;
}

/// The document with its bytes. Where nothing moved but a revision it keeps the previous one's validators: readers see no
/// change that is none.
DocumentPointer finish(Document, std::string body, const SiteConfig&, const DocumentPointer& previous);

/// What a page or an archive without its article is: WithdrawnArticle where retention removed it, else NoSuchDocument.
Publication without_article(Store&, std::int64_t number);

/// Where the document of an address that has none went: MovedDocument, RemovedSelection, or NoSuchDocument.
Publication publish_elsewhere(Store&, const Address&);

// One for each kind of page, as publish.cpp has one for each kind of feed; the arguments are publish()'s.

Publication publish_at(Store&, const SiteConfig&, const CategoryPageAddress&, const DocumentPointer& previous, Instant now);
Publication publish_at(Store&, const SiteConfig&, const ArticlePageAddress&, const DocumentPointer& previous, Instant now);
Publication publish_at(Store&, const SiteConfig&, const IndexPageAddress&, const DocumentPointer& previous, Instant now);
Publication publish_at(Store&, const SiteConfig&, const CatalogueAddress&, const DocumentPointer& previous, Instant now);

}  // namespace gazetted
