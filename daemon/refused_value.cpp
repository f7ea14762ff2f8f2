#include "daemon/refused_value.hpp"

#include <algorithm>
#include <iterator>
#include <vector>

namespace gazetted {

namespace {

constexpr ConstraintSentence sentences[] = {
    {"articles_title_check", "a title has at most 16384 bytes"},
    {"_title_check", "a title has at most 4096 bytes"},
    {"_description_check", "a description has at most 65536 bytes"},
    {"_language_check", "a language has at most 64 bytes: give a tag such as de or zh-CN"},
    {"_entry_link_check", "entries point to source or to page; empty: as the site's"},
    {"_feed_id_check", "a feed id has 1 to 2048 bytes"},
    {"_icon_url_check", "an icon is an http or https address without white space, of at most 4096 bytes"},
    {"_logo_url_check", "a logo is an http or https address without white space, of at most 4096 bytes"},
    {"_sunset_url_check",
     "where people read about an end is an http or https address without white space, of at most 4096 bytes"},
    {"_podcast_category_check", "a category of podcasts has at most 512 bytes"},
    {"_keep_days_check", "a category keeps 1 to 36500 days; 0: all"},
    {"_keep_articles_check", "a category keeps 1 to 1000000000 articles; 0: all"},
    {"_removed_check", "an end is a time of the years 1970 to 9999, such as 2027-01-31"},
    {"_slug_check", "a slug has 1 to 512 bytes, no slash and no control character, and is neither . nor .."},
    {"_burst_max_check", "how many articles may rise at once is 0 or more"},
    {"sources_url_check", "a source's address has at most 4096 bytes"},
    {"_conditional_min_check", "the time between two requests is from 1 minute to 30 days, such as 30m"},
    {"_whole_min_check", "the time between two answers in full is from 1 minute to 30 days, such as 6h"},
    {"_interval_max_check", "the longest time between two requests is from 1 minute to 30 days, such as 12h"},
    {"subscriptions_content_check", "what is kept of articles is full or summary"},
    {"_user_agent_check", "a User-Agent has at most 512 bytes and no control character"},
    {"_credentials_check", "credentials have at most 1024 bytes and no control character"},
    {"_feed_url_check", "a feed has an http or https address without white space, of at most 4096 bytes"},
    {"rules_action_check", "a rule keeps, drops, names a category, tag or language, rewrites or strips"},
    {"rules_field_check", "a rule looks at a title, content, author, link, tag or language"},
    {"rules_pattern_check", "a pattern has at most 1000 bytes"},
    {"rules_position_check", "a source or category has at most 100 rules, whose places are 1 to 100"},
    {"rules_value_check", "what a rule sets has at most 4096 bytes"},
    {"rules_check", "a rule is of a source or of a category"},
    {"users_name_check", "a user's name has up to 64 of a to z, 0 to 9, _ and -"},
    {"users_scopes_check", "a token is for read, publish or admin, or several of them"},
    {"article_tags_tag_check", "a tag has 1 to 512 bytes and no control character"},
    {"article_tags_label_check", "a tag's label has at most 4096 bytes"},
    {"article_tags_scheme_check", "a tag's scheme has at most 2048 bytes and no white space"},
    {"_name_check", "a name has 1 to 512 bytes"},
    {"articles_authors_check", "the authors are a list of name, email and uri, of at most 65536 bytes"},
    {"_comments_url_check", "the comments' address is an http or https address without white space, of at most 4096 bytes"},
    {"articles_content_check", "a text has at most 16777216 bytes"},
    {"articles_direction_check", "a direction is ltr or rtl"},
    {"articles_episode_check", "an episode's number is 0 or more"},
    {"articles_episode_kind_check", "an episode's kind is full, trailer or bonus"},
    {"articles_have_whole_points", "a point has both a latitude and a longitude"},
    {"articles_id_check", "an id has 1 to 2048 bytes and no control character"},
    {"articles_latitude_check", "a latitude is within 90 degrees"},
    {"articles_longitude_check", "a longitude is within 180 degrees"},
    {"articles_origin_check", "the origin is none that is told in docs/sql.md"},
    {"articles_place_check", "a place has at most 4096 bytes"},
    {"articles_published_check", "a date is of the years 1 to 9999"},
    {"articles_updated_check", "a date of change is of the years 1 to 9999"},
    {"articles_withdrawn_check", "a date of withdrawal is of the years 1 to 9999"},
    {"articles_rights_check", "the rights have at most 16384 bytes"},
    {"articles_say_something", "there is neither a title nor a text"},
    {"articles_season_check", "a season's number is 0 or more"},
    {"articles_summary_check", "a summary has at most 1048576 bytes"},
    {"articles_url_check", "an address is http or https, without white space, of at most 4096 bytes"},
    {"enclosures_duration_seconds_check", "an enclosure's duration is 0 or more"},
    {"enclosures_height_check", "an enclosure's height is more than 0"},
    {"enclosures_width_check", "an enclosure's width is more than 0"},
    {"enclosures_length_bytes_check", "an enclosure's length is 0 or more"},
    {"enclosures_media_type_check", "an enclosure's media type is one such as audio/mpeg, of at most 255 bytes"},
    {"enclosures_position_check", "an enclosure's place is 0 or more"},
    {"enclosures_role_check", "an enclosure's role is none of enclosure, media, thumbnail, transcript, chapters"},
    {"enclosures_url_check", "an enclosure's address is http or https, without white space, of at most 4096 bytes"},
};

struct TypeSentence {
    std::string_view type;
    std::string_view sentence;  ///< behind the value
};
constexpr TypeSentence types[] = {
    {"timestamp with time zone", "is no time: write it as 2027-01-31 or 2027-01-31T12:00:00Z"},
    {"date/time field value out of range", "is no time: write it as 2027-01-31 or 2027-01-31T12:00:00Z"},
    {"type interval", "is no length of time: write it as 30m, 6h or 2 days"},
    {"interval field value out of range", "is too long a time: write it as 30m, 6h or 2 days"},
    {"out of range for type", "is too large a number"},
    {"type bigint", "is no whole number"},
    {"type integer", "is no whole number"},
};

/// What stands in double quotes, which is how PostgreSQL quotes in English.
std::vector<std::string_view> quoted_in(std::string_view message) {
    std::vector<std::string_view> words;
    for (auto open = message.find('"'); open != std::string_view::npos;) {
        const auto close = message.find('"', open + 1);
        if (close == std::string_view::npos) break;
        words.push_back(message.substr(open + 1, close - open - 1));
        open = message.find('"', close + 1);
    }
    return words;
}

}  // namespace

std::span<const ConstraintSentence> constraint_sentences() { return sentences; }

const ConstraintSentence* sentence_of_constraint(std::string_view name) {
    const auto* found = std::ranges::find_if(sentences, [&](const auto& known) { return name.ends_with(known.end); });
    return found == std::end(sentences) ? nullptr : found;
}

std::string told_refusal(std::string_view message) {
    const auto words = quoted_in(message);
    for (const std::string_view word : words)
        if (const auto* known = sentence_of_constraint(word)) return std::string(known->sentence);
    if (message.find("type json") != std::string_view::npos) return "it is no JSON";
    for (const auto& [type, sentence] : types)
        if (message.find(type) != std::string_view::npos && !words.empty())
            return "\"" + std::string(words.front()) + "\" " + std::string(sentence);
    return "the database refuses a value: " + std::string(message);
}

}  // namespace gazetted
