// Readers and parsers that other people wrote see what the database holds.

#include "feeds/sanitise_html.hpp"
#include "tests/support/daemon_process.hpp"
#include "tests/support/shared_folder.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/test_database.hpp"

#include <boost/json.hpp>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace gazetted {
namespace {

/// A program of tests/end_to_end/readers, which prints what somebody else's software reads of a file.
struct Reader {
    std::string name;
    std::vector<std::string> command;  // the file comes behind it, then `library`
    std::string library;
    std::vector<std::string> formats;
    std::string needs;  // a shell command that succeeds where the software is there
};

const std::string here = GAZETTED_SOURCE_DIR "/tests/end_to_end/readers/";
const std::string python = "/usr/bin/python3";

std::vector<Reader> all_readers() {
    const std::string go = "cd " + here + " && GO111MODULE=off GOPATH=/usr/share/gocode go run read_gofeed.go \"$0\"";
    std::vector<Reader> readers = {
        {"Feedparser", {python, here + "read_feedparser.py"}, "", {"atom", "rss"}, python + " -c 'import feedparser'"},
        {"Newsboat", {python, here + "read_newsboat.py"}, "", {"atom", "rss"}, "which newsboat"},
        {"Rss2email", {python, here + "read_rss2email.py"}, "", {"atom", "rss"}, "which r2e"},
        {"XmlFeed", {"perl", here + "read_xml_feed.pl"}, "", {"atom", "rss"}, "perl -MXML::Feed -e 1"},
        {"Gofeed",
         {"sh", "-c", go},
         "",
         {"atom", "rss", "json"},
         "which go && ls /usr/share/gocode/src/github.com/mmcdole/gofeed"},
    };
    const auto by_npm = [&](const char* name, const char* library, const std::vector<std::string>& formats) {
        readers.push_back(
            {name, {"node", here + "read_npm.mjs"}, library, formats, std::string("node -e \"require('") + library + "')\""});
    };
    by_npm("RssParser", "rss-parser", {"atom", "rss"});
    by_npm("Feedsmith", "feedsmith", {"atom", "rss", "json"});
    by_npm("FeedParserOfNpm", "@rowanmanning/feed-parser", {"atom", "rss"});
    return readers;
}

std::ostream& operator<<(std::ostream& to, const Reader& reader) { return to << reader.name; }

/// All that feeds show, in the shape that agree.py describes.
constexpr const char* rows_as_json = R"(
    SELECT json_agg(json_build_object(
        'id', id, 'title', title, 'link', coalesce(url, 'http://feeds.example/article/' || number), 'published', floor(extract(epoch FROM published)),
        'updated', floor(extract(epoch FROM updated)), 'content', CASE WHEN content = '' THEN summary ELSE content END,
        'authors', (SELECT coalesce(json_agg(author ->> 'name'), '[]') FROM jsonb_array_elements(authors) AS author),
        'enclosures', (SELECT coalesce(json_agg(json_build_array(e.url, media_type, coalesce(length_bytes, 0)) ORDER BY position), '[]')
                         FROM gazetted.enclosures e WHERE article_id = a.id AND role = 'enclosure')))
      FROM gazetted.articles a WHERE withdrawn IS NULL AND published <= now())";

class Readers : public ::testing::Test {
protected:
    void SetUp() override {
        const auto imported = run_command({GAZETTED_BINARY, "import", "jekyll", GAZETTED_SOURCE_DIR "/tests/cases/sample_site",
                                           "--database", database.url()});
        ASSERT_EQ(imported.exit_status, 0) << imported.err;
    }
    std::string psql(const std::string& sql) const {
        const auto result = run_command({"psql", database.url(), "-qXAt", "-v", "ON_ERROR_STOP=1", "-c", sql});
        EXPECT_EQ(result.exit_status, 0) << result.err;
        return result.out;
    }
    static std::vector<std::string> lines(const std::string& text) {
        std::vector<std::string> found;
        std::istringstream stream(text);
        for (std::string line; std::getline(stream, line);) found.push_back(line);
        return found;
    }
    /// Content is published as sanitise_html() leaves it.
    static std::string as_published(const std::string& rows) {
        auto articles = boost::json::parse(rows);
        for (auto& article : articles.as_array()) {
            auto& content = article.at("content");
            content = sanitise_html(std::string(content.as_string()), std::string(article.at("link").as_string())).str();
        }
        return boost::json::serialize(articles);
    }
    static bool exists(const std::string& program) { return run_command({"which", program}).exit_status == 0; }

    TestDatabase database;
};

class ReadersOfOthers : public Readers, public ::testing::WithParamInterface<Reader> {};

TEST_P(ReadersOfOthers, AgreeWithTheDatabaseOnEveryEntry) {
    const Reader& reader = GetParam();
    if (run_command({"sh", "-c", reader.needs}).exit_status != 0) GTEST_SKIP() << "not installed: " << reader.needs << " fails";
    psql(
        "INSERT INTO gazetted.articles (id, url, title, content, authors, published, updated) VALUES"
        " ('tag:example.org,2024:talk', 'https://example.org/talk?a=1&b=2', 'Ships & <boats> 船',"
        "  '<p>Three &amp; more, 1 &lt; 2</p>', '[{\"name\": \"Ann\"}]', '2024-05-01 10:00:01Z', '2024-05-02 10:00:02Z');"
        "INSERT INTO gazetted.enclosures (article_id, position, role, url, media_type, length_bytes)"
        " VALUES ('tag:example.org,2024:talk', 0, 'enclosure', 'https://example.org/talk.mp3?a&b', 'audio/mpeg', 12345)");
    DaemonProcess daemon({"--database", database.url(), "--base-url", "http://feeds.example"});
    const TemporaryFolder folder;
    const std::string rows = folder.path() / "rows.json";
    std::ofstream(rows, std::ios::binary) << as_published(psql(rows_as_json));
    for (const std::string& format : reader.formats) {
        const std::string feed = folder.path() / ("feed." + format);
        std::ofstream(feed, std::ios::binary) << daemon.get("/all." + format + "?n=500").body;
        auto command = reader.command;
        command.push_back(feed);
        if (!reader.library.empty()) command.push_back(reader.library);
        const auto read = run_command(command);
        ASSERT_EQ(read.exit_status, 0) << format << "\n" << read.err;
        const auto agreed = run_command({python, here + "agree.py", rows}, read.out);
        EXPECT_EQ(agreed.exit_status, 0) << format << "\n" << agreed.err;
        EXPECT_EQ(agreed.out, psql("SELECT count(*) FROM gazetted.articles WHERE withdrawn IS NULL AND published <= now()"))
            << format;
    }
}

INSTANTIATE_TEST_SUITE_P(Each, ReadersOfOthers, ::testing::ValuesIn(all_readers()),
                         [](const auto& test) { return test.param.name; });

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
