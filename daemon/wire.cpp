#include "daemon/wire.hpp"

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
    std::array<iovec, parts_max> unsent;
    std::size_t count = 0;
    for (const auto part : parts) {
        const auto skipped = std::min(skip, part.size());
        skip -= skipped;
        if (skipped == part.size()) continue;
        // The interface is older than const; nothing is written through it.
        unsent[count++] = {.iov_base = const_cast<char*>(part.data() + skipped), .iov_len = part.size() - skipped};
    }
    msghdr message{};
    message.msg_iov = unsent.data();
    message.msg_iovlen = count;
    return moved(::sendmsg(socket_.number(), &message, MSG_NOSIGNAL));
}

void Wire::end_sending() {
    if (tls_) tls_->end_sending();
    ::shutdown(socket_.number(), SHUT_WR);
}

}  // namespace gazetted
