#include "daemon/store.hpp"
#include "daemon/store_connection.hpp"

#include <boost/json.hpp>

namespace gazetted {

namespace {

// pg_type.dat
constexpr pqxx::oid bool_type = 16, int8_type = 20, int4_type = 23, timestamptz_type = 1184, numeric_type = 1700,
                    jsonb_type = 3802;

/// `2024-05-01 10:00:00+00`, which the session's settings make of every time but `infinity`.
std::string rfc3339(std::string text) {
    const auto blank = text.find(' '), zone = text.rfind('+');
    if (blank == std::string::npos || zone == std::string::npos) return text;
    text[blank] = 'T';
    return text.replace(zone, std::string::npos, "Z");
}

Listing::Value value_of(const pqxx::field& field, pqxx::oid type) {
    if (field.is_null()) return std::monostate();
    std::string text(field.c_str(), field.size());
    if (type == bool_type) return field.as<bool>();
    if (type == int8_type || type == int4_type) return field.as<std::int64_t>();
    if (type == numeric_type) return Listing::Decimal{std::move(text)};
    if (type == timestamptz_type) return rfc3339(std::move(text));
    if (type != jsonb_type) return text;
    Listing::Texts texts;
    const boost::json::value list = boost::json::parse(text);
    for (const boost::json::value& item : list.as_array()) texts.emplace_back(item.as_string());
    return texts;
}

void require_no_nul(const Store::Parameters& parameters) {
    for (const auto& parameter : parameters)
        if (parameter && parameter->find('\0') != std::string::npos)
            throw std::runtime_error("the database refuses a value: it holds a NUL character");
}

auto dynamic(const Store::Parameters& parameters) {
    return pqxx::prepare::make_dynamic_params(parameters.begin(), parameters.end());
}

}  // namespace

void Store::wait_for_locks_at_most(std::chrono::milliseconds most) {
    attempt(*connection_->session, connection_->deadline,
            [&] { pqxx::nontransaction(*connection_->session).exec0("SET lock_timeout = " + std::to_string(most.count())); });
}

Listing Store::listing(const char* statement, const Parameters& parameters) {
    require_no_nul(parameters);
    const pqxx::result rows = connection_->read(statement, dynamic(parameters));
    Listing listing;
    std::vector<pqxx::oid> types;
    for (pqxx::row::size_type i = 0; i < rows.columns(); ++i) {
        listing.columns.emplace_back(rows.column_name(i));
        types.push_back(rows.column_type(i));
    }
    for (const pqxx::row& row : rows) {
        auto& values = listing.rows.emplace_back();
        for (pqxx::row::size_type i = 0; i < rows.columns(); ++i) values.push_back(value_of(row[i], types[i]));
    }
    return listing;
}

std::size_t Store::act(const char* statement, const Parameters& parameters) {
    require_no_nul(parameters);
    return connection_->write([&](pqxx::work& transaction) {
        return static_cast<std::size_t>(transaction.exec_prepared(statement, dynamic(parameters)).size());
    });
}

std::vector<bool> Store::belongs(std::int64_t article_number, const std::vector<Selection>& selections) {
    const auto [kinds, names] = kinds_and_names(selections);
    std::vector<bool> answers;
    for (const pqxx::row& row : connection_->read("article_belongs", article_number, kinds, names))
        answers.push_back(row[0].as<bool>());
    return answers;
}

std::optional<Store::TellingArticle> Store::told_by(std::int64_t article_number, const std::vector<Selection>& wanted,
                                                    const std::vector<Selection>& unwanted) {
    const auto [kinds, names] = kinds_and_names(wanted);
    const auto [kinds_out, names_out] = kinds_and_names(unwanted);
    const pqxx::result rows = connection_->read("article_told", article_number, kinds, names, kinds_out, names_out);
    if (rows.empty()) return std::nullopt;
    const pqxx::row row = rows.front();
    return TellingArticle{.id = row[0].c_str(), .number = row[1].as<std::int64_t>(), .reason = row[2].c_str()};
}

Store::ArticlePlace Store::article_place(std::int64_t article_number, std::int64_t category_id) {
    const pqxx::row row = connection_->read("article_place", article_number, category_id).front();
    return {.place = row[0].as<std::int64_t>(),
            .archive_begin = row[1].is_null() ? std::nullopt : std::optional(row[1].as<std::int64_t>())};
}

}  // namespace gazetted
