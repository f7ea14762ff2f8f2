#include "daemon/conversation.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>

#include <algorithm>
#include <cassert>
#include <cstring>

namespace gazetted {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr unsigned retry_after_s = 5;
// What a refused peer may still send before the connection is closed under it.
constexpr std::chrono::seconds linger_timeout{2};
constexpr std::size_t linger_bytes_max = std::size_t{32} << 20;
// A reader who takes something now and then is given this many write time-outs in all.
constexpr int write_timeouts_max = 10;

Instant now_utc() { return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now()); }

bool is_read(const RequestView& view) { return view.method == "GET" || view.method == "HEAD"; }

}  // namespace

// The whole conversation. Whatever needs no waiting is a plain function; a request that finds its document in the cache passes
// from the read to the end of the write without another coroutine.
Task<void> converse(EventLoop& loop, Socket socket, Door door) {
    Conversation self(loop, std::move(socket), door);
    const auto& config = loop.service().config;
    error_code error;
    for (bool keep_alive = true, must_linger = false; keep_alive;) {
        // Read.
        auto read = self.parse();
        while (std::holds_alternative<NeedMore>(read)) {
            if (!self.has_unused()) {
                if (loop.service().draining) co_return;
                self.become_idle();
            } else if (self.is_idle_) {
                self.become_busy(config.request_timeout);
            }
            co_await self.socket_.async_wait(Socket::wait_read, asio::redirect_error(use_task, error));
            if (self.expired_ && self.has_unused()) {
                read = Refusal{408, "the request did not arrive in time"};
                break;
            }
            if (error || self.expired_ || !self.receive()) co_return;
            read = self.parse();
        }

        // Decide.
        Response response;
        bool http_1_0 = false;
        if (const auto* refusal = std::get_if<Refusal>(&read)) {
            response = problem(refusal->status, refusal->reason);
            keep_alive = false;
            must_linger = true;
        } else {
            auto& head = std::get<RequestHead>(read);
            self.become_busy(config.request_timeout);
            http_1_0 = head.http_1_0;
            auto ready = self.answer_at_once(head);
            if (!ready) {
                const auto answer = co_await self.wait_for_document();
                ready = self.answer_with(head, answer);
            }
            response = for_method(head.view.method, std::move(*ready));
            keep_alive = head.keep_alive && !loop.service().draining;
            if (head.chunked || (head.expects_continue && head.has_body())) {
                keep_alive = false;
                must_linger = true;
            }
            const auto body_bytes = keep_alive ? head.content_length : 0;
            must_linger = must_linger || (!keep_alive && head.content_length > 0);
            self.consume(head.head_bytes);
            for (auto left = self.discard_body(body_bytes); left > 0; left = self.discard_body(left)) {
                co_await self.socket_.async_wait(Socket::wait_read, asio::redirect_error(use_task, error));
                if (error || self.expired_ || !self.receive()) co_return;
            }
        }

        // Write.
        self.prepare(std::move(response), keep_alive, http_1_0);
        while (!self.send()) {
            co_await self.socket_.async_wait(Socket::wait_write, asio::redirect_error(use_task, error));
            if (error || self.expired_) co_return;
        }
        if (self.gone_) co_return;
        if (must_linger) co_await self.linger();
    }
}

Conversation::Conversation(EventLoop& loop, Socket socket, Door door)
    : loop_(loop), socket_(std::move(socket)), door_(door), place_(loop.busy.insert(loop.busy.end(), this)) {
    ++loop_.service().connections;
    deadline_ = loop_.coarse_now() + loop_.service().config.request_timeout;
    error_code ignored;
    socket_.non_blocking(true, ignored);
    socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
}

Conversation::~Conversation() {
    (is_idle_ ? loop_.idle : loop_.busy).erase(place_);
    if (buffer_) loop_.give_back(std::move(buffer_));
    --loop_.service().connections;
    loop_.ended();
}

void Conversation::drop() {
    error_code ignored;
    socket_.close(ignored);
}

