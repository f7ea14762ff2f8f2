#pragma once

#include "daemon/image.hpp"
#include "daemon/readiness.hpp"
#include "daemon/tls.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

namespace gazetted {

/// The bytes of one connection, both ways; on its loop's thread. Nothing here blocks: what cannot be done now is awaited with
/// readable() or writable() and tried again.
class Wire {
public:
    /// `socket` is a stream of any family, and non-blocking; `tls` is over it, or none.
    Wire(Readiness& readiness, Descriptor socket, std::unique_ptr<TlsSession> tls = nullptr) noexcept
        : socket_(std::move(socket)), tls_(std::move(tls)), watch_(readiness, socket_.number()) {}

    using Moved = TlsSession::Moved;
    Moved receive(std::span<char> room);
    /// As much as goes of the parts, one after the other, but for the first `skip` bytes.
    Moved send(std::span<const std::string_view> parts, std::size_t skip);
    /// A few bytes, all of them at once; false where they do not go.
    bool send_now(std::string_view bytes);
    /// What TLS encrypts has to be copied.
    bool takes_images() const noexcept { return !tls_; }
    /// The beginning of an image, as much as goes.
    Moved send(const Image& image);
    /// The peer sees the end; what it still sends can be received.
    void end_sending();

    bool is_established() const noexcept { return !tls_ || tls_->is_established(); }  ///< no handshake is due
    bool met_plain_http() const noexcept { return tls_ && tls_->met_plain_http(); }
    const Descriptor& socket() const noexcept { return socket_; }

    Watch::Wait readable() noexcept { return tls_ ? tls_wait(tls_->has_received()) : watch_.readable(); }
    Watch::Wait writable() noexcept { return tls_ ? tls_wait(false) : watch_.writable(); }
    Watch::Wait woken() noexcept { return watch_.woken(); }
    void wake() { watch_.wake(); }
    void abandon() { watch_.abandon(); }

    static constexpr std::size_t parts_max = 8;

private:
    // TLS may have to write before it can read, and the other way round.
    Watch::Wait tls_wait(bool is_over) noexcept { return {watch_, tls_->awaited_events(), is_over}; }
    Descriptor socket_;
    std::unique_ptr<TlsSession> tls_;
    Watch watch_;
};

}  // namespace gazetted
