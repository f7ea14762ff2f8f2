#include "daemon/resolver.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <string_view>
#include <thread>
#include <utility>

namespace gazetted {
namespace {

bool is_localhost(std::string_view name) {
    if (name.ends_with('.')) name.remove_suffix(1);
    return name == "localhost" || name.ends_with(".localhost");
}

struct AddressListFree {
    void operator()(addrinfo* list) const { freeaddrinfo(list); }
};

}  // namespace

Result<std::vector<IpAddress>> look_up_name(const std::string& name) {
    if (is_localhost(name)) return std::vector{*parse_ip_address("127.0.0.1"), *parse_ip_address("::1")};
    addrinfo wanted{};
    wanted.ai_socktype = SOCK_STREAM;
    wanted.ai_flags = AI_ADDRCONFIG;
    addrinfo* found = nullptr;
    const int status = getaddrinfo(name.c_str(), nullptr, &wanted, &found);
    const std::unique_ptr<addrinfo, AddressListFree> owner(found);
    if (status != 0) return Error{ErrorKind::malformed, gai_strerror(status)};
    std::vector<IpAddress> addresses;
    for (const auto* one = found; one != nullptr; one = one->ai_next)
        if (const auto address = ip_address_of(*one->ai_addr)) addresses.push_back(*address);
    return addresses;
}

struct Resolver::Shared {
    std::mutex mutex;
    std::condition_variable changed;
    std::deque<std::pair<std::string, std::function<void(Result<std::vector<IpAddress>>)>>> waiting;
    bool is_over = false;
    NameLookup look_up;
};

Resolver::Resolver(NameLookup look_up, std::size_t threads) : shared_(std::make_shared<Shared>()) {
    shared_->look_up = std::move(look_up);
    const auto work = [](const std::shared_ptr<Shared>& shared) {
        std::unique_lock lock(shared->mutex);
        for (;;) {
            shared->changed.wait(lock, [&] { return shared->is_over || !shared->waiting.empty(); });
            if (shared->is_over) return;
            auto [name, done] = std::move(shared->waiting.front());
            shared->waiting.pop_front();
            lock.unlock();
            auto addresses = shared->look_up(name);
            lock.lock();
            if (!shared->is_over) done(std::move(addresses));
        }
    };
    // Detached, since a look-up cannot be called off.
    for (std::size_t i = 0; i < threads; ++i) std::thread(work, shared_).detach();
}

Resolver::~Resolver() {
    const std::lock_guard lock(shared_->mutex);
    shared_->is_over = true;
    shared_->waiting.clear();
    shared_->changed.notify_all();
}

void Resolver::resolve(std::string name, std::function<void(Result<std::vector<IpAddress>>)> done) {
    const std::lock_guard lock(shared_->mutex);
    shared_->waiting.emplace_back(std::move(name), std::move(done));
    shared_->changed.notify_one();
}

}  // namespace gazetted
