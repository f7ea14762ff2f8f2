// Who may administer over HTTP, as an operator says it.

#include "daemon/token.hpp"
#include "tests/support/operator_commands.hpp"

#include <boost/json.hpp>

namespace gazetted {
namespace {

class Users : public OperatorCommands {
protected:
    std::string token_of(const std::vector<std::string>& words) const {
        auto command = words;
        command.push_back("--json");
        return std::string(boost::json::parse(out(command)).at("token").as_string());
    }
};

TEST_F(Users, AreMadeWithATokenThatIsShownOnce) {
    const std::string token = token_of({"user", "add", "crawler", "--scope", "publish", "--scope", "read"});
    EXPECT_EQ(user_named_in(token), "crawler");
    const std::string list = out({"user", "list", "--json"});
    EXPECT_TRUE(has(list, R"({"users":[{"name":"crawler","scopes":["read","publish"],"created":"20)")) << list;
    EXPECT_TRUE(has(list, R"("last_used":null,"revoked":null}],"after":null})")) << list;
    EXPECT_FALSE(has(list, token.substr(8)));
    EXPECT_EQ(database.value("SELECT encode(token_hash, 'hex') FROM users"), hash_of_token(token));
    EXPECT_TRUE(has(out({"user", "add", "reader"}), "\nscopes  read\ntoken   reader."));
}

TEST_F(Users, AreChangedRenewedAndRevoked) {
    const std::string first = token_of({"user", "add", "crawler"});
    EXPECT_TRUE(has(error({"user", "add", "crawler"}), "there is a user crawler already: gazetted user renew"));
    EXPECT_EQ(out({"user", "set", "crawler", "--scope", "admin"}), "user crawler: set\n");
    EXPECT_EQ(database.value("SELECT scopes FROM users"), "{admin}");
    EXPECT_EQ(out({"user", "revoke", "crawler"}), "user crawler: its token is worth nothing any more\n");
    EXPECT_EQ(out({"user", "revoke", "crawler"}), "user crawler was revoked before\n");
    EXPECT_NE(database.value("SELECT revoked FROM users"), "(null)");
    EXPECT_NE(token_of({"user", "renew", "crawler"}), first);
    EXPECT_EQ(database.value("SELECT revoked FROM users"), "(null)");
}

TEST_F(Users, AreRefusedWhereTheyMakeNoSense) {
    EXPECT_TRUE(has(error({"user", "add", "The Crawler"}), "no user can be called The Crawler"));
    EXPECT_TRUE(has(error({"user", "add", "x", "--scope", "everything"}, 2), "everything"));
    for (const char* action : {"set", "renew", "revoke"})
        EXPECT_TRUE(has(error({"user", action, "nobody"}), "there is no user nobody: gazetted user list")) << action;
}

}  // namespace
}  // namespace gazetted