void Conversation::expire() {
    expired_ = true;
    deadline_ = SteadyTime::max();
    error_code ignored;
    socket_.cancel(ignored);
}

// ---- reading

Conversation::HeadRead Conversation::parse() const {
    if (!has_unused()) return NeedMore{};
    return read_head({buffer_->bytes.data() + buffer_->begin, buffer_->end - buffer_->begin});
}

bool Conversation::receive() {
    if (!buffer_) buffer_ = loop_.borrow_buffer();
    auto& [bytes, begin, end] = *buffer_;
    if (end == bytes.size()) {
        std::memmove(bytes.data(), bytes.data() + begin, end - begin);
        end -= begin;
        begin = 0;
    }
    error_code error;
    end += socket_.read_some(asio::buffer(bytes.data() + end, bytes.size() - end), error);
    return !error || error == asio::error::would_block || error == asio::error::interrupted;
}

void Conversation::consume(std::size_t bytes) {
    buffer_->begin += bytes;
    assert(buffer_->begin <= buffer_->end);
    if (buffer_->begin == buffer_->end) buffer_->begin = buffer_->end = 0;
}

std::uint64_t Conversation::discard_body(std::uint64_t bytes_left) {
    if (bytes_left == 0 || !has_unused()) return bytes_left;
    const auto here = std::min<std::uint64_t>(bytes_left, buffer_->end - buffer_->begin);
    consume(static_cast<std::size_t>(here));
    return bytes_left - here;
}

void Conversation::become_idle() {
    if (buffer_) loop_.give_back(std::move(buffer_));
    deadline_ = loop_.coarse_now() + loop_.service().config.idle_timeout;
    if (is_idle_) return;
    loop_.idle.splice(loop_.idle.end(), loop_.busy, place_);
    is_idle_ = true;
}

void Conversation::become_busy(std::chrono::seconds timeout) {
    deadline_ = loop_.coarse_now() + timeout;
    if (!is_idle_) return;
    loop_.busy.splice(loop_.busy.end(), loop_.idle, place_);
    is_idle_ = false;
}

// ---- deciding

std::optional<Response> Conversation::answer_at_once(const RequestHead& head) {
    const auto& view = head.view;
    auto& service = loop_.service();
    if (head.expectation_fails) return problem(417, "the only expectation we meet is 100-continue");
    const auto now = now_utc();
    // Almost every request spells the path of a document that is here: no need to look at it more closely.
    if (door_ == Door::public_site && is_read(view))
        if (const auto document = service.publisher.find(view.target, now))
            return respond(view, document, service.cache_control_line, false);
    if (auto answer = status_answer(view)) return answer;
    if (door_ == Door::status) return problem(404, "there is nothing at this address");
    asked_ = ask(view);
    if (asked_.answer) return std::move(asked_.answer);
    if (const auto document = service.publisher.find(*asked_.address, now))
        return respond(view, document, service.cache_control_line, asked_.negotiated);
    return std::nullopt;
}

Response Conversation::answer_with(const RequestHead& head, const Publisher::Answer& answer) const {
    if (const auto* document = std::get_if<std::shared_ptr<const Document>>(&answer))
        return respond(head.view, *document, loop_.service().cache_control_line, asked_.negotiated);
    if (std::holds_alternative<NoSuchDocument>(answer)) return problem(404, "there is nothing at this address");
    if (std::holds_alternative<WithdrawnArticle>(answer)) return problem(410, "this article was withdrawn");
    return problem(503, "this cannot be made just now", retry_after_s);
}

std::optional<Response> Conversation::status_answer(const RequestView& view) const {
    const auto path = view.target.substr(0, view.target.find('?'));
    const bool is_metrics = door_ == Door::status && path == "/metrics";
    if (path != "/healthz" && path != "/readyz" && !is_metrics) return std::nullopt;
    if (!is_read(view)) return problem(405, "this address is only read", 0, "Allow: GET, HEAD\r\n");
    constexpr std::string_view text = "text/plain; charset=utf-8";
    if (is_metrics) return plain_text(200, "text/plain; version=0.0.4; charset=utf-8", loop_.service().metrics());
    if (path == "/healthz") return plain_text(200, text, "ok\n");
    const auto report = loop_.service().status();
    return report.ready ? plain_text(200, text, "ready\n") : plain_text(503, text, report.reason + "\n");
}

