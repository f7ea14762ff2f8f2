#pragma once

#include "daemon/histogram.hpp"
#include "daemon/publish.hpp"
#include "daemon/standing.hpp"
#include "daemon/waiting_callers.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string_view>
#include <thread>
#include <vector>

namespace gazetted {

/// Decides when publish() runs. Thread-safe. One rendering an address at a time: whoever asks meanwhile gets the older document
/// if there is one, else waits for the new one. Documents live in a FeedCache, bounded in bytes.
class Publisher {
public:
    /// Runs on a worker thread with that worker's own Store; throws StoreUnavailable while the database is away.
    using Render = std::function<Publication(const Address&, std::shared_ptr<const Document> previous)>;
    struct Limits {
        std::size_t cache_bytes_max = std::size_t{256} << 20;
        std::size_t workers = 2;
        std::size_t waiting_max = 10'000;  ///< callers waiting; beyond it an address without a document answers Unavailable
        /// A document is rendered anew at once after a change, and again no sooner than this; the last change is always shown.
        std::chrono::milliseconds renewal_interval{25};
        /// The same for the front page and the catalogue, which every change touches.
        std::chrono::milliseconds site_renewal_interval{1'000};
        /// A search shows something of the whole site; it is made anew when somebody asks for it, no sooner than this after the
        /// last time.
        std::chrono::milliseconds search_renewal_interval{10'000};
        /// A document that stays so long gets its slow codings and what deltas need, one that changes all the time after some
        /// times that: right after a change its readers have the processors to themselves.
        std::chrono::milliseconds slow_coding_wait{250};
        std::size_t searches_max = 64;  ///< different searches within that time; beyond it a new one answers Unavailable
        /// How long callers wait for a database that went away before they are told so; afterwards they are told at once.
        std::chrono::milliseconds patience{1'000};
        std::chrono::milliseconds back_off_min{100};  ///< between attempts to reach the database, doubling
        std::chrono::milliseconds back_off_max{2'000};
    };
    using Unavailable = gazetted::Unavailable;
    using Answer = gazetted::Answer;

    /// `make_render` is called on each worker thread, and again after its Render threw StoreUnavailable; it throws
    /// StoreUnavailable while the database is away.
    Publisher(const Limits&, std::function<Render()> make_render);
    ~Publisher();  ///< waits for running renderings; callers who wait are answered Unavailable

    struct Found {
        std::shared_ptr<const Document> document;  ///< null: none that could be served now
        std::shared_ptr<Standing> standing;        ///< the document may be served while this is current; null: find it again
    };
    /// The document to serve now, of any age. Never waits. A stale one found here is being renewed: one that a change touched,
    /// or whose `due` has passed. The path is canonical_path(address): a request's target may be tried as it is.
    Found find_to_keep(std::string_view path, Instant now);
    std::shared_ptr<const Document> find(std::string_view path, Instant now) { return find_to_keep(path, now).document; }
    std::shared_ptr<const Document> find(const Address& address, Instant now) { return find(canonical_path(address), now); }
    /// Grows whenever a document that was found stops being current. No lock.
    std::uint64_t withdrawals() const noexcept;
    /// Calls `done` once, from a worker thread or at once where the answer is known; it must not block or throw. Logs name a
    /// rendering that fails or takes long by the requests that wait for it. Returns what may be answered until then: the
    /// document of before, or Unavailable.
    Answer get(const Address&, std::function<void(Answer)> done, std::string_view request_id = {});

    /// These categories changed (0: the site): cached documents that show them are rendered anew, the older ones served
    /// meanwhile. An article page is null to find() from then on, and get() waits for the new one: it may be withdrawn.
    void changed(std::span<const std::int64_t> category_ids);
    /// After a lost connection: whatever does not show the database's revision is rendered anew.
    void compare(const std::map<std::int64_t, std::int64_t>& revisions);

    struct Figures {
        std::size_t documents = 0;
        std::size_t bytes = 0;
        std::size_t bytes_max = 0;
        std::uint64_t evictions = 0;
        std::uint64_t stale_found = 0;  ///< documents that find() gave although they were to be rendered anew
        std::size_t waiting = 0;        ///< callers without a document
        std::uint64_t rendered = 0;
        std::uint64_t failed = 0;
        std::size_t set_aside = 0;                                   ///< articles that some feed goes on without
        std::map<std::string_view, Histogram::Snapshot> renderings;  ///< by format
        Histogram::Snapshot commit_to_bytes;                         ///< of feeds that were in the cache when the commit came
        std::size_t incomplete = 0;                                  ///< documents that go on without some article
        bool database_available = true;                              ///< as the last rendering saw it
        std::uint64_t database_outages = 0;                          ///< that renderings met
        std::uint64_t notifications = 0;                             ///< calls of changed()
        std::uint64_t comparisons = 0;                               ///< calls of compare()
    };
    Figures figures() const;

    struct State;  ///< shared with the workers

private:
    std::unique_ptr<State> state_;
    std::vector<std::thread> workers_;
};

}  // namespace gazetted
