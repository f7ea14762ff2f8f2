#include "daemon/interruption.hpp"

#include <sys/socket.h>

namespace gazetted {

void Interruption::begin() {
    const std::lock_guard lock(mutex_);
    has_begun_ = true;
    if (socket_) ::shutdown(*socket_, SHUT_RDWR);
}

Interruption::Watch::Watch(Interruption& interruption, int socket) : interruption_(interruption) {
    const std::lock_guard lock(interruption_.mutex_);
    interruption_.socket_ = socket;
    if (interruption_.has_begun_) ::shutdown(socket, SHUT_RDWR);
}

Interruption::Watch::~Watch() {
    const std::lock_guard lock(interruption_.mutex_);
    interruption_.socket_.reset();
}

}  // namespace gazetted
