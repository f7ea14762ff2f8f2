#include "daemon/store.hpp"

#include "daemon/combination.hpp"
#include "daemon/search.hpp"
#include "daemon/store_connection.hpp"
#include "daemon/store_details.hpp"

#include <boost/json.hpp>
#include <unordered_map>
#include <utility>

namespace gazetted {

namespace {

/// What one statement looks through of all the wanted members of a combination: where others take so many away, an archive goes
/// on with the next ones.
constexpr std::size_t combined_articles_max = 40'000;
/// Nobody waits longer for a search, nor does the database work longer for one.
constexpr std::chrono::milliseconds search_time_max{2'000};

Instant instant(const pqxx::field& microseconds) { return Instant(std::chrono::microseconds(microseconds.as<std::int64_t>())); }

std::optional<Instant> optional_instant(const pqxx::field& microseconds) {
    return microseconds.is_null() ? std::nullopt : std::optional(instant(microseconds));
}

std::optional<std::int64_t> optional_number(const pqxx::field& number) {
    return number.is_null() ? std::nullopt : std::optional(number.as<std::int64_t>());
}

std::string text(const pqxx::field& field) { return {field.c_str(), field.size()}; }

std::string text(const boost::json::value& value) { return std::string(value.as_string()); }

boost::json::value json(const pqxx::field& field) { return boost::json::parse({field.c_str(), field.size()}); }

/// The columns 0 to 10, feed_id and profile of newest_*, article and catalogue.
SelectionHead head_of(const pqxx::row& row) {
    return {.category_id = row[0].as<std::int64_t>(),
            .feed_id = text(row["feed_id"]),
            .title = text(row[1]),
            .description = text(row[2]),
            .language = text(row[3]),
            .author = text(row[4]),
            .site_title = text(row[5]),
            .revision = row[6].as<std::int64_t>(),
            .changed = instant(row[7]),
            .changed_before = instant(row[8]),
            .created = instant(row[9]),
            .profile = profile_of(json(row["profile"]))};
}

std::vector<CategoryTerm> categories_of(const boost::json::value& pairs) {
    std::vector<CategoryTerm> terms;
    for (const boost::json::value& pair : pairs.as_array()) terms.push_back({text(pair.at(0)), text(pair.at(1))});
    return terms;
}

/// The columns 11 to 25, details and retellings of newest_* and article.
Article article_of(const pqxx::row& row) {
    Article article;
    article.id = text(row[11]);
    article.number = row[12].as<std::int64_t>();
    article.url = text(row[13]);
    article.title = text(row[14]);
    article.authors = people_of(json(row[15]));
    article.summary = text(row[16]);
    article.content = text(row[17]);
    article.language = text(row[18]);
    article.published = instant(row[19]);
    article.updated = optional_instant(row[20]);
    article.withdrawn = optional_instant(row[21]);
    article.revision = row[22].as<std::int64_t>();
    article.categories = categories_of(json(row[23]));
    article.tags = tags_of(json(row[24]));
    article.enclosures = enclosures_of(json(row[25]));
    if (const pqxx::field details = row["details"]; !details.is_null()) take_details(article, json(details));
    if (const pqxx::field others = row["retellings"]; !others.is_null()) article.retellings = retellings_of(json(others));
    return article;
}

SelectionKind kind_of(const std::string& name) {
    for (const auto kind : {SelectionKind::tag, SelectionKind::author, SelectionKind::source})
        if (name == word_of(kind)) return kind;
    return SelectionKind::category;  // and all, which has no name
}

std::size_t looked_through_max(const Combination& combination) { return combined_articles_max / combination.wanted.size(); }

std::string names_of(const std::vector<Selection>& terms, SelectionKind kind) {
    std::vector<std::string> names;
    for (const Selection& term : terms)
        if (term.kind == kind) names.push_back(term.name);
    return array_literal(names);
}

std::vector<std::pair<std::int64_t, std::int64_t>> members_of(const boost::json::value& pairs) {
    std::vector<std::pair<std::int64_t, std::int64_t>> members;
    for (const boost::json::value& pair : pairs.as_array())
        members.emplace_back(pair.at(0).to_number<std::int64_t>(), pair.at(1).to_number<std::int64_t>());
    return members;
}

std::vector<Tombstone> tombstones_of(const pqxx::result& rows) {
    std::vector<Tombstone> tombstones;
    for (const pqxx::row& row : rows) tombstones.push_back({text(row[0]), instant(row[1])});
    return tombstones;
}

Article brief(const std::string& id, const KnownArticle& known) {
    Article article;
    article.id = id;
    article.revision = known.revision;
    article.number = known.number;
    article.published = known.published;
    article.updated = known.updated;
    return article;
}

/// Looked up by the server as one value: a join of two short lists is not worth a plan's trust.
std::string revisions_by_id(const KnownArticles& known) {
    boost::json::object revisions;
    revisions.reserve(known.size());
    for (const auto& [id, article] : known) revisions.emplace(id, article.revision);
    return boost::json::serialize(revisions);
}

/// The rows of newest_* have those that were not known; the first one lists all.
std::vector<Article> articles_of(const pqxx::result& rows, const KnownArticles& known) {
    std::unordered_map<std::string, Article> unknown;
    for (const pqxx::row& row : rows) {
        if (row[11].is_null()) continue;
        Article article = article_of(row);
        unknown.emplace(article.id, std::move(article));
    }
    std::vector<Article> articles;
    if (rows.front()["ids"].is_null()) return articles;
    const boost::json::value ids = json(rows.front()["ids"]);
    for (const boost::json::value& listed : ids.as_array()) {
        const std::string id = text(listed);
        const auto found = unknown.find(id);
        articles.push_back(found == unknown.end() ? brief(id, known.at(id)) : std::move(found->second));
    }
    return articles;
}

}  // namespace

Store::Connection::Connection(const std::string& database_url, std::chrono::milliseconds deadline_of_reads)
    : session(connect(database_url, deadline_of_reads)), deadline(deadline_of_reads) {
    for (const EmbeddedFile& query : embedded_queries()) {
        const std::string name(query.name.substr(0, query.name.rfind('.')));
        session->prepare(name, std::string(query.bytes));
    }
}

Store::Store(const std::string& database_url, std::chrono::milliseconds deadline)
    : connection_(std::make_unique<Connection>(database_url, deadline)) {}
Store::~Store() = default;
Store::Store(Store&&) noexcept = default;
Store& Store::operator=(Store&&) noexcept = default;

std::optional<Window> Store::newest(const Selection& selection, std::size_t articles_max, const KnownArticles& known,
                                    std::optional<Instant> as_of) {
    const std::string known_revisions = revisions_by_id(known);
    const auto time = as_of ? std::optional(timestamp_literal(*as_of)) : std::nullopt;
    const auto read_rows = [&] {
        const auto& name = selection.name;
        if (selection.kind == SelectionKind::combination) {
            const auto combination = parse_combination(name).value();
            return connection_->read("newest_in_combination", names_of(combination.wanted, SelectionKind::category),
                                     names_of(combination.wanted, SelectionKind::tag),
                                     names_of(combination.unwanted, SelectionKind::category),
                                     names_of(combination.unwanted, SelectionKind::tag), articles_max, known_revisions, time,
                                     looked_through_max(combination));
        }
        if (selection.is_all()) return connection_->read("newest_of_all", articles_max, known_revisions, time);
        if (selection.kind == SelectionKind::category)
            return connection_->read("newest_in_category", name, articles_max, known_revisions, time);
        return connection_->read("newest_in_selection", word_of(selection.kind), name, articles_max, known_revisions, time);
    };
    const pqxx::result rows = read_rows();
    if (rows.empty()) return std::nullopt;
    SelectionHead head = head_of(rows.front());
    std::int64_t unread_number = 0;
    if (selection.kind == SelectionKind::combination) {
        head.members = members_of(json(rows.front()["members"]));
        unread_number = optional_number(rows.front()["unread_number"]).value_or(0);
    }
    auto due = optional_instant(rows.front()[10]);
    if (head.profile.removed) due = std::min(due.value_or(*head.profile.removed), *head.profile.removed);
    return Window{.head = std::move(head),
                  .articles = articles_of(rows, known),
                  .rising = rows.front()["rising"].as<std::size_t>(),
                  .has_withdrawn = rows.front()["has_withdrawn"].as<bool>(),
                  .unread_number = unread_number,
                  .due = due};
}

std::optional<FoundPage> Store::search(const std::string& search, std::int64_t before, std::size_t articles_max) {
    const auto start = before > 0 ? std::optional(before) : std::nullopt;
    const auto found =
        connection_->read_within(search_time_max, "search", array_literal(search_terms(search)), articles_max, start, search);
    if (!found) throw SearchTooCostly("this search finds too much to be looked through");
    const pqxx::result& rows = *found;
    if (rows.empty()) return std::nullopt;
    return FoundPage{.window = {.head = head_of(rows.front()),
                                .articles = articles_of(rows, {}),
                                .due = optional_instant(rows.front()["due"])},
                     .previous_before = optional_number(rows.front()["previous_number"])};
}

std::optional<Archive> Store::archive(const Selection& selection, std::int64_t category_id, std::int64_t number,
                                      std::size_t articles_max) {
    const auto read_rows = [&] {
        if (selection.kind != SelectionKind::combination)
            return connection_->read("archive", category_id, number, articles_max);
        const auto combination = parse_combination(selection.name).value();
        return connection_->read(
            "archive_of_combination", names_of(combination.wanted, SelectionKind::category),
            names_of(combination.wanted, SelectionKind::tag), names_of(combination.unwanted, SelectionKind::category),
            names_of(combination.unwanted, SelectionKind::tag), number, articles_max, looked_through_max(combination));
    };
    const pqxx::result rows = read_rows();
    if (rows.empty()) return std::nullopt;
    Archive archive;
    for (const pqxx::row& row : rows)
        if (!row[11].is_null()) archive.articles.push_back(article_of(row));
    archive.older_number = optional_number(rows.front()["older_number"]);
    archive.newer_number = optional_number(rows.front()["newer_number"]);
    archive.awaits_newer = rows.front()["is_aligned"].as<bool>() && !archive.newer_number;
    return archive;
}

std::vector<Tombstone> Store::tombstones(std::int64_t category_id, const Article* oldest, std::size_t tombstones_max) {
    const auto time = oldest == nullptr ? std::nullopt : std::optional(timestamp_literal(oldest->published));
    const auto id = oldest == nullptr ? std::nullopt : std::optional(oldest->id);
    return tombstones_of(connection_->read("tombstones", category_id, time, id, tombstones_max));
}

std::vector<Tombstone> Store::combined_tombstones(const std::string& combination, const Article* oldest,
                                                  std::size_t tombstones_max) {
    const auto time = oldest == nullptr ? std::nullopt : std::optional(timestamp_literal(oldest->published));
    const auto id = oldest == nullptr ? std::nullopt : std::optional(oldest->id);
    const auto terms = parse_combination(combination).value();
    return tombstones_of(connection_->read("tombstones_of_combination", names_of(terms.wanted, SelectionKind::category),
                                           names_of(terms.wanted, SelectionKind::tag),
                                           names_of(terms.unwanted, SelectionKind::category),
                                           names_of(terms.unwanted, SelectionKind::tag), time, id, tombstones_max));
}

std::optional<Store::FoundArticle> Store::article(std::int64_t number) {
    const pqxx::result rows = connection_->read("article", number);
    if (rows.empty()) return std::nullopt;
    return FoundArticle{head_of(rows.front()), instant(rows.front()["article_changed"]), article_of(rows.front())};
}

std::optional<std::int64_t> Store::article_number(const std::string& id) {
    if (id.find('\0') != std::string::npos) return std::nullopt;
    const pqxx::result rows = connection_->read("article_number", id);
    if (rows.empty()) return std::nullopt;
    return rows.front()[0].as<std::int64_t>();
}

Catalogue Store::catalogue() {
    const pqxx::result rows = connection_->read("catalogue");
    Catalogue catalogue{.site = head_of(rows.front()), .categories = {}};
    for (const pqxx::row& row : rows) {
        if (row[11].is_null()) continue;
        catalogue.categories.push_back({.id = row[11].as<std::int64_t>(),
                                        .slug = text(row[12]),
                                        .title = text(row[13]),
                                        .language = text(row[14]),
                                        .newest = optional_instant(row[15])});
    }
    return catalogue;
}

std::vector<CountedFeed> Store::counted_feeds(const std::vector<SelectionKind>& kinds, std::size_t each_max) {
    std::vector<std::string> names;
    for (const SelectionKind kind : kinds) names.emplace_back(word_of(kind));
    std::vector<CountedFeed> feeds;
    for (const pqxx::row& row : connection_->read("counted_feeds", array_literal(names), each_max))
        feeds.push_back({.selection = {text(row[1]), kind_of(text(row[0]))},
                         .title = text(row[2]),
                         .language = text(row[3]),
                         .articles = row[4].as<std::int64_t>(),
                         .newest = optional_instant(row[5])});
    return feeds;
}

StoreCounts Store::counts() {
    const pqxx::row row = connection_->read("counts").front();
    return {.shown = row[0].as<std::int64_t>(),
            .held = row[1].as<std::int64_t>(),
            .withdrawn = row[2].as<std::int64_t>(),
            .categories = row[3].as<std::int64_t>(),
            .newest = optional_instant(row[4])};
}

std::map<std::int64_t, std::int64_t> Store::revisions() {
    std::map<std::int64_t, std::int64_t> revisions;
    for (const pqxx::row& row : connection_->read("revisions")) {
        revisions.emplace(row[0].as<std::int64_t>(), row[1].as<std::int64_t>());
    }
    return revisions;
}

}  // namespace gazetted
