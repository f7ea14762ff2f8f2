#include "daemon/mailbox.hpp"

#include <sys/eventfd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace gazetted {

Mailbox::Mailbox() : arrival_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (!arrival_) throw std::system_error(errno, std::generic_category(), "eventfd");
}

void Mailbox::post(Letter letter) {
    const std::lock_guard lock(mutex_);
    if (is_closed_) return;
    letters_.push_back(std::move(letter));
    if (letters_.size() == 1) ::eventfd_write(arrival_.number(), 1);
}

void Mailbox::open() noexcept {
    std::vector<Letter> letters;
    {
        const std::lock_guard lock(mutex_);
        letters.swap(letters_);
        eventfd_t count;
        ::eventfd_read(arrival_.number(), &count);
    }
    for (auto& letter : letters) std::exchange(letter, nullptr)();
}

void Mailbox::close() {
    std::vector<Letter> letters;  // ends after the lock: what they hold may post
    const std::lock_guard lock(mutex_);
    is_closed_ = true;
    letters.swap(letters_);
}

}  // namespace gazetted
