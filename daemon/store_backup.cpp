#include "daemon/store_backup.hpp"

#include "daemon/store_session.hpp"

namespace gazetted {

namespace {

constexpr std::chrono::seconds facts_deadline{10};
constexpr std::chrono::minutes statistics_deadline{30};  // a sample of each table, however large

}  // namespace

DatabaseFacts database_facts(const std::string& database_url) {
    const auto connection = connect(database_url, facts_deadline);
    return attempt(*connection, facts_deadline, [&] {
        pqxx::nontransaction transaction(*connection);
        return DatabaseFacts{.server_version = connection->server_version() / 10'000,
                             .has_tables = !transaction.exec(statement_text("tables")).empty()};
    });
}

void announce_restored(const std::string& database_url) {
    const auto connection = connect(database_url, statistics_deadline);
    attempt(*connection, statistics_deadline, [&] {
        pqxx::nontransaction transaction(*connection);
        for (const pqxx::row& table : transaction.exec(statement_text("tables")))
            transaction.exec0("ANALYZE gazetted." + std::string(table[0].c_str()));
        transaction.exec(statement_text("tell_all"));
    });
}

}  // namespace gazetted
