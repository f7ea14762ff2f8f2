#include "feeds/entry.hpp"

#include "feeds/lawful.hpp"
#include "feeds/sanitise_html.hpp"
#include "feeds/text.hpp"

#include <chrono>
#include <cstddef>
#include <set>
#include <utility>

namespace gazetted {
namespace {

constexpr std::size_t title_characters_max = 80;

/// Our own page of an article.
std::string page_link(std::string_view base_url, std::int64_t number) {
    return std::string(base_url) + "/article/" + std::to_string(number);
}

std::vector<Person> people(const std::vector<Person>& authors) {
    std::vector<Person> out;
    for (const Person& author : authors) {
        std::string name = one_line(author.name);
        if (name.empty()) continue;
        out.push_back({.name = std::move(name), .email = email_address(author.email), .uri = web_link(author.uri)});
    }
    return out;
}

std::vector<CategoryTerm> terms(const std::vector<CategoryTerm>& categories) {
    std::vector<CategoryTerm> out;
    for (const CategoryTerm& category : categories) {
        CategoryTerm term{.slug = legal_xml_text(category.slug), .title = one_line(category.title)};
        if (!term.slug.empty()) out.push_back(std::move(term));
    }
    return out;
}

std::vector<Tag> tags_of(const std::vector<Tag>& tags) {
    std::vector<Tag> out;
    for (const Tag& tag : tags) {
        Tag lawful{.name = one_line(tag.name), .scheme = absolute_uri(tag.scheme), .label = one_line(tag.label)};
        if (lawful.label == lawful.name) lawful.label.clear();
        if (!lawful.name.empty()) out.push_back(std::move(lawful));
    }
    return out;
}

std::optional<Enclosure> enclosure_of(const Enclosure& enclosure) {
    Enclosure lawful{.url = web_link(enclosure.url),
                     .media_type = media_type_of(enclosure.media_type),
                     .length_bytes = enclosure.length_bytes,
                     .role = enclosure.role,
                     .title = one_line(enclosure.title),
                     .language = language_tag(enclosure.language),
                     .duration = enclosure.duration,
                     .width = enclosure.width,
                     .height = enclosure.height};
    if (lawful.url.empty()) return std::nullopt;
    if (lawful.duration && *lawful.duration < std::chrono::seconds{0}) lawful.duration.reset();
    for (auto* extent : {&lawful.width, &lawful.height})
        if (*extent && **extent == 0) extent->reset();
    return lawful;
}

std::vector<Enclosure> enclosures_of(const std::vector<Enclosure>& enclosures) {
    std::vector<Enclosure> out;
    for (const Enclosure& enclosure : enclosures)
        if (auto lawful = enclosure_of(enclosure)) out.push_back(std::move(*lawful));
    return out;
}

Location location_of(const Location& location) {
    Location out{.point = location.point, .name = one_line(location.name)};
    const auto is_within = [](double degrees, double most) { return degrees >= -most && degrees <= most; };
    if (out.point && !(is_within(out.point->latitude, 90) && is_within(out.point->longitude, 180))) out.point.reset();
    return out;
}

Episode episode_of(const Episode& episode) {
    Episode out = episode;
    if (out.kind != "full" && out.kind != "trailer" && out.kind != "bonus") out.kind.clear();
    return out;
}

std::optional<Origin> origin_of(const std::optional<Origin>& origin) {
    if (!origin) return std::nullopt;
    Origin out{.entry_id = one_line(origin->entry_id),
               .entry_link = web_link(origin->entry_link),
               .feed_id = one_line(origin->feed_id),
               .feed_link = web_link(origin->feed_link),
               .home_link = web_link(origin->home_link),
               .title = one_line(origin->title),
               .subtitle = one_line(origin->subtitle),
               .icon = web_link(origin->icon),
               .logo = web_link(origin->logo),
               .rights = one_line(origin->rights),
               .language = language_tag(origin->language),
               .authors = people(origin->authors)};
    // An address of a feed is no page for people.
    if (out.home_link == out.feed_link) out.home_link.clear();
    return out == Origin{} ? std::nullopt : std::optional(std::move(out));
}

std::vector<Retelling> retellings_of(const std::vector<Retelling>& retellings, std::string_view base_url) {
    std::vector<Retelling> out;
    for (const Retelling& retelling : retellings) {
        Retelling lawful{.source = one_line(retelling.source), .link = web_link(retelling.link), .number = retelling.number};
        if (lawful.link.empty()) lawful.link = page_link(base_url, lawful.number);
        out.push_back(std::move(lawful));
    }
    return out;
}

std::string title_of(const Article& article, const Entry& entry) {
    if (std::string title = one_line(article.title); !title.empty()) return title;
    for (const SafeHtml* html : {&entry.content, &entry.summary}) {
        if (std::string words = first_words_of_html(*html, title_characters_max); !words.empty()) return words;
    }
    return to_rfc3339(article.published).substr(0, 10);
}

/// Readers show HTML as its characters run, unless its markup says otherwise: no format of feeds has a word for it that they
/// know. What says it already is left as it is, so that a feed read and published again does not change.
SafeHtml directed_html(const std::string& html, const std::string& base, const std::string& direction) {
    SafeHtml safe = sanitise_html(html, base);
    const std::string opening = "<div dir=\"" + direction + "\">";
    if (direction.empty() || safe.empty() || safe.str().starts_with(opening)) return safe;
    return sanitise_html(opening + safe.str() + "</div>", base);
}

void set_links(Entry& entry, const Article& article, std::string_view base_url, EntryLink kind) {
    entry.page_link = page_link(base_url, article.number);
    std::string source_link = web_link(article.url);
    if (entry.origin) entry.via_link = entry.origin->entry_link.empty() ? source_link : entry.origin->entry_link;
    // Readers take the first `via` for the entry's own: where others tell the story it has one.
    if (entry.via_link.empty() && !article.retellings.empty())
        entry.via_link = source_link.empty() ? entry.page_link : source_link;
    const bool is_page = kind == EntryLink::page || source_link.empty();
    entry.link = is_page ? entry.page_link : source_link;
    if (is_page) entry.external_link = std::move(source_link);
}

}  // namespace

Entry entry_of(const Article& article, std::string_view base_url, EntryLink link) {
    Entry entry;
    entry.id = legal_xml_text(article.id);
    entry.origin = origin_of(article.origin);
    set_links(entry, article, base_url, link);
    entry.authors = people(article.authors);
    entry.direction = article.direction == "ltr" || article.direction == "rtl" ? article.direction : std::string{};
    // Relative links were written for where the article stood first, wherever the entry points.
    const std::string& base = entry.external_link.empty() ? entry.link : entry.external_link;
    entry.summary = directed_html(article.summary, base, entry.direction);
    entry.content = directed_html(article.content, base, entry.direction);
    entry.title = title_of(article, entry);
    entry.language = language_tag(article.language);
    entry.published = std::chrono::floor<std::chrono::seconds>(article.published);
    entry.updated = std::chrono::floor<std::chrono::seconds>(article.updated.value_or(article.published));
    entry.categories = terms(article.categories);
    if (!entry.categories.empty()) entry.category_scheme = std::string(base_url) + "/category/";
    entry.tags = tags_of(article.tags);
    entry.enclosures = enclosures_of(article.enclosures);
    entry.rights = one_line(article.rights);
    entry.comments_link = web_link(article.comments_link);
    entry.location = location_of(article.location);
    entry.episode = episode_of(article.episode);
    entry.retellings = retellings_of(article.retellings, base_url);
    return entry;
}

std::vector<std::string> labels_of(const Entry& entry) {
    std::vector<std::string> labels;
    std::set<std::string_view> seen;
    const auto add = [&](const std::string& label) {
        if (seen.insert(label).second) labels.push_back(label);
    };
    for (const CategoryTerm& category : entry.categories) add(category.title.empty() ? category.slug : category.title);
    for (const Tag& tag : entry.tags) add(tag.label.empty() ? tag.name : tag.label);
    return labels;
}

}  // namespace gazetted
