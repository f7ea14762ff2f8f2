// The first user's real posts: imported as they are, each in its category, legible, in every format.

#include "tests/support/daemon_process.hpp"
#include "tests/support/shared_folder.hpp"
#include "tests/support/test_database.hpp"

#include <filesystem>

namespace gazetted {
namespace {

const std::string site = shared_folder() / "samples/finews";

class FirstUser : public ::testing::Test {
protected:
    void SetUp() override {
        if (!std::filesystem::exists(site)) GTEST_SKIP() << "the samples beside the project are not here";
        import = run_command({GAZETTED_BINARY, "import", "jekyll", site, "--database", database.url(), "--strict"});
    }
    TestDatabase database;
    CommandResult import;
};

TEST_F(FirstUser, EveryPostIsTakenAndASecondImportChangesNothing) {
    EXPECT_EQ(import.exit_status, 0) << import.err;
    EXPECT_NE(import.out.find("6 new"), std::string::npos) << import.out;
    const auto again = run_command({GAZETTED_BINARY, "import", "jekyll", site, "--database", database.url()});
    EXPECT_NE(again.out.find("0 new, 0 updated, 6 unchanged"), std::string::npos) << again.out;
}

TEST_F(FirstUser, EachPostIsLegibleInItsCategoryInEveryFormat) {
    DaemonProcess daemon({"--database", database.url()});
    const std::vector<std::pair<std::string, std::string>> texts = {
        {"emnews", "蔚来旗下ET7新能源汽车提供HFO-1234yf"},
        {"sitenews", "祝贺开站"},
        {"emnews", "公司预计总资产约为11亿美元"},
        {"emnews", "钢铁行业应在需求相对平稳或小幅减弱的情况下"},
        {"emnews", "北上资金半天“扫货”A股近60亿"},
        {"renminyoudianbao", "工业和信息化系统以习近平新时代中国特色社会主义思想为指导"},
    };
    for (const auto& [slug, text] : texts)
        for (const char* format : {".atom", ".rss", ".json", ".html"}) {
            const auto answer = daemon.get("/category/" + slug + format);
            ASSERT_EQ(answer.status, 200) << slug << format;
            EXPECT_NE(answer.body.find(text), std::string::npos) << slug << format << " lacks " << text;
        }
    EXPECT_NE(daemon.get("/category/renminyoudianbao.atom").body.find(">人民邮电报新闻</title>"), std::string::npos);
    EXPECT_EQ(daemon.get("/category/anxinguojizhengquan%28xianggang%29.atom").status, 200);
}

TEST_F(FirstUser, AStrongElementOverSeveralParagraphsComesOutAsABrowserShowsIt) {
    DaemonProcess daemon({"--database", database.url()});
    const std::string feed = daemon.get("/category/renminyoudianbao.json").body;
    EXPECT_NE(feed.find("<p><strong>稳投资促消费</strong></p><strong>\\n <p>保持工业经济平稳运行</p>\\n </strong><p>面对复杂"),
              std::string::npos)
        << feed;
}

}  // namespace
}  // namespace gazetted
