#pragma once

#include "daemon/descriptor.hpp"
#include "daemon/respond.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

namespace gazetted {

/// A whole answer, head and body in one, as a file in memory: the kernel sends its pages where send() would copy them. Never
/// changed once made, because the pages in a socket's buffer are the file's own.
class Image {
public:
    /// None where the system gives no descriptor or memory for it: the answer is then sent as any other.
    static std::optional<Image> make(std::span<const std::string_view> parts);
    int descriptor() const noexcept { return file_.number(); }
    std::size_t bytes() const noexcept { return bytes_; }

private:
    Image(Descriptor file, std::size_t bytes) noexcept : file_(std::move(file)), bytes_(bytes) {}
    Descriptor file_;
    std::size_t bytes_;
};

/// The images of one loop. They hold a `Date`, so they serve for one second, and are made only of what is asked for again and
/// again within it. Slow readers pin none: what of an answer is not taken at once is sent from its parts. One thread, but for
/// bytes().
class Images {
public:
    /// Of an answer with these parts, its response's among them; null where it is not worth one. Good until clear().
    const Image* find(const Response&, std::span<const std::string_view> parts);
    /// Drops them all: the second is over, or descriptors are short.
    void clear() noexcept;
    std::size_t bytes() const noexcept { return bytes_.load(std::memory_order_relaxed); }

    static constexpr std::size_t body_bytes_min = 8'192;  ///< copying less costs less than a file's detour
    static constexpr std::size_t bytes_max = std::size_t{16} << 20;
    static constexpr std::size_t count_max = 64;
    static constexpr unsigned requests_min = 8;  ///< within the second, before an image pays for itself

private:
    // A representation's, by its address, which no other has while the image holds `owner`. Where several share a place the one
    // asked for most gets it.
    struct Place {
        const Representation* representation = nullptr;
        unsigned requests = 0;
        std::optional<Image> image;
        std::shared_ptr<const void> owner;
    };
    std::array<Place, count_max> places_;
    std::atomic<std::size_t> bytes_ = 0;
};

}  // namespace gazetted
