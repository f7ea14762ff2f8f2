#include "daemon/serve.hpp"

#include "daemon/access_log.hpp"
#include "daemon/api.hpp"
#include "daemon/api_desk.hpp"
#include "daemon/clock.hpp"
#include "daemon/descriptor_limit.hpp"
#include "daemon/listen.hpp"
#include "daemon/log.hpp"
#include "daemon/poller.hpp"
#include "daemon/private_postgres.hpp"
#include "daemon/publish.hpp"
#include "daemon/publisher.hpp"
#include "daemon/readership_inbox.hpp"
#include "daemon/readership_writer.hpp"
#include "daemon/reload_config.hpp"
#include "daemon/retention.hpp"
#include "daemon/schema_upkeep.hpp"
#include "daemon/server.hpp"
#include "daemon/status_board.hpp"
#include "daemon/store.hpp"
#include "daemon/surveyor.hpp"
#include "daemon/systemd.hpp"

#include <signal.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <ctime>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <sstream>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace gazetted {

namespace {

using namespace std::chrono_literals;

/// Blocks the signals that one thread waits for; every thread started afterwards inherits the mask.
sigset_t block_signals() {
    sigset_t signals;
    sigemptyset(&signals);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&signals, signal);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    // sendfile and TLS know no MSG_NOSIGNAL: a reader that went away is an error code.
    signal(SIGPIPE, SIG_IGN);
    return signals;
}

void log_stopping(int signal) { log(LogLevel::info, "stopping", {{"signal", signal == SIGINT ? "SIGINT" : "SIGTERM"}}); }

std::string cache_control_of(const CacheConfig& cache) {
    return "public, max-age=" + std::to_string(cache.max_age.count()) +
           ", stale-while-revalidate=" + std::to_string(cache.stale_while_revalidate.count()) +
           ", stale-if-error=" + std::to_string(cache.stale_if_error.count());
}

/// Whether the database can be used, as every part of the daemon sees it. Thread-safe.
class Readiness {
public:
    StatusReport report() const {
        const std::lock_guard lock(mutex_);
        return report_;
    }
    void ready() { set({.ready = true, .reason = ""}); }
    void not_ready(std::string reason) { set({.ready = false, .reason = std::move(reason)}); }

private:
    void set(StatusReport report) {
        const std::lock_guard lock(mutex_);
        if (report.ready != report_.ready) notify_status(report.ready ? "serving" : "serving what is kept: " + report.reason);
        report_ = std::move(report);
    }
    mutable std::mutex mutex_;
    StatusReport report_{.ready = false, .reason = "the database was not reached yet"};
};

SchemaUpkeep::Events schema_events(Readiness& readiness, std::atomic<bool>& failed) {
    return {.on_away =
                [&](const std::string& reason) {
                    // It is tried again each second: said once.
                    if (readiness.report().reason != reason)
                        log(LogLevel::warning, "database_unavailable", {{"reason", reason}});
                    readiness.not_ready(reason);
                },
            .on_impossible =
                [&](const std::string& reason) {
                    log(LogLevel::error, "failed", {{"reason", reason}});
                    failed = true;
                }};
}

/// Whether the schema is current now; false where the database is away, nothing where we are told to stop meanwhile. Throws
/// where waiting cannot help.
std::optional<bool> await_schema(std::future<bool> first_attempt, const sigset_t& signals) {
    constexpr auto sign_interval = 2s, sign_lasts = 30s;
    bool was_said = false;
    auto next_sign = std::chrono::steady_clock::now() + sign_interval;
    while (first_attempt.wait_for(50ms) != std::future_status::ready) {
        const timespec at_once{};
        if (const int signal = sigtimedwait(&signals, nullptr, &at_once); signal == SIGINT || signal == SIGTERM) {
            log_stopping(signal);
            return std::nullopt;
        }
        if (std::chrono::steady_clock::now() < next_sign) continue;
        if (!std::exchange(was_said, true))
            log(LogLevel::info, "still_starting",
                {{"reason", "the database is slow to answer, or its schema is brought up to date"}});
        notify_still_starting(sign_lasts, "waiting for the database or its schema");
        next_sign += sign_interval;
    }
    return first_attempt.get();
}

/// Until told to stop. A server that cannot be started now may be later: the disk is full, a directory is being moved.
void keep_running(PrivatePostgres& postgres, const std::stop_token& stop) {
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any told;
    while (!told.wait_for(lock, stop, std::chrono::seconds(1), [&] { return stop.stop_requested(); })) {
        try {
            postgres.keep_running();
        } catch (const std::exception& error) {
            log(LogLevel::error, "postgres_not_started", {{"reason", error.what()}});
        }
    }
}

