#include "tests/bench/many_articles.hpp"
#include "tests/bench/measure.hpp"
#include "tests/support/daemon_process.hpp"
#include "tests/support/fake_site.hpp"
#include "tests/support/sample_text.hpp"
#include "tests/support/test_database.hpp"

#include <poll.h>
#include <pqxx/pqxx>

#include <atomic>
#include <cstdio>
#include <stdexcept>
#include <thread>

namespace gazetted {
namespace {

using namespace std::chrono_literals;
using Moment = BenchClock::time_point;

double ms_between(Moment from, Moment to) { return std::chrono::duration<double, std::milli>(to - from).count(); }

/// The limit: a thread that does nothing but LISTEN, and notes when it was told.
class BareListener {
public:
    explicit BareListener(const std::string& url)
        : connection_(url), receiver_(connection_), thread_([this] {
              while (!over_)
                  if (connection_.await_notification(0, 100'000) > 0) told_at_ = BenchClock::now().time_since_epoch().count();
          }) {}
    ~BareListener() {
        over_ = true;
        thread_.join();
    }
    void forget() { told_at_ = 0; }
    /// When it was told last; call after the change was seen to arrive somewhere.
    Moment told_at() const {
        while (told_at_ == 0) std::this_thread::sleep_for(50us);
        return Moment(BenchClock::duration(told_at_.load()));
    }

private:
    struct Receiver : pqxx::notification_receiver {
        explicit Receiver(pqxx::connection& connection) : notification_receiver(connection, "gazetted") {}
        void operator()(const std::string&, int) override {}
    };
    pqxx::connection connection_;
    Receiver receiver_;
    std::atomic<BenchClock::rep> told_at_{0};
    std::atomic<bool> over_{false};
    std::thread thread_;
};

/// Another program that publishes: articles newer than all others, in one category.
class Writer {
public:
    Writer(const std::string& url, std::string category) : connection_(url), category_(std::move(category)) {}

    /// When COMMIT had returned.
    Moment publish() {
        const Article article = sample_article(10'000'000 + ++written_);
        pqxx::work insert(connection_);
        insert.exec_params(
            "INSERT INTO gazetted.articles (id, url, title, authors, content) VALUES ($1, $2, $3, "
            "'[{\"name\": \"ZNing\"}]', $4)",
            article.id, article.url, article.title, article.content);
        insert.exec_params(
            "INSERT INTO gazetted.article_categories (article_id, category_id) "
            "SELECT $1, id FROM gazetted.categories WHERE slug = $2",
            article.id, category_);
        insert.commit();
        return BenchClock::now();
    }

private:
    pqxx::connection connection_;
    std::string category_;
    std::uint64_t written_ = 0;
};

/// One that polls all the time with what it has, over one connection.
class Reader {
public:
    Reader(unsigned short port, std::string target, std::string coding)
        : connection_(port), target_(std::move(target)), coding_(std::move(coding)) {}

    /// When an answer with new bytes had arrived.
    Moment wait_for_new_bytes() {
        // A client that never pauses would take one of two cores from those it waits for.
        while (ask() == 304) std::this_thread::sleep_for(20us);
        return BenchClock::now();
    }
    int ask() {
        connection_.send("GET " + target_ + " HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: " + coding_ +
                         (etag_.empty() ? "" : "\r\nIf-None-Match: " + etag_) + "\r\n\r\n");
        const auto answer = connection_.receive();
        const auto status = std::stoi(answer.substr(answer.find(' ')));
        if (status != 200 && status != 304) throw std::runtime_error("the daemon answers " + answer);
        const auto etag = answer.find("ETag: ") + 6;
        etag_ = answer.substr(etag, answer.find('\r', etag) - etag);
        return status;
    }

private:
    RawConnection connection_;
    std::string target_;
    std::string coding_;
    std::string etag_;
};

/// In ms after COMMIT had returned.
struct Times {
    std::vector<double> told, seen, seen_after_told;
};

Times measure_round_trips(Writer& writer, BareListener& listener, Reader& reader, int rounds, std::chrono::milliseconds pause) {
    Times times;
    for (int round = 0; round < rounds; ++round) {
        std::this_thread::sleep_for(pause);
        reader.ask();
        listener.forget();
        const auto committed = writer.publish();
        const auto seen = reader.wait_for_new_bytes();
        const auto told = listener.told_at();
        times.told.push_back(ms_between(committed, told));
        times.seen.push_back(ms_between(committed, seen));
        times.seen_after_told.push_back(ms_between(told, seen));
    }
    return times;
}

void append(Times& to, const Times& times) {
    to.told.insert(to.told.end(), times.told.begin(), times.told.end());
    to.seen.insert(to.seen.end(), times.seen.begin(), times.seen.end());
    to.seen_after_told.insert(to.seen_after_told.end(), times.seen_after_told.begin(), times.seen_after_told.end());
}

void print_times(const std::string& what, const std::vector<double>& times) {
    std::printf("  %-60s %8.2f %8.2f\n", what.c_str(), percentile(times, 0.5), percentile(times, 0.99));
}

}  // namespace

void measure_commit_to_bytes(const TestDatabase& database, std::uint64_t articles) {
    constexpr int batches = 10;
    constexpr int rounds = 50;
    constexpr auto pause = 40ms;  // longer than the interval between two renderings of one feed, so that each is idle again
    const DaemonProcess daemon({"--database", database.url()});
    Writer writer(database.url(), "medium-1");
    BareListener listener(database.url());
    const std::string target = "/category/medium-1.atom";
    Reader raw(daemon.port(), target, "identity");
    Reader gzip(daemon.port(), target, "gzip");
    raw.ask(), gzip.ask();
    measure_round_trips(writer, listener, gzip, rounds, pause);  // warms up

    Times of_raw, of_gzip;
    for (int batch = 0; batch < batches; ++batch) {
        append(of_raw, measure_round_trips(writer, listener, raw, rounds, pause));
        append(of_gzip, measure_round_trips(writer, listener, gzip, rounds, pause));
    }
    const auto in_a_row = measure_round_trips(writer, listener, gzip, 2 * rounds, 0ms);
    for (const char* other : {".rss", ".json", ".html"}) daemon.get_until("/category/medium-1" + std::string(other), 200, "");
    for (const char* other : {".atom", ".rss", ".json", ".html"}) daemon.get_until("/all" + std::string(other), 200, "");
    const auto of_many = measure_round_trips(writer, listener, gzip, 2 * rounds, pause + 20ms);

    std::printf(
        "Commit to new bytes served, a feed of 50 entries of 3 KB, %llu articles stored; ms by the clock\n  %-60s %8s %8s\n",
        static_cast<unsigned long long>(articles), "", "p50", "p99");
    auto told = of_raw.told;
    told.insert(told.end(), of_gzip.told.begin(), of_gzip.told.end());
    print_times("a bare LISTEN in this process is told", told);
    print_times("raw bytes", of_raw.seen);
    print_times("raw bytes after the bare LISTEN was told", of_raw.seen_after_told);
    print_times("gzip", of_gzip.seen);
    print_times("gzip after the bare LISTEN was told", of_gzip.seen_after_told);
    print_times("gzip, commits as fast as their bytes are seen", in_a_row.seen);
    print_times("gzip, Atom, RSS, JSON and page of category and site kept", of_many.seen);
}

}  // namespace gazetted
