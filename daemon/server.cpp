#include "daemon/server.hpp"

#include "daemon/event_loop.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <thread>

namespace gazetted {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr int backlog = 4096;
// Of what a reader has not taken yet the kernel holds no more for us: its own limit is megabytes a connection, and a thousand
// readers who ask and do not read would pin gigabytes.
constexpr int unsent_bytes_max = 128 << 10;

tcp::endpoint endpoint_of(const ListenAddress& listen) {
    if (listen.host.empty()) return {tcp::v6(), listen.port};  // both families: v6_only is switched off
    error_code error;
    const auto address = asio::ip::make_address(listen.host, error);
    if (error) throw std::system_error(error.value(), std::generic_category(), "not an address");
    return {address, listen.port};
}

enum class Sharing { alone, among_loops };

void set_option(const Descriptor& socket, int level, int option, int value) {
    if (::setsockopt(socket.number(), level, option, &value, sizeof value) != 0)
        throw std::system_error(errno, std::generic_category(), "setsockopt");
}

// Connections inherit what is set here: accepting one costs no more than accept4().
Descriptor bound_socket(const tcp::endpoint& endpoint, Sharing sharing) {
    const int family = endpoint.protocol().family();
    Descriptor socket(::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!socket) throw std::system_error(errno, std::generic_category(), "socket");
    set_option(socket, SOL_SOCKET, SO_REUSEADDR, 1);
    set_option(socket, IPPROTO_TCP, TCP_NODELAY, 1);
    set_option(socket, IPPROTO_TCP, TCP_NOTSENT_LOWAT, unsent_bytes_max);
    if (family == AF_INET6) set_option(socket, IPPROTO_IPV6, IPV6_V6ONLY, endpoint.address().is_unspecified() ? 0 : 1);
    if (sharing == Sharing::among_loops) set_option(socket, SOL_SOCKET, SO_REUSEPORT, 1);
    if (::bind(socket.number(), endpoint.data(), static_cast<socklen_t>(endpoint.size())) != 0)
        throw std::system_error(errno, std::generic_category(), "bind");
    return socket;
}

Descriptor listening_socket(const tcp::endpoint& endpoint, Sharing sharing) {
    auto socket = bound_socket(endpoint, sharing);
    if (::listen(socket.number(), backlog) != 0) throw std::system_error(errno, std::generic_category(), "listen");
    return socket;
}

unsigned short port_of(const Descriptor& socket) {
    tcp::endpoint endpoint;
    auto size = static_cast<socklen_t>(endpoint.capacity());
    if (::getsockname(socket.number(), endpoint.data(), &size) != 0)
        throw std::system_error(errno, std::generic_category(), "getsockname");
    endpoint.resize(size);
    return endpoint.port();
}

// SO_REUSEPORT would let two daemons of one user share a port without noticing: the first bind goes without it.
unsigned short claim(const tcp::endpoint& endpoint) { return port_of(listening_socket(endpoint, Sharing::alone)); }

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
            auto endpoint = endpoint_of(address);
            try {
                endpoint.port(claim(endpoint));
            } catch (const std::system_error&) {
                if (!address.host.empty()) throw;
                endpoint = {tcp::v4(), address.port};  // a machine without IPv6
                endpoint.port(claim(endpoint));
            }
            for (std::size_t i = 0; i < loops; ++i)
                service.loops[i]->add_listener(listening_socket(endpoint, Sharing::among_loops), door);
            ports.push_back(endpoint.port());
        } catch (const std::system_error& error) {
            throw std::system_error(error.code().value(), std::generic_category(), cannot_listen(address, door));
        }
    }

    std::vector<unsigned short> ports;  // in the order of listen(), the status listener last
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
    const auto listeners = static_cast<std::ptrdiff_t>(state_->service.config.listen.size());
    return {state_->ports.begin(), state_->ports.begin() + listeners};
}

unsigned short Server::status_port() const { return state_->service.config.status_enabled ? state_->ports.back() : 0; }

}  // namespace gazetted
