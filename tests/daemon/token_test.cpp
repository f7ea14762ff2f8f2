#include "daemon/token.hpp"

#include <gtest/gtest.h>

#include <set>

namespace gazetted {
namespace {

TEST(Token, NamesItsUserAndIsAnotherEachTime) {
    std::set<std::string> seen;
    for (int i = 0; i < 100; ++i) seen.insert(make_token("crawler-1"));
    EXPECT_EQ(seen.size(), 100U);
    for (const std::string& token : seen) {
        EXPECT_EQ(token.size(), std::string("crawler-1.").size() + 64);
        EXPECT_EQ(user_named_in(token), "crawler-1");
    }
}

TEST(Token, IsOneOnlyInItsOwnForm) {
    const std::string secret(64, '0');
    for (const std::string& text :
         {secret, "." + secret, "a." + secret + "0", "a." + secret.substr(1), "A." + secret, "a." + std::string(64, 'G'),
          "a b." + secret, "-a." + secret, std::string(65, 'a') + "." + secret, std::string()})
        EXPECT_EQ(user_named_in(text), std::nullopt) << text;
    EXPECT_EQ(user_named_in(std::string(64, 'a') + "." + secret), std::string(64, 'a'));
}

TEST(Token, IsStoredAsItsSha256) {
    // NIST's example of one block.
    EXPECT_EQ(hash_of_token("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_TRUE(is_same_hash(hash_of_token("abc"), hash_of_token("abc")));
    EXPECT_FALSE(is_same_hash(hash_of_token("abc"), hash_of_token("abd")));
    EXPECT_FALSE(is_same_hash("ab", "a"));
}

}  // namespace
}  // namespace gazetted
