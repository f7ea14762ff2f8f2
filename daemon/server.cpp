#include "daemon/server.hpp"

#include "daemon/event_loop.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>

#include <sys/socket.h>

#include <algorithm>
#include <system_error>
#include <thread>

namespace gazetted {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr int backlog = 4096;

tcp::endpoint resolve(const ListenAddress& listen, asio::io_context& context) {
    if (listen.host.empty()) return {tcp::v6(), listen.port};  // both families: v6_only is switched off
    error_code error;
    const auto address = asio::ip::make_address(listen.host, error);
    if (!error) return {address, listen.port};
    tcp::resolver resolver(context);
    return resolver.resolve(listen.host, std::to_string(listen.port)).begin()->endpoint();
}

enum class Sharing { alone, among_loops };

void open(Acceptor& acceptor, const tcp::endpoint& endpoint, Sharing sharing) {
    acceptor.open(endpoint.protocol());
    acceptor.set_option(asio::socket_base::reuse_address(true));
    if (endpoint.protocol() == tcp::v6()) {
        error_code ignored;
        acceptor.set_option(asio::ip::v6_only(!endpoint.address().is_unspecified()), ignored);
    }
    const int on = 1;
    if (sharing == Sharing::among_loops &&
        ::setsockopt(acceptor.native_handle(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) != 0)
        throw std::system_error(errno, std::generic_category(), "SO_REUSEPORT");
    acceptor.bind(endpoint);
}

// SO_REUSEPORT would let two daemons of one user share a port without noticing: the first bind goes without it.
unsigned short claim(Acceptor probe, const tcp::endpoint& endpoint) {
    open(probe, endpoint, Sharing::alone);
    probe.listen(backlog);
    return probe.local_endpoint().port();
}

/// Names the option as well: few who meet a taken status port have ever heard of that listener.
std::string cannot_listen(const ListenAddress& address, Door door) {
    return "cannot listen on " + to_string(address) +
           (door == Door::status ? " (--status-listen, which also takes off)" : " (--listen)");
}

}  // namespace

struct Server::State {
    State(const ServerConfig& config, const std::string& cache_control, Publisher& publisher,
          std::function<StatusReport()> status)
        : service(config, cache_control, publisher, std::move(status)) {
        const auto cores = std::max(1U, std::thread::hardware_concurrency());
        const auto loops = config.loops > 0 ? config.loops : cores;
        for (std::size_t i = 0; i < loops; ++i) service.loops.push_back(std::make_unique<EventLoop>(service));
        for (const auto& address : config.listen) listen(address, Door::public_site, service.loops.size());
        if (config.status_enabled) listen(config.status, Door::status, 1);
    }

    void listen(const ListenAddress& address, Door door, std::size_t loops) {
        try {
            auto endpoint = resolve(address, service.loops.front()->context());
            try {
                endpoint.port(claim(service.loops.front()->make_acceptor(), endpoint));
            } catch (const boost::system::system_error&) {
                if (!address.host.empty()) throw;
                endpoint = {tcp::v4(), address.port};  // a machine without IPv6
                endpoint.port(claim(service.loops.front()->make_acceptor(), endpoint));
            }
            for (std::size_t i = 0; i < loops; ++i) {
                auto acceptor = service.loops[i]->make_acceptor();
                open(acceptor, endpoint, Sharing::among_loops);
                acceptor.listen(backlog);
                service.loops[i]->add_acceptor(std::move(acceptor), door);
            }
        } catch (const boost::system::system_error& error) {
            throw std::system_error(error.code().value(), std::generic_category(), cannot_listen(address, door));
        }
    }

    Service service;
};

Server::Server(const ServerConfig& config, std::string cache_control, Publisher& publisher,
               std::function<StatusReport()> status)
    : state_(std::make_unique<State>(config, cache_control, publisher, std::move(status))) {}

Server::~Server() = default;

void Server::run() {
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

bool Server::is_alive() const {
    return std::ranges::all_of(state_->service.loops, [](const auto& loop) { return loop->is_alive(); });
}

std::vector<unsigned short> Server::ports() const {
    std::vector<unsigned short> ports;
    for (std::size_t i = 0; i < state_->service.config.listen.size(); ++i)
        ports.push_back(state_->service.loops.front()->port(i));
    return ports;
}

unsigned short Server::status_port() const {
    return state_->service.config.status_enabled ? state_->service.loops.front()->port(state_->service.config.listen.size())
                                                 : 0;
}

}  // namespace gazetted
