#include "daemon/faults.hpp"

#include "daemon/for_people.hpp"

#include <algorithm>

namespace gazetted {

namespace {

using Faults = std::vector<Fault>;
using Seconds = std::chrono::seconds;

constexpr Seconds lag_max{300};
constexpr Seconds survey_age_max{7'200};
constexpr Seconds certificate_warning = std::chrono::days(14);
/// Fewer polls than this say nothing about the network.
constexpr std::uint64_t telling_polls = 5;

Seconds since_epoch(Instant instant) { return std::chrono::floor<Seconds>(instant.time_since_epoch()); }

std::string of_the_last_hour(const FigureHistory& history) { return "within the last " + span_text(history.remembered()); }

/// `one` where it is one thing, else the count and `many`.
std::string counted(std::uint64_t count, const std::string& one, const std::string& many) {
    return count == 1 ? "1 " + one : grouped(count) + " " + many;
}

template <class Things, class ToText>
void list_cases(Fault& fault, const Things& things, std::size_t all, ToText to_text) {
    for (const auto& thing : things) {
        if (fault.cases.size() == Fault::cases_max) break;
        fault.cases.push_back(to_text(thing));
    }
    fault.cases_more = all - std::min(all, fault.cases.size());
}

void add_database(Faults& faults, const StatusBoard::View& view, const DatabaseState& database, Instant now) {
    if (!database.available)
        faults.push_back({.is_grave = true,
                          .what = "The database is away: " + database.reason + ".",
                          .remedy = "Readers get what was rendered before, and nothing new. Look after PostgreSQL; the daemon "
                                    "finds it again by itself.",
                          .command = "gazetted check",
                          .cases = {}});
    else if (!view.failure.empty())
        faults.push_back({.what = "What the database has could not be looked up: " + view.failure + ".",
                          .remedy = "Feeds are served; the tables on this page are old or empty. Where the reason is a right "
                                    "that the role lacks, grant it (docs/sql.md, Roles).",
                          .command = "gazetted check",
                          .cases = {}});
    else if (view.survey && now - view.survey->taken > survey_age_max)
        faults.push_back({.what = "The tables on this page are " + span_text(now - view.survey->taken) + " old.",
                          .remedy = "Looking them up takes the database long, so it is done seldom. Ask it for its slowest "
                                    "statements.",
                          .command = "",
                          .cases = {}});
}

void add_renderings(Faults& faults, const Figures& figures, const StatusBoard::View& view, const DatabaseState& database) {
    const auto failed = view.history.growth(&FigureSample::failed_renderings);
    if (failed > 0 && database.available)
        faults.push_back(
            {.is_grave = true,
             .what = counted(failed, "rendering", "renderings") + " failed " + of_the_last_hour(view.history) + ".",
             .remedy = "Those feeds show what they showed before. The journal has a line render_failed, or "
                       "database_unavailable, with the reason of each.",
             .command = "journalctl -u gazetted -p warning",
             .cases = {}});
    const auto& survey = view.survey;
    const std::size_t known = survey ? survey->set_aside.size() : 0;
    if (figures.articles_set_aside == 0 && known == 0) return;
    Fault fault{
        .is_grave = true,
        .what = counted(std::max(known, figures.articles_set_aside), "place lacks an article", "places lack an article") +
                " because the feed would not be valid with it.",
        .remedy = "Mend the row, or withdraw it; it is tried again as soon as it changes.",
        .command = "gazetted article show ID",
        .cases = {}};
    if (survey)
        list_cases(fault, survey->set_aside, known, [](const Survey::SetAside& one) {
            return one.article_id + " is left out of " + one.path + ": " + one.reason;
        });
    faults.push_back(std::move(fault));
}

std::string source_text(const Survey::Source& source, Instant now) {
    std::string text = source.slug + " (" + source.url + ")";
    if (source.since) text += " for " + span_text(now - *source.since);
    return source.error.empty() ? text : text + ": " + source.error;
}

void add_sources(Faults& faults, const StatusBoard::View& view, Instant now) {
    const Survey& survey = *view.survey;
    if (const auto count = survey.standing.failing; count > 0) {
        Fault fault{
            .what = counted(count, "source does", "sources do") + " not answer as it should.",
            .remedy =
                "Each is asked again, ever more seldom. Try its address by hand; add its new one and remove this, or pause it.",
            .command = "gazetted source list --failing",
            .cases = {}};
        if (count > 1) fault.what = grouped(count) + " sources do not answer as they should.";
        list_cases(fault, survey.failing, count, [&](const auto& source) { return source_text(source, now); });
        faults.push_back(std::move(fault));
    }
    if (const auto count = survey.standing.silent; count > 0) {
        Fault fault{.what = counted(count, "source has", "sources have") + " had nothing new for longer than usual.",
                    .remedy = "See whether the site goes on publishing elsewhere.",
                    .command = "gazetted source list --silent",
                    .cases = {}};
        list_cases(fault, survey.silent, count, [&](const auto& source) { return source_text(source, now); });
        faults.push_back(std::move(fault));
    }
    if (survey.standing.lag > lag_max)
        faults.push_back({.what = "A poll has been due for " + span_text(survey.standing.lag) + ".",
                          .remedy = view.daemon.polls ? "There are more subscriptions than this node polls in time: raise "
                                                        "polling.transfers_max, or let another node poll too."
                                                      : "This node does not poll (polling.enabled), and no other one does.",
                          .command = "gazetted source list",
                          .cases = {}});
}

void add_polls(Faults& faults, const StatusBoard::View& view) {
    const auto polls = view.history.growth(&FigureSample::polls), failed = view.history.growth(&FigureSample::failed_polls);
    if (polls < telling_polls || failed < polls) return;
    faults.push_back({.is_grave = true,
                      .what = "All " + grouped(polls) + " polls " + of_the_last_hour(view.history) + " failed.",
                      .remedy = "This machine may not reach the network, its name servers, or its proxy (polling.proxy).",
                      .command = "gazetted source list --failing",
                      .cases = {}});
}

void add_limits(Faults& faults, const FigureHistory& history) {
    if (const auto refused = history.growth(&FigureSample::refused_connections); refused > 0)
        faults.push_back(
            {.is_grave = true,
             .what = counted(refused, "connection was", "connections were") + " refused " + of_the_last_hour(history) + ".",
             .remedy = "There were too many of all or of one address: server.connections_max and "
                       "server.connections_per_address_max say how many may be.",
             .command = "",
             .cases = {}});
    if (const auto evicted = history.growth(&FigureSample::evictions); evicted > 0)
        faults.push_back({.what = counted(evicted, "document", "documents") + " had to make room for others " +
                                  of_the_last_hour(history) + ".",
                          .remedy = "All of what is asked for does not fit into cache.bytes_max: raise it where there is "
                                    "memory.",
                          .command = "",
                          .cases = {}});
    if (const auto lost = history.growth(&FigureSample::lost_access_lines); lost > 0)
        faults.push_back(
            {.what = counted(lost, "line", "lines") + " of the access log found no room " + of_the_last_hour(history) + ".",
             .remedy = "The disk is full or slower than the requests.",
             .command = "df -h",
             .cases = {}});
}

void add_certificate(Faults& faults, const Figures& figures, Instant now) {
    if (figures.certificate_expires_s <= 0) return;
    const Seconds left = Seconds(static_cast<std::int64_t>(figures.certificate_expires_s)) - since_epoch(now);
    if (left > certificate_warning) return;
    faults.push_back({.is_grave = left <= Seconds(0),
                      .what = left <= Seconds(0) ? "The certificate has expired " + span_text(-left) + " ago."
                                                 : "The certificate expires in " + span_text(left) + ".",
                      .remedy = "Renew it; the daemon reads the files again as soon as they change.",
                      .command = "gazetted check",
                      .cases = {}});
}

}  // namespace

std::vector<Fault> faults_of(const Figures& figures, const StatusBoard::View& view, const DatabaseState& database,
                             Instant now) {
    Faults faults;
    add_database(faults, view, database, now);
    add_renderings(faults, figures, view, database);
    add_certificate(faults, figures, now);
    add_polls(faults, view);
    if (view.survey) add_sources(faults, view, now);
    add_limits(faults, view.history);
    std::stable_sort(faults.begin(), faults.end(), [](const Fault& a, const Fault& b) { return a.is_grave > b.is_grave; });
    return faults;
}

}  // namespace gazetted
