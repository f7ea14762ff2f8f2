#include "daemon/publisher.hpp"

#include "daemon/publisher_state.hpp"
#include "daemon/publisher_worker.hpp"

#include <algorithm>
#include <vector>

namespace gazetted {

Publisher::Publisher(const Limits& limits, std::function<Render()> make_render)
    : state_(std::make_unique<State>(limits, std::move(make_render))) {
    for (std::size_t i = 0; i < limits.workers; ++i)
        workers_.emplace_back([state = state_.get()] { PublisherWorker(*state).run(); });
}

Publisher::~Publisher() {
    {
        const std::lock_guard lock(state_->mutex);
        state_->stopping = true;
        state_->work.notify_all();
    }
    for (auto& worker : workers_) worker.join();
    for (const auto& caller : state_->waiting.take_all()) caller.done(caller.otherwise);
}

Publisher::Found Publisher::find_to_keep(std::string_view path, Instant now) {
    const std::lock_guard lock(state_->mutex);
    auto found = state_->cache.find(path);
    if (!found.document) return {};
    const bool is_due = found.document->due && *found.document->due <= now;
    if (!found.stale && !is_due) return {std::move(found.document), std::move(found.standing)};
    const bool is_costly = State::is_costly(found.document->address);
    if (is_costly && is_due) {
        state_->cache.mark_stale(path);
        found.stale = true;
    }
    if (state_->must_wait(found)) return {};
    if (!is_costly) state_->renew(*found.document);
    ++state_->stale_found;
    return {std::move(found.document), nullptr};
}

std::uint64_t Publisher::withdrawals() const noexcept { return state_->cache.withdrawals(); }

Answer Publisher::get(const Address& address, std::function<void(Answer)> done, std::string_view request_id) {
    const auto path = canonical_path(address);
    Answer answer = Unavailable{};
    {
        const std::lock_guard lock(state_->mutex);
        const auto found = state_->cache.find(path);
        if (found.document) answer = found.document;
        const bool is_away = state_->away_since.has_value();
        const auto* departure = found.document ? nullptr : state_->departures.find(path);
        if (departure) answer = departure->answer;
        const bool is_known = departure && (is_away || departure->changes_seen == state_->queue.changes());
        const bool waits = (found.document ? state_->must_wait(found) : !is_known) && state_->has_room_for(path, address);
        if (waits && state_->waiting.count() < state_->limits.waiting_max && !state_->stopping && !state_->is_patience_over()) {
            state_->waiting.add(path, {std::move(done), answer, state_->queue.changes(), std::string(request_id)});
            state_->queue.want_at_once(path, address, State::Clock::now());
            state_->work.notify_all();
            return answer;
        }
    }
    done(answer);
    return answer;
}

void Publisher::changed(std::span<const std::int64_t> category_ids) {
    const std::lock_guard lock(state_->mutex);
    ++state_->notifications;
    state_->queue.note_change(category_ids);
    for (const auto id : category_ids)
        for (const auto& path : state_->cache.mark_stale(id)) state_->renew_after_change(*state_->cache.peek(path));
}

void Publisher::compare(const std::map<std::int64_t, std::int64_t>& revisions) {
    const std::lock_guard lock(state_->mutex);
    ++state_->comparisons;
    state_->queue.note_unknown_change();
    std::vector<std::shared_ptr<const Document>> stale;
    state_->cache.each([&](const std::shared_ptr<const Document>& document) {
        const auto is_current = [&](const Shown& shown) {
            const auto revision = revisions.find(shown.category_id);
            return revision != revisions.end() && revision->second == shown.revision;
        };
        const auto& others = document->also_shown;
        if (!is_current(document->shown) || !std::all_of(others.begin(), others.end(), is_current)) stale.push_back(document);
    });
    for (const auto& document : stale) state_->renew_after_change(*document);
}

Publisher::Figures Publisher::figures() const {
    const std::lock_guard lock(state_->mutex);
    std::set<std::string_view> set_aside;
    std::size_t incomplete = 0;
    for (const auto& [path, ids] : state_->set_aside) {
        set_aside.insert(ids.begin(), ids.end());
        if (!ids.empty()) ++incomplete;
    }
    return {.documents = state_->cache.documents(),
            .bytes = state_->cache.bytes(),
            .bytes_max = state_->limits.cache_bytes_max,
            .evictions = state_->cache.evictions(),
            .stale_found = state_->stale_found,
            .waiting = state_->waiting.count(),
            .rendered = state_->rendered,
            .failed = state_->failed,
            .set_aside = set_aside.size(),
            .renderings = state_->times.by_format(),
            .commit_to_bytes = state_->times.commit_to_bytes(),
            .incomplete = incomplete,
            .database_available = !state_->away_since,
            .database_outages = state_->outages,
            .notifications = state_->notifications,
            .comparisons = state_->comparisons};
}

}  // namespace gazetted
