#include "daemon/commands.hpp"
#include "daemon/migrate.hpp"
#include "daemon/publish.hpp"

#include <iostream>

namespace gazetted {
namespace {

int failed(const std::string& address, const char* why) {
    std::cerr << "gazetted: " << address << ": " << why << "\n";
    return 1;
}

/// The path of an address that was copied from a browser.
std::string_view path_of(std::string_view address) {
    if (const std::size_t scheme = address.find("://"); scheme != std::string_view::npos) {
        const std::size_t slash = address.find('/', scheme + 3);
        address = slash == std::string_view::npos ? "/" : address.substr(slash);
    }
    return address.substr(0, address.find_first_of("?#"));
}

}  // namespace

int run(const Config& config, const RenderCommand& command) {
    const auto parsed = parse_path(path_of(command.address));
    if (!parsed) return failed(command.address, "names nothing that we publish; try /, /all.atom or /category/SLUG.rss");
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
