#include "daemon/migrate.hpp"

#include "daemon/embedded.hpp"
#include "daemon/store_session.hpp"

#include <algorithm>
#include <cassert>

namespace gazetted {

namespace {

constexpr std::chrono::hours deadline{2};           // 0008 reads every article: a million take a quarter of an hour
constexpr std::chrono::seconds quick_deadline{10};  // of what does not depend on how much is stored

/// Any number, the same for every program of ours: "gazetted" in ASCII.
constexpr const char* lock_statement = "SELECT pg_advisory_lock(7449377577803539812)";

struct Migration {
    int version;
    std::string_view name;
    std::string_view statements;
};

/// Files are named `0001_name.sql`; numbers without a gap.
std::vector<Migration> own_migrations() {
    std::vector<Migration> migrations;
    for (const EmbeddedFile& file : embedded_migrations()) {
        migrations.push_back({std::stoi(std::string(file.name.substr(0, 4))), file.name, file.bytes});
        assert(migrations.back().version == std::ssize(migrations));
    }
    return migrations;
}

void require_utf8(pqxx::transaction_base& transaction) {
    const std::string encoding = transaction.exec1("SHOW server_encoding")[0].c_str();
    if (encoding != "UTF8") {
        throw std::runtime_error("the database's encoding is " + encoding +
                                 ": make one with CREATE DATABASE ... ENCODING 'UTF8' TEMPLATE template0");
    }
}

bool has_table(pqxx::transaction_base& transaction) {
    return !transaction.exec1("SELECT to_regclass('gazetted.migrations')")[0].is_null();
}

/// Checks what `whose` (the database, the backup) records against `own`; returns its version.
int known_version(std::string_view whose, const std::vector<RecordedMigration>& recorded, const std::vector<Migration>& own) {
    const int newest = recorded.empty() ? 0 : recorded.back().version;
    if (newest > std::ssize(own)) {
        throw std::runtime_error(std::string(whose) + " has schema version " + std::to_string(newest) +
                                 ", this gazetted knows " + std::to_string(own.size()) + ": install a newer gazetted");
    }
    int version = 0;
    for (const RecordedMigration& migration : recorded) {
        ++version;
        if (migration.version != version || migration.name != own[static_cast<std::size_t>(version - 1)].name) {
            throw std::runtime_error(std::string(whose) + " records migration " + std::to_string(migration.version) + " as '" +
                                     migration.name +
                                     "', which is not one of this gazetted: is it another program's database?");
        }
    }
    return version;
}

int recorded_version(pqxx::transaction_base& transaction, const std::vector<Migration>& own) {
    std::vector<RecordedMigration> recorded;
    for (const pqxx::row& row : transaction.exec("SELECT version, name FROM gazetted.migrations ORDER BY version"))
        recorded.push_back({row[0].as<int>(), row[1].c_str()});
    return known_version("the database", recorded, own);
}

/// A record that was lost, or tables of another program's.
void require_no_tables(pqxx::transaction_base& transaction) {
    if (!transaction.exec1("SELECT to_regclass('gazetted.articles')")[0].is_null()) {
        throw std::runtime_error(
            "the database has tables of gazetted but no record of its migrations: restore a whole backup into an empty "
            "database");
    }
}

void make_table(pqxx::connection& connection) {
    pqxx::work transaction(connection);
    require_utf8(transaction);
    if (!has_table(transaction)) {
        require_no_tables(transaction);
        transaction.exec0("CREATE SCHEMA IF NOT EXISTS gazetted");
        transaction.exec0(
            "CREATE TABLE gazetted.migrations (version int PRIMARY KEY, name text NOT NULL, "
            "applied timestamptz NOT NULL DEFAULT now())");
        transaction.exec0("COMMENT ON TABLE gazetted.migrations IS 'Which files of sql/migrations this schema has.'");
    }
    transaction.commit();
}

void apply(pqxx::connection& connection, const Migration& migration) {
    pqxx::work transaction(connection);
    transaction.exec0("SET LOCAL search_path = gazetted");
    transaction.exec(std::string(migration.statements));
    transaction.exec_params0("INSERT INTO gazetted.migrations (version, name) VALUES ($1, $2)", migration.version,
                             std::string(migration.name));
    transaction.commit();
}

MigrationReport migrate_alone(pqxx::connection& connection, std::optional<int> to) {
    const std::vector<Migration> own = own_migrations();
    const int wanted = to.value_or(static_cast<int>(own.size()));
    if (wanted < 1 || wanted > std::ssize(own))
        throw std::runtime_error("this gazetted knows the schema versions 1 to " + std::to_string(own.size()));
    make_table(connection);
    MigrationReport report;
    {
        pqxx::nontransaction transaction(connection);
        report.version_before = recorded_version(transaction, own);
    }
    if (to && wanted < report.version_before) {
        throw std::runtime_error("the database has schema version " + std::to_string(report.version_before) +
                                 " already, and migrations go forward only: restore a backup of before");
    }
    report.version_after = report.version_before;
    for (const Migration& migration : own) {
        if (migration.version <= report.version_before || migration.version > wanted) continue;
        apply(connection, migration);
        report.applied.emplace_back(migration.name);
        report.version_after = migration.version;
    }
    return report;
}

}  // namespace

MigrationReport migrate(const std::string& database_url, std::optional<int> to, Interruption* interruption) {
    const auto connection = connect(database_url, quick_deadline);
    std::optional<Interruption::Watch> watch;
    if (interruption) watch.emplace(*interruption, connection->sock());
    return attempt(*connection, deadline, [&] {
        pqxx::nontransaction(*connection).exec("SET statement_timeout = 0");
        // Held until the connection ends.
        pqxx::nontransaction(*connection).exec1(lock_statement);
        return migrate_alone(*connection, to);
    });
}

int require_known(std::string_view whose, const std::vector<RecordedMigration>& recorded) {
    return known_version(whose, recorded, own_migrations());
}

std::vector<MigrationState> migration_states(const std::string& database_url) {
    const auto connection = connect(database_url, quick_deadline);
    return attempt(*connection, quick_deadline, [&] {
        pqxx::nontransaction transaction(*connection);
        require_utf8(transaction);
        std::vector<MigrationState> states;
        for (const Migration& migration : own_migrations()) states.push_back({std::string(migration.name), ""});
        if (!has_table(transaction)) {
            require_no_tables(transaction);
            return states;
        }
        recorded_version(transaction, own_migrations());
        const pqxx::result rows = transaction.exec("SELECT applied FROM gazetted.migrations ORDER BY version");
        for (std::size_t i = 0; i < states.size() && i < static_cast<std::size_t>(rows.size()); ++i)
            states[i].applied = rows[static_cast<pqxx::result::size_type>(i)][0].c_str();
        return states;
    });
}

void require_current_schema(const std::string& database_url) {
    const auto connection = connect(database_url, quick_deadline);
    attempt(*connection, quick_deadline, [&] {
        pqxx::nontransaction transaction(*connection);
        require_utf8(transaction);
        const std::vector<Migration> own = own_migrations();
        const int version = has_table(transaction) ? recorded_version(transaction, own) : 0;
        if (version < std::ssize(own)) {
            throw std::runtime_error("the database has schema version " + std::to_string(version) + ", this gazetted needs " +
                                     std::to_string(own.size()) + ": run gazetted migrate");
        }
    });
}

}  // namespace gazetted
