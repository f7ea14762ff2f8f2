#include "daemon/store.hpp"
#include "tests/support/test_database.hpp"

#include <gtest/gtest.h>
#include <cmath>
#include <functional>
#include <utility>

namespace gazetted {
namespace {

struct Case {
    const char* name;
    bool is_refused;
    std::function<void(Article&)> change;
};

std::string address_of_length(std::size_t bytes) { return "https://e/" + std::string(bytes - 10, 'x'); }

/// `[{"uri": "...", "name": "Ann"}]` of so many bytes, as PostgreSQL writes it.
std::vector<Person> authors_of_length(std::size_t bytes) { return {{"Ann", "", std::string(bytes - 28, 'u')}}; }

Origin origin_titled(std::string title) {
    Origin origin;
    origin.title = std::move(title);
    return origin;
}

const std::vector<Case> cases = {
    {"PlainArticle", false, [](Article&) {}},
    {"NoTitle", false, [](Article& a) { a.title = ""; }},
    {"NeitherTitleNorText", true, [](Article& a) { a.title = a.content = ""; }},
    {"NoId", true, [](Article& a) { a.id = ""; }},
    {"LongId", false, [](Article& a) { a.id = std::string(2'048, 'i'); }},
    {"TooLongId", true, [](Article& a) { a.id = std::string(2'049, 'i'); }},
    {"ControlInId", true, [](Article& a) { a.id = "a\x7F"; }},
    {"NoUrl", false, [](Article& a) { a.url = ""; }},
    {"LongUrl", false, [](Article& a) { a.url = address_of_length(4'096); }},
    {"TooLongUrl", true, [](Article& a) { a.url = address_of_length(4'097); }},
    {"UpperCaseScheme", false, [](Article& a) { a.url = "HTTPS://e"; }},
    {"SchemeAlone", true, [](Article& a) { a.url = "https://"; }},
    {"ScriptUrl", true, [](Article& a) { a.url = "javascript:alert(1)"; }},
    {"BlankInUrl", true, [](Article& a) { a.url = "https://e/a b"; }},
    {"WideBlankInUrl", false, [](Article& a) { a.url = "https://e/a\u3000b"; }},
    {"LongTitle", false, [](Article& a) { a.title = std::string(16'384, 't'); }},
    {"TooLongTitle", true, [](Article& a) { a.title = std::string(16'385, 't'); }},
    {"NulInTitle", true, [](Article& a) { a.title = std::string("a\0b", 3); }},
    {"BrokenUtf8InText", true, [](Article& a) { a.content = "\xC3("; }},
    {"SurrogateInText", true, [](Article& a) { a.content = "\xED\xA0\x80"; }},
    {"LongSummary", false, [](Article& a) { a.summary = std::string(1'048'576, 's'); }},
    {"TooLongSummary", true, [](Article& a) { a.summary = std::string(1'048'577, 's'); }},
    {"LongText", false, [](Article& a) { a.content = std::string(16'777'216, 'c'); }},
    {"TooLongText", true, [](Article& a) { a.content = std::string(16'777'217, 'c'); }},
    {"LongLanguage", false, [](Article& a) { a.language = std::string(64, 'l'); }},
    {"TooLongLanguage", true, [](Article& a) { a.language = std::string(65, 'l'); }},
    {"LongAuthors", false, [](Article& a) { a.authors = authors_of_length(65'536); }},
    {"TooLongAuthors", true, [](Article& a) { a.authors = authors_of_length(65'537); }},
    {"YearOne", false, [](Article& a) { a.published = std::chrono::sys_days(std::chrono::year(1) / 1 / 1); }},
    {"YearZero", true, [](Article& a) { a.published = std::chrono::sys_days(std::chrono::year(0) / 12 / 31); }},
    {"Year9999", false, [](Article& a) { a.updated = std::chrono::sys_days(std::chrono::year(9999) / 12 / 31); }},
    {"Year10000", true, [](Article& a) { a.updated = std::chrono::sys_days(std::chrono::year(10'000) / 1 / 1); }},
    {"LongCategory", false,
     [](Article& a) {
         a.categories = {{std::string(512, 'k'), std::string(4'096, 't')}};
     }},
    {"TooLongCategory", true,
     [](Article& a) {
         a.categories = {{std::string(513, 'k'), ""}};
     }},
    {"TooLongCategoryTitle", true,
     [](Article& a) {
         a.categories = {{"k", std::string(4'097, 't')}};
     }},
    {"SlashInCategory", true,
     [](Article& a) {
         a.categories = {{"a/b", ""}};
     }},
    {"BracketsAndBlankInCategory", false,
     [](Article& a) {
         a.categories = {{"a [b] (c)", ""}};
     }},
    {"DotCategory", true,
     [](Article& a) {
         a.categories = {{"..", ""}};
     }},
    {"NoCategoryName", true,
     [](Article& a) {
         a.categories = {{"", ""}};
     }},
    {"CombiningCharactersInCategory", false,
     [](Article& a) {
         a.categories = {{"e\u0301", ""}};
     }},
    {"LongTag", false, [](Article& a) { a.tags = {{std::string(512, 't')}}; }},
    {"TooLongTag", true, [](Article& a) { a.tags = {{std::string(513, 't')}}; }},
    {"EmptyTag", true, [](Article& a) { a.tags = {{""}}; }},
    {"LineEndInTag", true, [](Article& a) { a.tags = {{"a\nb"}}; }},
    {"Enclosure", false,
     [](Article& a) {
         a.enclosures = {{"http://e/a", "audio/mpeg", INT64_MAX}};
     }},
    {"EnclosureTooLong", true,
     [](Article& a) {
         a.enclosures = {{"http://e/a", "audio/mpeg", 1ULL << 63}};
     }},
    {"EnclosureWithoutType", true,
     [](Article& a) {
         a.enclosures = {{"http://e/a", "mp3", 1}};
     }},
    {"EnclosureWithParameter", true,
     [](Article& a) {
         a.enclosures = {{"http://e/a", "audio/ogg; codecs=opus", 1}};
     }},
    {"TagWithScheme", false,
     [](Article& a) {
         a.tags = {{"t", "urn:x", std::string(4'096, 'l')}};
     }},
    {"TooLongLabel", true,
     [](Article& a) {
         a.tags = {{"t", "", std::string(4'097, 'l')}};
     }},
    {"TooLongScheme", true,
     [](Article& a) {
         a.tags = {{"t", "u:" + std::string(2'047, 'x'), ""}};
     }},
    {"BlankInScheme", true,
     [](Article& a) {
         a.tags = {{"t", "u: x", ""}};
     }},
    {"LongRights", false, [](Article& a) { a.rights = std::string(16'384, 'r'); }},
    {"TooLongRights", true, [](Article& a) { a.rights = std::string(16'385, 'r'); }},
    {"RightToLeft", false, [](Article& a) { a.direction = "rtl"; }},
    {"NoDirection", true, [](Article& a) { a.direction = "up"; }},
    {"CommentsNowhere", true, [](Article& a) { a.comments_link = "/talk"; }},
    {"Pole", false, [](Article& a) { a.location.point = Point{.latitude = 90, .longitude = -180}; }},
    {"BeyondThePole", true, [](Article& a) { a.location.point = Point{.latitude = 90.001, .longitude = 0}; }},
    {"BeyondTheDateLine", true, [](Article& a) { a.location.point = Point{.latitude = 0, .longitude = 180.001}; }},
    {"NoNumber", true, [](Article& a) { a.location.point = Point{.latitude = std::nan(""), .longitude = 0}; }},
    {"TooLongPlace", true, [](Article& a) { a.location.name = std::string(4'097, 'p'); }},
    {"LastSeason", false, [](Article& a) { a.episode.season = INT32_MAX; }},
    {"SeasonBeyond", true, [](Article& a) { a.episode.season = 1U << 31; }},
    {"NoKindOfEpisode", true, [](Article& a) { a.episode.kind = "half"; }},
    {"Origin", false, [](Article& a) { a.origin = origin_titled(std::string(65'000, 'o')); }},
    {"TooLongOrigin", true, [](Article& a) { a.origin = origin_titled(std::string(65'537, 'o')); }},
    {"EmptyOrigin", false, [](Article& a) { a.origin = Origin{}; }},
    {"ThumbnailWithoutWidth", true,
     [](Article& a) { a.enclosures = {{.url = "http://e/a", .media_type = "image/png", .length_bytes = {}, .width = 0}}; }},
    {"EnclosureOfNegativeDuration", true,
     [](Article& a) {
         a.enclosures = {
             {.url = "http://e/a", .media_type = "audio/ogg", .length_bytes = {}, .duration = std::chrono::seconds(-1)}};
     }},
    {"TooLongEnclosureTitle", true,
     [](Article& a) {
         a.enclosures = {
             {.url = "http://e/a", .media_type = "audio/ogg", .length_bytes = {}, .title = std::string(4'097, 't')}};
     }},
    {"EnclosureWithoutUrl", true,
     [](Article& a) {
         a.enclosures = {{"", "audio/mpeg", 1}};
     }},
};

struct Refusal : testing::TestWithParam<Case> {};

TEST_P(Refusal, AgreesWithTheTables) {
    const TestDatabase database;
    Store store(database.url());
    Article article;
    article.id = "a";
    article.url = "https://example.org/a";
    article.title = "Title";
    article.content = "Text";
    article.published = std::chrono::sys_days(std::chrono::year(2021) / 12 / 8);
    GetParam().change(article);

    EXPECT_EQ(refusal(article).has_value(), GetParam().is_refused);
    const auto write = [&] {
        store.merge_categories(article.categories);
        store.merge_articles(store.source("site", "", ""), {&article, 1});
    };
    if (GetParam().is_refused) {
        EXPECT_THROW(write(), std::runtime_error);
    } else {
        EXPECT_NO_THROW(write());
    }
}

INSTANTIATE_TEST_SUITE_P(Limits, Refusal, testing::ValuesIn(cases), [](const auto& one) { return one.param.name; });

}  // namespace
}  // namespace gazetted
