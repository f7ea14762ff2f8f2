#include "daemon/import_jekyll.hpp"
#include "daemon/import_report.hpp"
#include "tests/support/shared_folder.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/test_database.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>

namespace gazetted {
namespace {

namespace fs = std::filesystem;

void no_progress(std::int64_t, std::int64_t) {}

/// Standard output of a command.
std::string output_of(const std::string& command) {
    std::string out;
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
    std::array<char, 4096> buffer{};
    while (const auto n = fread(buffer.data(), 1, buffer.size(), pipe.get())) out.append(buffer.data(), n);
    return out;
}

class JekyllImport : public testing::Test {
protected:
    void write(const fs::path& path, const std::string& text) const {
        fs::create_directories((site_ / path).parent_path());
        std::ofstream(site_ / path, std::ios::binary) << text;
    }
    void configure(const std::string& more = "") const {
        write("_config.yml", "title: Site\nurl: https://x.example\ntimezone: Asia/Shanghai\nlang: en\nauthor: Desk\n" + more);
    }
    JekyllImportSummary import(const JekyllImportOptions& options = {}) { return import_from(site_, options); }
    JekyllImportSummary import_from(const fs::path& site, const JekyllImportOptions& options = {}) {
        Store store(database_.url());
        return import_jekyll(store, site, options, no_progress);
    }
    static std::string reason_of(const JekyllImportSummary& summary, const std::string& path) {
        for (const auto& notice : summary.set_aside)
            if (notice.path == path) return notice.reason;
        return "not set aside";
    }
    std::string titles() const {
        return database_.value("SELECT coalesce(string_agg(title, '|' ORDER BY title COLLATE \"C\"), '') FROM articles");
    }

