#include "daemon/store.hpp"
#include "daemon/store_connection.hpp"
#include "daemon/store_merge.hpp"

#include <map>

namespace gazetted {

namespace {

using Writing = Store::ArticleWriting;
using Written = Store::WrittenArticle;
using Verdicts = std::vector<Result<Written>>;

Error refused(std::string sentence) { return {ErrorKind::unsupported, std::move(sentence)}; }

std::string text(const pqxx::field& field) { return {field.c_str(), field.size()}; }

std::optional<std::string> stored_in(pqxx::transaction_base& transaction, const std::string& id) {
    const pqxx::result rows = transaction.exec_prepared("stored_article", id);
    return rows.empty() ? std::nullopt : std::optional(text(rows.front()[0]));
}

/// Where a new article came from; an old one keeps its source.
Result<std::optional<std::int64_t>> source_of(pqxx::work& transaction, const PostedArticle& posted,
                                              const std::optional<std::string>& before) {
    if (before && posted.source && *posted.source != text_member(*before, "source"))
        return refused("the article keeps the source that it came from");
    if (before || !posted.source) return std::optional<std::int64_t>();
    const pqxx::result rows = transaction.exec_prepared("find_source", *posted.source);
    if (rows.empty()) return refused("there is no source " + *posted.source);
    return std::optional(rows.front()[0].as<std::int64_t>());
}

/// The articles of one transaction, and what becomes of each.
class Batch {
public:
    Batch(pqxx::work& transaction, const std::vector<Writing>& writings) : transaction_(transaction), writings_(writings) {}

    Verdicts write() {
        lock();
        for (const Writing& writing : writings_) verdicts_.push_back(compose(writing));
        for (const auto& [source_id, articles] : by_source_)
            note(merge_batch(transaction_, source_id, articles, MergeReach::all));
        require_no_newcomer();
        for (std::size_t i = 0; i < writings_.size(); ++i) {
            if (!verdicts_[i]) continue;
            if (numbers_.contains(writings_[i].id))
                finish(writings_[i].id, *verdicts_[i]);
            else
                verdicts_[i] = refused("retention removed it: gazetted retention restore brings it back from its archive");
        }
        return std::move(verdicts_);
    }

private:
    void lock() {
        std::vector<std::string> ids;
        for (const Writing& writing : writings_) ids.push_back(writing.id);
        for (const pqxx::row& row : transaction_.exec_prepared("lock_articles", array_literal(ids)))
            numbers_[text(row[0])] = row[1].as<std::int64_t>();
    }

    /// What came after lock() was composed without a look at it. Throws WritersCollided: the transaction is repeated.
    void require_no_newcomer() {
        std::vector<std::string> unknown;
        for (const auto& [id, posted] : posted_)
            if (!numbers_.contains(id)) unknown.push_back(id);
        if (!unknown.empty() && !transaction_.exec_prepared("lock_articles", array_literal(unknown)).empty())
            throw WritersCollided("another writer has made the same article meanwhile");
    }

    Result<Written> compose(const Writing& writing) {
        const auto before = numbers_.contains(writing.id) ? stored_in(transaction_, writing.id) : std::nullopt;
        auto posted = writing.compose(before);
        if (!posted) return posted.error();
        if (posted->article.id != writing.id) return refused("an article keeps its id for life");
        if (auto reason = refusal(posted->article)) return refused(*reason);
        const auto source_id = source_of(transaction_, *posted, before);
        if (!source_id) return source_id.error();
        if (posted->is_as_before) return Written{};
        const auto& kept = posted_.emplace(writing.id, std::move(*posted)).first->second;
        by_source_[*source_id].emplace(writing.id, &kept.article);
        return Written{};
    }

    void note(MergedIds merged) {
        numbers_.insert(merged.added.begin(), merged.added.end());
        added_.merge(merged.added);
        updated_.merge(merged.updated);
    }

    void finish(const std::string& id, Written& written) {
        written.number = numbers_.at(id);
        bool is_updated = updated_.contains(id);
        const auto posted = posted_.find(id);
        if (posted != posted_.end() && posted->second.withdrawn) {
            const char* statement = *posted->second.withdrawn ? "withdraw_article" : "restore_article";
            is_updated = !transaction_.exec_prepared(statement, written.number).empty() || is_updated;
        }
        written.what = added_.contains(id) ? Written::What::added
                       : is_updated        ? Written::What::updated
                                           : Written::What::unchanged;
    }

    pqxx::work& transaction_;
    const std::vector<Writing>& writings_;
    Verdicts verdicts_;
    std::map<std::string, std::int64_t> numbers_, added_;
    std::set<std::string> updated_;
    std::map<std::string, PostedArticle> posted_;
    std::map<std::optional<std::int64_t>, ArticlesById> by_source_;
};

}  // namespace

std::optional<std::string> Store::stored_article(const std::string& id) {
    const pqxx::result rows = connection_->read("stored_article", id);
    return rows.empty() ? std::nullopt : std::optional(text(rows.front()[0]));
}

// All in one transaction, for they mostly pass; where the tables refuse something that refusal() lets pass, each in its own.
Verdicts Store::write_articles(const std::vector<ArticleWriting>& writings) {
    try {
        return connection_->write([&](pqxx::work& transaction) { return Batch(transaction, writings).write(); });
    } catch (const StoreUnavailable&) {
        throw;
    } catch (const std::runtime_error& error) {
        if (writings.size() == 1) return {refused(error.what())};
    }
    Verdicts verdicts;
    for (const ArticleWriting& writing : writings) verdicts.push_back(write_articles({writing}).front());
    return verdicts;
}

}  // namespace gazetted
