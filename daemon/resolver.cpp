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
    NameLookup look_up;
    std::size_t threads_max = 0;

    std::mutex mutex;  // of what follows
    std::condition_variable changed;
    std::deque<std::pair<std::string, std::function<void(Result<std::vector<IpAddress>>)>>> waiting;
    std::size_t threads = 0, idle_threads = 0;
    bool is_over = false;

    void work();
};

void Resolver::Shared::work() {
    std::unique_lock lock(mutex);
    for (;;) {
        changed.wait(lock, [&] { return is_over || !waiting.empty(); });
        if (is_over) return;
        --idle_threads;
        auto [name, done] = std::move(waiting.front());
        waiting.pop_front();
        lock.unlock();
        auto addresses = look_up(name);
        lock.lock();
        if (!is_over) done(std::move(addresses));
        ++idle_threads;
    }
}

Resolver::Resolver(NameLookup look_up, std::size_t threads_max) : shared_(std::make_shared<Shared>()) {
    shared_->look_up = std::move(look_up);
    shared_->threads_max = threads_max;
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
    if (shared_->waiting.size() <= shared_->idle_threads || shared_->threads == shared_->threads_max) return;
    ++shared_->threads;
    ++shared_->idle_threads;
    // Detached, since a look-up cannot be called off.
    std::thread([shared = shared_] { shared->work(); }).detach();
}

}  // namespace gazetted
