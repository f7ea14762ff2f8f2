#include "daemon/publish_steps.hpp"

#include "feeds/lawful.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace gazetted {

namespace {

/// Never empty, whatever a row holds: a feed without a title is none.
std::string selection_title(const SelectionHead& head, const Selection& selection, const SiteConfig& site) {
    if (selection.is_all()) return site_title(head, site);
    if (selection.is_search()) return selection.name.empty() ? "Search" : "Search: " + selection.name;
    for (const std::string& text : {head.title, selection.name})
        if (std::string title = one_line(text); !title.empty()) return title;
    return site_title(head, site);
}

/// The newest thing that the articles say, or the selection's beginning while it has none: never the clock.
Instant newest_update(const SelectionHead& head, const std::vector<Article>& articles) {
    Instant newest = articles.empty() ? head.created : Instant::min();
    for (const Article& article : articles) newest = std::max(newest, article.updated.value_or(article.published));
    return newest;
}

}  // namespace

std::string site_title(const SelectionHead& head, const SiteConfig& site) {
    for (const std::string& text : {site.title, head.site_title})
        if (std::string title = one_line(text); !title.empty()) return title;
    return "Gazetted";
}

FeedHead feed_head(const Window& window, const FeedAddress& address, const SiteConfig& site) {
    return {.id = window.head.feed_id,
            .title = selection_title(window.head, address.selection, site),
            .subtitle = window.head.description,
            .language = window.head.language,
            .author = window.head.author,
            .self_link = site.base_url + canonical_path(address),
            .home_link = site.base_url + canonical_path(CategoryPageAddress{address.selection}),
            .updated = newest_update(window.head, window.articles),
            .rights = window.head.profile.rights,
            .icon = web_link(window.head.profile.icon),
            .logo = web_link(window.head.profile.logo),
            .hubs = site.hubs,
            .ttl = std::chrono::ceil<std::chrono::minutes>(site.ttl),
            .podcast = window.head.profile.podcast};
}

void validate_by(Document& document, const SelectionHead& head, const std::vector<Article>& articles, Instant now) {
    using std::chrono::floor;
    using std::chrono::seconds;
    Instant changed = head.changed;
    // A held article appears without any row changing: the feed changed when its time came.
    for (const Article& article : articles) changed = std::max(changed, std::min(article.published, now));
    document.last_modified = floor<seconds>(std::min(changed, now));
    document.last_modified_is_ambiguous = floor<seconds>(head.changed_before) >= document.last_modified;
    document.shown = {.category_id = head.category_id, .revision = head.revision, .changed = head.changed};
    for (const auto& [id, revision] : head.members)
        if (id != head.category_id)
            document.also_shown.push_back({.category_id = id, .revision = revision, .changed = head.changed});
}

void announce_end(Document& document, const Window& window) {
    const SelectionProfile& profile = window.head.profile;
    if (!profile.removed) return;
    document.due = std::min(document.due.value_or(*profile.removed), *profile.removed);
    document.sunset = profile.removed;
    document.sunset_link = web_link(profile.sunset_link);
}

DocumentPointer finish(Document document, std::string body, const SiteConfig& site, const DocumentPointer& previous) {
    document.links = links_of(document.address, site.base_url);
    if (!document.sunset_link.empty()) document.links.push_back({"sunset", document.sunset_link, ""});
    if (previous && previous->representations.identity().body == body) {
        document.representations = previous->representations;
        document.older = previous->older;
        document.last_modified = previous->last_modified;
        document.last_modified_is_ambiguous = previous->last_modified_is_ambiguous;
    } else {
        document.representations = make_representations(std::move(body));
    }
    return finish_document(std::move(document));
}

Publication without_article(Store& store, std::int64_t number) {
    if (store.was_removed(number)) return WithdrawnArticle{.is_removed = true};
    return NoSuchDocument{};
}

}  // namespace gazetted
