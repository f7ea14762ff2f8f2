#include "tests/support/fact_collector.hpp"

#include <set>

namespace gazetted {
namespace {

std::string person_of(const Person& person) { return joined({person.name, person.email, person.uri}); }

std::string rfc3339_of(const std::optional<Instant>& instant) { return instant ? to_rfc3339(*instant) : std::string(); }

void add_links(Collector& to, const std::vector<ParsedLink>& links, const std::string& relation, const std::string& fact) {
    for (const ParsedLink& link : links)
        if (link.rel == relation) to.add(fact, link.href);
}

void add_files(Collector& to, const ParsedEntry& entry) {
    std::set<std::string> enclosures;
    for (const ParsedEnclosure& file : entry.enclosures) {
        enclosures.insert(file.url);
        to.file("enclosure", {file.url, file.type, file.length});
    }
    if (entry.media) {
        for (const ParsedMediaContent& file : entry.media->contents) {
            if (!enclosures.contains(file.url)) to.file("media", {file.url, file.type, file.length});
            to.more({file.title, file.language, file.duration, file.width, file.height}, file.url);
        }
        for (const ParsedThumbnail& file : entry.media->thumbnails) to.file("thumbnail", {file.url, file.width, file.height});
    }
    if (!entry.podcast) return;
    for (const ParsedPodcastFile& file : entry.podcast->transcripts)
        to.file("transcript", {file.url, file.type, file.language});
    for (const ParsedPodcastFile& file : entry.podcast->chapters) to.file("chapters", {file.url, file.type, file.language});
}

void add_episode(Collector& to, const ParsedPodcast& podcast) {
    to.add("season", podcast.season);
    to.add("episode", podcast.episode);
    to.add("kind", podcast.episode_type);
    if (podcast.is_explicit) to.add("explicit", *podcast.is_explicit ? "true" : "false");
}

void add_place(Collector& to, const ParsedPlace& place) {
    to.add("place", place.name);
    if (place.type != "Point") return;
    const auto [longitude, latitude, altitude] = place.coordinates.at(0);
    to.add("point", degrees(latitude) + " " + degrees(longitude));
}

void add_source(Collector& to, const ParsedSource& source) {
    to.add("origin.id", source.id);
    to.add("origin.title", source.title.value);
    to.add("origin.subtitle", source.subtitle.value);
    to.add("origin.rights", source.rights.value);
    to.add("origin.home", source.link);
    to.add("origin.icon", source.icon);
    to.add("origin.logo", source.logo);
    to.add("origin.language", source.language);
    for (const Person& author : source.authors) to.add("origin.author", person_of(author));
    // RSS names the feed, Atom links to it, some documents do both.
    Collector feed;
    feed.add("origin.feed", source.url);
    if (feed.facts.empty()) add_links(feed, source.links, "self", "origin.feed");
    to.facts.merge(feed.facts);
}

}  // namespace

Facts facts_of(const ParsedEntry& entry) {
    Collector to;
    to.add("id", entry.id);
    to.add("title", entry.title.value);
    to.add("link", entry.link);
    add_links(to, entry.links, "related", "external");
    add_links(to, entry.links, "via", "via");
    to.add("published", rfc3339_of(entry.published));
    to.add("updated", rfc3339_of(entry.updated));
    to.add("language", entry.language);
    to.add("direction", entry.direction);
    to.add("rights", entry.rights.value);
    to.add("comments", entry.comments);
    to.add("summary", entry.summary.value);
    for (const TextConstruct& content : entry.contents) to.add("content", content.value);
    for (const Person& author : entry.authors) to.add("author", person_of(author));
    for (const ParsedCategory& category : entry.categories)
        to.add("category", joined({category.term, category.scheme, category.label}));
    add_files(to, entry);
    if (entry.podcast) add_episode(to, *entry.podcast);
    if (entry.place) add_place(to, *entry.place);
    to.add("origin.entry_id", entry.original_id);
    if (entry.source) add_source(to, *entry.source);
    return to.facts;
}

Facts facts_of(const ParsedHead& head) {
    Collector to;
    to.add("id", head.id);
    to.add("title", head.title.value);
    to.add("subtitle", head.subtitle.value);
    to.add("language", head.language);
    for (const Person& author : head.authors) to.add("author", person_of(author));
    add_links(to, head.links, "self", "self");
    to.add("home", head.link);
    to.add("updated", rfc3339_of(head.updated));
    to.add("rights", head.rights.value);
    to.add("icon", head.icon);
    to.add("logo", head.image.url);
    add_links(to, head.links, "hub", "hub");
    to.add("ttl", head.ttl);
    for (const ParsedCategory& category : head.categories) to.add("podcast", joined({category.scheme, category.term}));
    if (head.podcast && head.podcast->is_explicit) to.add("explicit", *head.podcast->is_explicit ? "true" : "false");
    for (const char* relation : {"prev-archive", "next-archive", "current"}) add_links(to, head.links, relation, relation);
    to.add("generator", joined({head.generator.name, head.generator.version}));
    return to.facts;
}

Facts facts_of(const FeedHead& head) {
    Collector to;
    to.add("id", head.id);
    to.add("title", head.title);
    to.add("subtitle", head.subtitle);
    to.add("language", head.language);
    to.add("author", joined({head.author, "", ""}));
    to.add("self", head.self_link);
    to.add("home", head.home_link);
    to.add("updated", to_rfc3339(head.updated));
    to.add("rights", head.rights);
    to.add("icon", head.icon);
    to.add("logo", head.logo);
    for (const std::string& hub : head.hubs) to.add("hub", hub);
    if (head.ttl.count() > 0) to.add("ttl", std::to_string(head.ttl.count()));
    if (head.podcast) {
        to.add("podcast", joined({"http://www.itunes.com/", head.podcast->category}));
        to.add("explicit", head.podcast->is_explicit ? "true" : "false");
    }
    for (const HistoryLink& link : head.history) to.add(link.relation, link.target);
    to.add("generator", joined({"Gazetted", GAZETTED_VERSION}));
    return to.facts;
}

}  // namespace gazetted
