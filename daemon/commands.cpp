#include "daemon/commands.hpp"

#include "daemon/certificates.hpp"
#include "daemon/descriptor_limit.hpp"
#include "daemon/migrate.hpp"
#include "daemon/read_config.hpp"
#include "daemon/store.hpp"
#include "feeds/sanitise_html.hpp"

#include <iostream>
#include <stdexcept>

namespace gazetted {

OpenDatabase open_database(const DatabaseConfig& database) {
    if (database.url.empty() && database.data.empty()) throw std::runtime_error(no_database_named().message);
    if (database.data.empty()) return {nullptr, database.url};
    auto own = std::make_unique<PrivatePostgres>(database.data);
    std::string url = own->database_url();
    return {std::move(own), std::move(url)};
}

int run(const EffectiveConfig& effective, const ServeCommand&, const RereadConfig& reread) {
    const DatabaseConfig& database = effective.config.database;
    if (database.url.empty() && database.data.empty()) throw std::runtime_error(no_database_named().message);
    return serve(effective.config, reread);
}

int run(const Config&, const VersionCommand&) {
    std::cout << "gazetted " GAZETTED_VERSION "\n";
    return 0;
}

int run(const Config& config, const MigrateCommand& command) {
    const OpenDatabase database = open_database(config.database);
    if (command.status) {
        for (const MigrationState& migration : migration_states(database.url))
            std::cout << migration.name << "  " << (migration.applied.empty() ? "to come" : migration.applied) << "\n";
        return 0;
    }
    const MigrationReport report = migrate(database.url, command.to);
    for (const std::string& name : report.applied) std::cout << "applied " << name << "\n";
    std::cout << "schema version " << report.version_after << (report.applied.empty() ? ", nothing to do" : "") << "\n";
    return 0;
}

namespace {

void check_certificate(const TlsConfig& tls, bool quiet) {
    const auto identity = load_tls_identity(tls);
    if (!identity) throw std::runtime_error(identity.error().message);
    const auto expires = (*identity)->expires();
    if (!quiet) std::cout << "# certificate: ok, until " << to_rfc3339(expires) << "\n" << std::flush;
    if (expires < std::chrono::system_clock::now() + Certificates::told_before_expiry)
        std::cerr << "gazetted: warning: the certificate's time is nearly over, or is: renew it\n";
}

/// The archive makes the folder, and none around it.
void check_folder(const std::filesystem::path& folder) {
    const bool is_there = std::filesystem::exists(folder);
    if (folder.empty() || std::filesystem::is_directory(is_there ? folder : folder.parent_path())) return;
    throw std::runtime_error("retention.folder: " + folder.string() +
                             (is_there ? " is no directory: name one" : " cannot be made: there is no directory for it"));
}

}  // namespace

int run(const EffectiveConfig& effective, const CheckCommand& command) {
    const Config& config = effective.config;
    if (!command.quiet) {
        for (const Setting& setting : effective.settings)
            std::cout << setting.key << " = " << setting.value << "  # " << setting.origin << "\n";
        std::cout << "# configuration: ok\n" << std::flush;
    }
    if (const auto shortage = descriptor_shortage(config, raise_descriptor_limit()))
        std::cerr << "gazetted: warning: " << *shortage << "\n";
    if (!config.server.tls.certificate.empty()) check_certificate(config.server.tls, command.quiet);
    check_folder(config.retention.folder);
    if (command.offline) return 0;
    const OpenDatabase database = open_database(config.database);
    Store store(database.url);
    if (!command.quiet) std::cout << "# database: ok\n" << std::flush;
    require_current_schema(database.url);
    if (!command.quiet) std::cout << "# schema: ok\n" << std::flush;
    for (const auto& [id, path, reason] : store.set_aside())
        std::cerr << "gazetted: warning: " << path << " goes on without the article " << id << ": " << reason << "\n";
    return 0;
}

int run(const Config&, const SanitizeCommand& command) {
    // One byte more than the sanitiser takes tells it that something was cut.
    std::string html(HtmlLimits::bytes_max + 1, '\0');
    std::cin.read(html.data(), static_cast<std::streamsize>(html.size()));
    html.resize(static_cast<std::size_t>(std::cin.gcount()));
    std::cout << sanitise_html(html, command.base_url).str() << "\n";
    return 0;
}

}  // namespace gazetted
