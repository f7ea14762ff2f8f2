#include "daemon/polling_ledger.hpp"

#include "daemon/ingest.hpp"

namespace gazetted {

void PollingLedger::note(const IngestSummary& summary) {
    const std::lock_guard lock(mutex_);
    ++figures_.polls[to_string(summary.outcome)];
    figures_.received_bytes += summary.bytes_received;
    figures_.saved_bytes += summary.bytes_saved;
    figures_.articles["added"] += summary.added;
    figures_.articles["changed"] += summary.changed;
    figures_.articles["withdrawn"] += summary.withdrawn;
    figures_.articles["dropped"] += summary.dropped;
    figures_.articles["refused"] += summary.refused;
}

}  // namespace gazetted
