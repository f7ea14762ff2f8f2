#include "daemon/upstream_entries.hpp"

#include "daemon/feed_instance.hpp"
#include "feeds/ascii.hpp"
#include "feeds/lawful.hpp"
#include "feeds/sanitise_html.hpp"
#include "feeds/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <map>
#include <string_view>
#include <utility>

namespace gazetted {

namespace {

constexpr std::size_t key_bytes_max = 2'048;
constexpr std::size_t link_bytes_max = 4'096;
constexpr std::size_t id_bytes_max = 2'048;
constexpr std::size_t title_characters_max = 1'000;
constexpr std::size_t name_bytes_max = 512;
constexpr std::size_t label_characters_max = 500;
constexpr std::size_t tags_max = 64;
constexpr std::size_t enclosures_max = 64;
constexpr std::size_t people_max = 32;

// --- what an entry says, in the terms of an article -------------------------------------------------------------------------

bool is_html(const TextConstruct& text) { return text.type == "html" || text.type == "xhtml" || text.type == "text/html"; }

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '&')
            out += "&amp;";
        else if (c == '<')
            out += "&lt;";
        else if (c == '>')
            out += "&gt;";
        else
            out += c;
    }
    return out;
}

/// Stored as it came, so that a better sanitiser mends it too; but links of an entry with a base of its own are made absolute
/// now, since the article does not keep it.
std::string html_of(const TextConstruct& text) {
    if (!is_html(text)) return escaped(text.value);
    return text.base.empty() ? text.value : sanitise_html(text.value, text.base).str();
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
        Person lawful{
            .name = first_words(one_line(person.name), 200), .email = email_address(person.email), .uri = web_link(person.uri)};
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
        const bool fits = !tag.name.empty() && tag.name.size() <= name_bytes_max && tag.label.size() <= name_bytes_max;
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
    const auto is_same = [&](const Enclosure& it) { return it.url == enclosure.url && it.role == enclosure.role; };
    if (std::ranges::any_of(enclosures, is_same)) return;
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
    const auto [longitude, latitude] = entry.place->coordinates.front();
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

// --- what an entry is called -------------------------------------------------------------------------------------------------

std::string link_of(const ParsedEntry& entry) {
    for (const std::string* candidate : {&entry.original_link, &entry.link})
        if (std::string link = web_link(*candidate); !link.empty() && link.size() <= link_bytes_max) return link;
    return entry.id_is_permalink.value_or(true) ? web_link(entry.id) : std::string();
}

std::string without_scheme(std::string_view link) {
    const auto scheme = link.find("://");
    return std::string(scheme == std::string_view::npos ? link : link.substr(scheme + 3));
}

std::string with_other_scheme(std::string_view key) {
    if (key.starts_with("http://")) return "https://" + std::string(key.substr(7));
    if (key.starts_with("https://")) return "http://" + std::string(key.substr(8));
    return {};
}

std::string short_key(std::string key) { return key.size() <= key_bytes_max ? std::move(key) : "hash:" + hash_of(key); }

std::string key_of(const ParsedEntry& entry, const UpstreamEntry& arrival) {
    if (!entry.id.empty()) return short_key(arrival.entry_id.empty() ? entry.id : arrival.entry_id);
    if (!arrival.article.url.empty()) return short_key(arrival.article.url);
    return "hash:" + hash_of(arrival.article.title + '\n' + arrival.article.content);
}

bool can_be_an_id(const std::string& key) {
    return key.size() <= id_bytes_max && !absolute_uri(key).empty() && absolute_uri(key) == key;
}

/// A change that no reader would see is none: markup that the sanitiser drops, the time of the last edit.
std::string hash_of_what_matters(const Article& article) {
    std::string matter;
    const auto add = [&](std::string_view part) {
        matter += part;
        matter += '\0';
    };
    add(article.title);
    add(article.url);
    add(sanitise_html(article.content, article.url).str());
    add(sanitise_html(article.summary, article.url).str());
    for (const Person& person : article.authors) add(person.name), add(person.email), add(person.uri);
    for (const Tag& tag : article.tags) add(tag.name), add(tag.label);
    for (const Enclosure& enclosure : article.enclosures) add(enclosure.url), add(enclosure.media_type);
    return hash_of(matter);
}

Origin origin_of(const ParsedEntry& entry, const Feed& feed, const Subscription& subscription) {
    const ParsedHead& head = entry.source ? static_cast<const ParsedHead&>(*entry.source) : feed.head;
    Origin origin{.entry_id = {},
                  .entry_link = {},
                  .feed_id = absolute_uri(head.id),
                  .feed_link = entry.source ? web_link(entry.source->url) : web_link(subscription.feed_url),
                  .home_link = web_link(head.link),
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

UpstreamEntry arrival_of(const ParsedEntry& entry, const Feed& feed, const Subscription& subscription, Instant first_seen) {
    UpstreamEntry arrival;
    Article& article = arrival.article;
    article.url = link_of(entry);
    article.title = plain_text(entry.title);
    const TextConstruct* content = content_of(entry);
    article.summary = entry.summary.value.empty() ? std::string() : html_of(entry.summary);
    if (content != nullptr) article.content = html_of(*content);
    if (article.content.empty()) article.content = std::exchange(article.summary, {});
    if (article.summary == article.content) article.summary.clear();
    if (subscription.summary_only && !article.summary.empty()) article.content = std::exchange(article.summary, {});
    article.authors = people_of(entry.authors.empty() ? feed.head.authors : entry.authors);
    for (const std::string* language : {&subscription.language, &entry.language, &feed.head.language})
        if (article.language.empty()) article.language = language_tag(*language);
    article.published = entry.published ? *entry.published
                        : entry.updated ? *entry.updated
                                        : entry.created.value_or(first_seen);
    if (entry.updated && *entry.updated > article.published) article.updated = entry.updated;
    for (const std::string& slug : subscription.categories) article.categories.push_back({.slug = slug, .title = {}});
    article.tags = tags_of(entry.categories);
    article.enclosures = enclosures_of(entry);
    article.direction = entry.direction;
    article.rights = plain_text(entry.rights);
    article.comments_link = web_link(entry.comments);
    article.location = location_of(entry);
    article.episode = episode_of(entry);
    if (std::string id = one_line(entry.id); id.size() <= id_bytes_max) arrival.entry_id = std::move(id);
    arrival.link = without_scheme(article.url);
    arrival.key = key_of(entry, arrival);
    arrival.hash = hash_of_what_matters(article);
    article.origin = origin_of(entry, feed, subscription);
    return arrival;
}

void give_id(UpstreamEntry& arrival, const std::string& feed_url, const std::set<std::string>& taken) {
    const bool is_free = can_be_an_id(arrival.key) && !taken.contains(arrival.key);
    arrival.article.id = is_free ? arrival.key : minted_id(feed_url, arrival.key);
    if (!is_free && arrival.article.origin->entry_id.empty()) arrival.article.origin->entry_id = arrival.entry_id;
}

/// Links that more than one entry has tell nothing.
std::set<std::string> links_of_one(const std::vector<UpstreamEntry>& arrivals, const std::vector<KnownEntry>& known) {
    std::map<std::string, std::pair<std::size_t, std::size_t>> times;
    for (const UpstreamEntry& arrival : arrivals) ++times[arrival.link].first;
    for (const KnownEntry& entry : known) ++times[entry.link].second;
    std::set<std::string> links;
    for (const auto& [link, count] : times)
        if (!link.empty() && count.first == 1 && count.second == 1) links.insert(link);
    return links;
}

}  // namespace

std::string plain_text(const TextConstruct& text) {
    return first_words(is_html(text) ? text_of_html(sanitise_html(text.value, text.base)) : one_line(text.value),
                       title_characters_max);
}

std::string minted_id(const std::string& feed_url, const std::string& key) {
    std::string digits = hash_of(without_scheme(feed_url) + '\n' + key);
    digits[12] = '8';
    constexpr std::string_view variants = "89ab";
    const char at = digits[16];
    digits[16] = variants[static_cast<std::size_t>(at <= '9' ? at - '0' : at - 'a' + 10) & 3U];
    std::string id = "urn:uuid:";
    for (std::size_t i = 0; i < digits.size(); ++i) {
        if (i == 8 || i == 12 || i == 16 || i == 20) id += '-';
        id += digits[i];
    }
    return id;
}

std::vector<UpstreamEntry> entries_of(const Feed& feed, const Subscription& subscription, Instant now) {
    std::vector<UpstreamEntry> arrivals;
    std::map<std::string, std::size_t> place_of_key;
    Instant first_seen = now;
    for (const ParsedEntry& entry : feed.entries) {
        UpstreamEntry arrival = arrival_of(entry, feed, subscription, first_seen);
        first_seen -= std::chrono::microseconds{1};
        if (arrival.article.title.empty() && arrival.article.content.empty()) arrival.article.title = arrival.article.url;
        if (arrival.article.title.empty() && arrival.article.content.empty()) continue;
        if (const auto same = place_of_key.find(arrival.key); same != place_of_key.end()) {
            if (arrivals[same->second].link == arrival.link) continue;
            arrival.key = short_key(arrival.key + '\n' + arrival.link);
            if (place_of_key.contains(arrival.key)) continue;
        }
        place_of_key.emplace(arrival.key, arrivals.size());
        arrivals.push_back(std::move(arrival));
    }
    return arrivals;
}

std::vector<std::string> keys_to_look_up(const std::vector<UpstreamEntry>& arrivals) {
    std::vector<std::string> keys;
    for (const UpstreamEntry& arrival : arrivals) {
        keys.push_back(arrival.key);
        if (std::string other = with_other_scheme(arrival.key); !other.empty()) keys.push_back(std::move(other));
        // Two entries with one id stood together once, and this one may be either.
        keys.push_back(short_key(arrival.key + '\n' + arrival.link));
    }
    return keys;
}

ToldApart tell_apart(std::vector<UpstreamEntry> arrivals, const std::vector<KnownEntry>& known,
                     const std::set<std::string>& ids_of_others, const std::string& feed_url, Instant now) {
    std::map<std::string_view, const KnownEntry*> by_key;
    std::map<std::string_view, const KnownEntry*> by_link;
    for (const KnownEntry& entry : known) by_key.emplace(entry.key, &entry), by_link.emplace(entry.link, &entry);
    const std::set<std::string> telling_links = links_of_one(arrivals, known);
    const auto find = [&](const UpstreamEntry& arrival) -> const KnownEntry* {
        const std::string with_link = short_key(arrival.key + '\n' + arrival.link);
        for (const std::string& key : {with_link, arrival.key, with_other_scheme(arrival.key)})
            if (const auto found = by_key.find(key); found != by_key.end()) return found->second;
        if (telling_links.contains(arrival.link)) return by_link.at(arrival.link);
        return nullptr;
    };

    ToldApart told;
    for (UpstreamEntry& arrival : arrivals) {
        const KnownEntry* before = find(arrival);
        // An id that is given anew to something else: another title, another link, another date.
        if (before != nullptr && before->key == arrival.key && !before->article_id.empty() && before->link != arrival.link &&
            before->title != arrival.article.title && before->published != arrival.article.published) {
            arrival.key = short_key(arrival.key + '\n' + arrival.link);
            before = nullptr;
        }
        if (before == nullptr) {
            give_id(arrival, feed_url, ids_of_others);
            ++told.added;
            told.to_write.push_back(std::move(arrival));
            continue;
        }
        told.knows_any = true;
        if (before->article_id.empty() || before->hash == arrival.hash) {
            ++told.unchanged;
            continue;
        }
        arrival.key = before->key;
        arrival.article.id = before->article_id;
        if (arrival.article.id != arrival.entry_id && arrival.article.origin->entry_id.empty())
            arrival.article.origin->entry_id = arrival.entry_id;
        // It keeps its place, and says that it changed.
        arrival.article.published = before->published;
        if (!arrival.article.updated || *arrival.article.updated <= before->published) arrival.article.updated = now;
        ++told.changed;
        told.to_write.push_back(std::move(arrival));
    }
    return told;
}

}  // namespace gazetted
