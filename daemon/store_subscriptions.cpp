#include "daemon/store.hpp"
#include "daemon/store_connection.hpp"
#include "daemon/store_details.hpp"
#include "daemon/store_merge.hpp"
#include "daemon/store_rules.hpp"

#include <boost/json.hpp>

namespace gazetted {

namespace {

std::string text(const pqxx::field& field) { return {field.c_str(), field.size()}; }

std::optional<Instant> instant(const pqxx::field& microseconds) {
    if (microseconds.is_null()) return std::nullopt;
    return Instant(std::chrono::microseconds(microseconds.as<std::int64_t>()));
}

std::optional<std::chrono::seconds> interval(const pqxx::field& seconds) {
    if (seconds.is_null()) return std::nullopt;
    return std::chrono::seconds(seconds.as<std::int64_t>());
}

Sightings sightings(const pqxx::field& count, const pqxx::field& first) {
    return {.count = count.as<int>(), .first = instant(first).value_or(Instant{})};
}

Subscription subscription_of(const pqxx::row& row) {
    Subscription it{.source_id = row["source_id"].as<std::int64_t>(),
                    .slug = text(row["slug"]),
                    .title = text(row["title"]),
                    .feed_url = text(row["feed_url"]),
                    .host = text(row["host"]),
                    .state = text(row["state"]),
                    .claim = text(row["claim"]),
                    .conditional_min = interval(row["conditional_min_s"]),
                    .whole_min = interval(row["whole_min_s"]),
                    .interval_max = interval(row["interval_max_s"]),
                    .user_agent = text(row["user_agent"]),
                    .credentials = text(row["credentials"]),
                    .allows_private = row["allow_private"].as<bool>(),
                    .language = text(row["language"]),
                    .summary_only = text(row["content"]) == "summary",
                    .categories = {},
                    .rules = rules_of(boost::json::parse(text(row["rules"]))),
                    .poll = {},
                    .document_hash = text(row["document_hash"]),
                    .identity = {text(row["upstream_id"]), text(row["upstream_title"]), text(row["upstream_home"])},
                    .status = row["status"].is_null() ? 0 : row["status"].as<int>(),
                    .error = text(row["error"]),
                    .error_since = instant(row["error_since"]),
                    .polls = row["polls"].as<std::int64_t>(),
                    .unchanged = row["unchanged"].as<std::int64_t>(),
                    .bytes_received = row["bytes_received"].as<std::int64_t>(),
                    .bytes_saved = row["bytes_saved"].as<std::int64_t>()};
    it.poll = {.etag = text(row["etag"]),
               .last_modified = text(row["last_modified"]),
               .last_poll = instant(row["last_poll"]),
               .last_success = instant(row["last_success"]),
               .last_whole = instant(row["last_whole"]),
               .not_before = instant(row["not_before"]),
               .next_poll = instant(row["next_poll"]).value(),
               .failures = row["failures"].as<int>(),
               .moved_to = text(row["moved_to"]),
               .moved = sightings(row["moved_count"], row["moved_first"]),
               .gone = sightings(row["gone_count"], row["gone_first"]),
               .has_ended = it.state == "gone",
               .wanted_interval = std::chrono::seconds(row["wanted_interval"].as<std::int64_t>()),
               .skipped = {.hours = row["skip_hours"].as<unsigned>(), .days = row["skip_days"].as<unsigned>()},
               .silent_after = instant(row["silent_after"])};
    const boost::json::value categories = boost::json::parse(text(row["categories"]));
    for (const auto& slug : categories.as_array()) it.categories.emplace_back(slug.as_string());
    return it;
}

std::vector<Subscription> subscriptions_of(const pqxx::result& rows) {
    std::vector<Subscription> found;
    for (const pqxx::row& row : rows) found.push_back(subscription_of(row));
    return found;
}

boost::json::value json_of(const std::optional<Instant>& moment) {
    if (!moment) return nullptr;
    return moment->time_since_epoch().count();
}

boost::json::value first_of(const Sightings& sightings) {
    return sightings.count == 0 ? boost::json::value(nullptr) : json_of(sightings.first);
}

std::string state_of(const Settlement& settlement) {
    const PollState& poll = settlement.poll;
    boost::json::object state{{"etag", poll.etag},
                              {"last_modified", poll.last_modified},
                              {"document_hash", settlement.document_hash},
                              {"wanted_interval", poll.wanted_interval.count()},
                              {"moved_to", poll.moved_to},
                              {"moved_count", poll.moved.count},
                              {"moved_first", first_of(poll.moved)},
                              {"gone_count", poll.gone.count},
                              {"gone_first", first_of(poll.gone)},
                              {"has_ended", poll.has_ended},
                              {"last_poll", json_of(poll.last_poll)},
                              {"last_success", json_of(poll.last_success)},
                              {"last_whole", json_of(poll.last_whole)},
                              {"not_before", json_of(poll.not_before)},
                              {"next_poll", json_of(poll.next_poll)},
                              {"failures", poll.failures},
                              {"skip_hours", poll.skipped.hours.to_ulong()},
                              {"skip_days", poll.skipped.days.to_ulong()},
                              {"silent_after", json_of(poll.silent_after)},
                              {"error", settlement.error},
                              {"is_unchanged", settlement.is_unchanged},
                              {"bytes_received", settlement.bytes_received}};
    if (settlement.status != 0) state["status"] = settlement.status;
    if (!settlement.feed_url.empty()) state["feed_url"] = settlement.feed_url;
    if (settlement.whole_bytes) state["whole_bytes"] = *settlement.whole_bytes;
    if (settlement.identity) {
        state["upstream_id"] = settlement.identity->id;
        state["upstream_title"] = settlement.identity->title;
        state["upstream_home"] = settlement.identity->home;
    }
    return boost::json::serialize(state);
}

void take(pqxx::work& transaction, const std::vector<std::string>& source_ids, const std::string& claim,
          const PollManners& manners) {
    transaction.exec_prepared0("claim_subscriptions", array_literal(source_ids), claim, manners.conditional_min.count(),
                               manners.whole_min.count());
}

void note_entries(pqxx::work& transaction, std::int64_t source_id, const std::vector<UpstreamEntry>& entries) {
    std::vector<std::string> keys, links, hashes, ids;
    for (const UpstreamEntry& entry : entries) {
        keys.push_back(entry.key);
        links.push_back(entry.link);
        hashes.push_back(entry.hash);
        ids.push_back(entry.article.id);
    }
    transaction.exec_prepared0("note_upstream_entries", source_id, array_literal(keys), array_literal(links),
                               array_literal(hashes), array_literal(ids));
}

void keep_document(pqxx::work& transaction, std::int64_t source_id, const Settlement::Kept& document) {
    transaction.exec_prepared0("keep_upstream_document", source_id, document.is_good, document.url, document.content_type,
                               pqxx::binarystring(document.bytes));
}

}  // namespace

std::vector<Subscription> Store::claim_subscriptions(std::size_t count_max, const std::string& claim,
                                                     const PollManners& manners, const std::vector<std::string>& held_hosts) {
    return connection_->write_within(connection_->deadline, [&](pqxx::work& transaction) {
        std::vector<std::string> ids;
        for (const pqxx::row& row : transaction.exec_prepared("due_subscriptions", count_max, array_literal(held_hosts)))
            ids.push_back(text(row[0]));
        if (ids.empty()) return std::vector<Subscription>{};
        take(transaction, ids, claim, manners);
        return subscriptions_of(
            transaction.exec_prepared("subscriptions", array_literal(ids), std::optional<std::string>(), false));
    });
}

std::optional<Subscription> Store::claim_subscription(std::int64_t source_id, const std::string& claim,
                                                      const PollManners& manners,
                                                      const std::function<bool(const Subscription&)>& may_ask) {
    return connection_->write([&](pqxx::work& transaction) -> std::optional<Subscription> {
        const auto locked = transaction.exec_prepared("lock_subscription", source_id);
        if (locked.empty() || locked.front()[0].as<bool>()) return std::nullopt;
        const std::vector<std::string> ids{std::to_string(source_id)};
        const auto rows = transaction.exec_prepared("subscriptions", array_literal(ids), std::optional<std::string>(), false);
        Subscription claimed = subscription_of(rows.front());
        if (!may_ask(claimed)) return std::nullopt;
        take(transaction, ids, claim, manners);
        claimed.claim = claim;
        return claimed;
    });
}

std::vector<Subscription> Store::subscriptions(const std::optional<std::string>& slug, bool failing_only) {
    return subscriptions_of(connection_->read("subscriptions", std::optional<std::string>(), slug, failing_only));
}

std::optional<std::chrono::milliseconds> Store::next_poll(const std::vector<std::string>& held_hosts) {
    const pqxx::result rows = connection_->read("next_poll", array_literal(held_hosts));
    if (rows.empty()) return std::nullopt;
    return std::chrono::milliseconds(static_cast<std::int64_t>(rows.front()[0].as<double>() * 1'000));
}

std::vector<KnownEntry> Store::known_entries(std::int64_t source_id, const std::vector<std::string>& keys,
                                             const std::vector<std::string>& links) {
    std::vector<KnownEntry> entries;
    for (const pqxx::row& row : connection_->read("known_entries", source_id, array_literal(keys), array_literal(links)))
        entries.push_back({.key = text(row[0]),
                           .link = text(row[1]),
                           .hash = text(row[2]),
                           .article_id = text(row[3]),
                           .title = text(row[4]),
                           .published = instant(row[5]).value(),
                           .is_dropped = row[6].as<bool>()});
    return entries;
}

std::set<std::string> Store::ids_of_others(std::int64_t source_id, const std::vector<std::string>& ids) {
    std::set<std::string> others;
    for (const pqxx::row& row : connection_->read("ids_of_others", source_id, array_literal(ids))) others.insert(text(row[0]));
    return others;
}

std::optional<Settled> Store::settle(const Subscription& subscription, const Settlement& settlement) {
    ArticlesById by_id;
    for (const UpstreamEntry& entry : settlement.entries)
        if (!is_dropped_unseen(entry)) by_id.insert_or_assign(entry.article.id, &entry.article);
    const std::int64_t source_id = subscription.source_id;
    return connection_->write_within(connection_->deadline * 6, [&](pqxx::work& transaction) -> std::optional<Settled> {
        const auto settled =
            transaction.exec_prepared("settle_subscription", source_id, subscription.claim, state_of(settlement));
        if (settled.empty()) return std::nullopt;
        if (!settlement.source_title.empty() || !settlement.source_home.empty())
            transaction.exec_prepared0("describe_source", source_id, settlement.source_title, settlement.source_home);
        if (settlement.document) keep_document(transaction, source_id, *settlement.document);
        if (!by_id.empty()) merge_batch(transaction, source_id, by_id);
        if (!settlement.entries.empty()) note_entries(transaction, source_id, settlement.entries);
        note_rulings(transaction, subscription, settlement.entries);
        Settled outcome{.feed_url = text(settled.front()[0]), .bytes_saved = settled.front()[1].as<std::uint64_t>()};
        if (!settlement.deleted_ids.empty())
            outcome.withdrawn =
                transaction.exec_prepared("withdraw_entries", source_id, array_literal(settlement.deleted_ids)).size();
        return outcome;
    });
}

SubscriptionsStanding Store::subscriptions_standing() {
    const pqxx::result rows = connection_->read("subscriptions_standing");
    const auto number = [row = rows.front()](int column) { return row[column].as<std::uint64_t>(); };
    return {.active = number(0),
            .paused = number(1),
            .gone = number(2),
            .failing = number(3),
            .silent = number(4),
            .longest_silence = std::chrono::seconds(number(5)),
            .lag = std::chrono::seconds(number(6))};
}

std::size_t Store::hasten_subscriptions() {
    return connection_->write_within(connection_->deadline, [](pqxx::work& transaction) {
        return static_cast<std::size_t>(transaction.exec_prepared("hasten_subscriptions").size());
    });
}

bool Store::has_entries(std::int64_t source_id) {
    return connection_->read("source_has_entries", source_id).front()[0].as<bool>();
}

std::optional<std::string> Store::upstream_document(std::int64_t source_id, bool is_good) {
    const pqxx::result rows = connection_->read("upstream_document", source_id, is_good);
    if (rows.empty()) return std::nullopt;
    const pqxx::binarystring bytes(rows.front()[0]);
    return std::string(bytes.get(), bytes.size());
}

bool Store::subscribe(std::int64_t source_id, const std::string& feed_url, bool allows_private,
                      const std::vector<std::string>& categories, const std::string& credentials) {
    return connection_->write([&](pqxx::work& transaction) {
        if (transaction.exec_prepared("subscribe", source_id, feed_url, allows_private, credentials).empty()) return false;
        for (const std::string& slug : categories) transaction.exec_prepared("file_subscription", source_id, slug);
        return true;
    });
}

}  // namespace gazetted
