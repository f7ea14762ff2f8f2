#include "daemon/administer.hpp"
#include "daemon/command_parts.hpp"

namespace gazetted {

int run(const Config& config, const CategoryCommand& command) {
    OpenStore open(config);
    if (command.action == "list") return print_page(page_of(open.store, command), command.json);
    return print_outcome(administer(open.store, command), command.json);
}

}  // namespace gazetted
