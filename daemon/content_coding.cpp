#include "daemon/content_coding.hpp"

#include <brotli/encode.h>
#include <libdeflate.h>
#include <zstd.h>

#include <cassert>
#include <cstdint>
#include <memory>
#include <new>
#include <stdexcept>

namespace gazetted {

namespace {

// Where another step costs much more time than it saves bytes of a feed.
constexpr int gzip_level = 6;
constexpr int quick_gzip_level = 1;
constexpr int zstd_level = 3;  // its window is 2 MB; RFC 9659 allows 8
constexpr int br_quality = 6;

struct GzipDeleter {
    void operator()(libdeflate_compressor* compressor) const { libdeflate_free_compressor(compressor); }
};

using GzipCompressor = std::unique_ptr<libdeflate_compressor, GzipDeleter>;

GzipCompressor make_compressor(int level) {
    GzipCompressor compressor(libdeflate_alloc_compressor(level));
    if (!compressor) throw std::bad_alloc();
    return compressor;
}

// libdeflate writes no time and no file name into the gzip header.
std::string gzip(std::string_view bytes, libdeflate_compressor& compressor) {
    std::string out(libdeflate_gzip_compress_bound(&compressor, bytes.size()), '\0');
    out.resize(libdeflate_gzip_compress(&compressor, bytes.data(), bytes.size(), out.data(), out.size()));
    assert(!out.empty());
    out.shrink_to_fit();
    return out;
}

std::string zstd(std::string_view bytes) {
    std::string out(ZSTD_compressBound(bytes.size()), '\0');
    const auto size = ZSTD_compress(out.data(), out.size(), bytes.data(), bytes.size(), zstd_level);
    if (ZSTD_isError(size)) throw std::runtime_error(std::string("zstd: ") + ZSTD_getErrorName(size));
    out.resize(size);
    return out;
}

std::string br(std::string_view bytes) {
    std::string out(BrotliEncoderMaxCompressedSize(bytes.size()), '\0');
    auto size = out.size();
    const auto* in = reinterpret_cast<const std::uint8_t*>(bytes.data());
    if (BrotliEncoderCompress(br_quality, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_TEXT, bytes.size(), in, &size,
                              reinterpret_cast<std::uint8_t*>(out.data())) == BROTLI_FALSE)
        throw std::bad_alloc();
    out.resize(size);
    return out;
}

}  // namespace

std::string encode(std::string_view bytes, ContentCoding coding) {
    std::string out;
    switch (coding) {
        case ContentCoding::gzip:
            out = gzip(bytes, *make_compressor(gzip_level));
            break;
        case ContentCoding::zstd:
            out = zstd(bytes);
            break;
        case ContentCoding::br:
            out = br(bytes);
            break;
        case ContentCoding::identity:
            out = bytes;
            break;
    }
    out.shrink_to_fit();
    return out;
}

std::string gzip_quickly(std::string_view bytes) {
    // Kept, since the memory of a new one comes in fresh pages, which cost half as much again as the work.
    static thread_local const GzipCompressor compressor = make_compressor(quick_gzip_level);
    return gzip(bytes, *compressor);
}

}  // namespace gazetted
