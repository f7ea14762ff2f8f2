#include "tests/support/slow_clients.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <ostream>
#include <stdexcept>
#include <string>

namespace gazetted {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds step_interval{1'000};
constexpr int slices = 20;  ///< of a step, so that not all clients move at once
constexpr int slow_receive_buffer_bytes = 4'096;
constexpr std::size_t slow_read_bytes = 5;

std::string first_bytes(std::string_view target, Habit habit) {
    const auto line = [target](const char* method) {
        return std::string(method) + " " + std::string(target) + " HTTP/1.1\r\n";
    };
    const std::string host = "Host: 127.0.0.1\r\n";
    switch (habit) {
        case Habit::idle:
            return line("GET") + host + "\r\n";
        case Habit::slow_head:
            return line("GET") + host;
        case Habit::slow_body:
            return line("POST") + host + "Content-Length: 100000\r\n\r\nx";
        case Habit::slow_reader:
            break;
        case Habit::many_ranges: {
            std::string ranges = "Range: bytes=0-";
            for (int last = 1; last < 1'500; ++last) ranges += ",5-" + std::to_string(last);
            return line("HEAD") + host + ranges + "\r\n\r\n";
        }
    }
    std::string many;
    for (int i = 0; i < 20; ++i) many += line("GET") + host + "\r\n";
    return many;
}

}  // namespace

std::string_view to_string(Habit habit) {
    constexpr std::array<std::string_view, 5> names = {"idle", "slow_head", "slow_body", "slow_reader", "many_ranges"};
    return names.at(static_cast<std::size_t>(habit));
}

void PrintTo(Habit habit, std::ostream* out) { *out << to_string(habit); }

struct SlowClients::Client {
    int socket = -1;
    ~Client() { close(socket); }
};

SlowClients::SlowClients(unsigned short port, std::string_view target, Habit habit, std::size_t count)
    : port_(port), first_(first_bytes(target, habit)), habit_(habit) {
    for (std::size_t i = 0; i < count; ++i) {
        clients_.push_back(std::make_unique<Client>());
        if (!open(*clients_.back()))
            throw std::runtime_error(std::string("a slow client cannot connect: ") + std::strerror(errno));
    }
    thread_ = std::thread([this] { run(); });
}

SlowClients::~SlowClients() {
    over_ = true;
    thread_.join();
}

bool SlowClients::open(Client& client) {
    client.socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (habit_ == Habit::slow_reader)
        setsockopt(client.socket, SOL_SOCKET, SO_RCVBUF, &slow_receive_buffer_bytes, sizeof slow_receive_buffer_bytes);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port_);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(client.socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return false;
    send(client.socket, first_.data(), first_.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    return true;
}

void SlowClients::step(Client& client) {
    std::array<char, 65'536> bytes;
    const auto wanted = habit_ == Habit::slow_reader ? slow_read_bytes : bytes.size();
    ssize_t got = 0;
    while ((got = recv(client.socket, bytes.data(), wanted, MSG_DONTWAIT)) > 0 && habit_ != Habit::slow_reader) {
    }
    const bool is_closed = got == 0 || (got < 0 && errno != EAGAIN);
    if (is_closed) {
        ++closed_;
        close(client.socket);
        open(client);  // who is refused tries again a step later
        return;
    }
    std::string_view more;
    if (habit_ == Habit::slow_head) more = "X-And: so on\r\n";
    if (habit_ == Habit::slow_body) more = "x";
    if (habit_ == Habit::many_ranges) more = first_;
    send(client.socket, more.data(), more.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
}

void SlowClients::run() {
    const std::size_t share = clients_.size() / slices + 1;
    for (std::size_t next = 0; !over_; std::this_thread::sleep_for(step_interval / slices)) {
        for (std::size_t i = 0; i < share && !over_; ++i) {
            if (next >= clients_.size()) next = 0;
            step(*clients_[next++]);
        }
    }
}

}  // namespace gazetted
