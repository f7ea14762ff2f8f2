#include "feeds/article_of_entry.hpp"
#include "feeds/feed_date.hpp"
#include "feeds/read_feed.hpp"

#include <gtest/gtest.h>
#include <boost/json.hpp>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

namespace gazetted {
namespace {

namespace json = boost::json;
using std::filesystem::path;

/// What is measured with lies beside the tree, where it is there at all.
const path shared = path(GAZETTED_SOURCE_DIR).parent_path() / "shared";

std::string bytes_of(const path& file) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
}

std::string text_of(const json::object& object, const char* name) {
    const json::value* value = object.if_contains(name);
    return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

TEST(ReadFeedSuites, DatesMeanWhatMostReadersReadInThem) {
    const path file = shared / "feeds/dates.json";
    if (!std::filesystem::exists(file)) GTEST_SKIP() << "no dates beside the tree";
    const json::value dates = json::parse(bytes_of(file));
    ASSERT_FALSE(dates.as_array().empty());
    for (const json::value& date : dates.as_array()) {
        const std::string input = text_of(date.as_object(), "input");
        const std::string utc = text_of(date.as_object(), "utc");
        const auto instant = parse_feed_date(input);
        EXPECT_EQ(instant ? to_rfc3339(*instant) : "", utc) << input;
    }
}

/// A title as everybody shows it; of some in the index nobody says whether they are HTML.
bool is_title(const TextConstruct& read, const std::string& wanted) {
    const std::string shown = plain_text(read);
    return shown == plain_text({.value = wanted, .type = "text", .language = {}, .base = {}, .source = {}}) ||
           shown == plain_text({.value = wanted, .type = "html", .language = {}, .base = {}, .source = {}});
}

std::string time_of(const std::optional<Instant>& instant) { return instant ? to_rfc3339(*instant) : std::string(); }

/// Of a feed or an entry. A value is what most of seven readers agree on; where some took the encoding for another, on nothing.
void expect_value(const ParsedMembers& read, const std::string& name, const std::string& wanted, const std::string& where) {
    if (wanted.find("\xEF\xBF\xBD") != std::string::npos) return;
    if (name == "title") {
        EXPECT_TRUE(is_title(read.title, wanted)) << where << ": " << read.title.value << "\n" << wanted;
        return;
    }
    const std::map<std::string, std::string> values = {
        {"link", read.link}, {"id", read.id}, {"published", time_of(read.published)}, {"updated", time_of(read.updated)}};
    ASSERT_TRUE(values.contains(name)) << name;
    EXPECT_EQ(values.at(name), wanted) << where;
}

TEST(ReadFeedSuites, RealFeedsAreReadAsMostReadersDo) {
    const path folder = shared / "feeds/real";
    if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no real feeds beside the tree";
    const json::value index = json::parse(bytes_of(folder / "index.json"));
    std::size_t seen = 0;
    for (const json::value& item : index.at("feeds").as_array()) {
        const json::object& object = item.as_object();
        const std::string where = text_of(object, "path");
        const auto feed = read_feed(bytes_of(folder / text_of(object, "input")), "", "");
        ASSERT_TRUE(feed) << where << ": " << feed.error().message;
        const json::object& consensus = object.at("consensus").as_object();
        EXPECT_EQ(static_cast<std::int64_t>(feed->entries.size()), consensus.at("entries").at("value").as_int64()) << where;
        for (const char* name : {"title", "link"}) {
            const json::object& value = consensus.at(name).as_object();
            if (value.at("agree").as_int64() >= 3) expect_value(feed->head, name, text_of(value, "value"), where);
        }
        const json::array& entries = object.at("entries").as_array();
        for (std::size_t i = 0; i < entries.size(); ++i) {
            for (const auto& [name, value] : entries[i].as_object()) {
                expect_value(feed->entries.at(i), name, std::string(value.as_string()), where);
                ++seen;
            }
        }
    }
    EXPECT_GT(seen, 0U);
}

TEST(ReadFeedSuites, HostileDocumentsEndAsTheirManifestSays) {
    const path folder = shared / "xml";
    if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no hostile documents beside the tree";
    const json::value manifest = json::parse(bytes_of(folder / "manifest.json"));
    std::size_t seen = 0;
    for (const json::value& item : manifest.at("cases").as_array()) {
        const json::object& object = item.as_object();
        const path file = folder / "files" / text_of(object, "file");
        // What HTTP decodes comes decoded to a reader; what a recipe makes is tested at its limits.
        if (text_of(object, "category") == "decompression" || !std::filesystem::exists(file)) continue;
        const json::value* http = object.if_contains("http");
        const auto feed = read_feed(bytes_of(file), http ? text_of(http->as_object(), "Content-Type") : "", "");
        const std::string expect = text_of(object, "expect");
        const bool is_whole = feed && !feed->is_cut_off;
        if (expect != "either") {
            EXPECT_EQ(is_whole, expect == "accept") << file;
        }
        if (const std::string title = text_of(object, "title"); !title.empty() && is_whole) {
            EXPECT_EQ(feed->entries.empty() ? feed->head.title.value : feed->entries.front().title.value, title) << file;
        }
        ++seen;
    }
    EXPECT_GT(seen, 0U);
}

}  // namespace
}  // namespace gazetted
