#include "daemon/retention.hpp"

#include "daemon/article_archive.hpp"
#include "daemon/clock.hpp"
#include "daemon/ending.hpp"
#include "daemon/log.hpp"

#include <set>
#include <thread>
#include <utility>
#include <vector>

namespace gazetted {

RetentionReport remove_overdue(Store& store, const Store::ArchiveFirst& archive_first, const std::function<bool()>& pause,
                               const std::function<void(const OverdueArticle&)>& told) {
    RetentionReport report;
    std::set<std::string> seen;
    for (const LimitedCategory& category : store.limited_categories()) {
        OverduePlace place;
        for (bool is_last = false; !is_last;) {
            const OverdueBatch batch = store.remove_overdue(category, place, retention_batch_max, archive_first);
            for (const OverdueArticle& article : batch.articles) {
                if (!archive_first && !seen.insert(article.id).second) continue;  // of another of its categories
                ++report.articles;
                if (told) told(article);
            }
            if (!batch.articles.empty()) ++report.batches;
            report.is_anothers = report.is_anothers || batch.is_anothers;
            is_last = batch.is_last;
            place = batch.place;
            if (!is_last && pause()) return report;
        }
    }
    return report;
}

Store::ArchiveFirst archive_in(const std::filesystem::path& folder) {
    return [archive = ArticleArchive(folder)](const std::vector<OverdueArticle>& articles) {
        std::vector<std::string> lines;
        for (const OverdueArticle& article : articles) lines.push_back(article.line);
        archive.append(lines, now_utc());
    };
}

struct Retention::State {
    std::string database_url;
    std::filesystem::path folder;
    Times times;
    Ending ending;
    std::string trouble;
    std::thread thread;

    void run() {
        while (!ending.comes_within(times.pause)) {
            pass();
            if (ending.comes_within(times.interval)) return;
        }
    }

    // A connection a pass costs less than one that is kept.
    void pass() {
        try {
            Store store(database_url);
            const auto report = remove_overdue(store, archive_in(folder), [&] { return ending.comes_within(times.pause); });
            if (report.articles > 0)
                log(LogLevel::info, "articles_removed",
                    {{"articles", std::to_string(report.articles)}, {"batches", std::to_string(report.batches)}});
            trouble.clear();
        } catch (const std::exception& error) {
            // Said once: a full disk, an outage, a role that may only read.
            if (std::exchange(trouble, error.what()) != error.what())
                log(LogLevel::warning, "retention_paused", {{"reason", trouble}});
        }
    }
};

Retention::Retention(std::string database_url, std::filesystem::path folder)
    : Retention(std::move(database_url), std::move(folder), Times{}) {}

Retention::Retention(std::string database_url, std::filesystem::path folder, const Times& times)
    : state_(std::make_unique<State>()) {
    state_->database_url = std::move(database_url);
    state_->folder = std::move(folder);
    state_->times = times;
    state_->thread = std::thread([state = state_.get()] { state->run(); });
}

Retention::~Retention() {
    state_->ending.begin();
    state_->thread.join();
}

}  // namespace gazetted
