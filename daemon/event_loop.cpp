#include "daemon/event_loop.hpp"

#include "daemon/conversation.hpp"
#include "feeds/date_time.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <new>
#include <random>

namespace gazetted {

namespace {

constexpr std::chrono::milliseconds forever{-1};
constexpr std::chrono::milliseconds tick_interval{250};
// Between attempts to accept while there is nothing to accept with.
constexpr std::chrono::milliseconds accept_pause{20};
// At one go, before those who are connected have their turn.
constexpr int accepts_max = 64;
// When it drains, so that who comes all the time does not hold it up.
constexpr int last_rounds_max = 64;
constexpr std::size_t spare_exchanges_max = 64;
// For those who come while there are too many.
constexpr unsigned retry_after_s = 1;

bool is_out_of_descriptors(int error) { return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM; }

std::uint64_t random_seed() {
    std::random_device device;
    return std::uint64_t{device()} << 32U | device();
}

}  // namespace

std::unique_ptr<Certificates> make_certificates(const ServerConfig& config) {
    const bool wanted = std::any_of(config.listen.begin(), config.listen.end(), [](const auto& listen) { return listen.tls; });
    return wanted ? std::make_unique<Certificates>(config.tls) : nullptr;
}

EventLoop::EventLoop(Service& service)
    : service_(service),
      config_(service.config),
      ledger_(service.observers.readers, service.observers.access_log),
      request_ids_(random_seed()),
      shelf_(service.publisher) {}

EventLoop::~EventLoop() {
    mailbox_->close();
    for (auto* conversations : {&idle, &busy})
        while (!conversations->empty()) conversations->front()->abandon();
    for (auto& listener : listeners_) listener.watch.abandon();
    for (auto* timer : {&tick_timer_, &pause_}) timer->abandon();
    letters_.abandon();
}

void EventLoop::add_listener(std::shared_ptr<const ListeningSocket> socket) {
    listeners_.emplace_back(*this, std::move(socket));
}

// Everything happens in here but what other threads may do.
void EventLoop::run() {
    receive_letters();
    keep_ticking();
    end_pauses();
    for (auto& listener : listeners_) accept(listener);
    while (!is_over_) {
        readiness_.wait(forever);
        now_ = std::chrono::time_point_cast<Instant::duration>(std::chrono::system_clock::now());
        readiness_.resume_ready();
    }
    ledger_.hand_over();
}

Task EventLoop::receive_letters() {
    for (;;) {
        co_await letters_.readable();
        mailbox_->open();
    }
}

Task EventLoop::keep_ticking() {
    for (;;) {
        tick_timer_.expire_after(tick_interval);
        co_await tick_timer_.expired();
        tick();
    }
}

void EventLoop::tick() {
    coarse_now_ = std::chrono::steady_clock::now();
    last_tick_ = coarse_now_;
    lag_.add(coarse_now_ - tick_timer_.expiry());
    expire(idle);
    expire(busy);
    shelf_.tidy();
    ledger_.hand_over_if_called();
    dated_lines();  // what holds an older one is not kept for want of requests
    // What neither reads nor ends by now is left behind.
    is_over_ = is_over_ || coarse_now_ >= drain_deadline_;
}

void EventLoop::expire(std::list<Conversation*>& conversations) {
    for (auto next = conversations.begin(); next != conversations.end();) {
        auto* conversation = *next++;  // it may end with this
        if (conversation->deadline() <= coarse_now_) conversation->expire();
    }
}

void EventLoop::begin_drain() {
    mailbox_->post([this] {
        drain_deadline_ = std::chrono::steady_clock::now() + config_.drain_timeout;
        for (auto& listener : listeners_) close(listener);
        while (!idle.empty()) idle.front()->finish();
        // Not before: those who were accepted just now may have ended while others still waited to be.
        ends_when_empty_ = true;
        ended();
    });
}

void EventLoop::take_limits(const ServerConfig& config) {
    mailbox_->post([this, config] { config_ = config; });
}

void EventLoop::ended() { is_over_ = is_over_ || (ends_when_empty_ && idle.empty() && busy.empty()); }

void EventLoop::drop_oldest_idle_soon() {
    mailbox_->post([this] { drop_oldest_idle(); });
}

bool EventLoop::drop_oldest_idle() {
    while (!idle.empty() && idle.front()->take_stir()) idle.splice(idle.end(), idle, idle.begin());
    if (idle.empty()) return false;
    idle.front()->drop();
    return true;
}

std::string_view EventLoop::dated_lines() {
    const auto now = std::chrono::time_point_cast<std::chrono::seconds>(now_);
    if (now != dated_second_) {
        dated_second_ = now;
        images_.clear();
        dated_lines_ = "Server: gazetted\r\nDate: " + to_http_date(now) + "\r\n";
    }
    return dated_lines_;
}

void EventLoop::answered(const Exchange& exchange, std::size_t sent_bytes) noexcept {
    const auto* head = exchange.head();
    const LoopLedger::Answer answer{.response = exchange.response,
                                    .request = head ? &head->view : nullptr,
                                    .http_1_0 = head && head->http_1_0,
                                    .is_public = exchange.is_public,
                                    .head_bytes = exchange.head_bytes,
                                    .sent_bytes = sent_bytes,
                                    .request_id = exchange.id.text(),
                                    .client = exchange.client(config_.trusted_proxies)};
    ledger_.note(answer, dated_second_);
}

std::unique_ptr<Exchange> EventLoop::borrow_exchange() {
    if (spare_exchanges_.empty()) return std::make_unique_for_overwrite<Exchange>();
    auto exchange = std::move(spare_exchanges_.back());
    spare_exchanges_.pop_back();
    return exchange;
}

void EventLoop::give_back(std::unique_ptr<Exchange> exchange) {
    exchange->received.begin = exchange->received.end = 0;
    exchange->letter.reset();
    if (exchange->response.owner) exchange->response = {};  // of an answer that was not sent to its end
    if (spare_exchanges_.size() < spare_exchanges_max) spare_exchanges_.push_back(std::move(exchange));
}

Task EventLoop::accept(Listener& listener) {
    for (;;) {
        co_await listener.watch.readable();
        if (service_.draining) co_return;
        if (!is_out_of_descriptors(accept_waiting(listener))) continue;
        images_.clear();
        // The descriptor of an idle connection serves a new client better; never spin meanwhile.
        if (!drop_oldest_idle())
            for (const auto& loop : service_.loops) loop->drop_oldest_idle_soon();
        pause_.expire_after(accept_pause);
        co_await listener.watch.woken();
        if (service_.draining) co_return;
    }
}

// Who does not pause looks in vain, which does no harm.
Task EventLoop::end_pauses() {
    for (;;) {
        co_await pause_.expired();
        pause_.stop();
        for (auto& listener : listeners_) listener.watch.wake();
    }
}

// Why nobody could be accepted, or 0. With all descriptors in use accept4() fails also where nobody waits any more.
int EventLoop::accept_waiting(Listener& listener) {
    for (int accepted = 0; accepted < accepts_max; ++accepted) {
        auto connection = accept_from(*listener.socket);
        if (!connection.descriptor) return accepted == 0 ? errno : 0;
        try {
            admit(std::move(connection), *listener.socket);
        } catch (const std::bad_alloc&) {
            return ENOMEM;
        }
    }
    return 0;
}

// Closing resets whoever has connected and was not accepted yet; those behind a passed socket wait for the next daemon.
void EventLoop::close(Listener& listener) {
    if (!listener.socket) return;  // drained twice
    for (int i = 0; i < last_rounds_max && !listener.socket->is_passed(); ++i)
        if (accept_waiting(listener) != 0) break;
    listener.watch.wake();
    listener.watch.stop();
    listener.socket.reset();
}

void EventLoop::admit(AcceptedSocket accepted, const ListeningSocket& from) {
    const bool speaks_tls = from.address.tls;
    auto place = place_for(accepted.peer);
    if (!place) {
        ++service_.refused_by_address;
        // Over TLS there is no telling it before a handshake, which costs more than it is worth.
        if (!speaks_tls) refuse(accepted.descriptor, problem(429, "this address has too many connections", retry_after_s));
    } else if (service_.connections >= config_.connections_max && !make_room()) {
        ++service_.refused_by_all;
        if (!speaks_tls) refuse(accepted.descriptor, problem(503, "there are too many connections", retry_after_s));
    } else {
        std::unique_ptr<TlsSession> tls;
        if (speaks_tls) tls = std::make_unique<TlsSession>(*service_.certificates->current(), accepted.descriptor.number());
        ledger_.counts.accepted.add();
        converse(*this, Arrival(std::move(accepted), std::move(*place), std::move(tls), from.door));
    }
}

// Another loop's idle one goes a moment later than the newcomer comes.
bool EventLoop::make_room() {
    if (drop_oldest_idle()) return true;
    const auto& loops = service_.loops;
    const auto other = std::ranges::find_if(loops, [](const auto& loop) { return loop->idle_count_ > 0; });
    if (other == loops.end()) return false;
    (*other)->drop_oldest_idle_soon();
    return true;
}

// None: it has as many connections as it may. Behind a proxy or on this machine one address speaks for many.
std::optional<AddressCounts::Place> EventLoop::place_for(const Peer& peer) {
    if (!peer || peer->is_loopback() || config_.trusted_proxies.trusts(peer)) return AddressCounts::Place();
    auto place = service_.address_counts.take_place(*peer);
    if (!place) return std::nullopt;
    return place;
}

void EventLoop::refuse(const Descriptor& socket, const Response& refusal) {
    ledger_.note_refusal(refusal.status);
    const auto text = head_text(refusal) + std::string(dated_lines()) + "Connection: close\r\n\r\n" + std::string(refusal.body);
    ::send(socket.number(), text.data(), text.size(), MSG_NOSIGNAL);
    ::shutdown(socket.number(), SHUT_WR);
    // What is unread when a connection is closed makes a reset of it, which may overtake the answer.
    std::array<char, 4096> unread;
    ::recv(socket.number(), unread.data(), unread.size(), 0);
}

}  // namespace gazetted
