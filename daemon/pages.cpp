#include "daemon/pages.hpp"

#include "daemon/address.hpp"
#include "daemon/embedded.hpp"
#include "daemon/pages_template.hpp"
#include "feeds/lawful.hpp"
#include "feeds/sanitise_html.hpp"
#include "feeds/text.hpp"
#include "feeds/write_feed.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>

namespace gazetted {
namespace {

using ctemplate::TemplateDictionary;

/// What a list of fifty articles shows of one: all of it up to these sizes, else its beginning.
constexpr std::size_t whole_html_bytes_max = 8'192;
constexpr std::size_t whole_text_bytes_max = 1'200;
constexpr std::size_t excerpt_characters_max = 280;
constexpr std::size_t description_characters_max = 160;
/// How many of the newest categories the index shows first, and from how many categories on.
constexpr std::size_t recent_categories = 12;
constexpr std::size_t recent_from_categories = 24;

struct FeedName {
    FeedFormat format;
    const char* name;
};
constexpr std::array<FeedName, 3> feed_names = {
    {{FeedFormat::atom, "Atom"}, {FeedFormat::rss, "RSS"}, {FeedFormat::json, "JSON Feed"}}};

/// `2021-12-08 10:18 UTC`
std::string for_people(Instant instant) {
    const std::string date = to_rfc3339(instant);
    return date.substr(0, 10) + " " + date.substr(11, 5) + " UTC";
}

std::string day_of(Instant instant) { return to_rfc3339(instant).substr(0, 10); }

/// Our own page's path: pages link by paths, entries by addresses.
std::string page_path(const Entry& entry) {
    const auto start = entry.page_link.rfind("/article/");
    assert(start != std::string::npos);
    return entry.page_link.substr(start);
}

std::string category_path(const std::string& slug) { return canonical_path(CategoryPageAddress{Selection{slug}}); }

std::string title_or_slug(const std::string& title, const std::string& slug) { return title.empty() ? slug : title; }

std::string media_type_only(FeedFormat format) {
    const std::string_view type = media_type(format);
    return std::string(type.substr(0, type.find(';')));
}

/// An empty attribute would say that the language is unknown and take the fonts of the page's language away: rather none.
void set_language(TemplateDictionary& into, const char* section, const std::string& language) {
    const std::string tag = language_tag(language);
    if (!tag.empty()) into.AddSectionDictionary(section)->SetValue("LANGUAGE", tag);
}

void set_direction(TemplateDictionary& into, const char* section, const Entry& entry) {
    if (!entry.direction.empty()) into.AddSectionDictionary(section)->SetValue("DIRECTION", entry.direction);
}

struct PageHead {
    std::string title;
    std::string description;
    std::string canonical;
};

TemplateDictionary& add_head(TemplateDictionary& page, const PageHead& about) {
    TemplateDictionary& head = *page.AddIncludeDictionary("HEAD");
    head.SetFilename("head.html");
    head.SetValue("TITLE", about.title);
    if (!about.description.empty()) {
        head.ShowSection("DESCRIBED");
        head.SetValue("DESCRIPTION", first_words(about.description, description_characters_max));
    }
    head.SetValue("CANONICAL", about.canonical);
    return head;
}

/// One section for each of a selection's feeds, in `<head>` for programs or as links for people.
void add_feeds(TemplateDictionary& into, const char* section, const Selection& selection, const std::string& title) {
    for (const auto& [format, name] : feed_names) {
        TemplateDictionary& feed = *into.AddSectionDictionary(section);
        feed.SetValue("FEED_TYPE", media_type_only(format));
        feed.SetValue("FEED_TITLE", title + " (" + name + ")");
        feed.SetValue("FEED_NAME", name);
        feed.SetValue("FEED_LINK", canonical_path(FeedAddress{selection, format}));
    }
}

/// A name with a link to its page, or without one where it is in no address.
void add_named(TemplateDictionary& into, const std::string& prefix, const std::optional<Selection>& selection,
               const std::string& name) {
    TemplateDictionary& shown = *into.AddSectionDictionary(selection ? prefix + "_LINKED" : prefix + "_UNLINKED");
    shown.SetValue(prefix + "_NAME", name);
    if (selection) shown.SetValue(prefix + "_LINK", canonical_path(CategoryPageAddress{*selection}));
}

void add_byline(TemplateDictionary& into, const Entry& entry) {
    into.SetValue("PUBLISHED", to_rfc3339(entry.published));
    into.SetValue("PUBLISHED_TEXT", for_people(entry.published));
    for (const Person& author : entry.authors)
        add_named(*into.AddSectionDictionary("AUTHOR"), "AUTHOR", addressable(SelectionKind::author, author.name), author.name);
}

const SafeHtml& body_of(const Entry& entry) { return entry.content.empty() ? entry.summary : entry.content; }

void add_listed_entry(TemplateDictionary& page, const Entry& entry) {
    TemplateDictionary& listed = *page.AddSectionDictionary("ENTRY");
    set_language(listed, "ENTRY_IN_LANGUAGE", entry.language);
    set_direction(listed, "ENTRY_DIRECTED", entry);
    listed.SetValue("ENTRY_TITLE", entry.title);
    listed.SetValue("PAGE", page_path(entry));
    add_byline(listed, entry);

    const SafeHtml& body = body_of(entry);
    const std::string text = text_of_html(body);
    if (body.str().size() <= whole_html_bytes_max && text.size() <= whole_text_bytes_max) {
        listed.AddSectionDictionary("WHOLE")->SetValue("HTML", body.str());
        return;
    }
    const std::string summary = text_of_html(entry.summary);
    listed.AddSectionDictionary("SHORTENED")
        ->SetValue("EXCERPT", first_words(summary.empty() ? text : summary, excerpt_characters_max));
}

void add_enclosures(TemplateDictionary& page, const Entry& entry) {
    if (!entry.enclosures.empty()) page.ShowSection("ENCLOSURES");
    for (const Enclosure& enclosure : entry.enclosures) {
        TemplateDictionary& listed = *page.AddSectionDictionary("ENCLOSURE");
        listed.SetValue("ENCLOSURE_LINK", enclosure.url);
        listed.SetValue("ENCLOSURE_TYPE", enclosure.media_type);
    }
}

void add_retellings(TemplateDictionary& page, const Entry& entry) {
    if (!entry.retellings.empty()) page.ShowSection("RETOLD");
    for (const Retelling& retelling : entry.retellings) {
        TemplateDictionary& listed = *page.AddSectionDictionary("RETELLING");
        listed.SetValue("RETELLING_LINK", retelling.link);
        listed.SetValue("RETELLING_SOURCE", retelling.source.empty() ? retelling.link : retelling.source);
    }
}

void add_filing(TemplateDictionary& page, const Entry& entry) {
    if (!entry.categories.empty()) page.ShowSection("FILED");
    for (const CategoryTerm& category : entry.categories) {
        TemplateDictionary& listed = *page.AddSectionDictionary("CATEGORY");
        listed.SetValue("CATEGORY_LINK", category_path(category.slug));
        listed.SetValue("CATEGORY_TITLE", title_or_slug(category.title, category.slug));
    }
    if (!entry.tags.empty()) page.ShowSection("TAGGED");
    for (const Tag& tag : entry.tags)
        add_named(*page.AddSectionDictionary("TAG"), "TAG", addressable(SelectionKind::tag, tag.name),
                  tag.label.empty() ? tag.name : tag.label);
}

void add_category(TemplateDictionary& page, const char* section, const CategorySummary& category) {
    TemplateDictionary& listed = *page.AddSectionDictionary(section);
    listed.SetValue("CATEGORY_LINK", category_path(category.slug));
    listed.SetValue("CATEGORY_TITLE", title_or_slug(category.title, category.slug));
    set_language(listed, "CATEGORY_IN_LANGUAGE", category.language);
    if (!category.newest) return;
    TemplateDictionary& dated = *listed.AddSectionDictionary("DATED");
    dated.SetValue("NEWEST", to_rfc3339(*category.newest));
    dated.SetValue("NEWEST_TEXT", day_of(*category.newest));
}

/// Those with the newest articles, newest first; equal times in the catalogue's order.
std::vector<const CategorySummary*> newest_categories(const Catalogue& catalogue) {
    std::vector<const CategorySummary*> newest;
    for (const CategorySummary& category : catalogue.categories) {
        if (category.newest) newest.push_back(&category);
    }
    std::ranges::stable_sort(newest, [](const auto* a, const auto* b) { return *a->newest > *b->newest; });
    if (newest.size() > recent_categories) newest.resize(recent_categories);
    return newest;
}

/// The box to search with; on a search's own page it holds the search.
void add_search(TemplateDictionary& page, const Selection& shown = {}) {
    TemplateDictionary& box = *page.AddIncludeDictionary("SEARCH");
    box.SetFilename("search.html");
    if (shown.is_search()) box.SetValue("SEARCHED", shown.name);
}

void add_pages_around(TemplateDictionary& page, const PagesAround& around) {
    if (around.newer.empty() && around.older.empty()) return;
    page.ShowSection("PAGED");
    if (!around.newer.empty()) page.AddSectionDictionary("PAGE_NEWER")->SetValue("NEWER", around.newer);
    if (!around.older.empty()) page.AddSectionDictionary("PAGE_OLDER")->SetValue("OLDER", around.older);
}

void set_subtitle(TemplateDictionary& page, const std::string& subtitle) {
    if (subtitle.empty()) return;
    page.ShowSection("ABOUT");
    page.SetValue("SUBTITLE", subtitle);
}

std::string home_title(std::string_view site_title) { return site_title.empty() ? "Home" : std::string(site_title); }

}  // namespace

std::string category_page(const FeedHead& about, const CategoryPageAddress& address, const std::vector<Entry>& entries,
                          std::string_view site_title, const PagesAround& around) {
    const Selection& selection = address.selection;
    const bool has_feeds = !selection.is_search() || !selection.name.empty();
    TemplateDictionary page("category");
    set_language(page, "IN_LANGUAGE", about.language);
    page.SetValue("SITE_TITLE", home_title(site_title));
    page.SetValue("TITLE", about.title);
    set_subtitle(page, about.subtitle);
    add_search(page, selection);
    if (has_feeds) {
        page.ShowSection("SUBSCRIBED");
        add_feeds(page, "SUBSCRIBE", selection, about.title);
    }

    TemplateDictionary& head =
        add_head(page, {.title = about.title, .description = about.subtitle, .canonical = canonical_path(address)});
    if (has_feeds) add_feeds(head, "FEED", selection, about.title);
    if (!selection.is_all()) {
        page.ShowSection("IN_CATEGORY");
        add_feeds(head, "FEED", Selection{}, home_title(site_title));
    }
    for (const Entry& entry : entries) add_listed_entry(page, entry);
    if (entries.empty() && has_feeds) page.ShowSection(selection.is_search() ? "NOTHING_FOUND" : "EMPTY");
    add_pages_around(page, around);
    return expand_page("category.html", page);
}

std::string article_page(const std::string& site_title, const Entry& entry) {
    TemplateDictionary page("article");
    set_language(page, "IN_LANGUAGE", entry.language);
    set_direction(page, "DIRECTED", entry);
    page.SetValue("SITE_TITLE", home_title(site_title));
    page.SetValue("TITLE", entry.title);
    page.SetValue("HTML", body_of(entry).str());
    add_search(page);
    add_byline(page, entry);
    if (entry.updated != entry.published) {
        TemplateDictionary& revised = *page.AddSectionDictionary("REVISED");
        revised.SetValue("UPDATED", to_rfc3339(entry.updated));
        revised.SetValue("UPDATED_TEXT", for_people(entry.updated));
    }
    add_enclosures(page, entry);
    add_filing(page, entry);
    add_retellings(page, entry);
    if (entry.link != entry.page_link) page.AddSectionDictionary("ELSEWHERE")->SetValue("ORIGINAL", entry.link);

    const SafeHtml& described = entry.summary.empty() ? entry.content : entry.summary;
    TemplateDictionary& head =
        add_head(page, {.title = entry.title, .description = text_of_html(described), .canonical = page_path(entry)});
    for (const CategoryTerm& category : entry.categories) {
        add_feeds(head, "FEED", Selection{category.slug}, title_or_slug(category.title, category.slug));
    }
    add_feeds(head, "FEED", Selection{}, home_title(site_title));
    return expand_page("article.html", page);
}

std::string index_page(const Catalogue& catalogue, std::string_view site_title) {
    TemplateDictionary page("index");
    const std::string title = home_title(site_title);
    set_language(page, "IN_LANGUAGE", catalogue.site.language);
    page.SetValue("TITLE", title);
    set_subtitle(page, catalogue.site.description);
    add_search(page);
    add_feeds(page, "SUBSCRIBE", Selection{}, title);
    TemplateDictionary& head = add_head(
        page, {.title = title, .description = catalogue.site.description, .canonical = canonical_path(IndexPageAddress{})});
    add_feeds(head, "FEED", Selection{}, title);

    if (catalogue.categories.empty()) page.ShowSection("EMPTY");
    if (catalogue.categories.size() >= recent_from_categories) {
        const auto newest = newest_categories(catalogue);
        if (!newest.empty()) page.ShowSection("RECENT");
        for (const CategorySummary* category : newest) add_category(page, "RECENT_CATEGORY", *category);
    }
    if (!catalogue.categories.empty()) page.ShowSection("LISTED");
    page.SetValue(
        "COUNT", catalogue.categories.size() == 1 ? "1 category" : std::to_string(catalogue.categories.size()) + " categories");
    for (const CategorySummary& category : catalogue.categories) add_category(page, "CATEGORY", category);
    return expand_page("index.html", page);
}

std::string_view style_sheet() {
    const auto files = embedded_pages();
    const auto sheet = std::ranges::find(files, std::string_view("style.css"), &EmbeddedFile::name);
    assert(sheet != files.end());
    return sheet->bytes;
}

}  // namespace gazetted
