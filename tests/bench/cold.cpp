#include "daemon/config.hpp"
#include "daemon/publish.hpp"
#include "daemon/store.hpp"
#include "tests/bench/many_articles.hpp"
#include "tests/bench/measure.hpp"

#include <time.h>

#include <atomic>
#include <cstdio>
#include <stdexcept>
#include <thread>

namespace gazetted {
namespace {

constexpr double seconds_max = 4;
const std::size_t workers = DatabaseConfig().workers;

double process_cpu_s() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

/// CPU time of the server's processes for our connections, by its own account.
double server_cpu_s(const TestDatabase& database) {
    return std::stod(database.value(
               "SELECT sum(split_part(pg_read_file('/proc/' || pid || '/schedstat'), ' ', 1)::bigint) FROM pg_stat_activity "
               "WHERE application_name = 'gazetted' AND datname = current_database()")) /
           1e9;
}

struct Rendered {
    std::atomic<std::uint64_t> feeds{0};
    std::atomic<std::uint64_t> bytes{0};
    std::atomic<std::uint64_t> gzip_bytes{0};
};

/// What a publisher's worker does of every category whose turn it is.
void render(Store& store, FeedFormat format, std::atomic<std::uint64_t>& next, Rendered& rendered) {
    const SiteConfig site{.base_url = "https://feeds.example", .title = {}};
    const Instant now = std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
    for (std::uint64_t category = ++next; category <= categories_of_many; category = ++next) {
        const FeedAddress address{{.name = "medium-" + std::to_string(category)}, format};
        const auto publication = publish(store, site, address, nullptr, now);
        const auto* document = std::get_if<std::shared_ptr<const Document>>(&publication);
        if (document == nullptr) continue;
        ++rendered.feeds;
        rendered.bytes += (*document)->representations.at(ContentCoding::identity).body.size();
        rendered.gzip_bytes += (*document)->representations.at(ContentCoding::gzip).body.size();
    }
}

bool measure(const TestDatabase& database, std::vector<Store>& stores, const char* name, FeedFormat format) {
    Rendered rendered;
    std::atomic<std::uint64_t> next{0};
    const double server_before = server_cpu_s(database);
    const double ours_before = process_cpu_s();
    const auto begun = BenchClock::now();
    {
        std::vector<std::jthread> threads;
        for (Store& store : stores) threads.emplace_back([&] { render(store, format, next, rendered); });
    }
    const double seconds = wall_ms(begun) / 1e3;
    const double ours = process_cpu_s() - ours_before;
    const double server = server_cpu_s(database) - server_before;
    if (rendered.feeds != categories_of_many) throw std::runtime_error("some categories have no feed");
    std::printf("  %-6s %8.2f %8.2f %8.2f %8.0f %8.0f   <= %.0f s %s\n", name, seconds, ours, server,
                static_cast<double>(rendered.bytes) / 1e6, static_cast<double>(rendered.gzip_bytes) / 1e6, seconds_max,
                seconds <= seconds_max ? "met" : "MISSED");
    return seconds <= seconds_max;
}

}  // namespace

bool measure_cold(const TestDatabase& database, std::uint64_t articles) {
    std::printf("Every category's feed of 50 from cold, gzip included; %llu articles in %llu categories, %zu workers\n",
                static_cast<unsigned long long>(articles), static_cast<unsigned long long>(categories_of_many), workers);
    std::printf("  %-6s %8s %8s %8s %8s %8s\n", "", "clock s", "our CPU", "server's", "MB", "gzip MB");
    std::vector<Store> stores;
    for (std::size_t i = 0; i < workers; ++i) stores.emplace_back(database.url());
    bool met = true;
    met = measure(database, stores, "Atom", FeedFormat::atom) && met;
    met = measure(database, stores, "RSS", FeedFormat::rss) && met;
    met = measure(database, stores, "JSON", FeedFormat::json) && met;
    return met;
}

}  // namespace gazetted
