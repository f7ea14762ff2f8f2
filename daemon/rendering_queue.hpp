#pragma once

#include "daemon/address.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>

namespace gazetted {

/// Which addresses are to be rendered, and when. Of one address there is one rendering at a time, and the next begins no sooner
/// than an interval after it, unless a caller waits. Addresses go by their canonical path. No clock: the time comes with each
/// call. One thread at a time.
class RenderingQueue {
public:
    using Time = std::chrono::steady_clock::time_point;
    using Duration = Time::duration;
    struct Intervals {
        Duration renewal{};
        Duration site_renewal{};    ///< of the front page and the catalogue, which every change touches
        Duration search_renewal{};  ///< of searches
        std::size_t searches_at_once_max =
            std::numeric_limits<std::size_t>::max();  ///< being rendered: the other workers stay free
    };
    /// What a worker takes out with it.
    struct Rendering {
        Address address;
        std::string path;
        std::uint64_t changes_seen = 0;
    };

    explicit RenderingQueue(const Intervals& intervals) : intervals_(intervals) {}

    // --- What is wanted. The earliest time that was asked for counts; while an address is being rendered nothing is noted,
    // for end() says whether that rendering missed a change.

    /// For a caller who waits: before renewals that have not waited long themselves.
    void want_at_once(const std::string& path, const Address&, Time now);
    /// As soon as the interval allows, and `wait` after that. False where it was wanted as soon before, so nobody needs to
    /// look.
    bool want_anew(const std::string& path, const Address&, Time now, Duration wait = {});

    // --- Changes, and the renderings that may have missed them.

    void note_change(std::span<const std::int64_t> category_ids);
    /// What shows the address is not in a rendering that began before.
    void note_change(const std::string& path, const Address&);
    /// A change that nobody named: no running rendering can be trusted to show it.
    void note_unknown_change();
    /// How many there were: a rendering shows at least those that it had seen when it was taken out.
    std::uint64_t changes() const noexcept { return changes_; }

    // --- The workers' side.

    /// The next address whose time has come; end(), put_back() or forget() must follow.
    std::optional<Rendering> take(Time now);
    /// When take() may give something.
    std::optional<Time> next_time() const;

    /// False where a change came meanwhile to the address or to the category: it may be in what was rendered, or not.
    [[nodiscard]] bool end(const Rendering&, std::int64_t category_id);
    /// After end(): wanted when a held article's time comes; `until_due` of a database whose clock is behind may be over.
    void want_when_due(const Rendering&, Time now, Duration until_due);
    /// After end(): remembers for the interval when the address was rendered, where it is not wanted anyway.
    void rest(const Rendering&);
    /// Not rendered: wanted as before.
    void put_back(const Rendering&, Time now);
    void forget(const std::string& path);

    /// Whether the address was rendered less than an interval ago, or is being rendered.
    bool rests(const std::string& path, Time now) const;
    /// How many different searches are wanted, or were rendered less than an interval ago.
    std::size_t searches() const noexcept { return search_times_.size(); }

private:
    struct Job {
        Address address;
        std::optional<Time> wanted;   // in times_ under this time
        bool only_to_forget = false;  // nothing to render then: the job was kept for `not_before`
        bool running = false;
        bool changed_meanwhile = false;
        Time not_before;  // the bounded rate of renewals
    };

    Job& job_of(const std::string& path, const Address&);
    bool want(const std::string& path, Job&, Time when);
    void unwant(const std::string& path, Job&);
    std::optional<Rendering> take(std::set<std::pair<Time, std::string>>&, Time now);
    std::set<std::pair<Time, std::string>>& times_of(const Job& job) { return is_search(job.address) ? search_times_ : times_; }
    Duration interval_of(const Address&) const;
    void stop(Job&);

    Intervals intervals_;
    std::unordered_map<std::string, Job> jobs_;            // by path
    std::set<std::pair<Time, std::string>> times_;         // of jobs wanted
    std::set<std::pair<Time, std::string>> search_times_;  // the same of searches: all else comes first
    std::size_t searches_running_ = 0;
    std::unordered_map<std::int64_t, std::uint64_t> last_change_;  // by category: its place in the row of changes
    std::uint64_t changes_ = 0;
};

}  // namespace gazetted
