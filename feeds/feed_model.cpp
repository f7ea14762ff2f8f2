#include "feeds/feed_model.hpp"

#include "feeds/json_writer.hpp"
#include "feeds/sanitise_html.hpp"
#include "feeds/text.hpp"

#include <array>
#include <charconv>
#include <set>
#include <vector>

namespace gazetted {
namespace {

constexpr std::array<std::string_view, 14> format_names = {"rss",    "rss090", "rss091n", "rss091u", "rss092",
                                                           "rss093", "rss094", "rss10",   "rss20",   "atom",
                                                           "atom03", "atom10", "json1",   "json11"};

std::string person_text(const Person& person) {
    if (person.name.empty()) return person.email;
    return person.email.empty() ? person.name : person.name + " (" + person.email + ")";
}

/// All files of an entry, each address once: what it encloses and what Media RSS says of more, pictures last.
std::vector<ParsedEnclosure> files_of(const ParsedEntry& entry) {
    std::vector<ParsedEnclosure> files = entry.enclosures;
    if (!entry.media) return files;
    std::set<std::string> known;
    for (const ParsedEnclosure& file : files) known.insert(file.url);
    for (const ParsedMediaContent& content : entry.media->contents)
        if (known.insert(content.url).second) files.push_back({content.url, content.type, content.length});
    for (const ParsedThumbnail& thumbnail : entry.media->thumbnails)
        if (known.insert(thumbnail.url).second) files.push_back({thumbnail.url, {}, {}});
    return files;
}

class ModelWriter {
public:
    explicit ModelWriter(const FeedModelOptions& options) : options_(options) {}

    std::string write(const Feed& feed) && {
        w_.open('{');
        w_.member("format", format_names[static_cast<std::size_t>(feed.format)]);
        w_.member("encoding", feed.encoding);
        w_.name("wellformed");
        w_.raw(feed.fault.empty() ? "true" : "false");
        w_.member("fault", feed.fault);
        if (feed.is_cut_off) w_.member("error", feed.fault);
        flag("has_more", feed.has_more);
        w_.name("feed");
        w_.open('{');
        write_head(feed.head);
        w_.close('}');
        w_.name("entries");
        w_.open('[');
        for (const ParsedEntry& entry : feed.entries) write_entry(entry);
        w_.close(']');
        w_.list("deleted", feed.deleted, [this](const DeletedEntry& it) {
            w_.open('{');
            w_.member("id", it.id);
            w_.member("when", it.when);
            w_.close('}');
        });
        w_.close('}');
        return std::move(w_).take();
    }

private:
    void flag(std::string_view key, bool value) {
        if (!value) return;
        w_.name(key);
        w_.raw("true");
    }

    bool is_html(const TextConstruct& text) const { return text.type == "html" || text.type == "xhtml"; }

    std::string shown(const TextConstruct& text, bool is_title) const {
        if (!options_.sanitise) return text.value;
        if (!is_html(text)) return is_title ? collapse_space(text.value) : text.value;
        SafeHtml safe = sanitise_html(text.value, text.base.empty() ? options_.url : text.base);
        return is_title ? text_of_html(safe) : safe.str();
    }

    void construct(const std::string& key, const TextConstruct& text, bool is_title = false) {
        if (text.empty()) return;
        w_.member(key, shown(text, is_title));
        w_.member(key + "_type", options_.sanitise && is_title ? std::string_view("text") : std::string_view(text.type));
        w_.member(key + "_lang", text.language);
        w_.member(key + "_base", text.base);
    }

    void people(std::string_view key, const std::vector<Person>& people) {
        w_.list(key, people, [this](const Person& person) {
            w_.open('{');
            write_person(person);
            w_.close('}');
        });
    }

    void write_person(const Person& person) {
        w_.member("name", person.name);
        w_.member("email", person.email);
        w_.member("uri", person.uri);
    }

