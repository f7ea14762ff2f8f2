#include "daemon/metrics.hpp"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <utility>
#include <vector>

namespace gazetted {

namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

class Families {
public:
    void add(MetricType type, std::string name, std::string help) {
        families_.emplace_back();
        families_.back().name = std::move(name);
        families_.back().help = std::move(help);
        families_.back().type = type;
    }
    /// A number of the family added last.
    void number(double value, std::vector<ClientMetric::Label> labels = {}) {
        auto& family = families_.back();
        auto& metric = family.metric.emplace_back();
        metric.label = std::move(labels);
        (family.type == MetricType::Counter ? metric.counter.value : metric.gauge.value) = value;
    }
    void counter(std::string name, std::string help, std::uint64_t value) {
        add(MetricType::Counter, std::move(name), std::move(help));
        number(static_cast<double>(value));
    }
    void gauge(std::string name, std::string help, double value) {
        add(MetricType::Gauge, std::move(name), std::move(help));
        number(value);
    }
    void histogram(const Histogram::Snapshot& snapshot, std::vector<ClientMetric::Label> labels = {}) {
        auto& metric = families_.back().metric.emplace_back();
        metric.label = std::move(labels);
        auto& histogram = metric.histogram;
        for (std::size_t i = 0; i < snapshot.counts.size(); ++i) {
            histogram.sample_count += snapshot.counts[i];
            if (i < Histogram::bounds_s.size()) histogram.bucket.push_back({histogram.sample_count, Histogram::bounds_s[i]});
        }
        histogram.sample_sum = snapshot.sum_s;
    }
    std::string text() const { return prometheus::TextSerializer().Serialize(families_); }

private:
    std::vector<MetricFamily> families_;
};

void add_answers(Families& to, const Figures& figures) {
    to.add(MetricType::Counter, "gazetted_responses_total", "Answers by status, those on the status listener included.");
    auto responses = figures.responses;
    for (const unsigned usual : {200U, 226U, 304U, 404U, 503U}) responses.try_emplace(usual, 0);
    for (const auto& [status, count] : responses) to.number(static_cast<double>(count), {{"status", std::to_string(status)}});
    to.counter("gazetted_response_body_bytes_total", "Bytes of bodies sent.", figures.body_bytes);
    to.add(MetricType::Counter, "gazetted_saved_body_bytes_total", "Bytes of uncoded bodies that did not have to be sent.");
    to.number(static_cast<double>(figures.saved_by_not_modified_bytes), {{"by", "not_modified"}});
    to.number(static_cast<double>(figures.saved_by_coding_bytes), {{"by", "coding"}});
    to.number(static_cast<double>(figures.saved_by_delta_bytes), {{"by", "delta"}});
    to.gauge("gazetted_connections", "Open connections.", static_cast<double>(figures.connections));
    to.counter("gazetted_connections_accepted_total", "Connections accepted.", figures.accepted);
    to.add(MetricType::Counter, "gazetted_connections_refused_total", "Connections beyond a limit.");
    to.number(static_cast<double>(figures.refused), {{"limit", "connections_max"}});
    to.number(static_cast<double>(figures.refused_by_address), {{"limit", "connections_per_address_max"}});
    to.gauge("gazetted_connection_addresses", "Addresses that have connections and are counted.",
             static_cast<double>(figures.connection_addresses));
    to.gauge("gazetted_certificate_expires_seconds", "When the certificate expires, since 1970; 0 without TLS.",
             figures.certificate_expires_s);
}

void add_cache(Families& to, const Figures& figures) {
    to.add(MetricType::Counter, "gazetted_cache_requests_total", "Requests for documents by what the cache had.");
    to.number(static_cast<double>(figures.found_fresh), {{"result", "fresh"}});
    to.number(static_cast<double>(figures.found_stale), {{"result", "stale"}});
    to.number(static_cast<double>(figures.not_found), {{"result", "miss"}});
    to.gauge("gazetted_cache_documents", "Documents in the cache.", static_cast<double>(figures.cache_documents));
    to.gauge("gazetted_cache_bytes", "Bytes of the documents in the cache.", static_cast<double>(figures.cache_bytes));
    to.gauge("gazetted_cache_limit_bytes", "Bytes that the cache may have.", static_cast<double>(figures.cache_limit_bytes));
    to.gauge("gazetted_image_bytes", "Bytes of the answers that are kept as files in memory for this second.",
             static_cast<double>(figures.image_bytes));
    to.counter("gazetted_cache_evictions_total", "Documents dropped to make room.", figures.cache_evictions);
}

void add_renderings(Families& to, const Figures& figures) {
    to.add(MetricType::Histogram, "gazetted_rendering_seconds", "Time of a rendering, the database's part included.");
    for (const auto& [format, snapshot] : figures.renderings) to.histogram(snapshot, {{"format", std::string(format)}});
    to.counter("gazetted_rendering_failures_total", "Renderings that failed.", figures.rendering_failures);
    to.gauge("gazetted_articles_set_aside", "Articles that some feed goes on without, because it would not be valid with them.",
             static_cast<double>(figures.articles_set_aside));
    to.gauge("gazetted_documents_incomplete", "Documents that go on without such an article.",
             static_cast<double>(figures.documents_incomplete));
    to.add(MetricType::Histogram, "gazetted_commit_to_bytes_seconds",
           "Time from a commit, by the database's clock, to the new bytes of a feed, by ours.");
    to.histogram(figures.commit_to_bytes);
    to.gauge("gazetted_callers_waiting", "Requests that wait for a first rendering.",
             static_cast<double>(figures.callers_waiting));
}

void add_database(Families& to, const Figures& figures) {
    to.gauge("gazetted_database_available", "1 while renderings reach the database.", figures.database_available ? 1 : 0);
    to.counter("gazetted_database_outages_total", "How often the database went away from renderings.",
               figures.database_outages);
    to.counter("gazetted_notifications_total", "Notifications of changes that were taken in, those that come together as one.",
               figures.notifications);
    to.counter("gazetted_revision_comparisons_total",
               "How often all revisions were compared, to heal what was not notified of.", figures.revision_comparisons);
    const auto& tables = figures.tables;
    const auto add_number = [&](double value, std::vector<ClientMetric::Label> labels = {}) {
        if (tables) to.number(value, std::move(labels));
    };
    to.add(MetricType::Gauge, "gazetted_articles", "Articles in the database by what becomes of them.");
    add_number(tables ? static_cast<double>(tables->shown) : 0, {{"state", "shown"}});
    add_number(tables ? static_cast<double>(tables->held) : 0, {{"state", "held"}});
    add_number(tables ? static_cast<double>(tables->withdrawn) : 0, {{"state", "withdrawn"}});
    to.add(MetricType::Gauge, "gazetted_categories", "Categories in the database.");
    add_number(tables ? static_cast<double>(tables->categories) : 0);
    to.add(MetricType::Gauge, "gazetted_newest_article_timestamp_seconds",
           "When the newest article that is shown was published, since 1970; 0 where there is none.");
    add_number(tables ? tables->newest_s : 0);
    to.add(MetricType::Gauge, "gazetted_survey_timestamp_seconds", "When the database was last asked for these, since 1970.");
    add_number(tables ? tables->surveyed_s : 0);
}

void add_counts(Families& to, std::map<std::string_view, std::uint64_t> counts, std::initializer_list<std::string_view> usual,
                const std::string& label) {
    for (const auto name : usual) counts.try_emplace(name, 0);
    for (const auto& [name, count] : counts) to.number(static_cast<double>(count), {{label, std::string(name)}});
}

void add_polling(Families& to, const PollingFigures& figures) {
    to.add(MetricType::Counter, "gazetted_polls_total", "Polls of upstream feeds by what came of them.");
    add_counts(to, figures.polls, {"whole", "unchanged", "gone", "wait", "failed"}, "outcome");
    to.counter("gazetted_polls_received_bytes_total", "Bytes that polls received.", figures.received_bytes);
    to.counter("gazetted_polls_saved_bytes_total", "Bytes that validators saved polls.", figures.saved_bytes);
    to.add(MetricType::Counter, "gazetted_polled_articles_total", "Articles of upstream feeds by what became of them.");
    add_counts(to, figures.articles, {"added", "changed", "withdrawn", "dropped", "refused"}, "change");
    const SubscriptionsStanding& standing = figures.standing;
    to.add(MetricType::Gauge, "gazetted_subscriptions", "Subscriptions by state.");
    to.number(static_cast<double>(standing.active), {{"state", "active"}});
    to.number(static_cast<double>(standing.paused), {{"state", "paused"}});
    to.number(static_cast<double>(standing.gone), {{"state", "gone"}});
    to.gauge("gazetted_subscriptions_failing", "Subscriptions whose last poll failed.", static_cast<double>(standing.failing));
    to.gauge("gazetted_subscriptions_silent", "Subscriptions that are silent beyond their usual.",
             static_cast<double>(standing.silent));
    to.gauge("gazetted_longest_silence_seconds", "For how long the longest of them has been so.",
             static_cast<double>(standing.longest_silence.count()));
    to.gauge("gazetted_polling_lag_seconds", "For how long the longest due poll has waited.",
             static_cast<double>(standing.lag.count()));
}

void add_process(Families& to, const Figures& figures) {
    to.counter("gazetted_access_lines_written_total", "Lines of the access log written.", figures.access_lines_written);
    to.counter("gazetted_access_lines_lost_total", "Lines of the access log lost to a full or slow disk.",
               figures.access_lines_lost);
    to.counter("gazetted_readers_left_out_total", "Sightings of readers that found no room.", figures.readers_left_out);
    to.add(MetricType::Histogram, "gazetted_loop_lag_seconds", "How late the event loops' ticks come, four a second each.");
    to.histogram(figures.loop_lag);
    to.add(MetricType::Gauge, "gazetted_build_info", "1, with the version.");
    to.number(1, {{"version", GAZETTED_VERSION}});
    to.gauge("process_start_time_seconds", "When the process started, since 1970.", figures.started_s);
    to.add(MetricType::Counter, "process_cpu_seconds_total", "User and system time.");
    to.number(figures.cpu_s);
    to.gauge("process_resident_memory_bytes", "Resident memory.", static_cast<double>(figures.resident_bytes));
    to.gauge("process_open_fds", "Open descriptors.", static_cast<double>(figures.descriptors));
}

}  // namespace

std::string metrics_text(const Figures& figures) {
    Families families;
    add_answers(families, figures);
    add_cache(families, figures);
    add_renderings(families, figures);
    add_database(families, figures);
    add_polling(families, figures.polling);
    add_process(families, figures);
    return families.text();
}

}  // namespace gazetted
