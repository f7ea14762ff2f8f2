#include "daemon/store.hpp"
#include "feeds/ascii.hpp"
#include "feeds/text.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>

namespace gazetted {

namespace {

// The CHECKs of sql/migrations; a test goes to each limit and one past it.
constexpr std::size_t id_bytes_max = 2'048;
constexpr std::size_t url_bytes_max = 4'096;
constexpr std::size_t title_bytes_max = 16'384;
constexpr std::size_t summary_bytes_max = 1'048'576;
constexpr std::size_t content_bytes_max = 16'777'216;
constexpr std::size_t language_bytes_max = 64;
constexpr std::size_t authors_bytes_max = 65'536;
constexpr std::size_t name_bytes_max = 512;  ///< slugs and tags
constexpr std::size_t category_title_bytes_max = 4'096;
constexpr std::size_t media_type_bytes_max = 255;
constexpr std::size_t rights_bytes_max = 16'384;
constexpr std::size_t label_bytes_max = 4'096;  ///< of tags, and the titles of enclosures and the names of places
constexpr std::size_t scheme_bytes_max = 2'048;
constexpr std::size_t origin_bytes_max = 65'536;
constexpr std::uint64_t length_max = INT64_MAX;
constexpr std::uint32_t number_max = INT32_MAX;
constexpr Instant earliest = std::chrono::sys_days(std::chrono::year(1) / 1 / 1);
constexpr Instant latest = std::chrono::sys_days(std::chrono::year(9999) / 12 / 31) + std::chrono::seconds(86'399);

using Refusal = std::optional<std::string>;

bool is_control(char c) { return (c >= 0 && c < 0x20) || c == 0x7F; }
bool holds_control(std::string_view text) { return std::ranges::any_of(text, is_control); }

Refusal text_refusal(std::string_view what, std::string_view text, std::size_t bytes_max) {
    if (text.size() > bytes_max) return std::string(what) + " is longer than " + std::to_string(bytes_max) + " bytes";
    if (text.find('\0') != std::string_view::npos) return std::string(what) + " holds a NUL character";
    if (!is_utf8(text)) return std::string(what) + " is not UTF-8";
    return std::nullopt;
}

Refusal url_refusal(std::string_view what, std::string_view url) {
    if (auto refused = text_refusal(what, url, url_bytes_max)) return refused;
    const auto begins = [&](std::string_view scheme) {
        return url.size() > scheme.size() && equal_ignoring_case(url.substr(0, scheme.size()), scheme);
    };
    if (!begins("http://") && !begins("https://")) return std::string(what) + " is no http or https address";
    if (url.find_first_of(" \t\n\v\f\r") != std::string_view::npos) return std::string(what) + " holds white space";
    return std::nullopt;
}

Refusal name_refusal(std::string_view what, std::string_view name) {
    if (name.empty()) return std::string(what) + " is empty";
    if (auto refused = text_refusal(what, name, name_bytes_max)) return refused;
    if (holds_control(name)) return std::string(what) + " holds a control character";
    return std::nullopt;
}

Refusal category_refusal(const CategoryTerm& category) {
    if (auto refused = name_refusal("a category", category.slug)) return refused;
    if (category.slug.find('/') != std::string::npos) return "a category holds a slash";
    if (category.slug == "." || category.slug == "..") return "a category is a dot segment";
    return text_refusal("a category's title", category.title, category_title_bytes_max);
}

Refusal tag_refusal(const Tag& tag) {
    if (auto refused = name_refusal("a tag", tag.name)) return refused;
    if (auto refused = text_refusal("a tag's scheme", tag.scheme, scheme_bytes_max)) return refused;
    if (holds_control(tag.scheme) || tag.scheme.find(' ') != std::string::npos) return "a tag's scheme holds white space";
    return text_refusal("a tag's label", tag.label, label_bytes_max);
}

Refusal enclosure_refusal(const Enclosure& enclosure) {
    if (auto refused = url_refusal("an enclosure's address", enclosure.url)) return refused;
    const auto is_token = [](std::string_view part) {
        return !part.empty() && std::ranges::all_of(part, [](char c) {
            return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                   std::string_view("!#$&^_.+-").find(c) != std::string_view::npos;
        });
    };
    const std::string_view type = enclosure.media_type;
    const std::size_t slash = type.find('/');
    if (slash == std::string_view::npos || type.size() > media_type_bytes_max || !is_token(type.substr(0, slash)) ||
        !is_token(type.substr(slash + 1))) {
        return "an enclosure's media type is none";
    }
    if (enclosure.length_bytes.value_or(0) > length_max) return "an enclosure's length is out of range";
    const auto seconds = enclosure.duration.value_or(std::chrono::seconds{0}).count();
    if (seconds < 0 || seconds > number_max) return "an enclosure's duration is out of range";
    for (const auto& extent : {enclosure.width, enclosure.height})
        if (extent && (*extent == 0 || *extent > number_max)) return "an enclosure's width or height is out of range";
    if (auto refused = text_refusal("an enclosure's title", enclosure.title, label_bytes_max)) return refused;
    return text_refusal("an enclosure's language", enclosure.language, language_bytes_max);
}

/// As PostgreSQL writes a jsonb object: a blank after each colon and comma.
std::size_t bytes_of(const Person& author) {
    std::size_t bytes = 2 + 8 + boost::json::serialize(author.name).size();
    if (!author.email.empty()) bytes += 2 + 9 + boost::json::serialize(author.email).size();
    if (!author.uri.empty()) bytes += 2 + 7 + boost::json::serialize(author.uri).size();
    return bytes;
}

Refusal authors_refusal(const std::vector<Person>& authors) {
    std::size_t bytes = 2;
    for (const Person& author : authors) {
        for (const std::string* value : {&author.name, &author.email, &author.uri}) {
            if (auto refused = text_refusal("an author", *value, authors_bytes_max)) return refused;
        }
        bytes += (bytes == 2 ? 0 : 2) + bytes_of(author);
    }
    if (bytes > authors_bytes_max) return "the authors take more than " + std::to_string(authors_bytes_max) + " bytes";
    return std::nullopt;
}

Refusal location_refusal(const Location& location) {
    if (const auto& point = location.point) {
        // Written so that what is no number is refused too.
        if (!(std::abs(point->latitude) <= 90)) return "the latitude is outside 90 degrees";
        if (!(std::abs(point->longitude) <= 180)) return "the longitude is outside 180 degrees";
    }
    return text_refusal("the place", location.name, label_bytes_max);
}

Refusal episode_refusal(const Episode& episode) {
    if (episode.season.value_or(0) > number_max || episode.number.value_or(0) > number_max)
        return "the season or the episode is out of range";
    if (!episode.kind.empty() && episode.kind != "full" && episode.kind != "trailer" && episode.kind != "bonus")
        return "the episode's kind is none of full, trailer and bonus";
    return std::nullopt;
}

/// Counted a little larger than the table does.
Refusal origin_refusal(const std::optional<Origin>& origin) {
    if (!origin) return std::nullopt;
    if (auto refused = authors_refusal(origin->authors)) return refused;
    std::size_t bytes = 0;
    for (const std::string* value :
         {&origin->entry_id, &origin->entry_link, &origin->feed_id, &origin->feed_link, &origin->home_link, &origin->title,
          &origin->subtitle, &origin->icon, &origin->logo, &origin->rights, &origin->language}) {
        if (auto refused = text_refusal("the origin", *value, origin_bytes_max)) return refused;
        bytes += 32 + boost::json::serialize(*value).size();
    }
    for (const Person& author : origin->authors) bytes += 2 + bytes_of(author);
    if (bytes > origin_bytes_max) return "the origin takes more than " + std::to_string(origin_bytes_max) + " bytes";
    return std::nullopt;
}

Refusal time_refusal(std::string_view what, Instant moment) {
    if (moment < earliest || moment > latest) return std::string(what) + " is outside the years 1 to 9999";
    return std::nullopt;
}

Refusal id_refusal(const std::string& id) {
    if (id.empty()) return "the id is empty";
    if (auto refused = text_refusal("the id", id, id_bytes_max)) return refused;
    if (holds_control(id)) return "the id holds a control character";
    return std::nullopt;
}

template <class Check>
Refusal first_refusal(const auto& values, Check check) {
    for (const auto& value : values) {
        if (auto refused = check(value)) return refused;
    }
    return std::nullopt;
}

}  // namespace

std::optional<std::string> refusal(const Article& article) {
    if (article.title.empty() && article.content.empty()) return "there is neither a title nor a text";
    const Refusal all[] = {
        id_refusal(article.id),
        article.url.empty() ? std::nullopt : url_refusal("the address", article.url),
        text_refusal("the title", article.title, title_bytes_max),
        text_refusal("the summary", article.summary, summary_bytes_max),
        text_refusal("the text", article.content, content_bytes_max),
        text_refusal("the language", article.language, language_bytes_max),
        time_refusal("the date", article.published),
        article.updated ? time_refusal("the date of change", *article.updated) : std::nullopt,
        authors_refusal(article.authors),
        first_refusal(article.categories, category_refusal),
        first_refusal(article.tags, tag_refusal),
        first_refusal(article.enclosures, enclosure_refusal),
        text_refusal("the rights", article.rights, rights_bytes_max),
        article.comments_link.empty() ? std::nullopt : url_refusal("the comments' address", article.comments_link),
        article.direction.empty() || article.direction == "ltr" || article.direction == "rtl"
            ? std::nullopt
            : Refusal("the direction is neither ltr nor rtl"),
        location_refusal(article.location),
        episode_refusal(article.episode),
        origin_refusal(article.origin),
    };
    for (const Refusal& one : all) {
        if (one) return one;
    }
    return std::nullopt;
}

}  // namespace gazetted
