#include "daemon/store.hpp"
#include "daemon/store_connection.hpp"

namespace gazetted {

std::pair<std::string, std::string> kinds_and_names(const std::vector<Selection>& selections) {
    std::vector<std::string> kinds;
    std::vector<std::string> names;
    for (const Selection& selection : selections) {
        kinds.emplace_back(word_of(selection.kind));
        names.push_back(selection.name);
    }
    return {array_literal(kinds), array_literal(names)};
}

std::vector<NameNow> Store::names_now(const std::vector<Selection>& named) {
    const auto [kinds, names] = kinds_and_names(named);
    std::vector<NameNow> now;
    for (const pqxx::row& row : connection_->read("names_now", kinds, names))
        now.push_back({.name = row[0].is_null() ? std::nullopt : std::optional<std::string>(row[0].c_str()),
                       .is_removed = row[1].as<bool>()});
    return now;
}

}  // namespace gazetted
