#include "feeds/feed_model.hpp"
#include "feeds/read_feed.hpp"

#include <gtest/gtest.h>
#include <boost/json.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace gazetted {
namespace {

namespace json = boost::json;
using std::filesystem::path;

std::string bytes_of(const path& file) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
}

struct ReadFeedCase {
    std::string url;
    std::string content_type;
    std::string refused;  ///< an error's kind, then words of its message; empty: it is read
    std::vector<std::pair<std::string, json::value>> claims;
    std::string document;
};

ReadFeedCase parse_case(const std::string& file) {
    ReadFeedCase parsed;
    const std::size_t line = file.find("\n---\n");
    if (line == std::string::npos) throw std::runtime_error("no --- in it");
    parsed.document = file.substr(line + 5);
    std::istringstream head(file.substr(0, line));
    for (std::string text; std::getline(head, text);) {
        const std::size_t equals = text.find(" = ");
        if (equals == std::string::npos) throw std::runtime_error("no = in: " + text);
        const std::string key = text.substr(0, equals);
        const std::string value = text.substr(equals + 3);
        if (key == "url")
            parsed.url = value;
        else if (key == "content-type")
            parsed.content_type = value;
        else if (key == "refused")
            parsed.refused = value;
        else
            parsed.claims.emplace_back(key, json::parse(value));
    }
    return parsed;
}

/// `entries[0].title`, `entries.length`; null where it leads nowhere.
json::value find(const json::value& model, const std::string& where) {
    const json::value* at = &model;
    std::istringstream steps(where);
    for (std::string step; std::getline(steps, step, '.');) {
        if (step == "length" && at->is_array()) return json::value(at->get_array().size());
        const std::size_t bracket = step.find('[');
        const json::object* object = at->if_object();
        at = object ? object->if_contains(step.substr(0, bracket)) : nullptr;
        if (at && bracket != std::string::npos) {
            const auto index = std::stoul(step.substr(bracket + 1));
            at = at->is_array() && index < at->get_array().size() ? &at->get_array()[index] : nullptr;
        }
        if (!at) return nullptr;
    }
    return *at;
}

const char* name_of(ErrorKind kind) {
    return kind == ErrorKind::malformed ? "malformed" : kind == ErrorKind::unsupported ? "unsupported" : "too_large";
}

class ReadFeed : public testing::TestWithParam<path> {};

TEST_P(ReadFeed, FindsWhatTheCaseSays) {
    const ReadFeedCase wanted = parse_case(bytes_of(GetParam()));
    ASSERT_TRUE(!wanted.claims.empty() || !wanted.refused.empty()) << "a case without a claim";
    const auto feed = read_feed(wanted.document, wanted.content_type, wanted.url);
    if (!wanted.refused.empty()) {
        ASSERT_FALSE(feed) << feed_model_json(*feed, {});
        std::istringstream words(wanted.refused);
        std::string kind;
        words >> kind;
        EXPECT_EQ(name_of(feed.error().kind), kind);
        for (std::string word; words >> word;)
            EXPECT_NE(feed.error().message.find(word), std::string::npos) << feed.error().message;
        return;
    }
    ASSERT_TRUE(feed) << feed.error().message;
    const std::string text = feed_model_json(*feed, {});
    const json::value model = json::parse(text);
    for (const auto& [where, value] : wanted.claims) {
        const json::value found = find(model, where);
        EXPECT_EQ(json::serialize(found), json::serialize(value)) << where << "\n" << text;
    }
}

