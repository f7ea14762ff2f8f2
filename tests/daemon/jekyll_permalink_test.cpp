#include "daemon/jekyll/permalink.hpp"

#include <gtest/gtest.h>

namespace gazetted::jekyll {
namespace {

using std::chrono::local_days;
using std::chrono::year;

PermalinkParts parts() {
    return {.date = local_days(year(2021) / 12 / 8) + std::chrono::hours(9),
            .slug = "202112082206703990",
            .basename = "2021-12-08-202112082206703990",
            .path = "/2021-12-08-202112082206703990",
            .categories = {"emnews"},
            .output_extension = ".html"};
}

std::string expanded(std::string_view style, const PermalinkParts& of = parts()) {
    return expand_permalink(permalink_template(style), of).value_or("none");
}

TEST(JekyllPermalink, HasFiveStylesByName) {
    EXPECT_EQ(expanded("date"), "/emnews/2021/12/08/202112082206703990.html");
    EXPECT_EQ(expanded("pretty"), "/emnews/2021/12/08/202112082206703990/");
    EXPECT_EQ(expanded("ordinal"), "/emnews/2021/342/202112082206703990.html");
    EXPECT_EQ(expanded("weekdate"), "/emnews/2021/W49/Wed/202112082206703990.html");
    EXPECT_EQ(expanded("none"), "/emnews/202112082206703990.html");
}

TEST(JekyllPermalink, FollowsATemplate) {
    EXPECT_EQ(expanded("/:short_year-:i_month_:i_day/:hour/:slug"), "/21-12_8/09/202112082206703990");
    EXPECT_EQ(expanded("/:w_year/:long_month/:w_day/:name:output_ext"), "/2021/December/3/2021-12-08-202112082206703990.html");
    EXPECT_EQ(expanded("/blog/:title/index"), "/blog/202112082206703990/index");
    EXPECT_EQ(expanded("/:nothing/:title"), "none");
}

TEST(JekyllPermalink, HasNoEmptyFolders) {
    auto without = parts();
    without.categories.clear();
    EXPECT_EQ(expanded("date", without), "/2021/12/08/202112082206703990.html");
}

TEST(JekyllPermalink, WritesCategoriesInLowerCaseOnceAndEscaped) {
    auto with = parts();
    with.categories = {"Tech News", "科技", "tech news", "a(b)"};
    EXPECT_EQ(expanded("/:categories/:title", with), "/tech%20news/%E7%A7%91%E6%8A%80/a(b)/202112082206703990");
    EXPECT_EQ(expanded("/:slugified_categories/:title", with), "/tech-news/%E7%A7%91%E6%8A%80/a-b/202112082206703990");
}

TEST(JekyllSlug, KeepsLettersMarksAndDigitsOfEveryScript) {
    EXPECT_EQ(slugify("The _config.yml file", SlugMode::standard, false), "the-config-yml-file");
    EXPECT_EQ(slugify("The _config.yml file", SlugMode::pretty, true), "The-_config.yml-file");
    EXPECT_EQ(slugify("中文 文件名", SlugMode::pretty, true), "中文-文件名");
    EXPECT_EQ(slugify("１２３ ①", SlugMode::standard, false), "１２３");
    EXPECT_EQ(slugify("Ünïcode É", SlugMode::standard, false), "ünïcode-é");
    EXPECT_EQ(slugify("日本語！", SlugMode::standard, false), "日本語");
    EXPECT_EQ(slugify("🧨x--y", SlugMode::standard, false), "x-y");
}

TEST(JekyllId, IsTheFolderOfTheUrlAndTheSlug) {
    EXPECT_EQ(post_id("/a/2021/12/08/x.html", "x"), "/a/2021/12/08/x");
    EXPECT_EQ(post_id("/a/2021/12/08/x/", "x"), "/a/2021/12/08/x");
    EXPECT_EQ(post_id("/x.html", "中文 y"), "/中文 y");
}

TEST(JekyllAbsoluteUrl, IsNormalisedAsAddressableDoes) {
    const auto on = [](std::string_view path) { return absolute_url("https://X.com:443", "", path); };
    EXPECT_EQ(on("/a b"), "https://x.com/a%20b");
    EXPECT_EQ(on("/e\xCC\x81"), "https://x.com/%C3%A9");
    EXPECT_EQ(on("/ﬁ/㎡/%EF%BC%91"), "https://x.com/fi/m2/1") << "Addressable normalises to NFKC";
    EXPECT_EQ(on("/%7e%41"), "https://x.com/~A");
    EXPECT_EQ(on("/quote'\"`{}|\\^[]<>"), "https://x.com/quote'%22%60%7B%7D%7C%5C%5E%5B%5D%3C%3E");
    EXPECT_EQ(on("/a;b=c,d:e@f!$&()*+~"), "https://x.com/a;b=c,d:e@f!$&()*+~");
    EXPECT_EQ(on("/50%off"), "https://x.com/50%25off");
    EXPECT_EQ(on("/.././a/./b/../c"), "https://x.com/a/c");
}

TEST(JekyllAbsoluteUrl, KnowsTheBasePath) {
    EXPECT_EQ(absolute_url("https://x.com", "/blog", "/a"), "https://x.com/blog/a");
    EXPECT_EQ(absolute_url("https://x.com", "blog/", "a"), "https://x.com/blog/a");
    EXPECT_EQ(absolute_url("https://x.com/", "", "/a"), "https://x.com//a");
    EXPECT_EQ(absolute_url("", "/blog", "/a"), "/blog/a");
}

}  // namespace
}  // namespace gazetted::jekyll
