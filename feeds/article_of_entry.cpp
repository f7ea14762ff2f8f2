#include "feeds/article_of_entry.hpp"

#include "feeds/html_attributes.hpp"
#include "feeds/lawful.hpp"
#include "feeds/sanitise_html.hpp"
#include "feeds/text.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

namespace gazetted {

namespace {

constexpr std::size_t link_bytes_max = 4'096;
constexpr std::size_t title_characters_max = 1'000;
constexpr std::size_t label_characters_max = 500;
constexpr std::size_t person_characters_max = 200;
constexpr std::size_t tag_bytes_max = 512;
constexpr std::size_t tags_max = 64;
constexpr std::size_t enclosures_max = 64;
constexpr std::size_t people_max = 32;

bool is_html(const TextConstruct& text) { return text.type == "html" || text.type == "xhtml" || text.type == "text/html"; }

/// Stored as it came, so that a better sanitiser mends it too; but links of an entry with a base of its own are made absolute
/// now, since the article does not keep it.
std::string html_of(const TextConstruct& text) {
    if (is_html(text)) return text.base.empty() ? text.value : sanitise_html(text.value, text.base).str();
    std::string html;
    append_escaped_html(html, text.value);
    return html;
}

/// The fullest form: HTML before text.
const TextConstruct* content_of(const ParsedEntry& entry) {
    const TextConstruct* best = nullptr;
    for (const TextConstruct& content : entry.contents) {
        if (content.value.empty()) continue;
        if (best == nullptr || (is_html(content) && !is_html(*best))) best = &content;
    }
    return best;
}

std::vector<Person> people_of(const std::vector<Person>& people) {
    std::vector<Person> out;
    for (const Person& person : people) {
        if (out.size() == people_max) break;
        Person lawful{.name = first_words(one_line(person.name), person_characters_max),
                      .email = email_address(person.email),
                      .uri = web_link(person.uri)};
        if (lawful.name.empty()) lawful.name = lawful.email;
        if (!lawful.name.empty() && std::ranges::find(out, lawful) == out.end()) out.push_back(std::move(lawful));
    }
    return out;
}

std::vector<Tag> tags_of(const std::vector<ParsedCategory>& categories) {
    std::vector<Tag> out;
    for (const ParsedCategory& category : categories) {
        Tag tag{.name = to_nfc(one_line(category.term)),
                .scheme = absolute_uri(category.scheme),
                .label = one_line(category.label)};
        if (tag.label == tag.name) tag.label.clear();
        const bool fits = !tag.name.empty() && tag.name.size() <= tag_bytes_max && tag.label.size() <= tag_bytes_max;
        if (fits && out.size() < tags_max && std::ranges::find(out, tag.name, &Tag::name) == out.end())
            out.push_back(std::move(tag));
    }
    std::ranges::sort(out, {}, &Tag::name);
    return out;
}

template <class Number>
std::optional<Number> number(std::string_view text) {
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

std::optional<std::uint32_t> extent(std::string_view text) {
    const auto value = number<std::uint32_t>(text);
    return value && *value > 0 && *value <= INT32_MAX ? value : std::nullopt;
}

void add_enclosure(std::vector<Enclosure>& enclosures, Enclosure enclosure) {
    enclosure.url = web_link(enclosure.url);
    if (enclosure.url.empty() || enclosures.size() == enclosures_max) return;
    // Media RSS often says more of a file that is an enclosure already.
    const auto is_same = [&](const Enclosure& it) {
        return it.url == enclosure.url &&
               (it.role == enclosure.role || (it.role == EnclosureRole::enclosure && enclosure.role == EnclosureRole::media));
    };
    if (const auto same = std::ranges::find_if(enclosures, is_same); same != enclosures.end()) {
        if (same->title.empty()) same->title = std::move(enclosure.title);
        if (same->language.empty()) same->language = std::move(enclosure.language);
        if (!same->duration) same->duration = enclosure.duration;
        if (!same->width) same->width = enclosure.width;
        if (!same->height) same->height = enclosure.height;
        return;
    }
    if (enclosure.length_bytes && *enclosure.length_bytes > INT64_MAX) enclosure.length_bytes.reset();
    enclosure.media_type = media_type_of(enclosure.media_type);
    enclosures.push_back(std::move(enclosure));
}

/// `1:02:03`, `62:03` or seconds.
std::optional<std::chrono::seconds> duration_of(std::string_view text) {
    std::int64_t seconds = 0;
    for (int parts = 0; parts < 3; ++parts) {
        const auto colon = text.find(':');
        const auto part = number<std::uint32_t>(text.substr(0, colon));
        if (!part) return std::nullopt;
        seconds = seconds * 60 + *part;
        if (colon == std::string_view::npos)
            return seconds > 0 && seconds <= INT32_MAX ? std::optional(std::chrono::seconds(seconds)) : std::nullopt;
        text.remove_prefix(colon + 1);
    }
    return std::nullopt;
}

std::vector<Enclosure> enclosures_of(const ParsedEntry& entry) {
    std::vector<Enclosure> out;
    const auto duration = entry.podcast ? duration_of(entry.podcast->duration) : std::nullopt;
    for (const ParsedEnclosure& enclosure : entry.enclosures)
        add_enclosure(out, {.url = enclosure.url,
                            .media_type = enclosure.type,
                            .length_bytes = number<std::uint64_t>(enclosure.length),
                            .duration = out.empty() ? duration : std::nullopt});
    if (entry.media) {
        for (const ParsedMediaContent& content : entry.media->contents)
            add_enclosure(out, {.url = content.url,
                                .media_type = content.type,
                                .length_bytes = number<std::uint64_t>(content.length),
                                .role = EnclosureRole::media,
                                .title = first_words(one_line(content.title), label_characters_max),
                                .language = language_tag(content.language),
                                .duration = duration_of(content.duration),
                                .width = extent(content.width),
                                .height = extent(content.height)});
        for (const ParsedThumbnail& thumbnail : entry.media->thumbnails)
            add_enclosure(out, {.url = thumbnail.url,
                                .media_type = "image/*",
                                .length_bytes = {},
                                .role = EnclosureRole::thumbnail,
                                .width = extent(thumbnail.width),
                                .height = extent(thumbnail.height)});
    }
    if (entry.podcast) {
        const auto add_files = [&](const std::vector<ParsedPodcastFile>& files, EnclosureRole role) {
            for (const ParsedPodcastFile& file : files)
                add_enclosure(out, {.url = file.url,
                                    .media_type = file.type,
                                    .length_bytes = {},
                                    .role = role,
                                    .language = language_tag(file.language)});
        };
        add_files(entry.podcast->transcripts, EnclosureRole::transcript);
        add_files(entry.podcast->chapters, EnclosureRole::chapters);
    }
    return out;
}

Location location_of(const ParsedEntry& entry) {
    if (!entry.place) return {};
    Location location{.point = {}, .name = first_words(one_line(entry.place->name), label_characters_max)};
    if (entry.place->type != "Point" || entry.place->coordinates.size() != 1) return location;
    const auto [longitude, latitude, altitude] = entry.place->coordinates.front();
    if (std::abs(longitude) <= 180 && std::abs(latitude) <= 90)
        location.point = Point{.latitude = latitude, .longitude = longitude};
    return location;
}

Episode episode_of(const ParsedEntry& entry) {
    if (!entry.podcast) return {};
    Episode episode{.season = extent(entry.podcast->season),
                    .number = extent(entry.podcast->episode),
                    .kind = entry.podcast->episode_type,
                    .is_explicit = entry.podcast->is_explicit};
    if (episode.kind != "full" && episode.kind != "trailer" && episode.kind != "bonus") episode.kind.clear();
    return episode;
}

std::string link_of(const ParsedEntry& entry) {
    for (const std::string* candidate : {&entry.original_link, &entry.link})
        if (std::string link = web_link(*candidate); !link.empty() && link.size() <= link_bytes_max) return link;
    return entry.id_is_permalink.value_or(true) ? web_link(entry.id) : std::string();
}

/// Where the source of an entry is fetched from: RSS says it as `url`, Atom in a link.
std::string address_of(const ParsedSource& source) {
    if (std::string url = web_link(source.url); !url.empty()) return url;
    for (const ParsedLink& link : source.links)
        if (link.rel == "self") return web_link(link.href);
    return {};
}

/// The page for people; empty where the feed names itself for want of one.
std::string page_of(const ParsedHead& head, std::string_view feed_url) {
    std::string page = web_link(head.link);
    const bool is_self = std::ranges::any_of(
        head.links, [&](const ParsedLink& link) { return link.rel == "self" && web_link(link.href) == page; });
    return is_self || page == web_link(feed_url) ? std::string() : page;
}

Origin origin_of(const ParsedEntry& entry, const Feed& feed, std::string_view feed_url) {
    const ParsedHead& head = entry.source ? static_cast<const ParsedHead&>(*entry.source) : feed.head;
    Origin origin{.entry_id = {},
                  .entry_link = {},
                  .feed_id = absolute_uri(head.id),
                  .feed_link = entry.source ? address_of(*entry.source) : web_link(feed_url),
                  .home_link = page_of(head, feed_url),
                  .title = plain_text(head.title),
                  .subtitle = plain_text(head.subtitle),
                  .icon = web_link(head.icon),
                  .logo = web_link(head.logo.empty() ? head.image.url : head.logo),
                  .rights = plain_text(head.rights),
                  .language = language_tag(head.language),
                  .authors = people_of(head.authors)};
    if (entry.source) {
        // Upstream is an aggregator itself: what it says of where the entry began is kept.
        origin.entry_id = first_words(one_line(entry.original_id), title_characters_max);
        for (const ParsedLink& link : entry.links)
            if (link.rel == "via" && origin.entry_link.empty()) origin.entry_link = web_link(link.href);
        if (origin.entry_link == web_link(entry.link)) origin.entry_link.clear();
    }
    return origin;
}

}  // namespace

std::string plain_text(const TextConstruct& text) {
    return first_words(is_html(text) ? text_of_html(sanitise_html(text.value, text.base)) : one_line(text.value),
                       title_characters_max);
}

Article article_of(const ParsedEntry& entry, const Feed& feed, std::string_view feed_url, Instant first_seen) {
    Article article;
    article.url = link_of(entry);
    article.title = plain_text(entry.title);
    if (const TextConstruct* content = content_of(entry)) article.content = html_of(*content);
    if (!entry.summary.value.empty()) article.summary = html_of(entry.summary);
    if (article.content.empty()) article.content = std::exchange(article.summary, {});
    if (article.summary == article.content) article.summary.clear();
    if (article.title.empty() && article.content.empty()) article.title = article.url;
    article.authors = people_of(entry.authors.empty() ? feed.head.authors : entry.authors);
    for (const std::string* language : {&entry.language, &feed.head.language})
        if (article.language.empty()) article.language = language_tag(*language);
    article.direction = entry.direction;
    article.published = entry.published ? *entry.published
                        : entry.updated ? *entry.updated
                                        : entry.created.value_or(first_seen);
    if (entry.updated && *entry.updated > article.published) article.updated = entry.updated;
    article.tags = tags_of(entry.categories);
    article.enclosures = enclosures_of(entry);
    article.rights = plain_text(entry.rights);
    article.comments_link = web_link(entry.comments);
    article.location = location_of(entry);
    article.episode = episode_of(entry);
    article.origin = origin_of(entry, feed, feed_url);
    return article;
}

}  // namespace gazetted
