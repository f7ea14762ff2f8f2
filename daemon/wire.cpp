#include "daemon/wire.hpp"

#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cerrno>

namespace gazetted {

namespace {

Wire::Moved moved(ssize_t bytes) {
    if (bytes >= 0) return {.bytes = static_cast<std::size_t>(bytes)};
    return {.gone = errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR};
}

// Gathering a small answer costs the kernel more than joining it costs us.
constexpr std::size_t joined_bytes_max = 2'048;

ssize_t send_joined(int socket, std::span<const std::string_view> parts) {
    std::array<char, joined_bytes_max> bytes;
    auto* end = bytes.data();
    for (const auto part : parts) end += part.copy(end, part.size());
    return ::send(socket, bytes.data(), static_cast<std::size_t>(end - bytes.data()), MSG_NOSIGNAL);
}

ssize_t send_gathered(int socket, std::span<const std::string_view> parts) {
    std::array<iovec, Wire::parts_max> vector;
    // The interface is older than const; nothing is written through it.
    for (std::size_t i = 0; i < parts.size(); ++i)
        vector[i] = {.iov_base = const_cast<char*>(parts[i].data()), .iov_len = parts[i].size()};
    msghdr message{};
    message.msg_iov = vector.data();
    message.msg_iovlen = parts.size();
    return ::sendmsg(socket, &message, MSG_NOSIGNAL);
}

}  // namespace

Wire::Moved Wire::receive(std::span<char> room) {
    assert(!room.empty());
    if (tls_) return tls_->receive(room);
    const auto bytes = ::recv(socket_.number(), room.data(), room.size(), 0);
    return bytes == 0 ? Moved{.gone = true} : moved(bytes);
}

Wire::Moved Wire::send(std::span<const std::string_view> parts, std::size_t skip) {
    assert(parts.size() <= parts_max);
    if (tls_) return tls_->send(parts, skip);
    std::size_t count = 0, bytes = 0;
    if (skip == 0) {
        for (const auto part : parts) bytes += part.size();
        if (bytes <= joined_bytes_max) return moved(send_joined(socket_.number(), parts));
        bytes = 0;
    }
    std::array<std::string_view, parts_max> unsent;
    for (const auto part : parts) {
        const auto skipped = std::min(skip, part.size());
        skip -= skipped;
        if (skipped == part.size()) continue;
        unsent[count++] = part.substr(skipped);
        bytes += part.size() - skipped;
    }
    const auto rest = std::span(unsent).first(count);
    return moved(bytes <= joined_bytes_max ? send_joined(socket_.number(), rest) : send_gathered(socket_.number(), rest));
}

bool Wire::send_now(std::string_view bytes) {
    const std::array parts = {bytes};
    const auto sent = tls_ ? tls_->send(parts, 0) : moved(::send(socket_.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL));
    return !sent.gone && sent.bytes == bytes.size();
}

Wire::Moved Wire::send(const Image& image) {
    assert(takes_images());
    off_t begin = 0;
    return moved(::sendfile(socket_.number(), image.descriptor(), &begin, image.bytes()));
}

void Wire::end_sending() {
    if (tls_) tls_->end_sending();
    ::shutdown(socket_.number(), SHUT_WR);
}

}  // namespace gazetted
