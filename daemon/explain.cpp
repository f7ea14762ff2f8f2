#include "daemon/explain.hpp"

#include "daemon/combination.hpp"
#include "daemon/listing.hpp"
#include "daemon/publish_steps.hpp"

#include <algorithm>
#include <array>

namespace gazetted {

namespace {

struct Evidence {
    Store& store;
    const SiteConfig& site;
    const Address& address;
    std::int64_t number;
    std::string id;
    std::string state;      // shown, held, dropped or withdrawn
    std::string published;  // RFC 3339
    std::string withdrawn;
    bool rises = true;
    Listing::Texts rules;  // what they did, a sentence each
    Publication publication;

    const Document* document() const {
        const auto* found = std::get_if<DocumentPointer>(&publication);
        return found ? found->get() : nullptr;
    }
    const FeedInstance* instance() const {
        const auto* found = document();
        return found && found->instance ? &*found->instance : nullptr;
    }
    /// Of the feed's places, shown or not; none where it is in none of them.
    std::optional<std::size_t> place() const {
        if (!instance()) return std::nullopt;
        const auto& places = instance()->places;
        const auto found = std::ranges::find(places, number, &FeedInstance::Place::number);
        return found == places.end() ? std::nullopt : std::optional(static_cast<std::size_t>(found - places.begin()));
    }
};

std::string article_called(const Evidence& it) { return "the article " + it.id; }

// --- The reasons: what one says, or none where it does not apply. ------------------------------------------------------------

using Found = std::optional<Explanation>;

Found because(std::string sentence, std::string elsewhere = {}) {
    return Explanation{
        .is_shown = false, .reason = {}, .sentence = std::move(sentence), .position = {}, .elsewhere = std::move(elsewhere)};
}
Found as_it_is_shown(std::string sentence, std::optional<std::int64_t> position = {}) {
    return Explanation{.is_shown = true, .reason = {}, .sentence = std::move(sentence), .position = position, .elsewhere = {}};
}

Found nothing_there(const Evidence& it) {
    if (!std::holds_alternative<NoSuchDocument>(it.publication)) return std::nullopt;
    const auto* page = std::get_if<ArticlePageAddress>(&it.address);
    if (page && page->number == it.number) return std::nullopt;
    return because("there is nothing at this address: it answers 404");
}

Found moved(const Evidence& it) {
    const auto* now = std::get_if<MovedDocument>(&it.publication);
    if (!now) return std::nullopt;
    const std::string path = canonical_path(now->address);
    return because("the address leads to " + path + " since something that it names was renamed or merged: ask about that one",
                   path);
}

Found removed(const Evidence& it) {
    if (!std::holds_alternative<RemovedSelection>(it.publication)) return std::nullopt;
    return because("an operator removed the feed: its addresses answer 410");
}

Found of_no_articles(const Evidence& it) {
    if (!std::holds_alternative<IndexPageAddress>(it.address) && !std::holds_alternative<CatalogueAddress>(it.address))
        return std::nullopt;
    return because("the address lists feeds and no articles");
}

/// What a rule did in these words, behind a colon; empty: none did.
std::string by_rule(const Evidence& it, const std::string& words) {
    const auto says = [&](const std::string& rule) {
        const auto at = rule.find(words);
        const auto end = at + words.size();
        return at != std::string::npos && (end == rule.size() || rule[end] == ',');
    };
    const auto found = std::ranges::find_if(it.rules, says);
    return found == it.rules.end() ? std::string() : ": " + *found;
}

Found dropped_by_a_rule(const Evidence& it) {
    if (it.state != "dropped") return std::nullopt;
    return because(article_called(it) + " is not published" + by_rule(it, " dropped it") +
                   "; gazetted article restore brings it back alone, gazetted rule remove and apply all that the rule dropped");
}

Found withdrawn(const Evidence& it) {
    if (it.state != "withdrawn") return std::nullopt;
    return because(article_called(it) + " was withdrawn at " + it.withdrawn + ": gazetted article restore brings it back");
}

Found held(const Evidence& it) {
    if (it.state != "held") return std::nullopt;
    return because(article_called(it) + " is held back until " + it.published + ": gazetted article publish shows it now");
}

Found on_its_page(const Evidence& it) {
    const auto* page = std::get_if<ArticlePageAddress>(&it.address);
    if (!page) return std::nullopt;
    if (page->number == it.number) return as_it_is_shown("the address is the page of " + article_called(it));
    return because("the address is the page of another article", canonical_path(ArticlePageAddress{it.number}));
}

std::string names_of(const std::vector<Selection>& terms) {
    std::string names;
    for (const Selection& term : terms) names += (names.empty() ? "" : " or ") + (word_of(term.kind) + (" " + term.name));
    return names;
}

Found too_costly(const Evidence& it) {
    if (!std::holds_alternative<TooCostly>(it.publication)) return std::nullopt;
    return because("the search finds too much to be looked through: it answers 503");
}

/// What the address wants and what it leaves out; none is wanted where it wants all.
Combination terms_of(const Selection& selection) {
    if (selection.kind == SelectionKind::combination) return parse_combination(selection.name).value();
    if (selection.is_all() || selection.is_search()) return {};
    return {.wanted = {selection}, .unwanted = {}};
}

Found not_a_member(const Evidence& it) {
    const Selection* selection = selection_of(it.address);
    if (!selection || selection->is_all() || selection->is_search()) return std::nullopt;
    const Combination terms = terms_of(*selection);
    const auto wanted = it.store.belongs(it.number, terms.wanted);
    if (std::ranges::find(wanted, true) == wanted.end())
        return because(article_called(it) + " does not belong to the " + names_of(terms.wanted) +
                       by_rule(it, " of the category " + terms.wanted.front().name + " left it out"));
    const auto unwanted = it.store.belongs(it.number, terms.unwanted);
    if (std::ranges::find(unwanted, true) != unwanted.end())
        return because(article_called(it) + " belongs to the " + names_of(terms.unwanted) + ", which the address leaves out");
    return std::nullopt;
}

Found told_by_another(const Evidence& it) {
    const Combination terms = terms_of(*selection_of(it.address));
    const auto other = it.store.told_by(it.number, terms.wanted, terms.unwanted);
    if (!other) return std::nullopt;
    const char* const shared = other->reason == "url" ? "address" : "title and nearly the same text";
    return because(article_called(it) + " tells the story of " + other->id + ", which is shown for it: both have the same " +
                       shared + "; set articles.apart to part them",
                   canonical_path(ArticlePageAddress{other->number}));
}

Found set_aside(const Evidence& it) {
    const auto found = it.document()->set_aside.find(it.id);
    if (found == it.document()->set_aside.end()) return std::nullopt;
    return because(article_called(it) +
                   " is set aside until it changes, since the document would not be valid with it: " + found->second.reason);
}

Found in_the_feed(const Evidence& it) {
    const auto place = it.place();
    if (!place || *place >= it.instance()->places_shown_max || !it.instance()->places[*place].fragment) return std::nullopt;
    const auto end = it.instance()->places.begin() + static_cast<std::ptrdiff_t>(*place);
    const auto before =
        std::count_if(it.instance()->places.begin(), end, [](const auto& one) { return one.fragment != nullptr; });
    const Selection* selection = selection_of(it.address);
    return as_it_is_shown(
        article_called(it) + " is entry " + std::to_string(before + 1) + " of the feed" +
            by_rule(it, (selection->kind == SelectionKind::tag ? "gave it the tag " : "filed it under ") + selection->name),
        before + 1);
}

Found in_the_archive(const Evidence& it) {
    if (!std::holds_alternative<ArchiveAddress>(it.address) || !it.document()->fragments.contains(it.id)) return std::nullopt;
    return as_it_is_shown(article_called(it) + " is in this part of the history");
}

Found dropped(const Evidence& it) {
    const auto place = it.place();
    if (!place || it.document()->dropped == 0 || *place < it.instance()->places_shown_max) return std::nullopt;
    const auto* feed = std::get_if<FeedAddress>(&it.address);
    const std::size_t wanted = feed && feed->variant.entries_max > 0 ? feed->variant.entries_max : it.site.entries_max;
    if (*place >= wanted) return std::nullopt;
    return because("the feed leaves its " + std::to_string(it.document()->dropped) + " oldest entries out, " +
                   article_called(it) + " among them, to stay under site.feed_bytes_max");
}

Found not_found(const Evidence& it) {
    if (!is_search(it.address)) return std::nullopt;
    return because(article_called(it) +
                   " is on another page of what the search finds, or the beginning of its text has not all of the words");
}

/// The archive document that has the article; none where none has.
std::optional<std::string> archive_with(const Evidence& it, std::optional<std::int64_t> begins) {
    constexpr int steps_max = 20;
    const Selection* selection = selection_of(it.address);
    if (!selection) return std::nullopt;
    if (!begins && it.instance() && it.instance()->places_shown_max < it.instance()->places.size())
        begins = it.instance()->places[it.instance()->places_shown_max].number;
    if (!begins && it.instance() && it.instance()->unread_number != 0) begins = it.instance()->unread_number;
    const auto* feed = std::get_if<FeedAddress>(&it.address);
    const FeedFormat format = feed && feed->format == FeedFormat::rss ? FeedFormat::rss : FeedFormat::atom;
    for (int steps = 0; begins && steps < steps_max; ++steps) {
        const auto archive = it.store.archive(*selection, it.document()->shown.category_id, *begins, archive_articles_max);
        if (!archive) return std::nullopt;
        if (std::ranges::find(archive->articles, it.id, &Article::id) != archive->articles.end())
            return canonical_path(ArchiveAddress{*selection, format, *begins});
        begins = archive->older_number;
    }
    return std::nullopt;
}

Found of_a_burst(const Evidence& it) {
    if (it.rises || !std::holds_alternative<FeedAddress>(it.address)) return std::nullopt;
    const auto archive = archive_with(it, it.store.article_place(it.number, it.document()->shown.category_id).archive_begin);
    return because(article_called(it) + " came with too many others of its source to rise to the top of a feed: it is in " +
                       archive.value_or("the history") + "; set articles.rises to let it rise",
                   archive.value_or(""));
}

/// A combination has room, but ends before its members do.
Found unread(const Evidence& it) {
    if (!it.instance() || it.instance()->unread_number == 0 || it.instance()->places_shown_max < it.instance()->places.size())
        return std::nullopt;
    const auto archive = archive_with(it, std::nullopt);
    return because("what the address leaves out takes away so many articles in a row that " + article_called(it) +
                       " is not looked for: it is in " + archive.value_or("the history"),
                   archive.value_or(""));
}

Found beyond_the_window(const Evidence& it) {
    const bool is_page = std::holds_alternative<CategoryPageAddress>(it.address);
    const auto& [place, begins] = it.store.article_place(it.number, it.document()->shown.category_id);
    if (is_page && place <= static_cast<std::int64_t>(it.site.entries_max))
        return as_it_is_shown(article_called(it) + " is article " + std::to_string(place) + " of the page", place);
    // A place is one among the articles of one selection.
    const bool has_no_place = selection_of(it.address)->kind == SelectionKind::combination;
    const auto archive = archive_with(it, has_no_place ? std::nullopt : begins);
    std::string sentence = has_no_place ? "there are newer articles than " + article_called(it) + " has room beside"
                                        : article_called(it) + " is the " + std::to_string(place) +
                                              "th newest, which is beyond what the address shows";
    if (archive) sentence += ": it is in " + *archive;
    return because(std::move(sentence), archive.value_or(""));
}

// Asked in this order; the first that applies is the answer, and the last always does. Before `set_aside` there may be no
// document.
struct Reason {
    const char* word;
    Found (*look)(const Evidence&);
};
constexpr std::array reasons = {
    Reason{"nothing_there", nothing_there},
    Reason{"moved", moved},
    Reason{"removed", removed},
    Reason{"of_no_articles", of_no_articles},
    Reason{"dropped_by_a_rule", dropped_by_a_rule},
    Reason{"withdrawn", withdrawn},
    Reason{"held", held},
    Reason{"its_page", on_its_page},
    Reason{"too_costly", too_costly},
    Reason{"not_a_member", not_a_member},
    Reason{"told_by_another", told_by_another},
    Reason{"set_aside", set_aside},
    Reason{"in_the_feed", in_the_feed},
    Reason{"in_the_archive", in_the_archive},
    Reason{"of_a_burst", of_a_burst},
    Reason{"dropped", dropped},
    Reason{"not_found", not_found},
    Reason{"unread", unread},
    Reason{"beyond_the_window", beyond_the_window},
};

/// A search's page shows what its feed shows, and the feed tells which.
Address with_places(const Address& address) {
    const auto* page = std::get_if<CategoryPageAddress>(&address);
    if (!page || !page->selection.is_search()) return address;
    return FeedAddress{page->selection, FeedFormat::atom, {.before = page->before}};
}

std::string text(const Listing& row, std::string_view column) {
    const auto* value = std::get_if<std::string>(&row.at(0, column));
    return value ? *value : std::string();
}

}  // namespace

std::optional<Explanation> explain(Store& store, const SiteConfig& site, const Address& asked, std::int64_t article_number,
                                   Instant now) {
    const Address address = with_places(asked);
    const Listing article = store.listing("show_article", {std::to_string(article_number)});
    if (article.rows.empty()) return std::nullopt;
    const Evidence evidence{.store = store,
                            .site = site,
                            .address = address,
                            .number = article_number,
                            .id = text(article, "id"),
                            .state = text(article, "state"),
                            .published = text(article, "published"),
                            .withdrawn = text(article, "withdrawn"),
                            .rises = std::get<bool>(article.at(0, "rises")),
                            .rules = std::get<Listing::Texts>(article.at(0, "rules")),
                            .publication = publish(store, site, address, nullptr, now)};
    for (const auto& [word, look] : reasons) {
        auto found = look(evidence);
        if (!found) continue;
        found->reason = word;
        return found;
    }
    return Explanation{};
}

}  // namespace gazetted