/// Each worker renders with a Store of its own, made when it is first needed and again after it was lost. The site is known
/// once the server has its ports, which is before anybody can ask for anything.
Publisher::Render make_render(const std::string& database_url, const std::shared_future<SiteConfig>& site) {
    auto store = std::make_shared<Store>(database_url);
    return [store, site](const Address& address, std::shared_ptr<const Document> previous) {
        return publish(*store, site.get(), address, std::move(previous), now_utc());
    };
}

/// A base URL that was only guessed from the listeners gets the port that the kernel chose, or that systemd passed.
SiteConfig site_at_bound_port(const Config& config, const Server& server) {
    SiteConfig site = config.site;
    if (site.base_url != base_url_of(config.server)) return site;
    ServerConfig bound = config.server;
    bound.listen.clear();
    for (const BoundListener& listener : server.listeners())
        if (listener.door == Door::public_site) bound.listen.push_back(listener.address);
    site.base_url = base_url_of(bound);
    return site;
}

Listener::Events listener_events(Publisher& publisher, Readiness& readiness) {
    return {.on_connected =
                [&](const std::map<std::int64_t, std::int64_t>& revisions) {
                    if (!readiness.report().ready) log(LogLevel::info, "database_available");
                    readiness.ready();
                    publisher.compare(revisions);
                },
            .on_changed = [&](const std::vector<std::int64_t>& category_ids) { publisher.changed(category_ids); },
            .on_lost =
                [&](const std::string& reason) {
                    if (readiness.report().ready) log(LogLevel::warning, "database_unavailable", {{"reason", reason}});
                    readiness.not_ready(reason);
                }};
}

void log_addresses(const Server& server) {
    for (const BoundListener& listener : server.listeners()) {
        const auto event = listener.door == Door::status ? "status_listening" : "listening";
        if (listener.passed_as.empty())
            log(LogLevel::info, event, {{"address", to_string(listener.address)}});
        else
            log(LogLevel::info, event, {{"address", to_string(listener.address)}, {"passed_as", listener.passed_as}});
    }
}

/// What the configuration allows and the descriptors suffice for.
ServerConfig possible(const Config& config) {
    const auto descriptors_max = raise_descriptor_limit();
    if (const auto shortage = descriptor_shortage(config, descriptors_max))
        log(LogLevel::warning, "descriptors_short", {{"reason", *shortage}});
    ServerConfig server = config.server;
    server.connections_max = connections_possible(config, descriptors_max);
    return server;
}

std::string listed(const std::vector<std::string>& keys) {
    std::string list;
    for (const std::string& key : keys) list += (list.empty() ? "" : ",") + key;
    return list;
}

void log_refusal(const std::string& faults) {
    std::istringstream lines(faults);
    for (std::string fault; std::getline(lines, fault);)
        log(LogLevel::error, "reload_refused", {{"reason", fault + ": nothing was changed"}});
}

/// Polls as configured, or not at all. One thread's at a time.
class Polling {
public:
    /// Ledger and board outlive it.
    Polling(std::string database_url, std::string base_url, PollingLedger& ledger, StatusBoard& board)
        : database_url_(std::move(database_url)), base_url_(std::move(base_url)), ledger_(ledger), board_(board) {}
    /// Requests under way are ended; those feeds are asked again after their usual pause.
    void begin(const PollingConfig& config) {
        poller_.reset();
        board_.note_polling(config.enabled);
        if (config.enabled) poller_.emplace(database_url_, poller_config(config, base_url_), ledger_);
    }

private:
    const std::string database_url_, base_url_;
    PollingLedger& ledger_;
    StatusBoard& board_;
    std::optional<Poller> poller_;
};

/// What the daemon runs with, and SIGHUP changes. Of the supervision's thread.
class RunningConfig {
public:
    RunningConfig(Config config, RereadConfig reread) : config_(std::move(config)), reread_(std::move(reread)) {}

    void reload(Server& server, Polling& polling) {
        const Result<Config> wanted = reread_();
        if (!wanted) return log_refusal(wanted.error().message);
        const Reload plan = plan_reload(config_, *wanted);
        const bool polls_otherwise = config_.polling != plan.running.polling;
        config_ = plan.running;
        server.take_limits(possible(config_));
        try {
            if (polls_otherwise) polling.begin(config_.polling);
        } catch (const std::exception& error) {
            log(LogLevel::error, "polling_not_begun", {{"reason", error.what()}});
        }
        log(LogLevel::info, "reloaded", {{"changed", listed(plan.changed)}});
        set_log_level(config_.log);
        if (!plan.needs_restart.empty())
            log(LogLevel::warning, "reload_partial", {{"needs_restart", listed(plan.needs_restart)}});
    }

private:
    Config config_;
    const RereadConfig reread_;
};

