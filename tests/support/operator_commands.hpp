#pragma once

#include "tests/support/daemon_process.hpp"
#include "tests/support/test_database.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace gazetted {

/// What an operator does on the command line, with a database of his own.
struct OperatorCommands : ::testing::Test {
    CommandResult run(std::vector<std::string> words) const {
        words.insert(words.begin(), GAZETTED_BINARY);
        words.insert(words.end(), {"--database", database.url(), "--log-level", "error"});
        return run_command(words);
    }
    /// The same, with a file of this name for stdout.
    CommandResult run_into(const std::string& file, std::vector<std::string> words) const {
        words.insert(words.begin(), {"sh", "-c", "exec \"$@\" > " + file, "sh", GAZETTED_BINARY});
        words.insert(words.end(), {"--database", database.url(), "--log-level", "error"});
        return run_command(words);
    }
    /// Of a command that must succeed.
    std::string out(const std::vector<std::string>& words) const {
        const CommandResult result = run(words);
        EXPECT_EQ(result.exit_status, 0) << result.err;
        return result.out;
    }
    /// Of one that must end with this status, and say nothing else.
    std::string error(const std::vector<std::string>& words, int status = 1) const {
        const CommandResult result = run(words);
        EXPECT_EQ(result.exit_status, status) << result.out;
        EXPECT_EQ(result.out, "");
        return result.err;
    }
    static bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

    TestDatabase database;
};

}  // namespace gazetted
