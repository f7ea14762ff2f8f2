#pragma once

#include "daemon/store.hpp"

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace gazetted {

/// What a pass came to.
struct RetentionReport {
    std::size_t articles = 0;
    std::size_t batches = 0;   ///< transactions that removed some
    bool is_anothers = false;  ///< another node was at it, so there may be more
};

/// Articles in one transaction at most, looked at and removed.
constexpr std::size_t retention_batch_max = 200;

/// Once through all categories with a limit: what all its categories are done with is given to `archive_first` and removed, a
/// batch a transaction. Without `archive_first` nothing is, and each article is told once. `pause` comes between two batches;
/// true ends the pass.
RetentionReport remove_overdue(Store&, const Store::ArchiveFirst& archive_first, const std::function<bool()>& pause,
                               const std::function<void(const OverdueArticle&)>& told = {});

/// Into this folder's files.
Store::ArchiveFirst archive_in(const std::filesystem::path& folder);

/// Does so again and again, on a thread of its own; of several nodes one at a time. What cannot be archived stays.
class Retention {
public:
    struct Times {
        std::chrono::milliseconds interval = std::chrono::minutes{10};
        std::chrono::milliseconds pause{250};  ///< between two batches
    };
    Retention(std::string database_url, std::filesystem::path folder);
    Retention(std::string database_url, std::filesystem::path folder, const Times&);
    /// Waits for a batch under way.
    ~Retention();
    Retention(const Retention&) = delete;
    Retention& operator=(const Retention&) = delete;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace gazetted