/// Waits for signals on a thread of its own, and once a second sees to what needs seeing to.
class Supervision {
public:
    struct Reactions {
        std::function<void()> stop, reload, each_second;
    };
    Supervision(const sigset_t& signals, Reactions reactions)
        : thread_([this, signals, reactions = std::move(reactions)] { run(signals, reactions); }) {}
    ~Supervision() {
        over_ = true;
        pthread_kill(thread_.native_handle(), SIGTERM);
        thread_.join();
    }

private:
    void run(const sigset_t& signals, const Reactions& reactions) {
        const timespec second{1, 0};
        while (!over_) {
            const int signal = sigtimedwait(&signals, nullptr, &second);
            if (over_) return;
            if (signal == SIGHUP) reactions.reload();
            if (signal == SIGINT || signal == SIGTERM) {
                log_stopping(signal);
                reactions.stop();
            }
            reactions.each_second();
        }
    }
    std::atomic<bool> over_{false};
    std::thread thread_;
};

}  // namespace

int serve(const Config& config, const RereadConfig& reread) {
    const sigset_t signals = block_signals();
    // Before any program of ours starts, which might take them for its own.
    std::vector<PassedSocket> passed = take_passed_sockets();
    const ServerConfig server_config = possible(config);

    std::optional<PrivatePostgres> postgres;
    std::jthread keeper;  // ends after all that asks the server, which dies with it
    if (!config.database.data.empty()) {
        postgres.emplace(config.database.data, PrivatePostgres::Purpose::daemon);
        keeper = std::jthread([&](const std::stop_token& stop) { keep_running(*postgres, stop); });
    }
    const std::string database_url = postgres ? postgres->database_url() : config.database.url;

    Readiness readiness;
    std::atomic<bool> failed{false};
    SchemaUpkeep schema(database_url, schema_events(readiness, failed));
    const auto is_database_here = await_schema(schema.first_attempt(), signals);
    if (!is_database_here) return 0;

    ReadershipInbox readers;
    std::optional<AccessLog> access_log;
    if (!config.log.access.empty()) access_log.emplace(config.log.access, config.log.format);

    PollingLedger polls;
    StatusBoard board;
    std::promise<SiteConfig> site_to_come;
    const std::shared_future<SiteConfig> site = site_to_come.get_future().share();
    Publisher publisher({.cache_bytes_max = config.cache.bytes_max, .workers = config.database.workers},
                        [&] { return make_render(database_url, site); });
    ApiDesk api_desk(database_url);
    Api api({}, [&](const ApiCall& call) { return api_desk.perform(call); });
    Server server(
        server_config, cache_control_of(config.cache), publisher, [&] { return readiness.report(); },
        {.readers = &readers, .access_log = access_log ? &*access_log : nullptr, .polling = &polls, .board = &board},
        std::move(passed), config.site.variant_limits(), &api);
    site_to_come.set_value(site_at_bound_port(config, server));
    board.describe({.base_url = site.get().base_url, .title = config.site.title});
    const Listener listener(database_url, listener_events(publisher, readiness));
    Polling polling(database_url, site.get().base_url, polls, board);
    polling.begin(config.polling);
    const ReadershipWriter readership_writer(
        database_url, readers, *is_database_here ? ReadershipWriter::Database::here : ReadershipWriter::Database::perhaps_away);
    std::optional<Retention> retention;
    if (!config.retention.folder.empty()) retention.emplace(database_url, config.retention.folder);

    const Surveyor surveyor(database_url, board, polls, [&] { return server.figures(); });

    RunningConfig running(config, reread);
    bool was_given_up = false;
    const Supervision supervision(signals, {.stop =
                                                [&] {
                                                    notify_stopping();
                                                    server.drain();
                                                },
                                            .reload =
                                                [&] {
                                                    if (access_log) access_log->reopen();
                                                    server.refresh_certificates(Certificates::Read::anyway);
                                                    running.reload(server, polling);
                                                },
                                            .each_second =
                                                [&] {
                                                    server.refresh_certificates(Certificates::Read::where_changed);
                                                    if (failed && !std::exchange(was_given_up, true)) server.drain();
                                                }});
    const WatchdogPinger watchdog([&] { return server.is_alive(); });

    log_addresses(server);
    log(LogLevel::info, "serving", {{"base_url", site.get().base_url}, {"version", GAZETTED_VERSION}});
    notify_ready("serving");
    server.run();
    log(LogLevel::info, "stopped");
    return failed ? 1 : 0;
}

}  // namespace gazetted
