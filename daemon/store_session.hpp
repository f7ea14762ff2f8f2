#pragma once

#include "daemon/store.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <pqxx/pqxx>
#include <string>
#include <string_view>
#include <vector>

/// What Store, migrate() and Listener share; the only header that knows pqxx.
namespace gazetted {

/// The server chose this transaction as the victim of a deadlock: the same again may well succeed.
struct WritersCollided : StoreBusy {
    using StoreBusy::StoreBusy;
};

/// Shuts the socket down when the deadline passes before destruction: the blocked call in this thread then fails at once. libpq
/// itself never notices a server that hangs (SIGSTOP, a cut cable).
class SocketDeadline {
public:
    SocketDeadline(int socket, std::chrono::milliseconds deadline);
    ~SocketDeadline();
    SocketDeadline(const SocketDeadline&) = delete;
    SocketDeadline& operator=(const SocketDeadline&) = delete;

    bool has_passed() const;

private:
    std::uint64_t ticket_;
};

/// A connection as we want it: UTF8, UTC, search_path gazetted, READ COMMITTED, never reconnecting by itself. The server gives
/// a statement up a little before the deadline. Throws StoreUnavailable.
std::unique_ptr<pqxx::connection> connect(const std::string& database_url, std::chrono::milliseconds deadline);

/// Rethrows the exception being handled, as its SQLSTATE says: StoreUnavailable where the database is away, StoreBusy where it
/// gave up, std::runtime_error where it refuses the values themselves, else StatementFailed.
[[noreturn]] void rethrow_as_ours(bool deadline_has_passed);

/// Calls `action`, which uses `connection`, under a deadline; pqxx's exceptions come out as ours.
template <class Action>
auto attempt(pqxx::connection& connection, std::chrono::milliseconds deadline, Action&& action) {
    const SocketDeadline guard(connection.sock(), deadline);
    try {
        return action();
    } catch (...) {
        rethrow_as_ours(guard.has_passed());
    }
}

/// One line of libpq's or the server's message, without its "ERROR: ".
std::string first_line(std::string_view message);

/// The text of sql/queries/`name`.sql.
std::string statement_text(std::string_view name);

/// The literal of a text[] or bigint[] parameter.
std::string array_literal(const std::vector<std::string>&);

/// A timestamptz parameter, exact to the microsecond.
std::string timestamp_literal(Instant);

}  // namespace gazetted
