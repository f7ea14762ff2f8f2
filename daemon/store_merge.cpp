#include "daemon/store_merge.hpp"
#include "daemon/store.hpp"
#include "daemon/store_connection.hpp"
#include "daemon/store_details.hpp"

#include <boost/json.hpp>
#include <map>
#include <set>
#include <string_view>
#include <utility>

namespace gazetted {

namespace {

/// A NUL would end a parameter early without an error.
void require_no_nul(std::string_view value) {
    if (value.find('\0') != std::string_view::npos)
        throw std::runtime_error("the database refuses a value: it holds a NUL character");
}

boost::json::value optional_timestamp(const std::optional<Instant>& moment) {
    return moment ? boost::json::value(timestamp_literal(*moment)) : boost::json::value();
}

/// As merge_articles wants them.
std::string rows_of(const ArticlesById& articles) {
    boost::json::array rows;
    for (const auto& [id, article] : articles) {
        for (const std::string* value :
             {&article->id, &article->url, &article->title, &article->summary, &article->content, &article->language}) {
            require_no_nul(*value);
        }
        rows.push_back(
            boost::json::object{{"id", id},
                                {"url", article->url.empty() ? boost::json::value() : boost::json::value(article->url)},
                                {"title", article->title},
                                {"authors", json_of(article->authors)},
                                {"summary", article->summary},
                                {"content", article->content},
                                {"language", article->language},
                                {"published", timestamp_literal(article->published)},
                                {"updated", optional_timestamp(article->updated)},
                                {"details", details_of(*article)}});
    }
    return boost::json::serialize(rows);
}

/// What belongs to articles, as remove_belongings and add_belongings want it.
struct Belongings {
    boost::json::array rows;
    boost::json::array categories;  ///< of all of them
    bool are_none = true;
};

Belongings belongings_of(const ArticlesById& articles) {
    Belongings all;
    std::set<std::string_view> slugs;
    for (const auto& [id, article] : articles) {
        boost::json::array categories;
        for (const CategoryTerm& category : article->categories) {
            categories.emplace_back(category.slug);
            slugs.insert(category.slug);
        }
        all.are_none = all.are_none && categories.empty() && article->tags.empty() && article->enclosures.empty();
        all.rows.push_back(boost::json::object{{"id", id},
                                               {"categories", std::move(categories)},
                                               {"tags", json_of(article->tags)},
                                               {"enclosures", json_of(article->enclosures)}});
    }
    for (const std::string_view slug : slugs) all.categories.emplace_back(slug);
    return all;
}

/// Ids that the statement's rows name, into `ids`.
void note_changed(std::set<std::string>& ids, const pqxx::result& rows) {
    for (const pqxx::row& row : rows) ids.emplace(row[0].c_str(), row[0].size());
}

}  // namespace

MergedIds merge_batch(pqxx::work& transaction, std::optional<std::int64_t> source_id, const ArticlesById& articles,
                      MergeReach reach) {
    const bool reaches_all = reach == MergeReach::all;
    transaction.exec_prepared("join_by_index");
    MergedIds merged;
    for (const pqxx::row& row : transaction.exec_prepared("merge_articles", source_id, rows_of(articles), reaches_all)) {
        std::string id(row[0].c_str(), row[0].size());
        if (row[1].as<bool>())
            merged.added.emplace(std::move(id), row[2].as<std::int64_t>());
        else
            merged.updated.insert(std::move(id));
    }
    const Belongings belongings = belongings_of(articles);
    if (!belongings.categories.empty()) {
        const auto missing = transaction.exec_prepared("missing_category", boost::json::serialize(belongings.categories));
        if (!missing.empty()) throw std::runtime_error(std::string("there is no category ") + missing.front()[0].c_str());
    }
    const std::string rows = boost::json::serialize(belongings.rows);
    if (merged.added.size() < articles.size())
        note_changed(merged.updated, transaction.exec_prepared("remove_belongings", source_id, rows, reaches_all));
    if (!belongings.are_none)
        note_changed(merged.updated, transaction.exec_prepared("add_belongings", source_id, rows, reaches_all));
    std::erase_if(merged.updated, [&](const std::string& id) { return merged.added.contains(id); });
    return merged;
}

std::int64_t Store::source(const std::string& slug, const std::string& title, const std::string& url,
                           std::optional<std::int64_t> burst_max) {
    for (const std::string* value : {&slug, &title, &url}) require_no_nul(*value);
    return connection_->write([&](pqxx::work& transaction) {
        return transaction.exec_prepared1("source", slug, title, url, burst_max)[0].as<std::int64_t>();
    });
}

void Store::describe_site(const std::string& title, const std::string& description, const std::string& language,
                          const std::string& author, std::int64_t source_id) {
    for (const std::string* value : {&title, &description, &language, &author}) require_no_nul(*value);
    connection_->write([&](pqxx::work& transaction) {
        return transaction.exec_prepared0("describe_site", title, description, language, author, source_id).affected_rows();
    });
}

std::vector<ImportedFile> Store::imported_files(std::int64_t source_id) {
    std::vector<ImportedFile> files;
    for (const pqxx::row& row : connection_->read("imported_files", source_id))
        files.push_back({.path = row[0].c_str(), .article_id = row[1].c_str(), .hash = row[2].c_str()});
    return files;
}

void Store::note_imported_files(std::int64_t source_id, const ImportedFiles::News& news) {
    if (news.noted.empty()) return;
    std::vector<std::string> paths, ids, hashes;
    for (const ImportedFile& file : news.noted) {
        paths.push_back(file.path);
        ids.push_back(file.article_id);
        hashes.push_back(file.hash);
    }
    connection_->write([&](pqxx::work& transaction) {
        return transaction
            .exec_prepared0("note_imported_files", source_id, array_literal(paths), array_literal(ids), array_literal(hashes),
                            array_literal(news.renamed))
            .affected_rows();
    });
}

std::optional<std::string> Store::rename_moved_site(const std::string& slug, std::span<const std::string> paths) {
    require_no_nul(slug);
    const std::string files = array_literal({paths.begin(), paths.end()});
    return connection_->write([&](pqxx::work& transaction) -> std::optional<std::string> {
        const pqxx::result rows = transaction.exec_prepared("rename_moved_site", slug, files);
        if (rows.empty()) return std::nullopt;
        return rows.front()[0].c_str();
    });
}

void Store::merge_categories(std::span<const CategoryTerm> categories) {
    std::vector<std::string> slugs;
    std::vector<std::string> titles;
    for (const CategoryTerm& category : categories) {
        require_no_nul(category.slug);
        require_no_nul(category.title);
        slugs.push_back(category.slug);
        titles.push_back(category.title);
    }
    if (slugs.empty()) return;
    connection_->write([&](pqxx::work& transaction) {
        return transaction.exec_prepared0("merge_categories", array_literal(slugs), array_literal(titles)).affected_rows();
    });
}

MergeCounts Store::merge_articles(std::int64_t source_id, std::span<const Article> articles) {
    ArticlesById by_id;
    for (const Article& article : articles) by_id.insert_or_assign(article.id, &article);
    if (by_id.empty()) return {};
    const auto merged = connection_->write([&](pqxx::work& transaction) { return merge_batch(transaction, source_id, by_id); });
    const auto written = std::ssize(merged.added) + std::ssize(merged.updated);
    return {
        .added = std::ssize(merged.added), .updated = std::ssize(merged.updated), .unchanged = std::ssize(articles) - written};
}

std::int64_t Store::withdraw_others(std::int64_t source_id, const std::set<std::string>& kept) {
    for (const std::string& id : kept) require_no_nul(id);
    const std::string ids = array_literal({kept.begin(), kept.end()});
    return connection_->write([&](pqxx::work& transaction) {
        return static_cast<std::int64_t>(transaction.exec_prepared("withdraw_others", source_id, ids).size());
    });
}

}  // namespace gazetted
