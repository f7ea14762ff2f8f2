#include "daemon/upstream_entries.hpp"

#include "daemon/feed_instance.hpp"
#include "feeds/article_of_entry.hpp"
#include "feeds/lawful.hpp"
#include "feeds/sanitise_html.hpp"
#include "feeds/text.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <utility>

namespace gazetted {

namespace {

/// Of keys and links that entries are known by: no index takes a row of more than 2,704 bytes.
constexpr std::size_t key_bytes_max = 2'048;
constexpr std::size_t id_bytes_max = 2'048;
/// Of what a feed calls itself: any more would not tell it better.
constexpr std::size_t identity_characters_max = 500;
/// As the tables take it.
constexpr std::size_t home_bytes_max = 4'096;

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

std::string stem_of(const ParsedEntry& parsed, const UpstreamEntry& entry) {
    if (!parsed.id.empty()) return short_key(entry.entry_id.empty() ? parsed.id : entry.entry_id);
    if (!entry.article.url.empty()) return short_key(entry.article.url);
    return short_key("hash:" + hash_of(entry.article.title + '\n' + entry.article.content));
}

/// What an entry may be called, each name telling more than the one before.
std::array<std::string, 3> names_of(const UpstreamEntry& entry) {
    const std::string with_link = entry.stem + '\n' + entry.link;
    return {entry.stem, short_key(with_link), short_key(with_link + '\n' + to_rfc3339(entry.article.published))};
}

/// Two stories under one id: of another place or of none, another time and another title. Whoever corrects an entry keeps one.
bool are_two(const UpstreamEntry& entry, std::string_view link, std::string_view title, Instant published) {
    const bool is_elsewhere = entry.link != link || (entry.link.empty() && entry.is_dated);
    return is_elsewhere && entry.article.title != title && entry.article.published != published;
}

bool is_repeated(const UpstreamEntry& entry, const UpstreamEntry& before) {
    if (entry.link != before.link) return false;
    const bool has_two_dates = entry.is_dated && before.is_dated && entry.article.published != before.article.published;
    return !has_two_dates || entry.article.title == before.article.title;
}

bool can_be_an_id(const std::string& key) {
    return key.size() <= id_bytes_max && !key.starts_with("hash:") && !absolute_uri(key).empty() && absolute_uri(key) == key;
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

UpstreamEntry upstream_entry_of(const ParsedEntry& parsed, const Feed& feed, const Subscription& subscription,
                                Instant first_seen) {
    UpstreamEntry entry;
    Article& article = entry.article = article_of(parsed, feed, subscription.feed_url, first_seen);
    if (subscription.summary_only && !article.summary.empty()) article.content = std::exchange(article.summary, {});
    if (std::string language = language_tag(subscription.language); !language.empty()) article.language = std::move(language);
    for (const std::string& slug : subscription.categories) article.categories.push_back({.slug = slug, .title = {}});
    if (std::string id = one_line(parsed.id); id.size() <= id_bytes_max) entry.entry_id = std::move(id);
    entry.link = short_key(without_scheme(article.url));
    entry.stem = entry.key = stem_of(parsed, entry);
    entry.is_dated = parsed.published || parsed.updated;
    entry.hash = hash_of_what_matters(article);
    return entry;
}

void give_id(UpstreamEntry& entry, const std::string& feed_url, const std::set<std::string>& taken) {
    const bool is_free = can_be_an_id(entry.key) && !taken.contains(entry.key);
    entry.article.id = is_free ? entry.key : minted_id(feed_url, entry.key);
    if (!is_free && entry.article.origin->entry_id.empty()) entry.article.origin->entry_id = entry.entry_id;
}

/// Links that more than one entry has tell nothing.
std::set<std::string> links_of_one(const std::vector<UpstreamEntry>& entries, const std::vector<KnownEntry>& known) {
    std::map<std::string, std::pair<std::size_t, std::size_t>> times;
    for (const UpstreamEntry& entry : entries) ++times[entry.link].first;
    for (const KnownEntry& it : known) ++times[it.link].second;
    std::set<std::string> links;
    for (const auto& [link, count] : times)
        if (!link.empty() && count.first == 1 && count.second == 1) links.insert(link);
    return links;
}

/// Whom each entry was before, or null. Each known entry is one's. A name that is the same to the letter comes first, but names
/// that feeds give anew tell nothing where all else says that it is another story.
std::vector<const KnownEntry*> recognise(const std::vector<UpstreamEntry>& entries, const std::vector<KnownEntry>& known) {
    std::map<std::string_view, const KnownEntry*> by_key, by_link;
    std::map<std::pair<std::string_view, Instant>, const KnownEntry*> by_words;
    for (const KnownEntry& it : known) {
        by_key.emplace(it.key, &it);
        by_link.emplace(it.link, &it);
        by_words.emplace(std::pair<std::string_view, Instant>(it.title, it.published), &it);
    }
    const std::set<std::string> telling_links = links_of_one(entries, known);
    std::set<const KnownEntry*> given;
    const auto give = [&](const UpstreamEntry& entry, const auto& by, const auto& word) -> const KnownEntry* {
        const auto found = by.find(word);
        if (found == by.end() || given.contains(found->second)) return nullptr;
        const KnownEntry* it = found->second;
        if (!it->article_id.empty() && are_two(entry, it->link, it->title, it->published)) return nullptr;
        given.insert(it);
        return it;
    };
    const auto by_name_and_link = [&](const UpstreamEntry& entry) -> const KnownEntry* {
        const auto names = names_of(entry);
        for (std::size_t more = names.size(); more-- > 0;)
            if (const auto found = by_key.find(names[more]); found != by_key.end() && found->second->link == entry.link)
                if (const auto* it = give(entry, by_key, names[more])) return it;
        return nullptr;
    };
    const auto by_name = [&](const UpstreamEntry& entry) { return give(entry, by_key, entry.stem); };
    const auto otherwise = [&](const UpstreamEntry& entry) -> const KnownEntry* {
        if (const auto* it = give(entry, by_key, with_other_scheme(entry.stem))) return it;
        if (telling_links.contains(entry.link)) return give(entry, by_link, entry.link);
        return give(entry, by_words, std::pair<std::string_view, Instant>(entry.article.title, entry.article.published));
    };
    std::vector<const KnownEntry*> those_before(entries.size());
    const auto look = [&](const auto& for_one) {
        for (std::size_t i = 0; i < entries.size(); ++i)
            if (those_before[i] == nullptr) those_before[i] = for_one(entries[i]);
    };
    look(by_name_and_link);
    look(by_name);
    look(otherwise);
    return those_before;
}

}  // namespace

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

std::set<std::string> deleted_keys(const Feed& feed) {
    std::map<std::string, Instant> deleted;
    for (const DeletedEntry& it : feed.deleted) {
        std::string key = short_key(one_line(it.id));
        if (key.empty()) continue;
        auto [place, is_first] = deleted.emplace(std::move(key), it.when.value_or(Instant::max()));
        if (!is_first && it.when) place->second = std::max(place->second, *it.when);
    }
    if (!deleted.empty())
        for (const ParsedEntry& entry : feed.entries) {
            const std::string key = short_key(one_line(entry.id));
            const auto found = deleted.find(key);
            const auto& date = entry.updated ? entry.updated : entry.published;
            if (found == deleted.end()) {
                // Its id of the other scheme may be: the entry is there.
                deleted.erase(with_other_scheme(key));
            } else if (date && *date > found->second) {
                // So is one that was published again after it had been deleted.
                deleted.erase(found);
            }
        }
    std::set<std::string> keys;
    for (const auto& [key, when] : deleted) keys.insert(key);
    return keys;
}

std::vector<std::string> articles_of(const std::set<std::string>& deleted_keys, const std::vector<KnownEntry>& known) {
    std::vector<std::string> ids;
    for (const KnownEntry& it : known)
        if (!it.article_id.empty() && (deleted_keys.contains(it.key) || deleted_keys.contains(with_other_scheme(it.key))))
            ids.push_back(it.article_id);
    return ids;
}

std::string home_of(const Feed& feed) {
    std::string home = web_link(feed.head.link);
    return home.size() <= home_bytes_max ? home : std::string();
}

FeedIdentity identity_of(const Feed& feed, std::string_view url) {
    const std::string& home = feed.head.link;
    const bool is_itself = home == url || std::ranges::any_of(feed.head.links, [&](const ParsedLink& link) {
                               return link.rel == "self" && link.href == home;
                           });
    return {.id = first_words(one_line(feed.head.id), identity_characters_max),
            .title = first_words(plain_text(feed.head.title), identity_characters_max),
            .home = is_itself ? std::string() : home_of(feed)};
}

bool is_called_otherwise(const FeedIdentity& before, const FeedIdentity& now) {
    const auto place = [](std::string_view home) {
        std::string without = without_scheme(home);
        while (without.ends_with('/')) without.pop_back();
        return without;
    };
    const bool agrees = (!now.id.empty() && now.id == before.id) || (!now.title.empty() && now.title == before.title) ||
                        (!now.home.empty() && place(now.home) == place(before.home));
    return !before.empty() && !now.empty() && !agrees;
}

std::vector<UpstreamEntry> entries_of(const Feed& feed, const Subscription& subscription, Instant now) {
    std::vector<UpstreamEntry> entries;
    std::map<std::string, std::size_t> place_of_key;
    const std::set<std::string> deleted = deleted_keys(feed);
    Instant first_seen = now;
    for (const ParsedEntry& parsed : feed.entries) {
        UpstreamEntry entry = upstream_entry_of(parsed, feed, subscription, first_seen);
        first_seen -= std::chrono::microseconds{1};
        if (entry.article.title.empty() && entry.article.content.empty()) continue;
        if (deleted.contains(entry.key)) continue;
        for (const std::string& name : names_of(entry)) {
            const auto [place, is_free] = place_of_key.emplace(name, entries.size());
            if (!is_free && is_repeated(entry, entries[place->second])) break;
            if (!is_free) continue;
            entry.key = name;
            entries.push_back(std::move(entry));
            break;
        }
    }
    return entries;
}

std::vector<std::string> keys_of(const std::string& key) {
    std::vector<std::string> keys{key};
    if (std::string other = with_other_scheme(key); !other.empty()) keys.push_back(std::move(other));
    return keys;
}

std::vector<std::string> keys_to_look_up(const std::vector<UpstreamEntry>& entries) {
    std::vector<std::string> keys;
    for (const UpstreamEntry& entry : entries) {
        for (std::string& key : keys_of(entry.stem)) keys.push_back(std::move(key));
        // Entries with one id stood together once, and this one may be any of them.
        for (std::string& name : names_of(entry)) keys.push_back(std::move(name));
    }
    return keys;
}

ToldApart tell_apart(std::vector<UpstreamEntry> entries, const std::vector<KnownEntry>& known,
                     const std::set<std::string>& ids_of_others, const std::string& feed_url, Instant now) {
    const std::vector<const KnownEntry*> those_before = recognise(entries, known);
    std::set<std::string> known_names, names;
    for (const KnownEntry& it : known) known_names.insert(it.key);
    names = known_names;
    for (const UpstreamEntry& it : entries) names.insert(it.key);
    ToldApart told;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        UpstreamEntry& entry = entries[i];
        const KnownEntry* before = those_before[i];
        if (before == nullptr) {
            if (known_names.contains(entry.key)) {
                // That is another one's, whose place it would take.
                const auto free = names_of(entry);
                const auto name = std::ranges::find_if(free, [&](const std::string& it) { return names.insert(it).second; });
                if (name == free.end()) continue;
                entry.key = *name;
            }
            give_id(entry, feed_url, ids_of_others);
            ++told.added;
            told.to_write.push_back(std::move(entry));
            continue;
        }
        told.knows_any = true;
        // A time to come is no place yet: what is held back for a mistake may be corrected.
        const bool keeps_place = before->published <= now || !entry.is_dated;
        const bool is_same = before->hash == entry.hash && (keeps_place || before->published == entry.article.published);
        if (before->article_id.empty() || is_same) {
            ++told.unchanged;
            continue;
        }
        entry.is_new = entry.was_dropped = before->is_dropped;
        entry.key = before->key;
        entry.article.id = before->article_id;
        if (entry.article.id != entry.entry_id && entry.article.origin->entry_id.empty())
            entry.article.origin->entry_id = entry.entry_id;
        if (keeps_place) {
            // And it says that it changed.
            entry.article.published = before->published;
            if (!entry.article.updated || *entry.article.updated <= before->published) entry.article.updated = now;
        }
        ++(entry.is_new ? told.added : told.changed);
        told.to_write.push_back(std::move(entry));
    }
    return told;
}

}  // namespace gazetted
