#include "daemon/commands.hpp"

#include "daemon/migrate.hpp"
#include "daemon/read_config.hpp"
#include "daemon/serve.hpp"
#include "daemon/store.hpp"
#include "feeds/date_time.hpp"
#include "feeds/sanitise_html.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

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

int run(const Config& config, const ServeCommand&) {
    if (config.database.url.empty() && config.database.data.empty()) throw std::runtime_error(no_database_named().message);
    return serve(config);
}

int run(const Config&, const VersionCommand&) {
    std::cout << "gazetted " GAZETTED_VERSION "\n";
    return 0;
}

int run(const Config& config, const MigrateCommand&) {
    const OpenDatabase database = open_database(config.database);
    const MigrationReport report = migrate(database.url);
    for (const std::string& name : report.applied) std::cout << "applied " << name << "\n";
    std::cout << "schema version " << report.version_after << (report.applied.empty() ? ", nothing to do" : "") << "\n";
    return 0;
}

int run(const Config& config, const CheckCommand&) {
    std::cout << "configuration: ok\n" << std::flush;
    const OpenDatabase database = open_database(config.database);
    const Store store(database.url);
    std::cout << "database: ok\n" << std::flush;
    require_current_schema(database.url);
    std::cout << "schema: ok\n";
    return 0;
}

int run(const Config& config, const StatsCommand& command) {
    const OpenDatabase database = open_database(config.database);
    require_current_schema(database.url);
    Store store(database.url);
    const StoreCounts counts = store.counts();
    const std::string newest = counts.newest ? to_rfc3339(*counts.newest) : "";
    if (command.json) {
        boost::json::object object{{"articles", counts.shown},
                                   {"held", counts.held},
                                   {"withdrawn", counts.withdrawn},
                                   {"categories", counts.categories},
                                   {"newest", nullptr}};
        if (!newest.empty()) object["newest"] = newest;
        std::cout << boost::json::serialize(object) << "\n";
    } else {
        std::cout << "articles    " << counts.shown << "\nheld back   " << counts.held << "\nwithdrawn   " << counts.withdrawn
                  << "\ncategories  " << counts.categories << "\nnewest      " << (newest.empty() ? "-" : newest) << "\n";
    }
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
