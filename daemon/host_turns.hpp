#pragma once

#include <cassert>
#include <cstddef>
#include <deque>
#include <list>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace gazetted {

/// Who waits for which host: a host has one at a time, and hosts with more take turns, so one with a thousand feeds holds up
/// nobody else. Every call takes constant time.
template <class Waiting>
class HostTurns {
public:
    void wait(const std::string& host, Waiting waiting) {
        auto& line = lines_[host];
        line.waiting.push_back(std::move(waiting));
        if (!line.is_busy && line.waiting.size() == 1) free_hosts_.push_back(host);
    }

    /// As wait(), before all others: for what has begun and must ask another host.
    void wait_first(const std::string& host, Waiting waiting) {
        auto& line = lines_[host];
        line.waiting.push_front(std::move(waiting));
        if (!line.is_busy && line.waiting.size() == 1) free_hosts_.push_front(host);
    }

    /// Whether next() has anything.
    bool has_next() const noexcept { return !free_hosts_.empty(); }

    bool is_waited_for(const std::string& host) const {
        const auto line = lines_.find(host);
        return line != lines_.end() && !line->second.waiting.empty();
    }

    /// Its host is busy until release().
    Waiting next() {
        assert(has_next());
        auto& line = lines_.at(free_hosts_.front());
        free_hosts_.pop_front();
        line.is_busy = true;
        auto waiting = std::move(line.waiting.front());
        line.waiting.pop_front();
        return waiting;
    }

    void release(const std::string& host) {
        const auto line = lines_.find(host);
        assert(line != lines_.end() && line->second.is_busy);
        line->second.is_busy = false;
        if (line->second.waiting.empty())
            lines_.erase(line);
        else
            free_hosts_.push_back(host);
    }

    /// All who wait, in no order; nobody does any more.
    std::vector<Waiting> take_all() {
        std::vector<Waiting> all;
        for (auto& [host, line] : lines_)
            for (auto& waiting : std::exchange(line.waiting, {})) all.push_back(std::move(waiting));
        std::erase_if(lines_, [](const auto& entry) { return !entry.second.is_busy; });
        free_hosts_.clear();
        return all;
    }

private:
    struct Line {
        bool is_busy = false;
        std::list<Waiting> waiting = {};  // an empty deque is half a kilobyte
    };
    std::unordered_map<std::string, Line> lines_;  // hosts that are busy or waited for
    std::deque<std::string> free_hosts_;           // that are waited for and not busy, in their turn
};

}  // namespace gazetted
