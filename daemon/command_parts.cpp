#include "daemon/command_parts.hpp"

#include "daemon/migrate.hpp"

#include <iostream>

namespace gazetted {

OpenStore::OpenStore(const Config& config)
    : database(open_database(config.database)), store([this] {
          require_current_schema(database.url);
          return Store(database.url);
      }()) {}

int failed(const std::string& what) {
    std::cerr << "gazetted: " << harmless(what) << "\n";
    return 1;
}

int print_page(Listing listing, std::string_view name, std::string_view key, std::size_t limit, bool json) {
    const bool has_more = listing.rows.size() > limit;
    if (has_more) listing.rows.resize(limit);
    Listing next{.columns = {"after"}, .rows = {{std::monostate()}}};
    if (has_more) next.rows = {{listing.at(limit - 1, key)}};
    if (!json) {
        std::cout << table_of(listing);
        if (has_more) std::cout << "There are more: see --after and --limit. The last one here is " << lines_of(next).substr(7);
        return 0;
    }
    std::cout << "{\"" << name << "\":[";
    for (std::size_t row = 0; row < listing.rows.size(); ++row) std::cout << (row > 0 ? "," : "") << json_of(listing, row);
    std::cout << "]," << json_of(next, 0).substr(1) << "\n";
    return 0;
}

int print_one(const Listing& listing, bool json) {
    std::cout << (json ? json_of(listing, 0) + "\n" : lines_of(listing));
    return 0;
}

int print_done(const Listing& listing, const std::string& what, bool json) {
    std::cout << (json ? json_of(listing, 0) : harmless(what)) << "\n";
    return 0;
}

std::optional<std::string> name_of(SelectionKind kind, const std::string& text) {
    auto selection = addressable(kind, text);
    return selection ? std::optional(std::move(selection->name)) : std::nullopt;
}

}  // namespace gazetted
