#include "daemon/conversation.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>

namespace gazetted {

namespace {

constexpr unsigned retry_after_s = 5;
constexpr unsigned search_retry_after_s = 60;
// What a refused peer may still send before the connection is closed under it.
constexpr std::chrono::seconds linger_timeout{2};
constexpr std::size_t linger_bytes_max = std::size_t{32} << 20;
// So long a reader waits for a newer document than the one that is here.
constexpr std::chrono::seconds newer_timeout{3};
// While the server drains: what a newcomer's first request may take to arrive.
constexpr std::chrono::seconds newcomer_timeout{1};
// A reader who takes something now and then is given this many write time-outs in all.
constexpr int write_timeouts_max = 10;

}  // namespace

// The whole conversation. A request that comes in one piece, finds its document and is taken in one piece passes through here
// without a wait.
Task converse(EventLoop& loop, Arrival arrival) {
    Conversation self(loop, std::move(arrival));
    // Accepted at the last moment: what it has sent by now is answered.
    if (loop.service().draining && !self.receive()) co_return;
    do {
        while (!self.has_request()) {
            if (!self.may_await_request()) co_return;
            co_await self.wire_.readable();
            if (!self.receive()) co_return;
        }
        if (!self.decide()) {
            do co_await self.letter();
            while (!self.decide_by_letter());
        }
        while (self.has_body_to_skip()) {
            co_await self.wire_.readable();
            if (!self.skip_body()) co_return;
        }
        while (!self.send()) co_await self.wire_.writable();
    } while (self.continues());

    if (!self.begin_to_linger()) co_return;
    while (self.lingers()) co_await self.wire_.readable();
}

Conversation::Conversation(EventLoop& loop, Arrival arrival)
    : loop_(loop),
      wire_(loop.readiness(), std::move(arrival.accepted.descriptor), std::move(arrival.tls)),
      door_(arrival.door),
      peer_(arrival.accepted.peer),
      address_place_(std::move(arrival.address_place)),
      place_(loop.idle.insert(loop.idle.end(), this)) {
    ++loop_.service().connections;
    loop_.note_idle();
}

Conversation::~Conversation() {
    (is_idle_ ? loop_.idle : loop_.busy).erase(place_);
    loop_.note_idle();
    if (exchange_) loop_.give_back(std::move(exchange_));
    --loop_.service().connections;
    loop_.ended();
}

void Conversation::drop() {
    over_ = true;
    wire_.wake();
}

void Conversation::expire() {
    expired_ = true;
    deadline_ = SteadyTime::max();
    wire_.wake();
}

void Conversation::become_idle() {
    if (exchange_) loop_.give_back(std::move(exchange_));
    deadline_ = loop_.coarse_now() + loop_.config().idle_timeout;
    // Moving it would touch its neighbours, whom nothing else brings into the processor's cache.
    is_stirred_ = is_idle_;
    is_request_timed_ = false;
    if (is_idle_) return;
    loop_.idle.splice(loop_.idle.end(), loop_.busy, place_);
    loop_.note_idle();
    is_idle_ = true;
}

void Conversation::become_busy(std::chrono::seconds timeout) {
    deadline_ = loop_.coarse_now() + timeout;
    if (!is_idle_) return;
    loop_.busy.splice(loop_.busy.end(), loop_.idle, place_);
    loop_.note_idle();
    is_idle_ = false;
}

// ---- reading

bool Conversation::has_request() {
    if (!exchange_ || !exchange_->has_unused()) return false;
    auto& [bytes, begin, end] = exchange_->received;
    if (expired_) {
        expired_ = false;
        exchange_->read = Refusal{408, "the request did not arrive in time"};
    } else {
        exchange_->read = read_head({bytes.data() + begin, end - begin});
    }
    return !std::holds_alternative<NeedMore>(exchange_->read);
}

bool Conversation::may_await_request() {
    const bool has_begun = exchange_ && exchange_->has_unused();
    if (!has_begun && loop_.service().draining) {
        // Who was answered knows that a connection may end between requests; who has just connected is about to ask.
        if (was_answered_) return false;
        become_busy(newcomer_timeout);
        is_request_timed_ = true;
        return true;
    }
    if (!has_begun && wire_.is_established()) {
        become_idle();
        return true;
    }
    // A handshake has as much time as a request, from its beginning.
    if (!has_begun && exchange_) loop_.give_back(std::move(exchange_));
    if (!std::exchange(is_request_timed_, true)) become_busy(loop_.config().request_timeout);
    return true;
}

bool Conversation::receive() {
    if (over_) return false;
    if (expired_) return exchange_ && exchange_->has_unused();  // who has begun to ask is told
    if (!exchange_) {
        exchange_ = loop_.borrow_exchange();
        exchange_->peer = peer_;
        exchange_->is_public = door_ == Door::public_site;
    }
    auto& [bytes, begin, end] = exchange_->received;
    if (begin > 0) {
        std::memmove(bytes.data(), bytes.data() + begin, end - begin);
        end -= std::exchange(begin, 0);
    }
    const auto moved = wire_.receive(std::span(bytes).subspan(end));
    end += moved.bytes;
    if (moved.gone && wire_.met_plain_http())
        loop_.refuse(wire_.socket(), problem(400, "this port speaks TLS: ask it for https://"));
    return !moved.gone;
}

bool Conversation::has_body_to_skip() {
    auto& [bytes, begin, end] = exchange_->received;
    const auto here = std::min<std::uint64_t>(exchange_->body_bytes_left, end - begin);
    begin += static_cast<std::size_t>(here);
    exchange_->body_bytes_left -= here;
    if (exchange_->body_bytes_left == 0) return false;
    // Who was answered because a letter did not come in time has no deadline any more.
    if (is_idle_ || deadline_ == SteadyTime::max()) become_busy(loop_.config().request_timeout);
    return true;
}

bool Conversation::skip_body() {
    if (over_ || expired_) return false;
    std::array<char, 4096> unread;
    auto& left = exchange_->body_bytes_left;
    const auto moved = wire_.receive(std::span(unread).first(std::min<std::uint64_t>(left, unread.size())));
    left -= moved.bytes;
    return !moved.gone;
}

// ---- deciding

bool Conversation::decide() {
    exchange_->id.clear();
    if (const auto* refusal = std::get_if<Refusal>(&exchange_->read)) {
        prepare(problem(refusal->status, refusal->reason));
        return true;
    }
    if (const auto& given = exchange_->head()->view.request_id; !given.empty()) [[unlikely]]
        take_id(given);
    if (auto answer = answer_at_once(*exchange_->head())) {
        prepare(std::move(*answer));
        return true;
    }
    order_letter();
    return false;
}

void Conversation::take_id(std::string_view given) {
    if (loop_.config().trusted_proxies.trusts(peer_)) exchange_->id = RequestId(given);
}

std::optional<Response> Conversation::answer_at_once(const RequestHead& head) {
    const auto& view = head.view;
    auto& service = loop_.service();
    if (head.obstacle != RequestHead::Obstacle::none) return answer_to_obstacle(head);
    // Almost every request spells the path of a document that is here: no need to look at it more closely.
    if (door_ == Door::public_site && view.is_read())
        if (const auto& document = loop_.shelf().find(view.target, loop_.now())) {
            loop_.ledger().counts.found.add();
            return respond(view, document, service.cache_control_line, false);
        }
    if (auto answer = status_answer(view)) return answer;
    if (is_call(view.target)) return begin_visit(head);
    if (door_ == Door::status) return problem(404, "there is nothing at this address");
    auto& asked = exchange_->asked = ask(view, service.variant_limits);
    if (asked.answer) return std::move(asked.answer);
    if (const auto& document = loop_.shelf().find(canonical_path(*asked.address), loop_.now())) {
        loop_.ledger().counts.found.add();
        return asked_for(head, document);
    }
    loop_.ledger().counts.not_found.add();
    return std::nullopt;
}

// Where the next request begins is not to be known any more. Here, so that nothing outside ends a RequestHead: what is linked
// as one can then end it within itself.
void Conversation::leave_unread(unsigned status) { exchange_->read = Refusal{status, {}}; }

// Of the status listener, and for the API.
bool Conversation::is_call(std::string_view target) const {
    return door_ == Door::status && loop_.service().api && is_api(target);
}

std::optional<Response> Conversation::status_answer(const RequestView& view) const {
    const auto path = view.target.substr(0, view.target.find('?'));
    const bool is_figures = door_ == Door::status && shows_figures(path);
    if (path != "/healthz" && path != "/readyz" && !is_figures) return std::nullopt;
    if (!view.is_read()) return problem(405, "this address is only read", 0, "Allow: GET, HEAD\r\n");
    constexpr std::string_view text = "text/plain; charset=utf-8";
    if (is_figures) return loop_.service().show_figures(view);
    if (path == "/healthz") return plain_text(200, text, "ok\n");
    const auto report = loop_.service().status();
    if (report.ready) return plain_text(200, text, "ready\n");
    // Why names hosts, ports and files, which are the operator's business.
    return plain_text(503, text, door_ == Door::status ? report.reason + "\n" : "no new documents can be made just now\n");
}

void Conversation::order_letter() {
    if (exchange_->letter) return open_visit();
    if (exchange_->id.empty()) exchange_->id = loop_.name_request();
    exchange_->letter = std::make_shared<Exchange::Letter>(wire_);
    // Comes from a worker's thread, perhaps after this loop has ended. The messenger does not own what waits in the loop.
    const std::weak_ptr<Exchange::Letter> addressee = exchange_->letter;
    auto& answer_meanwhile = exchange_->letter->answer;
    answer_meanwhile = loop_.service().publisher.get(
        *exchange_->asked.address,
        [mailbox = loop_.mailbox(), addressee](const Publisher::Answer& answer) {
            mailbox->post([addressee, answer] {
                const auto letter = addressee.lock();
                if (!letter) return;
                letter->answer = answer;
                letter->wire.wake();
            });
        },
        exchange_->id.text());
    const bool has_older = std::holds_alternative<std::shared_ptr<const Document>>(answer_meanwhile);
    become_busy(has_older ? newer_timeout : loop_.config().request_timeout);
}

bool Conversation::decide_by_letter() {
    if (exchange_->letter->visit) return is_visit_over();
    expired_ = false;  // what was to be said until the letter came is said
    const auto letter = std::exchange(exchange_->letter, nullptr);
    prepare(answer_with(*exchange_->head(), letter->answer));
    return true;
}

Response Conversation::asked_for(const RequestHead& head, const std::shared_ptr<const Document>& document) const {
    const auto& asked = exchange_->asked;
    const auto& service = loop_.service();
    if (asked.respelled) return moved(head.view, asked, *asked.address, service.variant_limits);
    return respond(head.view, document, service.cache_control_line, asked.negotiated);
}

Response Conversation::answer_with(const RequestHead& head, const Publisher::Answer& answer) const {
    if (const auto* document = std::get_if<std::shared_ptr<const Document>>(&answer)) return asked_for(head, *document);
    if (std::holds_alternative<NoSuchDocument>(answer)) return problem(404, "there is nothing at this address");
    if (const auto* gone = std::get_if<WithdrawnArticle>(&answer))
        return problem(410, gone->is_removed ? "this article is kept no longer" : "this article was withdrawn");
    if (std::holds_alternative<RemovedSelection>(answer)) return problem(410, "this feed was removed");
    if (const auto* elsewhere = std::get_if<MovedDocument>(&answer))
        return moved(head.view, exchange_->asked, elsewhere->address, loop_.service().variant_limits);
    if (std::holds_alternative<TooCostly>(answer))
        return problem(503, "this search finds too much: give it rarer words", search_retry_after_s);
    return problem(503, "this cannot be made just now", retry_after_s);
}

// ---- writing

// What follows from the request for the answer, whatever it is, and for the connection.
void Conversation::prepare(Response&& response) {
    auto& exchange = *exchange_;
    const auto* head = exchange.head();
    is_request_timed_ = false;
    // Where the next request begins is not to be known after a refusal, nor worth waiting for.
    const bool ends_unread = !head || head->chunked || (head->expects_continue && head->has_body());
    exchange.keep_alive = !ends_unread && head->keep_alive && !loop_.service().draining;
    exchange.must_linger = !exchange.keep_alive && (ends_unread || head->content_length > 0);
    exchange.body_bytes_left = exchange.keep_alive ? head->content_length : 0;
    if (head) exchange.received.begin += head->head_bytes;
    exchange.response = std::move(response);
    if (head && head->view.is_head()) exchange.response = for_method("HEAD", std::move(exchange.response));

    exchange.sent_bytes = 0;
    exchange.tail_bytes = 0;
    const auto add = [&exchange](std::string_view text) {
        assert(exchange.tail_bytes + text.size() <= exchange.tail.size());
        std::memcpy(exchange.tail.data() + exchange.tail_bytes, text.data(), text.size());
        exchange.tail_bytes += text.size();
    };
    add(loop_.dated_lines());
    exchange.may_be_image = exchange.keep_alive && !head->http_1_0 && wire_.takes_images();
    if (exchange.response.status >= 400 || !exchange.id.empty()) [[unlikely]] {
        // What went wrong has a name, by which a reader can ask about it.
        if (exchange.id.empty()) exchange.id = loop_.name_request();
        add("X-Request-Id: ");
        add(exchange.id.text());
        add("\r\n");
        exchange.may_be_image = false;
    }
    if (!exchange.keep_alive)
        add("Connection: close\r\n");
    else if (head->http_1_0)
        add("Connection: keep-alive\r\n");
    add("\r\n");
    exchange.head_bytes = exchange.tail_bytes;
    for (const auto part : exchange.response.head) exchange.head_bytes += part.size();
    exchange.answer_deadline = loop_.coarse_now() + write_timeouts_max * loop_.config().write_timeout;
}

bool Conversation::send() {
    auto& exchange = *exchange_;
    const auto& response = exchange.response;
    const std::array<std::string_view, 5> parts = {response.head[0], response.head[1], response.head[2],
                                                   std::string_view(exchange.tail.data(), exchange.tail_bytes), response.body};
    const auto bytes = exchange.head_bytes + response.body.size();
    over_ = over_ || expired_;
    if (!over_) {
        // What the reader does not take at once of an image goes on from the parts, which are the same bytes.
        const auto* image = exchange.sent_bytes == 0 && exchange.may_be_image ? loop_.images().find(response, parts) : nullptr;
        const auto moved = image ? wire_.send(*image) : wire_.send(parts, exchange.sent_bytes);
        exchange.sent_bytes += moved.bytes;
        over_ = moved.gone;
    }
    if (!over_ && exchange.sent_bytes < bytes) {
        become_busy(loop_.config().write_timeout);
        deadline_ = std::min(deadline_, exchange.answer_deadline);
        return false;
    }
    was_answered_ = true;
    loop_.answered(exchange, exchange.sent_bytes);
    exchange.response = {};
    return true;
}

// RFC 9112 section 9.6: closing on unread bytes resets the connection, and the peer may lose the answer.
bool Conversation::begin_to_linger() {
    if (over_ || !exchange_->must_linger) return false;
    wire_.end_sending();
    become_busy(linger_timeout);
    exchange_->lingered_bytes = 0;
    return true;
}

bool Conversation::lingers() {
    if (over_ || expired_) return false;
    const auto moved = wire_.receive(exchange_->received.bytes);
    exchange_->lingered_bytes += moved.bytes;
    return !moved.gone && exchange_->lingered_bytes < linger_bytes_max;
}

}  // namespace gazetted
