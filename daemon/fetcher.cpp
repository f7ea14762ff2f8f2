#include "daemon/fetcher.hpp"

#include "daemon/fetcher_transfer.hpp"
#include "daemon/host_turns.hpp"
#include "daemon/log.hpp"

#include <ifaddrs.h>
#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <thread>
#include <unordered_map>
#include <utility>

namespace gazetted {
namespace {

using namespace std::chrono_literals;

// Interfaces come and go.
constexpr auto own_addresses_age_max = 30s;
// While nothing is awaited that has a deadline.
constexpr auto poll_timeout_max = 60s;

std::optional<std::vector<IpAddress>> own_addresses() {
    ifaddrs* first = nullptr;
    if (::getifaddrs(&first) != 0) return std::nullopt;
    const std::unique_ptr<ifaddrs, CurlFree<::freeifaddrs>> owner(first);
    std::vector<IpAddress> addresses;
    for (const auto* one = first; one != nullptr; one = one->ifa_next)
        if (one->ifa_addr != nullptr)
            if (const auto address = ip_address_of(*one->ifa_addr)) addresses.push_back(*address);
    return addresses;
}

/// Once in the life of the process: OpenSSL is not to be shut down under others who use it.
void start_libcurl() {
    static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (started != CURLE_OK) throw std::runtime_error(std::string("libcurl does not start: ") + curl_easy_strerror(started));
}

/// OpenSSL writes without MSG_NOSIGNAL.
void block_sigpipe() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

CurlMulti make_multi(const FetchLimits& limits) {
    start_libcurl();
    CurlMulti multi(curl_multi_init());
    if (!multi) throw std::bad_alloc();
    curl_multi_setopt(multi.get(), CURLMOPT_MAXCONNECTS, static_cast<long>(limits.transfers_max));
    return multi;
}

}  // namespace

class Fetcher::Loop {
public:
    explicit Loop(FetcherConfig config)
        : config_(std::move(config)), multi_(make_multi(config_.limits)), resolver_(config_.look_up) {
        thread_ = std::thread([this] { run(); });
    }
    ~Loop() {
        {
            const std::lock_guard lock(mutex_);
            inbox_.is_over = true;
        }
        wake();
        thread_.join();
    }
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;

    void start(FetchRequest request, Done done);

private:
    using Number = std::uint64_t;
    using Addresses = Result<std::vector<IpAddress>>;
    using Owner = std::unique_ptr<Transfer>;
    /// What other threads leave here.
    struct Inbox {
        std::vector<Owner> requests;
        std::vector<std::pair<Number, Addresses>> names;
        bool is_over = false;
    };

    void wake() { curl_multi_wakeup(multi_.get()); }
    void run();
    Inbox take_inbox();
    void take_in(Owner);
    void admit();
    void look_up(Transfer&);
    void name_resolved(Number, const Addresses&);
    void run_hop(Transfer&, const std::vector<IpAddress>&);
    void collect();
    void expire();
    void await();
    Owner retire(Number);
    void end_hop(Number, CURLcode);
    void stop(Owner);
    void refresh_own_addresses();

    FetcherConfig config_;  // with this machine's own addresses
    CurlMulti multi_;
    std::mutex mutex_;
    Inbox inbox_;
    Number last_number_ = 0;

    // Of the thread.
    HostTurns<Owner> turns_;
    std::unordered_map<Number, Owner> active_;
    FetchTime now_{}, next_deadline_ = FetchTime::max(), own_addresses_read_{};
    bool are_own_addresses_unknown_ = false;

