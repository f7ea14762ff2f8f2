#include "feeds/opml.hpp"

#include <gtest/gtest.h>
#include <pugixml.hpp>

#include <iterator>
#include <string>
#include <vector>

namespace gazetted {
namespace {

pugi::xml_document parsed(const std::string& bytes) {
    pugi::xml_document document;
    const auto result = document.load_buffer(bytes.data(), bytes.size(), pugi::parse_full);
    EXPECT_TRUE(result) << result.description();
    return document;
}

TEST(WriteOpml, ListsEachFeedWithItsAddresses) {
    const std::string bytes = write_opml("Feeds", {{.title = "财经 <b>&\"",
                                                    .feed_link = "https://a.example/category/x.atom",
                                                    .home_link = "https://a.example/category/x.html",
                                                    .language = "zh_CN"}});
    EXPECT_EQ(
        bytes,
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
        "<opml version=\"2.0\" xmlns:gazetted=\"urn:x-gazetted:opml\"><head><title>Feeds</title></head><body>\n"
        "<outline type=\"rss\" text=\"财经 &lt;b>&amp;&quot;\" title=\"财经 &lt;b>&amp;&quot;\" "
        "xmlUrl=\"https://a.example/category/x.atom\" htmlUrl=\"https://a.example/category/x.html\" language=\"zh-CN\"/>\n"
        "</body></opml>\n");
}

TEST(WriteOpml, NamesTheSlugsOfWhatItStandsFor) {
    const OpmlOutline feed{.title = "A", .feed_link = "https://a.example/feed", .slug = "a"};
    const auto document = parsed(write_opml("Mine", {{.title = "Far", .slug = "far", .members = {feed}}}));
    const auto body = document.child("opml").child("body");
    EXPECT_STREQ(body.child("outline").attribute("gazetted:slug").value(), "far");
    EXPECT_STREQ(body.child("outline").child("outline").attribute("gazetted:slug").value(), "a");
}

TEST(WriteOpml, IsADocumentWithoutAnyFeedToo) {
    const auto document = parsed(write_opml("Nothing", {}));
    EXPECT_TRUE(document.child("opml").child("body"));
    EXPECT_FALSE(document.child("opml").child("body").first_child());
}

TEST(WriteOpml, StaysWellFormedWhateverATitleHolds) {
    const std::vector<std::string> titles = {"]]>", "\"/><outline text=\"x", std::string("a\0b\x0B", 4), "\xFF\xC0",
                                             "line\nbreak"};
    for (const auto& title : titles) {
        const auto document =
            parsed(write_opml(title, {{.title = title, .feed_link = "https://a.example/", .home_link = "", .language = ""}}));
        const auto body = document.child("opml").child("body");
        EXPECT_EQ(std::distance(body.children("outline").begin(), body.children("outline").end()), 1) << title;
    }
}

TEST(WriteOpml, NestsFeedsAndTellsWhatTheyHave) {
    const Instant newest = std::chrono::sys_days{std::chrono::year{2021} / 12 / 8};
    const auto document = parsed(write_opml(
        "Feeds", {{.title = "zh",
                   .members = {{.title = "x", .feed_link = "https://a.example/x.atom", .articles = 7, .newest = newest}}}}));
    const auto group = document.child("opml").child("body").child("outline");
    EXPECT_STREQ(document.child("opml").attribute("xmlns:gazetted").value(), opml_namespace);
    EXPECT_STREQ(group.attribute("text").value(), "zh");
    EXPECT_FALSE(group.attribute("type") || group.attribute("xmlUrl"));
    const auto feed = group.child("outline");
    EXPECT_STREQ(feed.attribute("gazetted:articles").value(), "7");
    EXPECT_STREQ(feed.attribute("gazetted:newest").value(), "2021-12-08T00:00:00Z");
}

}  // namespace
}  // namespace gazetted
