// Who may administer over HTTP, as an operator says it.

#include "daemon/token.hpp"
#include "tests/support/operator_commands.hpp"

#include <boost/json.hpp>

namespace gazetted {
namespace {

using Words = std::vector<std::string>;

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
    EXPECT_TRUE(has(error({"user", "set", "crawler"}, 2), "--scope is required"));
    EXPECT_EQ(database.value("SELECT scopes FROM users"), "{admin}") << "who says nothing takes no right away";
    EXPECT_EQ(out({"user", "revoke", "crawler"}), "user crawler: its token is worth nothing any more\n");
    EXPECT_EQ(out({"user", "revoke", "crawler"}), "user crawler was revoked before\n");
    EXPECT_NE(database.value("SELECT revoked FROM users"), "(null)");
    EXPECT_NE(token_of({"user", "renew", "crawler"}), first);
    EXPECT_EQ(database.value("SELECT revoked FROM users"), "(null)");
}

TEST_F(Users, AreToldHowToGetATokenThatNobodySaw) {
    const CommandResult lost = run_into("/dev/full", {"user", "add", "crawler"});
    EXPECT_EQ(lost.exit_status, 1);
    EXPECT_TRUE(has(lost.err, "nobody has seen it: gazetted user renew crawler gives another one")) << lost.err;
    EXPECT_EQ(user_named_in(token_of({"user", "renew", "crawler"})), "crawler");
}

TEST_F(Users, AreRefusedWhereTheyMakeNoSense) {
    EXPECT_TRUE(has(error({"user", "add", "The Crawler"}), "no user can be called The Crawler"));
    EXPECT_TRUE(has(error({"user", "add", "x", "--scope", "everything"}, 2), "everything"));
    for (const Words& act : {Words{"set", "nobody", "--scope", "read"}, Words{"renew", "nobody"}, Words{"revoke", "nobody"}}) {
        Words words = act;
        words.insert(words.begin(), "user");
        EXPECT_TRUE(has(error(words), "there is no user nobody: gazetted user list")) << act.front();
    }
}

}  // namespace
}  // namespace gazetted
