#include "daemon/jekyll/files.hpp"
#include "daemon/jekyll/post.hpp"
#include "daemon/jekyll/site.hpp"
#include "tests/support/shared_folder.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>

namespace gazetted {
namespace {

namespace fs = std::filesystem;

struct FeedEntry {
    std::string id;
    std::string link;
    std::string published;
    friend bool operator==(const FeedEntry&, const FeedEntry&) = default;
};
std::ostream& operator<<(std::ostream& out, const FeedEntry& entry) {
    return out << entry.id << " <" << entry.link << "> " << entry.published;
}
using Entries = std::map<std::string, FeedEntry>;

bool runs(const std::string& command) { return std::system((command + " >/dev/null 2>&1").c_str()) == 0; }

std::string text_of_file(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

void write(const fs::path& path, const std::string& text) {
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
}

std::string between(const std::string& text, const std::string& start, const std::string& end) {
    const auto at = text.find(start);
    if (at == std::string::npos) return {};
    return text.substr(at + start.size(), text.find(end, at + start.size()) - at - start.size());
}

std::string unescape(std::string text) {
    for (const auto& [escape, character] : std::map<std::string, std::string>{
             {"&#39;", "'"}, {"&apos;", "'"}, {"&quot;", "\""}, {"&lt;", "<"}, {"&gt;", ">"}, {"&amp;", "&"}})
        for (auto at = text.find(escape); at != std::string::npos; at = text.find(escape, at + 1))
            text.replace(at, escape.size(), character);
    return text;
}

/// A copy of a site that Jekyll alone, without its theme, can build.
class BuiltSite : public testing::Test {
protected:
    void SetUp() override {
        static const bool installed =
            runs("ruby -e 'require \"jekyll\"; require \"jekyll-feed\"'") && runs("command -v jekyll");
        if (!installed) GTEST_SKIP() << "jekyll and jekyll-feed are not installed";
        for (const auto* layout : {"post", "category", "default"})
            write(folder_ / "_layouts" / (std::string(layout) + ".html"), "{{ content }}\n");
    }

    /// Without the theme; a site in safe mode (as GitHub builds it) needs the plugin named once more.
    void copy(const fs::path& site) {
        fs::copy(site, folder_, fs::copy_options::recursive | fs::copy_options::overwrite_existing);
        for (const auto& file : fs::recursive_directory_iterator(folder_))
            fs::permissions(file.path(), fs::perms::owner_write, fs::perm_options::add);
        std::istringstream lines(text_of_file(folder_ / "_config.yml"));
        std::string config;
        for (std::string line; std::getline(lines, line);)
            if (!line.starts_with("theme:")) config += line + '\n';
        write(folder_ / "_config.yml", config + "\nwhitelist: [jekyll-feed]\nfeed:\n  posts_limit: 1000\n");
    }

    Entries jekylls() const {
        const std::string command =
            "cd '" + folder_.string() + "' && jekyll build --quiet --disable-disk-cache > build.log 2>&1";
        EXPECT_EQ(std::system(command.c_str()), 0) << text_of_file(folder_ / "build.log");
        std::string feed = text_of_file(folder_ / "_site" / "feed.xml");
        Entries entries;
        for (auto at = feed.find("<entry"); at != std::string::npos; at = feed.find("<entry", at + 1)) {
            const std::string entry = feed.substr(at, feed.find("</entry>", at) - at);
            FeedEntry read{unescape(between(entry, "<id>", "</id>")), unescape(between(entry, "<link href=\"", "\"")),
                           between(entry, "<published>", "</published>")};
            entries[read.id] = read;
        }
        return entries;
    }

    /// Only what Jekyll takes for a post.
    Entries ours() const {
        const auto config = jekyll::parse_yaml(text_of_file(folder_ / "_config.yml"), 1);
        const jekyll::Site site = jekyll::read_site(config->value).site;
        Entries entries;
        for (const auto& path : jekyll::list_site(folder_, site.excluded, site.collections_folder).posts) {
            const auto file = jekyll::read_file(folder_, path);
            EXPECT_TRUE(file) << path;
            const auto post = jekyll::read_post({path, file->bytes, file->modified}, site, {});
            EXPECT_TRUE(post) << path << ": " << post.error().reason;
            if (!post || post->article.url.empty() || !post->published) continue;
            const auto local = site.zone.to_local(std::chrono::floor<std::chrono::seconds>(post->article.published));
            entries[post->article.id] = {post->article.id, post->article.url,
                                         to_rfc3339(Instant(local.time_since_epoch())).substr(0, 19)};
        }
        return entries;
    }

    void expect_the_same() const {
        auto theirs = jekylls();
        // Both in the site's zone; the offset follows from it.
        for (auto& [id, entry] : theirs) entry.published = entry.published.substr(0, 19);
        const auto mine = ours();
        EXPECT_EQ(mine.size(), theirs.size());
        for (const auto& [id, entry] : theirs) {
            const auto found = mine.find(id);
            if (found == mine.end())
                ADD_FAILURE() << "Jekyll alone has " << entry;
            else
                EXPECT_EQ(found->second, entry);
        }
        for (const auto& [id, entry] : mine) EXPECT_TRUE(theirs.contains(id)) << "Jekyll has no " << entry;
    }

    const TemporaryFolder temporary_;
    const fs::path folder_ = temporary_.path();
};

using JekyllAgrees = BuiltSite;

TEST_F(JekyllAgrees, OnIdsLinksAndDatesOfOurSampleSite) {
    copy(fs::path(GAZETTED_SOURCE_DIR) / "tests/cases/sample_site");
    write(folder_ / "_includes/board-table.html", "boards\n");
    // Jekyll cannot read the front matter of these, and then dates them with the day of the build.
    for (const auto* name :
         {"2022-01-14-harbour-ledger-freight.md", "2022-03-03-chipwatch-yield.md", "2024-01-10-chipwatch-memory.md",
          "2024-07-09-renmincaixun-3.md", "2025-05-06-harbour-ledger-pilots.md"})
        fs::remove(folder_ / "_posts" / name);
    expect_the_same();
}

TEST_F(JekyllAgrees, OnIdsLinksAndDatesOfARealSite) {
    const fs::path site = shared_folder() / "samples/finews";
    if (!fs::exists(site)) GTEST_SKIP() << site << " is not there";
    copy(site);
    expect_the_same();
}

/// One post for each rule, under several permalinks.
class JekyllAgreesOn : public BuiltSite, public testing::WithParamInterface<std::string> {};

void write_rule_posts(const fs::path& site) {
    const auto post = [&](const std::string& name, const std::string& head) {
        write(site / name, "---\n" + head + "---\ntext\n");
    };
    post("_posts/2021-12-08-plain.md", "title: a\n");
    post("_posts/2021-12-09-utc-evening.md", "date: 2021-12-09 20:00:00\n");
    post("_posts/2021-12-10-no-seconds.md", "date: 2021-12-10 23:30\n");
    post("_posts/2021-12-11-quoted.md", "date: \"2021-12-11 23:30:00\"\n");
    post("_posts/2021-12-12-zone.md", "date: 2021-12-12 23:30:00 -0500\n");
    post("_posts/2021-12-13-other-day.md", "date: 2020-02-29\n");
    post("_posts/2021-12-14-words.md", "categories: One two One\ntags: x y\n");
    post("_posts/2021-12-15-list.md", "categories: [Tech News, 科技, a(b)]\n");
    post("_posts/2021-12-16-single.md", "category: Two Words\ncategories: three\n");
    post("_posts/2021-12-17-中文 文件名！.md", "title: b\n");
    post("_posts/2021-12-18-Upper_Case.And~more!.markdown", "title: b\n");
    post("_posts/2021-12-19-slugged.md", "slug: My Own Slug\n");
    post("_posts/2021-12-20-permalinked.md", "permalink: /own/:year/:title.html\n");
    post("_posts/2021-12-21-dots...md", "title: b\n");
    post("_posts/2021-12-22-quote'\"(x).md", "title: b\n");
    post("_posts/21-2-3-short.md", "title: b\n");
    post("_posts/sub/2021-12-23-below.md", "title: b\n");
    post("news/_posts/2021-12-24-above.md", "categories: extra\n");
    post("news/Deep Er/_posts/2021-12-25-above.html", "title: b\n");
    post("_posts/2021-12-26-full-width-１２３ﬁ.md", "title: b\n");
    post("_posts/2021-12-27-by-default.md", "title: b\n");
    post("_posts/2021-12-28-unpublished.md", "published: false\n");
    write(site / "_posts/2021-12-29-blank.md", "\n---\ntitle: c\ndate: 2020-01-01\ncategories: lost\n---\ntext\n");
    write(site / "_posts/2021-12-30-bom.md", "\xEF\xBB\xBF---\ntitle: c\ncategories: kept\n---\ntext\n");
    write(site / "_posts/2022-01-01-crlf.md", "---\r\ntitle: c\r\ncategories: kept\r\n---\r\ntext\r\n");
    write(site / "_posts/.hidden/2022-01-02-x.md", "---\n---\nx\n");
    write(site / "_posts/_2022-01-02-x.md", "---\n---\nx\n");
    write(site / "_drafts/2022-01-03-draft.md", "---\ntitle: d\n---\ntext\n");
    write(site / "vendor/bundle/_posts/2022-01-03-vendored.md", "---\ntitle: d\n---\ntext\n");
}

TEST_P(JekyllAgreesOn, IdsLinksAndDatesOfEveryRule) {
    write_rule_posts(folder_);
    write(folder_ / "_config.yml",
          "title: t\nurl: https://Example.org\nplugins: [jekyll-feed]\n" + GetParam() + "feed:\n  posts_limit: 1000\n");
    expect_the_same();
}

INSTANTIATE_TEST_SUITE_P(
    Permalinks, JekyllAgreesOn,
    testing::Values(
        "timezone: Asia/Shanghai\n", "timezone: America/New_York\npermalink: pretty\nbaseurl: /blog\n",
        "timezone: Europe/Berlin\npermalink: ordinal\n", "timezone: UTC\npermalink: weekdate\nbaseurl: blog/\n",
        "timezone: Asia/Kolkata\npermalink: none\n",
        "timezone: Asia/Shanghai\npermalink: /:slugified_categories/:short_year/:i_month/:i_day/:hour:minute/:slug\n",
        "timezone: Asia/Shanghai\npermalink: /p/:name:output_ext\ncollections:\n  posts:\n    permalink: /c/:path\n",
        "timezone: Asia/Shanghai\ndefaults:\n- scope: {path: ''}\n  values: {categories: [base]}\n"
        "- scope: {path: _posts/sub, type: posts}\n  values: {permalink: '/below/:title/'}\n"));

}  // namespace
}  // namespace gazetted
