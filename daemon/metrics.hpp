#pragma once

#include "daemon/histogram.hpp"
#include "daemon/polling_ledger.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace gazetted {

/// What an operator sees, as it is at one moment; docs/metrics.md says what each figure means. A value.
struct Figures {
    std::map<unsigned, std::uint64_t> responses;  ///< by status
    std::uint64_t body_bytes = 0;
    std::uint64_t saved_by_not_modified_bytes = 0, saved_by_coding_bytes = 0, saved_by_delta_bytes = 0;

    std::size_t connections = 0, connection_addresses = 0;
    std::uint64_t accepted = 0, refused = 0, refused_by_address = 0;  ///< connections
    double certificate_expires_s = 0;                                 ///< since 1970; nought where nothing speaks TLS

    std::uint64_t found_fresh = 0, found_stale = 0, not_found = 0;  ///< in the cache
    std::size_t cache_documents = 0, cache_bytes = 0, cache_limit_bytes = 0, image_bytes = 0;
    std::uint64_t cache_evictions = 0;

    std::map<std::string_view, Histogram::Snapshot> renderings;  ///< by format
    std::uint64_t rendering_failures = 0;
    std::size_t articles_set_aside = 0, documents_incomplete = 0;
    Histogram::Snapshot commit_to_bytes;
    std::size_t callers_waiting = 0;

    bool database_available = true;
    std::uint64_t database_outages = 0, notifications = 0, revision_comparisons = 0;
    struct Tables {
        std::uint64_t shown = 0, held = 0, withdrawn = 0;  ///< articles
        std::uint64_t categories = 0;
        double newest_s = 0, surveyed_s = 0;  ///< since 1970: published; when this was looked up
    };
    std::optional<Tables> tables;  ///< none: they were not looked up yet

    Histogram::Snapshot loop_lag;

    std::uint64_t access_lines_written = 0, access_lines_lost = 0;
    std::uint64_t readers_left_out = 0;
    PollingFigures polling;

    double started_s = 0, cpu_s = 0;  ///< of the process: since 1970; user and system
    std::size_t resident_bytes = 0, descriptors = 0;
};

/// Prometheus' text format, version 0.0.4. Every metric is in it, those that are nought too.
std::string metrics_text(const Figures&);

}  // namespace gazetted
