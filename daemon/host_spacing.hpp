#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gazetted {

/// Whose turn it is: a host is asked for one thing at a time, and for the next one `spacing` after that has ended. One thread.
class HostSpacing {
public:
    using Clock = std::chrono::steady_clock;
    explicit HostSpacing(std::chrono::milliseconds spacing) : spacing_(spacing) {}

    void begin(const std::string& host) { free_at_[host] = Clock::time_point::max(); }
    void end(const std::string& host, Clock::time_point now) { free_at_[host] = now + spacing_; }

    /// The hosts whose turn has not come; forgets all others.
    std::vector<std::string> held(Clock::time_point now) {
        std::erase_if(free_at_, [&](const auto& turn) { return turn.second <= now; });
        std::vector<std::string> hosts;
        for (const auto& [host, time] : free_at_) hosts.push_back(host);
        return hosts;
    }
    /// When the first one's comes that is asked for nothing now; none: there is no such one.
    std::optional<Clock::time_point> next_free() const {
        std::optional<Clock::time_point> next;
        for (const auto& [host, time] : free_at_)
            if (time != Clock::time_point::max() && (!next || time < *next)) next = time;
        return next;
    }

private:
    std::chrono::milliseconds spacing_;
    std::map<std::string, Clock::time_point> free_at_;
};

}  // namespace gazetted
