#pragma once

#include "daemon/config.hpp"
#include "daemon/fetcher.hpp"
#include "daemon/poll_schedule.hpp"
#include "daemon/polling_ledger.hpp"
#include "daemon/source_readers.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

namespace gazetted {

class Store;

struct PollerConfig {
    PollManners manners = {};
    FetcherConfig fetcher = {};
    std::string user_agent;                         ///< who we are, with an address where more is to be read
    bool tells_readers = true;                      ///< for how many we ask, behind that
    std::chrono::milliseconds host_spacing{1'000};  ///< between the end of a request to a host and the next one to it
};

/// As configured; `base_url` is where more about us is to be read.
PollerConfig poller_config(const PollingConfig&, const std::string& base_url);

/// Who we say we are when we ask for this subscription (docs/polling.md).
std::string user_agent_for(const Subscription&, const PollerConfig&, const SourceReaders&);

/// Who read since yesterday. Reads what nodes wrote down of all feeds: at most once a round.
SourceReaders source_readers(Store&);

/// Polls what is due, on a thread of its own with a connection of its own: claims subscriptions, fetches them side by side,
/// takes in what came. A database that is away is waited for, with what was fetched meanwhile. Any number of nodes may poll the
/// same database. The destructor ends requests that are under way; nobody asks again within the manners.
class Poller {
public:
    /// The ledger outlives it.
    Poller(std::string database_url, PollerConfig, PollingLedger&);
    ~Poller();
    Poller(const Poller&) = delete;
    Poller& operator=(const Poller&) = delete;

private:
    class Loop;
    std::unique_ptr<Loop> loop_;
};

/// A random UUID (RFC 9562 section 5.4): a claim.
std::string random_uuid();

/// Of [0, 1).
double random_jitter();

}  // namespace gazetted