    void write_members(const ParsedMembers& m) {
        construct("title", m.title, true);
        construct("subtitle", m.subtitle);
        construct("rights", m.rights);
        construct("info", m.info);
        w_.member("link", m.link);
        w_.list("links", m.links, [this](const ParsedLink& link) {
            w_.open('{');
            w_.member("rel", link.rel);
            w_.member("href", link.href);
            w_.member("type", link.type);
            w_.member("title", link.title);
            w_.member("hreflang", link.language);
            w_.member("length", link.length);
            w_.close('}');
        });
        w_.member("id", m.id);
        w_.member("updated", m.updated);
        w_.member("published", m.published);
        w_.member("created", m.created);
        w_.member("expired", m.expired);
        if (m.valid_from || m.valid_until) {
            w_.name("validity");
            w_.open('{');
            w_.member("start", m.valid_from);
            w_.member("end", m.valid_until);
            w_.close('}');
        }
        w_.member("language", m.language);
        if (!m.authors.empty()) w_.member("author_text", person_text(m.authors.front()));
        people("authors", m.authors);
        people("contributors", m.contributors);
        if (!person_text(m.publisher).empty()) {
            w_.member("publisher_text", person_text(m.publisher));
            w_.name("publisher");
            w_.open('{');
            write_person(m.publisher);
            w_.close('}');
        }
        w_.list("categories", m.categories, [this](const ParsedCategory& category) {
            w_.open('{');
            w_.member("term", category.term);
            w_.member("scheme", category.scheme);
            w_.member("label", category.label);
            w_.close('}');
        });
        write_image(m.image);
        w_.member("icon", m.icon);
        w_.member("logo", m.logo);
        w_.member("license", m.license);
        w_.member("comments", m.comments);
        w_.member("comment_post", m.comment_post);
        w_.member("comment_feed", m.comment_feed);
        w_.member("comment_count", m.comment_count);
        if (m.podcast) write_podcast(*m.podcast);
        if (m.place) write_place(*m.place);
    }

    void write_image(const ParsedImage& image) {
        const bool is_said = !(image.url + image.title + image.link + image.width + image.height + image.description).empty();
        if (!is_said) return;
        w_.name("image");
        w_.open('{');
        w_.member("url", image.url);
        w_.member("title", image.title);
        w_.member("link", image.link);
        w_.member("width", image.width);
        w_.member("height", image.height);
        w_.member("description", image.description);
        w_.close('}');
    }

    void write_podcast(const ParsedPodcast& podcast) {
        w_.name("itunes");
        w_.open('{');
        if (podcast.block) {
            w_.name("block");
            w_.raw(*podcast.block ? "1" : "0");
        }
        if (podcast.is_explicit) {
            w_.name("explicit");
            w_.raw(*podcast.is_explicit ? "true" : "false");
        }
        w_.member("duration", podcast.duration);
        w_.member("keywords", podcast.keywords);
        w_.member("episode", podcast.episode);
        w_.member("season", podcast.season);
        w_.member("episode_type", podcast.episode_type);
        podcast_files("transcripts", podcast.transcripts);
        podcast_files("chapters", podcast.chapters);
        w_.close('}');
    }

    void podcast_files(std::string_view key, const std::vector<ParsedPodcastFile>& files) {
        w_.list(key, files, [this](const ParsedPodcastFile& file) {
            w_.open('{');
            w_.member("url", file.url);
            w_.member("type", file.type);
            w_.member("language", file.language);
            w_.close('}');
        });
    }

    void number(double value) {
        std::array<char, 32> digits{};
        const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
        w_.raw(std::string_view(digits.data(), static_cast<std::size_t>(end - digits.data())));
    }

    void write_place(const ParsedPlace& place) {
        w_.name("geo");
        w_.open('{');
        w_.member("name", place.name);
        if (place.coordinates.empty()) return w_.close('}');
        w_.member("type", place.type);
        w_.name("coordinates");
        const bool is_point = place.type == "Point" && place.coordinates.size() == 1;
        if (!is_point) w_.open('[');
        for (const auto& [longitude, latitude, altitude] : place.coordinates) {
            w_.open('[');
            number(longitude);
            number(latitude);
            if (altitude) number(*altitude);
            w_.close(']');
        }
        if (!is_point) w_.close(']');
        w_.close('}');
    }

    void write_head(const ParsedHead& head) {
        write_members(head);
        const ParsedGenerator& generator = head.generator;
        if (!generator.name.empty() || !generator.uri.empty() || !generator.version.empty()) {
            w_.name("generator");
            w_.open('{');
            w_.member("name", generator.name);
            w_.member("uri", generator.uri);
            w_.member("version", generator.version);
            w_.close('}');
        }
        w_.member("docs", head.docs);
        w_.member("ttl", head.ttl);
        w_.member("new_location", head.new_location);
        w_.member("update_period", head.update_period);
        w_.member("update_frequency", head.update_frequency);
        if (!head.cloud.domain.empty() || !head.cloud.path.empty()) {
            w_.name("cloud");
            w_.open('{');
            w_.member("domain", head.cloud.domain);
            w_.member("port", head.cloud.port);
            w_.member("path", head.cloud.path);
            w_.member("registerprocedure", head.cloud.procedure);
            w_.member("protocol", head.cloud.protocol);
            w_.close('}');
        }
        const ParsedTextInput& input = head.text_input;
        if (!(input.title + input.description + input.name + input.link).empty()) {
            w_.name("textinput");
            w_.open('{');
            w_.member("title", input.title);
            w_.member("description", input.description);
            w_.member("name", input.name);
            w_.member("link", input.link);
            w_.close('}');
        }
    }

