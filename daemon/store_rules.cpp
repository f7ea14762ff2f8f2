#include "daemon/store_rules.hpp"

#include "daemon/store_connection.hpp"
#include "daemon/store_details.hpp"
#include "daemon/store_merge.hpp"

#include <algorithm>
#include <utility>

namespace gazetted {

namespace {

namespace json = boost::json;

std::string text(const json::value& value) { return value.is_null() ? std::string() : std::string(value.as_string()); }
std::string text(const pqxx::field& field) { return {field.c_str(), field.size()}; }

std::vector<std::string> texts(const json::value& list) {
    std::vector<std::string> out;
    for (const json::value& value : list.as_array()) out.push_back(text(value));
    return out;
}
json::array json_of_texts(const std::vector<std::string>& texts) {
    json::array list;
    for (const std::string& text : texts) list.emplace_back(text);
    return list;
}

// --- articles that were never stored: as past_articles says those that were, and complete -----------------------------------

json::object json_of(const Article& article) {
    json::array categories;
    for (const CategoryTerm& category : article.categories) categories.emplace_back(category.slug);
    json::object out{{"id", article.id},
                     {"url", article.url},
                     {"title", article.title},
                     {"authors", json_of(article.authors)},
                     {"summary", article.summary},
                     {"content", article.content},
                     {"language", article.language},
                     {"published", article.published.time_since_epoch().count()},
                     {"categories", std::move(categories)},
                     {"tags", json_of(article.tags)},
                     {"enclosures", json_of(article.enclosures)},
                     {"details", details_of(article)}};
    if (article.updated) out["updated"] = article.updated->time_since_epoch().count();
    return out;
}

Instant instant(const json::value& microseconds) {
    return Instant(std::chrono::microseconds(microseconds.to_number<std::int64_t>()));
}

Article article_of(const json::object& told) {
    Article article;
    article.id = text(told.at("id"));
    article.url = text(told.at("url"));
    article.title = text(told.at("title"));
    article.authors = people_of(told.at("authors"));
    article.summary = text(told.at("summary"));
    article.content = text(told.at("content"));
    article.language = text(told.at("language"));
    for (const std::string& slug : texts(told.at("categories"))) article.categories.push_back({.slug = slug, .title = {}});
    article.tags = tags_of(told.at("tags"));
    if (const json::value* published = told.if_contains("published")) article.published = instant(*published);
    if (const json::value* updated = told.if_contains("updated")) article.updated = instant(*updated);
    if (const json::value* enclosures = told.if_contains("enclosures")) article.enclosures = enclosures_of(*enclosures);
    if (const json::value* details = told.if_contains("details")) take_details(article, *details);
    return article;
}

// --- rulings ----------------------------------------------------------------------------------------------------------------

void set(json::object& object, std::string_view name, const std::optional<Ruling::Change>& change) {
    if (change) object[name] = json::array{change->before, change->after};
}
void set(json::object& object, std::string_view name, const std::vector<std::string>& names) {
    if (!names.empty()) object[name] = json_of_texts(names);
}

json::object undo_of(const Ruling& ruling) {
    json::object out;
    set(out, "link", ruling.link);
    set(out, "language", ruling.language);
    set(out, "categories_added", ruling.categories_added);
    set(out, "categories_left", ruling.categories_left);
    set(out, "tags_added", ruling.tags_added);
    if (ruling.is_dropped) out["is_dropped"] = true;
    return out;
}

Ruling ruling_of(const json::object& undo, std::vector<std::string> reasons) {
    const auto change = [&](std::string_view name) -> std::optional<Ruling::Change> {
        const json::value* found = undo.if_contains(name);
        if (found == nullptr) return std::nullopt;
        return Ruling::Change{.before = text(found->at(0)), .after = text(found->at(1))};
    };
    const auto names = [&](std::string_view name) {
        const json::value* found = undo.if_contains(name);
        return found == nullptr || found->is_null() ? std::vector<std::string>() : texts(*found);
    };
    return {.is_dropped = undo.contains("is_dropped"),
            .link = change("link"),
            .language = change("language"),
            .categories_added = names("categories_added"),
            .categories_left = names("categories_left"),
            .tags_added = names("tags_added"),
            .reasons = std::move(reasons)};
}

json::object told(const std::string& article_id, const Ruling& ruling) {
    return {{"id", article_id},
            {"url", nullptr},
            {"language", nullptr},
            {"categories_in", json::array()},
            {"categories_out", json::array()},
            {"tags_in", json::array()},
            {"tags_out", json::array()},
            {"is_dropped", ruling.is_dropped},
            {"undo", undo_of(ruling)},
            {"reasons", json_of_texts(ruling.reasons)}};
}

template <class Named, class Name>
json::array missing(const std::vector<Named>& these, const std::vector<Named>& those, Name name) {
    json::array names;
    for (const Named& it : these)
        if (std::ranges::find(those, it.*name, name) == those.end()) names.emplace_back(it.*name);
    return names;
}

/// What has to change in the tables that the article becomes what the rules made of it.
json::object told(const RuledArticle& ruled) {
    const Article& before = ruled.before.article;
    const Article& after = ruled.article;
    json::object out = told(after.id, ruled.ruling);
    if (before.url != after.url) out["url"] = after.url;
    if (before.language != after.language) out["language"] = after.language;
    out["categories_in"] = missing(after.categories, before.categories, &CategoryTerm::slug);
    out["categories_out"] = missing(before.categories, after.categories, &CategoryTerm::slug);
    out["tags_in"] = missing(after.tags, before.tags, &Tag::name);
    out["tags_out"] = missing(before.tags, after.tags, &Tag::name);
    return out;
}

json::object dropped(const std::string& key, const Article& article, const Ruling& ruling) {
    return {{"key", key}, {"article", json_of(article)}, {"reason", ruling.reasons.back()}};
}

void write(pqxx::work& transaction, std::int64_t source_id, const json::array& rulings, const json::array& dropped,
           const std::vector<std::string>& taken_back) {
    if (!taken_back.empty()) transaction.exec_prepared0("take_back_articles", source_id, array_literal(taken_back));
    if (!rulings.empty()) transaction.exec_prepared0("note_rulings", source_id, json::serialize(rulings));
    if (!dropped.empty()) transaction.exec_prepared0("drop_articles", source_id, json::serialize(dropped));
}

std::vector<PastArticle> past_articles_of(const pqxx::result& rows) {
    std::vector<PastArticle> found;
    for (const pqxx::row& row : rows) {
        PastArticle it{.key = text(row[0]),
                       .article = article_of(json::parse(text(row[4])).as_object()),
                       .ruling = {},
                       .is_stored = row[1].as<bool>(),
                       .is_withdrawn = row[2].as<bool>(),
                       .was_withdrawn = row[3].as<bool>()};
        const json::object undo = row[5].is_null() ? json::object() : json::parse(text(row[5])).as_object();
        auto reasons = texts(json::parse(text(row[6])));
        std::erase(reasons, "");
        it.ruling = ruling_of(undo, std::move(reasons));
        if (!it.is_stored) it.ruling.is_dropped = true;
        found.push_back(std::move(it));
    }
    return found;
}

void write(pqxx::work& transaction, std::int64_t source_id, const std::vector<RuledArticle>& ruled) {
    json::array rulings, still_dropped;
    std::vector<std::string> taken_back;
    ArticlesById back;
    for (const RuledArticle& it : ruled) {
        if (!it.before.is_stored && it.ruling.is_dropped) {
            still_dropped.push_back(dropped(it.before.key, it.article, it.ruling));
            continue;
        }
        if (!it.before.is_stored) {
            back.insert_or_assign(it.article.id, &it.article);
            taken_back.push_back(it.before.key);
        }
        rulings.push_back(it.before.is_stored ? told(it) : told(it.article.id, it.ruling));
    }
    if (!back.empty()) merge_batch(transaction, source_id, back);
    write(transaction, source_id, rulings, still_dropped, taken_back);
}

}  // namespace

std::vector<Rule> rules_of(const json::value& rows) {
    std::vector<Rule> rules;
    for (const json::value& row : rows.as_array()) {
        Rule& rule = rules.emplace_back(Rule{.id = row.at(0).to_number<std::int64_t>(),
                                             .category = text(row.at(1)),
                                             .action = rule_action(text(row.at(2))).value(),
                                             .field = rule_field(text(row.at(3))).value(),
                                             .pattern = text(row.at(4)),
                                             .value = text(row.at(5))});
        rule.leads_nowhere = rule.action == RuleAction::category && !row.at(6).as_bool();
    }
    return rules;
}

bool is_dropped_unseen(const UpstreamEntry& entry) { return entry.ruling.is_dropped && entry.is_new; }

void note_rulings(pqxx::work& transaction, const Subscription& subscription, const std::vector<UpstreamEntry>& entries) {
    json::array rulings, unseen;
    std::vector<std::string> taken_back;
    for (const UpstreamEntry& entry : entries) {
        if (is_dropped_unseen(entry)) {
            unseen.push_back(dropped(entry.key, entry.article, entry.ruling));
            continue;
        }
        if (entry.was_dropped) taken_back.push_back(entry.key);
        if (!subscription.rules.empty()) rulings.push_back(told(entry.article.id, entry.ruling));
    }
    write(transaction, subscription.source_id, rulings, unseen, taken_back);
}

std::vector<PastArticle> Store::past_articles(std::int64_t source_id, const std::string& after, std::size_t count_max,
                                              bool with_content) {
    return past_articles_of(connection_->read("past_articles", source_id, after, count_max, with_content));
}

std::vector<PastArticle> Store::rule_past_articles(std::int64_t source_id, const std::string& after, std::size_t count_max,
                                                   bool with_content, const Judge& judge) {
    return connection_->write([&](pqxx::work& transaction) {
        transaction.exec_prepared("lock_subscription", source_id);
        auto found = past_articles_of(transaction.exec_prepared("past_articles", source_id, after, count_max, with_content));
        write(transaction, source_id, judge(found));
        return found;
    });
}

}  // namespace gazetted
