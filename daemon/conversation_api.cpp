// How a conversation on the status listener takes in what is posted and waits for what the Api says.
#include "daemon/conversation.hpp"

#include <algorithm>
#include <cstring>

namespace gazetted {

// Kept with the letter, so that neither a connection nor an exchange without one is a byte larger.
struct ApiVisit {
    explicit ApiVisit(ApiCall call_) : call(std::move(call_)) {}
    ApiCall call;
    std::shared_ptr<const void> room;  // for its body
    std::optional<Response> answer;
    bool is_asked = false;
};

namespace {

constexpr std::size_t read_bytes = 65'536;

}  // namespace

std::optional<Response> Conversation::answer_to_obstacle(const RequestHead& head) {
    if (head.obstacle == RequestHead::Obstacle::expectation)
        return problem(417, "the only expectation we meet is 100-continue");
    auto answer = is_call(head.view.target) ? begin_visit(head) : problem(413, "the request's body is too long");
    // Nobody takes so much in to throw it away.
    if (answer) leave_unread(answer->status);
    return answer;
}

// None: the letter is begun that will hold the answer.
std::optional<Response> Conversation::begin_visit(const RequestHead& head) {
    const auto& received = exchange_->received;
    auto asked = ask_api({.view = head.view,
                          .fields = api_fields({received.bytes.data() + received.begin, head.head_bytes}),
                          .is_chunked = head.chunked,
                          .content_length = head.content_length});
    if (auto* answer = std::get_if<Response>(&asked)) return std::move(*answer);
    auto visit = std::make_shared<ApiVisit>(std::move(std::get<ApiCall>(asked)));
    visit->room = loop_.service().api->room_for(visit->call.body_bytes);
    if (!visit->room) return api_busy();
    exchange_->letter = std::make_shared<Exchange::Letter>(wire_);
    exchange_->letter->visit = std::move(visit);
    return std::nullopt;
}

// What came with the head is taken; from here on the head has no body that anybody would skip. Its views stay where they are.
void Conversation::open_visit() {
    auto& head = std::get<RequestHead>(exchange_->read);
    auto& call = exchange_->letter->visit->call;
    become_busy(loop_.config().request_timeout);
    if (call.body_bytes > 0) {
        auto& [bytes, begin, end] = exchange_->received;
        begin += std::exchange(head.head_bytes, 0);
        const auto here = std::min<std::uint64_t>(call.body_bytes, end - begin);
        call.body.assign(bytes.data() + begin, static_cast<std::size_t>(here));
        begin += static_cast<std::size_t>(here);
        head.content_length = 0;
        if (std::exchange(head.expects_continue, false) && here == 0) invite_body();
    }
    if (call.body.size() == call.body_bytes) ask_for_visit();
}

// RFC 9110 section 10.1.1. So few bytes always go at once to whoever waits for them.
void Conversation::invite_body() { over_ = !wire_.send_now("HTTP/1.1 100 Continue\r\n\r\n"); }

void Conversation::ask_for_visit() {
    become_busy(loop_.service().api->answer_timeout());
    auto& visit = *exchange_->letter->visit;
    visit.is_asked = true;
    // Comes from another thread, perhaps after this loop has ended. The messenger does not own what waits in the loop.
    const std::weak_ptr<Exchange::Letter> addressee = exchange_->letter;
    loop_.service().api->answer(std::move(visit.call), std::move(visit.room),
                                [mailbox = loop_.mailbox(), addressee](const Response& answer) {
                                    mailbox->post([addressee, answer] {
                                        const auto letter = addressee.lock();
                                        if (!letter) return;
                                        letter->visit->answer = answer;
                                        letter->wire.wake();
                                    });
                                });
}

// What the body is as soon as it is whole; a peer who is too slow is told so, and whoever is gone is not.
void Conversation::receive_body() {
    auto& call = exchange_->letter->visit->call;
    const auto before = call.body.size();
    call.body.resize(std::min<std::uint64_t>(call.body_bytes, before + read_bytes));
    const auto moved = over_ || expired_ ? Wire::Moved{.gone = true} : wire_.receive(std::span(call.body).subspan(before));
    call.body.resize(before + moved.bytes);
    if (call.body.size() == call.body_bytes) return ask_for_visit();
    if (!moved.gone) return;
    over_ = over_ || !expired_;
    expired_ = false;
    leave_unread(408);
    exchange_->letter.reset();
    prepare(problem(408, "the body did not arrive in time"));
}

bool Conversation::is_visit_over() {
    if (!exchange_->letter->visit->is_asked) {
        receive_body();
        return !exchange_->letter;
    }
    auto& answer = exchange_->letter->visit->answer;
    if (!answer && !expired_ && !over_) return false;
    expired_ = false;  // an answer that does not come in time is none
    auto response = answer ? std::move(*answer) : api_unavailable();
    exchange_->letter.reset();
    prepare(std::move(response));
    return true;
}

bool Conversation::awaits_body() const noexcept { return exchange_->letter->visit && !exchange_->letter->visit->is_asked; }

}  // namespace gazetted
