#pragma once

#include "daemon/fetch.hpp"
#include "daemon/poll_schedule.hpp"
#include "daemon/store.hpp"
#include "daemon/subscription.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace gazetted {

/// What a poll came to, for the log and for whoever asked for it.
struct IngestSummary {
    PollOutcome outcome = PollOutcome::failed;
    std::uint64_t bytes_received = 0;
    std::uint64_t bytes_saved = 0;  ///< that a validator saved
    int status = 0;
    std::string error;  ///< one sentence; empty: none
    std::size_t added = 0;
    std::size_t changed = 0;
    std::size_t unchanged = 0;
    std::size_t dropped = 0;                   ///< new or changed entries that rules drop
    std::size_t refused = 0;                   ///< entries that the tables do not take
    std::size_t withdrawn = 0;                 ///< as upstream deleted their entries
    std::vector<std::string> rules_set_aside;  ///< those that cannot be followed, a sentence each
    std::string moved_to;                      ///< the subscription's address from now on; empty: as before
    bool has_ended = false;                    ///< upstream is gone: it is asked no more
    bool was_written = true;                   ///< false: another node has the subscription meanwhile
    Instant next_poll;
};

/// Manners of everywhere with what the subscription says.
PollManners manners_of(const Subscription&, const PollManners& everywhere);

/// Whether its credentials may go to `url` in place of its address: they are for that address's origin. None go anywhere.
bool may_be_asked_at(const Subscription&, const std::string& url);

/// What to ask the subscription's upstream: its validators byte for byte, who we are, and nothing else. `user_agent` is ours,
/// unless the subscription has another.
FetchRequest request_of(const Subscription&, const std::string& user_agent);

/// Upstream bytes -> parsed feed -> entries -> rules -> rows, with what the poll means for the next one, in one transaction.
/// Blocking; throws StoreUnavailable, and std::runtime_error where the tables do not take something. `now` is when the answer
/// came; `jitter` of [0, 1).
IngestSummary ingest(Store&, const Subscription&, const FetchResult&, const PollManners&, Instant now, double jitter);

/// For an answer that ingest() cannot write, and `reason` says why: the poll has failed, with an error that tells an operator
/// what to do, and the articles of before stay. Throws as ingest().
IngestSummary give_up(Store&, const Subscription&, const FetchResult&, const PollManners&, Instant now, double jitter,
                      const std::string& reason);

/// ingest(), or give_up() where trying it again mends nothing. Throws StoreUnavailable where it may.
IngestSummary ingest_or_give_up(Store&, const Subscription&, const FetchResult&, const PollManners&, Instant now,
                                double jitter);

}  // namespace gazetted
