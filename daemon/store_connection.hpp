#pragma once

#include "daemon/embedded.hpp"
#include "daemon/store_session.hpp"

#include <algorithm>
#include <optional>

namespace gazetted {

/// Parameters: what selections are, and what they are called.
std::pair<std::string, std::string> kinds_and_names(const std::vector<Selection>&);

/// What Store's reading half (store.cpp) and writing half (store_merge.cpp) share.
struct Store::Connection {
    Connection(const std::string& database_url, std::chrono::milliseconds deadline);

    std::unique_ptr<pqxx::connection> session;
    std::chrono::milliseconds deadline;

    /// One statement, one snapshot, one round trip.
    template <class... Arguments>
    pqxx::result read(const char* statement, const Arguments&... arguments) {
        return attempt(*session, deadline, [&] {
            pqxx::nontransaction transaction(*session);
            return transaction.exec_prepared(statement, arguments...);
        });
    }

    /// The same for a statement that goes through many rows, with a limit of its own; none where the server gave it up. With
    /// less memory a bitmap forgets which rows it means, and what the index knows is worked out again for each row of a page.
    template <class... Arguments>
    std::optional<pqxx::result> read_within(std::chrono::milliseconds limit, const char* statement,
                                            const Arguments&... arguments) {
        constexpr const char* query_cancelled = "57014";
        return attempt(*session, deadline, [&]() -> std::optional<pqxx::result> {
            pqxx::work transaction(*session);
            transaction.exec0("SET LOCAL work_mem = '64MB'; SET LOCAL statement_timeout = " +
                              std::to_string(std::min(limit, deadline * 9 / 10).count()));
            try {
                return transaction.exec_prepared(statement, arguments...);
            } catch (const pqxx::sql_error& error) {
                if (error.sqlstate() != query_cancelled) throw;
                return std::nullopt;
            }
        });
    }

    /// Calls `action(transaction)` and commits. Repeats it where the server chose this transaction as a deadlock's victim.
    template <class Action>
    auto write(Action&& action) {
        return write_within(deadline * 60, std::forward<Action>(action));
    }
    /// The same for what the daemon itself writes: a server that hangs is to hold up neither the next poll nor a stop.
    template <class Action>
    auto write_within(std::chrono::milliseconds limit, Action&& action) {
        constexpr int attempts_max = 5;
        for (int attempts = 1;; ++attempts) {
            try {
                return attempt(*session, limit, [&] {
                    pqxx::work transaction(*session);
                    transaction.exec0("SET LOCAL statement_timeout = " + std::to_string(limit.count() * 59 / 60));
                    try {
                        auto result = action(transaction);
                        transaction.commit();
                        return result;
                    } catch (const pqxx::transaction_rollback&) {
                        transaction.abort();
                        throw;
                    }
                });
            } catch (const WritersCollided&) {
                if (attempts == attempts_max) throw;
            }
        }
    }
};

}  // namespace gazetted
