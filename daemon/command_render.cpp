#include "daemon/commands.hpp"
#include "daemon/migrate.hpp"
#include "daemon/publish.hpp"

#include <algorithm>
#include <iostream>

namespace gazetted {
namespace {

int failed(const std::string& address, const char* why) {
    std::cerr << "gazetted: " << address << ": " << why << "\n";
    return 1;
}

/// The path and the query of an address that was copied from a browser.
std::string_view target_of(std::string_view address) {
    if (const std::size_t scheme = address.find("://"); scheme != std::string_view::npos) {
        const std::size_t slash = address.find('/', scheme + 3);
        address = slash == std::string_view::npos ? "/" : address.substr(slash);
    }
    return address.substr(0, address.find('#'));
}

}  // namespace

int run(const Config& config, const RenderCommand& command) {
    const auto target = target_of(command.address);
    const auto query = std::min(target.find('?'), target.size());
    auto parsed = parse_path(target.substr(0, query));
    if (!parsed)
        return failed(command.address, "names nothing that we publish; try /, /all.atom, /category/SLUG.rss or /tag/TAG.json");
    if (auto* feed = std::get_if<FeedAddress>(&parsed->address)) {
        const auto variant = parse_variant(target.substr(std::min(query + 1, target.size())), config.site.variant_limits());
        if (!variant) return failed(command.address, "n wants a number from 1, content wants full or summary");
        feed->variant = *variant;
    }
    const OpenDatabase database = open_database(config.database);
    require_current_schema(database.url);
    Store store(database.url);
    const Instant now = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
    const Publication publication = publish(store, config.site, parsed->address, nullptr, now);
    if (std::holds_alternative<NoSuchDocument>(publication)) return failed(command.address, "there is no such document");
    if (std::holds_alternative<WithdrawnArticle>(publication)) return failed(command.address, "the article was withdrawn");
    const auto& document = std::get<std::shared_ptr<const Document>>(publication);
    std::cout << document->representations.identity().body << std::flush;
    return std::cout ? 0 : failed(command.address, "stdout took not all of it");
}

}  // namespace gazetted
