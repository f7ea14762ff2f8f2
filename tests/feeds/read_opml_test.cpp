#include "feeds/read_opml.hpp"

#include <gtest/gtest.h>

namespace gazetted {
namespace {

OpmlList list_of(const std::string& outlines) {
    return read_opml("<?xml version='1.0'?><opml version='2.0'><head><title>Mine</title></head><body>" + outlines +
                     "</body></opml>")
        .value();
}

TEST(ReadOpml, FilesAFeedUnderTheInnermostFolder) {
    const auto list = list_of(
        "<outline text='News'><outline text='Far'><outline type='rss' text='A &amp; B' xmlUrl='https://a.example/feed' "
        "htmlUrl='https://a.example/'/></outline><outline text='C' xmlUrl='https://c.example/feed'/></outline>"
        "<outline title='D' text='d' xmlUrl='https://d.example/feed'/>");
    ASSERT_EQ(list.feeds.size(), 3U);
    EXPECT_EQ(list.feeds[0].title, "A & B");
    EXPECT_EQ(list.feeds[0].folders.at(0).title, "Far");
    EXPECT_EQ(list.feeds[0].home_url, "https://a.example/");
    EXPECT_EQ(list.feeds[1].folders.at(0).title, "News");
    EXPECT_TRUE(list.feeds[2].folders.empty());
    EXPECT_EQ(list.feeds[2].title, "D");
}

TEST(ReadOpml, TakesAttributesInAnyLetters) {
    EXPECT_EQ(list_of("<outline TEXT='A' XMLURL='https://a.example/feed'/>").feeds.at(0).title, "A");
}

TEST(ReadOpml, NamesEachAddressOnce) {
    const std::string outline = "<outline text='A' xmlUrl='https://a.example/feed'/>";
    EXPECT_EQ(list_of(outline + outline).feeds.size(), 1U);
}

TEST(ReadOpml, FilesAFeedUnderEachFolderThatNamesIt) {
    const std::string feed = "<outline text='A' xmlUrl='https://a.example/feed'/>";
    const auto list =
        list_of("<outline text='One'>" + feed + feed + "</outline>" + feed + "<outline text='Two'>" + feed + "</outline>");
    ASSERT_EQ(list.feeds.size(), 1U);
    const std::vector<OpmlFolder> both = {{.title = "One", .slug = ""}, {.title = "Two", .slug = ""}};
    EXPECT_EQ(list.feeds[0].folders, both);
}

TEST(ReadOpml, LeavesOutFoldersBeyondTheLimit) {
    const auto folders_of = [](std::size_t count) {
        std::string outlines;
        for (std::size_t i = 0; i < count; ++i)
            outlines += "<outline text='" + std::to_string(i) + "'><outline xmlUrl='https://a.example/feed'/></outline>";
        return list_of(outlines).feeds.at(0).folders.size();
    };
    EXPECT_EQ(folders_of(opml_folders_max), opml_folders_max);
    EXPECT_EQ(folders_of(opml_folders_max + 1), opml_folders_max);
}

TEST(ReadOpml, TakesTheSchemeOfFeedsForHttp) {
    const auto list = list_of(
        "<outline xmlUrl='feed://a.example/rss'/><outline xmlUrl='feed:https://b.example/'/>"
        "<outline xmlUrl='feed:javascript:1'/>");
    ASSERT_EQ(list.feeds.size(), 2U);
    EXPECT_EQ(list.feeds[0].feed_url, "http://a.example/rss");
    EXPECT_EQ(list.feeds[1].feed_url, "https://b.example/");
    EXPECT_EQ(list.left_out.size(), 1U);
}

TEST(ReadOpml, LeavesOutWhatCannotBeFetched) {
    const auto list = list_of("<outline text='A' xmlUrl='javascript:1'/><outline text='B' xmlUrl='feed.xml'/>");
    EXPECT_TRUE(list.feeds.empty());
    EXPECT_EQ(list.left_out.size(), 2U);
}

TEST(ReadOpml, MendsABrokenDocumentAndSaysSo) {
    const auto list = read_opml(
                          "<opml><body><outline text='A & B' xmlUrl='https://a.example/?x=1&y=2'><outline text='C' "
                          "xmlUrl='https://c.example/'")
                          .value();
    ASSERT_FALSE(list.feeds.empty());
    EXPECT_EQ(list.feeds[0].title, "A & B");
    EXPECT_EQ(list.feeds[0].feed_url, "https://a.example/?x=1&y=2");
    EXPECT_NE(list.fault, "");
}

TEST(ReadOpml, SkipsTheWarningsOfAScript) {
    const auto list =
        read_opml("<b>Warning</b>: x<br/><opml><body><outline xmlUrl='https://a.example/'/></body></opml>").value();
    EXPECT_EQ(list.feeds.size(), 1U);
    EXPECT_NE(list.fault, "");
}

TEST(ReadOpml, RefusesWhatIsNone) {
    EXPECT_EQ(read_opml("<html></html>").error().kind, ErrorKind::unsupported);
    EXPECT_FALSE(read_opml("<!DOCTYPE opml [<!ENTITY a '&b;'>]><opml>&a;</opml>").has_value());
}

TEST(ReadOpml, TakesTenThousandOutlines) {
    std::string outlines;
    for (int i = 0; i < 10'000; ++i) outlines += "<outline xmlUrl='https://a.example/" + std::to_string(i) + "'/>";
    EXPECT_EQ(list_of(outlines).feeds.size(), 10'000U);
}

}  // namespace
}  // namespace gazetted
