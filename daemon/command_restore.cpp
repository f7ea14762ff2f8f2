#include "daemon/child_program.hpp"
#include "daemon/commands.hpp"
#include "daemon/connection.hpp"
#include "daemon/descriptor.hpp"
#include "daemon/migrate.hpp"
#include "daemon/postgres_programs.hpp"
#include "daemon/program_output.hpp"
#include "daemon/store_backup.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <string_view>
#include <system_error>

namespace gazetted {

namespace {

/// What pg_dump --format=custom writes, read by pg_restore on its stdin.
class Backup {
public:
    /// Throws std::runtime_error where the file is none.
    explicit Backup(const std::filesystem::path& path) : name_(path), file_(open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
        if (!file_) throw std::runtime_error("cannot read " + name_ + ": " + std::generic_category().message(errno));
        constexpr std::string_view magic = "PGDMP";
        char begin[magic.size()];
        const ssize_t bytes = pread(file_.number(), begin, sizeof begin, 0);
        if (bytes < 0 || std::string_view(begin, static_cast<std::size_t>(bytes)) != magic)
            throw std::runtime_error(name_ + " is no backup: gazetted backup makes one, or pg_dump --format=custom");
    }
    const std::string& name() const { return name_; }

    /// pg_restore, which writes SQL.
    ChildProgram read(const std::string& program, const std::vector<std::string>& options, int out, int complaints) const {
        if (lseek(file_.number(), 0, SEEK_SET) != 0) throw std::runtime_error(name_ + " is no file that can be read twice");
        std::vector<std::string> words = {program, "--schema=gazetted", "--no-owner", "--file=-"};
        words.insert(words.end(), options.begin(), options.end());
        return ChildProgram(std::move(words), {.in = file_.number(), .out = out, .err = complaints});
    }

private:
    std::string name_;
    Descriptor file_;
};

/// The rows of the only COPY, whose columns are version, name and applied.
std::vector<RecordedMigration> migrations_of(const Backup& backup, const std::string& pg_restore) {
    const ProgramOutput sql;
    const ProgramOutput said;
    if (backup.read(pg_restore, {"--data-only", "--table=migrations"}, sql.descriptor(), said.descriptor()).wait() != 0)
        throw std::runtime_error("cannot read " + backup.name() + ": " + said.complaint());
    std::istringstream lines(sql.text());
    std::vector<RecordedMigration> migrations;
    bool is_row = false;
    for (std::string line; std::getline(lines, line);) {
        if (line == "\\.") break;
        std::istringstream fields(line);
        RecordedMigration migration;
        if (is_row && fields >> migration.version >> migration.name) migrations.push_back(std::move(migration));
        is_row = is_row || line.starts_with("COPY gazetted.migrations (version, name, applied) ");
    }
    if (migrations.empty())
        throw std::runtime_error(backup.name() + " is a backup of something else: it has no tables of gazetted");
    return migrations;
}

/// What the backup grants and revokes, each statement a line of pg_restore's. One that names a role which is not here is left
/// out; above all, functions that the public must not call stay so.
std::string privileges_of(const Backup& backup, const std::string& pg_restore) {
    const ProgramOutput sql;
    const ProgramOutput said;
    if (backup.read(pg_restore, {"--schema-only"}, sql.descriptor(), said.descriptor()).wait() != 0)
        throw std::runtime_error("cannot read " + backup.name() + ": " + said.complaint());
    std::istringstream lines(sql.text());
    std::string statements;
    for (std::string line; std::getline(lines, line);) {
        const bool is_privilege = line.starts_with("GRANT ") || line.starts_with("REVOKE ");
        if (is_privilege && line.ends_with(";"))
            statements += "DO $privilege$ BEGIN " + line + " EXCEPTION WHEN undefined_object THEN NULL; END $privilege$;\n";
    }
    return statements;
}

/// All in one transaction: psql sees the end of its input, and commits, only where pg_restore came to a good end.
void bring_back(const Backup& backup, const std::string& database_url, int server_version, bool replaces) {
    const std::string pg_restore = client_program("pg_restore", server_version);
    const std::string privileges = privileges_of(backup, pg_restore);
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
    Descriptor out(ends[0]);
    Descriptor in(ends[1]);
    const Descriptor nowhere(open("/dev/null", O_WRONLY | O_CLOEXEC));
    const ProgramOutput said;
    const InterruptIgnored ignored;
    // Without CASCADE the server itself refuses where tables came in since we looked.
    const std::string make_room = std::string("DROP SCHEMA IF EXISTS gazetted") + (replaces ? " CASCADE" : "");
    ChildProgram psql({client_program("psql", server_version), "--no-psqlrc", "--quiet", "--no-password",
                       "--single-transaction", "--set=ON_ERROR_STOP=1", "--dbname=" + connection_for_programs(database_url),
                       "--command=" + make_room, "--command=CREATE SCHEMA gazetted", "--file=-", "--command=" + privileges},
                      {.in = out.number(), .out = nowhere.number(), .err = said.descriptor()});
    out.close();
    const int read = backup.read(pg_restore, {"--no-privileges"}, in.number(), said.descriptor()).wait();
    if (read != 0) throw std::runtime_error("nothing was restored: " + said.complaint());
    in.close();
    if (psql.wait() != 0) throw std::runtime_error("nothing was restored: " + said.complaint());
}

}  // namespace

int run(const Config& config, const RestoreCommand& command) {
    const Backup backup(command.file);
    const OpenDatabase database = open_database(config.database);
    const DatabaseFacts facts = database_facts(database.url);
    if (facts.has_tables && !command.replace)
        throw std::runtime_error(
            "the database has tables of gazetted already: restore into an empty one, or give --replace, which deletes them");
    const int version = require_known("the backup", migrations_of(backup, client_program("pg_restore", facts.server_version)));
    bring_back(backup, database.url, facts.server_version, command.replace);
    std::cout << "restored " << backup.name() << ", schema version " << version << "\n" << std::flush;
    for (const std::string& name : migrate(database.url).applied) std::cout << "applied " << name << "\n" << std::flush;
    announce_restored(database.url);
    return 0;
}

}  // namespace gazetted
