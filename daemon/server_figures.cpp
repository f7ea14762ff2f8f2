#include "daemon/clock.hpp"
#include "daemon/event_loop.hpp"
#include "daemon/pages_status.hpp"
#include "daemon/process_figures.hpp"

#include <algorithm>

namespace gazetted {

namespace {

void add_counts(Figures& figures, const LoopLedger::Counts& counts) {
    for (unsigned status = 100; status < LoopLedger::Counts::statuses; ++status)
        if (const auto count = counts.responses[status].get(); count > 0) figures.responses[status] += count;
    figures.body_bytes += counts.body_bytes.get();
    figures.saved_by_not_modified_bytes += counts.saved_by_not_modified_bytes.get();
    figures.saved_by_coding_bytes += counts.saved_by_coding_bytes.get();
    figures.saved_by_delta_bytes += counts.saved_by_delta_bytes.get();
    figures.accepted += counts.accepted.get();
    figures.found_fresh += counts.found.get();
    figures.not_found += counts.not_found.get();
}

void add_published(Figures& figures, const Publisher::Figures& published) {
    figures.cache_documents = published.documents;
    figures.cache_bytes = published.bytes;
    figures.cache_limit_bytes = published.bytes_max;
    figures.cache_evictions = published.evictions;
    figures.renderings = published.renderings;
    figures.rendering_failures = published.failed;
    figures.articles_set_aside = published.set_aside;
    figures.documents_incomplete = published.incomplete;
    figures.commit_to_bytes = published.commit_to_bytes;
    figures.callers_waiting = published.waiting;
    figures.database_available = published.database_available;
    figures.database_outages = published.database_outages;
    figures.notifications = published.notifications;
    figures.revision_comparisons = published.comparisons;
    // Loops and publisher count one after the other: a request may be in one of the two counts only.
    figures.found_stale = std::min(published.stale_found, figures.found_fresh);
    figures.found_fresh -= figures.found_stale;
}

double seconds_of(Instant instant) { return std::chrono::duration<double>(instant.time_since_epoch()).count(); }

Figures::Tables tables_of(const Survey& survey) {
    const auto natural = [](std::int64_t number) { return static_cast<std::uint64_t>(std::max<std::int64_t>(number, 0)); };
    return {.shown = natural(survey.shown),
            .held = natural(survey.held),
            .withdrawn = natural(survey.withdrawn),
            .categories = natural(survey.categories_count),
            .newest_s = survey.newest ? seconds_of(survey.newest->published) : 0,
            .surveyed_s = seconds_of(survey.taken)};
}

}  // namespace

Figures Service::figures() const {
    Figures figures;
    figures.connections = connections;
    figures.connection_addresses = address_counts.addresses();
    figures.refused = refused_by_all;
    figures.refused_by_address = refused_by_address;
    if (certificates)
        figures.certificate_expires_s =
            std::chrono::duration<double>(certificates->current()->expires().time_since_epoch()).count();
    for (const auto& loop : loops) {
        add_counts(figures, loop->ledger().counts);
        figures.image_bytes += loop->image_bytes();
        figures.loop_lag.add(loop->lag());
    }
    add_published(figures, publisher.figures());
    if (observers.access_log) {
        figures.access_lines_written = observers.access_log->written();
        figures.access_lines_lost = observers.access_log->lost();
    }
    if (const auto survey = observers.board ? observers.board->survey() : nullptr) figures.tables = tables_of(*survey);
    if (observers.polling) figures.polling = observers.polling->figures();
    if (observers.readers) figures.readers_left_out = observers.readers->left_out();
    const auto process = process_figures();
    figures.started_s = process.started_s;
    figures.cpu_s = process.cpu_s;
    figures.resident_bytes = process.resident_bytes;
    figures.descriptors = process.descriptors;
    return figures;
}

bool shows_figures(std::string_view path) {
    return path == "/metrics" || path == "/status" || path == "/style.css" || path == "/status.css";
}

Response Service::show_figures(const RequestView& request) const {
    const auto path = request.target.substr(0, request.target.find('?'));
    if (path.ends_with(".css")) return style_sheet_answer(request, path.substr(1));
    if (path == "/metrics") return plain_text(200, "text/plain; version=0.0.4; charset=utf-8", metrics_text(figures()));
    const auto report = status();
    StatusView view{
        .figures = figures(), .board = {}, .database = {.available = report.ready, .reason = report.reason}, .now = now_utc()};
    if (observers.board) {
        const auto now = std::chrono::steady_clock::now();
        observers.board->note_reader(now);
        view.board = observers.board->view();
        view.up = now - view.board.begun;
    }
    return uncached_page(
        status_page(view, parse_status_query(request.target.substr(std::min(path.size() + 1, request.target.size())))));
}

}  // namespace gazetted