Task<Publisher::Answer> Conversation::wait_for_document() {
    struct Pending {
        explicit Pending(asio::io_context& context) : timer(context) {}
        Timer timer;
        Publisher::Answer answer = Publisher::Unavailable{};
    };
    const auto pending = std::make_shared<Pending>(loop_.context());
    pending->timer.expires_after(loop_.service().config.request_timeout);
    // Comes from a worker's thread, perhaps after this loop has ended. The letter does not own what hangs in the loop.
    const std::weak_ptr<Pending> addressee = pending;
    std::function<void(Publisher::Answer)> done = [mailbox = loop_.mailbox(), addressee](const Publisher::Answer& answer) {
        mailbox->post([addressee, answer] {
            const auto waiting = addressee.lock();
            if (!waiting) return;
            waiting->answer = answer;
            waiting->timer.cancel();
        });
    };
    deadline_ = SteadyTime::max();
    loop_.service().publisher.get(*asked_.address, std::move(done));
    error_code error;
    co_await pending->timer.async_wait(asio::redirect_error(use_task, error));
    become_busy(loop_.service().config.request_timeout);
    co_return std::move(pending->answer);
}

// ---- writing

void Conversation::prepare(Response response, bool keep_alive, bool http_1_0) {
    response_ = std::move(response);
    sent_bytes_ = 0;
    tail_bytes_ = 0;
    const auto add = [this](std::string_view text) {
        assert(tail_bytes_ + text.size() <= tail_.size());
        std::memcpy(tail_.data() + tail_bytes_, text.data(), text.size());
        tail_bytes_ += text.size();
    };
    add(loop_.dated_lines());
    if (!keep_alive)
        add("Connection: close\r\n");
    else if (http_1_0)
        add("Connection: keep-alive\r\n");
    add("\r\n");
    loop_.count(response_.status);
    answer_deadline_ = loop_.coarse_now() + write_timeouts_max * loop_.service().config.write_timeout;
}

bool Conversation::send() {
    const std::array<std::string_view, 5> parts = {response_.head[0], response_.head[1], response_.head[2],
                                                   std::string_view(tail_.data(), tail_bytes_), response_.body};
    std::array<asio::const_buffer, 5> unsent;
    std::size_t skip = sent_bytes_, total = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const auto skipped = std::min(skip, parts[i].size());
        skip -= skipped;
        unsent[i] = asio::buffer(parts[i].data() + skipped, parts[i].size() - skipped);
        total += parts[i].size();
    }
    error_code error;
    sent_bytes_ += socket_.write_some(unsent, error);
    gone_ = error && error != asio::error::would_block && error != asio::error::interrupted;
    if (!gone_ && sent_bytes_ < total) {
        deadline_ = std::min(loop_.coarse_now() + loop_.service().config.write_timeout, answer_deadline_);
        return false;
    }
    response_ = {};
    return true;
}

// RFC 9112 section 9.6: closing on unread bytes resets the connection, and the peer may lose the answer.
Task<void> Conversation::linger() {
    error_code error;
    socket_.shutdown(Socket::shutdown_send, error);
    deadline_ = loop_.coarse_now() + linger_timeout;
    for (std::size_t discarded = 0; !error && !expired_ && discarded < linger_bytes_max;) {
        co_await socket_.async_wait(Socket::wait_read, asio::redirect_error(use_task, error));
        if (error || expired_) break;
        if (!buffer_) buffer_ = loop_.borrow_buffer();
        const auto bytes = socket_.read_some(asio::buffer(buffer_->bytes), error);
        if (error == asio::error::would_block) error.clear();
        discarded += bytes;
    }
}

}  // namespace gazetted
