#include "daemon/store.hpp"
#include "daemon/store_connection.hpp"

namespace gazetted {

namespace {

struct MayNotWrite {};

}  // namespace

bool Store::note_set_aside(const SetAside& noted, std::int64_t revision) {
    try {
        connection_->write_within(connection_->deadline, [&](pqxx::work& transaction) {
            try {
                return transaction.exec_prepared0("note_set_aside", noted.article_id, noted.path, revision, noted.reason)
                    .affected_rows();
            } catch (const pqxx::sql_error&) {
                // A role that reads alone, or a server that does: serving goes on.
                throw MayNotWrite();
            }
        });
        return true;
    } catch (const MayNotWrite&) {
        return false;
    }
}

std::vector<Store::SetAside> Store::set_aside() {
    std::vector<SetAside> found;
    for (const pqxx::row& row : connection_->read("set_aside"))
        found.push_back({.article_id = row[0].c_str(), .path = row[1].c_str(), .reason = row[2].c_str()});
    return found;
}

}  // namespace gazetted
