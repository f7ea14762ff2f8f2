#include "tests/bench/measure.hpp"
#include "tests/support/daemon_process.hpp"
#include "tests/support/sample_text.hpp"
#include "tests/support/test_database.hpp"

#include <pqxx/pqxx>

#include <cstdio>
#include <thread>

namespace gazetted {
namespace {

using namespace std::chrono_literals;

/// What PostgreSQL alone takes from COMMIT's return to a listener's wake-up; in ms.
std::vector<double> listen_floor(const std::string& url, int rounds) {
    struct Receiver : pqxx::notification_receiver {
        using notification_receiver::notification_receiver;
        void operator()(const std::string&, int) override {}
    };
    pqxx::connection listening(url);
    Receiver receiver(listening, "floor");
    pqxx::connection writing(url);
    std::vector<double> times;
    for (int round = 0; round < rounds; ++round) {
        pqxx::work transaction(writing);
        transaction.exec("NOTIFY floor");
        transaction.commit();
        const auto committed = BenchClock::now();
        while (listening.await_notification(1, 0) == 0) {
        }
        times.push_back(wall_ms(committed));
    }
    return times;
}

void fill_category(pqxx::connection& writing) {
    pqxx::work setup(writing);
    setup.exec("SET search_path = gazetted");
    setup.exec("INSERT INTO categories (slug, title) VALUES ('metals', 'Metals')");
    for (std::uint64_t number = 0; number < 50; ++number) {
        const Article article = sample_article(number);
        setup.exec_params("INSERT INTO articles (id, url, title, content, published) VALUES ($1, $2, $3, $4, to_timestamp($5))",
                          article.id, article.url, article.title, article.content,
                          std::chrono::duration_cast<std::chrono::seconds>(article.published.time_since_epoch()).count());
    }
    setup.exec("INSERT INTO article_categories (article_id, category_id) SELECT a.id, c.id FROM articles a, categories c");
    setup.commit();
}

/// From COMMIT's return until an answer holds the new title; in ms. `pause` before each round.
std::vector<double> commit_to_bytes(const DaemonProcess& daemon, pqxx::connection& writing, int rounds,
                                    std::chrono::milliseconds pause) {
    static int written = 0;
    std::vector<double> times;
    for (int round = 0; round < rounds; ++round) {
        std::this_thread::sleep_for(pause);
        const std::string title = "round " + std::to_string(++written) + " over";
        pqxx::work update(writing);
        update.exec_params("UPDATE gazetted.articles SET title = $1 WHERE id = 'https://site.example/post/7'", title);
        update.commit();
        const auto committed = BenchClock::now();
        while (daemon.get("/category/metals.atom").body.find(title) == std::string::npos) {
        }
        times.push_back(wall_ms(committed));
    }
    return times;
}

void print_times(const char* what, const std::vector<double>& times) {
    std::printf("  %-52s %8.2f %8.2f\n", what, percentile(times, 0.5), percentile(times, 0.99));
}

}  // namespace

void measure_commit_to_bytes() {
    const TestDatabase database;
    pqxx::connection writing(database.url());
    fill_category(writing);
    const DaemonProcess daemon({"--database", database.url()});
    daemon.get_until("/category/metals.atom", 200, "<entry");
    std::printf("Commit to new bytes served, a feed of 50 entries of 3 KB; ms by the clock\n  %-52s %8s %8s\n", "", "p50",
                "p99");
    print_times("a bare LISTEN in this process", listen_floor(database.url(), 200));
    // Longer than the interval between two renderings of one feed.
    print_times("one feed kept", commit_to_bytes(daemon, writing, 200, 40ms));
    print_times("the same, commits as fast as their bytes are seen", commit_to_bytes(daemon, writing, 100, 0ms));
    for (const char* other : {".rss", ".json", ".html"}) daemon.get_until("/category/metals" + std::string(other), 200, "");
    for (const char* other : {".atom", ".rss", ".json", ".html"}) daemon.get_until("/all" + std::string(other), 200, "");
    print_times("Atom, RSS, JSON and page of category and site kept", commit_to_bytes(daemon, writing, 100, 60ms));
}

}  // namespace gazetted
