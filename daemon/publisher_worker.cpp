#include "daemon/publisher_worker.hpp"

#include "daemon/clock.hpp"
#include "daemon/log.hpp"

#include <algorithm>
#include <ranges>
#include <vector>

namespace gazetted {

using Clock = Publisher::State::Clock;

namespace {

/// So long a rendering is worth a line.
constexpr auto slow_rendering = std::chrono::seconds(1);
/// A document that changes all the time gets its slow codings after so many waits for one that stays.
constexpr unsigned changes_awaited_max = 10;
/// Of those who waited for it, so many are named.
constexpr std::size_t named_requests_max = 8;

}  // namespace

void PublisherWorker::run() {
    for (;;) {
        const auto outcome = render_ || connect() ? work_once() : Outcome::database_away;
        if (outcome == Outcome::stopping) return;
        if (outcome == Outcome::rendered) {
            proven_ = true;
            back_off_ = state_.limits.back_off_min;
        }
        if (outcome != Outcome::database_away) continue;
        render_ = nullptr;
        if (std::exchange(proven_, false)) continue;
        wait_out_back_off();
        const std::lock_guard lock(state_.mutex);
        if (state_.stopping) return;
    }
}

// ---- what there is to do: renderings first, improvements when there are none

PublisherWorker::Outcome PublisherWorker::work_once() {
    std::optional<Task> task;
    std::shared_ptr<const Document> to_be_improved;
    {
        std::unique_lock lock(state_.mutex);
        if (state_.stopping) return Outcome::stopping;
        task = take_task();
        if (!task) to_be_improved = take_to_improve();
        if (!task && !to_be_improved) {
            wait_for_work(lock);
            return Outcome::idle;
        }
    }
    if (task) return render(std::move(*task));
    return improve(to_be_improved);
}

// What nobody needs any more is forgotten on the way.
std::optional<PublisherWorker::Task> PublisherWorker::take_task() {
    while (auto rendering = state_.queue.take(Clock::now())) {
        auto previous = state_.cache.peek(rendering->path);
        if (previous || state_.waiting.contains(rendering->path)) return Task{std::move(*rendering), std::move(previous)};
        state_.queue.forget(rendering->path);
    }
    return std::nullopt;
}

std::shared_ptr<const Document> PublisherWorker::take_to_improve() {
    while (!state_.to_improve.empty() && state_.to_improve.front().due <= Clock::now()) {
        auto [due, path, document, changes] = std::move(state_.to_improve.front());
        state_.to_improve.pop_front();
        state_.improvable.erase(path);
        auto current = state_.cache.peek(path);
        if (!current || !wants_slow_codings(*current)) continue;
        if (current == document.lock() || changes == changes_awaited_max) return current;
        want_improved(current, changes + 1);
    }
    return nullptr;
}

void PublisherWorker::want_improved(const std::shared_ptr<const Document>& document, unsigned changes) {
    if (!state_.improvable.insert(document->path).second) return;
    state_.to_improve.push_back({.due = Clock::now() + state_.limits.slow_coding_wait,
                                 .path = document->path,
                                 .document = document,
                                 .changes = changes});
}

void PublisherWorker::wait_for_work(std::unique_lock<std::mutex>& lock) {
    auto next = state_.queue.next_time();
    if (!state_.to_improve.empty()) next = std::min(next.value_or(Clock::time_point::max()), state_.to_improve.front().due);
    if (next)
        state_.work.wait_until(lock, *next);
    else
        state_.work.wait(lock);
}

// ---- a rendering and what it leaves behind

PublisherWorker::Outcome PublisherWorker::render(Task task) {
    try {
        const auto begun = Clock::now();
        const auto publication = render_(task.rendering.address, std::move(task.previous));
        const auto took = Clock::now() - begun;
        state_.times.note_rendering(task.rendering.address, took);
        const auto request_ids = settle(task.rendering, publication);
        if (took >= slow_rendering)
            log(LogLevel::warning, "rendered_slowly",
                {{"path", task.rendering.path},
                 {"duration_ms", std::chrono::floor<std::chrono::milliseconds>(took).count()},
                 {"request_ids", request_ids}});
        return Outcome::rendered;
    } catch (const StatementFailed& error) {
        // Where this connection has rendered others, it is the document's fault.
        return proven_ ? fail(task.rendering, error) : go_without_database(task.rendering, error);
    } catch (const StoreUnavailable& error) {
        return go_without_database(task.rendering, error);
    } catch (const std::exception& error) {
        return fail(task.rendering, error);
    }
}

PublisherWorker::Outcome PublisherWorker::fail(const RenderingQueue::Rendering& rendering, const std::exception& error) {
    const auto request_ids = settle(rendering, std::nullopt);
    log(LogLevel::error, "render_failed", {{"path", rendering.path}, {"reason", error.what()}, {"request_ids", request_ids}});
    return Outcome::rendered;
}

PublisherWorker::Outcome PublisherWorker::go_without_database(const RenderingQueue::Rendering& rendering,
                                                              const std::exception& error) {
    note_away(error);
    put_back(rendering);
    return Outcome::database_away;
}

// Without a publication: the rendering failed, and the last good document stays. The ids of requests that waited for it.
std::string PublisherWorker::settle(const RenderingQueue::Rendering& rendering, const std::optional<Publication>& publication) {
    std::vector<WaitingCallers::Caller> callers;
    std::optional<Answer> answer;
    {
        const std::lock_guard lock(state_.mutex);
        callers = state_.waiting.take(rendering.path, rendering.changes_seen);
        const auto* document = publication ? std::get_if<std::shared_ptr<const Document>>(&*publication) : nullptr;
        if (document) {
            keep(rendering, *document);
        } else {
            if (publication) state_.cache.erase(rendering.path);
            state_.queue.forget(rendering.path);
        }
        if (publication) {
            ++state_.rendered;
            state_.away_since.reset();
            answer = std::visit([](const auto& value) { return Answer(value); }, *publication);
            state_.departures.note(rendering.path, *answer, rendering.changes_seen);
        } else {
            ++state_.failed;
        }
        if (state_.waiting.contains(rendering.path)) {
            state_.queue.want_at_once(rendering.path, rendering.address, Clock::now());
            state_.work.notify_all();
        }
    }
    for (const auto& caller : callers) caller.done(answer.value_or(caller.otherwise));
    std::string request_ids;
    for (const auto& caller : callers | std::views::take(named_requests_max))
        if (!caller.request_id.empty()) request_ids += (request_ids.empty() ? "" : ",") + caller.request_id;
    return request_ids;
}

void PublisherWorker::keep(const RenderingQueue::Rendering& rendering, const std::shared_ptr<const Document>& document) {
    if (!is_search(document->address)) {  // strangers choose how many there are
        note_set_aside(*document);
        note_dropped(*document);
        note_shortened(*document);
        note_unread(*document);
        state_.times.note_bytes(state_.cache.peek(document->path).get(), *document, now_utc());
        state_.set_aside.erase(document->path);
        for (const auto& [id, why] : document->set_aside) state_.set_aside[document->path].insert(id);
    }
    // Another worker may have improved the document of before while this one was made of it.
    const auto current = state_.cache.peek(document->path);
    const auto kept = current ? with_codings_of(document, *current) : document;
    state_.cache.insert(kept);
    if (!is_search(kept->address) && wants_slow_codings(*kept)) want_improved(kept, 0);
    bool is_current = state_.queue.end(rendering, document->shown.category_id);
    for (const Shown& shown : document->also_shown) is_current = state_.queue.end(rendering, shown.category_id) && is_current;
    if (!is_current) {
        state_.renew_after_change(*document);
    } else if (document->due && !Publisher::State::is_costly(document->address)) {
        state_.queue.want_when_due(rendering, Clock::now(),
                                   std::chrono::duration_cast<Clock::duration>(*document->due - now_utc()));
    }
    state_.queue.rest(rendering);
    state_.work.notify_all();
}

// Said once an article and address, as long as the document of before is known.
void PublisherWorker::note_set_aside(const Document& document) const {
    const auto previous = state_.cache.peek(document.path);
    for (const auto& [id, why] : document.set_aside)
        if (!previous || !previous->set_aside.contains(id))
            log(LogLevel::error, "article_set_aside",
                {{"path", document.path}, {"id", id}, {"reason", why.reason + ": it is left out until it changes"}});
}

// Said when a feed begins to be too large, not at each of its renewals.
void PublisherWorker::note_dropped(const Document& document) const {
    if (document.dropped == 0) return;
    const auto previous = state_.cache.peek(document.path);
    if (previous && previous->dropped > 0) return;
    log(LogLevel::warning, "feed_shortened", {{"path", document.path}, {"dropped", std::to_string(document.dropped)}});
}

// Said once an article and address, as articles set aside are.
void PublisherWorker::note_shortened(const Document& document) const {
    const auto previous = state_.cache.peek(document.path);
    for (const auto& [id, kept] : document.fragments) {
        if (!kept.is_shortened) continue;
        const auto before = previous ? previous->fragments.find(id) : document.fragments.end();
        if (previous && before != previous->fragments.end() && before->second.is_shortened) continue;
        log(LogLevel::warning, "entry_shortened",
            {{"path", document.path},
             {"id", id},
             {"reason", "it would take more than half of what a feed may have: its summary stands for its content"}});
    }
}

// Said when a combination's feed begins to end before its members do.
void PublisherWorker::note_unread(const Document& document) const {
    const auto goes_on_with = [](const Document& it) { return it.instance ? it.instance->unread_number : 0; };
    const auto previous = state_.cache.peek(document.path);
    if (goes_on_with(document) == 0 || (previous && goes_on_with(*previous) != 0)) return;
    log(LogLevel::warning, "combination_unread",
        {{"path", document.path},
         {"reason", "what it leaves out takes away too many in a row: its archives go on"},
         {"archive", std::to_string(goes_on_with(document))}});
}

// Readers have the document already; a change that came meanwhile has put another in its place.
PublisherWorker::Outcome PublisherWorker::improve(const std::shared_ptr<const Document>& document) {
    try {
        const auto whole = with_articles_behind(document);
        if (!whole) return Outcome::idle;
        auto better = with_slow_codings(*whole);
        const std::lock_guard lock(state_.mutex);
        state_.cache.exchange(*document, std::move(better));
    } catch (const StoreUnavailable& error) {
        note_away(error);
        const std::lock_guard lock(state_.mutex);
        want_improved(document, changes_awaited_max);
        return Outcome::database_away;
    } catch (const std::exception& error) {
        log(LogLevel::error, "improve_failed", {{"path", document->path}, {"reason", error.what()}});
    }
    return Outcome::idle;
}

// The same document with the articles that deltas need; null where the rows have changed meanwhile.
std::shared_ptr<const Document> PublisherWorker::with_articles_behind(const std::shared_ptr<const Document>& document) {
    if (!document->instance || !document->instance->behind_is_unread) return document;
    const auto publication = render_(document->address, document);
    const auto* again = std::get_if<std::shared_ptr<const Document>>(&publication);
    const bool is_same = again && (*again)->representations.identity().etag == document->representations.identity().etag;
    return is_same ? *again : nullptr;
}

// ---- the database

bool PublisherWorker::connect() {
    try {
        render_ = state_.make_render();
    } catch (const std::exception& error) {
        note_away(error);
        return false;
    }
    const std::lock_guard lock(state_.mutex);
    if (std::exchange(state_.away_since, std::nullopt)) log(LogLevel::info, "database_available");
    return true;
}

// Said once an outage.
void PublisherWorker::note_away(const std::exception& error) {
    const std::lock_guard lock(state_.mutex);
    if (state_.away_since) return;
    state_.away_since = Clock::now();
    ++state_.outages;
    log(LogLevel::warning, "database_unavailable", {{"reason", error.what()}});
}

// Wanted again as it was; callers go on waiting for as long as patience lasts.
void PublisherWorker::put_back(const RenderingQueue::Rendering& rendering) {
    const std::lock_guard lock(state_.mutex);
    ++state_.failed;
    state_.queue.put_back(rendering, Clock::now());
    state_.work.notify_all();
}

// Meanwhile tells callers whose patience is over.
void PublisherWorker::wait_out_back_off() {
    std::unique_lock lock(state_.mutex);
    const auto until = Clock::now() + back_off_;
    while (!state_.stopping && Clock::now() < until) {
        if (state_.waiting.count() > 0 && state_.is_patience_over()) {
            const auto callers = state_.waiting.take_all();
            lock.unlock();
            for (const auto& caller : callers) caller.done(caller.otherwise);
            lock.lock();
            continue;
        }
        const bool someone_is_patient = state_.waiting.count() > 0 && state_.away_since;
        state_.work.wait_until(lock, someone_is_patient ? std::min(until, *state_.away_since + state_.limits.patience) : until);
    }
    back_off_ = std::min(back_off_ * 2, state_.limits.back_off_max);
}

}  // namespace gazetted
