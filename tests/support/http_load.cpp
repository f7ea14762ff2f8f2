#include "tests/support/http_load.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string_view>

namespace gazetted {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::string_view end_of_chunks = "0\r\n\r\n";
constexpr std::size_t chunk_framing_bytes_max = 1'024;

struct AnswerHead {
    int status = 0;
    std::size_t content_length = 0;
    bool is_chunked = false;
};

AnswerHead read_head(std::string_view head) {
    constexpr std::string_view length_name = "\ncontent-length:", coding_name = "\ntransfer-encoding:";
    AnswerHead answer;
    if (head.size() > 12) answer.status = std::atoi(head.data() + 9);
    for (auto line = head.find('\n'); line != std::string_view::npos; line = head.find('\n', line + 1)) {
        const auto rest = head.substr(line);
        if (rest.size() > length_name.size() && strncasecmp(rest.data(), length_name.data(), length_name.size()) == 0)
            answer.content_length = std::strtoul(rest.data() + length_name.size(), nullptr, 10);
        if (rest.size() > coding_name.size() && strncasecmp(rest.data(), coding_name.data(), coding_name.size()) == 0)
            answer.is_chunked = true;
    }
    return answer;
}

}  // namespace

double LoadResult::percentile_us(double share) const {
    if (times_us.empty()) return 0;
    auto sorted = times_us;
    const auto place = sorted.begin() + std::lround(share * static_cast<double>(sorted.size() - 1));
    std::nth_element(sorted.begin(), place, sorted.end());
    return *place;
}

struct HttpLoad::Connection {
    int socket = -1;
    Clock::time_point asked, due;
    bool is_in_body = false;
    bool is_chunked = false;
    std::size_t left = 0;  ///< of a body with a length
    std::size_t chunked_bytes = 0;
    std::array<char, 5> tail{};  ///< last bytes of a chunked body
    std::size_t head_bytes = 0;
    std::array<char, 2'048> head{};

    void add_chunked(std::string_view bytes) {
        chunked_bytes += bytes.size();
        const auto kept = std::min(bytes.size(), tail.size());
        std::memmove(tail.data(), tail.data() + kept, tail.size() - kept);
        std::memcpy(tail.data() + tail.size() - kept, bytes.data() + bytes.size() - kept, kept);
    }
    bool chunks_ended() const { return std::string_view(tail.data(), tail.size()) == end_of_chunks; }
};

HttpLoad::HttpLoad(Asking asking) : asking_(std::move(asking)), epoll_(epoll_create1(EPOLL_CLOEXEC)) {
    for (std::size_t i = 0; i < asking_.connections; ++i) {
        connections_.push_back(std::make_unique<Connection>());
        open(*connections_.back());
    }
}

HttpLoad::~HttpLoad() {
    for (const auto& connection : connections_) close(connection->socket);
    close(epoll_);
}

