#pragma once

#include "daemon/event_loop.hpp"
#include "daemon/http.hpp"

#include <optional>

namespace gazetted {

/// One connection, from its accept to its end: read, decide, write, again. Lives in its coroutine's frame, on its loop's
/// thread.
Task<void> converse(EventLoop& loop, Socket socket, Door door);

/// The state of converse() that its loop sees, and its steps that do not wait.
class Conversation {
public:
    Conversation(EventLoop& loop, Socket socket, Door door);
    ~Conversation();
    Conversation(const Conversation&) = delete;
    Conversation& operator=(const Conversation&) = delete;

    /// Of the loop: ends it at once, whatever it waits for on its socket.
    void drop();
    /// Of the loop: the deadline passed.
    void expire();
    SteadyTime deadline() const noexcept { return deadline_; }

private:
    friend Task<void> converse(EventLoop& loop, Socket socket, Door door);

    using HeadRead = std::variant<NeedMore, RequestHead, Refusal>;
    HeadRead parse() const;
    bool receive();  // false: the peer is gone
    void consume(std::size_t bytes);
    bool has_unused() const noexcept { return buffer_ && buffer_->begin < buffer_->end; }
    std::uint64_t discard_body(std::uint64_t bytes_left);

    void become_idle();
    void become_busy(std::chrono::seconds timeout);

    std::optional<Response> answer_at_once(const RequestHead&);
    Response answer_with(const RequestHead&, const Publisher::Answer&) const;
    std::optional<Response> status_answer(const RequestView&) const;

    void prepare(Response response, bool keep_alive, bool http_1_0);
    bool send();                                  // true: all is sent or the peer is gone (then `gone_`)
    Task<Publisher::Answer> wait_for_document();  // asked_
    Task<void> linger();

    EventLoop& loop_;
    Socket socket_;
    const Door door_;
    std::list<Conversation*>::iterator place_;
    bool is_idle_ = false;
    bool expired_ = false;
    bool gone_ = false;
    SteadyTime deadline_ = SteadyTime::max();
    SteadyTime answer_deadline_ = SteadyTime::max();
    std::unique_ptr<ReadBuffer> buffer_;
    Asked asked_;

    Response response_;
    std::array<char, 160> tail_{};  // Server, Date, Connection and the empty line: the loop's own text changes every second
    std::size_t tail_bytes_ = 0;
    std::size_t sent_bytes_ = 0;
};

}  // namespace gazetted
