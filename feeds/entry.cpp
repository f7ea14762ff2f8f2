#include "feeds/entry.hpp"

#include "feeds/sanitise_html.hpp"
#include "feeds/text.hpp"
#include "feeds/url.hpp"

#include <algorithm>
#include <cstddef>
#include <set>
#include <utility>

namespace gazetted {
namespace {

constexpr std::size_t title_characters_max = 80;

std::string one_line(std::string_view text) { return collapse_space(legal_xml_text(text)); }

/// Empty where `url` leads nowhere a reader could follow from another machine.
std::string web_link(const std::string& url) {
    const auto resolved = resolve_url(url, {});
    if (!resolved) return {};
    const std::string scheme = url_scheme(*resolved);
    return scheme == "http" || scheme == "https" ? *resolved : std::string{};
}

/// RFC 4287 section 3.2.3 wants an address around an at sign; anything else would make the feed invalid.
std::string email_address(std::string_view text) {
    const std::string address = one_line(text);
    const auto at = address.find('@');
    const bool plausible =
        at != std::string::npos && at > 0 && at + 1 < address.size() && address.find(' ') == std::string::npos;
    return plausible ? address : std::string{};
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

std::vector<std::string> tag_names(const std::vector<std::string>& tags) {
    std::vector<std::string> out;
    for (const std::string& tag : tags) {
        std::string name = one_line(tag);
        if (!name.empty()) out.push_back(std::move(name));
    }
    return out;
}

std::string media_type_of(std::string_view text) {
    const std::string type = one_line(text);
    const auto slash = type.find('/');
    const bool plausible =
        slash != std::string::npos && slash > 0 && slash + 1 < type.size() && type.find(' ') == std::string::npos;
    return plausible ? type : "application/octet-stream";
}

std::vector<Enclosure> enclosures_of(const std::vector<Enclosure>& enclosures) {
    std::vector<Enclosure> out;
    for (const Enclosure& enclosure : enclosures) {
        std::string url = web_link(enclosure.url);
        if (url.empty()) continue;
        out.push_back(
            {.url = std::move(url), .media_type = media_type_of(enclosure.media_type), .length_bytes = enclosure.length_bytes});
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

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_letter_or_digit(char c) { return is_letter(c) || (c >= '0' && c <= '9'); }

bool is_language_tag(std::string_view text) {
    bool first = true;
    while (true) {
        const std::string_view part = text.substr(0, text.find('-'));
        if (part.empty() || part.size() > 8 || !std::ranges::all_of(part, first ? is_letter : is_letter_or_digit)) return false;
        if (part.size() == text.size()) return !first || part.size() > 1;
        text.remove_prefix(part.size() + 1);
        first = false;
    }
}

}  // namespace

Entry entry_of(const Article& article, std::string_view base_url) {
    Entry entry;
    entry.id = legal_xml_text(article.id);
    entry.page_link = std::string(base_url) + "/article/" + std::to_string(article.number);
    entry.link = web_link(article.url);
    if (entry.link.empty()) entry.link = entry.page_link;
    entry.authors = people(article.authors);
    entry.summary = sanitise_html(article.summary, entry.link);
    entry.content = sanitise_html(article.content, entry.link);
    entry.title = title_of(article, entry);
    entry.language = language_tag(article.language);
    entry.published = article.published;
    entry.updated = article.updated.value_or(article.published);
    entry.categories = terms(article.categories);
    entry.tags = tag_names(article.tags);
    entry.enclosures = enclosures_of(article.enclosures);
    return entry;
}

std::string language_tag(std::string_view text) {
    std::string tag(text);
    std::ranges::replace(tag, '_', '-');
    return is_language_tag(tag) ? tag : std::string{};
}

std::vector<std::string> labels_of(const Entry& entry) {
    std::vector<std::string> labels;
    std::set<std::string_view> seen;
    const auto add = [&](const std::string& label) {
        if (seen.insert(label).second) labels.push_back(label);
    };
    for (const CategoryTerm& category : entry.categories) add(category.title.empty() ? category.slug : category.title);
    for (const std::string& tag : entry.tags) add(tag);
    return labels;
}

}  // namespace gazetted