    void write_entry(const ParsedEntry& entry) {
        w_.open('{');
        write_members(entry);
        construct("summary", entry.summary);
        w_.list("content", entry.contents, [this](const TextConstruct& content) {
            w_.open('{');
            w_.member("value", shown(content, false));
            w_.member("type", content.type);
            w_.member("lang", content.language);
            w_.member("base", content.base);
            w_.member("src", content.source);
            w_.close('}');
        });
        const std::vector<ParsedEnclosure> files = files_of(entry);
        if (files.empty()) {
            w_.name("enclosures");
            w_.raw("[]");
        }
        w_.list("enclosures", files, [this](const ParsedEnclosure& enclosure) {
            w_.open('{');
            w_.member("url", enclosure.url);
            w_.member("type", enclosure.type);
            w_.member("length", enclosure.length);
            w_.close('}');
        });
        if (entry.id_is_permalink) {
            w_.name("id_is_permalink");
            w_.raw(*entry.id_is_permalink ? "true" : "false");
        }
        w_.member("direction", entry.direction);
        w_.member("original_id", entry.original_id);
        w_.member("original_link", entry.original_link);
        if (entry.source) {
            w_.name("source");
            w_.open('{');
            w_.member("url", entry.source->url);
            write_head(*entry.source);
            w_.close('}');
        }
        if (entry.media) write_media(*entry.media);
        if (entry.reply) {
            w_.name("in_reply_to");
            w_.open('{');
            w_.member("ref", entry.reply->ref);
            w_.member("href", entry.reply->href);
            w_.member("source", entry.reply->source);
            w_.member("type", entry.reply->type);
            w_.close('}');
        }
        w_.close('}');
    }

    void write_media(const ParsedMedia& media) {
        w_.name("media");
        w_.open('{');
        w_.list("contents", media.contents, [this](const ParsedMediaContent& content) {
            w_.open('{');
            w_.member("url", content.url);
            w_.member("type", content.type);
            w_.member("medium", content.medium);
            w_.member("length", content.length);
            w_.member("width", content.width);
            w_.member("height", content.height);
            w_.member("title", content.title);
            w_.member("language", content.language);
            w_.member("duration", content.duration);
            w_.close('}');
        });
        w_.list("thumbnails", media.thumbnails, [this](const ParsedThumbnail& thumbnail) {
            w_.open('{');
            w_.member("url", thumbnail.url);
            w_.member("width", thumbnail.width);
            w_.member("height", thumbnail.height);
            w_.close('}');
        });
        w_.list("credits", media.credits, [this](const ParsedCredit& credit) {
            w_.open('{');
            w_.member("role", credit.role);
            w_.member("scheme", credit.scheme);
            w_.member("content", credit.name);
            w_.close('}');
        });
        nested("rating", {{"scheme", media.rating_scheme}, {"content", media.rating}});
        nested("license", {{"type", media.license_type}, {"href", media.license_url}, {"content", media.license}});
        nested("player", {{"url", media.player}, {"content", media.player_text}});
        if (!media.restriction.empty() || !media.restriction_relationship.empty()) {
            w_.name("restriction");
            w_.open('{');
            w_.member("relationship", media.restriction_relationship);
            w_.list("content", media.restriction, [this](const std::string& where) { w_.text(where); });
            w_.close('}');
        }
        w_.close('}');
    }

    void nested(std::string_view key, std::initializer_list<std::pair<std::string_view, std::string_view>> members) {
        bool says_something = false;
        for (const auto& [name, value] : members) says_something = says_something || !value.empty();
        if (!says_something) return;
        w_.name(key);
        w_.open('{');
        for (const auto& [name, value] : members) w_.member(name, value);
        w_.close('}');
    }

    const FeedModelOptions& options_;
    JsonWriter w_;
};

}  // namespace

std::string feed_model_json(const Feed& feed, const FeedModelOptions& options) { return ModelWriter(options).write(feed); }

}  // namespace gazetted
