#include "daemon/image.hpp"

#include <sys/mman.h>
#include <sys/uio.h>

#include <cassert>
#include <functional>

namespace gazetted {

namespace {

std::size_t bytes_of(std::span<const std::string_view> parts) {
    std::size_t bytes = 0;
    for (const auto part : parts) bytes += part.size();
    return bytes;
}

}  // namespace

std::optional<Image> Image::make(std::span<const std::string_view> parts) {
    std::array<iovec, 8> vector;
    assert(parts.size() <= vector.size());
    // The interface is older than const; nothing is written through it.
    for (std::size_t i = 0; i < parts.size(); ++i)
        vector[i] = {.iov_base = const_cast<char*>(parts[i].data()), .iov_len = parts[i].size()};
    Descriptor file(::memfd_create("gazetted-answer", MFD_CLOEXEC));
    if (!file) return std::nullopt;
    const auto bytes = bytes_of(parts);
    const auto written = ::writev(file.number(), vector.data(), static_cast<int>(parts.size()));
    if (written < 0 || static_cast<std::size_t>(written) != bytes) return std::nullopt;
    return Image(std::move(file), bytes);
}

const Image* Images::find(const Response& response, std::span<const std::string_view> parts) {
    if (!response.whole || response.body.size() < body_bytes_min) return nullptr;
    constexpr std::uint64_t scatter = 0x9E3779B97F4A7C15;  // Fibonacci hashing: the upper bits of the product
    auto& place = places_[(reinterpret_cast<std::uintptr_t>(response.whole) * scatter >> 32) % count_max];
    auto& [representation, requests, image, owner] = place;
    if (representation != response.whole) {
        if (image || requests > 1) {
            if (!image) --requests;
            return nullptr;
        }
        representation = response.whole;
        requests = 0;
    }
    if (image) return &*image;
    if (++requests != requests_min || bytes() + bytes_of(parts) > bytes_max) return nullptr;
    image = Image::make(parts);
    if (!image) return nullptr;
    owner = response.owner;
    bytes_.fetch_add(image->bytes(), std::memory_order_relaxed);
    return &*image;
}

void Images::clear() noexcept {
    places_ = {};
    bytes_.store(0, std::memory_order_relaxed);
}

}  // namespace gazetted
