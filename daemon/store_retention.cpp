#include "daemon/store.hpp"
#include "daemon/store_connection.hpp"

namespace gazetted {

namespace {

std::string text_of(const pqxx::field& field) { return {field.c_str(), field.size()}; }

std::vector<std::string> ids_of(const pqxx::result& rows) {
    std::vector<std::string> ids;
    for (const pqxx::row& row : rows) ids.push_back(text_of(row[0]));
    return ids;
}

}  // namespace

std::vector<LimitedCategory> Store::limited_categories() {
    std::vector<LimitedCategory> found;
    for (const pqxx::row& row : connection_->read("limited_categories"))
        found.push_back({.id = row[0].as<std::int64_t>(), .slug = text_of(row[1]), .rises = row[2].as<bool>()});
    return found;
}

OverdueBatch Store::remove_overdue(const LimitedCategory& category, const OverduePlace& after, std::size_t count_max,
                                   const ArchiveFirst& archive_first) {
    return connection_->write_within(connection_->deadline * 6, [&](pqxx::work& transaction) {
        OverdueBatch batch;
        batch.is_anothers = !transaction.exec_prepared1("lock_retention")[0].as<bool>();
        if (batch.is_anothers) return batch;
        const pqxx::result overdue = transaction.exec_prepared("overdue_articles", category.id, category.rises,
                                                               timestamp_literal(after.published), after.id, count_max);
        if (overdue.empty()) return batch;
        batch.is_last = overdue.size() < count_max;
        batch.place = {.published = Instant(std::chrono::microseconds(overdue.back()[1].as<std::int64_t>())),
                       .id = text_of(overdue.back()[0])};
        // Looked at again once they are locked: another writer may have filed one under a category that keeps it.
        const auto locked = ids_of(transaction.exec_prepared("lock_unwritten_articles", array_literal(ids_of(overdue))));
        for (const pqxx::row& row : transaction.exec_prepared("archived_articles", array_literal(locked)))
            batch.articles.push_back({.id = text_of(row[0]), .title = text_of(row[1]), .line = text_of(row[2])});
        if (batch.articles.empty() || !archive_first) return batch;
        archive_first(batch.articles);
        std::vector<std::string> ids;
        for (const OverdueArticle& article : batch.articles) ids.push_back(article.id);
        transaction.exec_prepared("remove_articles", array_literal(ids));
        return batch;
    });
}

bool Store::was_removed(std::int64_t article_number) { return !connection_->read("was_removed", article_number).empty(); }

}  // namespace gazetted
