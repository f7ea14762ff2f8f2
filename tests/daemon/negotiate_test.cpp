#include "daemon/negotiate.hpp"

#include <gtest/gtest.h>

namespace gazetted {
namespace {

using Sizes = std::map<ContentCoding, std::size_t>;

ContentCoding chosen(std::string_view accept_encoding, const Sizes& sizes) {
    Representations made;
    for (const auto& [coding, size] : sizes)
        made.put(coding, {.body = std::string(size, 'x'), .etag = {}, .head = {}, .not_modified_head = {}});
    return choose_coding(coding_wishes(accept_encoding), made);
}

const Sizes usual = {
    {ContentCoding::identity, 100}, {ContentCoding::gzip, 20}, {ContentCoding::zstd, 19}, {ContentCoding::br, 17}};

TEST(Negotiate, ChoosesTheSmallestAmongEquallyWantedCodings) {
    EXPECT_EQ(chosen("gzip, br, zstd", usual), ContentCoding::br);
    auto sizes = usual;
    sizes[ContentCoding::gzip] = 10;
    EXPECT_EQ(chosen("gzip, br, zstd", sizes), ContentCoding::gzip);
    sizes[ContentCoding::zstd] = 9;
    EXPECT_EQ(chosen("gzip;q=0.8, br;q=0.8, zstd;q=0.8", sizes), ContentCoding::zstd);
}

TEST(Negotiate, PrefersBrToZstdToGzipOfOneSize) {
    const Sizes same = {
        {ContentCoding::identity, 10}, {ContentCoding::gzip, 10}, {ContentCoding::zstd, 10}, {ContentCoding::br, 10}};
    EXPECT_EQ(chosen("gzip, zstd, br, identity", same), ContentCoding::br);
    EXPECT_EQ(chosen("gzip, zstd, identity", same), ContentCoding::zstd);
    EXPECT_EQ(chosen("gzip, identity", same), ContentCoding::gzip);
}

TEST(Negotiate, PutsWeightsBeforeSizes) {
    EXPECT_EQ(chosen("gzip;q=0.9, br;q=0.899", usual), ContentCoding::gzip);
    EXPECT_EQ(chosen("identity, *;q=0.9", usual), ContentCoding::identity);
    EXPECT_EQ(chosen("br;q=0.001, *;q=0", usual), ContentCoding::br);
}

TEST(Negotiate, TakesIdentityWhereNothingIsAcceptable) {
    EXPECT_EQ(chosen("*;q=0", usual), ContentCoding::identity);
    EXPECT_EQ(chosen("br", {{ContentCoding::identity, 100}, {ContentCoding::gzip, 20}}), ContentCoding::identity);
    EXPECT_EQ(chosen("", usual), ContentCoding::identity);
}

TEST(Negotiate, KnowsWhatIsRefused) {
    const auto wishes = coding_wishes("gzip;q=0, br, *;q=0");
    EXPECT_TRUE(wishes.accept(ContentCoding::br));
    for (const auto coding : {ContentCoding::gzip, ContentCoding::zstd, ContentCoding::identity})
        EXPECT_FALSE(wishes.accept(coding)) << name_of(coding);
    EXPECT_TRUE(coding_wishes("br").accept(ContentCoding::identity));
    EXPECT_FALSE(coding_wishes("br").accept(ContentCoding::gzip));
}

}  // namespace
}  // namespace gazetted
