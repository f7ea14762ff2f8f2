#include "daemon/publisher.hpp"

#include "daemon/feed_cache.hpp"
#include "daemon/log.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

namespace gazetted {

namespace {

using Clock = std::chrono::steady_clock;

// A database whose clock is behind ours gives the same due time again.
constexpr std::chrono::seconds due_again_after{1};
// A page renders all its entries anew, a feed only those that changed: after a change the feeds come first.
constexpr std::chrono::milliseconds pages_wait{5};
// Callers who wait come before renewals, but not for ever.
constexpr std::chrono::seconds callers_go_first{10};

Instant now_utc() { return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now()); }

bool is_site_wide(const Address& address) {
    return std::holds_alternative<IndexPageAddress>(address) || std::holds_alternative<CatalogueAddress>(address);
}

}  // namespace

struct Publisher::State {
    using Done = std::function<void(Answer)>;
    struct Caller {
        Done done;
        Answer otherwise;  // where nothing new can be had: the document of before, or Unavailable
    };

    // Work on one address: wanted at a time, or running. There is at most one of an address, so renderings never overlap.
    struct Job {
        Address address;
        std::optional<Clock::time_point> wanted;  // in `queue` under this time
        bool only_to_forget = false;              // nothing to render then: the job was kept for `not_before`
        bool running = false;
        bool changed_meanwhile = false;
        Clock::time_point not_before;  // the bounded rate of renewals
        std::vector<Caller> waiting;
    };
    // What a worker takes out with it.
    struct Task {
        Address address;
        std::string path;
        std::shared_ptr<const Document> previous;
        std::uint64_t changes_seen = 0;
    };

    State(const Limits& limits_, std::function<Render()> make_render_)
        : limits(limits_), make_render(std::move(make_render_)), cache(limits_.cache_bytes_max) {}

    const Limits limits;
    const std::function<Render()> make_render;

    mutable std::mutex mutex;  // guards all below but the threads
    std::condition_variable work;
    bool stopping = false;
    FeedCache cache;
    std::unordered_map<std::string, Job> jobs;                    // by path
    std::set<std::pair<Clock::time_point, std::string>> queue;    // jobs wanted, by time
    std::set<std::string, std::less<>> to_improve;                // documents that want their slow codings, by path
    std::unordered_map<std::int64_t, std::uint64_t> last_change;  // by category: its place in the row of changes
    std::uint64_t changes = 0;
    std::size_t waiting = 0;
    std::uint64_t rendered = 0, failed = 0;
    std::optional<Clock::time_point> away_since;

    std::vector<std::thread> workers;

    // With the mutex held.
    Job& job_of(const std::string& path, const Address& address);
    void want(const std::string& path, Job& job, Clock::time_point when);
    void unwant(const std::string& path, Job& job);
    void renew(const Document& document, Clock::duration wait = {});
    void touch(const Document& document);
    std::vector<Caller> take_waiting(Job& job);
    std::vector<Caller> take_all_waiting();
    std::optional<Task> take_task(Clock::time_point now);
    std::shared_ptr<const Document> take_to_improve();
    void note_set_aside(const Document& document) const;
    void keep(const Task& task, const std::shared_ptr<const Document>& document);
    // A withdrawn article is gone at once, and its page is made in a millisecond: an older one is served only in need.
    bool must_wait(const FeedCache::Found& found) const {
        return found.document && found.stale && !away_since &&
               std::holds_alternative<ArticlePageAddress>(found.document->address);
    }
    bool is_patience_over() const { return away_since && Clock::now() - *away_since >= limits.patience; }

    // On a worker's thread.
    void run_worker();
    bool connect(Render& render);
    void note_away(const std::exception& error);
    void improve(const Document& document);
    enum class Outcome { stopping, idle, rendered, database_away };
    Outcome work_once(const Render& render);
    Outcome render_task(const Render& render, Task& task);
    void put_back(const Task& task);
    void settle(const Task& task, const std::optional<Publication>& publication);
    void wait_out(std::chrono::milliseconds back_off);
};

