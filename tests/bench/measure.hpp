#pragma once

#include "tests/support/test_database.hpp"

#include <sched.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace gazetted {

using BenchClock = std::chrono::steady_clock;

/// CPU time of this thread so far, in microseconds: other programs on the machine do not count.
double cpu_us();

double wall_ms(BenchClock::time_point since);

/// `share` of the values are no greater; 0.5 is the median. `values` must not be empty.
double percentile(std::vector<double> values, double share);

/// Median CPU time of `work`, in microseconds, over `rounds` calls after one that warms up. `work` gets 0 to `rounds`.
double median_cpu_us(int rounds, const std::function<void(int)>& work);

/// CPU time so far of a process, its threads and its descendants, those of theirs that have ended left out; in microseconds.
double tree_cpu_us(int pid);

/// What this thread starts while one of these lives runs on that core only, and so does the thread.
class OnCore {
public:
    explicit OnCore(int core);
    ~OnCore();
    OnCore(const OnCore&) = delete;
    OnCore& operator=(const OnCore&) = delete;

private:
    cpu_set_t before_;
};

/// One core for a server and one for its load; throws std::runtime_error where we may use no two.
std::array<int, 2> two_cores();

// What the bench prints, one function a part.

void measure_rendering();
/// Beside the sanitisers of npm that node finds (NODE_PATH). True where every target was met.
bool measure_sanitising();
/// From bytes to the whole model, over all feeds of a folder, beside gofeed, feedsmith (NODE_PATH) and feedparser where they
/// are installed. True where every target was met.
bool measure_reading(const std::string& folder);
/// From another program's COMMIT until a reader has the new bytes, beside what a bare LISTEN takes. `database` holds
/// write_many_articles(), as it does for the statements; more are written to it.
void measure_commit_to_bytes(const TestDatabase& database, std::uint64_t articles);
/// A daemon's memory at rest with many categories, with 10,000 idle connections and after every category's feed was asked for.
/// True where the targets were met.
bool measure_memory();
void measure_import(std::uint64_t posts);
/// A round of so many subscriptions, ingest() of documents, and the time from an upstream to our bytes. True where the targets
/// were met.
bool measure_polling(std::uint64_t subscriptions);
/// What writers pay for stories and bursts (docs/decisions/0013-stories.md).
void measure_telling(std::uint64_t articles);

/// How measure_side_by_side() goes about it.
struct SideBySide {
    int rounds = 5;
    double seconds = 2;                ///< of one server in one round
    std::vector<std::string> only;     ///< names of cases; empty: all
    std::vector<std::string> servers;  ///< to compare with; empty: all that are installed
};
std::vector<std::string> side_by_side_cases();
/// Serves one feed from our daemon, from other servers and from the limit, and prints what a request costs each. True where
/// every target was met; throws std::runtime_error where the run says nothing: a wrong answer, a feed of another size.
bool measure_side_by_side(const SideBySide&);

/// Every category's feed from rows to bytes and gzip, nothing known before, by as many workers as the daemon has. `database`
/// holds write_many_articles(). True where the target was met.
bool measure_cold(const TestDatabase& database, std::uint64_t articles);
/// The statements of serving, in the same tables.
void measure_statements(const TestDatabase& database, std::uint64_t articles);

}  // namespace gazetted
