#include "daemon/store_merge.hpp"
#include "daemon/store.hpp"
#include "daemon/store_connection.hpp"
#include "daemon/store_details.hpp"

#include <boost/json.hpp>
#include <map>
#include <tuple>

namespace gazetted {

namespace {

/// A NUL would end a parameter early without an error.
void require_no_nul(std::string_view value) {
    if (value.find('\0') != std::string_view::npos)
        throw std::runtime_error("the database refuses a value: it holds a NUL character");
}

boost::json::array categories_json(const std::vector<CategoryTerm>& categories) {
    boost::json::array list;
    for (const CategoryTerm& category : categories) list.emplace_back(category.slug);
    return list;
}

std::optional<std::string> optional_timestamp(const std::optional<Instant>& moment) {
    return moment ? std::optional(timestamp_literal(*moment)) : std::nullopt;
}

std::optional<std::string> details_text(const Article& article) {
    const boost::json::value details = details_of(article);
    return details.is_null() ? std::nullopt : std::optional(boost::json::serialize(details));
}

void copy_incoming(pqxx::work& transaction, const ArticlesById& articles) {
    const std::vector<std::string> columns = {"id",      "url",        "title",     "authors", "summary",
                                              "content", "language",   "published", "updated", "categories",
                                              "tags",    "enclosures", "details"};
    pqxx::stream_to stream(transaction, "incoming", columns);
    for (const auto& [id, article] : articles) {
        for (const std::string* value :
             {&article->id, &article->url, &article->title, &article->summary, &article->content, &article->language}) {
            require_no_nul(*value);
        }
        stream << std::make_tuple(
            id, article->url.empty() ? std::nullopt : std::optional(article->url), article->title,
            boost::json::serialize(json_of(article->authors)), article->summary, article->content, article->language,
            timestamp_literal(article->published), optional_timestamp(article->updated),
            boost::json::serialize(categories_json(article->categories)), boost::json::serialize(json_of(article->tags)),
            boost::json::serialize(json_of(article->enclosures)), details_text(*article));
    }
    stream.complete();
}

/// Ids that the statement's rows name, into `ids`.
void note_changed(std::set<std::string>& ids, const pqxx::result& rows) {
    for (const pqxx::row& row : rows) ids.emplace(row[0].c_str(), row[0].size());
}

}  // namespace

MergeCounts merge_batch(pqxx::work& transaction, std::int64_t source_id, const ArticlesById& articles) {
    transaction.exec_prepared0("make_incoming");
    copy_incoming(transaction, articles);
    transaction.exec_prepared("join_by_index");

    std::set<std::string> added;
    std::set<std::string> changed;
    for (const pqxx::row& row : transaction.exec_prepared("merge_incoming", source_id)) {
        (row[1].as<bool>() ? added : changed).emplace(row[0].c_str(), row[0].size());
    }
    transaction.exec_prepared0("leave_others_alone", source_id);
    const pqxx::result missing = transaction.exec_prepared("missing_category");
    if (!missing.empty()) throw std::runtime_error(std::string("there is no category ") + missing.front()[0].c_str());
    for (const char* statement : {"remove_article_categories", "add_article_categories", "remove_article_tags",
                                  "add_article_tags", "remove_enclosures", "add_enclosures"}) {
        note_changed(changed, transaction.exec_prepared(statement));
    }
    std::erase_if(changed, [&](const std::string& id) { return added.contains(id); });
    return {.added = std::ssize(added), .updated = std::ssize(changed), .unchanged = 0};
}

std::int64_t Store::source(const std::string& slug, const std::string& title, const std::string& url,
                           std::optional<std::int64_t> burst_max) {
    for (const std::string* value : {&slug, &title, &url}) require_no_nul(*value);
    return connection_->write([&](pqxx::work& transaction) {
        return transaction.exec_prepared1("source", slug, title, url, burst_max)[0].as<std::int64_t>();
    });
}

void Store::describe_site(const std::string& title, const std::string& description, const std::string& language,
                          const std::string& author) {
    for (const std::string* value : {&title, &description, &language, &author}) require_no_nul(*value);
    connection_->write([&](pqxx::work& transaction) {
        return transaction.exec_prepared0("describe_site", title, description, language, author).affected_rows();
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
    MergeCounts counts =
        connection_->write([&](pqxx::work& transaction) { return merge_batch(transaction, source_id, by_id); });
    counts.unchanged = std::ssize(articles) - counts.added - counts.updated;
    return counts;
}

std::int64_t Store::withdraw_others(std::int64_t source_id, const std::set<std::string>& kept) {
    for (const std::string& id : kept) require_no_nul(id);
    const std::string ids = array_literal({kept.begin(), kept.end()});
    return connection_->write([&](pqxx::work& transaction) {
        return static_cast<std::int64_t>(transaction.exec_prepared("withdraw_others", source_id, ids).size());
    });
}

}  // namespace gazetted