std::vector<path> cases() {
    std::vector<path> files;
    for (const auto& entry : std::filesystem::directory_iterator(path(GAZETTED_SOURCE_DIR) / "tests/cases/read_feed")) {
        if (entry.path().extension() == ".case") files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    return files;
}

INSTANTIATE_TEST_SUITE_P(Cases, ReadFeed, testing::ValuesIn(cases()),
                         [](const auto& chosen) { return chosen.param.stem().string(); });

TEST(ReadFeedLimits, LeavesOutEntriesBeyondTheLimitAndSaysSo) {
    const auto with_entries = [](std::size_t count) {
        std::string document = "<rss version=\"2.0\"><channel>";
        for (std::size_t i = 0; i < count; ++i) document += "<item/>";
        return read_feed(document + "</channel></rss>", "", "");
    };
    const auto full = with_entries(FeedLimits::entries_max);
    ASSERT_TRUE(full);
    EXPECT_EQ(full->entries.size(), FeedLimits::entries_max);
    EXPECT_FALSE(full->has_more);
    const auto more = with_entries(FeedLimits::entries_max + 1);
    ASSERT_TRUE(more);
    EXPECT_EQ(more->entries.size(), FeedLimits::entries_max);
    EXPECT_TRUE(more->has_more);
}

TEST(ReadFeedLimits, RefusesOneByteTooMany) {
    std::string document = "<rss version=\"2.0\"><channel/></rss>";
    document.resize(FeedLimits::bytes_max, ' ');
    EXPECT_TRUE(read_feed(document, "", ""));
    document.push_back(' ');
    const auto feed = read_feed(document, "", "");
    ASSERT_FALSE(feed);
    EXPECT_EQ(feed.error().kind, ErrorKind::too_large);
}

TEST(ReadFeedLimits, DoesNotMultiplyWhatEntriesTakeOverFromTheirFeed) {
    const auto atom = [](const std::string& name) {
        return read_feed("<feed xmlns='http://www.w3.org/2005/Atom'><author><name>" + name + "</name></author><entry/></feed>",
                         "", "");
    };
    EXPECT_EQ(atom("Ann")->entries.front().authors, atom("Ann")->head.authors);
    EXPECT_TRUE(atom(std::string(FeedLimits::authors_bytes_max, 'a'))->entries.front().authors.empty());
    const auto filed = [](std::size_t bytes) {
        const std::string term(bytes - sizeof(ParsedCategory), 'a');
        return read_feed("<rss version='2.0'><channel><category>" + term + "</category><item/></channel></rss>", "", "")
            ->entries.front()
            .categories.size();
    };
    EXPECT_EQ(filed(FeedLimits::categories_bytes_max), 1U);
    EXPECT_EQ(filed(FeedLimits::categories_bytes_max + 1), 0U);
    const auto spoken = [](std::size_t bytes) {
        return read_feed(
                   "<rss version='2.0'><channel><language>" + std::string(bytes, 'a') + "</language><item/></channel></rss>",
                   "", "")
            ->entries.front()
            .language.size();
    };
    EXPECT_EQ(spoken(FeedLimits::language_bytes_max), FeedLimits::language_bytes_max);
    EXPECT_EQ(spoken(FeedLimits::language_bytes_max + 1), 0U);
    const auto based = [](std::size_t bytes) {
        const std::string base = "http://x.example/" + std::string(bytes - 18, 'a') + "/";
        return read_feed(
                   "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='" + base + "'><entry><link href='b'/></entry></feed>",
                   "", "")
            ->entries.front()
            .link.size();
    };
    EXPECT_EQ(based(FeedLimits::base_bytes_max), FeedLimits::base_bytes_max + 1);
    EXPECT_EQ(based(FeedLimits::base_bytes_max + 1), 1U);
}

TEST(ReadFeedLimits, CountsTheListsOfAllEntriesInXmlAndInJson) {
    constexpr std::size_t each = FeedLimits::list_max, entries = FeedLimits::items_max / each + 2;
    std::string rss = "<rss version=\"2.0\"><channel>", json = R"({"version":"https://jsonfeed.org/version/1.1","items":[)";
    for (std::size_t entry = 0; entry < entries; ++entry) {
        rss += "<item>";
        json += entry == 0 ? R"({"tags":[)" : R"(,{"tags":[)";
        for (std::size_t i = 0; i <= each; ++i) {
            rss += "<category>" + std::to_string(i) + "</category>";
            json += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\"";
        }
        rss += "</item>";
        json += "]}";
    }
    // With no room left, a person of the feed whose end is missing is nobody.
    rss += "<webMaster><x><item><author>Ann</author></item></x></webMaster></channel></rss>";
    for (const auto& document : {rss, json + "]}"}) {
        const auto feed = read_feed(document, "", "");
        ASSERT_TRUE(feed);
        EXPECT_EQ(feed->entries.front().categories.size(), each);
        std::size_t all = 0;
        for (const auto& entry : feed->entries) all += entry.categories.size();
        EXPECT_EQ(all, FeedLimits::items_max);
    }
}

TEST(ReadFeedLimits, KeepsTheNamesOfCreditsThatFoundRoom) {
    std::string rss = "<rss version=\"2.0\" xmlns:media=\"http://search.yahoo.com/mrss/\"><channel><item>";
    for (std::size_t i = 0; i <= FeedLimits::list_max; ++i) rss += "<media:credit>c" + std::to_string(i) + "</media:credit>";
    const auto feed = read_feed(rss + "</item></channel></rss>", "", "");
    ASSERT_TRUE(feed);
    const auto& credits = feed->entries.front().media->credits;
    ASSERT_EQ(credits.size(), FeedLimits::list_max);
    EXPECT_EQ(credits.back().name, "c" + std::to_string(FeedLimits::list_max - 1));
}

/// Whether a tag within a feed passes, and how it is refused where not.
void expect_tag(const std::string& tag, bool is_read) {
    const auto feed = read_feed("<rss version=\"2.0\"><channel>" + tag + "</channel></rss>", "", "");
    EXPECT_EQ(static_cast<bool>(feed), is_read) << tag.substr(0, 80);
    if (feed) return;
    EXPECT_EQ(feed.error().kind, ErrorKind::too_large) << feed.error().message;
}

TEST(ReadFeedLimits, BoundsNamesTagsAttributesAndNamespaces) {
    const auto named = [](std::size_t bytes) { return "<" + std::string(bytes, 'a') + "/>"; };
    expect_tag(named(FeedLimits::name_bytes_max), true);
    expect_tag(named(FeedLimits::name_bytes_max + 1), false);
    // Before its end.
    const auto valued = [](std::size_t bytes) { return "<a b=\"" + std::string(bytes - 7, 'c') + "\"/>"; };
    expect_tag(valued(FeedLimits::tag_bytes_max), true);
    expect_tag(valued(FeedLimits::tag_bytes_max + 1), false);
    const auto with = [](std::size_t count, const std::string& prefix) {
        std::string tag = "<a";
        for (std::size_t i = 0; i < count; ++i) tag += " " + prefix + std::to_string(i) + "=\"urn:" + std::to_string(i) + "\"";
        return tag + "/>";
    };
    expect_tag(with(FeedLimits::attributes_max, "b"), true);
    expect_tag(with(FeedLimits::attributes_max + 1, "b"), false);
    expect_tag(with(FeedLimits::namespaces_max, "xmlns:n"), true);
    expect_tag(with(FeedLimits::namespaces_max + 1, "xmlns:n"), false);
}

TEST(ReadFeedLimits, BoundsEntitiesAndWhatTheyMakeOfADocument) {
    const auto read = [](const std::string& subset, const std::string& title = {}) {
        return read_feed(
            "<!DOCTYPE rss [" + subset + "]><rss version='2.0'><channel><title>" + title + "</title></channel></rss>", "", "");
    };
    const auto counted = [](std::size_t count) {
        std::string subset;
        for (std::size_t i = 0; i < count; ++i) subset += "<!ENTITY e" + std::to_string(i) + " 'x'>";
        return subset;
    };
    const auto sized = [](std::size_t bytes) { return "<!ENTITY a '" + std::string(bytes, 'x') + "'>"; };
    EXPECT_TRUE(read(counted(FeedLimits::entities_max)));
    EXPECT_TRUE(read(sized(FeedLimits::entity_bytes_max), "&a;"));
    std::string many;
    while (many.size() < 3 * FeedLimits::bytes_max / FeedLimits::entity_bytes_max) many += "&a;";
    const auto is_too_large = [](const Result<Feed>& feed) { return !feed && feed.error().kind == ErrorKind::too_large; };
    EXPECT_TRUE(is_too_large(read(counted(FeedLimits::entities_max + 1))));
    EXPECT_TRUE(is_too_large(read(sized(FeedLimits::entity_bytes_max + 1))));
    EXPECT_TRUE(is_too_large(read(sized(FeedLimits::entity_bytes_max), many)));
}

TEST(ReadFeedLimits, NestsAsDeepAsItSays) {
    const auto nested = [](std::size_t depth) {
        std::string document = "<rss version=\"2.0\">";
        for (std::size_t i = 1; i < depth; ++i) document += "<a>";
        for (std::size_t i = 1; i < depth; ++i) document += "</a>";
        return read_feed(document + "</rss>", "", "");
    };
    EXPECT_TRUE(nested(FeedLimits::depth_max));
    EXPECT_FALSE(nested(FeedLimits::depth_max + 1));
}

}  // namespace
}  // namespace gazetted
