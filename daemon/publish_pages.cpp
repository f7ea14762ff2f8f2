#include "daemon/pages.hpp"
#include "daemon/publish_steps.hpp"
#include "feeds/opml.hpp"

#include <utility>
#include <vector>

namespace gazetted {

Publication publish_at(Store& store, const SiteConfig& site, const CategoryPageAddress& address,
                       const DocumentPointer& previous, Instant now) {
    const auto window = store.newest(address.selection, site.entries_max);
    if (!window) return NoSuchDocument{};

    Document document;
    document.address = address;
    document.media_type = page_media_type;
    document.due = window->due;
    announce_end(document, *window);
    validate_by(document, window->head, window->articles, now);

    std::vector<Entry> entries;
    for (const Article& article : window->articles) {
        auto entry =
            unless_broken(document, article, [&](const Article& it) { return std::optional(entry_of(it, site.base_url)); });
        if (entry) entries.push_back(std::move(*entry));
    }
    const FeedHead head = feed_head(*window, FeedAddress{address.selection, FeedFormat::atom}, site);
    return finish(std::move(document), category_page(head, address.selection, entries, site_title(window->head, site)), site,
                  previous);
}

Publication publish_at(Store& store, const SiteConfig& site, const ArticlePageAddress& address, const DocumentPointer& previous,
                       Instant now) {
    const auto found = store.article(address.number);
    if (!found) return NoSuchDocument{};
    if (found->article.withdrawn) return WithdrawnArticle{};

    Document document;
    document.address = address;
    document.media_type = page_media_type;
    SelectionHead head = found->site;
    head.changed = found->changed;
    validate_by(document, head, {found->article}, now);
    // The site's name stands on the page, and when that changed last is not recorded: the entity tag alone decides.
    document.last_modified_is_ambiguous = true;
    return finish(std::move(document), article_page(site_title(found->site, site), entry_of(found->article, site.base_url)),
                  site, previous);
}

Publication publish_at(Store& store, const SiteConfig& site, const IndexPageAddress& address, const DocumentPointer& previous,
                       Instant now) {
    const Catalogue catalogue = store.catalogue();
    Document document;
    document.address = address;
    document.media_type = page_media_type;
    validate_by(document, catalogue.site, {}, now);
    return finish(std::move(document), index_page(catalogue, site_title(catalogue.site, site)), site, previous);
}

Publication publish_at(Store& store, const SiteConfig& site, const CatalogueAddress& address, const DocumentPointer& previous,
                       Instant now) {
    const Catalogue catalogue = store.catalogue();
    const auto outline = [&](const Selection& selection, const std::string& title, const std::string& language) {
        return OpmlOutline{.title = title,
                           .feed_link = site.base_url + canonical_path(FeedAddress{selection, FeedFormat::atom}),
                           .home_link = site.base_url + canonical_path(CategoryPageAddress{selection}),
                           .language = language};
    };
    const std::string title = site_title(catalogue.site, site);
    std::vector<OpmlOutline> outlines{outline({}, title, catalogue.site.language)};
    for (const CategorySummary& category : catalogue.categories)
        outlines.push_back(
            outline({category.slug}, category.title.empty() ? category.slug : category.title, category.language));

    Document document;
    document.address = address;
    document.media_type = "text/x-opml; charset=utf-8";
    validate_by(document, catalogue.site, {}, now);
    return finish(std::move(document), write_opml(title, outlines), site, previous);
}

}  // namespace gazetted