void HttpLoad::open(Connection& connection) {
    connection.asked = Clock::now();
    connection.socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int on = 1;
    setsockopt(connection.socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    // A reset in place of the handshake at the end: a port is free again at once.
    constexpr linger reset{.l_onoff = 1, .l_linger = 0};
    if (asking_.is_new_each) setsockopt(connection.socket, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(asking_.port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(connection.socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        throw std::runtime_error(std::string("the load cannot connect: ") + std::strerror(errno));
    epoll_event event{.events = EPOLLIN, .data = {.ptr = &connection}};
    epoll_ctl(epoll_, EPOLL_CTL_ADD, connection.socket, &event);
    connection.is_in_body = false;
    connection.head_bytes = 0;
    connection.due = connection.asked;
    pausing_.push_front(&connection);
}

void HttpLoad::ask(Connection& connection) {
    // The time that it takes to connect counts where each request does so.
    if (!asking_.is_new_each) connection.asked = Clock::now();
    const auto sent = send(connection.socket, asking_.request.data(), asking_.request.size(), MSG_NOSIGNAL);
    if (sent != static_cast<ssize_t>(asking_.request.size())) fail(connection, "the server closed before the request");
}

void HttpLoad::receive(Connection& connection) {
    // Only the head and the ends of chunked bodies are looked at; MSG_TRUNC discards all else without copying.
    static std::array<char, 262'144> unread;
    auto& c = connection;
    if (!c.is_in_body) {
        const auto got = recv(c.socket, c.head.data() + c.head_bytes, c.head.size() - c.head_bytes, MSG_DONTWAIT);
        if (got < 0 && errno == EAGAIN) return;
        if (got <= 0) return fail(c, "the server closed before the head's end");
        c.head_bytes += static_cast<std::size_t>(got);
        const std::string_view bytes(c.head.data(), c.head_bytes);
        const auto end = bytes.find("\r\n\r\n");
        if (end == std::string_view::npos) {
            if (c.head_bytes == c.head.size()) fail(c, "the head is too long");
            return;
        }
        const auto head = read_head(bytes.substr(0, end));
        const auto body = bytes.substr(end + 4);
        const bool has_body = head.status != 304;
        if (head.status != asking_.status) return fail(c, "status " + std::to_string(head.status));
        if (has_body && !head.is_chunked && head.content_length != asking_.body_bytes)
            return fail(c, "a body of " + std::to_string(head.content_length) + " bytes");
        const auto length = has_body && !head.is_chunked ? head.content_length : 0;
        if (!head.is_chunked && body.size() > length) return fail(c, "bytes after the answer");
        c.is_in_body = true;
        c.is_chunked = has_body && head.is_chunked;
        c.left = length - (c.is_chunked ? 0 : body.size());
        c.chunked_bytes = 0;
        c.tail = {};
        if (c.is_chunked) c.add_chunked(body);
    }
    if (c.is_chunked) {
        while (!c.chunks_ended()) {
            const auto got = recv(c.socket, unread.data(), unread.size(), MSG_DONTWAIT);
            if (got < 0 && errno == EAGAIN) return;
            if (got <= 0) return fail(c, "the server closed within the body");
            c.add_chunked({unread.data(), static_cast<std::size_t>(got)});
        }
        if (c.chunked_bytes < asking_.body_bytes || c.chunked_bytes > asking_.body_bytes + chunk_framing_bytes_max)
            return fail(c, std::to_string(c.chunked_bytes) + " bytes of chunks");
    } else if (c.left > 0) {
        const auto got = recv(c.socket, unread.data(), std::min(c.left, unread.size()), MSG_DONTWAIT | MSG_TRUNC);
        if (got < 0 && errno == EAGAIN) return;
        if (got <= 0) return fail(c, "the server closed within the body");
        c.left -= static_cast<std::size_t>(got);
        if (c.left > 0) return;
    }
    finish(c);
}

void HttpLoad::finish(Connection& connection) {
    const auto now = Clock::now();
    ++result_.answers;
    result_.times_us.push_back(std::chrono::duration<float, std::micro>(now - connection.asked).count());
    connection.is_in_body = false;
    connection.head_bytes = 0;
    if (asking_.is_new_each) {
        close(connection.socket);
        open(connection);
    } else if (asking_.pause.count() == 0) {
        ask(connection);
    } else {
        connection.due = now + asking_.pause;
        pausing_.push_back(&connection);
    }
}

void HttpLoad::fail(Connection& connection, const std::string& what) {
    if (result_.wrong++ == 0) result_.first_wrong = what;
    close(connection.socket);
    open(connection);
}

void HttpLoad::ask_those_due() {
    const auto now = Clock::now();
    while (!pausing_.empty() && pausing_.front()->due <= now) {
        auto& connection = *pausing_.front();
        pausing_.pop_front();
        ask(connection);
    }
}

int HttpLoad::milliseconds_until_due() const {
    constexpr int wait_max = 100;
    if (pausing_.empty()) return wait_max;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(pausing_.front()->due - Clock::now()).count();
    return static_cast<int>(std::clamp<std::int64_t>(left, 0, wait_max));
}

LoadResult HttpLoad::run(std::chrono::milliseconds time) {
    result_ = {};
    result_.times_us.reserve(1 << 20);
    const auto begun = Clock::now();
    std::array<epoll_event, 256> events;
    do {
        ask_those_due();
        const int ready = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), milliseconds_until_due());
        for (int i = 0; i < ready; ++i) receive(*static_cast<Connection*>(events[static_cast<std::size_t>(i)].data.ptr));
    } while (Clock::now() - begun < time);
    result_.seconds = std::chrono::duration<double>(Clock::now() - begun).count();
    return std::move(result_);
}

}  // namespace gazetted
