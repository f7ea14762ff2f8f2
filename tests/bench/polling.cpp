#include "daemon/ingest.hpp"
#include "daemon/poller.hpp"
#include "daemon/store.hpp"
#include "tests/bench/measure.hpp"
#include "tests/support/daemon_process.hpp"
#include "tests/support/recording_upstream.hpp"
#include "tests/support/sample_text.hpp"
#include "tests/support/test_database.hpp"

#include <pqxx/pqxx>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace gazetted {
namespace {

using namespace std::chrono_literals;

constexpr int entries = 50;

/// `fresh` of the entries stand in no document with a smaller number.
std::string document(std::uint64_t host, std::uint64_t number, int fresh) {
    std::string feed =
        "<feed xmlns='http://www.w3.org/2005/Atom'><title>Source</title><id>urn:bench:" + std::to_string(host) + "</id>";
    const std::uint64_t newest = number * static_cast<std::uint64_t>(fresh) + entries;
    for (std::uint64_t n = newest; n > newest - entries; --n) {
        const std::string id = std::to_string(host) + ":" + std::to_string(n);
        const Instant updated = std::chrono::sys_days(std::chrono::year(2026) / 1 / 1) + std::chrono::minutes(n);
        feed += "<entry><id>urn:bench:" + id + "</id><title>Article " + id + "</title><link href='https://s" +
                std::to_string(host) + ".example/" + std::to_string(n) + "'/><updated>" + to_rfc3339(updated) +
                "</updated><content type='html'>&lt;p&gt;" + sample_html(n % 100, 1'000) + "&lt;/p&gt;</content></entry>";
    }
    return feed + "</feed>";
}

void subscribe(const TestDatabase& database, std::uint64_t count, const std::string& port) {
    database.run("INSERT INTO sources (slug, burst_max) SELECT 's' || n, 0 FROM generate_series(1, " + std::to_string(count) +
                 ") AS n; INSERT INTO subscriptions (source_id, feed_url, allow_private, etag, last_whole) SELECT id, "
                 "'http://' || slug || "
                 "'.localhost:" +
                 port + "/feed', true, '\"1\"', now() FROM sources; ANALYZE subscriptions; ANALYZE sources");
}

/// All subscriptions once, each with an answer 304.
bool measure_round(std::uint64_t count, const std::array<int, 2>& cores) {
    const TestDatabase database;
    std::optional<RecordingUpstream> upstream;
    {
        const OnCore core(cores[1]);
        upstream.emplace();
        upstream->answer_all([](const UpstreamRequest&) {
            return UpstreamAnswer{.status = 304, .fields = {{"ETag", "\"1\""}}};
        });
    }
    subscribe(database, count, std::to_string(upstream->port()));
    std::optional<DaemonProcess> daemon;
    const auto begun = BenchClock::now();
    {
        const OnCore core(cores[0]);
        daemon.emplace(std::vector<std::string>{"--database", database.url(), "--base-url", "https://feeds.example"});
    }
    double peak_mb = 0;
    while (database.value("SELECT count(*) FROM subscriptions WHERE polls = 0") != "0" && wall_ms(begun) < 300'000) {
        peak_mb = std::max(peak_mb, resident_mb(daemon->pid()));
        std::this_thread::sleep_for(200ms);
    }
    const double seconds = wall_ms(begun) / 1'000, cpu = tree_cpu_us(daemon->pid()) / 1e6;
    const std::string unchanged = database.value("SELECT sum(unchanged) FROM subscriptions");
    std::printf("  %-64s %8.1f s    target 60\n", ("a round of " + std::to_string(count) + " subscriptions, all 304").c_str(),
                seconds);
    std::printf("  %-64s %8.1f s\n", "  CPU time of the daemon, on one core", cpu);
    std::printf("  %-64s %8.0f MB   target 200\n", "  the most memory that the daemon had", peak_mb);
    std::printf("  %-64s %8s      of %zu requests\n", "  answers 304", unchanged.c_str(), upstream->request_count());
    return seconds < 60 && peak_mb < 200 && unchanged == std::to_string(count);
}

/// What something takes each time, by the clock and of the time of the server's process that serves it.
class Taken {
public:
    explicit Taken(int server_pid) : server_pid_(server_pid) {}
    void time(const std::function<void()>& work) {
        const double cpu_before = tree_cpu_us(server_pid_);
        const auto begun = BenchClock::now();
        work();
        wall_ms_.push_back(wall_ms(begun));
        server_ms_.push_back((tree_cpu_us(server_pid_) - cpu_before) / 1'000);
    }
    double server_ms() const { return percentile(server_ms_, 0.5); }
    void print(const char* what, const Taken* floor = nullptr) const {
        std::printf("  %-60s %8.0f %8.2f", what, 1'000 / percentile(wall_ms_, 0.5), server_ms());
        if (floor != nullptr) std::printf(" %8.1f", server_ms() / floor->server_ms());
        std::printf("\n");
    }

private:
    int server_pid_;
    std::vector<double> wall_ms_, server_ms_;
};

/// ingest() of documents that somebody fetched, one after the other as the poller does it; in turn with each of them what
/// PostgreSQL alone takes for as many rows, with our triggers and without.
void measure_ingest(std::uint64_t count) {
    const TestDatabase database;
    Store store(database.url());
    const int store_pid =
        std::stoi(database.value("SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND "
                                 "application_name = 'gazetted' ORDER BY backend_start LIMIT 1"));
    subscribe(database, count, "80");
    database.run("CREATE TABLE plain (LIKE articles INCLUDING ALL); ALTER TABLE plain ALTER number SET CACHE 100");
    const auto subscriptions = store.subscriptions();
    const auto take = [&](std::uint64_t n, std::uint64_t number, int status) {
        const auto claimed = store.claim_subscription(subscriptions[n - 1].source_id, random_uuid(), {}).value();
        FetchResult result;
        result.status = status;
        result.effective_url = claimed.feed_url;
        if (status == 200) result.body = document(n, number, 1);
        const auto summary = ingest(store, claimed, result, {}, std::chrono::sys_days(std::chrono::year(2026) / 3 / 1), 0);
        if (!summary.error.empty()) std::printf("  %s\n", summary.error.c_str());
    };
    pqxx::connection connection(database.url());
    const auto insert = [&](const char* table, std::uint64_t source, int from, int to) {
        pqxx::work rows(connection);
        rows.exec_params(
            "INSERT INTO gazetted." + std::string(table) +
                " (id, title, url, content, published, source_id, revision, changed) SELECT 'urn:floor:' || "
                "$1::text || ':' || n, 'Floor ' || $1::text || ':' || n, 'https://s' || $1::text || '.example/floor/' "
                "|| n, $5, now() - n * interval '1 hour', $2::bigint, 1, now() FROM generate_series($3::int, "
                "$4::int) AS n",
            std::to_string(source), subscriptions[source - 1].source_id, from, to,
            "<p>" + sample_html(source % 100, 1'000) + "</p>");
        rows.commit();
    };
    const std::uint64_t first = count / 10;
    for (std::uint64_t n = 1; n <= first; ++n)
        take(n, 0, 200), insert("articles", n, 1, entries), insert("plain", n, 1, entries);
    database.run("ANALYZE");  // as autovacuum does within a minute, which the tests' server has not
    std::printf("Documents of %d entries of 1 KB, one connection, in turn with rows by plain SQL\n", entries);
    std::printf("  %-60s %8s %8s %8s\n", "median of each", "a second", "CPU ms", "times");
    const auto compare = [&](const char* what, int rows, std::uint64_t number) {
        Taken ours(store_pid), told(connection.backendpid()), plain(connection.backendpid());
        for (std::uint64_t n = first + 1; n <= count; ++n) {
            const int from = rows == 1 ? 0 : 1, to = rows == 1 ? 0 : rows;
            ours.time([&] { take(n, number, 200); });
            told.time([&] { insert("articles", n, from, to); });
            plain.time([&] { insert("plain", n, from, to); });
        }
        ours.print(what, &told);
        told.print("  as many rows by plain SQL");
        plain.print("  as many in a table with these indexes and no trigger");
    };
    compare("all entries new", entries, 0);
    compare("one entry new", 1, 1);
    Taken unchanged(store_pid), claimed(store_pid);
    for (std::uint64_t n = 1; n <= count; ++n) {
        unchanged.time([&] { take(n, 0, 304); });
        claimed.time([&] { store.claim_subscription(subscriptions[n - 1].source_id, random_uuid(), {}); });
    }
    unchanged.print("304", &claimed);
    claimed.print("  a claim alone, one UPDATE committed");
}

/// From the moment at which the upstream is asked, with something new, until our feed has it.
bool measure_upstream_to_bytes(int rounds) {
    const TestDatabase database;
    RecordingUpstream upstream;
    std::atomic<std::uint64_t> number{0};
    std::atomic<BenchClock::rep> asked_at{0};
    upstream.answer_all([&](const UpstreamRequest&) {
        asked_at = BenchClock::now().time_since_epoch().count();
        return UpstreamAnswer{.body = document(1, number, 1)};
    });
    subscribe(database, 1, std::to_string(upstream.port()));
    const DaemonProcess daemon({"--database", database.url(), "--base-url", "https://feeds.example"});
    daemon.get_until("/source/s1.atom", 200, "Article 1:50<", 20s);
    std::vector<double> times;
    for (int round = 1; round <= rounds; ++round) {
        ++number;
        const std::string title = "Article 1:" + std::to_string(entries + round) + "<";
        asked_at = 0;
        database.run("UPDATE subscriptions SET next_poll = now()");
        while (asked_at == 0) std::this_thread::sleep_for(100us);
        while (daemon.get("/source/s1.atom").body.find(title) == std::string::npos) std::this_thread::sleep_for(500us);
        times.push_back(std::chrono::duration<double, std::milli>(BenchClock::now() -
                                                                  BenchClock::time_point(BenchClock::duration(asked_at)))
                            .count());
    }
    std::printf("From the request that an upstream answers with something new to our feed's new bytes; ms\n");
    std::printf("  %-64s %8.1f      target 100\n", "median", percentile(times, 0.5));
    std::printf("  %-64s %8.1f\n", "slowest", percentile(times, 1));
    return percentile(times, 0.5) < 100;
}

}  // namespace

bool measure_polling(std::uint64_t subscriptions) {
    const auto cores = two_cores();
    std::printf("Polling\n");
    const bool met = measure_round(subscriptions, cores);
    measure_ingest(std::clamp<std::uint64_t>(subscriptions / 50, 20, 200));
    return measure_upstream_to_bytes(12) && met;
}

}  // namespace gazetted
