#include "daemon/store.hpp"
#include "tests/bench/measure.hpp"
#include "tests/support/sample_text.hpp"
#include "tests/support/test_database.hpp"

#include <cstdio>

namespace gazetted {
namespace {

constexpr int rounds = 300;

/// Without triggers: a bench of reading. Category n holds about n^-0.75 of the first one's share.
void fill(const TestDatabase& database, std::uint64_t articles) {
    std::string texts = "CREATE TEMPORARY TABLE texts (n int PRIMARY KEY, content text);";
    for (std::uint64_t n = 0; n < 100; ++n)
        texts += "INSERT INTO texts VALUES (" + std::to_string(n) + ", '" + sample_html(n, 3'000) + "');";
    database.run(texts + R"(
        SET session_replication_role = replica;
        INSERT INTO categories (slug, title) SELECT 'medium-' || n, 'Medium ' || n FROM generate_series(1, 2000) AS n;
        INSERT INTO articles (id, url, title, authors, content, language, published, revision, changed)
        SELECT 'https://site.example/post/' || k, 'https://site.example/post/' || k || '.html', 'Title ' || k,
               '[{"name":"ZNing"}]', content, 'zh-CN', timestamptz '2020-01-01 UTC' + k * interval '61 seconds', k, now()
          FROM generate_series(1, )" +
                 std::to_string(articles) + R"() AS k JOIN texts ON texts.n = k % 100;
        INSERT INTO article_categories
        SELECT id, 1 + (2000 * power(hashint8(number)::float8 / 4294967296 + 0.5, 4))::int % 2000, published, true FROM articles;
        INSERT INTO article_tags SELECT id, 'tag' FROM articles)");
    for (const char* table : {"articles", "article_categories", "article_tags", "categories"})
        database.run("VACUUM ANALYZE " + std::string(table));
}

/// The server's CPU time for one call in microseconds, by its own account of the connection's process; and both sides' by
/// the clock, the median.
void measure(const TestDatabase& database, const char* what, Store& store, const Selection& selection,
             const KnownRevisions& known) {
    const std::string server_cpu =
        "SELECT sum(split_part(pg_read_file('/proc/' || pid || '/schedstat'), ' ', 1)::bigint) FROM pg_stat_activity WHERE "
        "application_name = 'gazetted' AND datname = current_database()";
    for (int round = 0; round < 20; ++round) store.newest(selection, 50, known);
    std::vector<double> clock_times;
    const double server_before = std::stod(database.value(server_cpu));
    const double client_before = cpu_us();
    for (int round = 0; round < rounds; ++round) {
        const auto begun = BenchClock::now();
        store.newest(selection, 50, known);
        clock_times.push_back(wall_ms(begun) * 1e3);
    }
    const double client = (cpu_us() - client_before) / rounds;
    const double server = (std::stod(database.value(server_cpu)) - server_before) / 1e3 / rounds;
    std::printf("  %-48s %10.0f %10.0f %10.0f\n", what, server, client, percentile(clock_times, 0.5));
}

KnownRevisions known_of(Store& store, const Selection& selection) {
    KnownRevisions known;
    const auto window = store.newest(selection, 50);
    for (const Article& article : window->articles) known.emplace(article.id, article.revision);
    return known;
}

}  // namespace

void measure_statements(std::uint64_t articles) {
    const TestDatabase database;
    fill(database, articles);
    Store store(database.url());
    const Selection full{.category_slug = "medium-1"};
    const Selection sparse{.category_slug = "medium-1500"};
    std::printf("The newest 50 of %llu articles in 2,000 categories; us a call\n  %-48s %10s %10s %10s\n",
                static_cast<unsigned long long>(articles), "", "server CPU", "our CPU", "clock");
    measure(database, "the fullest category, nothing known", store, full, {});
    measure(database, "the fullest category, all 50 articles known", store, full, known_of(store, full));
    measure(database, "a sparse category, nothing known", store, sparse, {});
    measure(database, "all, nothing known", store, {}, {});
    measure(database, "all, all 50 articles known", store, {}, known_of(store, {}));
}

}  // namespace gazetted
