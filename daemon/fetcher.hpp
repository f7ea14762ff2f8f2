#pragma once

#include "daemon/fetch.hpp"
#include "daemon/resolver.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

namespace gazetted {

struct FetcherConfig {
    FetchLimits limits = {};
    OutgoingPolicy outgoing = {};
    /// Such as http://proxy.example:3128; empty: none, whatever the environment says. A proxy looks names up itself, so behind
    /// one only ports and literal addresses are checked here, and the rest is the proxy's to refuse.
    std::string proxy = {};
    std::string ca_file = {};  ///< PEM, in place of the system's certificates
    NameLookup look_up = look_up_name;
};

/// Fetches from upstreams over HTTP/1.1 and HTTP/2 on a thread of its own (docs/decisions/0014-fetching.md). A host has one
/// transfer at a time, so one connection; hosts with more to fetch take turns. No cookies, no Referer, no netrc, no proxy from
/// the environment, no scheme but http and https.
class Fetcher {
public:
    using Done = std::function<void(FetchResult)>;

    explicit Fetcher(FetcherConfig);
    ~Fetcher();  ///< ends what is under way or waits: `done` with FetchOutcome::stopped
    Fetcher(const Fetcher&) = delete;
    Fetcher& operator=(const Fetcher&) = delete;

    /// From any thread. `done` is called once, on the fetcher's thread, which it must not hold up; it may call start().
    void start(FetchRequest, Done done);

private:
    class Loop;
    std::unique_ptr<Loop> loop_;
};

}  // namespace gazetted
