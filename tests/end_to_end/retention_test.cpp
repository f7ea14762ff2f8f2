// A category keeps less: what an operator says, what the daemon does of it, and how it is taken back.

#include "tests/support/operator_commands.hpp"
#include "tests/support/temporary_folder.hpp"

#include <filesystem>
#include <fstream>

namespace gazetted {
namespace {

struct KeepLess : OperatorCommands {
    KeepLess() {
        out({"category", "add", "news"});
        database.run(
            "INSERT INTO articles (id, title, content, published) VALUES ('old', 'Old news', '<p>text</p>', now() - interval "
            "'40 days'), "
            "('young', 'Young news', '<p>text</p>', now() - interval '4 days');"
            "INSERT INTO article_categories (article_id, category_id) SELECT a.id, c.id FROM articles a, categories c");
    }
    std::string archive() const {
        for (const auto& entry : std::filesystem::directory_iterator(folder.path())) return entry.path().string();
        return {};
    }
    const TemporaryFolder folder;
};

TEST_F(KeepLess, ByHandAndBack) {
    const auto config = folder.path().string() + ".toml";
    std::ofstream(config) << "retention.folder = \"" << folder.path().string() << "\"\n";
    EXPECT_EQ(out({"retention", "apply", "--dry-run"}), "articles that would be removed: 0\n");
    const auto set = run({"category", "set", "news", "--keep-days", "30", "--json"});
    EXPECT_TRUE(has(set.out, "\"keep_days\":30,\"keep_articles\":null")) << set.out;
    EXPECT_TRUE(has(set.err, "removes nothing")) << set.err;
    EXPECT_EQ(out({"retention", "apply", "--dry-run"}), "old  Old news\narticles that would be removed: 1\n");
    EXPECT_TRUE(has(error({"retention", "apply"}), "retention.folder is not configured"));
    EXPECT_EQ(out({"retention", "apply", "--config", config}), "articles archived and removed: 1\n");
    EXPECT_EQ(database.value("SELECT string_agg(id, ' ') FROM articles"), "young");
    out({"category", "set", "news", "--keep-days", "0", "--keep-articles", "100"});
    std::ofstream(archive(), std::ios::app) << "{\"cut off";
    const auto restored = run({"retention", "restore", archive()});
    EXPECT_EQ(restored.exit_status, 1);
    EXPECT_EQ(restored.out, "articles there again: 1, there already: 0\n");
    EXPECT_TRUE(has(restored.err, "line 2: ")) << restored.err;
    EXPECT_EQ(out({"retention", "apply", "--config", config}), "articles archived and removed: 0\n");
    EXPECT_EQ(database.value("SELECT count(*) FROM articles"), "2");
    EXPECT_TRUE(has(error({"category", "set", "news", "--keep-days", "36501"}, 2), "--keep-days"));
    // Corrected and gone once more: the line that was written last is what it was.
    database.run("UPDATE articles SET title = 'Old news, corrected' WHERE id = 'old'");
    out({"category", "set", "news", "--keep-days", "30"});
    EXPECT_EQ(out({"retention", "apply", "--config", config}), "articles archived and removed: 1\n");
    out({"category", "set", "news", "--keep-days", "0"});
    EXPECT_EQ(run({"retention", "restore", archive()}).out, "articles there again: 1, there already: 0\n");
    EXPECT_EQ(database.value("SELECT title FROM articles WHERE id = 'old'"), "Old news, corrected");
    std::filesystem::remove(config);
}

TEST_F(KeepLess, AndIsToldWhatBecameOfAnArticle) {
    const std::string number = database.value("SELECT number FROM articles WHERE id = 'old'");
    out({"category", "set", "news", "--keep-days", "30"});
    setenv("GAZETTED_RETENTION_FOLDER", folder.path().c_str(), 1);
    out({"retention", "apply"});
    unsetenv("GAZETTED_RETENTION_FOLDER");
    for (const std::string& name : {std::string("old"), number, "/article/" + number}) {
        EXPECT_TRUE(
            has(error({"article", "show", name}), "the article " + name + " is kept no longer: retention removed it at 20"));
        EXPECT_TRUE(has(error({"article", "explain", name, "/all.atom"}), "gazetted retention restore brings back"));
    }
    EXPECT_TRUE(has(error({"render", "/article/" + number}), "the article is kept no longer"));
}

TEST_F(KeepLess, AndIsToldWhatIsWrongWithAnArchive) {
    const std::string file = folder.path().string() + "/passwd";
    std::ofstream(file) << "root:x:0:0\ndaemon:x:1:1\n{}\nbin:x:2:2\n";
    const auto restored = run({"retention", "restore", file});
    EXPECT_EQ(restored.exit_status, 1);
    EXPECT_TRUE(restored.err.starts_with("gazetted: " + file + ": line 1 and 2 others: it is no JSON; line 3: "))
        << restored.err;
    EXPECT_EQ(error({"retention", "restore", folder.path().string() + "/nope"}),
              "gazetted: cannot read " + folder.path().string() + "/nope: No such file or directory\n");
    EXPECT_TRUE(has(error({"retention", "restore", folder.path().string()}), ": Is a directory"));
}

TEST_F(KeepLess, ByTheDaemonItself) {
    const auto page = "/article/" + database.value("SELECT number FROM articles WHERE id = 'old'");
    out({"category", "set", "news", "--keep-days", "30"});
    setenv("GAZETTED_RETENTION_FOLDER", folder.path().c_str(), 1);
    const DaemonProcess daemon({"--database", database.url()});
    unsetenv("GAZETTED_RETENTION_FOLDER");
    EXPECT_TRUE(has(daemon.get_until(page, 410, "").body, "this article is kept no longer")) << daemon.log();
    const auto feed = daemon.get("/category/news.atom");
    EXPECT_EQ(feed.status, 200);
    EXPECT_TRUE(has(feed.body, "Young news"));
    EXPECT_FALSE(has(feed.body, "Old news"));
    EXPECT_FALSE(has(feed.body, "deleted-entry")) << "readers keep what they have";
    EXPECT_FALSE(archive().empty());
    EXPECT_TRUE(has(daemon.log(), "articles_removed articles=1 batches=1")) << daemon.log();
}

}  // namespace
}  // namespace gazetted
