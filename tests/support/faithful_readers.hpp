#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace gazetted {

/// Readers, each in a thread, who ask for the same feeds again and again, whatever happens to the daemon and its database, and
/// count every answer that is not 200.
class FaithfulReaders {
public:
    FaithfulReaders(unsigned short port, std::vector<std::string> targets, unsigned readers);
    ~FaithfulReaders();
    FaithfulReaders(const FaithfulReaders&) = delete;
    FaithfulReaders& operator=(const FaithfulReaders&) = delete;

    /// Between the two the daemon is dead: a request that meets that time may stay without an answer.
    void note_death() { ++changes_; }
    void note_life() { ++changes_; }
    /// Ends the readers; no later figure changes.
    void stop();

    std::uint64_t answers() const { return answers_; }        ///< 200
    std::uint64_t unanswered() const { return unanswered_; }  ///< as the daemon was dead
    /// The first answers that were none or another status, a line each; empty: there was no such answer.
    std::string failures() const;

private:
    void read(std::size_t first_target);

    const unsigned short port_;
    const std::vector<std::string> targets_;
    std::atomic<bool> over_ = false;
    std::atomic<std::uint64_t> changes_ = 0;  ///< odd: the daemon is dead
    std::atomic<std::uint64_t> answers_ = 0, unanswered_ = 0;
    mutable std::mutex mutex_;
    std::string failures_;
    std::vector<std::thread> threads_;
};

}  // namespace gazetted
