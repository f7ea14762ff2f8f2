#include "feeds/write_feed.hpp"
#include "tests/support/daemon_process.hpp"
#include "tests/support/shared_folder.hpp"

#include <gtest/gtest.h>
#include <libxml/parser.h>
#include <libxml/relaxng.h>
#include <boost/json.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gazetted {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

const fs::path cases_folder = fs::path(GAZETTED_SOURCE_DIR) / "tests/cases/write_feed";

std::string file_bytes(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    EXPECT_TRUE(file) << path;
    return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<fs::path> case_files() {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(cases_folder)) {
        if (entry.path().extension() == ".json") files.push_back(entry.path());
    }
    std::ranges::sort(files);
    return files;
}

std::string text(const json::object& object, const char* name) {
    const json::value* value = object.if_contains(name);
    return value ? json::value_to<std::string>(*value) : std::string{};
}

Instant instant(const json::object& object, const char* name) { return parse_rfc3339(text(object, name)).value(); }

template <class Read>
auto list(const json::object& object, const char* name, Read read) {
    std::vector<decltype(read(json::value{}))> values;
    if (const json::value* array = object.if_contains(name)) {
        for (const json::value& value : array->as_array()) values.push_back(read(value));
    }
    return values;
}

Person person(const json::value& value) {
    const auto& object = value.as_object();
    return {.name = text(object, "name"), .email = text(object, "email"), .uri = text(object, "uri")};
}

CategoryTerm term(const json::value& value) {
    return {.slug = text(value.as_object(), "slug"), .title = text(value.as_object(), "title")};
}

template <class Number>
std::optional<Number> number(const json::object& object, const char* name) {
    const json::value* value = object.if_contains(name);
    return value ? std::optional(value->to_number<Number>()) : std::nullopt;
}

Tag tag(const json::value& value) {
    if (value.is_string()) return {.name = json::value_to<std::string>(value)};
    const auto& object = value.as_object();
    return {.name = text(object, "name"), .scheme = text(object, "scheme"), .label = text(object, "label")};
}

EnclosureRole role(const std::string& word) {
    if (word == "media") return EnclosureRole::media;
    if (word == "thumbnail") return EnclosureRole::thumbnail;
    if (word == "transcript") return EnclosureRole::transcript;
    return word == "chapters" ? EnclosureRole::chapters : EnclosureRole::enclosure;
}

Enclosure enclosure(const json::value& value) {
    const auto& object = value.as_object();
    Enclosure read{.url = text(object, "url"),
                   .media_type = text(object, "media_type"),
                   .length_bytes = number<std::uint64_t>(object, "length_bytes"),
                   .role = role(text(object, "role")),
                   .title = text(object, "title"),
                   .language = text(object, "language"),
                   .duration = {},
                   .width = number<std::uint32_t>(object, "width"),
                   .height = number<std::uint32_t>(object, "height")};
    if (const auto seconds = number<std::int64_t>(object, "duration_seconds")) read.duration = std::chrono::seconds(*seconds);
    return read;
}

Origin origin(const json::object& object) {
    return {.entry_id = text(object, "entry_id"),
            .entry_link = text(object, "entry_url"),
            .feed_id = text(object, "feed_id"),
            .feed_link = text(object, "feed_url"),
            .home_link = text(object, "url"),
            .title = text(object, "title"),
            .subtitle = text(object, "subtitle"),
            .icon = text(object, "icon"),
            .logo = text(object, "logo"),
            .rights = text(object, "rights"),
            .language = text(object, "language"),
            .authors = list(object, "authors", person)};
}

/// The members that few articles have.
void read_details(Article& read, const json::object& object) {
    read.direction = text(object, "direction");
    read.rights = text(object, "rights");
    read.comments_link = text(object, "comments_url");
    read.location.name = text(object, "place");
    if (const auto latitude = number<double>(object, "latitude"))
        read.location.point = {.latitude = *latitude, .longitude = object.at("longitude").to_number<double>()};
    read.episode = {.season = number<std::uint32_t>(object, "season"),
                    .number = number<std::uint32_t>(object, "episode"),
                    .kind = text(object, "episode_kind"),
                    .is_explicit = {}};
    if (object.contains("explicit")) read.episode.is_explicit = object.at("explicit").as_bool();
    if (object.contains("origin")) read.origin = origin(object.at("origin").as_object());
}

