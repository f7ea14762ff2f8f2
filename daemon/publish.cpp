#include "daemon/publish.hpp"

#include "daemon/publish_steps.hpp"
#include "feeds/summarise.hpp"
#include "feeds/text.hpp"

#include <algorithm>
#include <iterator>
#include <limits>
#include <optional>
#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

namespace gazetted {

namespace {

/// Withdrawn articles that one feed tells of.
constexpr std::size_t tombstones_max = 50;
/// Unless it awaits its next-archive, it changes only when its articles do, and then somebody corrected or withdrew something.
constexpr const char* archive_cache_control_line = "Cache-Control: public, max-age=86400\r\n";

// --- From an article to its fragment ---------------------------------------------------------------------------------------

KnownArticles known_articles(const DocumentPointer& previous) {
    KnownArticles known;
    if (previous)
        for (const auto& [id, kept] : previous->fragments)
            known.emplace(id, KnownArticle{kept.revision, kept.number, kept.published, kept.updated});
    return known;
}

/// An id is for life: one that must be changed to be legal is none, and two could become the same.
bool is_legal_id(const std::string& id) { return legal_xml_text(id) == id; }

Entry entry_with_its_id(const Article& article, const SiteConfig& site, EntryLink link) {
    if (!is_legal_id(article.id)) throw std::runtime_error("its id holds characters that no feed may hold");
    return entry_of(article, site.base_url, link);
}

/// An entry that alone takes more of a feed than this is shortened, so that the others keep their places.
std::size_t entry_bytes_max(const SiteConfig& site) { return site.feed_bytes_max / 2; }

/// The entry with its summary alone; with the first words of one that is as large.
Entry shortened(Entry entry, std::size_t bytes_max) {
    if (entry.summary.str().size() > bytes_max) entry.content = std::exchange(entry.summary, {});
    return summarised(std::move(entry));
}

/// The previous document's fragment where the article is the same, else a new one; one beyond `bytes_max` is shortened. Throws
/// where the article cannot have any.
std::optional<Document::KeptFragment> fragment_of(const Article& article, const FeedAddress& address, const SiteConfig& site,
                                                  EntryLink link, const DocumentPointer& previous, std::size_t bytes_max) {
    if (previous) {
        const auto kept = previous->fragments.find(article.id);
        if (kept != previous->fragments.end() && kept->second.revision == article.revision) return kept->second;
    }
    auto entry = entry_with_its_id(article, site, link);
    if (address.variant.summary) entry = summarised(std::move(entry));
    Fragment fragment = write_entry(entry, address.format);
    const bool is_shortened = fragment.size() > bytes_max;
    if (is_shortened) fragment = write_entry(shortened(std::move(entry), bytes_max), address.format);
    return Document::KeptFragment{.revision = article.revision,
                                  .number = article.number,
                                  .published = article.published,
                                  .updated = article.updated,
                                  .fragment = std::make_shared<const Fragment>(std::move(fragment)),
                                  .is_shortened = is_shortened};
}

/// The articles that the feed does not show, though it did before newer ones came.
std::vector<Article> take_behind(std::vector<Article>& articles, std::size_t shown_max) {
    if (articles.size() <= shown_max) return {};
    const auto first = articles.begin() + static_cast<std::ptrdiff_t>(shown_max);
    std::vector<Article> behind(std::make_move_iterator(first), std::make_move_iterator(articles.end()));
    articles.erase(first, articles.end());
    return behind;
}

/// Drops the last fragments until the feed is no larger than `bytes_max`, never the first one; returns how many.
std::size_t drop_oldest(std::vector<std::string_view>& fragments, std::size_t head_bytes, std::size_t bytes_max) {
    constexpr std::size_t separator_bytes = 2;
    std::size_t bytes = head_bytes;
    std::size_t fitting = 0;
    while (fitting < fragments.size() && (bytes += fragments[fitting].size() + separator_bytes) <= bytes_max) ++fitting;
    const std::size_t kept = std::min(std::max<std::size_t>(fitting, 1), fragments.size());
    const std::size_t dropped = fragments.size() - kept;
    fragments.resize(kept);
    return dropped;
}

/// Where a feed's archives are, by what their links begin with; empty: it has none.
std::string archives_of(const Selection& selection, FeedFormat format, const SiteConfig& site) {
    if (selection.is_search() || format == FeedFormat::json) return {};
    const std::string first = canonical_path(ArchiveAddress{selection, format, 1});
    return site.base_url + first.substr(0, first.rfind('/') + 1);
}

/// Shows no more than fits.
void shorten(FeedInstance& instance, Document& document, const SiteConfig& site) {
    std::vector<std::string_view> fragments;
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < std::min(instance.places.size(), instance.places_shown_max); ++i) {
        if (!instance.places[i].fragment) continue;
        fragments.emplace_back(*instance.places[i].fragment);
        places.push_back(i);
    }
    document.dropped = drop_oldest(fragments, write_feed(instance.head, {}, instance.format).size(), site.feed_bytes_max);
    if (document.dropped > 0) instance.places_shown_max = places[fragments.size()];
}

/// Shows no more than fits, and tells what that leaves out: where the history goes on, and what was withdrawn.
void complete(FeedInstance& instance, Store& store, const SiteConfig& site, Document& document, const Window& window) {
    shorten(instance, document, site);
    const bool shows_all = instance.places.size() <= instance.places_shown_max;
    instance.head.history =
        shows_all ? history_behind(instance) : history_before(instance, instance.places[instance.places_shown_max].number);
    if (instance.format == FeedFormat::atom && window.has_withdrawn) {
        const Article* oldest = shows_all || instance.places_shown_max > window.articles.size()
                                    ? nullptr
                                    : &window.articles[instance.places_shown_max - 1];
        const Selection& selection = std::get<FeedAddress>(document.address).selection;
        instance.head.withdrawn = selection.kind == SelectionKind::combination
                                      ? store.combined_tombstones(selection.name, oldest, tombstones_max)
                                      : store.tombstones(window.head.category_id, oldest, tombstones_max);
        // One with another id than it would be told by was never published. One that is shown was withdrawn since it was read.
        std::erase_if(instance.head.withdrawn,
                      [&](const Tombstone& it) { return !is_legal_id(it.id) || document.fragments.contains(it.id); });
    }
}

/// The feed without those articles that would make it invalid.
std::string write_checked(FeedInstance& instance, Document& document, const std::vector<Article>& articles) {
    auto feed = write_sound_feed(instance);
    for (auto& [place, reason] : feed.left_out) {
        const Article& article = articles[place];
        instance.places[place].fragment = nullptr;
        document.fragments.erase(article.id);
        document.set_aside.emplace(article.id, Document::SetAside{.revision = article.revision, .reason = std::move(reason)});
    }
    for (std::size_t i = 0; i < std::min(articles.size(), instance.places_shown_max); ++i)
        if (const auto shown = document.fragments.find(articles[i].id); shown != document.fragments.end())
            shown->second.is_proven = true;
    return std::move(feed.body);
}

/// The article's place, with its fragment where it can have one.
void take_place(FeedInstance& instance, Document& document, const Article& article, const FeedAddress& address,
                const SiteConfig& site, const DocumentPointer& kept_from, std::size_t bytes_max) {
    auto kept = unless_broken(document, article, [&](const Article& it) {
        return fragment_of(it, address, site, document.entry_link, kept_from, bytes_max);
    });
    instance.places.push_back({.fragment = kept ? kept->fragment : nullptr,
                               .revision = article.revision,
                               .number = article.number,
                               .updated = article.updated.value_or(article.published),
                               .is_proven = kept && kept->is_proven});
    if (kept) document.fragments.emplace(article.id, std::move(*kept));
}

/// The document whose fragments can be used again, or null: they name the links that entries had then.
DocumentPointer with_links(EntryLink link, const DocumentPointer& previous) {
    return previous && previous->entry_link == link ? previous : nullptr;
}

/// The pages of what a search finds (RFC 5005 section 3), next to one that shows so many places.
std::vector<HistoryLink> pages_around(FeedAddress address, const FeedInstance& instance, const FoundPage& found,
                                      const SiteConfig& site) {
    std::vector<HistoryLink> links;
    const auto add_link = [&](const char* relation, std::int64_t before) {
        address.variant.before = before;
        links.push_back({relation, site.base_url + canonical_path(address)});
    };
    if (address.variant.before > 0) add_link("first", 0);
    if (found.previous_before) add_link("previous", *found.previous_before);
    if (instance.places.size() > instance.places_shown_max)
        add_link("next", instance.places[instance.places_shown_max - 1].number);
    return links;
}

Publication publish_search(Store& store, const SiteConfig& site, const FeedAddress& address, const DocumentPointer& previous,
                           Instant now) {
    const std::size_t entries_max = address.variant.entries_max > 0 ? address.variant.entries_max : site.entries_max;
    const auto found = store.search(address.selection.name, address.variant.before, entries_max + 1);
    if (!found) return NoSuchDocument{};
    const Window& window = found->window;
    const DocumentPointer kept_from = with_links(window.head.profile.entry_link, previous);

    Document document;
    document.address = address;
    document.media_type = media_type(address.format);
    document.entry_link = window.head.profile.entry_link;
    document.due = window.due;
    validate_by(document, window.head, window.articles, now);

    FeedInstance instance{.head = feed_head(window, address, site),
                          .format = address.format,
                          .archives = {},
                          .places_shown_max = entries_max,
                          .places = {}};
    for (const Article& article : window.articles)
        take_place(instance, document, article, address, site, kept_from, entry_bytes_max(site));
    shorten(instance, document, site);
    instance.head.history = pages_around(address, instance, *found, site);
    auto body = write_checked(instance, document, window.articles);
    document.instance = std::move(instance);
    return finish(std::move(document), std::move(body), site, previous);
}

Publication publish_at(Store& store, const SiteConfig& site, const FeedAddress& address, const DocumentPointer& previous,
                       Instant now) {
    if (address.selection.is_search()) return publish_search(store, site, address, previous, now);
    const std::size_t entries_max = address.variant.entries_max > 0 ? address.variant.entries_max : site.entries_max;
    // Only deltas need more articles behind, and nobody has an older instance of a first document from here.
    const bool behind_is_unread = !previous;
    const std::size_t articles_max = entries_max + 1 + (behind_is_unread ? 0 : older_instances_max);
    auto window = store.newest(address.selection, articles_max, known_articles(previous));
    if (!window) return NoSuchDocument{};
    const DocumentPointer kept_from = with_links(window->head.profile.entry_link, previous);
    if (kept_from != previous) window = store.newest(address.selection, articles_max);
    if (!window) return NoSuchDocument{};
    const std::size_t shown_max = std::min(entries_max, window->rising);
    const auto behind = take_behind(window->articles, shown_max);

    Document document;
    document.address = address;
    document.media_type = media_type(address.format);
    document.entry_link = window->head.profile.entry_link;
    document.due = window->due;
    announce_end(document, *window);
    validate_by(document, window->head, window->articles, now);

    FeedInstance instance{.head = feed_head(*window, address, site),
                          .format = address.format,
                          .archives = archives_of(address.selection, address.format, site),
                          .places_shown_max = shown_max,
                          .places = {},
                          .behind_is_unread = behind_is_unread && !behind.empty(),
                          .unread_number = window->unread_number};
    for (const Article& article : window->articles)
        take_place(instance, document, article, address, site, kept_from, entry_bytes_max(site));
    const auto set_aside = document.set_aside;
    for (const Article& article : behind)
        take_place(instance, document, article, address, site, kept_from, entry_bytes_max(site));
    document.set_aside = set_aside;  // what is not shown is not left out
    complete(instance, store, site, document, *window);
    auto body = write_checked(instance, document, window->articles);
    document.instance = std::move(instance);
    return finish(std::move(document), std::move(body), site, previous);
}

FeedHead archive_head(const Window& window, const ArchiveAddress& address, const Archive& archive, const SiteConfig& site) {
    FeedHead head = feed_head(window, {address.selection, address.format}, site);
    head.history = {{"current", head.self_link}};
    const auto add_link = [&](const char* relation, const std::optional<std::int64_t>& number) {
        if (number)
            head.history.push_back(
                {relation, site.base_url + canonical_path(ArchiveAddress{address.selection, address.format, *number})});
    };
    add_link("prev-archive", archive.older_number);
    add_link("next-archive", archive.newer_number);
    head.self_link = site.base_url + canonical_path(address);
    head.is_archive = true;
    return head;
}

Publication publish_at(Store& store, const SiteConfig& site, const ArchiveAddress& address, const DocumentPointer& previous,
                       Instant now) {
    auto window = store.newest(address.selection, 1);
    if (!window) return NoSuchDocument{};
    auto archive = store.archive(address.selection, window->head.category_id, address.number, archive_articles_max);
    if (!archive) return without_article(store, address.number);
    window->articles = std::move(archive->articles);

    Document document;
    document.address = address;
    document.media_type = media_type(address.format);
    document.entry_link = window->head.profile.entry_link;
    if (archive->awaits_newer)
        document.due = window->due;  // a held article may begin it
    else
        document.cache_control_line = archive_cache_control_line;
    announce_end(document, *window);
    validate_by(document, window->head, window->articles, now);
    // The selection changed then, and this part of it perhaps not: the entity tag alone decides.
    document.last_modified_is_ambiguous = true;

    FeedInstance instance{.head = archive_head(*window, address, *archive, site),
                          .format = address.format,
                          .archives = {},
                          .places_shown_max = archive_articles_max,
                          .places = {}};
    for (const Article& article : window->articles)
        take_place(instance, document, article, {address.selection, address.format}, site,
                   with_links(document.entry_link, previous), std::numeric_limits<std::size_t>::max());
    auto body = write_checked(instance, document, window->articles);
    return finish(std::move(document), std::move(body), site, previous);
}

Publication published_at(Store& store, const SiteConfig& site, const Address& address, const DocumentPointer& previous,
                         Instant now) {
    try {
        return std::visit([&](const auto& kind) { return publish_at(store, site, kind, previous, now); }, address);
    } catch (const SearchTooCostly&) {
        return TooCostly{};
    }
}

/// For `gazetted check`, once an article and address, as far as the role may.
void note_set_aside(Store& store, const Document& document, const DocumentPointer& previous) {
    if (is_search(document.address)) return;  // strangers choose how many there are
    for (const auto& [id, why] : document.set_aside) {
        if (previous) {
            const auto before = previous->set_aside.find(id);
            if (before != previous->set_aside.end() && before->second.revision == why.revision) continue;
        }
        if (!store.note_set_aside({.article_id = id, .path = document.path, .reason = why.reason}, why.revision)) return;
    }
}

}  // namespace

Publication publish(Store& store, const SiteConfig& site, const Address& address, DocumentPointer previous, Instant now) {
    auto publication = published_at(store, site, address, previous, now);
    if (std::holds_alternative<NoSuchDocument>(publication)) publication = publish_elsewhere(store, address);
    if (const auto* document = std::get_if<DocumentPointer>(&publication)) note_set_aside(store, **document, previous);
    return publication;
}

}  // namespace gazetted
