// limit_server send|sendfile keep|close FILE: the least that a server on one core can do, which ours is measured against.
//
// Whatever is asked, it answers with FILE's bytes, head and body, by one system call: from memory or from a memfd. Then it
// keeps the connection or closes it. It prints the port of 127.0.0.1 that the kernel chose.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace {

struct Answer {
    Answer(std::string_view call, std::string_view afterwards, std::string bytes_)
        : bytes(std::move(bytes_)), closes(afterwards == "close"), is_sent_from_file(call == "sendfile") {
        if (is_sent_from_file && write(file, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size()))
            throw std::system_error(errno, std::generic_category(), "memfd");
    }
    /// One system call; as send(2).
    ssize_t send_from(std::size_t offset, int socket) const {
        if (!is_sent_from_file) return send(socket, bytes.data() + offset, bytes.size() - offset, MSG_NOSIGNAL);
        auto at = static_cast<off_t>(offset);
        return sendfile(socket, file, &at, bytes.size() - offset);
    }
    const std::string bytes;
    const bool closes;
    const bool is_sent_from_file;
    const int file = memfd_create("answer", MFD_CLOEXEC);
};

struct Connection {
    std::size_t received = 0;
    std::size_t sent = 0;
    std::array<char, 2'048> request;

    bool has_request() const { return std::string_view(request.data(), received).find("\r\n\r\n") != std::string_view::npos; }
};

class LimitServer {
public:
    explicit LimitServer(const Answer& answer) : answer_(answer) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t length = sizeof address;
        if (bind(listening_, reinterpret_cast<sockaddr*>(&address), length) != 0 || listen(listening_, 4'096) != 0 ||
            getsockname(listening_, reinterpret_cast<sockaddr*>(&address), &length) != 0)
            throw std::system_error(errno, std::generic_category(), "listen");
        std::printf("%d\n", ntohs(address.sin_port));
        std::fflush(stdout);
        watch(EPOLL_CTL_ADD, listening_, EPOLLIN);
    }

    [[noreturn]] void run() {
        std::array<epoll_event, 512> events;
        for (;;) {
            const int ready = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), -1);
            for (int i = 0; i < ready; ++i) {
                const auto& event = events[static_cast<std::size_t>(i)];
                const int socket = event.data.fd;
                if (socket == listening_)
                    accept_all();
                else if ((event.events & EPOLLOUT) != 0)
                    send_rest(socket, *connections_[static_cast<std::size_t>(socket)]);
                else
                    receive(socket, *connections_[static_cast<std::size_t>(socket)]);
            }
        }
    }

private:
    void watch(int operation, int socket, std::uint32_t events) const {
        epoll_event event{.events = events, .data = {.fd = socket}};
        epoll_ctl(epoll_, operation, socket, &event);
    }

    void accept_all() {
        for (int socket; (socket = accept4(listening_, nullptr, nullptr, SOCK_NONBLOCK)) >= 0;) {
            const int on = 1;
            setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
            const auto number = static_cast<std::size_t>(socket);
            if (number >= connections_.size()) connections_.resize(2 * number);
            if (!connections_[number]) connections_[number] = std::make_unique<Connection>();
            connections_[number]->received = connections_[number]->sent = 0;
            watch(EPOLL_CTL_ADD, socket, EPOLLIN);
        }
    }

    void receive(int socket, Connection& connection) const {
        const auto got =
            recv(socket, connection.request.data() + connection.received, connection.request.size() - connection.received, 0);
        if (got < 0 && errno == EAGAIN) return;
        if (got <= 0) {
            close(socket);
            return;
        }
        connection.received += static_cast<std::size_t>(got);
        if (!connection.has_request()) return;
        connection.received = 0;
        if (send_some(socket, connection) == Sent::some) watch(EPOLL_CTL_MOD, socket, EPOLLOUT);
    }

    void send_rest(int socket, Connection& connection) const {
        if (send_some(socket, connection) == Sent::all && !answer_.closes) watch(EPOLL_CTL_MOD, socket, EPOLLIN);
    }

    enum class Sent { all, some, closed };
    /// Until everything is sent or the socket is full.
    Sent send_some(int socket, Connection& connection) const {
        while (connection.sent < answer_.bytes.size()) {
            const auto sent = answer_.send_from(connection.sent, socket);
            if (sent < 0 && errno == EAGAIN) return Sent::some;
            if (sent <= 0) {
                close(socket);
                return Sent::closed;
            }
            connection.sent += static_cast<std::size_t>(sent);
        }
        connection.sent = 0;
        if (answer_.closes) close(socket);
        return Sent::all;
    }

    const Answer& answer_;
    const int listening_ = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    const int epoll_ = epoll_create1(0);
    std::vector<std::unique_ptr<Connection>> connections_ = std::vector<std::unique_ptr<Connection>>(64);  ///< by socket
};

}  // namespace

int main(int argc, char** argv) {
    if (argc != 4) {
        std::fputs("usage: limit_server send|sendfile keep|close FILE\n", stderr);
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);  // sendfile() has no MSG_NOSIGNAL
    std::ifstream file(argv[3], std::ios::binary);
    const Answer answer(argv[1], argv[2], {std::istreambuf_iterator<char>(file), {}});
    if (answer.bytes.empty()) {
        std::fprintf(stderr, "limit_server: %s is empty or missing\n", argv[3]);
        return 1;
    }
    LimitServer(answer).run();
}
