#pragma once

#include "daemon/interruption.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gazetted {

/// What migrate() did or would do.
struct MigrationReport {
    int version_before = 0;  ///< 0: an empty database
    int version_after = 0;
    std::vector<std::string> applied;  ///< file names, in order
};

/// Brings the schema to this program's version: each migration in one transaction, all under one advisory lock, so that ten
/// nodes starting at once migrate once. Throws std::runtime_error with one clear line where the schema is newer than this
/// program, where its recorded names are not ours, where there are tables without a record of migrations, where the database's
/// encoding is not UTF8, or where `to` is no version of ours or older than the schema: migrations go forward only. May take
/// hours, though a server that does not answer at all is given up within seconds; StoreUnavailable then, and where it is
/// interrupted.
MigrationReport migrate(const std::string& database_url, std::optional<int> to = std::nullopt, Interruption* = nullptr);

struct MigrationState {
    std::string name;
    std::string applied;  ///< when, as PostgreSQL writes it; empty: not yet
};
/// Each migration of this program's, in order. Writes nothing; the same refusals.
std::vector<MigrationState> migration_states(const std::string& database_url);

/// A row of gazetted.migrations, from wherever it was read.
struct RecordedMigration {
    int version = 0;
    std::string name;
};
/// The version that rows in this order stand for; the same refusals, of which `whose` is the subject: "the backup".
int require_known(std::string_view whose, const std::vector<RecordedMigration>&);

/// The same refusals, without writing: what a node with a read-only role calls. Throws also where migrations are missing.
void require_current_schema(const std::string& database_url);

}  // namespace gazetted
