#include "daemon/pages.hpp"
#include "daemon/publish_steps.hpp"
#include "feeds/lawful.hpp"
#include "feeds/opml.hpp"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace gazetted {

namespace {

/// None where there is no such page.
std::optional<Window> shown_on(Store& store, const SiteConfig& site, const CategoryPageAddress& address, PagesAround& around) {
    const Selection& selection = address.selection;
    if (!selection.is_search()) return store.newest(selection, site.entries_max);
    if (selection.name.empty()) return store.newest({}, 0);  // what the site is called, above a form
    auto found = store.search(selection.name, address.before, site.entries_max + 1);
    if (!found) return std::nullopt;
    auto& articles = found->window.articles;
    if (found->previous_before) around.newer = canonical_path(CategoryPageAddress{selection, *found->previous_before});
    if (articles.size() > site.entries_max) {
        articles.pop_back();
        around.older = canonical_path(CategoryPageAddress{selection, articles.back().number});
    }
    return std::move(found->window);
}

}  // namespace

Publication publish_at(Store& store, const SiteConfig& site, const CategoryPageAddress& address,
                       const DocumentPointer& previous, Instant now) {
    PagesAround around;
    const auto window = shown_on(store, site, address, around);
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
    return finish(std::move(document), category_page(head, address, entries, site_title(window->head, site), around), site,
                  previous);
}

Publication publish_at(Store& store, const SiteConfig& site, const ArticlePageAddress& address, const DocumentPointer& previous,
                       Instant now) {
    const auto found = store.article(address.number);
    if (!found) return without_article(store, address.number);
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

namespace {

/// Feeds of tags, of authors and of sources that the catalogue has.
constexpr std::size_t counted_feeds_max = 10'000;

std::vector<SelectionKind> kinds_of(const CatalogueAddress& address) {
    std::vector<SelectionKind> kinds;
    if (address.authors) kinds.push_back(SelectionKind::author);
    if (address.sources) kinds.push_back(SelectionKind::source);
    if (address.tags) kinds.push_back(SelectionKind::tag);
    return kinds;
}

std::string group_of(const CountedFeed& feed, CatalogueGroup group) {
    if (group == CatalogueGroup::language) return language_tag(feed.language);
    switch (feed.selection.kind) {
        case SelectionKind::tag:
            return "Tags";
        case SelectionKind::author:
            return "Authors";
        case SelectionKind::source:
            return "Sources";
        default:
            return "Categories";
    }
}

/// What belongs to no group stands before the groups, and these by name.
std::vector<OpmlOutline> grouped(std::vector<std::pair<std::string, OpmlOutline>> feeds) {
    std::vector<OpmlOutline> outlines;
    std::map<std::string, std::vector<OpmlOutline>> groups;
    for (auto& [group, outline] : feeds) (group.empty() ? outlines : groups[group]).push_back(std::move(outline));
    for (auto& [group, members] : groups) outlines.push_back({.title = group, .members = std::move(members)});
    return outlines;
}

}  // namespace

Publication publish_at(Store& store, const SiteConfig& site, const CatalogueAddress& address, const DocumentPointer& previous,
                       Instant now) {
    const auto window = store.newest({}, 0);
    if (!window) return NoSuchDocument{};
    const std::string title = site_title(window->head, site);
    std::vector<std::pair<std::string, OpmlOutline>> feeds;
    for (const CountedFeed& feed : store.counted_feeds(kinds_of(address), counted_feeds_max)) {
        const bool is_all = feed.selection.is_all();
        const auto selection = is_all ? Selection{} : addressable(feed.selection.kind, feed.selection.name);
        if (!selection) continue;
        OpmlOutline outline{.title = is_all ? title : feed.title,
                            .feed_link = site.base_url + canonical_path(FeedAddress{*selection, FeedFormat::atom}),
                            .home_link = site.base_url + canonical_path(CategoryPageAddress{*selection}),
                            .language = is_all ? window->head.language : feed.language,
                            .articles = feed.articles,
                            .newest = feed.newest};
        const bool is_grouped = !is_all && address.group != CatalogueGroup::none;
        feeds.emplace_back(is_grouped ? group_of(feed, address.group) : "", std::move(outline));
    }

    Document document;
    document.address = address;
    document.media_type = "text/x-opml; charset=utf-8";
    document.due = window->due;
    validate_by(document, window->head, {}, now);
    return finish(std::move(document), write_opml(title, grouped(std::move(feeds))), site, previous);
}

}  // namespace gazetted