Article article(const json::value& value) {
    const auto& object = value.as_object();
    Article read;
    read.id = text(object, "id");
    read.number = object.at("number").as_int64();
    read.url = text(object, "url");
    read.title = text(object, "title");
    read.summary = text(object, "summary");
    read.content = text(object, "content");
    read.language = text(object, "language");
    read.published = instant(object, "published");
    if (object.contains("updated")) read.updated = instant(object, "updated");
    read.authors = list(object, "authors", person);
    read.categories = list(object, "categories", term);
    read.tags = list(object, "tags", tag);
    read.enclosures = list(object, "enclosures", enclosure);
    read_details(read, object);
    return read;
}

FeedHead feed_head(const json::object& object) {
    FeedHead head{.id = text(object, "id"),
                  .title = text(object, "title"),
                  .subtitle = text(object, "subtitle"),
                  .language = text(object, "language"),
                  .author = text(object, "author"),
                  .self_link = text(object, "self_link"),
                  .home_link = text(object, "home_link"),
                  .updated = instant(object, "updated"),
                  .rights = text(object, "rights"),
                  .icon = text(object, "icon"),
                  .logo = text(object, "logo"),
                  .hubs = list(object, "hubs", [](const json::value& hub) { return json::value_to<std::string>(hub); }),
                  .ttl = std::chrono::minutes(number<std::int64_t>(object, "ttl_minutes").value_or(0)),
                  .podcast = {}};
    if (const std::string category = text(object, "podcast_category"); !category.empty())
        head.podcast = Podcast{.category = category, .is_explicit = object.contains("podcast_explicit")};
    return head;
}

std::string document_of(const fs::path& case_file, FeedFormat format) {
    const json::value parsed = json::parse(file_bytes(case_file));
    const auto& object = parsed.as_object();
    const FeedHead head = feed_head(object.at("head").as_object());
    const EntryLink link = object.contains("entry_link") ? EntryLink::page : EntryLink::source;
    std::vector<Fragment> fragments;
    for (const auto& each : list(object, "articles", article)) {
        fragments.push_back(write_entry(entry_of(each, "https://feeds.example", link), format));
    }
    const std::vector<std::string_view> views(fragments.begin(), fragments.end());
    return write_feed(head, views, format);
}

std::string without_version(std::string document) {
    const std::string version = GAZETTED_VERSION;
    // At the generator's name, where no date can be mistaken for it.
    for (const std::string before : {"Gazetted ", "generator version=\"", "\"Gazetted\",\"version\":\""})
        if (const auto at = document.find(before + version); at != std::string::npos)
            document.replace(at + before.size(), version.size(), "@VERSION@");
    return document;
}

class WriteFeedCases : public testing::TestWithParam<fs::path> {};

TEST_P(WriteFeedCases, HaveNoFault) {
    for (const FeedFormat format : {FeedFormat::rss, FeedFormat::atom, FeedFormat::json})
        EXPECT_EQ(fault_in(document_of(GetParam(), format), format), std::nullopt);
}

void expect_golden(const fs::path& case_file, const char* extension, FeedFormat format) {
    const fs::path golden = fs::path(case_file).replace_extension(extension);
    const std::string document = without_version(document_of(case_file, format));
    if (std::getenv("GAZETTED_ACCEPT_CASES")) std::ofstream(golden, std::ios::binary) << document;
    EXPECT_EQ(document, file_bytes(golden)) << golden;
}

TEST_P(WriteFeedCases, ComeOutByteForByteAsRss) { expect_golden(GetParam(), ".rss", FeedFormat::rss); }
TEST_P(WriteFeedCases, ComeOutByteForByteAsAtom) { expect_golden(GetParam(), ".atom", FeedFormat::atom); }
TEST_P(WriteFeedCases, ComeOutByteForByteAsJsonFeed) { expect_golden(GetParam(), ".feed", FeedFormat::json); }

template <class T, void (*Free)(T*)>
using Owned = std::unique_ptr<T, decltype([](T* pointer) { Free(pointer); })>;

Owned<xmlDoc, xmlFreeDoc> parsed_strictly(const std::string& bytes) {
    return Owned<xmlDoc, xmlFreeDoc>(
        xmlReadMemory(bytes.data(), static_cast<int>(bytes.size()), "feed.xml", nullptr, XML_PARSE_NONET | XML_PARSE_HUGE));
}

