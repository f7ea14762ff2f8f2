#include "feeds/url.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace gazetted {
namespace {

struct Case {
    std::string base;
    std::string reference;
    std::string result;
};

std::string unescaped(const std::string& text) {
    std::string result;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '\\' || at + 1 == text.size()) {
            result.push_back(text[at]);
            continue;
        }
        ++at;
        result.push_back(text[at] == 't' ? '\t' : text[at] == 'n' ? '\n' : text[at]);
    }
    return result;
}

std::vector<Case> cases() {
    std::vector<Case> result;
    for (const auto& entry : std::filesystem::directory_iterator(GAZETTED_SOURCE_DIR "/tests/cases/urls")) {
        std::ifstream file(entry.path());
        for (std::string line; std::getline(file, line);) {
            if (line.starts_with('#')) continue;
            const std::size_t first = line.find('\t');
            const std::size_t second = line.find('\t', first + 1);
            EXPECT_NE(second, std::string::npos) << entry.path() << ": " << line;
            if (second == std::string::npos) continue;
            result.push_back(
                {line.substr(0, first), unescaped(line.substr(first + 1, second - first - 1)), line.substr(second + 1)});
        }
    }
    return result;
}

TEST(ResolveUrl, EveryLineOfTheTablesHolds) {
    const auto all = cases();
    ASSERT_GT(all.size(), 50U);
    for (const Case& one : all) {
        const auto resolved = resolve_url(one.reference, one.base);
        EXPECT_EQ(resolved ? *resolved : "error", one.result) << one.reference;
    }
}

TEST(ResolveUrl, ItsOwnResultStaysAsItIsAndIsAscii) {
    for (const Case& one : cases()) {
        const auto resolved = resolve_url(one.reference, one.base);
        if (!resolved) continue;
        EXPECT_EQ(*resolve_url(*resolved, one.base), *resolved);
        EXPECT_EQ(*resolve_url(*resolved, ""), *resolved);
        EXPECT_TRUE(std::all_of(resolved->begin(), resolved->end(), [](char c) { return c > ' ' && c < 0x7F; })) << *resolved;
    }
}

TEST(ResolveUrl, TakesNoShortCutToAnotherResult) {
    for (const std::string base : {"https://example.com/a/b", "http://example.com/", "mailto:a@b", "https://1.2/", ""}) {
        for (const std::string reference : {"https://example.com/a?b=1&c=/?",
                                            "http://example.com/",
                                            "//cdn.example/x.js",
                                            "//cdn.example",
                                            "//EXAMPLE.com/",
                                            "https://example.com/./a",
                                            "https://example.com/a/../b",
                                            "https://example.com/?/../",
                                            "https://example.com/a.b/.c",
                                            "https://127.1/",
                                            "https://a.0x1/",
                                            "https://a.b./",
                                            "https:///a/",
                                            "https://a_b.example/",
                                            "https://a.b:443/",
                                            "https://u@a.b/",
                                            "https://a.b/%2e%2e/",
                                            "https://a.b/'",
                                            "https://a.b/#",
                                            "https:/a.b/",
                                            "https://./"}) {
            const auto at_sight = resolve_url(reference, base);
            const auto slowly = resolve_url(" " + reference, " " + base);
            ASSERT_EQ(at_sight.has_value(), slowly.has_value()) << reference << " " << base;
            if (slowly) {
                EXPECT_EQ(*at_sight, *slowly) << reference << " " << base;
            }
        }
    }
}

TEST(ResolveUrl, AnErrorNamesTheReference) {
    const auto resolved = resolve_url("../x", "");
    ASSERT_FALSE(resolved);
    EXPECT_EQ(resolved.error().message, "no absolute URL in \"../x\": it is relative and there is no base");
}

TEST(ResolveUrl, ManyDotSegmentsTakeNoMoreTimeThanTheirBytes) {
    std::string path;
    for (int i = 0; i < 200'000; ++i) path += i % 2 ? "../" : "a/";
    EXPECT_EQ(*resolve_url(path, "https://example.com/"), "https://example.com/");
}

TEST(UrlScheme, LooksThroughWhatBrowsersIgnore) {
    EXPECT_EQ(url_scheme("https://x"), "https");
    EXPECT_EQ(url_scheme(std::string(2000, ' ') + "\x01Java\n\tScript:x"), "javascript");
    EXPECT_EQ(url_scheme("/path:x"), "");
    EXPECT_EQ(url_scheme("1a:x"), "");
    EXPECT_EQ(url_scheme(""), "");
}

}  // namespace
}  // namespace gazetted
