#include "daemon/event_loop.hpp"
#include "daemon/metrics.hpp"
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
    figures.commit_to_bytes = published.commit_to_bytes;
    figures.callers_waiting = published.waiting;
    figures.database_available = published.database_available;
    // Loops and publisher count one after the other: a request may be in one of the two counts only.
    figures.found_stale = std::min(published.stale_found, figures.found_fresh);
    figures.found_fresh -= figures.found_stale;
}

}  // namespace

std::string Service::metrics() const {
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
    }
    add_published(figures, publisher.figures());
    if (observers.access_log) {
        figures.access_lines_written = observers.access_log->written();
        figures.access_lines_lost = observers.access_log->lost();
    }
    if (observers.polling) figures.polling = observers.polling->figures();
    if (observers.readers) figures.readers_left_out = observers.readers->left_out();
    const auto process = process_figures();
    figures.started_s = process.started_s;
    figures.cpu_s = process.cpu_s;
    figures.resident_bytes = process.resident_bytes;
    figures.descriptors = process.descriptors;
    return metrics_text(figures);
}

}  // namespace gazetted
