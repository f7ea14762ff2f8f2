#include "tests/support/fake_site.hpp"

#include <gtest/gtest.h>
#include <libdeflate.h>

#include <set>

namespace gazetted {
namespace {

std::string inflate(const std::string& compressed, std::size_t size) {
    const std::unique_ptr<libdeflate_decompressor, void (*)(libdeflate_decompressor*)> inflater(libdeflate_alloc_decompressor(),
                                                                                                libdeflate_free_decompressor);
    std::string text(size, '\0');
    const auto result =
        libdeflate_gzip_decompress(inflater.get(), compressed.data(), compressed.size(), text.data(), text.size(), nullptr);
    return result == LIBDEFLATE_SUCCESS ? text : "does not inflate";
}

TEST(Document, HasOneStrongTagForEachRepresentation) {
    const auto made = make_representations(std::string(1000, 'a'));
    const auto& identity = made.at(ContentCoding::identity);
    const auto& gzip = made.at(ContentCoding::gzip);
    EXPECT_NE(identity.etag, gzip.etag);
    for (const auto& etag : {identity.etag, gzip.etag}) {
        EXPECT_TRUE(etag.starts_with('"') && etag.ends_with('"')) << etag;
    }
    EXPECT_EQ(inflate(gzip.body, 1000), identity.body);
}

TEST(Document, GivesTheSameBytesTheSameValidators) {
    const std::string body(1000, 'a');
    const auto once = make_representations(body), again = make_representations(body);
    EXPECT_EQ(once.at(ContentCoding::identity).etag, again.at(ContentCoding::identity).etag);
    EXPECT_EQ(once.at(ContentCoding::gzip).body, again.at(ContentCoding::gzip).body);
    EXPECT_NE(once.at(ContentCoding::identity).etag, make_representations(body + "b").at(ContentCoding::identity).etag);
}

TEST(Document, SaysWhenItsAddressEnds) {
    Document document;
    document.representations = make_representations(std::string(5'000, 'x'));
    document.sunset = std::chrono::sys_days(std::chrono::year(2027) / 1 / 31) + std::chrono::microseconds(1);
    document.links = {{"sunset", "https://a.example/end", ""}};
    const auto finished = with_slow_codings(*finish_document(std::move(document)));
    for (const auto& [coding, made] : finished->representations)
        for (const std::string& head : {made.head, made.not_modified_head})
            EXPECT_NE(head.find("\r\nSunset: Sun, 31 Jan 2027 00:00:00 GMT\r\n"), std::string::npos) << head;
    EXPECT_NE(finished->representations.identity().head.find("Link: <https://a.example/end>; rel=\"sunset\""),
              std::string::npos);
}

TEST(Document, WritesNoTimeIntoTheGzipHeader) {
    const auto made = make_representations(std::string(1000, 'a'));
    EXPECT_EQ(made.at(ContentCoding::gzip).body.substr(4, 4), std::string(4, '\0'));
}

TEST(Document, IsNotCompressedWhereThatSavesNothing) {
    EXPECT_FALSE(make_representations("a").contains(ContentCoding::gzip));
    EXPECT_TRUE(make_representations("").contains(ContentCoding::identity));
}

TEST(Document, GetsItsSlowCodingsWithoutTouchingItsIdentity) {
    const auto document = make_document({.address = IndexPageAddress{}});
    ASSERT_TRUE(wants_slow_codings(*document));
    const auto improved = with_slow_codings(*document);
    EXPECT_FALSE(wants_slow_codings(*improved));
    EXPECT_EQ(improved->representations.size(), 4U);
    const auto& before = document->representations.identity();
    const auto& after = improved->representations.identity();
    EXPECT_EQ(after.etag, before.etag);
    EXPECT_EQ(after.head, before.head);
    EXPECT_EQ(after.not_modified_head, before.not_modified_head);
    EXPECT_EQ(after.body, before.body);
    std::set<std::string> etags;
    for (const auto& [coding, made] : improved->representations) etags.insert(made.etag);
    EXPECT_EQ(etags.size(), 4U);
    EXPECT_GT(improved->bytes, document->bytes + improved->representations.at(ContentCoding::br).body.size());
}

TEST(Document, KeepsTheSlowCodingsOfItsBytesAndOfNoOthers) {
    const auto document = make_document({.address = IndexPageAddress{}});
    const auto improved = with_slow_codings(*document);
    const auto renewed = with_codings_of(document, *improved);
    EXPECT_FALSE(wants_slow_codings(*renewed));
    EXPECT_EQ(renewed->representations.at(ContentCoding::br).etag, improved->representations.at(ContentCoding::br).etag);
    EXPECT_EQ(renewed->representations.at(ContentCoding::br).head, improved->representations.at(ContentCoding::br).head);
    EXPECT_EQ(with_codings_of(improved, *document), improved);
    Document changed;
    changed.address = IndexPageAddress{};
    changed.representations = make_representations(std::string(2'000, 'x'));
    EXPECT_TRUE(wants_slow_codings(*with_codings_of(finish_document(std::move(changed)), *improved)));
}

// Words in an order without a pattern, as text has them.
std::string text_of_words(std::size_t bytes) {
    std::string text;
    for (std::uint32_t state = 1; text.size() < bytes; state = state * 1'664'525U + 1'013'904'223U)
        text += std::to_string(state >> 22) + " ";
    return text;
}

TEST(Document, IsFirstMadeWithAQuickGzipAndThenWithASmallOne) {
    Document made;
    made.address = IndexPageAddress{};
    made.representations = make_representations(text_of_words(20'000));
    const auto document = finish_document(std::move(made));
    const auto improved = with_slow_codings(*document);
    const auto& quick = document->representations.at(ContentCoding::gzip);
    const auto& small = improved->representations.at(ContentCoding::gzip);
    EXPECT_LT(small.body.size(), quick.body.size());
    EXPECT_NE(small.etag, quick.etag) << "a strong tag names bytes";
    for (const auto& gzip : {quick, small})
        EXPECT_EQ(inflate(gzip.body, document->representations.identity().body.size()),
                  document->representations.identity().body);
}

TEST(Document, KnowsTheTagOfTheGzipThatItHasNot) {
    const auto document = make_document({.address = IndexPageAddress{}});
    const auto improved = with_slow_codings(*document);
    ASSERT_TRUE(document->other_gzip && improved->other_gzip);
    EXPECT_EQ(document->other_gzip->etag, improved->representations.at(ContentCoding::gzip).etag);
    EXPECT_EQ(improved->other_gzip->etag, document->representations.at(ContentCoding::gzip).etag);
    EXPECT_EQ(improved->other_gzip->not_modified_head, document->representations.at(ContentCoding::gzip).not_modified_head);
}

TEST(Document, HasOneGzipWhereItIsShort) {
    Document made;
    made.address = IndexPageAddress{};
    made.representations = make_representations(std::string(1'023, 'a'));
    EXPECT_FALSE(finish_document(made)->other_gzip);
    made.representations = make_representations(std::string(1'024, 'a'));
    EXPECT_TRUE(finish_document(made)->other_gzip);
}

TEST(Document, WantsNoSlowCodingWhereItIsShort) {
    EXPECT_FALSE(wants_slow_codings(*make_document({.address = IndexPageAddress{}, .repeated = 10})));
}

TEST(Document, CountsItsBodiesAndFragmentsAsCosts) {
    const auto small = make_document({.address = IndexPageAddress{}, .repeated = 1});
    const auto large = make_document({.address = IndexPageAddress{}, .repeated = 1000});
    EXPECT_GT(large->bytes, small->bytes + 900 * 11);
    Document with_fragment = *small;
    with_fragment.fragments["a"] = {
        .revision = 1, .published = {}, .updated = {}, .fragment = std::make_shared<const Fragment>(5000, 'x')};
    EXPECT_GT(finish_document(with_fragment)->bytes, small->bytes + 5000);
}

TEST(Document, LinksToItsAlternatesInTheHead) {
    Document document = *make_document({.address = IndexPageAddress{}});
    document.links = {{"alternate", "https://example.org/all.atom", ""}};
    EXPECT_NE(finish_document(document)->representations.identity().head.find(
                  "\r\nLink: <https://example.org/all.atom>; rel=\"alternate\"\r\n"),
              std::string::npos);
}

}  // namespace
}  // namespace gazetted
