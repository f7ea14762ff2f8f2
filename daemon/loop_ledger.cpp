#include "daemon/loop_ledger.hpp"

#include <algorithm>
#include <exception>

namespace gazetted {

LoopLedger::LoopLedger(ReadershipInbox* readers, AccessLog* access_log) : readers_(readers), access_log_(access_log) {
    if (readers_) tally_.emplace(readers_->sent_before(), [this](std::chrono::sys_days day) { return readers_->key_of(day); });
    if (access_log_) access_queue_ = &access_log_->add_queue();
}

void LoopLedger::note(const Answer& answer, std::chrono::sys_seconds now) noexcept {
    const auto& response = answer.response;
    const auto body_bytes = answer.sent_bytes - std::min(answer.sent_bytes, answer.head_bytes);
    counts.responses[response.status].add();
    if (body_bytes > 0) counts.body_bytes.add(body_bytes);
    if (response.document && answer.request && answer.request->is_get()) {
        note_saving(answer, body_bytes);
        if (tally_ && std::holds_alternative<FeedAddress>(response.document->address)) note_reader(answer, body_bytes, now);
    }
    if (!access_queue_ || !answer.is_public) return;
    AccessLine line{.client = answer.client,
                    .time = now,
                    .status = response.status,
                    .body_bytes = body_bytes,
                    .request_id = answer.request_id};
    if (answer.request) {
        line.method = answer.request->method;
        line.target = answer.request->target;
        line.http_1_0 = answer.http_1_0;
    }
    if (!access_queue_->push(line)) access_log_->lose();
}

void LoopLedger::note_refusal(unsigned status) noexcept { counts.responses[status].add(); }

// Against the uncoded whole, which a client that says nothing would have been sent.
void LoopLedger::note_saving(const Answer& answer, std::size_t body_bytes) noexcept {
    const auto& response = answer.response;
    const auto whole = response.document->representations.identity().body.size();
    if (response.status == 304) counts.saved_by_not_modified_bytes.add(whole);
    if (response.status == 226) counts.saved_by_delta_bytes.add(whole - response.body.size());
    // Only what was sent whole would have been sent whole.
    if (response.status == 200 && body_bytes == response.body.size())
        counts.saved_by_coding_bytes.add(whole - response.body.size());
}

void LoopLedger::note_reader(const Answer& answer, std::size_t body_bytes, std::chrono::sys_seconds now) noexcept {
    const auto& document = *answer.response.document;
    const auto& request = *answer.request;
    // Strangers choose how many searches there are. One letter tells most other paths from theirs.
    if (document.path.size() > 8 && document.path[2] == 'e' && document.path.starts_with("/search.")) return;
    const ReaderTally::Sighting sighting{.path = document.path,
                                         .path_hash = document.path_hash,
                                         .user_agent = request.user_agent,
                                         .address = answer.client,
                                         .status = answer.response.status,
                                         .conditional = !request.if_none_match.empty() || !request.if_modified_since.empty(),
                                         .body_bytes = body_bytes,
                                         .etag = document.representations.identity().etag};
    try {
        tally_->note(sighting, now);
    } catch (const std::exception&) {
        // Without memory there are readers, but nobody to count them.
    }
}

void LoopLedger::hand_over_if_called() {
    if (!readers_ || readers_->call() == answered_call_) return;
    answered_call_ = readers_->call();
    hand_over();
}

void LoopLedger::hand_over() {
    if (readers_) readers_->put(tally_->take());
}

}  // namespace gazetted
