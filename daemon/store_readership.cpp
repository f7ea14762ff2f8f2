#include "daemon/store.hpp"
#include "daemon/store_connection.hpp"

#include <cstdio>

namespace gazetted {

namespace {

using std::chrono::sys_days;

std::string date_literal(sys_days day) {
    const std::chrono::year_month_day date(day);
    char text[32];
    std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                  static_cast<unsigned>(date.day()));
    return text;
}

sys_days day_of(const pqxx::field& days_since_1970) { return sys_days(std::chrono::days(days_since_1970.as<int>())); }

std::chrono::sys_seconds seconds_of(const pqxx::field& microseconds) {
    return std::chrono::floor<std::chrono::seconds>(Instant(std::chrono::microseconds(microseconds.as<std::int64_t>())));
}

std::string text(const pqxx::field& field) { return {field.c_str(), field.size()}; }

std::string bytea_literal(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string literal = "\\x";
    for (const char byte : bytes) {
        literal += digits[static_cast<unsigned char>(byte) >> 4U];
        literal += digits[static_cast<unsigned char>(byte) & 15U];
    }
    return literal;
}

std::string bytes_of(std::string_view hex) {
    const auto value = [](char digit) { return digit <= '9' ? digit - '0' : digit - 'a' + 10; };
    std::string bytes;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2) bytes += static_cast<char>(value(hex[i]) * 16 + value(hex[i + 1]));
    return bytes;
}

/// What an insert takes as arrays, one a column.
class Columns {
public:
    explicit Columns(std::size_t count) : values_(count) {}
    template <class... Texts>
    void add_row(const Texts&... texts) {
        std::size_t column = 0;
        (values_[column++].push_back(texts), ...);
    }
    std::string operator[](std::size_t column) const { return array_literal(values_[column]); }
    bool empty() const { return values_.front().empty(); }

private:
    std::vector<std::vector<std::string>> values_;
};

void merge_pollers(pqxx::work& transaction, const Readership& seen) {
    Columns rows(4);
    for (const auto& [key, feed] : seen.feeds)
        rows.add_row(date_literal(key.day), key.path, bytea_literal(feed.pollers.bytes()), timestamp_literal(feed.seen));
    if (!rows.empty()) transaction.exec_prepared("merge_feed_pollers", rows[0], rows[1], rows[2], rows[3]);
}

void merge_subscribers(pqxx::work& transaction, const Readership& seen) {
    Columns rows(5);
    for (const auto& [key, said] : seen.subscribers)
        rows.add_row(key.path, key.service, key.feed, std::to_string(said.count), timestamp_literal(said.seen));
    if (!rows.empty()) transaction.exec_prepared("merge_feed_subscribers", rows[0], rows[1], rows[2], rows[3], rows[4]);
}

void merge_habits(pqxx::work& transaction, const Readership& seen) {
    Columns rows(8);
    for (const auto& [key, habits] : seen.habits)
        rows.add_row(date_literal(key.day), key.reader, std::to_string(habits.requests), std::to_string(habits.conditional),
                     std::to_string(habits.not_modified), std::to_string(habits.body_bytes), std::to_string(habits.repeated),
                     std::to_string(habits.repeated_bytes));
    if (!rows.empty())
        transaction.exec_prepared("merge_reader_habits", rows[0], rows[1], rows[2], rows[3], rows[4], rows[5], rows[6],
                                  rows[7]);
}

}  // namespace

std::uint64_t Store::poller_key(sys_days day, std::uint64_t proposed) {
    const auto rows = connection_->read("poller_key", date_literal(day), static_cast<std::int64_t>(proposed));
    return static_cast<std::uint64_t>(rows.front()[0].as<std::int64_t>());
}

void Store::merge_readership(const Readership& seen, sys_days today) {
    connection_->write_within(connection_->deadline * 2, [&](pqxx::work& transaction) {
        merge_pollers(transaction, seen);
        merge_subscribers(transaction, seen);
        merge_habits(transaction, seen);
        transaction.exec_prepared("forget_readers", date_literal(today), date_literal(today - readership_days_max));
        return true;
    });
}

Readership Store::readership(sys_days since, const std::vector<std::string>& paths) {
    const std::string first = date_literal(since), wanted = array_literal(paths);
    Readership seen;
    for (const pqxx::row& row : connection_->read("feed_pollers", first, wanted)) {
        const auto pollers = PollerSketch::from_bytes(bytes_of(row[2].c_str()));
        if (pollers) seen.feeds[{day_of(row[0]), text(row[1])}] = {.pollers = *pollers, .seen = seconds_of(row[3])};
    }
    for (const pqxx::row& row : connection_->read("feed_subscribers", first, wanted))
        seen.subscribers[{text(row[1]), text(row[0]), text(row[2])}] = {.count = row[3].as<std::uint32_t>(),
                                                                        .seen = seconds_of(row[4])};
    for (const pqxx::row& row : connection_->read("reader_habits", first)) {
        const auto count = [&](int column) { return row[column].as<std::uint64_t>(); };
        seen.habits[{day_of(row[0]), text(row[1])}] = {.requests = count(2),
                                                       .conditional = count(3),
                                                       .not_modified = count(4),
                                                       .body_bytes = count(5),
                                                       .repeated = count(6),
                                                       .repeated_bytes = count(7)};
    }
    return seen;
}

}  // namespace gazetted
