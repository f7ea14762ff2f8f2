#include "daemon/commands.hpp"
#include "daemon/migrate.hpp"
#include "daemon/publish.hpp"

#include <iostream>

namespace gazetted {
namespace {

int failed(const std::string& address, const std::string& why) {
    std::cerr << "gazetted: " << address << ": " << why << "\n";
    return 1;
}

}  // namespace

int run(const Config& config, const RenderCommand& command) {
    const auto address = parse_target(command.address, config.site.variant_limits());
    if (!address) return failed(command.address, address.error().message);
    const OpenDatabase database = open_database(config.database);
    require_current_schema(database.url);
    Store store(database.url);
    const Instant now = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
    const Publication publication = publish(store, config.site, *address, nullptr, now);
    if (std::holds_alternative<NoSuchDocument>(publication)) return failed(command.address, "there is no such document");
    if (std::holds_alternative<WithdrawnArticle>(publication)) return failed(command.address, "the article was withdrawn");
    if (std::holds_alternative<RemovedSelection>(publication)) return failed(command.address, "the feed was removed");
    if (const auto* moved = std::get_if<MovedDocument>(&publication))
        return failed(command.address, "it has another address now: gazetted render " + canonical_path(moved->address));
    if (std::holds_alternative<TooCostly>(publication))
        return failed(command.address, "this search finds too much: give it rarer words");
    const auto& document = std::get<std::shared_ptr<const Document>>(publication);
    std::cout << document->representations.identity().body << std::flush;
    return std::cout ? 0 : failed(command.address, "stdout took not all of it");
}

}  // namespace gazetted
