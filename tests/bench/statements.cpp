#include "daemon/store.hpp"
#include "tests/bench/measure.hpp"
#include "tests/support/test_database.hpp"

#include <cstdio>

namespace gazetted {
namespace {

constexpr int rounds = 300;

/// The server's CPU time for one call in microseconds, by its own account of the connection's process; and both sides' by
/// the clock, the median.
void measure(const TestDatabase& database, const char* what, Store& store, const Selection& selection,
             const KnownArticles& known) {
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

/// By the clock alone: what a search costs depends on what it looks for.
void measure_search(const char* what, Store& store, const std::string& search) {
    constexpr int searches = 20;
    std::vector<double> clock_times;
    std::size_t found = 0;
    for (int round = 0; round < searches; ++round) {
        const auto begun = BenchClock::now();
        try {
            found = store.search(search, 0, 51)->window.articles.size();
        } catch (const SearchTooCostly&) {
            std::printf("  %-48s %10s\n", what, "given up");
            return;
        }
        clock_times.push_back(wall_ms(begun) * 1e3);
    }
    std::printf("  %-48s %10s %7zu found %8.0f\n", what, "", found, percentile(clock_times, 0.5));
}

KnownArticles known_of(Store& store, const Selection& selection) {
    KnownArticles known;
    const auto window = store.newest(selection, 50);
    for (const Article& article : window->articles)
        known.emplace(article.id, KnownArticle{article.revision, article.number, article.published, article.updated});
    return known;
}

}  // namespace

void measure_statements(const TestDatabase& database, std::uint64_t articles) {
    Store store(database.url());
    const Selection full{.name = "medium-1"};
    const Selection sparse{.name = "medium-1500"};
    const Selection full_tag{.name = "tag", .kind = SelectionKind::tag};
    const Selection sparse_tag{.name = "标签 7", .kind = SelectionKind::tag};
    std::printf("The newest 50 of %llu articles in 2,000 categories; us a call\n  %-48s %10s %10s %10s\n",
                static_cast<unsigned long long>(articles), "", "server CPU", "our CPU", "clock");
    measure(database, "the fullest category, nothing known", store, full, {});
    measure(database, "the fullest category, all 50 articles known", store, full, known_of(store, full));
    measure(database, "a sparse category, nothing known", store, sparse, {});
    measure(database, "the fullest tag, nothing known", store, full_tag, {});
    measure(database, "a sparse tag, nothing known", store, sparse_tag, {});
    measure(database, "all, nothing known", store, {}, {});
    measure(database, "all, all 50 articles known", store, {}, known_of(store, {}));
    measure_search("a search for what most have", store, "新能源");
    measure_search("a search for one article", store, std::to_string(articles / 3));
    measure_search("a search for nothing that is there", store, "nowhere");
    measure_search("a search for a phrase that none has of such words", store, "\"title title\"");
}

}  // namespace gazetted
