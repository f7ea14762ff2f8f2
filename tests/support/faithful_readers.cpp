#include "tests/support/faithful_readers.hpp"

#include "tests/support/daemon_process.hpp"

#include <chrono>

namespace gazetted {

using namespace std::chrono_literals;

namespace {
constexpr std::size_t failures_bytes_max = 2'000;
}

FaithfulReaders::FaithfulReaders(unsigned short port, std::vector<std::string> targets, unsigned readers)
    : port_(port), targets_(std::move(targets)) {
    for (unsigned reader = 0; reader < readers; ++reader) threads_.emplace_back([this, reader] { read(reader); });
}

FaithfulReaders::~FaithfulReaders() { stop(); }

void FaithfulReaders::stop() {
    over_ = true;
    for (std::thread& thread : threads_)
        if (thread.joinable()) thread.join();
}

void FaithfulReaders::read(std::size_t first_target) {
    for (std::size_t turn = first_target; !over_; ++turn) {
        const std::string& target = targets_[turn % targets_.size()];
        const auto changes = changes_.load();
        const HttpAnswer answer = http_get(port_, target);
        const bool was_dead = changes % 2 == 1 || changes_ != changes;
        if (answer.status == 200) {
            ++answers_;
        } else if (answer.status == 0 && was_dead) {
            ++unanswered_;
        } else {
            const std::lock_guard lock(mutex_);
            if (failures_.size() < failures_bytes_max)
                failures_ += target + ": " + std::to_string(answer.status) + " " + answer.body.substr(0, 200) + "\n";
        }
        std::this_thread::sleep_for(2ms);
    }
}

std::string FaithfulReaders::failures() const {
    const std::lock_guard lock(mutex_);
    return failures_;
}

}  // namespace gazetted
