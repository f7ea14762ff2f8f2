#include "feeds/write_feed.hpp"

#include "feeds/sanitise_html.hpp"

#include <gtest/gtest.h>
#include <boost/json.hpp>
#include <pugixml.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace gazetted {
namespace {

using namespace std::chrono_literals;
namespace json = boost::json;

constexpr Instant published = std::chrono::sys_days{std::chrono::year{2021} / 12 / 8} + 10h;
constexpr FeedFormat formats[] = {FeedFormat::rss, FeedFormat::atom, FeedFormat::json};

Entry entry_titled(const std::string& title, const std::string& content = "<p>Text</p>") {
    Entry entry;
    entry.id = "urn:example:1";
    entry.link = "https://news.example/1";
    entry.page_link = "https://feeds.example/article/1";
    entry.title = title;
    entry.content = sanitise_html(content, entry.link);
    entry.published = published;
    entry.updated = published;
    return entry;
}

FeedHead head_titled(const std::string& title) {
    FeedHead head;
    head.id = "urn:example:feed";
    head.title = title;
    head.self_link = "https://feeds.example/all.rss";
    head.home_link = "https://feeds.example/all.html";
    head.updated = published;
    return head;
}

std::string feed_of(const FeedHead& head, const std::vector<Entry>& entries, FeedFormat format) {
    std::vector<Fragment> fragments;
    for (const Entry& entry : entries) fragments.push_back(write_entry(entry, format));
    const std::vector<std::string_view> views(fragments.begin(), fragments.end());
    return write_feed(head, views, format);
}

struct Parsed {
    pugi::xml_document document;
    pugi::xml_node channel() const { return document.child("rss").child("channel"); }
    pugi::xml_node item() const { return channel().child("item"); }
    pugi::xml_node feed() const { return document.child("feed"); }
    pugi::xml_node entry() const { return feed().child("entry"); }
};

Parsed xml(const std::string& bytes) {
    Parsed parsed;
    const auto result = parsed.document.load_buffer(bytes.data(), bytes.size(), pugi::parse_full, pugi::encoding_utf8);
    EXPECT_TRUE(result) << result.description() << "\n" << bytes;
    return parsed;
}

/// All of an element's text: a CDATA section that would end too early is written as two.
std::string text_in(pugi::xml_node element) {
    std::string text;
    for (const auto part : element.children()) text += part.value();
    return text;
}

Parsed rss_of(const Entry& entry) { return xml(feed_of(head_titled("Feed"), {entry}, FeedFormat::rss)); }
Parsed atom_of(const Entry& entry) { return xml(feed_of(head_titled("Feed"), {entry}, FeedFormat::atom)); }
json::value json_of(const Entry& entry) { return json::parse(feed_of(head_titled("Feed"), {entry}, FeedFormat::json)); }

TEST(WriteFeed, NamesWhoElseTellsTheStory) {
    Entry entry = entry_titled("A story");
    entry.via_link = "https://origin.example/1";
    entry.retellings = {{.source = "Bulletin & Co", .link = "https://b.example/1"},
                        {.source = "", .link = "https://c.example/1"}};
    const auto vias = [](pugi::xml_node node, const char* name) {
        std::vector<std::string> found;
        for (const auto link : node.children(name))
            if (std::string_view(link.attribute("rel").value()) == "via")
                found.push_back(std::string(link.attribute("href").value()) + " " + link.attribute("title").value());
        return found;
    };
    const std::vector<std::string> expected = {"https://origin.example/1 ", "https://b.example/1 Bulletin & Co",
                                               "https://c.example/1 "};
    EXPECT_EQ(vias(rss_of(entry).item(), "atom:link"), expected);
    EXPECT_EQ(vias(atom_of(entry).entry(), "link"), expected);
    const json::value item = json_of(entry).at("items").at(0);
    EXPECT_EQ(item.at("_gazetted").at("retellings"),
              json::parse(R"([{"url": "https://b.example/1", "title": "Bulletin & Co"}, {"url": "https://c.example/1"}])"));
    for (const FeedFormat format : formats)
        EXPECT_EQ(fault_in(feed_of(head_titled("Feed"), {entry}, format), format), std::nullopt);
}

TEST(WriteFeed, GivesTheSameBytesForTheSameArguments) {
    for (const FeedFormat format : formats) {
        const std::vector<Entry> entries = {entry_titled("One"), entry_titled("Two")};
        EXPECT_EQ(feed_of(head_titled("Feed"), entries, format), feed_of(head_titled("Feed"), entries, format));
    }
}

TEST(WriteFeed, UsesAFragmentUnchangedAmongOtherNeighbours) {
    for (const FeedFormat format : formats) {
        const Fragment fragment = write_entry(entry_titled("Kept"), format);
        const std::string alone = feed_of(head_titled("Feed"), {entry_titled("Kept")}, format);
        const std::string among =
            feed_of(head_titled("Feed"), {entry_titled("A"), entry_titled("Kept"), entry_titled("B")}, format);
        EXPECT_NE(alone.find(fragment), std::string::npos);
        EXPECT_NE(among.find(fragment), std::string::npos);
    }
}

TEST(WriteFeed, EscapesATitleExactlyOnceInXml) {
    const Entry entry = entry_titled("<b>Bold</b> &amp; \"x\" ]]> 'y'");
    for (const FeedFormat format : {FeedFormat::rss, FeedFormat::atom}) {
        EXPECT_NE(write_entry(entry, format).find("&lt;b&gt;Bold&lt;/b&gt; &amp;amp; "), std::string::npos);
    }
    EXPECT_EQ(rss_of(entry).item().child("title").text().get(), entry.title);
    EXPECT_EQ(atom_of(entry).entry().child("title").text().get(), entry.title);
    EXPECT_STREQ(atom_of(entry).entry().child("title").attribute("type").value(), "text");
    EXPECT_EQ(json_of(entry).at("items").at(0).at("title").as_string(), entry.title);
}

TEST(WriteFeed, CarriesContentUnchangedThroughEveryFormat) {
    for (const char* html : {"<p>]]></p>", "<p>a ]]]]>> b &amp;lt; &lt;script&gt;</p>", "<p>\"quotes\" \\ / \t\n line</p>",
                             "<p>\xE2\x80\xA8\xF0\x9F\x98\x80 \xE4\xB8\xAD\xE6\x96\x87</p>", "<p>--&gt; &lt;![CDATA[ x</p>"}) {
        const Entry entry = entry_titled("T", html);
        EXPECT_EQ(text_in(rss_of(entry).item().child("content:encoded")), entry.content.str());
        EXPECT_EQ(text_in(atom_of(entry).entry().child("content")), entry.content.str());
        EXPECT_EQ(json_of(entry).at("items").at(0).at("content_html").as_string(), entry.content.str());
    }
}

TEST(WriteFeed, LeavesIllegalCharactersOutOfTheHead) {
    FeedHead head = head_titled(std::string("a\0\x0B\xEF\xBF\xBF", 6) + "b\xFF");
    head.subtitle = "c\x1F";
    head.author = "d\x01";
    head.language = "en\x02";
    const auto rss = xml(feed_of(head, {}, FeedFormat::rss));
    EXPECT_STREQ(rss.channel().child("title").text().get(), "ab\xEF\xBF\xBD");
    EXPECT_STREQ(rss.channel().child("description").text().get(), "c");
    EXPECT_FALSE(rss.channel().child("language"));
    const auto atom = xml(feed_of(head, {}, FeedFormat::atom));
    EXPECT_STREQ(atom.feed().child("author").child("name").text().get(), "d");
    EXPECT_FALSE(atom.feed().attribute("xml:lang"));
    EXPECT_EQ(json::parse(feed_of(head, {}, FeedFormat::json)).at("title").as_string(), "ab\xEF\xBF\xBD");
}

TEST(WriteFeed, NamesItsMediaTypes) {
    EXPECT_EQ(media_type(FeedFormat::rss), "application/rss+xml; charset=utf-8");
    EXPECT_EQ(media_type(FeedFormat::atom), "application/atom+xml; charset=utf-8");
    EXPECT_EQ(media_type(FeedFormat::json), "application/feed+json; charset=utf-8");
}

TEST(WriteRss, PutsTheChannelsElementsBeforeItsItems) {
    const auto parsed = rss_of(entry_titled("T"));
    EXPECT_STREQ(parsed.channel().last_child().name(), "item");
    for (const char* name : {"title", "link", "description", "atom:link", "lastBuildDate", "generator", "docs"}) {
        EXPECT_TRUE(parsed.channel().child(name)) << name;
    }
    EXPECT_STREQ(parsed.channel().child("atom:link").attribute("href").value(), "https://feeds.example/all.rss");
    EXPECT_STREQ(parsed.channel().child("lastBuildDate").text().get(), "Wed, 08 Dec 2021 10:00:00 +0000");
}

TEST(WriteRss, CallsTheIdAPermalinkOnlyWhereItIsTheLink) {
    Entry entry = entry_titled("T");
    EXPECT_STREQ(rss_of(entry).item().child("guid").attribute("isPermaLink").value(), "false");
    entry.id = entry.link;
    EXPECT_STREQ(rss_of(entry).item().child("guid").attribute("isPermaLink").value(), "true");
}

TEST(WriteRss, DescribesAnItemWithoutSummaryByItsFirstWordsAsHtml) {
    const auto parsed = rss_of(entry_titled("T", "<p>a &lt;b&gt; c &amp;amp; d</p>"));
    EXPECT_STREQ(parsed.item().child("description").text().get(), "a &lt;b> c &amp;amp; d");
    Entry summarised = entry_titled("T");
    summarised.summary = sanitise_html("<p>Short</p>", summarised.link);
    EXPECT_EQ(rss_of(summarised).item().child("description").text().get(), summarised.summary.str());
}

TEST(WriteRss, GivesOneEnclosureALengthAndTheOthersToAtomsLinks) {
    Entry entry = entry_titled("T");
    entry.enclosures = {{.url = "https://a.example/1?x=1&y=2", .media_type = "audio/mpeg", .length_bytes = {}},
                        {.url = "https://a.example/2", .media_type = "video/mp4", .length_bytes = 5}};
    const auto parsed = rss_of(entry);
    const auto item = parsed.item();
    EXPECT_STREQ(item.child("enclosure").attribute("url").value(), "https://a.example/1?x=1&y=2");
    EXPECT_STREQ(item.child("enclosure").attribute("length").value(), "0");
    EXPECT_FALSE(item.child("enclosure").next_sibling("enclosure"));
    EXPECT_STREQ(item.child("atom:link").attribute("href").value(), "https://a.example/2");
    EXPECT_STREQ(item.child("atom:link").attribute("length").value(), "5");
}

TEST(WriteAtom, HasAnAuthorForEveryEntry) {
    FeedHead head = head_titled("Feed");
    EXPECT_STREQ(xml(feed_of(head, {}, FeedFormat::atom)).feed().child("author").child("name").text().get(), "Feed");
    head.author = "Site";
    EXPECT_STREQ(xml(feed_of(head, {}, FeedFormat::atom)).feed().child("author").child("name").text().get(), "Site");
    Entry entry = entry_titled("T");
    EXPECT_FALSE(atom_of(entry).entry().child("author"));
    entry.authors = {{.name = "Ann", .email = "", .uri = ""}};
    EXPECT_STREQ(atom_of(entry).entry().child("author").child("name").text().get(), "Ann");
}

TEST(WriteAtom, NamesTheEntrysLanguageOnTheEntry) {
    Entry entry = entry_titled("T");
    EXPECT_FALSE(atom_of(entry).entry().attribute("xml:lang"));
    entry.language = "zh-CN";
    EXPECT_STREQ(atom_of(entry).entry().attribute("xml:lang").value(), "zh-CN");
}

TEST(WriteAtom, DoesNotRepeatACategoryAsATag) {
    Entry entry = entry_titled("T");
    entry.categories = {{.slug = "caijing", .title = "Finance"}};
    entry.tags = {{"Finance"}, {"caijing"}, {"bonds"}};
    const auto parsed = atom_of(entry);
    std::vector<std::string> terms;
    for (const auto category : parsed.entry().children("category")) terms.emplace_back(category.attribute("term").value());
    EXPECT_EQ(terms, (std::vector<std::string>{"caijing", "bonds"}));
}

TEST(WriteJson, GivesEveryItemContentEvenWhereThereIsNone) {
    EXPECT_EQ(json_of(entry_titled("T", "")).at("items").at(0).at("content_html").as_string(), "");
    Entry summarised = entry_titled("T", "");
    summarised.summary = sanitise_html("<p>Short</p>", summarised.link);
    const auto feed = json_of(summarised);
    EXPECT_EQ(feed.at("items").at(0).at("content_html").as_string(), summarised.summary.str());
    EXPECT_EQ(feed.at("items").at(0).at("summary").as_string(), "Short");
}

TEST(WriteJson, IsAFeedWithoutAnyEntryToo) {
    const auto feed = json::parse(feed_of(head_titled("Feed"), {}, FeedFormat::json));
    EXPECT_EQ(feed.at("version").as_string(), "https://jsonfeed.org/version/1.1");
    EXPECT_TRUE(feed.at("items").as_array().empty());
    EXPECT_FALSE(feed.as_object().contains("authors"));
}

std::string atom_entry_with(const std::string& more) {
    return "<entry><id>a</id><title>a &lt; b</title><published>2021-12-08T10:00:00Z</published>"
           "<updated>2021-12-08T10:00:00Z</updated>" +
           more + "</entry>";
}

std::string rss_item_with(const std::string& more) {
    return "<item><title>a</title><link>https://a.example/</link><guid>a</guid>"
           "<pubDate>Wed, 08 Dec 2021 10:00:00 +0000</pubDate>" +
           more + "</item>";
}

std::string json_item_with(const std::string& more) {
    return R"({"id":"a","content_html":"","date_published":"2021-12-08T10:00:00Z","date_modified":"2021-12-08T10:00:00Z")" +
           more + "}";
}

TEST(FaultInEntry, IsNoneOfOneWholeElementUnderTheFeedsNamespaces) {
    EXPECT_EQ(fault_in_entry(atom_entry_with(""), FeedFormat::atom), std::nullopt);
    EXPECT_EQ(fault_in_entry(rss_item_with("<content:encoded><![CDATA[<p>]]></content:encoded>"), FeedFormat::rss),
              std::nullopt);
    EXPECT_EQ(fault_in_entry(json_item_with(""), FeedFormat::json), std::nullopt);
}

TEST(FaultInEntry, IsFoundInWhatWouldBreakTheFeedAroundIt) {
    for (const char* broken : {"<b>", "&nbsp;", "\x01", "\xff", "<x:y/>", "<a a='1' a='2'/>", "</entry></feed><feed><x>",
                               "<![CDATA[a]]>]]>", "</entry><entry>"})
        EXPECT_TRUE(fault_in_entry(atom_entry_with(broken), FeedFormat::atom)) << broken;
    for (const char* broken : {"", "<entry>", "<entry/>", "<feed/>"})
        EXPECT_TRUE(fault_in_entry(broken, FeedFormat::atom)) << broken;
    EXPECT_TRUE(fault_in_entry(rss_item_with("<unknown:encoded/>"), FeedFormat::rss));
    for (const char* broken : {"", "[]", "{\"id\":}", "{\"id\":\"\xff\"}", "{}{}", "{}"})
        EXPECT_TRUE(fault_in_entry(broken, FeedFormat::json)) << broken;
}

TEST(FaultInEntry, IsFoundInWhatTheFormatForbids) {
    for (const char* broken : {"<id>b</id>", "<updated>2021-12-08</updated>", "<link rel='via' href='javascript:x'/>",
                               "<link rel='via' href='/relative'/>", "<media:content url='a.png'/>"})
        EXPECT_TRUE(fault_in_entry(atom_entry_with(broken), FeedFormat::atom)) << broken;
    EXPECT_TRUE(
        fault_in_entry("<entry><id></id><title>a</title><published>2021-12-08T10:00:00Z</published>"
                       "<updated>2021-12-08T10:00:00Z</updated></entry>",
                       FeedFormat::atom));
    for (const char* broken : {"<guid>b</guid>", "<pubDate>2021-12-08T10:00:00Z</pubDate>", "<comments>none</comments>",
                               "<enclosure url='https://a.example/'/>", "<enclosure url='a' length='1' type='a/b'/>"})
        EXPECT_TRUE(fault_in_entry(rss_item_with(broken), FeedFormat::rss)) << broken;
    for (const char* broken : {R"(,"url":"ftp://a")", R"(,"attachments":[{"url":"https://a.example/"}])",
                               R"(,"authors":[{"url":"javascript:x"}])", R"(,"image":7)"})
        EXPECT_TRUE(fault_in_entry(json_item_with(broken), FeedFormat::json)) << broken;
}

TEST(FaultInEntry, IsNoneOfTextLongerThanTheParsersOwnLimit) {
    const std::string text(11'000'000, 'x');
    EXPECT_EQ(fault_in_entry(atom_entry_with("<content type=\"html\"><![CDATA[" + text + "]]></content>"), FeedFormat::atom),
              std::nullopt);
}

TEST(FaultIn, IsNoneOfWhatWeWrite) {
    for (const FeedFormat format : formats) {
        EXPECT_EQ(fault_in(feed_of(head_titled("Feed"), {entry_titled("One")}, format), format), std::nullopt);
        EXPECT_EQ(fault_in(feed_of(head_titled("Feed"), {}, format), format), std::nullopt);
    }
}

TEST(FaultIn, IsFoundInADocumentThatIsCutLacksATitleOrHasAnIdTwice) {
    for (const FeedFormat format : formats) {
        const std::string document = feed_of(head_titled("Feed"), {entry_titled("One")}, format);
        EXPECT_TRUE(fault_in(document.substr(0, document.size() - 3), format));
        EXPECT_TRUE(fault_in(feed_of(head_titled(""), {}, format), format));
        EXPECT_TRUE(fault_in(feed_of(head_titled("Feed"), {entry_titled("One"), entry_titled("Two")}, format), format));
        FeedHead head = head_titled("Feed");
        head.home_link = "/all.html";
        EXPECT_TRUE(fault_in(feed_of(head, {}, format), format));
    }
}

}  // namespace
}  // namespace gazetted
