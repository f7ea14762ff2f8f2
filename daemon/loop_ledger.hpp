#pragma once

#include "daemon/access_log.hpp"
#include "daemon/count.hpp"
#include "daemon/document.hpp"
#include "daemon/reader_tally.hpp"
#include "daemon/readership_inbox.hpp"
#include "daemon/respond.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace gazetted {

/// What one loop counts, and tells of its answers. On the loop's thread; any thread may read the counts. An answer costs a few
/// additions and two look-ups: nothing is locked, formatted or, once a reader and a feed are known, allocated.
class LoopLedger {
public:
    /// Both outlive it; null: not wanted.
    LoopLedger(ReadershipInbox* readers, AccessLog* access_log);

    /// An answer that is over.
    struct Answer {
        const Response& response;
        const RequestView* request = nullptr;  ///< null: what came was no request
        bool http_1_0 = false;
        bool is_public = true;  ///< not on the status listener
        std::size_t head_bytes = 0;
        std::size_t sent_bytes = 0;        ///< with the head
        std::string_view request_id = {};  ///< empty: none
        std::optional<IpAddress> client;
    };
    void note(const Answer&, std::chrono::sys_seconds now) noexcept;
    void note_refusal(unsigned status) noexcept;  ///< of what never became a conversation

    /// Each tick: gives away what was seen of readers, where somebody asks for it.
    void hand_over_if_called();
    /// When the loop is over.
    void hand_over();

    struct Counts {
        static constexpr unsigned statuses = 600;
        std::array<Count, statuses> responses;
        Count body_bytes, saved_by_not_modified_bytes, saved_by_coding_bytes, saved_by_delta_bytes;
        Count accepted;
        Count found, not_found;  ///< documents in the cache
    };
    Counts counts;

private:
    void note_saving(const Answer&, std::size_t body_bytes) noexcept;
    void note_reader(const Answer&, std::size_t body_bytes, std::chrono::sys_seconds now) noexcept;

    ReadershipInbox* readers_;
    std::optional<ReaderTally> tally_;
    unsigned answered_call_ = 0;
    AccessLog* access_log_;
    AccessQueue* access_queue_ = nullptr;
};

}  // namespace gazetted
