#include "daemon/command_parts.hpp"
#include "daemon/commands.hpp"
#include "daemon/publish.hpp"

#include <iostream>

namespace gazetted {

int run(const Config& config, const RenderCommand& command) {
    const auto failed_there = [&](const std::string& why) { return failed(command.address + ": " + why); };
    const auto address = parse_target(command.address, config.site.variant_limits());
    if (!address) return failed_there(address.error().message);
    OpenStore open(config);
    const Instant now = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
    const Publication publication = publish(open.store, config.site, *address, nullptr, now);
    if (std::holds_alternative<NoSuchDocument>(publication)) return failed_there("there is no such document");
    if (const auto* gone = std::get_if<WithdrawnArticle>(&publication))
        return failed_there(gone->is_removed ? "the article is kept no longer" : "the article was withdrawn");
    if (std::holds_alternative<RemovedSelection>(publication)) return failed_there("the feed was removed");
    if (const auto* moved = std::get_if<MovedDocument>(&publication))
        return failed_there("it has another address now: gazetted render " + canonical_path(moved->address));
    if (std::holds_alternative<TooCostly>(publication)) return failed_there("this search finds too much: give it rarer words");
    const auto& document = std::get<std::shared_ptr<const Document>>(publication);
    std::cout << document->representations.identity().body;
    return 0;
}

}  // namespace gazetted
