// The machine's clock is set forth and back under daemon and PostgreSQL, and neither readers nor polls notice for long.

#include "daemon/migrate.hpp"
#include "daemon/postgres_cluster.hpp"
#include "daemon/postgres_programs.hpp"
#include "feeds/date_time.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/daemon_process.hpp"
#include "tests/support/faithful_readers.hpp"
#include "tests/support/steady_writer.hpp"
#include "tests/support/test_database.hpp"
#include "tests/support/untrue_figures.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <optional>
#include <thread>

namespace gazetted {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool is_preloading_possible = false;  // a sanitiser wants to be the first
#else
constexpr bool is_preloading_possible = true;
#endif

/// A clock that libfaketime reads from a file each time that it is asked; steady clocks stay what they are.
class SetClock {
public:
    explicit SetClock(const fs::path& file) : file_(file) { set("+0"); }
    static std::string library() {
        for (const char* path : {"/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1",
                                 "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1"})
            if (fs::exists(path)) return path;
        return {};
    }
    std::vector<std::string> launcher() const {
        return {"env",
                "LD_PRELOAD=" + library(),
                "FAKETIME_TIMESTAMP_FILE=" + file_.string(),
                "FAKETIME_NO_CACHE=1",
                "FAKETIME_DONT_FAKE_MONOTONIC=1",
                "DONT_FAKE_MONOTONIC=1"};
    }
    void set(const std::string& offset) const {
        const std::string next = file_.string() + ".new";
        std::ofstream(next) << offset << "\n";
        chmod(next.c_str(), 0644);
        fs::rename(next, file_);
    }

private:
    const fs::path file_;
};

/// Daemon and PostgreSQL of one machine.
class ClockSet : public ::testing::Test {
protected:
    void SetUp() override {
        if (!is_preloading_possible) GTEST_SKIP() << "libfaketime and sanitisers do not go together";
        if (SetClock::library().empty()) GTEST_SKIP() << "libfaketime is not installed";
        setenv("GAZETTED_SITE_BASE_URL", "https://feeds.example", 1);
        chmod(folder.c_str(), 0711);
        cluster.make();
        start_postgres();
        migrate(url);
        run_sql(url, "INSERT INTO gazetted.categories (slug) VALUES ('news')");
    }
    ~ClockSet() override {
        if (postgres) kill(postgres->pid(), SIGINT);
        postgres.reset();
        fs::remove_all(folder);
        unsetenv("GAZETTED_SITE_BASE_URL");
    }
    void start_postgres() {
        struct stat owner {};
        ASSERT_EQ(stat((folder + "/postgres").c_str(), &owner), 0);
        std::vector<std::string> command = clock.launcher();
        if (geteuid() == 0)
            command.insert(command.begin(), {"setpriv", "--reuid=" + std::to_string(owner.st_uid),
                                             "--regid=" + std::to_string(owner.st_gid), "--clear-groups"});
        command.insert(command.end(), {(*postgres_programs(0) / "postgres").string(), "-D", folder + "/postgres", "-k",
                                       folder + "/postgres", "-c", "listen_addresses=", "-c", "fsync=off"});
        postgres.emplace(command, folder + "/postgres.log");
        for (const auto end = Clock::now() + 10s; cluster.running() == 0 && Clock::now() < end;)
            std::this_thread::sleep_for(10ms);
        ASSERT_TRUE(cluster.wait_until_it_answers());
        cluster.make_database("gazetted");
        url = cluster.url("gazetted");
    }

    const std::string folder = make_private_directory();
    const SetClock clock{fs::path(folder) / "clock"};
    PostgresCluster cluster{folder + "/postgres", folder + "/postgres.log"};
    std::optional<ChildProcess> postgres;
    std::string url;
};

TEST_F(ClockSet, ForthAndBackLosesNothingAndFailsNoReader) {
    DaemonProcess daemon({"--database", url}, clock.launcher());
    const std::vector<std::string> targets = {"/all.atom", "/category/news.rss", "/category/news.json"};
    for (const std::string& target : targets) ASSERT_EQ(daemon.get_until(target, 200, "").status, 200) << target;
    FaithfulReaders readers(daemon.port(), targets, 1);
    SteadyWriter writer(url, 20ms);
    // Set back, what is of a time to come is held until then; what comes now is shown.
    for (const char* offset : {"-3600", "+0", "+3600", "+86400", "+400d", "+86400", "+500d"}) {
        clock.set(offset);
        ASSERT_TRUE(writer.goes_on_within(10s)) << writer.trouble();
        const std::string title = SteadyWriter::title(writer.acknowledged());
        const auto answer = daemon.get_until("/category/news.rss", 200, title, 10s);
        EXPECT_NE(answer.body.find(title), std::string::npos) << offset << daemon.log();
        const auto modified = parse_http_date(answer.fields.at("last-modified"), {});
        const auto date = parse_http_date(answer.fields.at("date"), {});
        EXPECT_LE(*modified, *date + 1s) << offset;
        EXPECT_EQ(http_get(daemon.status_port(), "/readyz").status, 200) << offset;
    }
    writer.stop();
    const std::string title = SteadyWriter::title(writer.acknowledged());
    EXPECT_NE(daemon.get_until("/all.atom", 200, title, 10s).body.find(title), std::string::npos);
    readers.stop();
    EXPECT_EQ(readers.failures(), "");
    EXPECT_EQ(run_sql(url, writer.lost_query()).at(0).at(0), "0");
    EXPECT_EQ(untrue_figures(daemon, url, targets), "");
}

}  // namespace
}  // namespace gazetted
