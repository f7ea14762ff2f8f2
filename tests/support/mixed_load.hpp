#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace gazetted {

/// Readers, each in a thread, who do everything that clients do, right and wrong: ask for what they have and for what is not
/// there, in every coding, in pieces, for what is new; send what is no request; go away in the middle.
class MixedLoad {
public:
    /// `targets`: of feeds that have an ETag, ranges and deltas.
    MixedLoad(unsigned short port, std::vector<std::string> targets, unsigned readers);
    ~MixedLoad();
    MixedLoad(const MixedLoad&) = delete;
    MixedLoad& operator=(const MixedLoad&) = delete;
    /// Ends the readers; no later figures change.
    void stop();

    std::uint64_t answers() const { return answers_; }
    /// How often each status came, after stop().
    const std::map<int, std::uint64_t>& statuses() const { return statuses_; }
    /// The first answer that none of its request's statuses fit or that was cut off: the request's head and the answer's.
    std::string first_wrong() const;

private:
    class Reader;
    void note(int status);
    void complain(const std::string& what);

    const unsigned short port_;
    const std::vector<std::string> targets_;
    std::atomic<bool> over_ = false;
    std::atomic<std::uint64_t> answers_ = 0;
    mutable std::mutex mutex_;
    std::map<int, std::uint64_t> statuses_;
    std::string first_wrong_;
    std::vector<std::thread> threads_;
};

}  // namespace gazetted