    Resolver resolver_;
    std::thread thread_;
};

void Fetcher::Loop::start(FetchRequest request, Done done) {
    {
        const std::lock_guard lock(mutex_);
        inbox_.requests.push_back(
            std::make_unique<Transfer>(++last_number_, std::move(request), std::move(done), config_,
                                       [this](const std::string& host) { return turns_.is_waited_for(host); }));
    }
    wake();
}

void Fetcher::Loop::run() {
    block_sigpipe();
    for (;;) {
        now_ = std::chrono::steady_clock::now();
        auto inbox = take_inbox();
        for (auto& request : inbox.requests) take_in(std::move(request));
        if (inbox.is_over) break;
        for (const auto& [number, addresses] : inbox.names) name_resolved(number, addresses);
        admit();
        int running = 0;
        curl_multi_perform(multi_.get(), &running);
        now_ = std::chrono::steady_clock::now();
        collect();
        expire();
        await();
    }
    for (auto& waiting : turns_.take_all()) stop(std::move(waiting));
    while (!active_.empty()) stop(retire(active_.begin()->first));
    for (auto& request : take_inbox().requests) stop(std::move(request));
}

Fetcher::Loop::Inbox Fetcher::Loop::take_inbox() {
    const std::lock_guard lock(mutex_);
    auto inbox = std::exchange(inbox_, {});
    inbox_.is_over = inbox.is_over;
    return inbox;
}

void Fetcher::Loop::take_in(Owner transfer) {
    if (!transfer->is_fit()) return transfer->finish(now_);
    const auto host = transfer->at().host;
    turns_.wait(host, std::move(transfer));
}

void Fetcher::Loop::stop(Owner transfer) {
    transfer->fail(FetchOutcome::stopped, "the daemon stopped before the answer; it is asked again after its start");
    transfer->finish(now_);
}

// ---- The beginning of a hop

void Fetcher::Loop::admit() {
    while (turns_.has_next() && active_.size() < config_.limits.transfers_max) {
        refresh_own_addresses();
        auto owner = turns_.next();
        auto& transfer = *owner;
        active_.emplace(transfer.number(), std::move(owner));
        transfer.begin_hop(now_);
        next_deadline_ = std::min(next_deadline_, transfer.next_deadline());
        look_up(transfer);
    }
}

void Fetcher::Loop::refresh_own_addresses() {
    if (now_ - own_addresses_read_ < own_addresses_age_max) return;
    own_addresses_read_ = now_;
    if (auto addresses = own_addresses())
        config_.outgoing.own_addresses = std::move(*addresses);
    else if (!std::exchange(are_own_addresses_unknown_, true))
        log(LogLevel::warning, "own_addresses_unknown",
            {{"reason", std::string(std::strerror(errno)) + ": upstreams may name this machine's public addresses"}});
}

void Fetcher::Loop::look_up(Transfer& transfer) {
    const auto number = transfer.number();
    const auto& host = transfer.at().host;
    if (!transfer.may_use_port()) return end_hop(number, CURLE_COULDNT_CONNECT);
    if (const auto literal = parse_ip_address(host)) {
        if (!transfer.may_connect_to({*literal})) return end_hop(number, CURLE_COULDNT_CONNECT);
        return run_hop(transfer, {});
    }
    if (!config_.proxy.empty()) return run_hop(transfer, {});
    resolver_.resolve(host, [this, number](Addresses addresses) {
        {
            const std::lock_guard lock(mutex_);
            inbox_.names.emplace_back(number, std::move(addresses));
        }
        wake();
    });
}

void Fetcher::Loop::name_resolved(Number number, const Addresses& addresses) {
    const auto found = active_.find(number);
    if (found == active_.end()) return;  // it waited too long
    auto& transfer = *found->second;
    if (!addresses || addresses->empty()) {
        transfer.fail_to_find(addresses ? "the name is known" : addresses.error().message);
        end_hop(number, CURLE_COULDNT_RESOLVE_HOST);
    } else if (!transfer.may_connect_to(*addresses)) {
        end_hop(number, CURLE_COULDNT_CONNECT);
    } else {
        run_hop(transfer, *addresses);
    }
}

void Fetcher::Loop::run_hop(Transfer& transfer, const std::vector<IpAddress>& addresses) {
    if (curl_multi_add_handle(multi_.get(), transfer.prepare(addresses)) != CURLM_OK) throw std::bad_alloc();
}

// ---- Its end

void Fetcher::Loop::collect() {
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
        if (message->msg != CURLMSG_DONE) continue;
        Transfer* transfer = nullptr;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
        end_hop(transfer->number(), message->data.result);
    }
}

void Fetcher::Loop::expire() {
    if (now_ < next_deadline_) return;
    std::vector<Number> expired;
    for (const auto& [number, transfer] : active_)
        if (transfer->is_expired(now_)) expired.push_back(number);
    for (const auto number : expired) end_hop(number, CURLE_OPERATION_TIMEDOUT);
    next_deadline_ = FetchTime::max();
    for (const auto& [number, transfer] : active_) next_deadline_ = std::min(next_deadline_, transfer->next_deadline());
}

Fetcher::Loop::Owner Fetcher::Loop::retire(Number number) {
    auto transfer = std::move(active_.extract(number).mapped());
    if (transfer->handle()) curl_multi_remove_handle(multi_.get(), transfer->handle());
    turns_.release(transfer->at().host);
    return transfer;
}

void Fetcher::Loop::end_hop(Number number, CURLcode code) {
    auto transfer = retire(number);
    if (transfer->end_hop(code, now_) == Transfer::Next::result) return transfer->finish(now_);
    const auto host = transfer->at().host;
    turns_.wait_first(host, std::move(transfer));
}

// Until something comes, from upstreams or other threads, or is due. What has its turn now goes on at once.
void Fetcher::Loop::await() {
    if (turns_.has_next() && active_.size() < config_.limits.transfers_max) return;
    const auto until_deadline = std::chrono::ceil<std::chrono::milliseconds>(next_deadline_ - now_);
    const auto timeout = active_.empty() ? std::chrono::milliseconds(poll_timeout_max)
                                         : std::clamp<std::chrono::milliseconds>(until_deadline, 0ms, poll_timeout_max);
    curl_multi_poll(multi_.get(), nullptr, 0, static_cast<int>(timeout.count()), nullptr);
}

Fetcher::Fetcher(FetcherConfig config) : loop_(std::make_unique<Loop>(std::move(config))) {}
Fetcher::~Fetcher() = default;
void Fetcher::start(FetchRequest request, Done done) { loop_->start(std::move(request), std::move(done)); }

}  // namespace gazetted
