#pragma once

#include "daemon/forwarded.hpp"
#include "daemon/http.hpp"
#include "daemon/publisher.hpp"
#include "daemon/request_id.hpp"
#include "daemon/respond.hpp"
#include "daemon/wire.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace gazetted {

using SteadyTime = std::chrono::steady_clock::time_point;

/// One request and its answer while they are in progress. A conversation borrows it from its loop when something arrives and
/// gives it back when it is idle again, so that idle connections own none of it. Its views stay valid until the answer is sent.
struct Exchange {
    struct Received {
        std::array<char, 16'640> bytes;
        std::size_t begin = 0, end = 0;  // of what was not used yet
    } received;
    bool has_unused() const noexcept { return received.begin < received.end; }

    Peer peer;
    bool is_public = true;  // not of the status listener
    HeadRead read;
    RequestId id;                       // of a request that there is something to tell of; of few
    std::uint64_t body_bytes_left = 0;  // of the request, to be skipped
    Asked asked;                        // where the target alone did not find a document
    struct Letter;
    std::shared_ptr<Letter> letter;  // where none is here yet: what comes from a worker

    Response response;
    std::array<char, 256> tail;  // Server, Date, X-Request-Id, Connection and the empty line
    std::size_t tail_bytes = 0;
    std::size_t head_bytes = 0;  // of the answer, `tail` with it
    std::size_t sent_bytes = 0;
    SteadyTime answer_deadline;
    bool keep_alive = true;
    bool must_linger = false;
    bool may_be_image = false;  // the head holds nothing that is for this request alone
    std::size_t lingered_bytes = 0;

    /// Whose request it is, be it forwarded or not.
    Peer client(const TrustedProxies& trusted) const {
        if (!head()) return peer;
        const auto& view = head()->view;
        if (view.forwarded.empty() && view.x_forwarded_for.empty()) return peer;
        const ForwardedFields fields{.forwarded = view.forwarded, .x_forwarded_for = view.x_forwarded_for};
        return client_of(peer, fields, trusted);
    }
    /// The request's head; none where it was refused.
    const RequestHead* head() const noexcept { return std::get_if<RequestHead>(&read); }
};

struct ApiVisit;

/// What a worker sends to the conversation that waits for it.
struct Exchange::Letter {
    explicit Letter(Wire& addressee) : wire(addressee) {}
    Wire& wire;
    Publisher::Answer answer = Publisher::Unavailable{};  ///< until it is here: what is answered where it does not come
    std::shared_ptr<ApiVisit> visit;                      ///< where the API is asked, and no document
};

}  // namespace gazetted
