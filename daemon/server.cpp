#include "daemon/server.hpp"

#include "daemon/event_loop.hpp"

#include <algorithm>
#include <csignal>
#include <thread>

namespace gazetted {

struct Server::State {
    State(const ServerConfig& config, const std::string& cache_control, Publisher& publisher,
          std::function<StatusReport()> status, const Observers& observers, std::vector<PassedSocket> passed,
          const VariantLimits& variant_limits, Api* api)
        : service(config, cache_control, publisher, std::move(status), observers, variant_limits, api) {
        const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
        const auto loops = config.loops > 0 ? config.loops : cores;
        for (std::size_t i = 0; i < loops; ++i) service.loops.push_back(std::make_unique<EventLoop>(service));
        for (const auto& listening : listen_on(config, loops, std::move(passed))) deal(listening);
    }

    /// One socket is for all loops, several are for one loop each. The status listener has few callers: one loop will do.
    void deal(const SharedListening& listening) {
        const auto& first = *listening.front();
        listeners.push_back({.address = first.address, .door = first.door, .passed_as = first.passed_as});
        const std::size_t watching = first.door == Door::status ? 1 : service.loops.size();
        for (std::size_t i = 0; i < watching; ++i) service.loops[i]->add_listener(listening[i % listening.size()]);
    }

    std::vector<BoundListener> listeners;
    Service service;
};

Server::Server(const ServerConfig& config, std::string cache_control, Publisher& publisher,
               std::function<StatusReport()> status, const Observers& observers, std::vector<PassedSocket> passed,
               const VariantLimits& variant_limits, Api* api)
    : state_(std::make_unique<State>(config, cache_control, publisher, std::move(status), observers, std::move(passed),
                                     variant_limits, api)) {}

Server::~Server() = default;

void Server::run() {
    ::signal(SIGPIPE, SIG_IGN);  // sendfile() to a peer who is gone raises it and, unlike send(), cannot be asked not to
    std::vector<std::thread> threads;
    const auto& loops = state_->service.loops;
    for (std::size_t i = 1; i < loops.size(); ++i) threads.emplace_back([loop = loops[i].get()] { loop->run(); });
    loops.front()->run();
    for (auto& thread : threads) thread.join();
}

void Server::drain() {
    state_->service.draining = true;
    for (const auto& loop : state_->service.loops) loop->begin_drain();
}

void Server::take_limits(const ServerConfig& config) {
    state_->service.address_counts.set_per_address_max(config.connections_per_address_max);
    for (const auto& loop : state_->service.loops) loop->take_limits(config);
}

void Server::refresh_certificates(Certificates::Read read) {
    if (auto* certificates = state_->service.certificates.get())
        certificates->refresh(read, std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
}

bool Server::is_alive() const {
    return std::ranges::all_of(state_->service.loops, [](const auto& loop) { return loop->is_alive(); });
}

Figures Server::figures() const { return state_->service.figures(); }

const std::vector<BoundListener>& Server::listeners() const { return state_->listeners; }

}  // namespace gazetted
