#include "daemon/survey.hpp"

#include "daemon/store.hpp"

#include <unistd.h>

#include <array>

namespace gazetted {

namespace {

std::string text_at(const Listing& rows, std::size_t row, std::string_view column) {
    const auto* text = std::get_if<std::string>(&rows.at(row, column));
    return text ? *text : std::string();
}

std::int64_t number_at(const Listing& rows, std::size_t row, std::string_view column) {
    const auto* number = std::get_if<std::int64_t>(&rows.at(row, column));
    return number ? *number : 0;
}

std::optional<Instant> time_at(const Listing& rows, std::size_t row, std::string_view column) {
    const auto time = parse_rfc3339(text_at(rows, row, column));
    return time ? std::optional(*time) : std::nullopt;
}

void add_articles(Survey& survey, Store& store) {
    const StoreCounts counts = store.counts();
    survey.shown = counts.shown;
    survey.held = counts.held;
    survey.withdrawn = counts.withdrawn;
    survey.categories_count = counts.categories;
    const Listing site = store.listing("survey_site", {});
    if (!site.rows.empty()) survey.site_title = text_at(site, 0, "site_title");
    if (const auto published = site.rows.empty() ? std::nullopt : time_at(site, 0, "published"))
        survey.newest = {.number = number_at(site, 0, "number"), .title = text_at(site, 0, "title"), .published = *published};
    for (const Store::SetAside& one : store.set_aside())
        survey.set_aside.push_back({.article_id = one.article_id, .path = one.path, .reason = one.reason});
}

void add_categories(Survey& survey, Store& store) {
    const Listing rows = store.listing("survey_categories", {std::to_string(Survey::categories_max)});
    for (std::size_t row = 0; row < rows.rows.size(); ++row)
        survey.categories.push_back({.slug = text_at(rows, row, "slug"),
                                     .title = text_at(rows, row, "title"),
                                     .articles = number_at(rows, row, "articles"),
                                     .set_aside = number_at(rows, row, "set_aside"),
                                     .newest = time_at(rows, row, "newest")});
}

void add_sources(Survey& survey, Store& store) {
    survey.standing = store.subscriptions_standing();
    const Listing rows = store.listing("survey_sources", {std::to_string(Survey::troubled_max)});
    for (std::size_t row = 0; row < rows.rows.size(); ++row) {
        const Survey::Source source{.slug = text_at(rows, row, "slug"), .url = text_at(rows, row, "feed_url"), .error = ""};
        if (const auto error = text_at(rows, row, "error"); !error.empty()) {
            survey.failing.push_back(source);
            survey.failing.back().error = error;
            survey.failing.back().since = time_at(rows, row, "failing_since");
        }
        if (const auto since = time_at(rows, row, "silent_since")) {
            survey.silent.push_back(source);
            survey.silent.back().since = since;
        }
    }
}

void add_nodes(Survey& survey, Store& store) {
    const Listing rows = store.listing("survey_nodes", {std::to_string(Survey::nodes_max)});
    for (std::size_t row = 0; row < rows.rows.size(); ++row)
        survey.nodes.push_back({.name = text_at(rows, row, "name"), .since = time_at(rows, row, "since")});
}

}  // namespace

Survey take_survey(Store& store, Instant now) {
    const auto begun = std::chrono::steady_clock::now();
    Survey survey;
    survey.taken = now;
    add_articles(survey, store);
    add_categories(survey, store);
    add_sources(survey, store);
    add_nodes(survey, store);
    survey.took = std::chrono::ceil<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begun);
    return survey;
}

// PostgreSQL keeps 63 bytes of an application's name, ASCII alone.
std::string node_name() {
    std::array<char, 256> host{};
    ::gethostname(host.data(), host.size() - 1);
    constexpr std::size_t host_bytes_max = 30;
    return "gazetted " GAZETTED_VERSION " on " + std::string(host.data()).substr(0, host_bytes_max) + ", process " +
           std::to_string(::getpid());
}

}  // namespace gazetted
