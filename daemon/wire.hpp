#pragma once

#include "daemon/readiness.hpp"

#include <cstddef>
#include <span>
#include <string_view>

namespace gazetted {

/// The bytes of one connection, both ways; on its loop's thread. Nothing here blocks: what cannot be done now is awaited with
/// readable() or writable() and tried again.
class Wire {
public:
    /// `socket` is a stream of any family, and non-blocking.
    Wire(Readiness& readiness, Descriptor socket) noexcept : socket_(std::move(socket)), watch_(readiness, socket_.number()) {}

    struct Moved {
        std::size_t bytes = 0;  ///< none: nothing to be had, or no room, just now
        bool gone = false;      ///< the peer will send no more, or is lost
    };
    Moved receive(std::span<char> room);
    /// As much as goes of the parts, one after the other, but for the first `skip` bytes.
    Moved send(std::span<const std::string_view> parts, std::size_t skip);
    /// The peer sees the end; what it still sends can be received.
    void end_sending();

    Watch::Wait readable() noexcept { return watch_.readable(); }
    Watch::Wait writable() noexcept { return watch_.writable(); }
    Watch::Wait woken() noexcept { return watch_.woken(); }
    void wake() { watch_.wake(); }
    void abandon() { watch_.abandon(); }

    static constexpr std::size_t parts_max = 8;

private:
    Descriptor socket_;
    Watch watch_;
};

}  // namespace gazetted
