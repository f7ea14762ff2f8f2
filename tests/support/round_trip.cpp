#include "tests/support/round_trip.hpp"

#include "feeds/ascii.hpp"
#include "feeds/read_feed.hpp"
#include "feeds/read_feed/text_forms.hpp"
#include "feeds/write_feed.hpp"
#include "tests/support/facts.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

namespace gazetted {
namespace {

void forget(Facts& facts, std::string_view name) {
    std::erase_if(facts, [&](const std::string& fact) { return fact.starts_with(std::string(name) + "="); });
}

/// What was said and what was read, of one entry or of the head.
struct Compared {
    Facts said;
    Facts read;
};

enum class In { rss, atom, json, xml, all };

bool is_in(In where, FeedFormat format) {
    switch (where) {
        case In::rss:
            return format == FeedFormat::rss;
        case In::atom:
            return format == FeedFormat::atom;
        case In::json:
            return format == FeedFormat::json;
        case In::xml:
            return format != FeedFormat::json;
        case In::all:
            return true;
    }
    return false;
}

struct UnsaidOfEntry {
    In format;
    std::string_view why;
    void (*apply)(const Entry&, const FeedHead&, Compared&);
};

/// Without the blanks around each member of each fact.
Facts with_trimmed_values(const Facts& facts) {
    Facts out;
    for (const std::string& fact : facts) {
        std::string_view rest = fact;
        std::string text(rest.substr(0, rest.find('=') + 1));
        const std::size_t name = text.size();
        rest.remove_prefix(name);
        for (std::size_t bar = rest.find('|'); bar != std::string_view::npos; bar = rest.find('|')) {
            text.append(trimmed(rest.substr(0, bar))).append("|");
            rest.remove_prefix(bar + 1);
        }
        text.append(trimmed(rest));
        if (text.find_first_not_of('|', name) != std::string::npos) out.insert(std::move(text));
    }
    return out;
}

void say_titles_as_html(Facts& facts, std::initializer_list<std::string_view> names) {
    Facts out;
    for (const std::string& fact : facts) {
        const std::size_t value = fact.find('=') + 1;
        const bool is_named = std::find(names.begin(), names.end(), fact.substr(0, value - 1)) != names.end();
        const std::string text = fact.substr(value);
        out.insert(is_named && looks_like_html(text) ? fact.substr(0, value) + with_characters(without_embedding(text)) : fact);
    }
    facts = std::move(out);
}

void to_lower_case(Facts& facts, std::string_view name) {
    Facts out;
    for (const std::string& fact : facts) out.insert(fact.substr(0, fact.find('=')) == name ? lower_case(fact) : fact);
    facts = std::move(out);
}

void add_people(Facts& facts, const std::vector<Person>& people) {
    for (const Person& person : people) facts.insert("author=" + person.name + "|" + person.email + "|" + person.uri);
}

const UnsaidOfEntry unsaid_of_entries[] = {
    {In::rss, "an item must be described: without a summary by the first words of its content",
     [](const Entry& entry, const FeedHead&, Compared& c) {
         if (entry.summary.empty()) forget(c.read, "summary");
     }},
    {In::rss, "an enclosure must have a length: 0 where nobody knows it",
     [](const Entry&, const FeedHead&, Compared& c) {
         Facts read;
         for (const std::string& fact : c.read)
             read.insert(fact.starts_with("enclosure=") && fact.ends_with("|0") ? fact.substr(0, fact.size() - 1) : fact);
         c.read = std::move(read);
     }},
    {In::rss, "nobody knows whether a title is text or HTML: what looks like HTML is read as such",
     [](const Entry& entry, const FeedHead&, Compared& c) {
         // A file's title stands in for one of which that leaves nothing.
         if (trimmed(without_embedding(entry.title)).empty()) forget(c.read, "title");
         for (Facts* facts : {&c.said, &c.read})
             say_titles_as_html(*facts, {"title", "rights", "origin.title", "origin.subtitle", "origin.rights"});
     }},
    {In::rss, "dc:creator may hold an e-mail address beside the name, and names that hold one are read so",
     [](const Entry& entry, const FeedHead&, Compared& c) {
         const auto holds_address = [](const Person& person) { return person.name.find('@') != std::string::npos; };
         if (!std::any_of(entry.authors.begin(), entry.authors.end(), holds_address)) return;
         for (Facts* facts : {&c.said, &c.read}) forget(*facts, "author");
     }},
    {In::atom, "an entry without authors has its source's, else its feed's (RFC 4287 section 4.2.1)",
     [](const Entry& entry, const FeedHead& head, Compared& c) {
         if (!entry.authors.empty()) return;
         const bool has_source = entry.origin && !entry.origin->authors.empty();
         const std::string& author = head.author.empty() ? head.title : head.author;
         add_people(c.said, inherited(has_source ? entry.origin->authors : std::vector<Person>{{author, {}, {}}}));
     }},
    {In::json, "an item without authors has its feed's (JSON Feed 1.1, authors)",
     [](const Entry& entry, const FeedHead& head, Compared& c) {
         if (entry.authors.empty() && !head.author.empty())
             add_people(c.said, inherited(std::vector<Person>{{head.author, {}, {}}}));
     }},
    {In::all, "an entry without categories has its feed's",
     [](const Entry& entry, const FeedHead& head, Compared& c) {
         const bool has_some = !entry.categories.empty() || !entry.tags.empty() || entry.origin;
         if (!has_some && head.podcast && !head.podcast->category.empty())
             c.said.insert("category=" + head.podcast->category + "|" + std::string(itunes_scheme) + "|");
     }},
    {In::all, "an entry without a language has its feed's",
     [](const Entry& entry, const FeedHead& head, Compared& c) {
         if (entry.language.empty() && !head.language.empty()) c.said.insert("language=" + head.language);
     }},
    {In::rss, "a channel has its language in lower case",
     [](const Entry& entry, const FeedHead&, Compared& c) {
         if (entry.language.empty()) to_lower_case(c.said, "language");
     }},
    {In::json, "an item must have a content: one that is its summary too is read as that alone",
     [](const Entry& entry, const FeedHead&, Compared& c) {
         if (!entry.summary.empty() && entry.content.str() == entry.summary.str()) forget(c.said, "content");
     }},
    {In::xml, "a tab in an attribute is a blank (XML 1.0 section 3.3.3): in the slug of a category",
     [](const Entry&, const FeedHead&, Compared& c) {
         for (Facts* facts : {&c.said, &c.read}) {
             Facts out;
             for (std::string fact : *facts) {
                 if (fact.starts_with("category=")) std::replace(fact.begin(), fact.end(), '\t', ' ');
                 out.insert(std::move(fact));
             }
             *facts = std::move(out);
         }
     }},
    {In::all, "blanks around a text are nobody's",
     [](const Entry&, const FeedHead&, Compared& c) {
         c.said = with_trimmed_values(c.said);
         c.read = with_trimmed_values(c.read);
     }},
};

struct UnsaidOfFeed {
    In format;
    std::string_view why;
    void (*apply)(const FeedHead&, Compared&);
};

const UnsaidOfFeed unsaid_of_feeds[] = {
    {In::rss, "a channel must be described: without a subtitle by its title",
     [](const FeedHead& head, Compared& c) {
         if (head.subtitle.empty()) c.said.insert("subtitle=" + head.title);
     }},
    {In::atom, "a feed must have an author, or all its entries: without one the title",
     [](const FeedHead& head, Compared& c) {
         if (head.author.empty()) c.said.insert("author=" + head.title + "||");
     }},
    {In::rss, "a podcast must have an author: without one the title",
     [](const FeedHead& head, Compared& c) {
         if (head.author.empty() && head.podcast) c.said.insert("author=" + head.title + "||");
     }},
    {In::atom, "how long to wait is told as so many times a day", [](const FeedHead&, Compared& c) { forget(c.said, "ttl"); }},
    {In::rss, "a channel has its language in lower case",
     [](const FeedHead&, Compared& c) { to_lower_case(c.said, "language"); }},
    {In::rss, "a generator has no version of its own",
     [](const FeedHead&, Compared& c) {
         for (Facts* facts : {&c.said, &c.read}) forget(*facts, "generator");
     }},
    {In::json, "there are no archives in JSON",
     [](const FeedHead&, Compared& c) {
         for (const char* name : {"prev-archive", "next-archive", "current"}) forget(c.said, name);
     }},
};

std::optional<std::string> difference(const Compared& c) {
    std::string lost;
    for (const std::string& fact : c.said)
        if (!c.read.contains(fact)) lost += "\n  said " + fact;
    for (const std::string& fact : c.read)
        if (!c.said.contains(fact)) lost += "\n  read " + fact;
    if (lost.empty() && c.said.size() != c.read.size()) lost = "\n  something was told more than once";
    return lost.empty() ? std::nullopt : std::optional(lost);
}

}  // namespace

std::optional<std::string> lost_on_the_way(const FeedHead& head, std::span<const Entry> entries, FeedFormat format) {
    std::vector<Fragment> fragments;
    for (const Entry& entry : entries) fragments.push_back(write_entry(entry, format));
    const std::string document = write_feed(head, std::vector<std::string_view>(fragments.begin(), fragments.end()), format);
    const auto feed = read_feed(document, media_type(format), "");
    if (!feed) return "refused: " + feed.error().message;
    if (!feed->fault.empty()) return "mended: " + feed->fault;
    if (feed->entries.size() != entries.size()) return std::to_string(feed->entries.size()) + " entries read";

    Compared of_head{facts_of(head), facts_of(feed->head)};
    for (const UnsaidOfFeed& unsaid : unsaid_of_feeds)
        if (is_in(unsaid.format, format)) unsaid.apply(head, of_head);
    if (auto lost = difference(of_head)) return "of the feed:" + *lost;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        Compared compared{facts_of(entries[i]), facts_of(feed->entries[i])};
        for (const UnsaidOfEntry& unsaid : unsaid_of_entries)
            if (is_in(unsaid.format, format)) unsaid.apply(entries[i], head, compared);
        if (auto lost = difference(compared)) return "of " + entries[i].id + ":" + *lost;
    }
    return std::nullopt;
}

}  // namespace gazetted
