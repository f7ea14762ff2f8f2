#include "daemon/feed_instance.hpp"

#include "daemon/respond.hpp"

#include <gtest/gtest.h>
#include <stdexcept>

namespace gazetted {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view cache_line = "Cache-Control: public, max-age=60\r\n";
constexpr std::size_t shown_max = 4;

// An article whose text is as long as those of real feeds; `revision` says when it was written.
FeedInstance::Place place(const std::string& name, std::int64_t revision, std::int64_t hour) {
    std::string fragment = "<entry><id>urn:" + name + "</id><title>";
    for (int i = 0; i < 60; ++i) fragment += std::to_string(revision * 7919 + i * i) + " ";
    return {.fragment = std::make_shared<const Fragment>(fragment + "</title></entry>"),
            .revision = revision,
            .updated = Instant(std::chrono::hours(hour))};
}

const std::vector<FeedInstance::Place> written = {place("f", 6, 6), place("e", 5, 5), place("d", 4, 4),
                                                  place("c", 3, 3), place("b", 2, 2), place("a", 1, 1)};

// The feed when only these had been written, newest first.
FeedInstance instance_of(std::vector<FeedInstance::Place> places) {
    FeedInstance instance;
    instance.head.id = "urn:feed";
    instance.head.title = "News";
    instance.places_shown_max = shown_max;
    instance.places = std::move(places);
    for (std::size_t i = 0; i < std::min(instance.places.size(), shown_max); ++i)
        instance.head.updated = std::max(instance.head.updated, instance.places[i].updated);
    return instance;
}

FeedInstance with_newest(std::size_t count) {
    return instance_of({written.end() - static_cast<std::ptrdiff_t>(count), written.end()});
}

std::string body_of(const FeedInstance& instance) {
    std::vector<std::string_view> fragments;
    for (std::size_t i = 0; i < std::min(instance.places.size(), shown_max); ++i)
        if (instance.places[i].fragment) fragments.emplace_back(*instance.places[i].fragment);
    return write_feed(instance.head, fragments, instance.format);
}

std::shared_ptr<const Document> document_of(const FeedInstance& instance) {
    Document document;
    document.address = FeedAddress{Selection{.name = "news"}, FeedFormat::atom};
    document.media_type = media_type(FeedFormat::atom);
    document.representations = make_representations(body_of(instance));
    document.instance = instance;
    return with_slow_codings(*finish_document(std::move(document)));
}

std::string etag_of(const FeedInstance& instance, ContentCoding coding = ContentCoding::identity) {
    return document_of(instance)->representations.at(coding).etag;
}

Response ask(const FeedInstance& instance, const std::string& if_none_match, std::string_view a_im = "feed",
             std::string_view accept_encoding = {}) {
    const RequestView view{.method = "GET",
                           .target = "/category/news.atom",
                           .if_none_match = if_none_match,
                           .a_im = a_im,
                           .accept_encoding = accept_encoding};
    return respond(view, document_of(instance), cache_line, false);
}

bool shows(const Response& response, const std::string& name) {
    return response.body.find("urn:" + name + "<") != std::string_view::npos;
}

TEST(FeedInstance, IsFoundAgainByTheBytesItHadBeforeItsNewestArticles) {
    const auto older = older_instances(with_newest(6));
    ASSERT_GE(older.size(), 2U);
    EXPECT_EQ(older.at(0).hash, hash_of(body_of(with_newest(5))));
    EXPECT_EQ(older.at(0).newer.size(), 1U);
    EXPECT_EQ(older.at(1).hash, hash_of(body_of(with_newest(4))));
    EXPECT_EQ(older.at(1).newer.size(), 2U);
}

TEST(FeedInstance, HasNoOlderOneThatIsEmpty) { EXPECT_TRUE(older_instances(with_newest(1)).empty()); }

TEST(FeedInstance, IsAnsweredWithTheNewerEntriesAlone) {
    const auto response = ask(with_newest(6), etag_of(with_newest(5)));
    const auto head = head_text(response);
    EXPECT_EQ(response.status, 226U);
    EXPECT_TRUE(shows(response, "f"));
    for (const std::string name : {"a", "b", "c", "d", "e"}) EXPECT_FALSE(shows(response, name)) << name;
    EXPECT_TRUE(head.starts_with("HTTP/1.1 226 IM Used\r\nContent-Length: " + std::to_string(response.body.size()) + "\r\n"));
    for (const std::string& line :
         {std::string("IM: feed"), std::string("Cache-Control: no-store, im"), std::string("Vary: A-IM, Accept-Encoding"),
          "ETag: " + etag_of(with_newest(6)), std::string("Content-Type: application/atom+xml; charset=utf-8")})
        EXPECT_NE(head.find("\r\n" + line + "\r\n"), std::string::npos) << line;
    EXPECT_EQ(head.find("max-age"), std::string::npos);
}

TEST(FeedInstance, IsKnownByTheTagOfEveryCodingAndByWeakOnes) {
    for (const auto coding : {ContentCoding::identity, ContentCoding::gzip, ContentCoding::zstd, ContentCoding::br})
        EXPECT_EQ(ask(with_newest(6), etag_of(with_newest(5), coding)).status, 226U) << name_of(coding);
    EXPECT_EQ(ask(with_newest(6), "W/" + etag_of(with_newest(5))).status, 226U);
}

TEST(FeedInstance, OfSeveralThatAreNamedTheYoungestCounts) {
    const auto response = ask(with_newest(6), "\"x\", " + etag_of(with_newest(4)) + ", " + etag_of(with_newest(5)));
    EXPECT_EQ(response.status, 226U);
    EXPECT_FALSE(shows(response, "e"));
    EXPECT_NE(head_text(response).find("\r\nDelta-Base: " + etag_of(with_newest(5)) + "\r\n"), std::string::npos);
    EXPECT_EQ(head_text(ask(with_newest(6), etag_of(with_newest(5)))).find("Delta-Base"), std::string::npos);
}

TEST(FeedInstance, IsSentWholeToWhomItMayNotBeSentInPart) {
    const auto before = etag_of(with_newest(5));
    EXPECT_EQ(ask(with_newest(6), before, "").status, 200U);
    EXPECT_EQ(ask(with_newest(6), before, "vcdiff, gzip").status, 200U);
    EXPECT_EQ(ask(with_newest(6), before, "feed;q=0").status, 200U);
    EXPECT_EQ(ask(with_newest(6), before, "vcdiff, FEED;q=0.5").status, 226U);
    EXPECT_EQ(ask(with_newest(6), before, "feed", "gzip, identity;q=0").status, 200U);
    EXPECT_EQ(ask(with_newest(6), "\"unknown\"").status, 200U);
    EXPECT_EQ(ask(with_newest(6), "").status, 200U);
}

TEST(FeedInstance, IsNotSentAtAllToWhomHasIt) {
    EXPECT_EQ(ask(with_newest(6), etag_of(with_newest(6))).status, 304U);
    // A delta has the identity's tag, and its reader may accept codings all the same.
    EXPECT_EQ(ask(with_newest(6), etag_of(with_newest(6)), "feed", "gzip, br").status, 304U);
}

TEST(FeedInstance, IsSentWholeAfterADeletion) {
    auto places = with_newest(6).places;
    places.erase(places.begin() + 2);
    EXPECT_EQ(ask(instance_of(places), etag_of(with_newest(6))).status, 200U);
    EXPECT_EQ(ask(instance_of(places), etag_of(with_newest(5))).status, 200U);
}

TEST(FeedInstance, IsSentWholeAfterAnEdit) {
    auto places = with_newest(6).places;
    places[1] = place("e", 7, 5);
    EXPECT_EQ(ask(instance_of(places), etag_of(with_newest(6))).status, 200U);
}

TEST(FeedInstance, IsSentWholeAfterItsTitleChanged) {
    auto renamed = with_newest(6);
    renamed.head.title = "Old news";
    EXPECT_EQ(ask(renamed, etag_of(with_newest(5))).status, 200U);
}

TEST(FeedInstance, ShowsAnArticleThatCameLateInItsPlace) {
    auto places = with_newest(5).places;
    places.insert(places.begin() + 2, place("late", 6, 3));
    const auto response = ask(instance_of(places), etag_of(with_newest(5)));
    EXPECT_EQ(response.status, 226U);
    EXPECT_TRUE(shows(response, "late"));
    EXPECT_FALSE(shows(response, "e"));
}

TEST(FeedInstance, IsSentWholeWhereACommitWithASmallerRevisionCameLater) {
    // Revisions are given when rows are written, not when they are committed: `late` was not in the instance that showed 6.
    auto places = with_newest(6).places;
    places.insert(places.begin() + 1, place("late", 0, 5));
    EXPECT_EQ(ask(instance_of(places), etag_of(with_newest(6))).status, 200U);
}

TEST(FeedInstance, LeavesOutWhatWasSetAside) {
    auto before = with_newest(5), now = with_newest(6);
    before.places[1].fragment = now.places[2].fragment = nullptr;
    EXPECT_EQ(ask(now, etag_of(before)).status, 226U);
}

FeedInstance::Place entry_place(const std::string& id, const std::string& more) {
    return {.fragment = std::make_shared<const Fragment>("<entry><id>" + id +
                                                         "</id><title>t</title>"
                                                         "<published>2024-05-01T10:00:00Z</published>"
                                                         "<updated>2024-05-01T10:00:00Z</updated>" +
                                                         more + "</entry>"),
            .revision = 1,
            .updated = {}};
}

FeedInstance instance_with(std::vector<FeedInstance::Place> places) {
    FeedInstance instance = instance_of(std::move(places));
    instance.head.self_link = "https://feeds.example/all.atom";
    instance.head.home_link = "https://feeds.example/all.html";
    return instance;
}

TEST(SoundFeed, IsTheWholeFeedWhereNothingIsWrong) {
    const auto instance = instance_with({entry_place("a", ""), {}, entry_place("b", "")});
    const SoundFeed feed = write_sound_feed(instance);
    EXPECT_EQ(feed.body, body_of(instance));
    EXPECT_TRUE(feed.left_out.empty());
}

TEST(SoundFeed, GoesOnWithoutEntriesThatWouldBreakIt) {
    const auto instance = instance_with({entry_place("a", "<x>"),
                                         {},
                                         entry_place("b", ""),
                                         entry_place("c", "<link href='/relative'/>"),
                                         entry_place("d", "<x>")});
    const SoundFeed feed = write_sound_feed(instance);
    EXPECT_EQ(feed.body, body_of(instance_with({entry_place("b", "")})));
    ASSERT_EQ(feed.left_out.size(), 2U) << "the last is not shown";
    EXPECT_EQ(feed.left_out[0].place, 0U);
    EXPECT_EQ(feed.left_out[1].place, 3U);
    EXPECT_NE(feed.left_out[0].reason.find("not well-formed"), std::string::npos) << feed.left_out[0].reason;
    EXPECT_NE(feed.left_out[1].reason.find("href is no absolute address"), std::string::npos) << feed.left_out[1].reason;
}

FeedInstance::Place proven(FeedInstance::Place place) {
    place.is_proven = true;
    return place;
}

TEST(SoundFeed, IsReadOnlyWhereItIsNotProven) {
    const auto instance = instance_with({entry_place("a", "<x>"), proven(entry_place("b", "")), entry_place("c", "")});
    const SoundFeed feed = write_sound_feed(instance);
    EXPECT_EQ(feed.body, body_of(instance_with({entry_place("b", ""), entry_place("c", "")})));
    EXPECT_EQ(fault_in(feed.body, FeedFormat::atom), std::nullopt);
    ASSERT_EQ(feed.left_out.size(), 1U);
    EXPECT_EQ(feed.left_out[0].place, 0U);
    // Nobody looks at it again, which is why only what stood in a sound document may be called proven.
    EXPECT_TRUE(write_sound_feed(instance_with({proven(entry_place("a", "<x>"))})).left_out.empty());
}

TEST(SoundFeed, IsNoneWhereItsHeadIsWrong) {
    auto instance = instance_with({entry_place("a", "")});
    instance.head.home_link = "/all.html";
    EXPECT_THROW(write_sound_feed(instance), std::runtime_error);
    instance.places[0].is_proven = true;
    EXPECT_THROW(write_sound_feed(instance), std::runtime_error);
}

}  // namespace
}  // namespace gazetted
