#include "tests/bench/measure.hpp"
#include "tests/support/sample_text.hpp"
#include "tests/support/test_database.hpp"

#include <cstdint>
#include <cstdio>
#include <string>

namespace gazetted {
namespace {

/// `articles` articles in one statement; prints what each of them took of the server's time.
void tell(const TestDatabase& database, const char* what, std::uint64_t articles, const std::string& values) {
    const std::string insert = "INSERT INTO articles (id, url, title, content, published, source_id) SELECT " + values +
                               " FROM generate_series(1, " + std::to_string(articles) +
                               ") AS n JOIN texts ON texts.k = n % 100";
    const auto begun = BenchClock::now();
    database.run(insert);
    std::printf("  %-64s %8.2f\n", what, wall_ms(begun) / static_cast<double>(articles));
}

}  // namespace

void measure_telling(std::uint64_t articles) {
    const TestDatabase database;
    std::string setting =
        "CREATE TABLE texts (k int PRIMARY KEY, text text); INSERT INTO sources (slug, burst_max) VALUES "
        "('a', 0), ('b', 0), ('c', 0), ('d', NULL);";
    for (std::uint64_t k = 0; k < 100; ++k)
        setting += "INSERT INTO texts VALUES (" + std::to_string(k) + ", '" + sample_html(k, 3'000) + "');";
    database.run(setting);
    const auto from = [](const std::string& slug, const std::string& url, const std::string& title, const std::string& text) {
        return "'" + slug + "' || n, '" + url + "' || n, '" + title + "' || n, " + text +
               ", timestamptz '2024-01-01Z' + n * interval '1 minute', (SELECT id FROM sources WHERE slug = '" + slug + "')";
    };
    std::printf("Articles of 3 KB in one statement of %llu; ms by the clock an article\n",
                static_cast<unsigned long long>(articles));
    // There is no source n.
    tell(database, "without a source", articles, from("n", "https://n.example/", "N ", "text"));
    tell(database, "of a source, and nobody else tells them", articles, from("a", "https://a.example/", "A ", "text"));
    tell(database, "told by another before, by their address", articles, from("b", "https://a.example/", "B ", "text"));
    tell(database, "told by another before, by title and text", articles / 10,
         from("c", "https://c.example/", "A ", "'<p>By us</p>' || text"));
    // 200 sources, each with every two hundredth; titles alike for 200 in a row.
    database.run("INSERT INTO sources (slug, burst_max) SELECT 'e' || n, 0 FROM generate_series(0, 199) AS n");
    tell(database, "told by 200, the same text", articles,
         "'e' || n, 'https://e.example/' || n, 'E ' || n / 200, (SELECT text FROM texts WHERE k = n / 200 % 100), timestamptz "
         "'2024-01-01Z' + n * interval '1 minute', (SELECT id FROM sources WHERE slug = 'e' || n % 200)");
    tell(database, "of a source that brings too many", articles, from("d", "https://d.example/", "D ", "text"));
}

}  // namespace gazetted
