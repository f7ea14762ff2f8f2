#pragma once

#include "daemon/command_line.hpp"
#include "daemon/config_layers.hpp"
#include "daemon/private_postgres.hpp"
#include "daemon/serve.hpp"

#include <memory>
#include <string>

namespace gazetted {

/// The database that a command works on, for as long as this lives.
struct OpenDatabase {
    std::unique_ptr<PrivatePostgres> own;  ///< with database.data
    std::string url;
};
/// Starts the private PostgreSQL where one is configured. Throws std::runtime_error where no database is named.
OpenDatabase open_database(const DatabaseConfig&);

// One function a command: the exit status, 0 done, 1 failed (said on stderr). What is lost on the way is thrown, for main.

/// Until SIGTERM or SIGINT; then drains. SIGHUP reads the configuration again.
int run(const EffectiveConfig&, const ServeCommand&, const RereadConfig&);
/// Says what every key is and who said so, then looks at what the configuration names.
int run(const EffectiveConfig&, const CheckCommand&);
int run(const Config&, const MigrateCommand&);
int run(const Config&, const ImportJekyllCommand&);
int run(const Config&, const ImportOpmlCommand&);
int run(const Config&, const ExportSubscriptionsCommand&);
int run(const Config&, const SanitizeCommand&);
int run(const Config&, const ReadCommand&);
int run(const Config&, const RenderCommand&);
int run(const Config&, const PsqlCommand&);
int run(const Config&, const BackupCommand&);
int run(const Config&, const RestoreCommand&);
int run(const Config&, const StatsCommand&);
int run(const Config&, const VersionCommand&);
int run(const Config&, const CategoryCommand&);
int run(const Config&, const SelectionCommand&);
int run(const Config&, const SourceCommand&);
int run(const Config&, const ArticleCommand&);
int run(const Config&, const RuleCommand&);
int run(const Config&, const UserCommand&);
int run(const Config&, const RetentionCommand&);

}  // namespace gazetted
