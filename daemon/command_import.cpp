#include "daemon/commands.hpp"
#include "daemon/import_jekyll.hpp"
#include "daemon/import_report.hpp"
#include "daemon/migrate.hpp"

#include <unistd.h>

#include <iostream>

namespace gazetted {

int run(const Config& config, const ImportJekyllCommand& command) {
    const OpenDatabase database = open_database(config.database);
    migrate(database.url);
    Store store(database.url);
    JekyllImportSummary summary;
    {
        ProgressBar bar(STDERR_FILENO);
        summary = import_jekyll(store, command.site_directory, command.options,
                                [&bar](std::int64_t done, std::int64_t found) { bar.show(done, found); });
    }
    print_import(std::cout, summary);
    return import_status(summary, command.strict);
}

}  // namespace gazetted
