#pragma once

#include <string>
#include <vector>

namespace gazetted {

/// A migrated database of its own for one test, dropped afterwards. All tests of a build share one server (fsync off), which
/// the first test starts and which ends by itself ten seconds after the last one. Works as root too.
class TestDatabase {
public:
    TestDatabase();
    ~TestDatabase();
    TestDatabase(const TestDatabase&) = delete;
    TestDatabase& operator=(const TestDatabase&) = delete;

    /// For libpq and Store, as superuser. search_path is the database's default: gazetted.
    const std::string& url() const noexcept { return url_; }
    /// The same, acting as another role.
    std::string url_as(const std::string& role) const { return url_ + " options='-c role=" + role + "'"; }

    using Row = std::vector<std::string>;  ///< NULL is "(null)"
    /// Runs statements in one transaction over a connection of its own; the last one's rows. Throws std::runtime_error.
    std::vector<Row> run(const std::string& statements) const;
    /// The first column of the only row.
    std::string value(const std::string& query) const;

private:
    std::string name_;
    std::string url_;
};

/// An empty database with the server's default search_path and no schema, for tests of migrate().
class EmptyDatabase {
public:
    explicit EmptyDatabase(const std::string& create_options = "");
    ~EmptyDatabase();
    EmptyDatabase(const EmptyDatabase&) = delete;
    EmptyDatabase& operator=(const EmptyDatabase&) = delete;
    const std::string& url() const noexcept { return url_; }

private:
    std::string name_;
    std::string url_;
};

/// A new directory that only we may enter, in memory where the machine has /dev/shm: fsync on a busy disk takes seconds.
std::string make_private_directory();

/// Runs statements over a connection of its own, as TestDatabase::run().
std::vector<TestDatabase::Row> run_sql(const std::string& url, const std::string& statements);

}  // namespace gazetted
