#pragma once

#include "daemon/departures.hpp"
#include "daemon/feed_cache.hpp"
#include "daemon/publisher.hpp"
#include "daemon/rendering_queue.hpp"
#include "daemon/rendering_times.hpp"
#include "daemon/waiting_callers.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace gazetted {

/// What the callers of a Publisher (publisher.cpp) and its workers (publisher_worker.cpp) share.
struct Publisher::State {
    State(const Limits& limits_, std::function<Render()> make_render_)
        : limits(limits_),
          make_render(std::move(make_render_)),
          cache(limits_.cache_bytes_max),
          queue({.renewal = limits_.renewal_interval,
                 .site_renewal = limits_.site_renewal_interval,
                 .search_renewal = limits_.search_renewal_interval,
                 .searches_at_once_max = std::max<std::size_t>(limits_.workers, 2) - 1}) {}

    using Clock = std::chrono::steady_clock;
    /// An address whose document wants its slow codings: then, where it is still the same, or has changed so often that there
    /// is no waiting for it.
    struct Improvable {
        Clock::time_point due;
        std::string path;
        std::weak_ptr<const Document> document;
        unsigned changes = 0;  ///< seen meanwhile
    };

    const Limits limits;
    const std::function<Render()> make_render;

    mutable std::mutex mutex;      // guards all below
    std::condition_variable work;  // there is more in `queue`, or `stopping`
    bool stopping = false;
    FeedCache cache;
    RenderingQueue queue;
    WaitingCallers waiting;
    Departures departures;
    std::deque<Improvable> to_improve;                                    // by `due`, one a path
    std::set<std::string, std::less<>> improvable;                        // the paths of to_improve
    std::map<std::string, std::set<std::string>, std::less<>> set_aside;  // article ids by path, as last rendered
    std::uint64_t rendered = 0, failed = 0, stale_found = 0, outages = 0, notifications = 0, comparisons = 0;
    std::optional<Clock::time_point> away_since;  // the database

    RenderingTimes times;  // needs no mutex

    /// Shows something of the whole site, and takes time: made on demand and seldom.
    static bool is_costly(const Address& address) {
        return is_search(address) || std::holds_alternative<CatalogueAddress>(address);
    }
    /// Many of one kind, each asked for seldom: not rendered after a change but when somebody asks.
    static bool is_made_on_demand(const Address& address) {
        return std::holds_alternative<ArticlePageAddress>(address) || std::holds_alternative<ArchiveAddress>(address) ||
               is_costly(address);
    }

    // With the mutex held.

    void renew(const Document& document, Clock::duration wait = {}) {
        // A reader who finds an older document while the new one is made wakes nobody.
        if (queue.want_anew(document.path, document.address, Clock::now(), wait)) work.notify_all();
    }
    /// The document does not show the last change.
    void renew_after_change(const Document& document) {
        // A page renders all its entries anew, a feed only those that changed: after a change the feeds come first.
        constexpr std::chrono::milliseconds pages_wait{5};
        cache.mark_stale(document.path);
        if (is_made_on_demand(document.address)) return;
        queue.note_change(document.path, document.address);
        renew(document, std::holds_alternative<FeedAddress>(document.address) ? Clock::duration{} : pages_wait);
    }
    /// Whoever asks for such a document waits for the new one, which is made in a millisecond: a withdrawn article is gone at
    /// once. An older one is served only in need, or of what is costly and was made a moment ago.
    bool must_wait(const FeedCache::Found& found) const {
        if (!found.document || !found.stale || away_since) return false;
        const Document& document = *found.document;
        return is_made_on_demand(document.address) &&
               !(is_costly(document.address) && queue.rests(document.path, Clock::now()));
    }
    /// Searches are as many as strangers like: beyond so many different ones within an interval the others are refused.
    bool has_room_for(const std::string& path, const Address& address) const {
        return !is_search(address) || waiting.contains(path) || queue.searches() < limits.searches_max;
    }
    bool is_patience_over() const { return away_since && Clock::now() - *away_since >= limits.patience; }
};

}  // namespace gazetted
