#include "daemon/descriptor_limit.hpp"
#include "tests/bench/measure.hpp"
#include "tests/support/daemon_process.hpp"
#include "tests/support/http_load.hpp"
#include "tests/support/sample_text.hpp"
#include "tests/support/test_database.hpp"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <thread>

namespace gazetted {
namespace {

using namespace std::chrono_literals;

constexpr int categories = 2'000;
constexpr double at_rest_mb_max = 40;
constexpr std::size_t idle_connections = 10'000;
constexpr double idle_connection_bytes_max = 1'024;

/// 2,000 categories of 5 articles of 3 KB.
void fill(const TestDatabase& database) {
    database.run("CREATE TEMPORARY TABLE sample (content text); INSERT INTO sample VALUES ('" + sample_html(1, 3'000) +
                 "'); INSERT INTO categories (slug, title) SELECT 'medium-' || n, 'Medium ' || n FROM generate_series(1, " +
                 std::to_string(categories) +
                 ") AS n; INSERT INTO articles (id, title, content, published) SELECT 'a' || n, 'Title ' || n, content, "
                 "timestamptz '2024-01-01 UTC' + n * interval '1 minute' FROM sample, generate_series(1, 10000) AS n; "
                 "INSERT INTO article_categories (article_id, category_id) SELECT a.id, k.id FROM articles a JOIN categories k "
                 "ON k.slug = 'medium-' || (a.number % 2000 + 1)");
}

double document_mb(const DaemonProcess& daemon) {
    constexpr std::string_view name = "\ngazetted_cache_bytes ";
    const std::string metrics = http_get(daemon.status_port(), "/metrics").body;
    const auto at = metrics.find(name);
    return at == std::string::npos ? 0 : std::stod(metrics.substr(at + name.size())) / 1'048'576;
}

/// Codings that are made when nothing else is due come some time after a document's first request.
void wait_until_all_codings_are_made(const DaemonProcess& daemon) {
    for (double before = -1, now = document_mb(daemon); before != now; now = document_mb(daemon)) {
        before = now;
        std::this_thread::sleep_for(3s);
    }
}

bool print_against(const char* what, double value, double value_max, const char* unit) {
    std::printf("  %-58s %7.0f %-5s <= %.0f %s\n", what, value, unit, value_max, value <= value_max ? "met" : "MISSED");
    return value <= value_max;
}

/// What an idle connection adds, once a server has been busy with a few.
double idle_connection_bytes(const DaemonProcess& daemon) {
    Asking asking{.port = daemon.port(), .request = "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"};
    asking.body_bytes = daemon.get("/healthz").body.size();
    HttpLoad(asking).run(200ms);
    const double before = resident_mb(daemon.pid());
    asking.connections = idle_connections;
    asking.pause = 1h;
    HttpLoad load(asking);
    const auto result = load.run(3s);
    if (result.answers != idle_connections || result.wrong > 0)
        throw std::runtime_error("of 10,000 connections " + std::to_string(result.answers) +
                                 " were answered: " + result.first_wrong);
    return (resident_mb(daemon.pid()) - before) * 1'048'576 / static_cast<double>(idle_connections);
}

}  // namespace

bool measure_memory() {
    raise_descriptor_limit();
    const TestDatabase database;
    fill(database);
    std::printf("Memory of `gazetted serve`, %d categories of 5 articles of 3 KB; resident\n", categories);
    const std::string folder = make_private_directory();
    bool met = true;
    for (const char* limit : {"256MiB", "16MiB"}) {
        std::ofstream(folder + "/gazetted.toml") << "cache.bytes_max = \"" << limit << "\"\nserver.connections_max = 15000\n";
        const DaemonProcess daemon({"--config", folder + "/gazetted.toml", "--database", database.url()});
        const bool is_first = std::string_view(limit) == "256MiB";
        const double at_rest = resident_mb(daemon.pid());
        if (is_first) {
            met = print_against("at rest", at_rest, at_rest_mb_max, "MB") && met;
            met = print_against("an idle connection, of 10,000", idle_connection_bytes(daemon), idle_connection_bytes_max,
                                "bytes") &&
                  met;
        }
        const double before = resident_mb(daemon.pid());
        for (int category = 1; category <= categories; ++category)
            daemon.get("/category/medium-" + std::to_string(category) + ".atom");
        wait_until_all_codings_are_made(daemon);
        const double after = resident_mb(daemon.pid());
        std::printf("  after every category's Atom feed, cache of %-15s %7.0f MB, of them %.0f documents\n", limit, after,
                    document_mb(daemon));
        if (is_first) std::printf("  %-58s %7.0f MB\n", "10,000 feeds, all codings", (after - before) / categories * 10'000);
    }
    std::filesystem::remove_all(folder);
    return met;
}

}  // namespace gazetted