void expect_valid_atom(const std::string& bytes, const fs::path& schema_file) {
    const Owned<xmlRelaxNGParserCtxt, xmlRelaxNGFreeParserCtxt> parser(xmlRelaxNGNewParserCtxt(schema_file.c_str()));
    const Owned<xmlRelaxNG, xmlRelaxNGFree> schema(xmlRelaxNGParse(parser.get()));
    ASSERT_TRUE(schema);
    const auto document = parsed_strictly(bytes);
    ASSERT_TRUE(document);
    const Owned<xmlRelaxNGValidCtxt, xmlRelaxNGFreeValidCtxt> validator(xmlRelaxNGNewValidCtxt(schema.get()));
    EXPECT_EQ(xmlRelaxNGValidateDoc(validator.get(), document.get()), 0);
}

TEST_P(WriteFeedCases, AreValidAtomByItsRelaxNgSchema) {
    const fs::path schema = shared_folder() / "schemas/atom-rfc4287.rng";
    if (!fs::exists(schema)) GTEST_SKIP() << "no schema at " << schema;
    expect_valid_atom(document_of(GetParam(), FeedFormat::atom), schema);
}

TEST_P(WriteFeedCases, AreValidJsonFeedByItsSchema) {
    if (!fs::exists(shared_folder() / "schemas/jsonfeed-schemastore-feed.json")) GTEST_SKIP() << "no schema";
    const std::string python = "/usr/bin/python3";
    if (run_command({python, "-c", "import jsonschema"}).exit_status != 0)
        GTEST_SKIP() << "python3-jsonschema is not installed";
    const auto checked =
        run_command({python, GAZETTED_SOURCE_DIR "/tests/feeds/check_json_feed.py", shared_folder() / "schemas"},
                    document_of(GetParam(), FeedFormat::json));
    EXPECT_EQ(checked.exit_status, 0) << checked.out << checked.err;
}

/// An article with `text` wherever a program that writes rows could put it.
Article article_full_of(const std::string& text) {
    Article full;
    full.id = "x" + text;
    full.number = 1;
    full.url = text;
    full.title = text;
    full.authors = {{.name = text, .email = text, .uri = text}};
    full.summary = text;
    full.content = text + "]]>" + text;
    full.language = text;
    full.published = Instant{std::chrono::seconds{1'638'958'711}};
    full.categories = {{.slug = text, .title = text}};
    full.tags = {{text + "]]>\x01\xFF"}};
    full.enclosures = {{.url = "https://a.example/" + text, .media_type = text, .length_bytes = {}}};
    return full;
}

TEST(WriteFeed, StaysValidWhateverArticlesHold) {
    const fs::path fragments_file = shared_folder() / "html/fragments.json";
    const fs::path schema = shared_folder() / "schemas/atom-rfc4287.rng";
    if (!fs::exists(fragments_file) || !fs::exists(schema)) GTEST_SKIP() << "no fragments at " << fragments_file;
    std::vector<Entry> entries;
    const json::value cases = json::parse(file_bytes(fragments_file));
    for (const json::value& each : cases.as_array()) {
        entries.push_back(entry_of(article_full_of(text(each.as_object(), "input")), "https://feeds.example"));
    }
    ASSERT_GT(entries.size(), 900u);
    const FeedHead head{.id = "i",
                        .title = "t",
                        .subtitle = "",
                        .language = "",
                        .author = "",
                        .self_link = "https://feeds.example/x",
                        .home_link = "https://feeds.example/",
                        .updated = entries.front().updated};
    const auto document = [&](FeedFormat format) {
        std::vector<Fragment> fragments;
        for (const Entry& entry : entries) fragments.push_back(write_entry(entry, format));
        return write_feed(head, std::vector<std::string_view>(fragments.begin(), fragments.end()), format);
    };
    expect_valid_atom(document(FeedFormat::atom), schema);
    EXPECT_TRUE(parsed_strictly(document(FeedFormat::rss)));
    EXPECT_EQ(json::parse(document(FeedFormat::json)).at("items").as_array().size(), entries.size());
}

INSTANTIATE_TEST_SUITE_P(Files, WriteFeedCases, testing::ValuesIn(case_files()),
                         [](const auto& parameter) { return parameter.param.stem().string(); });

TEST(WriteFeedCasesFolder, HoldsCases) { EXPECT_FALSE(case_files().empty()); }

}  // namespace
}  // namespace gazetted
