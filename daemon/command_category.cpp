#include "daemon/administer.hpp"
#include "daemon/command_parts.hpp"

#include <iostream>

namespace gazetted {

int run(const Config& config, const CategoryCommand& command) {
    OpenStore open(config);
    if (command.action == "list") return print_page(page_of(open.store, command), command.json);
    const bool is_limit = command.keep_days.value_or(0) > 0 || command.keep_articles.value_or(0) > 0;
    if (is_limit && config.retention.folder.empty())
        std::cerr << "gazetted: retention.folder is not configured here: a daemon without it removes nothing\n";
    return print_outcome(administer(open.store, command), command.json);
}

}  // namespace gazetted