    TestDatabase database_;
    const TemporaryFolder temporary_;
    const fs::path site_ = temporary_.path();
};

TEST_F(JekyllImport, BringsArticlesWithTheirCategoriesAndTags) {
    configure();
    write("category/a.html", "---\nlayout: category\ntitle: First Things\ncategory: first things (x)\n---\n");
    write("_posts/2021-12-08-a.md",
          "---\ntitle: A\ndate: 2021-12-08 10:18:31\ncategories: first things (x)\ntags: t 标签\n---\n*a*\n");
    write("_posts/2021-12-09-b.md", "---\ntitle: B\ncategories: one two\n---\nb\n");
    const auto summary = import();
    EXPECT_EQ(summary.found, 2);
    EXPECT_EQ(summary.merged.added, 2);
    EXPECT_EQ(database_.value("SELECT string_agg(slug || '=' || title, ',' ORDER BY slug) FROM categories"),
              "first things (x)=First Things,one=,two=");
    EXPECT_EQ(database_.value("SELECT id FROM articles WHERE title = 'A'"), "https://x.example/first/things/(x)/2021/12/08/a");
    EXPECT_EQ(database_.value("SELECT url FROM articles WHERE title = 'A'"),
              "https://x.example/first/things/(x)/2021/12/08/a.html");
    EXPECT_EQ(database_.value("SELECT published AT TIME ZONE 'UTC' FROM articles WHERE title = 'A'"), "2021-12-08 10:18:31");
    EXPECT_EQ(database_.value("SELECT content FROM articles WHERE title = 'A'"), "<p><em>a</em></p>\n");
    EXPECT_EQ(database_.value("SELECT string_agg(tag, ',' ORDER BY tag) FROM article_tags"), "t,标签");
    EXPECT_EQ(database_.value("SELECT authors->0->>'name' FROM articles WHERE title = 'A'"), "Desk");
    EXPECT_EQ(database_.value("SELECT title || language FROM site"), "Siteen");
    EXPECT_EQ(database_.value("SELECT slug FROM sources"), "x.example");
}

TEST_F(JekyllImport, BringsTheImageOfAPostAsItsThumbnail) {
    configure();
    write("_posts/2021-12-08-a.md", "---\ntitle: A\nimage: /img/a.png\n---\na\n");
    write("_posts/2021-12-08-b.md", "---\ntitle: B\nimage:\n  path: https://cdn.example/b.jpg\n---\nb\n");
    write("_posts/2021-12-08-c.md", "---\ntitle: C\nimage: https://e.example/with blanks.png\n---\nc\n");
    write("_posts/2021-12-08-d.md", "---\ntitle: D\nimage: " + std::string(5'000, 'x') + "\n---\nd\n");
    EXPECT_EQ(import().merged.added, 4);
    EXPECT_EQ(database_.value("SELECT string_agg(concat_ws(' ', url, media_type, role), ', ' ORDER BY url) FROM enclosures"),
              "https://cdn.example/b.jpg image/jpeg thumbnail, https://x.example/img/a.png image/png thumbnail");
}

TEST_F(JekyllImport, ChangesNothingTheSecondTime) {
    configure();
    for (int i = 0; i < 30; ++i)
        write("_posts/2021-12-08-p" + std::to_string(i) + ".md", "---\ntitle: a\ncategories: c\n---\nb\n");
    EXPECT_EQ(import({.batch = 7}).merged.added, 30);
    const auto revisions = database_.value("SELECT sum(revision) FROM categories");
    const auto again = import({.batch = 7});
    EXPECT_EQ(again.merged.unchanged, 30);
    EXPECT_EQ(again.merged.added + again.merged.updated, 0);
    EXPECT_EQ(database_.value("SELECT sum(revision) FROM categories"), revisions);
    write("_posts/2021-12-08-p3.md", "---\ntitle: new\ncategories: c\n---\nb\n");
    EXPECT_EQ(import().merged.updated, 1);
}

/// Posts that differ, in one category.
struct ImportedAgain : JekyllImport {
    ImportedAgain() {
        configure();
        for (const std::string name : {"a", "b", "c", "d"}) post("_posts/2021-12-08-" + name + ".md", name, "one");
        import();
        ids_ = ids();
    }
    void post(const fs::path& path, const std::string& name, const std::string& category, const std::string& more = "") const {
        write(path, "---\ntitle: " + name + "\ncategories: " + category + "\n" + more + "---\nThe text of " + name + ".\n");
    }
    std::string ids() const {
        return database_.value(
            "SELECT string_agg(title || ' ' || id, '|' ORDER BY title COLLATE \"C\") FROM articles WHERE withdrawn IS NULL");
    }
    std::string ids_;
};

TEST_F(ImportedAgain, KeepsItsIdsWhereTheSiteMoves) {
    write("_config.yml", "title: Site\nurl: https://y.example\nbaseurl: /new\npermalink: /:title/\ntimezone: UTC\n");
    const auto summary = import();
    EXPECT_EQ(summary.merged.added, 0);
    EXPECT_EQ(summary.merged.updated, 4);
    ASSERT_EQ(summary.warnings.size(), 1U);
    EXPECT_EQ(summary.warnings[0].reason, "the site was known as x.example: its posts keep their ids");
    EXPECT_EQ(ids(), ids_);
    EXPECT_EQ(database_.value("SELECT url FROM articles WHERE title = 'a'"), "https://y.example/new/a/");
    EXPECT_EQ(database_.value("SELECT string_agg(slug, ' ') FROM sources"), "y.example");
    EXPECT_EQ(import().merged.unchanged, 4);
}

TEST_F(ImportedAgain, KeepsTheIdOfAPostWhoseCategoryOrDateOrFileChanges) {
    post("_posts/2021-12-08-a.md", "a", "two");
    post("_posts/2021-12-08-b.md", "b", "one", "date: 2022-01-02 10:00:00 +0800\n");
    fs::rename(site_ / "_posts/2021-12-08-c.md", site_ / "_posts/2023-02-03-another-name.md");
    post("_posts/2021-12-08-d.md", "d", "one", "permalink: /elsewhere/\n");
    const auto summary = import();
    EXPECT_EQ(summary.merged.added, 0);
    EXPECT_EQ(ids(), ids_);
    EXPECT_EQ(
        database_.value("SELECT string_agg(c.slug, ' ') FROM article_categories b JOIN categories c ON c.id = b.category_id "
                        "JOIN articles a ON a.id = b.article_id WHERE a.title = 'a'"),
        "two");
    post("_posts/2023-02-03-another-name.md", "c", "one", "tags: later\n");
    EXPECT_EQ(import().merged.added, 0);
    EXPECT_EQ(ids(), ids_);
}

TEST_F(ImportedAgain, GivesNoPostTheIdThatAnotherHasFromBefore) {
    post("_posts/2021-12-08-b.md", "b", "one", "permalink: /elsewhere/\n");
    post("_posts/2021-12-08-an-earlier-file.md", "new", "one", "permalink: /one/2021/12/08/b.html\nslug: b\n");
    auto summary = import();
    EXPECT_EQ(ids(), ids_);
    EXPECT_EQ(reason_of(summary, "_posts/2021-12-08-an-earlier-file.md").find("has the same id as _posts/2021-12-08-b.md"), 0U)
        << reason_of(summary, "_posts/2021-12-08-an-earlier-file.md");
    fs::remove(site_ / "_posts/2021-12-08-b.md");
    summary = import();
    EXPECT_TRUE(summary.set_aside.empty()) << "it stands where the other stood";
    EXPECT_EQ(summary.merged.added, 0);
    EXPECT_EQ(titles(), "a|c|d|new");
}

TEST_F(ImportedAgain, IsNotTakenForAnotherSiteWithFewFilesOfTheSameNames) {
    const TemporaryFolder other;
    const auto write_there = [&](const std::string& path, const std::string& text) {
        fs::create_directories((other.path() / path).parent_path());
        std::ofstream(other.path() / path) << text;
    };
    write_there("_config.yml", "title: Other\nurl: https://z.example\ntimezone: UTC\nauthor: Else\n");
    for (const std::string name : {"a", "b", "e"})
        write_there("_posts/2021-12-08-" + name + ".md", "---\ntitle: other " + name + "\n---\nText.\n");
    EXPECT_EQ(import_from(other.path()).merged.added, 3);
    EXPECT_EQ(database_.value("SELECT string_agg(slug, ' ' ORDER BY slug) FROM sources"), "x.example z.example");
    const auto described = database_.value("SELECT title || author FROM site");
    EXPECT_EQ(described, "SiteDesk") << "the first site that was imported";
    import();
    import_from(other.path());
    EXPECT_EQ(database_.value("SELECT title || author FROM site"), described);
}

TEST_F(JekyllImport, WithdrawsNothingWhileAFileIsSetAside) {
    write("_posts/2024-01-01-a.md", "---\ntitle: A\n---\nA.\n");
    write("_posts/2024-01-02-b.md", "---\ntitle: B\n---\nB.\n");
    EXPECT_EQ(import().merged.added, 2);
    write("_posts/2024-01-01-a.md", "---\ntitle: A\n");
    const auto summary = import({.prune = true});
    EXPECT_EQ(summary.set_aside.size(), 1U);
    EXPECT_EQ(summary.withdrawn, 0);
}

TEST_F(JekyllImport, WithdrawsWhatVanishedOnlyWhenAsked) {
    configure();
    write("_posts/2021-12-08-a.md", "---\ntitle: A\n---\na\n");
    write("_posts/2021-12-08-b.md", "---\ntitle: B\n---\nb\n");
    import();
    fs::remove(site_ / "_posts/2021-12-08-a.md");
    EXPECT_EQ(import().withdrawn, 0);
    EXPECT_EQ(import({.prune = true}).withdrawn, 1);
    EXPECT_EQ(database_.value("SELECT title FROM articles WHERE withdrawn IS NOT NULL"), "A");
    fs::remove(site_ / "_posts/2021-12-08-b.md");
    EXPECT_EQ(import({.prune = true}).withdrawn, 0) << "a site without posts is more likely a mistake";
}

TEST_F(JekyllImport, ReadsDatesWithoutZoneInTheSitesZoneWhenAskedAndKeepsTheId) {
    configure();
    write("_posts/2021-12-08-a.md", "---\ntitle: A\ndate: 2021-12-08 20:00:00\n---\na\n");
    import();
    EXPECT_EQ(database_.value("SELECT id FROM articles"), "https://x.example/2021/12/09/a");
    EXPECT_EQ(import({.local_dates = true}).merged.updated, 1);
    EXPECT_EQ(database_.value("SELECT id FROM articles"), "https://x.example/2021/12/09/a");
    EXPECT_EQ(database_.value("SELECT published AT TIME ZONE 'UTC' FROM articles"), "2021-12-08 12:00:00");
}

TEST_F(JekyllImport, TakesAPostWithoutTitleAndDateByTheDigitsOfItsName) {
    configure();
    write("_posts/-202205262391921712.md", "---\ntitle: \"\"\ndate:  +0800\ncategories: emnews\n---\ntext\n");
    const auto summary = import();
    EXPECT_EQ(summary.merged.added, 1);
    EXPECT_GE(summary.warnings.size(), 2u);
    EXPECT_EQ(database_.value("SELECT id FROM articles"), "https://x.example/emnews/2022/05/26/-202205262391921712");
    EXPECT_EQ(database_.value("SELECT coalesce(url, 'none') FROM articles"), "none");
    EXPECT_EQ(database_.value("SELECT published AT TIME ZONE 'Asia/Shanghai' FROM articles"), "2022-05-26 00:00:00");
}

TEST_F(JekyllImport, TakesTheFilesTimeAsALastResortAndKeepsItOutOfTheId) {
    configure();
    write("_posts/undated.md", "---\ntitle: A\n---\na\n");
    import();
    EXPECT_EQ(database_.value("SELECT id FROM articles"), "https://x.example/undated");
    fs::last_write_time(site_ / "_posts/undated.md", fs::file_time_type::clock::now() - std::chrono::hours(48));
    EXPECT_EQ(import().merged.updated, 1);
    EXPECT_EQ(database_.value("SELECT count(*) FROM articles"), "1");
}

TEST_F(JekyllImport, SetsBadFilesAsideAndTakesTheRest) {
    configure();
    write("_posts/2021-12-08-good.md", "---\ntitle: good\n---\na\n");
    write("_posts/2021-12-08-gbk.md", "---\ntitle: \xd6\xd0\xce\xc4\n---\na\n");
    write("_posts/2021-12-08-nul.md", std::string("---\ntitle: a\0b\n---\na\n", 21));
    write("_posts/2021-12-08-quote.md", "---\ntitle: \"a\n---\na\n");
    write("_posts/2021-12-08-none.md", "text\n");
    write("_posts/2021-12-08-empty.md", "---\ntitle: \"\"\n---\n\n");
    write("_posts/sub/2021-12-08-good.md", "---\ntitle: twin\n---\na\n");
    write("_posts/2021-12-08-hidden.md", "---\ntitle: hidden\npublished: false\n---\na\n");
    write("_posts/2021-12-08-big.md", "---\ntitle: a\n---\n");
    fs::resize_file(site_ / "_posts/2021-12-08-big.md", (std::uintmax_t{8} << 20) + 1);
    ASSERT_EQ(mkfifo((site_ / "_posts/2021-12-08-fifo.md").c_str(), 0600), 0);
    fs::create_symlink("2021-12-08-loop.md", site_ / "_posts/2021-12-08-loop.md");
    fs::create_symlink("/proc/self/environ", site_ / "_posts/2021-12-08-out.md");
    fs::create_directory_symlink("..", site_ / "_posts/round");
    const auto summary = import();
    EXPECT_EQ(titles(), "good");
    EXPECT_EQ(summary.unpublished, 1);
    EXPECT_EQ(reason_of(summary, "_posts/2021-12-08-gbk.md"), "not UTF-8, looks like GBK/GB18030; convert with iconv");
    EXPECT_EQ(reason_of(summary, "_posts/2021-12-08-nul.md"), "not text: a NUL byte");
    EXPECT_TRUE(reason_of(summary, "_posts/2021-12-08-quote.md").starts_with("not YAML"));
    EXPECT_TRUE(reason_of(summary, "_posts/2021-12-08-none.md").starts_with("no front matter"));
    EXPECT_EQ(reason_of(summary, "_posts/2021-12-08-empty.md"), "neither a title nor a text");
    EXPECT_EQ(reason_of(summary, "_posts/sub/2021-12-08-good.md"),
              "has the same id as _posts/2021-12-08-good.md: https://x.example/2021/12/08/good");
    EXPECT_EQ(reason_of(summary, "_posts/2021-12-08-big.md"), "larger than 8 MiB");
    EXPECT_EQ(reason_of(summary, "_posts/2021-12-08-fifo.md"), "not a regular file");
    EXPECT_EQ(reason_of(summary, "_posts/2021-12-08-loop.md"), "a link in a loop of links");
    EXPECT_EQ(reason_of(summary, "_posts/2021-12-08-out.md"), "a link that leaves the site");
    EXPECT_EQ(reason_of(summary, "_posts/round"), "a link to a folder is not followed");
    EXPECT_EQ(import_status(summary, false), 0);
    EXPECT_EQ(import_status(summary, true), 1);
}

TEST_F(JekyllImport, ReadsAFileOfExactlyTheLimit) {
    configure();
    std::string text = "---\ntitle: full\n---\n";
    while (text.size() < (std::size_t{8} << 20)) text += text.size() % 64 ? "x" : "\n\n";
    text.resize(std::size_t{8} << 20);
    write("_posts/2021-12-08-full.md", text);
    const auto summary = import();
    EXPECT_EQ(summary.merged.added, 1) << reason_of(summary, "_posts/2021-12-08-full.md");
}

TEST_F(JekyllImport, RefusesAFolderThatIsNoSite) {
    write("readme.txt", "x");
    EXPECT_THROW(import(), std::runtime_error);
    EXPECT_THROW(import_from(site_ / "missing"), std::runtime_error);
}

TEST_F(JekyllImport, TakesAllOfTheSampleSite) {
    const auto summary = import_from(fs::path(GAZETTED_SOURCE_DIR) / "tests/cases/sample_site");
    EXPECT_EQ(summary.merged.added, summary.found);
    EXPECT_GE(summary.found, 30);
    EXPECT_TRUE(summary.set_aside.empty()) << summary.set_aside.front().path << summary.set_aside.front().reason;
    EXPECT_EQ(database_.value("SELECT count(*) FROM categories WHERE title = ''"), "0") << "every category has its page";
    EXPECT_EQ(database_.value("SELECT count(*) FROM articles WHERE title = ''"), "1");
    EXPECT_EQ(database_.value("SELECT title FROM articles WHERE id LIKE '%freight'"), "Freight rates: the tide turns, slowly");
    EXPECT_EQ(database_.value("SELECT count(*) FROM article_categories c JOIN categories k ON k.id = c.category_id"
                              " WHERE k.slug = 'lvse nengyuan (shanghai)'"),
              "5");
}

TEST_F(JekyllImport, TakesAllPostsOfARealSite) {
    const fs::path site = shared_folder() / "samples/finews";
    if (!fs::exists(site)) GTEST_SKIP() << site << " is not there";
    const auto summary = import_from(site);
    EXPECT_EQ(summary.merged.added, 6);
    EXPECT_EQ(database_.value("SELECT string_agg(id, ' ' ORDER BY id) FROM articles"),
              "https://finews.withounder.com/2021/12/08/202112082206703990"
              " https://finews.withounder.com/emnews/2021/12/08/202112082206891114"
              " https://finews.withounder.com/emnews/2021/12/08/202112082206928461"
              " https://finews.withounder.com/emnews/2022/05/26/-202205262391921712"
              " https://finews.withounder.com/renminyoudianbao/2021/12/24/NW202112242225054730"
              " https://finews.withounder.com/sitenews/2021/12/01/init");
    EXPECT_EQ(database_.value("SELECT string_agg(slug || '=' || title, ' ' ORDER BY slug) FROM categories"),
              "anxinguojizhengquan(xianggang)=中国商报网新闻 emnews= renminyoudianbao=人民邮电报新闻 sitenews=");
}

/// Each hostile file is taken or set aside as its case says, in bounded memory, and the ten thousand good ones beside it are
/// in.
TEST_F(JekyllImport, SurvivesHostileFiles) {
    const auto manifest = shared_folder() / "jekyll/manifest.json";
    const auto generator = shared_folder() / "bin/gen-jekyll";
    if (!fs::exists(manifest) || !fs::exists(generator)) GTEST_SKIP() << manifest << " is not there";
    output_of("python3 '" + generator.string() + "' '" + manifest.string() + "' '" + site_.string() + "' 2>&1");
    const auto summary = import();
    EXPECT_GE(summary.merged.added, 10'000);
    struct rusage usage {};
    getrusage(RUSAGE_SELF, &usage);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // they keep freed memory
    EXPECT_LT(usage.ru_maxrss, 256 * 1024) << "KiB";
#endif

    std::map<std::string, std::string> reasons;
    for (const auto& notice : summary.set_aside) reasons.emplace(notice.path, notice.reason);
    std::istringstream cases(
        output_of("python3 -c 'import json,sys\nfor c in json.load(open(sys.argv[1]))[\"cases\"]:\n"
                  "  g=c.get(\"gen\",{}).get(\"kind\")\n"
                  "  if g not in (\"many\",\"badname\",\"mixed\") and chr(10) not in c[\"file\"]:"
                  " print(c[\"expect\"]+chr(9)+c[\"file\"])' '" +
                  manifest.string() + "'"));
    int checked = 0;
    for (std::string line; std::getline(cases, line); ++checked) {
        const std::string expect = line.substr(0, line.find('\t'));
        const std::string file = line.substr(line.find('\t') + 1);
        const auto reason = reasons.find(file);
        if (expect == "import") {
            EXPECT_EQ(reason, reasons.end()) << file << ": " << reason->second;
        }
        if (expect == "reject-file") {
            EXPECT_NE(reason, reasons.end()) << file << " is not set aside";
        }
    }
    EXPECT_GT(checked, 50);
    const auto again = import();
    EXPECT_EQ(again.merged.added + again.merged.updated, 0);
}

TEST(ImportReport, ForgesNoLines) {
    JekyllImportSummary summary;
    summary.found = 2;
    summary.merged.added = 1;
    summary.set_aside.push_back({"a\nset aside: b", 3, "no\x1b[31m"});
    std::ostringstream out;
    print_import(out, summary);
    EXPECT_EQ(out.str(),
              "set aside: a\\x0aset aside: b:3: no\\x1b[31m\n"
              "2 posts: 1 new, 0 updated, 0 unchanged, 0 unpublished, 1 set aside\n");
}

TEST(ImportReport, DrawsABar) {
    EXPECT_EQ(progress_line(5, 10), "[##########··········] 50 % 5/10");
    EXPECT_EQ(progress_line(0, 0), "[####################] 100 % 0/0");
}

}  // namespace
}  // namespace gazetted