// ---- the queue

Publisher::State::Job& Publisher::State::job_of(const std::string& path, const Address& address) {
    auto& job = jobs[path];
    job.address = address;
    return job;
}

void Publisher::State::want(const std::string& path, Job& job, Clock::time_point when) {
    if (job.running) return;
    // A time to be forgotten at is none to be rendered at.
    const bool was_to_be_forgotten = std::exchange(job.only_to_forget, false);
    if (job.wanted && !was_to_be_forgotten && *job.wanted <= when) return;
    unwant(path, job);
    job.wanted = when;
    queue.emplace(when, path);
    work.notify_all();
}

void Publisher::State::unwant(const std::string& path, Job& job) {
    if (job.wanted) queue.erase({*job.wanted, path});
    job.wanted.reset();
}

void Publisher::State::renew(const Document& document, Clock::duration wait) {
    auto& job = job_of(document.path, document.address);
    want(document.path, job, std::max(Clock::now(), job.not_before) + wait);
}

// A change that comes while the document is rendered may be in it or not: once more, then.
void Publisher::State::touch(const Document& document) {
    if (std::holds_alternative<ArticlePageAddress>(document.address)) return;
    job_of(document.path, document.address).changed_meanwhile = true;
    renew(document, std::holds_alternative<FeedAddress>(document.address) ? Clock::duration{} : pages_wait);
}

std::vector<Publisher::State::Caller> Publisher::State::take_waiting(Job& job) {
    waiting -= job.waiting.size();
    return std::exchange(job.waiting, {});
}

std::vector<Publisher::State::Caller> Publisher::State::take_all_waiting() {
    std::vector<Caller> all;
    for (auto& [path, job] : jobs) {
        auto some = take_waiting(job);
        std::move(some.begin(), some.end(), std::back_inserter(all));
    }
    return all;
}

// The next job whose time has come, or none. What nobody needs any more is forgotten on the way.
std::optional<Publisher::State::Task> Publisher::State::take_task(Clock::time_point now) {
    while (!queue.empty() && queue.begin()->first <= now) {
        const auto path = queue.begin()->second;
        auto& job = jobs.at(path);
        unwant(path, job);
        auto previous = cache.peek(path);
        if (job.only_to_forget || (!previous && job.waiting.empty())) {
            jobs.erase(path);
            continue;
        }
        job.running = true;
        job.changed_meanwhile = false;
        job.not_before = now + (is_site_wide(job.address) ? limits.site_renewal_interval : limits.renewal_interval);
        return Task{job.address, path, std::move(previous), changes};
    }
    return std::nullopt;
}

std::shared_ptr<const Document> Publisher::State::take_to_improve() {
    while (!to_improve.empty()) {
        const auto path = to_improve.extract(to_improve.begin()).value();
        if (auto document = cache.peek(path); document && wants_slow_codings(*document)) return document;
    }
    return nullptr;
}

// ---- what a rendering leaves behind

// Said once an article and address, as long as the document of before is known.
void Publisher::State::note_set_aside(const Document& document) const {
    const auto previous = cache.peek(document.path);
    for (const auto& id : document.set_aside)
        if (!previous || !previous->set_aside.contains(id))
            log(LogLevel::error, "article_set_aside",
                {{"path", document.path}, {"id", id}, {"reason", "it cannot be rendered: it is left out until it changes"}});
}

void Publisher::State::keep(const Task& task, const std::shared_ptr<const Document>& document) {
    auto& job = jobs.at(task.path);
    note_set_aside(*document);
    cache.insert(document);
    if (wants_slow_codings(*document)) to_improve.insert(task.path);
    const auto last = last_change.find(document->shown.category_id);
    if (job.changed_meanwhile || (last != last_change.end() && last->second > task.changes_seen)) {
        cache.mark_stale(task.path);
        touch(*document);
    } else if (document->due) {
        const auto until_due = std::chrono::duration_cast<Clock::duration>(*document->due - now_utc());
        const auto when = Clock::now() + std::max<Clock::duration>(until_due, due_again_after);
        if (until_due < due_again_after) job.not_before = when;
        want(task.path, job, when);
    }
    if (job.wanted) return;
    want(task.path, job, job.not_before);
    job.only_to_forget = true;
}

