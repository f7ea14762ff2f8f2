#include "daemon/content_coding.hpp"

#include <brotli/decode.h>
#include <gtest/gtest.h>
#include <zstd.h>

#include <memory>

namespace gazetted {
namespace {

std::string decode_br(const std::string& coded, std::size_t size) {
    std::string text(size, '\0');
    const auto result = BrotliDecoderDecompress(coded.size(), reinterpret_cast<const std::uint8_t*>(coded.data()), &size,
                                                reinterpret_cast<std::uint8_t*>(text.data()));
    return result == BROTLI_DECODER_RESULT_SUCCESS && size == text.size() ? text : "does not decode";
}

// As a browser does: piece by piece, with no more window than RFC 9659 makes it provide.
std::string decode_zstd(const std::string& coded, std::size_t size) {
    const std::unique_ptr<ZSTD_DCtx, std::size_t (*)(ZSTD_DCtx*)> decoder(ZSTD_createDCtx(), ZSTD_freeDCtx);
    constexpr int window_log_max = 23;
    ZSTD_DCtx_setParameter(decoder.get(), ZSTD_d_windowLogMax, window_log_max);
    std::string text(size, '\0');
    ZSTD_outBuffer out{text.data(), text.size(), 0};
    ZSTD_inBuffer in{coded.data(), coded.size(), 0};
    while (in.pos < in.size) {
        const auto result = ZSTD_decompressStream(decoder.get(), &out, &in);
        if (ZSTD_isError(result)) return ZSTD_getErrorName(result);
    }
    return text;
}

std::string feed_like(std::size_t bytes_min) {
    std::string text;
    for (std::size_t i = 0; text.size() < bytes_min; ++i)
        text += "<item><title>article " + std::to_string(i * 7919) + "</title></item>\n";
    return text;
}

TEST(ContentCoding, GivesBackWhatItWasGiven) {
    for (const auto& text : {std::string(), std::string("a"), feed_like(60'000)}) {
        EXPECT_EQ(decode_br(encode(text, ContentCoding::br), text.size()), text);
        EXPECT_EQ(decode_zstd(encode(text, ContentCoding::zstd), text.size()), text);
        EXPECT_EQ(encode(text, ContentCoding::identity), text);
    }
}

TEST(ContentCoding, MakesTheSameBytesOfTheSameBytes) {
    const auto text = feed_like(60'000);
    for (const auto coding : {ContentCoding::gzip, ContentCoding::zstd, ContentCoding::br})
        EXPECT_EQ(encode(text, coding), encode(text, coding)) << name_of(coding);
}

TEST(ContentCoding, NeedsNoLargerWindowThanReadersProvide) {
    const auto text = feed_like(20'000'000);
    EXPECT_EQ(decode_zstd(encode(text, ContentCoding::zstd), text.size()), text);
}

}  // namespace
}  // namespace gazetted
