#pragma once

#include "daemon/figure_history.hpp"
#include "daemon/survey.hpp"

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace gazetted {

/// What the status listener shows beside the figures of the moment: the surveyor writes it down, loops read it. Thread-safe;
/// nothing here takes longer than the copy of a history.
class StatusBoard {
public:
    /// What of the daemon's configuration the page names.
    struct Daemon {
        std::string base_url, title;
        bool polls = false;
    };
    struct View {
        /// The daemon's; its process may be older, a shell that became it.
        std::chrono::steady_clock::time_point begun = std::chrono::steady_clock::now();
        Daemon daemon;
        FigureHistory history;
        std::shared_ptr<const Survey> survey;  ///< the last one that was to be had; null: none yet
        std::string failure;                   ///< why there is no newer one; empty: there is none to be had
    };
    View view() const {
        const std::lock_guard lock(mutex_);
        return view_;
    }
    std::shared_ptr<const Survey> survey() const {
        const std::lock_guard lock(mutex_);
        return view_.survey;
    }

    void describe(Daemon daemon) {
        const std::lock_guard lock(mutex_);
        view_.daemon = std::move(daemon);
    }
    void note_polling(bool polls) {
        const std::lock_guard lock(mutex_);
        view_.daemon.polls = polls;
    }
    void note(const FigureSample& sample) {
        const std::lock_guard lock(mutex_);
        view_.history.add(sample);
    }
    void note(Survey survey) {
        auto taken = std::make_shared<const Survey>(std::move(survey));
        const std::lock_guard lock(mutex_);
        view_.survey.swap(taken);
        view_.failure.clear();
    }
    void note_failure(std::string reason) {
        const std::lock_guard lock(mutex_);
        view_.failure = std::move(reason);
    }

    /// Somebody looks: surveys are worth more for a while.
    void note_reader(std::chrono::steady_clock::time_point now) {
        const std::lock_guard lock(mutex_);
        last_reader_ = now;
    }
    bool is_read(std::chrono::steady_clock::time_point now) const {
        const std::lock_guard lock(mutex_);
        return last_reader_ && now - *last_reader_ < reader_stays;
    }

private:
    static constexpr std::chrono::minutes reader_stays{2};
    mutable std::mutex mutex_;
    View view_;
    std::optional<std::chrono::steady_clock::time_point> last_reader_;
};

}  // namespace gazetted
