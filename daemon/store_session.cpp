#include "daemon/store_session.hpp"

#include "daemon/embedded.hpp"
#include "daemon/refused_value.hpp"

#include <libpq-fe.h>
#include <sys/socket.h>
#include <algorithm>
#include <cassert>
#include <condition_variable>
#include <cstdio>
#include <initializer_list>
#include <map>
#include <mutex>
#include <thread>

namespace gazetted {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

/// One thread for all deadlines of the process. Never destroyed, so that connections may outlive static destruction.
class Watchdog {
public:
    static Watchdog& instance() {
        static Watchdog* const watchdog = new Watchdog;
        return *watchdog;
    }

    std::uint64_t watch(int socket, steady_clock::time_point deadline) {
        const std::lock_guard lock(mutex_);
        const std::uint64_t ticket = ++last_ticket_;
        watched_.emplace(ticket, Watched{socket, deadline});
        if (deadline < wake_at_) changed_.notify_one();
        return ticket;
    }

    void forget(std::uint64_t ticket) {
        const std::lock_guard lock(mutex_);
        watched_.erase(ticket);
    }

    bool has_passed(std::uint64_t ticket) {
        const std::lock_guard lock(mutex_);
        return watched_.at(ticket).has_passed;
    }

private:
    struct Watched {
        int socket;
        steady_clock::time_point deadline;
        bool has_passed = false;
    };

    Watchdog() {
        std::thread([this] { run(); }).detach();
    }

    [[noreturn]] void run() {
        std::unique_lock lock(mutex_);
        for (;;) {
            wake_at_ = shut_down_late_ones();
            if (wake_at_ == steady_clock::time_point::max()) {
                changed_.wait(lock);
            } else {
                changed_.wait_until(lock, wake_at_);
            }
        }
    }