void Publisher::State::settle(const Task& task, const std::optional<Publication>& publication) {
    std::vector<Caller> callers;
    std::optional<Answer> answer;
    {
        const std::lock_guard lock(mutex);
        auto& job = jobs.at(task.path);
        job.running = false;
        callers = take_waiting(job);
        const auto* document = publication ? std::get_if<std::shared_ptr<const Document>>(&*publication) : nullptr;
        if (document) {
            keep(task, *document);
        } else {
            if (publication) cache.erase(task.path);
            jobs.erase(task.path);
        }
        if (publication) {
            ++rendered;
            away_since.reset();
            answer = std::visit([](const auto& value) { return Answer(value); }, *publication);
        } else {
            ++failed;
        }
    }
    for (const auto& caller : callers) caller.done(answer.value_or(caller.otherwise));
}

// Said once an outage.
void Publisher::State::note_away(const std::exception& error) {
    const std::lock_guard lock(mutex);
    if (away_since) return;
    away_since = Clock::now();
    log(LogLevel::warning, "database_unavailable", {{"reason", error.what()}});
}

// The database went away under it: wanted again as it was; callers go on waiting for as long as patience lasts.
void Publisher::State::put_back(const Task& task) {
    const std::lock_guard lock(mutex);
    ++failed;
    auto& job = jobs.at(task.path);
    job.running = false;
    want(task.path, job, Clock::now());
}

// ---- the workers

Publisher::State::Outcome Publisher::State::render_task(const Render& render, Task& task) {
    try {
        const auto publication = render(task.address, std::move(task.previous));
        settle(task, publication);
        return Outcome::rendered;
    } catch (const StoreUnavailable& error) {
        note_away(error);
        put_back(task);
        return Outcome::database_away;
    } catch (const std::exception& error) {
        log(LogLevel::error, "render_failed", {{"path", task.path}, {"reason", error.what()}});
        settle(task, std::nullopt);
        return Outcome::rendered;
    }
}

// Readers have the document already; a change that came meanwhile has put another in its place.
void Publisher::State::improve(const Document& document) {
    try {
        auto better = with_slow_codings(document);
        const std::lock_guard lock(mutex);
        cache.exchange(document, std::move(better));
    } catch (const std::exception& error) {
        log(LogLevel::error, "improve_failed", {{"path", document.path}, {"reason", error.what()}});
    }
}

// Renderings first, improvements when there are none.
Publisher::State::Outcome Publisher::State::work_once(const Render& render) {
    std::optional<Task> task;
    std::shared_ptr<const Document> to_be_improved;
    {
        std::unique_lock lock(mutex);
        if (stopping) return Outcome::stopping;
        task = take_task(Clock::now());
        if (!task) to_be_improved = take_to_improve();
        if (!task && !to_be_improved) {
            if (queue.empty()) {
                work.wait(lock);
            } else {
                // A copy: another worker may take the first job while this one sleeps.
                const auto next = queue.begin()->first;
                work.wait_until(lock, next);
            }
            return Outcome::idle;
        }
    }
    if (task) return render_task(render, *task);
    improve(*to_be_improved);
    return Outcome::idle;
}

bool Publisher::State::connect(Render& render) {
    try {
        render = make_render();
    } catch (const std::exception& error) {
        note_away(error);
        return false;
    }
    const std::lock_guard lock(mutex);
    if (std::exchange(away_since, std::nullopt)) log(LogLevel::info, "database_available");
    return true;
}

// Meanwhile tells callers whose patience is over.
void Publisher::State::wait_out(std::chrono::milliseconds back_off) {
    std::unique_lock lock(mutex);
    const auto until = Clock::now() + back_off;
    while (!stopping && Clock::now() < until) {
        if (waiting > 0 && is_patience_over()) {
            const auto callers = take_all_waiting();
            lock.unlock();
            for (const auto& caller : callers) caller.done(caller.otherwise);
            lock.lock();
            continue;
        }
        const auto wake = waiting > 0 && away_since ? std::min(until, *away_since + limits.patience) : until;
        work.wait_until(lock, wake);
    }
}

