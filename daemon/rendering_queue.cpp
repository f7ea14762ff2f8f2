#include "daemon/rendering_queue.hpp"

#include <algorithm>
#include <variant>

namespace gazetted {

namespace {

// A database whose clock is behind ours gives the same due time again.
constexpr std::chrono::seconds due_again_after{1};
// Callers who wait come before renewals, but not for ever.
constexpr std::chrono::seconds callers_go_first{10};

bool is_site_wide(const Address& address) {
    return std::holds_alternative<IndexPageAddress>(address) || std::holds_alternative<CatalogueAddress>(address);
}

}  // namespace

void RenderingQueue::want_at_once(const std::string& path, const Address& address, Time now) {
    want(path, job_of(path, address), now - callers_go_first);
}

bool RenderingQueue::want_anew(const std::string& path, const Address& address, Time now, Duration wait) {
    auto& job = job_of(path, address);
    return want(path, job, std::max(now, job.not_before) + wait);
}

void RenderingQueue::note_change(std::span<const std::int64_t> category_ids) {
    ++changes_;
    for (const auto id : category_ids) last_change_[id] = changes_;
}

void RenderingQueue::note_change(const std::string& path, const Address& address) {
    job_of(path, address).changed_meanwhile = true;
}

void RenderingQueue::note_unknown_change() {
    ++changes_;
    for (auto& [path, job] : jobs_) job.changed_meanwhile = true;
}

std::optional<RenderingQueue::Rendering> RenderingQueue::take(Time now) {
    auto rendering = take(times_, now);
    if (!rendering && searches_running_ < intervals_.searches_at_once_max) rendering = take(search_times_, now);
    return rendering;
}

std::optional<RenderingQueue::Rendering> RenderingQueue::take(std::set<std::pair<Time, std::string>>& times, Time now) {
    while (!times.empty() && times.begin()->first <= now) {
        const auto path = times.begin()->second;
        auto& job = jobs_.at(path);
        unwant(path, job);
        if (job.only_to_forget) {
            forget(path);
            continue;
        }
        job.running = true;
        job.changed_meanwhile = false;
        job.not_before = now + interval_of(job.address);
        if (is_search(job.address)) ++searches_running_;
        return Rendering{job.address, path, changes_};
    }
    return std::nullopt;
}

RenderingQueue::Duration RenderingQueue::interval_of(const Address& address) const {
    if (is_search(address)) return intervals_.search_renewal;
    return is_site_wide(address) ? intervals_.site_renewal : intervals_.renewal;
}

std::optional<RenderingQueue::Time> RenderingQueue::next_time() const {
    std::optional<Time> next;
    if (!times_.empty()) next = times_.begin()->first;
    if (!search_times_.empty() && searches_running_ < intervals_.searches_at_once_max)
        next = std::min(next.value_or(Time::max()), search_times_.begin()->first);
    return next;
}

bool RenderingQueue::rests(const std::string& path, Time now) const {
    const auto found = jobs_.find(path);
    return found != jobs_.end() && (found->second.running || now < found->second.not_before);
}

void RenderingQueue::forget(const std::string& path) {
    const auto found = jobs_.find(path);
    if (found == jobs_.end()) return;
    stop(found->second);
    jobs_.erase(found);
}

void RenderingQueue::stop(Job& job) {
    if (std::exchange(job.running, false) && is_search(job.address)) --searches_running_;
}

bool RenderingQueue::end(const Rendering& rendering, std::int64_t category_id) {
    auto& job = jobs_.at(rendering.path);
    stop(job);
    const auto last = last_change_.find(category_id);
    return !job.changed_meanwhile && (last == last_change_.end() || last->second <= rendering.changes_seen);
}

void RenderingQueue::want_when_due(const Rendering& rendering, Time now, Duration until_due) {
    auto& job = jobs_.at(rendering.path);
    const auto when = now + std::max<Duration>(until_due, due_again_after);
    if (until_due < due_again_after) job.not_before = when;
    want(rendering.path, job, when);
}

void RenderingQueue::rest(const Rendering& rendering) {
    auto& job = jobs_.at(rendering.path);
    if (job.wanted) return;
    want(rendering.path, job, job.not_before);
    job.only_to_forget = true;
}

void RenderingQueue::put_back(const Rendering& rendering, Time now) {
    auto& job = jobs_.at(rendering.path);
    stop(job);
    want(rendering.path, job, now);
}

RenderingQueue::Job& RenderingQueue::job_of(const std::string& path, const Address& address) {
    auto& job = jobs_[path];
    job.address = address;
    return job;
}

bool RenderingQueue::want(const std::string& path, Job& job, Time when) {
    if (job.running) return false;
    // A time to be forgotten at is none to be rendered at.
    const bool was_to_be_forgotten = std::exchange(job.only_to_forget, false);
    if (job.wanted && !was_to_be_forgotten && *job.wanted <= when) return false;
    unwant(path, job);
    job.wanted = when;
    times_of(job).emplace(when, path);
    return true;
}

void RenderingQueue::unwant(const std::string& path, Job& job) {
    if (job.wanted) times_of(job).erase({*job.wanted, path});
    job.wanted.reset();
}

}  // namespace gazetted
