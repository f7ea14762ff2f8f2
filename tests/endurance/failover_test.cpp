// The primary is lost and its replica promoted: the daemon, told of both, goes on with the new one.

#include "daemon/migrate.hpp"
#include "daemon/postgres_cluster.hpp"
#include "daemon/postgres_programs.hpp"
#include "tests/endurance/long_form.hpp"
#include "tests/support/daemon_process.hpp"
#include "tests/support/faithful_readers.hpp"
#include "tests/support/steady_writer.hpp"
#include "tests/support/test_database.hpp"
#include "tests/support/untrue_figures.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <thread>

namespace gazetted {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

/// Two nodes as an operator has them: what is acknowledged is on both.
class Failover : public ::testing::Test {
protected:
    Failover() {
        setenv("GAZETTED_SITE_BASE_URL", "https://feeds.example", 1);
        // The replica's walreceiver comes to the primary's socket as the system user of both.
        chmod(folder.c_str(), 0711);
    }
    ~Failover() override {
        signal_primary(SIGCONT);
        for (const pid_t pid : {primary_pid, replica_pid})
            if (pid > 0 && !PostgresCluster::has_ended(pid)) primary.stop(pid);
        fs::remove_all(folder);
        unsetenv("GAZETTED_SITE_BASE_URL");
    }

    void start_primary() {
        primary.make();
        std::ofstream(data("one") / "pg_hba.conf", std::ios::app) << "local replication all peer map=gazetted\n";
        primary_pid = primary.start({"wal_level=replica", "max_wal_senders=4", "shared_buffers=32MB", "fsync=off"});
        primary.make_database("gazetted");
        migrate(primary.url("gazetted"));
        run_sql(primary.url("gazetted"), "INSERT INTO gazetted.categories (slug) VALUES ('news')");
    }
    void start_replica() {
        const auto copied = run_command({(*postgres_programs(0) / "pg_basebackup").string(), "--pgdata=" + data("two").string(),
                                         "--dbname=" + primary.url("postgres"), "--write-recovery-conf", "--checkpoint=fast",
                                         "--wal-method=stream"});
        ASSERT_EQ(copied.exit_status, 0) << copied.err;
        for (const char* file : {".s.PGSQL.5432", ".s.PGSQL.5432.lock"}) fs::remove(data("two") / file);
        own_as_primary(data("two"));
        replica.make();
        replica_pid = replica.start({"shared_buffers=32MB", "hot_standby=on", "fsync=off"});
        run_sql(primary.url("postgres"), "ALTER SYSTEM SET synchronous_standby_names = '*'");
        run_sql(primary.url("postgres"), "SELECT pg_reload_conf()");
        for (const auto end = Clock::now() + 10s; Clock::now() < end; std::this_thread::sleep_for(10ms))
            if (run_sql(primary.url("postgres"), "SELECT FROM pg_stat_replication WHERE sync_state = 'sync'").size() == 1)
                return;
        FAIL() << "the replica does not follow";
    }
    void promote() const {
        run_sql(replica.url("postgres"), "ALTER SYSTEM RESET synchronous_standby_names");
        run_sql(replica.url("postgres"), "SELECT pg_promote()");
    }
    /// Both, the primary of today being the one that can be written to.
    std::string url() const {
        return "host=" + data("one").string() + "," + data("two").string() +
               " port=5432,5432 user=gazetted dbname=gazetted target_session_attrs=read-write connect_timeout=2";
    }
    fs::path data(const std::string& node) const { return folder + "/" + node; }

    /// The postmaster and its backends, as a machine that is switched off or hangs.
    void signal_primary(int signal) const {
        if (primary_pid <= 0) return;
        const std::string pid = std::to_string(primary_pid);
        std::ifstream children("/proc/" + pid + "/task/" + pid + "/children");
        for (pid_t child = 0; children >> child;) kill(child, signal);
        kill(primary_pid, signal);
    }

    /// Daemon, readers and a writer meet a primary that gets this signal, and go on with the replica.
    void expect_to_go_on_after(int signal) {
        start_primary();
        start_replica();
        if (HasFatalFailure()) return;
        DaemonProcess daemon({"--database", url()});
        const std::vector<std::string> targets = {"/all.atom", "/category/news.rss", "/category/news.json", "/"};
        for (const std::string& target : targets) ASSERT_EQ(daemon.get_until(target, 200, "").status, 200) << target;
        FaithfulReaders readers(daemon.port(), targets, 2);
        SteadyWriter writer(url());
        ASSERT_TRUE(writer.goes_on_within(10s)) << writer.trouble();
        // Whoever waits for a server that hangs waits for ever, as libpq has no time of its own: not we.
        writer.pause();
        signal_primary(signal);
        const auto lost = Clock::now();
        promote();
        writer.resume();
        ASSERT_TRUE(writer.goes_on_within(30s)) << writer.trouble();
        const auto written = Clock::now();
        const std::string title = SteadyWriter::title(writer.acknowledged());
        EXPECT_NE(daemon.get_until("/all.atom", 200, title, 60s).body.find(title), std::string::npos) << daemon.log();
        const auto ms = [](Clock::duration time) {
            return static_cast<long long>(std::chrono::duration_cast<std::chrono::milliseconds>(time).count());
        };
        std::printf("written again after %lld ms, served after %lld ms\n", ms(written - lost), ms(Clock::now() - lost));
        std::this_thread::sleep_for(is_long_form() ? 10s : 1s);
        writer.stop();
        const std::string last = SteadyWriter::title(writer.acknowledged());
        EXPECT_NE(daemon.get_until("/category/news.rss", 200, last, 60s).body.find(last), std::string::npos) << daemon.log();
        std::printf("caught up with after %lld ms\n", ms(Clock::now() - lost));
        readers.stop();
        EXPECT_EQ(readers.failures(), "");
        EXPECT_GT(readers.answers(), 100U);
        const std::string now = replica.url("gazetted");
        EXPECT_EQ(run_sql(now, writer.lost_query()).at(0).at(0), "0");
        EXPECT_EQ(untrue_figures(daemon, now, targets), "");
    }
    void own_as_primary(const fs::path& directory) const {
        struct stat owner {};
        ASSERT_EQ(stat(data("one").c_str(), &owner), 0);
        if (geteuid() != 0) return;
        for (const auto& entry : fs::recursive_directory_iterator(directory)) {
            ASSERT_EQ(lchown(entry.path().c_str(), owner.st_uid, owner.st_gid), 0);
        }
        ASSERT_EQ(chown(directory.c_str(), owner.st_uid, owner.st_gid), 0);
    }

    const std::string folder = make_private_directory();
    PostgresCluster primary{data("one"), folder + "/one.log"};
    PostgresCluster replica{data("two"), folder + "/two.log"};
    pid_t primary_pid = 0, replica_pid = 0;
};

TEST_F(Failover, FromAPrimaryThatIsKilledLosesNothingAndFailsNoReader) { expect_to_go_on_after(SIGKILL); }

TEST_F(Failover, FromAPrimaryThatHangsLosesNothingAndFailsNoReader) { expect_to_go_on_after(SIGSTOP); }

}  // namespace
}  // namespace gazetted