    /// Under the lock a watched socket is open: forget() comes before it is closed. Returns the next deadline.
    steady_clock::time_point shut_down_late_ones() {
        const auto now = steady_clock::now();
        auto next = steady_clock::time_point::max();
        for (auto& [ticket, watched] : watched_) {
            if (watched.has_passed) continue;
            if (watched.deadline <= now) {
                watched.has_passed = true;
                shutdown(watched.socket, SHUT_RDWR);
            } else {
                next = std::min(next, watched.deadline);
            }
        }
        return next;
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    std::map<std::uint64_t, Watched> watched_;
    std::uint64_t last_ticket_ = 0;
    steady_clock::time_point wake_at_ = steady_clock::time_point::max();
};

/// libpq's own limit for connecting is whole seconds, at least two.
std::string with_connect_timeout(const std::string& database_url, milliseconds deadline) {
    char* message = nullptr;
    PQconninfoOption* const options = PQconninfoParse(database_url.c_str(), &message);
    if (options == nullptr) {
        const std::string reason = message == nullptr ? "out of memory" : first_line(message);
        PQfreemem(message);
        throw std::runtime_error("the database address is not one: " + reason);
    }
    std::string result;
    bool has_timeout = false;
    for (const PQconninfoOption* option = options; option->keyword != nullptr; ++option) {
        if (option->val == nullptr) continue;
        has_timeout = has_timeout || std::string_view(option->keyword) == "connect_timeout";
        result.append(option->keyword).append("='");
        for (const char* c = option->val; *c != '\0'; ++c) {
            if (*c == '\'' || *c == '\\') result += '\\';
            result += *c;
        }
        result += "' ";
    }
    PQconninfoFree(options);
    const auto timeout_s = std::max<std::int64_t>(2, std::chrono::ceil<std::chrono::seconds>(deadline).count());
    if (!has_timeout) result += "connect_timeout=" + std::to_string(timeout_s) + ' ';
    return result + "client_encoding=UTF8 fallback_application_name=gazetted";
}

/// libpqxx 6 keeps no SQLSTATE of the errors that it has types for.
std::string sqlstate_of(const pqxx::sql_error& error) {
    if (dynamic_cast<const pqxx::insufficient_privilege*>(&error) != nullptr) return "42501";
    if (dynamic_cast<const pqxx::syntax_error*>(&error) != nullptr) return "42000";
    if (dynamic_cast<const pqxx::out_of_memory*>(&error) != nullptr) return "53200";
    if (dynamic_cast<const pqxx::plpgsql_error*>(&error) != nullptr) return "P0000";
    return error.sqlstate();
}

bool begins_with_any(std::string_view sqlstate, std::initializer_list<std::string_view> beginnings) {
    return std::ranges::any_of(beginnings, [&](std::string_view it) { return sqlstate.starts_with(it); });
}

/// Data exceptions, integrity constraints, limits of the server: an index takes no longer row.
bool blames_the_values(std::string_view sqlstate) { return begins_with_any(sqlstate, {"22", "23", "54"}); }

/// Writers in the way, memory that this would have needed, a lock, the statement's time.
bool gave_up(std::string_view sqlstate) { return begins_with_any(sqlstate, {"40", "53200", "55P03", "57014"}); }

/// A connection that broke has no SQLSTATE. 25006: a standby, where a primary was; 0A000 and 26000: a statement that was
/// prepared is not what it was, as after a migration, and another connection prepares it anew.
bool is_away(std::string_view sqlstate) {
    return sqlstate.empty() || begins_with_any(sqlstate, {"08", "53", "57", "58", "25006", "0A000", "26000"});
}

}  // namespace

SocketDeadline::SocketDeadline(int socket, milliseconds deadline)
    : ticket_(Watchdog::instance().watch(socket, steady_clock::now() + deadline)) {}
SocketDeadline::~SocketDeadline() { Watchdog::instance().forget(ticket_); }
bool SocketDeadline::has_passed() const { return Watchdog::instance().has_passed(ticket_); }

std::unique_ptr<pqxx::connection> connect(const std::string& database_url, milliseconds deadline) {
    const std::string options = with_connect_timeout(database_url, deadline);
    std::unique_ptr<pqxx::connection> connection;
    try {
        connection = std::make_unique<pqxx::connection>(options);
    } catch (...) {
        rethrow_as_ours(false);
    }
    // Deprecated without a replacement: libpqxx 6 reconnects silently otherwise, and session settings are lost.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
    connection->inhibit_reactivation(true);
#pragma GCC diagnostic pop
    // A limit of articles that the planner knows looks so much cheaper than one that it does not know that it would plan every
    // call anew, for as long as the call itself takes; tests/sql/plan_test.cpp keeps watch over the generic plans.
    // The server's limit comes first, so that a slow statement costs a statement and not the connection.
    const auto server_limit = std::max<std::int64_t>(1, deadline.count() * 9 / 10);
    attempt(*connection, deadline, [&] {
        pqxx::nontransaction(*connection)
            .exec(
                "SET search_path = gazetted; SET TimeZone = 'UTC'; SET DateStyle = 'ISO'; SET client_min_messages = warning; "
                "SET jit = off; SET plan_cache_mode = force_generic_plan; "
                "SET default_transaction_isolation = 'read committed'; SET statement_timeout = " +
                std::to_string(server_limit));
    });
    return connection;
}

void rethrow_as_ours(bool deadline_has_passed) {
    try {
        throw;
    } catch (const StoreUnavailable&) {
        throw;
    } catch (const pqxx::sql_error& error) {
        if (deadline_has_passed) throw StoreBusy("the database did not answer in time");
        const std::string sqlstate = sqlstate_of(error);
        if (blames_the_values(sqlstate)) throw std::runtime_error(told_refusal(first_line(error.what())));
        const std::string answer = "the database answers: " + first_line(error.what());
        if (gave_up(sqlstate)) throw StoreBusy(answer);
        if (is_away(sqlstate)) throw StoreUnavailable(answer);
        throw StatementFailed(answer);
    } catch (const pqxx::transaction_rollback& error) {
        throw WritersCollided("the database answers: " + first_line(error.what()));
    } catch (const pqxx::pqxx_exception& error) {
        if (deadline_has_passed) throw StoreBusy("the database did not answer in time");
        throw StoreUnavailable("no connection to the database: " + first_line(error.base().what()));
    }
}

std::string first_line(std::string_view message) {
    for (const std::string_view prefix : {"ERROR:", "FATAL:", "PANIC:"}) {
        if (message.starts_with(prefix)) message.remove_prefix(prefix.size());
    }
    while (message.starts_with(' ')) message.remove_prefix(1);
    // libpq breaks one sentence in two: `connection to server at ... failed: ...\n\tIs the server running ...`
    return std::string(message.substr(0, message.find('\n')));
}

std::string statement_text(std::string_view name) {
    const auto queries = embedded_queries();
    const auto found = std::ranges::find(queries, std::string(name) + ".sql", &EmbeddedFile::name);
    assert(found != queries.end());
    return std::string(found->bytes);
}

std::string array_literal(const std::vector<std::string>& values) {
    std::string literal = "{";
    for (const std::string& value : values) {
        if (literal.size() > 1) literal += ',';
        literal += '"';
        for (const char c : value) {
            if (c == '"' || c == '\\') literal += '\\';
            literal += c;
        }
        literal += '"';
    }
    return literal + '}';
}

std::string timestamp_literal(Instant moment) {
    const auto day = std::chrono::floor<std::chrono::days>(moment);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss time(moment - day);
    char text[64];
    std::snprintf(text, sizeof text, "%04d-%02u-%02u %02d:%02d:%02d.%06d+00", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                  static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                  static_cast<int>(time.seconds().count()), static_cast<int>(time.subseconds().count()));
    return text;
}

}  // namespace gazetted
