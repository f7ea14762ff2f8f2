#include "daemon/event_loop.hpp"

#include "daemon/conversation.hpp"
#include "feeds/date_time.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>

namespace gazetted {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr std::chrono::milliseconds tick_interval{250};
// Between attempts to accept while there is nothing to accept with.
constexpr std::chrono::milliseconds accept_pause{20};
constexpr std::size_t spare_buffers_max = 64;

bool is_out_of_descriptors(error_code error) {
    return error == asio::error::no_descriptors || error == boost::system::errc::too_many_files_open_in_system ||
           error == asio::error::no_buffer_space || error == asio::error::no_memory;
}

}  // namespace

void Mailbox::post(std::function<void()> letter) {
    const std::lock_guard lock(mutex_);
    if (context_) asio::post(*context_, std::move(letter));
}

void Mailbox::close() {
    const std::lock_guard lock(mutex_);
    context_ = nullptr;
}

EventLoop::~EventLoop() {
    mailbox_->close();
    is_ending_ = true;
}

void EventLoop::run() {
    for (auto& listener : acceptors_) {
        listener.acceptor.non_blocking(true);
        auto accepting = accept(listener);
        asio::co_spawn(context_, std::move(accepting), asio::detached);
    }
    auto ticking = tick();
    asio::co_spawn(context_, std::move(ticking), asio::detached);
    context_.run();
}

void EventLoop::begin_drain() {
    asio::post(context_, [this] {
        drain_deadline_ = std::chrono::steady_clock::now() + service_.config.drain_timeout;
        error_code ignored;
        for (auto& listener : acceptors_) listener.acceptor.close(ignored);
        for (auto* conversation : idle) conversation->drop();
        tick_timer_.cancel();
    });
}

void EventLoop::drop_oldest_idle_soon() {
    asio::post(context_, [this] { drop_oldest_idle(); });
}

void EventLoop::ended() {
    if (!is_ending_ && service_.draining && idle.empty() && busy.empty()) tick_timer_.cancel();
}

std::string_view EventLoop::dated_lines() {
    const auto now = std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
    if (now != dated_second_) {
        dated_second_ = now;
        dated_lines_ = "Server: gazetted\r\nDate: " + to_http_date(now) + "\r\n";
    }
    return dated_lines_;
}

std::unique_ptr<ReadBuffer> EventLoop::borrow_buffer() {
    if (spare_buffers_.empty()) return std::unique_ptr<ReadBuffer>(new ReadBuffer);
    auto buffer = std::move(spare_buffers_.back());
    spare_buffers_.pop_back();
    return buffer;
}

void EventLoop::give_back(std::unique_ptr<ReadBuffer> buffer) {
    buffer->begin = buffer->end = 0;
    if (spare_buffers_.size() < spare_buffers_max) spare_buffers_.push_back(std::move(buffer));
}

Task<void> EventLoop::tick() {
    while (!(service_.draining && idle.empty() && busy.empty())) {
        tick_timer_.expires_after(tick_interval);
        error_code error;
        co_await tick_timer_.async_wait(asio::redirect_error(use_task, error));
        coarse_now_ = std::chrono::steady_clock::now();
        last_tick_ = coarse_now_;
        expire(idle);
        expire(busy);
        // What neither reads nor ends by now is left behind.
        if (coarse_now_ >= drain_deadline_) context_.stop();
    }
}

void EventLoop::expire(std::list<Conversation*>& conversations) {
    for (auto* conversation : conversations)
        if (conversation->deadline() <= coarse_now_) conversation->expire();
}

bool EventLoop::drop_oldest_idle() {
    if (idle.empty()) return false;
    idle.front()->drop();
    // Its coroutine takes it off the list when it runs next; until then it is not the oldest any more.
    idle.splice(idle.end(), idle, idle.begin());
    return true;
}

Task<void> EventLoop::accept(Listener& listener) {
    Timer pause(context_);
    while (!service_.draining) {
        error_code error;
        co_await listener.acceptor.async_wait(Acceptor::wait_read, asio::redirect_error(use_task, error));
        if (error == asio::error::operation_aborted || !listener.acceptor.is_open()) co_return;
        // One at a time, and only when somebody waits: with all descriptors in use, accept() fails also where nobody does.
        Socket socket(context_);
        listener.acceptor.accept(socket, error);
        if (is_out_of_descriptors(error)) {
            // The descriptor of an idle connection serves a new client better; never spin meanwhile.
            if (!drop_oldest_idle())
                for (const auto& loop : service_.loops) loop->drop_oldest_idle_soon();
            pause.expires_after(accept_pause);
            co_await pause.async_wait(asio::redirect_error(use_task, error));
            continue;
        }
        if (!error) admit(std::move(socket), listener.door);
    }
}

void EventLoop::admit(Socket socket, Door door) {
    if (service_.connections >= service_.config.connections_max && !drop_oldest_idle()) {
        const auto refusal = problem(503, "there are too many connections", 1);
        const auto text =
            head_text(refusal) + std::string(dated_lines()) + "Connection: close\r\n\r\n" + std::string(refusal.body);
        error_code ignored;
        socket.non_blocking(true, ignored);
        socket.write_some(asio::buffer(text), ignored);
        socket.shutdown(Socket::shutdown_send, ignored);
        count(refusal.status);
        return;
    }
    auto conversation = converse(*this, std::move(socket), door);
    asio::co_spawn(context_, std::move(conversation), asio::detached);
}

std::string Service::metrics() const {
    const auto figures = publisher.figures();
    std::string text;
    const auto add = [&text](std::string_view name, std::string_view type, std::string_view help, std::uint64_t value) {
        text.append("# HELP ").append(name).append(" ").append(help).append("\n# TYPE ").append(name).append(" ").append(type);
        text.append("\n").append(name).append(" ").append(std::to_string(value)).append("\n");
    };
    add("gazetted_connections", "gauge", "Open connections.", connections.load());
    add("gazetted_documents", "gauge", "Documents in the cache.", figures.documents);
    add("gazetted_document_bytes", "gauge", "Bytes of the documents in the cache.", figures.bytes);
    add("gazetted_callers_waiting", "gauge", "Requests that wait for a first rendering.", figures.waiting);
    add("gazetted_renderings_total", "counter", "Documents rendered.", figures.rendered);
    add("gazetted_rendering_failures_total", "counter", "Renderings that failed.", figures.failed);
    add("gazetted_database_available", "gauge", "1 while renderings reach the database.", figures.database_available ? 1 : 0);
    text += "# HELP gazetted_responses_total Responses by status.\n# TYPE gazetted_responses_total counter\n";
    for (unsigned code = 100; code < EventLoop::statuses; ++code) {
        std::uint64_t sum = 0;
        for (const auto& loop : loops) sum += loop->answered(code);
        if (sum > 0) text += "gazetted_responses_total{status=\"" + std::to_string(code) + "\"} " + std::to_string(sum) + "\n";
    }
    return text;
}

}  // namespace gazetted
