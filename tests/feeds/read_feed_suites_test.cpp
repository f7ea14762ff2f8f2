#include "feeds/feed_date.hpp"
#include "feeds/read_feed.hpp"

#include <gtest/gtest.h>
#include <boost/json.hpp>

#include <filesystem>
#include <fstream>
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

TEST(ReadFeedSuites, RealFeedsAreRead) {
    const path folder = shared / "feeds/real";
    if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no real feeds beside the tree";
    const json::value index = json::parse(bytes_of(folder / "index.json"));
    std::size_t seen = 0;
    for (const json::value& item : index.at("feeds").as_array()) {
        const json::object& object = item.as_object();
        const auto feed = read_feed(bytes_of(folder / text_of(object, "input")), "", "");
        ASSERT_TRUE(feed) << text_of(object, "path") << ": " << feed.error().message;
        if (const json::value* count = object.at("consensus").as_object().if_contains("entries")) {
            EXPECT_EQ(static_cast<std::int64_t>(feed->entries.size()), count->at("value").as_int64())
                << text_of(object, "path");
        }
        ++seen;
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
