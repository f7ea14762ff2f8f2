// Readers and parsers that other people wrote see what the database holds.

#include "tests/support/daemon_process.hpp"
#include "tests/support/shared_folder.hpp"
#include "tests/support/test_database.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>

namespace gazetted {
namespace {

const std::string here = GAZETTED_SOURCE_DIR "/tests/end_to_end/";

class Readers : public ::testing::Test {
protected:
    void SetUp() override {
        const auto imported = run_command({GAZETTED_BINARY, "import", "jekyll", GAZETTED_SOURCE_DIR "/tests/cases/sample_site",
                                           "--database", database.url()});
        ASSERT_EQ(imported.exit_status, 0) << imported.err;
        const auto rows = run_command(
            {"psql", database.url(), "-qXAt", "-F", "\t", "-c",
             "SELECT id, title, url, floor(extract(epoch FROM published))::bigint, 'text' FROM gazetted.articles"
             " WHERE withdrawn IS NULL AND published <= now() AND title <> '' ORDER BY published DESC, id DESC LIMIT 50"});
        ASSERT_EQ(rows.exit_status, 0) << rows.err;
        expected = lines(rows.out);
        ASSERT_GT(expected.size(), 10U);
    }
    static std::vector<std::string> lines(const std::string& text) {
        std::vector<std::string> found;
        std::istringstream stream(text);
        for (std::string line; std::getline(stream, line);) found.push_back(line);
        return found;
    }
    /// Every row with a title of its own is there, in the same order; an untitled article shows its first words instead.
    void expect_agreement(const std::string& output) const {
        std::vector<std::string> titled;
        for (const std::string& line : lines(output))
            if (std::find(expected.begin(), expected.end(), line) != expected.end()) titled.push_back(line);
        EXPECT_EQ(titled, expected) << output;
    }
    static bool exists(const std::string& program) { return run_command({"which", program}).exit_status == 0; }
    std::string url(const DaemonProcess& daemon, const std::string& target) const {
        return "http://127.0.0.1:" + std::to_string(daemon.port()) + target;
    }

    TestDatabase database;
    std::vector<std::string> expected;
};

TEST_F(Readers, FeedparserAgreesOnEveryEntry) {
    const std::string python = "/usr/bin/python3";
    if (run_command({python, "-c", "import feedparser"}).exit_status != 0)
        GTEST_SKIP() << "python3-feedparser is not installed";
    DaemonProcess daemon({"--database", database.url()});
    for (const char* target : {"/all.atom", "/all.rss"}) {
        const auto read = run_command({python, here + "read_with_feedparser.py", url(daemon, target)});
        ASSERT_EQ(read.exit_status, 0) << read.err;
        expect_agreement(read.out);
    }
}

TEST_F(Readers, PerlXmlFeedAgreesOnEveryEntry) {
    if (run_command({"perl", "-MXML::Feed", "-e", "1"}).exit_status != 0) GTEST_SKIP() << "libxml-feed-perl is not installed";
    DaemonProcess daemon({"--database", database.url()});
    for (const char* target : {"/all.atom", "/all.rss"}) {
        const std::string file = std::filesystem::temp_directory_path() / ("gazetted-readers-" + std::to_string(getpid()));
        std::ofstream(file, std::ios::binary) << daemon.get(target).body;
        const auto read = run_command({"perl", here + "read_with_xml_feed.pl", file});
        std::filesystem::remove(file);
        ASSERT_EQ(read.exit_status, 0) << read.err;
        expect_agreement(read.out);
    }
}

TEST_F(Readers, NewsboatShowsEveryTitle) {
    if (!exists("newsboat")) GTEST_SKIP() << "newsboat is not installed";
    DaemonProcess daemon({"--database", database.url()});
    const auto folder = std::filesystem::temp_directory_path() / ("gazetted-newsboat-" + std::to_string(getpid()));
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "urls") << url(daemon, "/all.atom") << "\n";
    std::ofstream(folder / "config") << "";
    const std::vector<std::string> newsboat = {"newsboat",          "-u", folder / "urls",   "-c",
                                               folder / "cache.db", "-C", folder / "config", "-x"};
    auto reload = newsboat;
    reload.push_back("reload");
    const auto reloaded = run_command(reload);
    const auto counted =
        run_command({"/usr/bin/python3", "-c",
                     "import sqlite3, sys\n"
                     "for guid, title in sqlite3.connect(sys.argv[1]).execute('SELECT guid, title FROM rss_item'):\n"
                     "    print(guid, title, sep='\\t')",
                     folder / "cache.db"});
    std::filesystem::remove_all(folder);
    ASSERT_EQ(reloaded.exit_status, 0) << reloaded.err << reloaded.out;
    ASSERT_EQ(counted.exit_status, 0) << counted.err;
    for (const std::string& row : expected) {
        const auto title_end = row.find('\t', row.find('\t') + 1);
        EXPECT_NE(counted.out.find(row.substr(0, title_end) + "\n"), std::string::npos) << row << "\n--\n" << counted.out;
    }
}

TEST_F(Readers, EveryFeedIsWellFormedAndEveryAtomFeedIsValid) {
    if (!exists("xmllint")) GTEST_SKIP() << "xmllint (libxml2-utils) is not installed";
    const std::string schema = shared_folder() / "schemas/atom-rfc4287.rng";
    DaemonProcess daemon({"--database", database.url()});
    const auto slugs = run_command({"psql", database.url(), "-qXAt", "-c", "SELECT slug FROM gazetted.categories"});
    std::vector<std::string> selections = {"/all"};
    const std::string opml = daemon.get("/feeds.opml").body;
    for (std::size_t at = opml.find("/category/"); at != std::string::npos; at = opml.find("/category/", at + 1)) {
        const std::string path = opml.substr(at, opml.find('"', at) - at);
        if (path.ends_with(".atom")) selections.push_back(path.substr(0, path.size() - 5));
    }
    ASSERT_EQ(selections.size(), lines(slugs.out).size() + 1) << opml;
    for (const std::string& selection : selections) {
        const auto atom = daemon.get(selection + ".atom");
        ASSERT_EQ(atom.status, 200) << selection;
        std::vector<std::string> check = {"xmllint", "--nonet", "--noout", "-"};
        if (std::filesystem::exists(schema)) check.insert(check.begin() + 2, {"--relaxng", schema});
        const auto checked = run_command(check, atom.body);
        EXPECT_EQ(checked.exit_status, 0) << selection << checked.err;
        const auto rss = run_command({"xmllint", "--nonet", "--noout", "-"}, daemon.get(selection + ".rss").body);
        EXPECT_EQ(rss.exit_status, 0) << selection << rss.err;
        const auto json = run_command({"/usr/bin/python3", "-m", "json.tool"}, daemon.get(selection + ".json").body);
        EXPECT_EQ(json.exit_status, 0) << selection << json.err;
    }
}

}  // namespace
}  // namespace gazetted
