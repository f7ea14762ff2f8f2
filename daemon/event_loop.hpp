#pragma once

#include "daemon/address_counts.hpp"
#include "daemon/api.hpp"
#include "daemon/certificates.hpp"
#include "daemon/exchange.hpp"
#include "daemon/image.hpp"
#include "daemon/listening_socket.hpp"
#include "daemon/loop_ledger.hpp"
#include "daemon/mailbox.hpp"
#include "daemon/metrics.hpp"
#include "daemon/publisher.hpp"
#include "daemon/readiness.hpp"
#include "daemon/server.hpp"
#include "daemon/shelf.hpp"
#include "daemon/task.hpp"
#include "daemon/timer.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gazetted {

class Conversation;
class EventLoop;

/// None where no listener wants any; throws std::runtime_error where the files cannot be used.
std::unique_ptr<Certificates> make_certificates(const ServerConfig&);

/// What all loops share.
struct Service {
    Service(ServerConfig config_, const std::string& cache_control, Publisher& publisher_,
            std::function<StatusReport()> status_, const Observers& observers_, const VariantLimits& variant_limits_, Api* api_)
        : config(std::move(config_)),
          cache_control_line("Cache-Control: " + cache_control + "\r\n"),
          publisher(publisher_),
          certificates(make_certificates(config)),
          address_counts(config.connections_per_address_max),
          status(std::move(status_)),
          observers(observers_),
          variant_limits(variant_limits_),
          api(api_) {}
    const ServerConfig config;
    const std::string cache_control_line;
    Publisher& publisher;
    const std::unique_ptr<Certificates> certificates;  ///< where a listener speaks TLS
    AddressCounts address_counts;
    const std::function<StatusReport()> status;
    const Observers observers;
    const VariantLimits variant_limits;
    Api* const api;  ///< null: nobody
    std::atomic<std::size_t> connections = 0;
    std::atomic<std::uint64_t> refused_by_address = 0, refused_by_all = 0;  ///< connections beyond a limit
    std::atomic<bool> draining = false;
    std::vector<std::unique_ptr<EventLoop>> loops;  ///< fixed before run(); destroyed first

    Figures figures() const;
    /// What the status listener answers on a path that shows figures.
    Response show_figures(const RequestView&) const;
};
/// `/metrics`, `/status` and what the latter looks like.
bool shows_figures(std::string_view path);

/// One thread's share of the connections: waits for what is ready and resumes who waits for it. Everything but begin_drain(),
/// drop_oldest_idle_soon(), the ledger's counts, image_bytes(), is_alive() and the mailbox is for its own thread.
class EventLoop {
public:
    explicit EventLoop(Service& service);
    ~EventLoop();
    EventLoop(const EventLoop&) = delete;
    EventLoop& operator=(const EventLoop&) = delete;

    /// Other loops may watch the same socket.
    void add_listener(std::shared_ptr<const ListeningSocket> socket);
    /// Until drained.
    void run();
    void begin_drain();
    void drop_oldest_idle_soon();

    /// From any thread: limits and times for what comes from now on.
    void take_limits(const ServerConfig&);

    Service& service() noexcept { return service_; }
    const ServerConfig& config() const noexcept { return config_; }
    Readiness& readiness() noexcept { return readiness_; }
    Shelf& shelf() noexcept { return shelf_; }
    Images& images() noexcept { return images_; }
    const std::shared_ptr<Mailbox>& mailbox() const noexcept { return mailbox_; }
    /// As of the last tick: time-outs are counted in seconds, so no request asks the clock for them.
    SteadyTime coarse_now() const noexcept { return coarse_now_; }
    /// As of the last wake-up, which serves many requests.
    Instant now() const noexcept { return now_; }
    /// From any thread: its last tick is not long ago, so no conversation holds it up.
    bool is_alive() const noexcept { return std::chrono::steady_clock::now() - last_tick_.load() < hung_after; }
    /// `Server` and `Date` lines, made once a second.
    std::string_view dated_lines();

    /// A name for a request of this loop's.
    RequestId name_request() noexcept { return request_ids_.next(); }
    /// How late its ticks come: what its conversations wait for each other. From any thread.
    Histogram::Snapshot lag() const noexcept { return lag_.snapshot(); }

    /// Every answer ends here, whether all of it was sent or not: what is counted and told of it. `sent_bytes` with the head.
    void answered(const Exchange&, std::size_t sent_bytes) noexcept;
    LoopLedger& ledger() noexcept { return ledger_; }

    /// Answers in clear text, as far as that goes at once, where there is no conversation.
    void refuse(const Descriptor& socket, const Response& refusal);
    std::size_t image_bytes() const noexcept { return images_.bytes(); }

    std::unique_ptr<Exchange> borrow_exchange();
    void give_back(std::unique_ptr<Exchange>);

    /// Conversations that wait for a request, the longest waiting first but for those that are stirred; and those that wait
    /// for anything else.
    std::list<Conversation*> idle, busy;
    void note_idle() noexcept { idle_count_.store(idle.size(), std::memory_order_relaxed); }  ///< after each change of `idle`
    void ended();                                                                             ///< a conversation is over

private:
    struct Listener {
        Listener(EventLoop& loop, std::shared_ptr<const ListeningSocket> socket_)
            : socket(std::move(socket_)), watch(loop.readiness_, socket->descriptor.number()) {}
        std::shared_ptr<const ListeningSocket> socket;  // none: closed
        Watch watch;
    };
    Task accept(Listener& listener);
    int accept_waiting(Listener& listener);
    void close(Listener& listener);
    void admit(AcceptedSocket accepted, const ListeningSocket& from);
    std::optional<AddressCounts::Place> place_for(const Peer& peer);
    bool drop_oldest_idle();
    bool make_room();

    Task receive_letters();
    Task keep_ticking();
    Task end_pauses();
    void tick();
    void expire(std::list<Conversation*>&);

    Service& service_;
    ServerConfig config_;  // a copy of its own, which take_limits() changes
    static constexpr std::chrono::seconds hung_after{10};
    Instant now_{};
    SteadyTime coarse_now_ = std::chrono::steady_clock::now();
    std::atomic<SteadyTime> last_tick_ = coarse_now_;
    SteadyTime drain_deadline_ = SteadyTime::max();
    std::chrono::sys_seconds dated_second_{};
    std::string dated_lines_;
    LoopLedger ledger_;
    RequestIds request_ids_;
    Histogram lag_;
    std::vector<std::unique_ptr<Exchange>> spare_exchanges_;
    Shelf shelf_;
    Images images_;
    Readiness readiness_;
    const std::shared_ptr<Mailbox> mailbox_ = std::make_shared<Mailbox>();
    Watch letters_{readiness_, mailbox_->descriptor()};
    Timer tick_timer_{readiness_}, pause_{readiness_};
    std::list<Listener> listeners_;
    bool ends_when_empty_ = false, is_over_ = false;
    std::atomic<std::size_t> idle_count_ = 0;  // of `idle`, for other loops
};

}  // namespace gazetted