void Publisher::State::run_worker() {
    Render render;
    bool proven = false;  // this Render has rendered something: when it fails the connection was lost, and another may be had
    auto back_off = limits.back_off_min;
    for (;;) {
        const auto outcome = render || connect(render) ? work_once(render) : Outcome::database_away;
        if (outcome == Outcome::stopping) return;
        if (outcome == Outcome::rendered) {
            proven = true;
            back_off = limits.back_off_min;
        }
        if (outcome != Outcome::database_away) continue;
        render = nullptr;
        if (std::exchange(proven, false)) continue;
        wait_out(back_off);
        back_off = std::min(back_off * 2, limits.back_off_max);
        const std::lock_guard lock(mutex);
        if (stopping) return;
    }
}

// ---- what callers see

Publisher::Publisher(const Limits& limits, std::function<Render()> make_render)
    : state_(std::make_unique<State>(limits, std::move(make_render))) {
    for (std::size_t i = 0; i < limits.workers; ++i) state_->workers.emplace_back(&State::run_worker, state_.get());
}

Publisher::~Publisher() {
    {
        const std::lock_guard lock(state_->mutex);
        state_->stopping = true;
        state_->work.notify_all();
    }
    for (auto& worker : state_->workers) worker.join();
    const auto callers = state_->take_all_waiting();
    for (const auto& caller : callers) caller.done(caller.otherwise);
}

std::shared_ptr<const Document> Publisher::find(std::string_view path, Instant now) {
    const std::lock_guard lock(state_->mutex);
    auto found = state_->cache.find(path);
    if (state_->must_wait(found)) return nullptr;
    if (found.document && (found.stale || (found.document->due && *found.document->due <= now))) state_->renew(*found.document);
    return std::move(found.document);
}

void Publisher::get(const Address& address, std::function<void(Answer)> done) {
    const auto path = canonical_path(address);
    Answer answer = Unavailable{};
    {
        const std::lock_guard lock(state_->mutex);
        const auto found = state_->cache.find(path);
        if (found.document) answer = found.document;
        if ((!found.document || state_->must_wait(found)) && state_->waiting < state_->limits.waiting_max &&
            !state_->stopping && !state_->is_patience_over()) {
            auto& job = state_->job_of(path, address);
            job.waiting.push_back({std::move(done), std::move(answer)});
            ++state_->waiting;
            state_->want(path, job, Clock::now() - callers_go_first);
            return;
        }
    }
    done(std::move(answer));
}

void Publisher::changed(std::span<const std::int64_t> category_ids) {
    const std::lock_guard lock(state_->mutex);
    ++state_->changes;
    for (const auto id : category_ids) {
        state_->last_change[id] = state_->changes;
        for (const auto& path : state_->cache.mark_stale(id)) state_->touch(*state_->cache.peek(path));
    }
}

void Publisher::compare(const std::map<std::int64_t, std::int64_t>& revisions) {
    const std::lock_guard lock(state_->mutex);
    for (auto& [path, job] : state_->jobs) job.changed_meanwhile = true;
    std::vector<std::shared_ptr<const Document>> stale;
    state_->cache.each([&](const std::shared_ptr<const Document>& document) {
        const auto revision = revisions.find(document->shown.category_id);
        if (revision == revisions.end() || revision->second != document->shown.revision) stale.push_back(document);
    });
    for (const auto& document : stale) {
        state_->cache.mark_stale(document->path);
        state_->touch(*document);
    }
}

Publisher::Figures Publisher::figures() const {
    const std::lock_guard lock(state_->mutex);
    return {.documents = state_->cache.documents(),
            .bytes = state_->cache.bytes(),
            .waiting = state_->waiting,
            .rendered = state_->rendered,
            .failed = state_->failed,
            .database_available = !state_->away_since};
}

}  // namespace gazetted
