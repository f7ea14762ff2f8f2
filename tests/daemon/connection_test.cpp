#include "daemon/connection.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

namespace gazetted {
namespace {

TEST(ConnectionForPrograms, KeepsThePasswordOffTheCommandLine) {
    unsetenv("PGPASSWORD");
    EXPECT_EQ(connection_for_programs("postgresql://me:s%20cret@db.example:5433/news?sslmode=require"),
              "user='me' dbname='news' host='db.example' port='5433' sslmode='require'");
    EXPECT_STREQ(std::getenv("PGPASSWORD"), "s cret");
    unsetenv("PGPASSWORD");
}

TEST(ConnectionForPrograms, LeavesAllElseAsItWas) {
    unsetenv("PGPASSWORD");
    EXPECT_EQ(connection_for_programs(R"(host='/a \'b\'' dbname=news options='-c role=x')"),
              R"(dbname='news' host='/a \'b\'' options='-c role=x')");
    EXPECT_EQ(connection_for_programs("no connection string"), "no connection string");
    EXPECT_EQ(std::getenv("PGPASSWORD"), nullptr);
}

}  // namespace
}  // namespace gazetted
