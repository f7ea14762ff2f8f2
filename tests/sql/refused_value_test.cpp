// What the tables refuse, told to who gave it.

#include "daemon/refused_value.hpp"
#include "daemon/store.hpp"
#include "tests/support/test_database.hpp"

#include <gtest/gtest.h>

#include <set>

namespace gazetted {
namespace {

TEST(RefusedValue, HasASentenceForEachCheckThatAnOperatorCanRunInto) {
    const TestDatabase database;
    // What else is checked is what the daemon writes itself: figures, and what upstreams say, which it cuts to fit.
    const auto checks = database.run(R"(
        SELECT c.conname FROM pg_constraint c LEFT JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
         WHERE c.contype = 'c' AND c.connamespace = 'gazetted'::regnamespace
           AND c.conrelid::regclass::text IN ('articles', 'article_tags', 'categories', 'enclosures', 'rules', 'sources',
                                              'subscriptions', 'users')
           AND NOT (c.conrelid = 'subscriptions'::regclass
                    AND a.attname IN ('error', 'etag', 'last_modified', 'moved_to', 'skip_days', 'skip_hours', 'state',
                                      'upstream_home', 'upstream_id', 'upstream_title', 'wanted_interval'))
           AND c.conname <> 'users_token_hash_check')");
    EXPECT_GT(checks.size(), 50U);
    for (const auto& row : checks) EXPECT_NE(sentence_of_constraint(row.front()), nullptr) << row.front();
}

TEST(RefusedValue, HasNoSentenceForAConstraintThatIsNotThere) {
    const TestDatabase database;
    std::set<const ConstraintSentence*> used;
    for (const auto& row : database.run("SELECT conname FROM pg_constraint WHERE contype = 'c'"))
        used.insert(sentence_of_constraint(row.front()));
    for (const ConstraintSentence& known : constraint_sentences()) EXPECT_TRUE(used.contains(&known)) << known.end;
}

TEST(RefusedValue, IsToldWithWhatToGiveInstead) {
    const TestDatabase database;
    Store store(database.url());
    store.act("add_category", {"news", "", "", ""});
    const auto refusal_of = [&](const char* statement, const Store::Parameters& parameters) -> std::string {
        try {
            store.act(statement, parameters);
        } catch (const std::runtime_error& error) {
            return error.what();
        }
        return "nothing was refused";
    };
    EXPECT_EQ(refusal_of("remove_category", {"news", "soon", std::nullopt}),
              "\"soon\" is no time: write it as 2027-01-31 or 2027-01-31T12:00:00Z");
    EXPECT_EQ(refusal_of("remove_category", {"news", "2027-13-31", std::nullopt}),
              "\"2027-13-31\" is no time: write it as 2027-01-31 or 2027-01-31T12:00:00Z");
    EXPECT_EQ(refusal_of("remove_category", {"news", "infinity", std::nullopt}),
              "an end is a time of the years 1970 to 9999, such as 2027-01-31");
    EXPECT_EQ(refusal_of("withdraw_article", {"seven"}), "\"seven\" is no whole number");
    EXPECT_EQ(refusal_of("withdraw_article", {"99999999999999999999"}), "\"99999999999999999999\" is too large a number");
    EXPECT_EQ(refusal_of("bring_back", {"root:x:0:0"}), "it is no JSON");
    EXPECT_EQ(refusal_of("put_source", {"wire", std::string(4'097, 't'), ""}), "a title has at most 4096 bytes");
    EXPECT_EQ(told_refusal("something else"), "the database refuses a value: something else");
}

}  // namespace
}  // namespace gazetted
