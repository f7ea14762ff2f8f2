#pragma once

#include "daemon/event_loop.hpp"
#include "daemon/exchange.hpp"
#include "daemon/task.hpp"
#include "daemon/wire.hpp"

#include <list>
#include <memory>
#include <optional>
#include <utility>

namespace gazetted {

/// A connection that was let in, with what it brings.
struct Arrival {
    Arrival(AcceptedSocket accepted_, AddressCounts::Place address_place_, std::unique_ptr<TlsSession> tls_, Door door_)
        : accepted(std::move(accepted_)), address_place(std::move(address_place_)), tls(std::move(tls_)), door(door_) {}
    AcceptedSocket accepted;
    AddressCounts::Place address_place;  ///< none where its address is not counted
    std::unique_ptr<TlsSession> tls;     ///< none: plain HTTP
    Door door;
};

/// One connection, from its accept to its end: read, decide, write, again. On its loop's thread.
Task converse(EventLoop& loop, Arrival arrival);

/// The state of converse() that its loop sees, and its steps, none of which waits. Lives in the coroutine's frame.
class Conversation {
public:
    Conversation(EventLoop& loop, Arrival arrival);
    ~Conversation();
    Conversation(const Conversation&) = delete;
    Conversation& operator=(const Conversation&) = delete;

    // Of the loop, while the conversation waits.
    /// It is over: the descriptor is free when this returns, where the conversation was idle.
    void drop();
    /// The server drains: it ends, or answers what has arrived and ends then. Where it was idle it is not any more.
    void finish() { wire_.wake(); }
    /// The deadline passed.
    void expire();
    SteadyTime deadline() const noexcept { return deadline_; }
    /// Whether it became idle again since this was asked last, so that its place among the idle ones says nothing.
    bool take_stir() noexcept { return std::exchange(is_stirred_, false); }
    /// Destroys it as it is.
    void abandon() { wire_.abandon(); }

private:
    friend Task converse(EventLoop& loop, Arrival arrival);

    // Those that are about the end of a wait answer false where it ended the conversation.
    bool has_request();  // or what is to be answered in place of one
    bool may_await_request();
    bool receive();

    bool decide();            // false: to be decided once the letter is here
    bool decide_by_letter();  // false: to be awaited further
    Watch::Wait letter() noexcept { return awaits_body() ? wire_.readable() : wire_.woken(); }

    bool has_body_to_skip();
    bool skip_body();

    bool send();  // true: all is sent, or the conversation is over
    bool continues() const noexcept { return !over_ && exchange_->keep_alive; }

    bool begin_to_linger();
    bool lingers();

    void become_idle();
    void become_busy(std::chrono::seconds timeout);
    void take_id(std::string_view given);
    std::optional<Response> answer_at_once(const RequestHead&);
    Response asked_for(const RequestHead&, const std::shared_ptr<const Document>&) const;
    Response answer_with(const RequestHead&, const Publisher::Answer&) const;
    std::optional<Response> answer_to_obstacle(const RequestHead&);
    bool is_call(std::string_view target) const;
    void leave_unread(unsigned status);
    std::optional<Response> status_answer(const RequestView&) const;
    void order_letter();

    // Of what is posted (conversation_api.cpp).
    std::optional<Response> begin_visit(const RequestHead&);
    void open_visit();
    void invite_body();
    void receive_body();
    void ask_for_visit();
    bool is_visit_over();
    bool awaits_body() const noexcept;

    void prepare(Response&& response);

    EventLoop& loop_;
    Wire wire_;
    std::unique_ptr<Exchange> exchange_;  // none while nothing of a request has come
    SteadyTime deadline_ = SteadyTime::max();
    const Door door_;
    bool is_idle_ = true;
    bool is_stirred_ = false;
    bool is_request_timed_ = false;  // the deadline is that of the request which has begun to arrive
    bool expired_ = false;
    bool over_ = false;
    bool was_answered_ = false;
    const Peer peer_;
    AddressCounts::Place address_place_;
    std::list<Conversation*>::iterator place_;
};

}  // namespace gazetted
